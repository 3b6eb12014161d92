"""What a question asks for, part by part, and which parts a draft leaves open."""

from __future__ import annotations

import pytest

from rag.answer.answered import answers, missing_named, open_parts
from rag.answer.draft import Draft
from rag.answer.parts import parts_of
from rag.retrieve.query import Query, understand
from rag.types import Check, FilingRef

A = FilingRef("a", "甲样例年报", "甲样例", "", "annual", "2024", "a.txt")
B = FilingRef("b", "乙样例年报", "乙样例", "", "annual", "2024", "b.txt")


def asked(question: str) -> Query:
    return understand(question, [A, B])


def left(question: str, text: str, *checks: Check) -> list[str]:
    query = asked(question)
    return [p.name for p in open_parts(parts_of(query), Draft(text, "answered", (), checks), query)]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("甲样例2024年营业收入和净利润各是多少?", ["营业收入", "净利润"]),
        (
            "甲样例车间的建筑面积、工程金额以及单价分别是多少?",
            ["车间的建筑面积", "工程金额", "单价"],
        ),
        ("2022年和2023年甲样例的营业收入分别是多少?", ["2022年", "2023年"]),
        ("2020年到2023年,甲样例毛利率每年是多少?", ["2020年", "2021", "2022", "2023年"]),
        ("甲样例和乙样例2024年的营业收入是多少?", ["甲样例", "乙样例"]),
        ("甲样例2024年净利润是多少,原因是什么?", ["甲样例2024年净利润是多少", "原因是什么"]),
        ("甲样例的车间什么时候投产?投资多少?", ["甲样例的车间什么时候投产", "投资多少"]),
        ("甲样例2024年净利润比2023年增长百分之几?", ["增长率"]),
        ("What were revenue and net profit in 2024?", ["revenue", "net profit"]),
        (
            "Who was the largest customer in 2023, and what share of revenue did it take?",
            ["Who was the largest customer in 2023", "what share of revenue did it take"],
        ),
        ("How many stores were open at the end of 2021, 2022 and 2023?", ["2021", "2022", "2023"]),
        ("甲样例2024年营业收入是多少?", []),
        ("What were research and development expenses in 2024?", []),
        ("What were cash and cash equivalents at the end of 2024?", []),
        ("甲样例2024年末现金和现金等价物余额是多少?", []),
        ("甲样例新增品类的种类数和单品货值是多少?", ["新增品类的种类数", "单品货值"]),
        (
            "What after-tax IRR and payback period does the project promise?",
            ["after-tax IRR", "payback period"],
        ),
        ("甲样例为什么终止车间项目?", []),
        ("甲样例和乙样例谁的毛利率更高?", ["甲样例", "乙样例"]),
        ("What was net profit in 2024?", []),
    ],
)
def test_a_question_is_taken_apart(question: str, parts: list[str]) -> None:
    assert [part.name for part in parts_of(asked(question))] == parts


def test_a_question_of_a_page_is_not_taken_apart() -> None:
    assert parts_of(asked("甲和乙、" * 2000 + "各是多少?")) == ()


def test_each_part_can_be_asked_alone() -> None:
    parts = parts_of(asked("甲样例2024年营业收入和净利润各是多少?"))
    assert [p.question for p in parts] == [
        "甲样例2024年营业收入是多少?",
        "甲样例2024年净利润是多少?",
    ]
    parts = parts_of(asked("2022年和2023年甲样例的营业收入分别是多少?"))
    assert parts[1].question == "2023年甲样例的营业收入分别是多少?"
    assert parts[1].period == "2023"


MEASURES = "甲样例2024年营业收入和净利润各是多少?"
PERIODS = "2022年和2023年甲样例的营业收入分别是多少?"
REASON = "甲样例2024年净利润是多少,原因是什么?"


@pytest.mark.parametrize(
    ("question", "text", "names"),
    [
        (MEASURES, "2024年营业收入为5.20亿元[1]。", ["净利润"]),
        (MEASURES, "2024年营业收入为5.20亿元,比上年增长3.10%[1]。", ["净利润"]),
        (MEASURES, "营业收入为5.20亿元,净利润为0.61亿元[1]。", []),
        (MEASURES, "分别为5.20亿元和0.61亿元[1]。", []),
        (MEASURES, "", ["营业收入", "净利润"]),
        (PERIODS, "2023年营业收入为5.20亿元[1]。", ["2022年"]),
        (PERIODS, "2022年、2023年分别为4.80亿元、5.20亿元[1]。", []),
        (PERIODS, "分别为4.80亿元和5.20亿元[1]。", []),
        (REASON, "2024年净利润为0.61亿元[1]。", ["原因是什么"]),
        (REASON, "2024年净利润为0.61亿元,主要系原料降价所致[1]。", []),
        (REASON, "主要系原料降价所致[1]。", ["甲样例2024年净利润是多少"]),
        ("甲样例和乙样例2024年的营业收入是多少?", "甲样例为5.20亿元[1]。", ["乙样例"]),
        ("甲样例的车间什么时候投产?投资多少?", "投资0.80亿元[1]。", ["甲样例的车间什么时候投产"]),
        ("甲样例的车间什么时候投产?投资多少?", "2025年6月投产,投资0.80亿元[1]。", []),
        ("甲样例2024年净利润比2023年增长百分之几?", "2024年为5亿元,2023年为4亿元[1]。", ["增长率"]),
        ("甲样例2024年净利润比2023年增长百分之几?", "增长25.00%[1]。", []),
        ("甲样例2024年净利润比2023年多多少?", "2024年为5亿元,2023年为4亿元[1]。", ["差额"]),
        (
            "What were revenue and net profit in 2024?",
            "Revenue was 5.2 million [1].",
            ["net profit"],
        ),
    ],
)
def test_what_a_draft_leaves_open_is_found(question: str, text: str, names: list[str]) -> None:
    assert left(question, text) == names


def test_a_computed_figure_closes_a_calculation() -> None:
    made = Check("amount", "1亿元", "computed", 1, "5 − 4 = 1亿元")
    question = "甲样例2024年净利润比2023年多多少?"
    assert left(question, "2024年为5亿元,2023年为4亿元,多1亿元[1]。", made) == []


def test_only_a_line_that_speaks_of_a_part_can_fill_it() -> None:
    query = asked(MEASURES)
    profit = parts_of(query)[1]
    assert answers(profit, Draft("2024年净利润为0.61亿元[1]", "answered"), query)
    assert not answers(profit, Draft("2024年营业收入为5.20亿元[1]", "answered"), query)
    assert not answers(profit, Draft("净利润见附注[1]", "answered"), query)


def test_what_a_model_calls_missing_counts_only_where_its_draft_does_not_state_it() -> None:
    query = asked(MEASURES)
    draft = Draft("2024年营业收入为5.20亿元[1]。", "answered")
    assert missing_named(("营业收入", "净利润"), draft, query) == ("净利润",)


@pytest.mark.parametrize(
    ("named", "part"),
    [
        ("资料中没有2020年净利润的数据", "2020年净利润"),
        ("The sources do not state the payback period.", "the payback period"),
        ("净利润", "净利润"),
    ],
)
def test_a_missing_part_is_named_in_a_few_words(named: str, part: str) -> None:
    draft = Draft("2024年营业收入为5.20亿元[1]。", "answered")
    assert missing_named((named,), draft, asked(MEASURES)) == (part,)
