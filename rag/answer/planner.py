"""Arithmetic that a question asks for: which operands, which operation, computed in decimals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from rag.answer.bearing import is_total
from rag.answer.judged import Candidate, Placed, Question
from rag.answer.operands import WEIGHTS, best_duo
from rag.answer.operation import Operation, operation
from rag.answer.pairs import Operand, before, best_pair, differences, over_time, rates, shares, sums
from rag.answer.shown import Line, candidate_line
from rag.verify.arithmetic import (
    Computation,
    ExpressionError,
    average,
    difference,
    earlier,
    explain,
    growth,
    multiple,
    share,
    total,
)
from rag.verify.dates import contains
from rag.verify.figure import Figure, same_class
from rag.verify.figures import find_figures

_SPARE = re.compile(r"还剩|剩余|还有多少|remain|left\b", re.I)
Named = tuple[Operation, Iterator[tuple[Operand, Operand]]]
_YEARS = re.compile(r"([一二三四五六七八九])[年期]的?")
READ_FOR_RESULT = 5
"""Candidates that are looked through for a result that is stated already."""
SLACK = 0.12
"""How much worse than the operands a candidate may state the question whose figure is the result."""
_BASE = re.compile(r"(?:较|比|相比)[^,，;；]{0,6}$")


@dataclass(frozen=True, slots=True)
class Planned:
    """A computation over `operands`, with the lines that show them and, last, the expression;
    `fit` (0..1) is how surely the operands are those asked for."""

    computation: Computation
    operands: tuple[Placed, ...]
    candidates: tuple[Candidate, ...]
    lines: tuple[Line, ...]
    fit: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Operands worth trying for an operation."""

    operation: Operation
    operands: Sequence[Placed]
    sources: Sequence[Candidate]
    fit: float


def plan(question: Question, order: Sequence[tuple[Candidate, float]]) -> Planned | None:
    """Compute what is asked where its operands are certain; None where they are not.

    `order` are the candidates with their scores, best first. A result that the first one states
    is not computed.
    """
    if not order:
        return None
    best = [candidate for candidate, _ in order]
    name = operation(question.query)
    for choice in chain(_all_choices(question, name, best), _any_pair(question, name, order)):
        if _stated(choice, best):
            continue
        try:
            made = _computed(choice.operation, choice.operands)
        except ExpressionError:
            continue
        lines = [_operands_line(question, choice, source) for source in choice.sources]
        words = explain(made, question.query.language)
        lines[-1] = replace(lines[-1], text=f"{lines[-1].text.rstrip('。.')}; {words}")
        return Planned(
            made, tuple(choice.operands), tuple(choice.sources), tuple(lines), choice.fit
        )
    return None


def total_row(question: Question, best: Sequence[Candidate]) -> Candidate | None:
    """Where a sum is asked for, not of two things by name: the row that adds up the table that the
    first candidate stands in."""
    first = best[0]
    if first.passage.kind != "table" or operation(question.query) != "sum":
        return None
    if any(best_pair(pair, best, question.wanted, alike=True) for pair in sums(question)):
        return None
    rows = (c for c in best if c.passage.id == first.passage.id)
    return next((c for c in rows if c.facts and is_total(c.facts[0].fact.label)), None)


def _all_choices(
    question: Question, name: Operation | None, best: Sequence[Candidate]
) -> Iterator[Choice]:
    """Operands that the question names first, then those of one row, then what it leaves unsaid."""
    named: list[Named] = [("sum", sums(question))]
    if not question.several:
        named.append(("share", shares(question)))
    if name in ("difference", "growth"):
        named.append((name, differences(question)))
    yield from _pairs(question, named, best)
    if name == "before":
        yield from _grown(best[:3])
    yield from _choices(question, name, best[:6])
    unsaid: list[Named] = []
    if name in ("difference", "growth"):
        unsaid.append((name, over_time(question)))
    if name in ("share", None) and question.wanted.kind in ("percentage", ""):
        unsaid.append(("share", rates(question)))
    yield from _pairs(question, unsaid if not question.several else [], best)


def _grown(best: Sequence[Candidate]) -> Iterator[Choice]:
    """An amount and how much it had grown, in one sentence: what it was before."""
    for candidate in best:
        amounts = [f for f in _amounts(candidate) if f.fact.figure.unit != "%"]
        rates = [f for f in candidate.facts if f.fact.figure.unit == "%"]
        for amount in sorted(amounts, key=lambda f: -f.score):
            rate = next((r for r in rates if r.start > amount.start and r.fact.direction), None)
            if rate is not None:
                fit = _whole(candidate)
                yield Choice("before", [amount, rate], [candidate], fit)


