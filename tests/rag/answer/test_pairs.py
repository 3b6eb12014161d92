"""The two things that a question sets against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from rag.answer.judged import Question, question_of
from rag.answer.pairs import Operand, before, compared, differences, rates, shares, sums
from rag.retrieve.query import understand

Operands = Callable[[Question], Iterator[tuple[Operand, Operand]]]


def texts(find: Operands, question: str) -> tuple[str, str] | None:
    pair = next(find(question_of(understand(question, []), {})), None)
    return None if pair is None else (pair[0].text, pair[1].text)


@pytest.mark.parametrize(
    ("find", "question", "expected"),
    [
        (shares, "商誉占总资产的比例是多少?", ("商誉", "总资产")),
        (shares, "尚未使用的资金里有多少比例在做理财?", ("做理财", "尚未使用的资金")),
        (differences, "东厂的单价比西厂低多少?", ("东厂的单价", "西厂")),
        (differences, "总投资和自有资金相差多少?", ("总投资", "自有资金")),
        (sums, "甲产品和乙产品合计卖了多少?", ("甲产品", "乙产品")),
        (compared, "甲产品和乙产品哪个收入更高?", ("甲产品", "乙产品")),
        (rates, "研发费用率是多少?", ("研发费用", "营业收入")),
    ],
)
def test_both_operands_are_read_from_the_question(
    find: Operands, question: str, expected: tuple[str, str]
) -> None:
    assert texts(find, question) == expected


@pytest.mark.parametrize("find", [shares, differences, sums, compared, rates])
def test_a_plain_question_has_no_operands(find: Operands) -> None:
    assert texts(find, "公司的注册地址在哪里?") is None


def test_the_word_for_ratio_is_not_taken_for_than() -> None:
    assert texts(differences, "存货跌价计提比例是多少?") is None


def test_the_year_before_keeps_the_rest_of_the_period() -> None:
    assert before("2024-01/2024-06") == "2023-01/2023-06"
