"""Arithmetic that a question asks for: which operands, which operation, computed in decimals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer.asked import Asked
from rag.answer.reading import Found
from rag.index.terms import normalise
from rag.retrieve.query import Query
from rag.verify.arithmetic import (
    Computation,
    ExpressionError,
    average,
    difference,
    explain,
    growth,
    multiple,
    share,
    total,
)
from rag.verify.dates import contains

Operation = Literal["growth", "difference", "share", "multiple", "sum", "average"]
_OPERATIONS: tuple[tuple[Operation, re.Pattern[str]], ...] = (
    ("average", re.compile(r"平均每?(?:年|月|个|家|人)|年均(?!复合)|均值|平均是|平均为|\baverage\b", re.I)),
    ("multiple", re.compile(r"几倍|多少倍|\bhow many times\b|\btimes (?:as|the|larger|higher)\b", re.I)),
    ("growth", re.compile(r"增长率|增幅|增速|涨幅|降幅|同比|环比|增长了?百分|(?:增长|增加|下降|减少|上升|提高|变动)(?:了)?(?:百分之|多少个?百分|多大|幅度)|growth|percent(?:age)? (?:change|increase|decrease|decline|growth)|grow by|what percent", re.I)),
    ("difference", re.compile(r"差额|相差|差多少|多出|高出|多多少|少多少|高多少|低多少|(?:增加|减少|增长|下降|降低|提高)了?多少|变化多少|变动多少|差距|how much (?:more|less|higher|lower|larger|smaller)|difference|by how much|gap between", re.I)),
    ("share", re.compile(r"占.{0,24}(?:比例|比重|百分之|多少|几成)|占比|what (?:share|percentage|proportion|percent)|as a (?:share|percentage|proportion) of|account(?:s|ed)? for", re.I)),
    ("sum", re.compile(r"合计|总共|一共|加起来|之和|累计.{0,6}多少|总计|in total|combined|sum of|total of|altogether|together", re.I)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """A computation with its operands, in the order of the expression."""

    computation: Computation
    operands: tuple[Found, ...]
    words: str
    """The expression and its result, for showing."""


def operation(query: Query) -> Operation | None:
    """What the question wants computed, or None."""
    text = normalise(query.text)
    return next((name for name, pattern in _OPERATIONS if pattern.search(text)), None)


def plan(query: Query, wanted: Asked, found: Sequence[Found]) -> Planned | None:
    """Compute what is asked where its operands are found; None where they are not certain."""
    name = operation(query)
    if name is None:
        return None
    operands = _operands(name, wanted, found)
    if operands is None:
        return None
    try:
        made = _computed(name, operands)
    except ExpressionError:
        return None
    return Planned(made, tuple(operands), explain(made, query.language))


def _computed(name: Operation, operands: Sequence[Found]) -> Computation:
    figures = [f.fact.figure for f in operands]
    if name == "growth":
        return growth(figures[0], figures[1])
    if name == "difference":
        return difference(figures[0], figures[1])
    if name == "share":
        return share(figures[0], figures[1])
    if name == "multiple":
        return multiple(figures[0], figures[1])
    return average(figures) if name == "average" else total(figures)


def _operands(name: Operation, wanted: Asked, found: Sequence[Found]) -> list[Found] | None:
    """Facts of one measure for the asked periods, newest first for changes."""
    if len(wanted.periods) < 2:
        return None
    line = line_with(wanted.periods, found)
    if line is None:
        return None
    ordered = [line[p] for p in sorted(wanted.periods, reverse=True)]
    if name in ("growth", "difference", "multiple"):
        return [ordered[0], ordered[-1]]
    if name in ("sum", "average"):
        return ordered[::-1]
    return None


def line_with(periods: Sequence[str], found: Sequence[Found]) -> dict[str, Found] | None:
    """The best row or sentence that states one measure for every asked period."""
    for best in found[:12]:
        same = [
            f
            for f in found
            if f.passage.id == best.passage.id
            and f.row == best.row
            and f.fact.figure.unit == best.fact.figure.unit
        ]
        line: dict[str, Found] = {}
        for period in periods:
            fitting = [f for f in same if _for(f, period)]
            if fitting:
                line[period] = max(fitting, key=lambda f: f.score)
        if len(line) == len(periods) and len({(f.start) for f in line.values()}) == len(line):
            return line
    return None


def _for(found: Found, period: str) -> bool:
    stated = found.fact.periods
    return any(contains(period, s) or contains(s, period) for s in stated)
