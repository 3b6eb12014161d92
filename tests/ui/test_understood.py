from __future__ import annotations

import pytest

from rag.types import Answer, FilingRef
from ui.understood import without, words_of

REFS = [
    FilingRef(
        "f1", "远景测试股份有限公司年报", "远景测试股份有限公司", "300001", "annual report",
        "2025", "a.txt", aliases=("远景测试",),
    ),
    FilingRef(
        "f2", "Marlow Tools Inc. 10-K", "Marlow Tools Inc.", "MRLW", "10-K", "2025", "b.txt",
        aliases=("Marlow",),
    ),
]  # fmt: skip


def words(question: str) -> list[tuple[str, str]]:
    return [(w.role, w.text) for w in words_of(Answer(question, "", "answered"), REFS)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "远景测试2024年研发费用比2023年增加了多少？",
            [("company", "远景测试"), ("period", "2024年"), ("period", "2023年"),
             ("measure", "研发费用")],
        ),
        (
            "远景测试股份有限公司2025年6月末在建工程的账面余额是多少？",
            [("company", "远景测试股份有限公司"), ("period", "2025年6月末"),
             ("measure", "在建工程"), ("measure", "账面余额")],
        ),
        ("2024年度营业收入同比增长多少", [("period", "2024年度"), ("measure", "营业收入")]),
        (
            "What were Marlow's net sales in fiscal 2024?",
            [("company", "Marlow"), ("period", "in fiscal 2024"), ("measure", "net sales")],
        ),
        ("公司的董事长是谁？", [("measure", "董事长"), ("measure", "谁")][:1]),
    ],
)  # fmt: skip
def test_company_period_and_measure_are_found(
    question: str, expected: list[tuple[str, str]]
) -> None:
    assert words(question) == expected


@pytest.mark.parametrize(
    ("question", "word", "left"),
    [
        ("远景测试2024年的营业收入是多少？", "远景测试", "2024年的营业收入是多少？"),
        ("远景测试2024年的营业收入是多少？", "2024年", "远景测试的营业收入是多少？"),
        ("What were Marlow's net sales in 2024?", "Marlow", "What were net sales in 2024?"),
        ("What were Marlow's net sales in 2024?", "in 2024", "What were Marlow's net sales?"),
        ("营业收入和净利润分别是多少？", "净利润", "营业收入分别是多少？"),
        ("甲（Marlow）的收入？", "Marlow", "甲的收入？"),
    ],
)
def test_a_word_is_taken_out_with_what_tied_it(question: str, word: str, left: str) -> None:
    assert without(question, word) == left


def test_the_question_is_read_as_it_was_resolved() -> None:
    answer = Answer("那2023年呢？", "", "answered", standalone="远景测试2023年营业收入是多少？")
    assert ("company", "远景测试") in [(w.role, w.text) for w in words_of(answer, REFS)]
