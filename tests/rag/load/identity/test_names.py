"""Registered names in running text, and the short names derived from them."""

from __future__ import annotations

import pytest

from rag.load.identity.english import as_written, company_in, english_name, levelled, short_names
from rag.load.identity.names import is_adviser, names_in
from rag.load.identity.shortnames import is_distinctive
from rag.load.identity.shortnames import short_names as chinese_short_names


def found(text: str) -> list[str]:
    return [mention.name for mention in names_in(text).mentions(text)]


def test_a_name_ends_at_its_legal_form_and_begins_behind_words_that_no_name_has() -> None:
    text = "本次保荐人丙丁证券股份有限公司和发行人甲乙（上海）医药有限公司签署协议"
    assert found(text) == ["丙丁证券股份有限公司", "甲乙（上海）医药有限公司"]


def test_a_run_is_cut_to_the_name_that_stands_alone_most_often() -> None:
    text = "稳定但不谋求甲乙仪表股份有限公司控制权。甲乙仪表股份有限公司、甲乙仪表股份有限公司"
    assert found(text) == ["甲乙仪表股份有限公司"] * 3


def test_what_a_broken_line_leaves_is_no_name() -> None:
    text = "其子公司福建甲乙生物科技有限公司\n科技有限公司\n科技有限公司"
    assert found(text)[0] == "福建甲乙生物科技有限公司"


def test_a_name_behind_a_possessive_is_cut_but_not_one_that_contains_it() -> None:
    assert found("来自成都的甲乙科技集团股份有限公司") == ["甲乙科技集团股份有限公司"]
    assert found("美的集团股份有限公司") == ["美的集团股份有限公司"]


def test_brokers_banks_and_accountants_are_advisers() -> None:
    assert is_adviser("丙丁证券股份有限公司")
    assert not is_adviser("甲乙医药股份有限公司")


@pytest.mark.parametrize(
    ("company", "short"),
    [
        ("浙江甲乙医疗器械股份有限公司", ("浙江甲乙医疗器械", "甲乙医疗器械", "甲乙医疗", "甲乙")),
        ("深圳市甲乙创新科技有限公司", ("深圳市甲乙创新科技", "甲乙创新科技", "甲乙创新", "甲乙")),
        ("甲乙（上海）生物医药有限公司", ("甲乙生物医药", "甲乙生物", "甲乙")),
        ("中国石油化工股份有限公司", ("中国石油化工",)),
        ("南京银行股份有限公司", ("南京银行",)),
        ("安徽黄山胶囊股份有限公司", ("安徽黄山胶囊", "黄山胶囊")),
        ("没有法律形式", ()),
    ],
)
def test_short_names_drop_place_legal_form_and_trade(company: str, short: tuple[str, ...]) -> None:
    assert chinese_short_names(company) == short


@pytest.mark.parametrize(
    "name", ["中国", "科技", "集团", "上海", "生物科技", "公司章程", "本公司", "甲"]
)
def test_generic_words_never_stand_for_a_company(name: str) -> None:
    assert not is_distinctive(name)


def test_english_names_are_cut_and_spelled_as_prose_has_them() -> None:
    text = (
        "Overview Ordwell Tool, Inc. makes tools. Ordwell Tool, Inc. sells them. ORDWELL TOOL, INC."
    )
    assert english_name("Overview Ordwell Tool, Inc.", levelled(text)) == "Ordwell Tool, Inc."
    assert as_written("ORDWELL TOOL, INC.", text) == "Ordwell Tool, Inc."
    assert as_written("NOWHERE WORKS CORP.", text) == "Nowhere Works Corp."
    assert company_in(["At Ordwell Tool, Inc. all is well"], text) == "Ordwell Tool, Inc."


def test_a_single_english_word_counts_only_where_it_is_no_word() -> None:
    assert short_names("Best Tool Group, Inc.", "the best tool") == ("Best Tool Group", "Best Tool")
    assert "Ordwell" in short_names("Ordwell Tool Holdings Corp.", "Ordwell sells. Ordwell buys.")
    assert "Goldfield" in short_names("XINJIANG GOLDFIELD SCIENCE&TECHNOLOGY CO.,LTD", "")
