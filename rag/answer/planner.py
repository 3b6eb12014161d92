"""Arithmetic that a question asks for: which operands, which operation, computed in decimals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.answer.judged import Candidate, Placed, Question
from rag.answer.operation import Operation, operation
from rag.answer.shown import Line, candidate_line
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
from rag.verify.figure import same_class
from rag.verify.figures import find_figures

_SPARE = re.compile(r"还剩|剩余|还有多少|remain|left\b", re.I)
_BASE = re.compile(r"(?:较|比|相比)[^,，;；]{0,6}$")


@dataclass(frozen=True, slots=True)
class Planned:
    """A computation over `operands`, with the lines that show them and, last, the expression."""

    computation: Computation
    operands: tuple[Placed, ...]
    candidates: tuple[Candidate, ...]
    lines: tuple[Line, ...]


def plan(question: Question, best: Sequence[Candidate]) -> Planned | None:
    """Compute what is asked where its operands are certain; None where they are not.

    `best` are the first candidates, best first. A result that the first one states is not computed.
    """
    name = operation(question.query)
    if name is None or not best or _stated(question, name, best[0]):
        return None
    for operands, sources in _choices(question, name, best):
        try:
            made = _computed(name, operands)
        except ExpressionError:
            continue
        lines = [candidate_line(question, source) for source in sources]
        words = explain(made, question.query.language)
        lines[-1] = replace(lines[-1], text=f"{lines[-1].text.rstrip('。.')}; {words}")
        return Planned(made, tuple(operands), tuple(sources), tuple(lines))
    return None


def _stated(question: Question, name: Operation, first: Candidate) -> bool:
    """Whether the best candidate itself states a figure of the kind that the operation gives."""
    if name in ("growth", "share"):
        return any(f.fact.figure.unit == "%" for f in first.facts)
    return False


Choice = tuple[list[Placed], list[Candidate]]


def _choices(question: Question, name: Operation, best: Sequence[Candidate]) -> Iterator[Choice]:
    """Operands worth trying, the most certain first."""
    periods = question.wanted.periods
    if name in ("growth", "difference", "multiple") and periods:
        rate = question.wanted.kind == "percentage" and name == "difference"
        wanted = periods if len(periods) > 1 else (periods[0], _before(periods[0]))
        for candidate in best[:3]:
            line = _by_period(wanted, candidate, rate=rate)
            if line and len(line) > 1:
                yield [line[max(wanted)], line[min(wanted)]], [candidate]
    if name in ("sum", "average"):
        for candidate in best[:2]:
            run = _run(candidate)
            if run:
                yield run, [candidate]
    if name in ("growth", "difference") and not periods[1:]:
        yield from _pair(best[0])
    if name == "difference" and best[0].passage.kind == "table" and len(best[0].facts) == 2:
        yield _ordered(best[0].facts[0], best[0].facts[1]), [best[0]]
    if name == "difference" and _SPARE.search(question.query.text):
        yield from _remainder(question, best)


def _before(period: str) -> str:
    """The same period a year earlier."""
    return re.sub(r"\d{4}", lambda m: str(int(m.group()) - 1), period)


def _by_period(
    periods: Sequence[str], candidate: Candidate, *, rate: bool
) -> dict[str, Placed] | None:
    """One fact of one unit for every period; percentages only where a `rate` is asked about."""
    line: dict[str, Placed] = {}
    for period in periods:
        fitting = [
            f for f in candidate.facts if _for(f, period) and (rate or f.fact.figure.unit != "%")
        ]
        if not fitting:
            return None
        line[period] = max(fitting, key=lambda f: f.score)
    facts = list(line.values())
    alike = all(same_class(a.fact.figure, b.fact.figure) for a, b in pairwise(facts))
    return line if alike and len({f.start for f in facts}) == len(facts) else None


def _for(placed: Placed, period: str) -> bool:
    return any(contains(period, s) or contains(s, period) for s in placed.fact.periods)


def _run(candidate: Candidate) -> list[Placed]:
    """The figures of one sequence ("分别为 a、b 和 c"), where a sentence has just one."""
    if candidate.passage.kind == "table":
        return []
    facts = [f for f in candidate.facts if f.fact.aligned or f.fact.seat[1] > 1]
    alike = all(same_class(a.fact.figure, b.fact.figure) for a, b in pairwise(facts))
    others = len(candidate.facts) - len(facts)
    return facts if len(facts) > 1 and alike and not others else []


def _pair(candidate: Candidate) -> Iterator[Choice]:
    """Two figures of one unit in a sentence, one of them named as the base ("较 b")."""
    text = candidate.passage.text
    for one in candidate.facts:
        if not _BASE.search(text[candidate.start : one.start]):
            continue
        for other in candidate.facts:
            same = same_class(one.fact.figure, other.fact.figure)
            if other.start < one.start and same and other.fact.figure.unit not in ("%", ""):
                yield [other, one], [candidate]


def _remainder(question: Question, best: Sequence[Candidate]) -> Iterator[Choice]:
    """What is left: the larger of two figures less the smaller, in one sentence or in two."""
    named = {f.number for f in find_figures(question.query.text) if f.kind == "amount"}
    for candidate in best[:4]:
        amounts = _amounts(candidate)
        given = [f for f in amounts if f.fact.figure.number in named]
        rest = [f for f in amounts if f not in given]
        if len(given) == 1 == len(rest):
            yield _ordered(given[0], rest[0]), [candidate]
    if len(best) > 1 and len(_amounts(best[0])) == 1 == len(_amounts(best[1])):
        yield _ordered(_amounts(best[0])[0], _amounts(best[1])[0]), [best[0], best[1]]


def _amounts(candidate: Candidate) -> list[Placed]:
    """The figures of a candidate that have a unit, each place once."""
    facts = {f.start: f for f in candidate.facts if f.fact.figure.unit}
    return list(facts.values())


def _ordered(one: Placed, other: Placed) -> list[Placed]:
    values = [f.fact.figure.value or 0 for f in (one, other)]
    return [one, other] if values[0] >= values[1] else [other, one]


def _computed(name: Operation, operands: Sequence[Placed]) -> Computation:
    figures = [placed.fact.figure for placed in operands]
    if name == "sum":
        return total(figures)
    if name == "average":
        return average(figures)
    build = {"growth": growth, "difference": difference, "share": share, "multiple": multiple}[name]
    return build(figures[0], figures[1])
