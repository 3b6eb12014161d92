from __future__ import annotations

import pytest

from rag.load.outline import OPINION, REPLY_MARK, heading_level, toc_entry


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("第三节 管理层讨论与分析", 1),
        ("释 义", 1),
        ("问题1:关于经营业绩", 2),
        ("一、公司基本情况", 3),
        ("(二)主要财务数据", 4),
        ("（二）主要财务数据", 4),
        ("3、研发费用", 5),
        ("(1)原材料", 6),
        ("1)现有客户", 7),
        ("①人员储备", 8),
        ("PART II", 1),
        ("Item 7. Management's Discussion", 2),
        ("Note 3. Leases", 3),
    ],
)
def test_headings_get_the_level_of_their_numbering(text: str, level: int) -> None:
    assert heading_level(text) == level


@pytest.mark.parametrize(
    "text",
    [
        "1、公司于2024年完成了新生产线的建设,并在年内达到预定可使用状态。",
        "(1)取得并查阅公司的销售合同;",
        "2024年营业收入为3,150.40万元。",
        "合计 3,150.40",
        "12.5%",
        "1、2、3",
        "3、相关情况的说明和测算的具体过程如下:",
    ],
)
def test_sentences_rows_and_list_items_are_no_headings(text: str) -> None:
    assert heading_level(text) is None


def test_a_heading_that_repeats_the_regulators_question_may_be_long() -> None:
    text = "一、结合" + "报告期内各项业务的收入、成本、费用和毛利情况,说明" * 5 + "业绩变动的原因;"
    assert heading_level(text) == 3


@pytest.mark.parametrize("text", ["【回复】", "回复:", "[发行人回复]", "公司回复：", "Response:"])
def test_marks_that_the_reply_begins_are_known(text: str) -> None:
    assert REPLY_MARK.match(text)


def test_a_sentence_about_a_reply_is_no_mark() -> None:
    assert not REPLY_MARK.match("回复内容如下:")


def test_headings_of_opinions_are_known() -> None:
    assert OPINION.search("(二)核查意见")
    assert OPINION.search("会计师核查意见")
    assert not OPINION.search("(一)主要客户")


def test_contents_entries_give_title_and_page() -> None:
    assert toc_entry("一、采购情况 ........ 44") == ("一、采购情况", 44)
    assert toc_entry("二、销售情况……………… 1-1-45") == ("二、销售情况", 45)
    assert toc_entry("营业收入为 3,150.40 万元") is None