def _any_pair(
    question: Question, name: Operation | None, order: Sequence[tuple[Candidate, float]]
) -> Iterator[Choice]:
    """Where the question only says what to compute: the pair of figures that most speaks for."""
    if name is None or name not in WEIGHTS or question.several:
        return
    duo = best_duo(question, order, name)
    if duo is not None:
        yield Choice(name, [duo.first, duo.second], duo.sources, duo.features["around"])


def _operands_line(question: Question, choice: Choice, source: Candidate) -> Line:
    """A source with the cells that are computed with, and no others."""
    ends = (source.start, source.end)
    mine = [f for f in choice.operands if ends[0] <= f.start < ends[1]]
    return candidate_line(question, source, cells=mine)


def _stated(choice: Choice, best: Sequence[Candidate]) -> bool:
    """Whether one of the first candidates states a figure of the kind that the operation gives,
    and states the question better than the operands state theirs."""
    if choice.operation not in ("growth", "share"):
        return False
    return any(
        _whole(candidate) >= choice.fit - SLACK
        and any(f.fact.figure.unit == "%" and f.period >= 0.4 for f in candidate.facts)
        for candidate in best[:READ_FOR_RESULT]
    )


def _choices(
    question: Question, name: Operation | None, best: Sequence[Candidate]
) -> Iterator[Choice]:
    """Operands of one row or sentence, the most certain first."""
    if name is None:
        return
    periods = question.wanted.periods
    if name in ("growth", "difference", "multiple") and periods:
        rate = question.wanted.kind == "percentage" and name == "difference"
        wanted = periods if len(periods) > 1 else (periods[0], before(periods[0]))
        for candidate in sorted(best[:3], key=_certain, reverse=True):
            line = _by_period(wanted, candidate, rate=rate)
            if line and len(line) > 1:
                fit = _whole(candidate)
                yield Choice(name, [line[max(wanted)], line[min(wanted)]], [candidate], fit)
    if name in ("sum", "average"):
        for candidate in best[:4]:
            run = _run(candidate)
            if run and _asked_number(question, run):
                yield Choice(name, run, [candidate], candidate.features["own"])
    if name in ("growth", "difference") and not periods[1:]:
        for operands, sources in _pair(best[0]):
            yield Choice(name, operands, sources, best[0].features["own"])
    if name == "difference" and best[0].passage.kind == "table" and len(best[0].facts) == 2:
        one, other = best[0].facts
        if same_class(one.fact.figure, other.fact.figure):
            fit = _whole(best[0])
            yield Choice(name, _ordered(one, other), [best[0]], fit)
    if name == "difference" and _SPARE.search(question.query.text):
        for operands, sources in _remainder(question, best):
            yield Choice(name, operands, sources, best[0].features["own"])


def _certain(candidate: Candidate) -> float:
    """What it states as a whole, with what the label of its best figure states."""
    return _whole(candidate) + candidate.features["label"] + candidate.features["focus"]


def _whole(candidate: Candidate) -> float:
    """The share of the question that a candidate states itself and under its table's head."""
    return candidate.features["own"] + candidate.features["head"]


def _pairs(
    question: Question,
    kinds: Sequence[Named],
    found: Sequence[Candidate],
) -> Iterator[Choice]:
    """Two operands, wherever in the evidence they stand."""
    for name, pairs in kinds:
        for pair in pairs:
            made = best_pair(
                pair,
                found,
                question.wanted,
                share=name == "share",
                alike=name in ("difference", "sum"),
            )
            if made is not None:
                yield Choice(name, [made.first, made.second], made.sources, made.fit)


def _asked_number(question: Question, run: Sequence[Placed]) -> bool:
    """Whether a sequence has as many figures as the question says ("三年"), where it says so."""
    match = _YEARS.search(question.query.text)
    return match is None or "一二三四五六七八九".find(match[1]) + 1 == len(run)


Operands = tuple[list[Placed], list[Candidate]]


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


def _pair(candidate: Candidate) -> Iterator[Operands]:
    """Two figures of one unit in a sentence, one of them named as the base ("较 b")."""
    text = candidate.passage.text
    for one in candidate.facts:
        if not _BASE.search(text[candidate.start : one.start]):
            continue
        for other in candidate.facts:
            same = same_class(one.fact.figure, other.fact.figure)
            if other.start < one.start and same and other.fact.figure.unit not in ("%", ""):
                yield [other, one], [candidate]


def _remainder(question: Question, best: Sequence[Candidate]) -> Iterator[Operands]:
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
    if name == "before":
        return earlier(figures[0], _signed(operands[1]))
    build = {"growth": growth, "difference": difference, "share": share, "multiple": multiple}[name]
    return build(figures[0], figures[1])


def _signed(rate: Placed) -> Figure:
    """A percentage with the sign that its words give it ("减少10%" is −10 %)."""
    figure = rate.fact.figure
    if rate.fact.direction >= 0 or figure.value is None:
        return figure
    return replace(figure, value=-abs(figure.value))
