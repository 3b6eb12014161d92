"""Verdicts of comparisons: which of two, rose or fell, the greatest row, one line a company."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answer.compared import Comparison, compare
from rag.answer.judged import Candidate, Question

Read = Callable[..., tuple[Question, list[tuple[Candidate, float]]]]
TABLE = (
    "各产品收入(单位:万元)\n产品 | 2024年 | 2023年\n水表 | 820.40 | 700.15\n"
    "电表 | 615.30 | 640.00\n燃气表 | 410.25 | 390.60\n合计 | 1,845.95 | 1,730.75"
)
MARGINS = ("2024年,公司毛利率为35.20%。", "2024年,公司毛利率为28.10%。")
TWO = ("青萍仪表", "白芷电子")


def comparison(
    read: Read, question: str, *texts: str, companies: tuple[str, ...] = ()
) -> Comparison:
    asked, order = read(question, *texts, companies=companies)
    made = compare(asked, [candidate for candidate, _ in order])
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("水表和电表哪个2024年的收入更高?", "水表。"),
        ("水表和电表2024年谁的收入更低?", "电表。"),
        ("2024年水表收入高于电表吗?", "是。"),
        ("2024年电表收入高于水表吗?", "否。"),
        ("2024年电表比水表的收入是高还是低?", "更低。"),
        ("电表收入2024年是上升还是下降?", "下降。"),
        ("水表收入2024年是上升还是下降?", "上升。"),
        ("2024年哪个产品的收入最高?", "水表。"),
        ("2024年哪种产品收入最少?", "燃气表。"),
    ],
)
def test_the_verdict_leads(read: Read, question: str, lead: str) -> None:
    assert comparison(read, question, TABLE).lead == lead


def test_both_figures_of_a_pair_are_shown(read: Read) -> None:
    made = comparison(read, "水表和电表2024年谁的收入更低?", TABLE)
    assert [line.text for line in made.lines] == [
        "水表: 2024年 820.40万元",
        "电表: 2024年 615.30万元",
    ]


@pytest.mark.parametrize(
    "question",
    ["水表和电表2024年谁的收入更高?高出多少?", "水表和电表2024年谁的收入更大,差额是多少?"],
)
def test_by_how_much_does_not_turn_the_verdict_round(read: Read, question: str) -> None:
    made = comparison(read, question, TABLE)
    assert made.lead == "水表。"
    assert "820.40 − 615.30 = 205.10" in made.lines[-1].text


def test_the_smaller_is_named_and_the_difference_is_positive(read: Read) -> None:
    made = comparison(read, "水表和电表2024年谁的收入更少?少多少?", TABLE)
    assert made.lead == "电表。"
    assert "820.40 − 615.30 = 205.10" in made.lines[-1].text


def test_a_word_that_merely_holds_the_character_for_less_decides_nothing(read: Read) -> None:
    text = "2024年末,短期借款余额为1,200.00万元,长期借款余额为900.00万元。"
    assert comparison(read, "短期借款和长期借款哪个余额更大?", text).lead == "短期借款。"


def test_two_things_of_one_company_are_told_apart_by_their_own_names(read: Read) -> None:
    text = "2024年,青萍北方净利润为120.50万元,青萍南方净利润为98.30万元。"
    made = comparison(read, "青萍北方和青萍南方谁的净利润更多?", text, companies=("青萍",))
    assert made.lead == "青萍北方。"


def test_the_total_is_never_the_greatest_row(read: Read) -> None:
    made = comparison(read, "2024年哪个产品的收入最高?", TABLE)
    assert "1,845.95" not in made.lines[0].text


def test_english_questions_have_english_verdicts(read: Read) -> None:
    text = "Gross margin was 31.2% in 2023 and 28.4% in 2024."
    assert comparison(read, "Did the gross margin rise or fall in 2024?", text).lead == (
        "It did fall. "
    )


def test_each_company_has_its_own_line_and_the_better_leads(read: Read) -> None:
    question = "青萍仪表和白芷电子2024年谁的毛利率更高?"
    made = comparison(read, question, *MARGINS, companies=TWO)
    assert made.lead == "青萍仪表。"
    assert [line.text[:5] for line in made.lines] == ["青萍仪表:", "白芷电子:"]


def test_the_difference_of_two_companies_is_computed_where_it_is_asked_for(read: Read) -> None:
    question = "青萍仪表和白芷电子2024年谁的毛利率更低,差多少?"
    made = comparison(read, question, *MARGINS, companies=TWO)
    assert made.lead == "白芷电子。"
    assert made.lines[-1].text.endswith("35.20 − 28.10 = 7.10")


def test_figures_of_two_companies_side_by_side_need_no_verdict(read: Read) -> None:
    question = "青萍仪表和白芷电子2024年的毛利率分别是多少?"
    assert comparison(read, question, *MARGINS, companies=TWO).lead == ""


def test_a_company_without_evidence_leaves_the_comparison_open(read: Read) -> None:
    question = "青萍仪表和白芷电子2024年谁的毛利率更高?"
    asked, order = read(question, *MARGINS, companies=TWO)
    mine = [c for c, _ in order if c.passage.filing.company == "青萍仪表"]
    assert compare(asked, mine) is None


def test_what_compares_nothing_is_left_alone(read: Read) -> None:
    asked, order = read("公司的注册地址在哪里?", TABLE)
    assert compare(asked, [candidate for candidate, _ in order]) is None
