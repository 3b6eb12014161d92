"""Operands of a computation that the question does not name one by one: every pair of figures of
the best evidence is weighed by what speaks for it, and the best pair is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from rag.answer.bearing import bare_label, is_total
from rag.answer.judged import Candidate, Placed, Question
from rag.answer.operation import Operation
from rag.answer.trees import learned
from rag.index.terms import normalise
from rag.verify.figure import same_class

SOURCES, FIGURES = 12, 40
"""Candidates, and figures of them, among which operands are looked for."""
_RATE = re.compile(r"率|比例|占比|比重|[%％]")
WEIGHTS: Mapping[str, Mapping[str, float]] = learned("operands")
"""What each feature of a pair adds to its score, by operation; fitted on the `dev` split by
`eval/trials/answer_fit.py`."""


@dataclass(frozen=True, slots=True)
class Duo:
    """Two operands in order, the candidates that they stand in, and what speaks for them."""

    first: Placed
    second: Placed
    sources: tuple[Candidate, ...]
    features: Mapping[str, float]
    score: float


def duos(
    question: Question, order: Sequence[tuple[Candidate, float]], name: Operation
) -> Iterator[Duo]:
    """Every pair of figures that the operation makes sense for."""
    pool = list(_pool(question, order))
    for (a, of_a, gap_a), (b, of_b, gap_b) in permutations(pool, 2):
        if _fits(name, a, b, of_a, of_b):
            features = _features(question, (a, of_a, gap_a), (b, of_b, gap_b))
            score = sum(w * features[key] for key, w in WEIGHTS[name].items())
            yield Duo(a, b, (of_a,) if of_a is of_b else (of_a, of_b), features, score)


def best_duo(
    question: Question, order: Sequence[tuple[Candidate, float]], name: Operation
) -> Duo | None:
    """The pair that most speaks for."""
    return max(duos(question, order, name), key=lambda duo: duo.score, default=None)


Placing = tuple[Placed, Candidate, float]


def _pool(question: Question, order: Sequence[tuple[Candidate, float]]) -> Iterator[Placing]:
    seen: set[tuple[str, int]] = set()
    best = order[0][1] if order else 0.0
    for candidate, score in order[:SOURCES]:
        for placed in candidate.facts:
            figure, place = placed.fact.figure, (candidate.passage.id, placed.start)
            if figure.kind in ("date", "code") or figure.value is None or place in seen:
                continue
            seen.add(place)
            if len(seen) > FIGURES:
                return
            yield placed, candidate, score - best


def _fits(name: Operation, a: Placed, b: Placed, of_a: Candidate, of_b: Candidate) -> bool:
    """Whether the operation can be done with two figures in this order."""
    one, other = a.fact.figure, b.fact.figure
    assert one.value is not None
    assert other.value is not None
    if not same_class(one, other) or (one.value == other.value and name != "sum"):
        return False
    if of_a.passage.filing.id != of_b.passage.filing.id:
        return False
    if name == "share":
        if _over_time(a, b):
            return False
        return (
            one.unit != "%" and 0 < one.value < other.value and not _is_rate(a) and not _is_rate(b)
        )
    if name == "growth":
        return one.unit != "%" and other.value != 0 and not _is_rate(a) and not _is_rate(b)
    if name == "sum":
        return a.start < b.start or of_a is not of_b
    return other.value != 0


def _over_time(a: Placed, b: Placed) -> bool:
    """Whether two figures are one measure at two times."""
    same = bare_label(a.fact.label) == bare_label(b.fact.label)
    return same and bool(a.fact.periods) and a.fact.periods != b.fact.periods


def _is_rate(placed: Placed) -> bool:
    return placed.fact.figure.bare and bool(
        _RATE.search(f"{placed.fact.label} {placed.fact.column}")
    )


def _features(question: Question, one: Placing, other: Placing) -> dict[str, float]:
    (a, of_a, gap_a), (b, of_b, gap_b) = one, other
    around_a, around_b = a.words | of_a.around | of_a.stated, b.words | of_b.around | of_b.stated
    label_a, label_b = bare_label(a.fact.label), bare_label(b.fact.label)
    text = normalise(question.query.text)
    same_row = of_a is of_b
    same_column = bool(a.fact.column) and a.fact.column == b.fact.column
    both = question.stated(a.words | b.words)
    dated = bool(a.fact.periods) and bool(b.fact.periods)
    over_time = dated and a.fact.periods != b.fact.periods
    later = over_time and a.fact.periods[0] > b.fact.periods[0]
    amounts = [f for f in of_a.facts if same_class(f.fact.figure, a.fact.figure)]
    where_a, where_b = (_first_said(text, label) for label in (label_a, label_b))
    in_order = where_a >= 0 and where_b >= 0 and where_a < where_b
    return {
        "own": both,
        "least": min(a.label, b.label),
        "around": question.stated(around_a | around_b),
        "focus": a.focus + b.focus,
        "worse_focus": min(a.focus, b.focus),
        "gap": gap_a + gap_b,
        "worse_gap": min(gap_a, gap_b),
        "same_row": float(same_row),
        "same_passage": float(of_a.passage.id == of_b.passage.id and not same_row),
        "same_column": float(same_column and not same_row),
        "only_two": float(same_row and len(amounts) == 2),
        "same_label": float(bool(label_a) and label_a == label_b),
        "over_time": float(over_time),
        "later_first": float(later),
        "period": min(a.period, b.period),
        "period_first": a.period,
        "in_order": float(in_order),
        "said": float(where_a >= 0) + float(where_b >= 0),
        "total_last": float(is_total(b.fact.label)),
        "larger_first": float((a.fact.figure.value or 0) > (b.fact.figure.value or 0)),
        "percent": float(a.fact.figure.unit == "%"),
        "kind": a.kind + b.kind,
    }


def _first_said(text: str, label: str) -> int:
    """Where the question first says a label, or most of it; -1 where it does not."""
    for size in range(len(label), 1, -1):
        for start in range(len(label) - size + 1):
            if (at := text.find(label[start : start + size])) >= 0:
                return at if 2 * size >= min(len(label), 8) else -1
    return -1
