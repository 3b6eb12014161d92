"""Operands that are not named one by one: the pair of figures that most speaks for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answer.judged import Candidate, Question
from rag.answer.operands import FIGURES, WEIGHTS, best_duo, duos
from rag.answer.operation import Operation

Read = Callable[..., tuple[Question, list[tuple[Candidate, float]]]]


def pair(read: Read, name: Operation, question: str, *texts: str) -> tuple[str, str] | None:
    asked, order = read(question, *texts)
    duo = best_duo(asked, order, name)
    return None if duo is None else (duo.first.fact.figure.text, duo.second.fact.figure.text)


def test_growth_is_of_the_later_over_the_earlier_wherever_they_stand(read: Read) -> None:
    texts = ("2023年,水表销量为400台。", "2024年,水表销量为520台。")
    assert pair(read, "growth", "2024年水表销量的增幅是多少?", *texts) == ("520台", "400台")


def test_a_share_is_of_the_smaller_in_the_larger(read: Read) -> None:
    text = "公司员工共300人,其中研发人员60人。"
    assert pair(read, "share", "研发人员有几成?", text) == ("60人", "300人")


def test_what_the_question_speaks_of_outweighs_its_neighbours(read: Read) -> None:
    texts = (
        "水表的预算为90.00万元,实际支出为70.00万元。",
        "电表的预算为50.00万元,实际支出为20.00万元。",
    )
    question = "电表的预算和实际支出差了多少?"
    assert pair(read, "difference", question, *texts) == ("50.00万元", "20.00万元")


def test_figures_of_two_units_or_two_companies_are_no_pair(read: Read) -> None:
    assert pair(read, "difference", "差多少?", "收入为30.00万元,员工为12人。") is None
    texts = ("收入为30.00万元。", "收入为20.00万元。")
    asked, order = read("收入差多少?", *texts, companies=("青萍仪表", "白芷电子"))
    assert best_duo(asked, order, "difference") is None


@pytest.mark.parametrize("name", ["growth", "share"])
def test_percentages_have_no_growth_and_are_no_parts(read: Read, name: Operation) -> None:
    text = "2023年毛利率为30.00%,2024年毛利率为36.00%。"
    assert pair(read, name, "毛利率的增幅是多少?", text) is None
    assert pair(read, "difference", "毛利率高了几个百分点?", text) == ("36.00%", "30.00%")


def test_a_date_is_no_operand(read: Read) -> None:
    assert pair(read, "difference", "差多少?", "2024年3月1日签约,金额为30.00万元。") is None


def test_a_sum_takes_each_pair_once(read: Read) -> None:
    asked, order = read("一共多少?", "甲项目投入30.00万元,乙项目投入20.00万元。")
    assert len(list(duos(asked, order, "sum"))) == 1
    assert len(list(duos(asked, order, "difference"))) == 2


def test_equal_figures_are_added_but_not_compared(read: Read) -> None:
    text = "甲项目投入30.00万元,乙项目投入30.00万元。"
    assert pair(read, "sum", "一共投入多少?", text) == ("30.00万元", "30.00万元")
    assert pair(read, "difference", "差多少?", text) is None


def test_a_score_is_the_weighted_sum_of_the_features(read: Read) -> None:
    asked, order = read("研发人员有几成?", "公司员工共300人,其中研发人员60人。")
    for duo in duos(asked, order, "share"):
        weighed = sum(w * duo.features[key] for key, w in WEIGHTS["share"].items())
        assert duo.score == pytest.approx(weighed)


def test_a_large_table_is_read_within_bounds(read: Read) -> None:
    rows = [f"{chr(0x4E00 + 37 * n)}站 | {n + 1}.50 | {n + 2}.25" for n in range(60)]
    asked, order = read("差多少?", "\n".join(["站点 | 2024年 | 2023年", *rows]))
    assert len(list(duos(asked, order, "difference"))) <= FIGURES * (FIGURES - 1)


def test_nothing_found_gives_no_pair(read: Read) -> None:
    assert pair(read, "difference", "差多少?") is None
