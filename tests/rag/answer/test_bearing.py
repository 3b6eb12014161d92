"""Whose figure it is, what its row is called, and whether it gives what is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.bearing import (
    bare_label,
    gives_kind,
    is_total,
    label_of,
    of_another,
    shared_run,
    strange_label,
    total_fit,
    whole_label,
)
from rag.index.terms import terms
from rag.types import FilingRef, Passage

REF = FilingRef("abcd", "青萍仪表:2024年年度报告", "青萍仪表", "", "annual_report", "2024", "q.md")


def passage(text: str, kind: str = "text") -> Passage:
    return Passage("abcd:1", REF, ("1",), ("业务",), "table" if kind == "table" else "text", text)


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("一、营业收入", "营业收入"),
        ("(二) 研发费用(万元)", "研发费用"),
        ("其中:利息收入*", "利息收入"),
        ("减:所得税费用", "所得税费用"),
        ("Net sales:", "netsales"),
    ],
)
def test_a_label_is_bared_of_numbering_units_and_marks(label: str, bare: str) -> None:
    assert bare_label(label) == bare


@pytest.mark.parametrize("label", ["合计", "总 计", "应收账款合计", "Total net sales", "小计"])
def test_a_total_is_told_by_its_label(label: str) -> None:
    assert is_total(label)


@pytest.mark.parametrize("label", ["合同负债", "总部费用", "水表", "Subtotals of last year"])
def test_a_row_of_its_own_is_no_total(label: str) -> None:
    assert not is_total(label)


def test_a_total_row_speaks_for_a_question_about_the_total_only() -> None:
    assert total_fit("水表和电表一共卖了多少?", "合计") == 1.0
    assert total_fit("水表卖了多少?", "合计") < 0
    assert total_fit("水表和电表一共卖了多少?", "水表") == 0.0


def test_the_label_of_a_row_is_its_first_cell_and_a_sentence_has_none() -> None:
    table = passage("产品 | 收入\n水表 | 12.50", "table")
    assert label_of(table, "水表 | 12.50", []) == "水表"
    assert label_of(passage("水表收入12.50万元。"), "水表收入12.50万元。", []) == ""


def test_a_row_that_the_question_calls_by_its_whole_label_counts_the_more_the_longer_it_is() -> (
    None
):
    question = "2024年智能水表的收入是多少?"
    assert whole_label(question, "智能水表") > whole_label(question, "水表") > 0
    assert whole_label(question, "智能水表配件") == 0.0


def test_a_number_or_a_single_character_is_no_label() -> None:
    assert whole_label("2024年表的收入是多少?", "2024") == 0.0
    assert whole_label("2024年表的收入是多少?", "表") == 0.0


def test_what_the_question_does_not_say_of_a_label_is_strange() -> None:
    words = frozenset(terms("智能水表的收入"))
    assert strange_label(words, "智能水表") == 0.0
    assert strange_label(words, "超声波流量计") == 1.0
    assert strange_label(words, "合计") == 0.0


def test_a_peer_by_its_code_is_another_company() -> None:
    text = "白芷电子(688123)的毛利率为35.00%。"
    assert of_another("青萍仪表的毛利率是多少?", passage(text), text, "") == 1.0
    assert of_another("白芷电子的毛利率是多少?", passage(text), text, "") == 0.0


def test_an_average_of_peers_is_anothers_unless_it_is_asked_for() -> None:
    table = passage("公司 | 毛利率\n行业均值 | 31.00%", "table")
    row = "行业均值 | 31.00%"
    assert of_another("青萍仪表的毛利率是多少?", table, row, "行业均值") == 1.0
    assert of_another("青萍仪表的毛利率比行业均值高吗?", table, row, "行业均值") == 0.0


def test_the_company_itself_is_no_stranger_in_its_own_table() -> None:
    table = passage("公司 | 毛利率\n青萍仪表 | 33.00%", "table")
    own = replace(table, filing=replace(REF, aliases=("青萍仪表股份",)))
    assert of_another("公司的毛利率是多少?", own, "青萍仪表 | 33.00%", "青萍仪表") == 0.0


def test_the_longest_shared_run_grows_with_what_is_shared_and_has_a_ceiling() -> None:
    question = "募集资金投资项目的建设期是多久?"
    near = shared_run(question, "募集资金投资项目的建设期是两年。")
    far = shared_run(question, "项目的地点在城北。")
    assert 0 < far < near <= 1.0
    assert shared_run(question, question) == 1.0
    assert shared_run(question, "") == 0.0


@pytest.mark.parametrize(
    ("question", "text", "form", "dated"),
    [
        ("工厂什么时候投产?", "工厂于2025年3月投产。", "one", True),
        ("有哪些主要产品?", "主要产品包括水表、电表和燃气表。", "list", False),
        ("是否存在担保?", "公司不存在对外担保。", "yesno", False),
        ("审计机构是哪家?", "审计机构为知秋会计师事务所。", "one", False),
        ("Who audits the company?", "The auditor is Marsh & Fell LLP.", "one", False),
    ],
)
def test_a_text_that_has_the_kind_of_thing_that_is_asked_for_gives_it(
    question: str, text: str, form: str, dated: bool
) -> None:
    assert gives_kind(question, text, form=form, dated=dated) == 1.0
    assert gives_kind(question, "经营情况良好,详见附注", form=form, dated=dated) == 0.0


def test_a_figure_is_no_kind_of_its_own_here() -> None:
    assert gives_kind("收入是多少?", "收入为12.50万元。", form="one", dated=False) == 0.5
