"""Faithfulness of figures: each must stand in what is cited, or follow from figures that do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import permutations

from eval.metrics.base import Metric
from eval.metrics.correctness import without_markers
from eval.quantities import Quantity, find, quantities
from eval.questions import Question
from eval.results import UNSCORED, Result, Score

_LIST_NUMBER = re.compile(r"(?m)^\s*(?:\d{1,2}[.、)）]|[(（]\d{1,2}[)）])\s*")
MOST_OPERANDS = 40
"""Above so many cited figures, anything can be computed from something: then nothing is."""


def unsupported_figures(question: Question, result: Result) -> Score:
    """Share of the answer's figures that do not stand in a cited passage, nor in the question, nor
    follow from two cited figures by +, −, ×, ÷ or a percentage change (rounded as written).

    0 is best. Refusals and answers without figures are unscored: no claim is no merit.
    """
    given = result.given
    if given is None or given.refused:
        return UNSCORED
    text = plain_text(given.text)
    total = len(quantities(text))
    if not total:
        return UNSCORED
    cited = "\n".join(citation.passage or citation.quote for citation in given.citations)
    loose = unsupported_in(text, cited, given=question.question)
    why = f"not in what is cited: {', '.join(q.raw for q in loose)}" if loose else ""
    return Score(len(loose) / total, f"{total} figures", why)


def unsupported_in(text: str, cited: str, *, given: str) -> list[Quantity]:
    """The quantities of `text` that neither `cited` nor `given` (the question) supports."""
    stated, known = quantities(cited), quantities(given)
    loose = []
    for quantity in quantities(plain_text(text)):
        as_given = find(quantity, known, signs=False)
        as_cited = find(quantity, stated, signs=False) or _in_table(quantity, stated)
        if not (as_given or as_cited or is_computed(quantity, stated)):
            loose.append(quantity)
    return loose


def plain_text(text: str) -> str:
    """An answer without citation markers and without the numbers that only number a list."""
    return _LIST_NUMBER.sub("", without_markers(text))


def _in_table(quantity: Quantity, stated: Sequence[Quantity]) -> bool:
    """A table cell has its unit in the caption: its digits decide."""
    return any(cell.bare and cell.number == quantity.number for cell in stated)


def is_computed(quantity: Quantity, operands: Sequence[Quantity]) -> bool:
    """Whether two of `operands` give `quantity`, at the decimals with which it is written."""
    amounts = (Decimal(operand.number) for operand in operands if not _is_year(operand))
    values = list(dict.fromkeys(amounts))
    if not 2 <= len(values) <= MOST_OPERANDS:
        return False
    places = -int(Decimal(quantity.number).as_tuple().exponent)
    wanted = Decimal(quantity.number)
    return any(
        abs(round(abs(outcome), max(places, 0)) - wanted) == 0
        for left, right in permutations(values, 2)
        for outcome in _outcomes(left, right, percent=quantity.unit == "%")
    )


def _is_year(quantity: Quantity) -> bool:
    """Years are no amounts: combined with one, they would "compute" almost any percentage."""
    return quantity.bare and re.fullmatch(r"(?:19|20)\d\d", quantity.number) is not None


def _outcomes(left: Decimal, right: Decimal, *, percent: bool) -> Iterable[Decimal]:
    try:
        if percent:
            return (left / right * 100, (left - right) / abs(right) * 100, left - right)
        return (left + right, left - right, left * right, left / right)
    except (DivisionByZero, InvalidOperation):
        return (left + right, left - right)


METRICS = (
    Metric(
        "unsupported_figures", "无依据数字占比", "unsupported figures", unsupported_figures, "answer",
        "a figure stands in nothing that is cited", lower_is_better=True,
    ),
)  # fmt: skip
