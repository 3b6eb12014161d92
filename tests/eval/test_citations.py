from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from eval.metrics.citations import (
    carries,
    citation_precision,
    citation_problem,
    citation_recall,
    citation_validity,
    marked_numbers,
    page_exactness,
    statements,
)
from eval.metrics.faithfulness import unsupported_figures
from eval.questions import Evidence
from eval.results import Cited, Found

Ask = Callable[..., Any]
PASSAGE = "2024年公司营业收入为17,589.07万元，同比增长12.5%。毛利率为31.20%。"
GOOD = Cited(1, "a.txt", "第12页", "营业收入为17,589.07万元", PASSAGE, "第12页")
OTHER = Cited(2, "a.txt", "第30页", "董事会由九名董事组成", "董事会由九名董事组成。", "第30页")


def test_a_citation_is_valid_verbatim_and_on_its_page() -> None:
    assert citation_problem(GOOD, ()) == ""
    assert "passage" in citation_problem(replace(GOOD, quote="营业收入为17589.07万元"), ())
    assert "第12页" in citation_problem(replace(GOOD, page="第13页"), ())
    assert citation_problem(replace(GOOD, quote=" "), ()) == "quotes nothing"


def test_without_its_passage_a_hit_must_hold_the_quote() -> None:
    bare = replace(GOOD, passage=None, passage_page=None)
    assert citation_problem(bare, [Found("a.txt", PASSAGE, ("第12页",))]) == ""
    assert citation_problem(bare, [Found("a.txt", PASSAGE, ("第13页",))])
    assert citation_problem(bare, [Found("b.txt", PASSAGE, ("第12页",))])


def test_a_marker_without_citation_and_an_answer_without_any_are_counted(ask: Ask) -> None:
    assert (
        citation_validity(*ask("收入17,589.07万元[1]，毛利率31.20%[3]。", citations=(GOOD,))).value
        == 0.5
    )
    assert citation_validity(*ask("收入17,589.07万元。")).value == 0
    assert citation_validity(*ask("没有说明。", status="not_found")).value is None


def test_page_exactness_asks_the_gold_page_not_the_system(ask: Ask) -> None:
    gold = (Evidence("a.txt", "第12页", ("17,589.07",)),)
    assert page_exactness(*ask("…[1]", citations=(GOOD,), evidence=gold)).value == 1
    moved = replace(GOOD, page="第13页", passage_page="第13页")
    assert page_exactness(*ask("…[1]", citations=(moved,), evidence=gold)).value == 0
    assert page_exactness(*ask("…[2]", citations=(OTHER,), evidence=gold)).value is None


def test_a_figure_printed_on_several_pages_decides_nothing_about_pages(ask: Ask) -> None:
    gold = (Evidence("a.txt", "第12页", ("17,589.07",)),)
    hits = (Found("a.txt", PASSAGE, ("第12页",)), Found("a.txt", "收入17,589.07", ("第40页",)))
    again = replace(GOOD, page="第40页", passage_page="第40页")
    assert page_exactness(*ask("…[1]", hits=hits, citations=(again,), evidence=gold)).value is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("甲[1]乙[2]", [1, 2]), ("甲[1, 3]", [1, 3]), ("甲[2-4]", [2, 3, 4]), ("见[注1]与[a]", [])],
)
def test_markers_are_read(text: str, numbers: list[int]) -> None:
    assert marked_numbers(text) == numbers


def test_chinese_sentences_keep_their_markers_and_their_decimals() -> None:
    found = statements(
        "营业收入为17,589.07万元。[1]毛利率为31.20%[1]；增长12.5%[2]。\n具体如下：\n研发费用（含资本化）为3.5亿元[3]！"
    )
    assert [s.numbers for s in found] == [(1,), (1, 2), (3,)]
    assert found[0].text == "营业收入为17,589.07万元。"


def test_recall_and_precision_by_hand(ask: Ask) -> None:
    """Three statements: one carried by [1], one cites what does not carry it, one cites nothing."""
    text = "公司营业收入为17,589.07万元[1]。公司毛利率为31.20%[2]。同比增长12.5%。"
    question, result = ask(text, citations=(GOOD, OTHER))
    assert citation_recall(question, result).value == pytest.approx(1 / 3)
    assert citation_precision(question, result).value == 0.5


def test_an_idle_second_citation_costs_precision_not_recall(ask: Ask) -> None:
    question, result = ask("公司营业收入为17,589.07万元[1][2]。", citations=(GOOD, OTHER))
    assert citation_recall(question, result).value == 1
    assert citation_precision(question, result).value == 0.5


def test_two_citations_that_are_both_needed_are_both_precise(ask: Ask) -> None:
    margin = Cited(2, "a.txt", "第12页", "毛利率为31.20%", "公司毛利率为31.20%。", "第12页")
    revenue = replace(GOOD, passage="公司营业收入为17,589.07万元。")
    question, result = ask(
        "公司营业收入为17,589.07万元，毛利率为31.20%[1][2]。", citations=(revenue, margin)
    )
    assert citation_recall(question, result).value == 1
    assert citation_precision(question, result).value == 1


def test_a_better_judge_of_entailment_can_be_plugged_in(ask: Ask) -> None:
    question, result = ask("公司盈利良好[1]。", citations=(GOOD,))
    assert citation_recall(question, result, entails=lambda premise, statement: True).value == 1


def test_no_claim_is_no_merit(ask: Ask) -> None:
    question, result = ask("没有说明。", status="not_found")
    assert citation_recall(question, result).value is None
    assert citation_precision(question, result).value is None
    assert unsupported_figures(question, result).value is None
    assert unsupported_figures(*ask("公司经营稳健。")).value is None


def test_figures_and_half_the_words_must_stand_in_the_premise() -> None:
    assert carries(PASSAGE, "营业收入为17,589.07万元，增长12.5%。")
    assert not carries(PASSAGE, "营业收入为17,589.70万元。")
    assert not carries(PASSAGE, "董事会由九名董事组成。")
    assert carries(PASSAGE, "Revenue was RMB 175.8907 million.")
    assert not carries("", "营业收入为17,589.07万元。")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("收入17,589.07万元[1]。", 0),
        ("收入1.758907亿元，毛利率31.2%[1]。", 0),
        ("收入17,589.07万元，净利润900.1万元[1]。", 0.5),
        ("1. 收入17,589.07万元[1]\n2. 毛利率31.20%[1]", 0),
        ("收入17,589.07亿元[1]。", 1),
    ],
)
def test_unsupported_figures(ask: Ask, text: str, value: float) -> None:
    assert unsupported_figures(*ask(text, citations=(GOOD,))).value == value


def test_a_figure_computed_from_two_cited_ones_is_supported(ask: Ask) -> None:
    table = Cited(
        1,
        "a.txt",
        "第12页",
        "",
        "| 收入 | 2023年 | 2024年 |\n| 海外 | 1,200.00 | 1,500.00 |",
        "第12页",
    )
    assert unsupported_figures(*ask("海外增长25%，增加300万元[1]。", citations=(table,))).value == 0
    assert unsupported_figures(*ask("海外增长26%[1]。", citations=(table,))).value == 1


def test_a_year_named_in_the_question_needs_no_source(ask: Ask) -> None:
    question, result = ask(
        "2025年收入17,589.07万元[1]。", citations=(GOOD,), question="2025年收入是多少？"
    )
    assert unsupported_figures(question, result).value == 0
