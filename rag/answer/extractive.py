"""Answers without a model: composed of the sentences and table rows that state what is asked.

Every sentence and row of the passages found is a candidate. They are ranked, the best one or few
are shown with their figures, arithmetic that the question asks for is added, and the answer is
given only where a calibrated estimate says that it is likely right; else it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answer.compared import compare
from rag.answer.complete import lacks
from rag.answer.draft import Draft
from rag.answer.judged import Candidate, Question, candidates, question_of
from rag.answer.listed import listed
from rag.answer.planner import plan, total_row
from rag.answer.polarity import verdict
from rag.answer.ranking import THRESHOLD, Way, confidence, ranked
from rag.answer.shown import Line, Neighbours, announced, candidate_line
from rag.retrieve.query import Query
from rag.types import Hit

_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
LINES, BUDGET = 4, 320
"""Lines, and characters of them, that an answer has at most where more than one thing is asked."""
CLOSE = 3.0
"""How far below the best a candidate may score to be shown beside it."""
ONE_LINES, ONE_BUDGET, ONE_CLOSE = 2, 240, 0.4
"""The same where one thing is asked: the line that states it best, more would only blur it; a
second one where the ranking hardly tells the two apart."""
NEW = 2.0
"""What a candidate's score gains by stating all of what the lines before it leave open."""


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer before the decision to give it."""

    question: Question
    chosen: tuple[Candidate, ...]
    lines: tuple[Line, ...]
    lead: str
    """ "是。", "No." where a yes/no question is decided; else empty."""
    confidence: float
    way: Way
    lacking: str
    """What is certainly missing (:func:`rag.answer.complete.lacks`); empty where nothing is."""


def compose(
    query: Query,
    hits: Sequence[Hit],
    weight: Mapping[str, float],
    *,
    neighbours: Neighbours | None = None,
) -> Draft:
    """Answer from what was found, or refuse.

    `neighbours` gives the passages round a passage (its id, the reach), for items that a sentence
    announces and that stand in the next passage; without it they are left out.
    """
    made = composed(query, hits, weight, neighbours=neighbours)
    if made is None or made.lacking or made.confidence < THRESHOLD:
        return Draft("", "not_found")
    text = "\n".join(f"{line.text}[{n}]" for n, line in enumerate(made.lines, 1))
    citations = tuple(line.citation(n) for n, line in enumerate(made.lines, 1))
    return Draft(made.lead + text, "answered", citations)


def composed(
    query: Query,
    hits: Sequence[Hit],
    weight: Mapping[str, float],
    *,
    neighbours: Neighbours | None = None,
) -> Composed | None:
    """The best answer that there is, with how likely it is right; None where nothing was found."""
    question = question_of(query, weight)
    order = ranked(question, candidates(question, hits))
    if not order:
        return None
    found = [candidate for candidate, _ in order]
    compares = compare(question, found)
    total = total_row(question, found)
    planned = plan(question, order) if compares is None and total is None else None
    chosen: tuple[Candidate, ...]
    lines: tuple[Line, ...]
    lead, way = "", Way()
    if total is not None:
        chosen, lines = (total,), (candidate_line(question, total),)
    elif compares is not None:
        chosen, lines, lead = compares.candidates, compares.lines, compares.lead
        way = Way(compared=True, fit=compares.fit)
    elif planned is not None:
        chosen, lines = planned.candidates, planned.lines
        way = Way(calculated=True, fit=planned.fit)
    elif (rows := listed(question, found)) is not None:
        chosen, lines = _with_list(question, found[0], rows)
        way = Way(listed=True)
    else:
        chosen, lines = _chosen(question, order, neighbours)
    lead = lead or verdict(query, chosen[0].text)
    sure = confidence(question, order, chosen, way)
    lacking = lacks(question, chosen, calculated=way.calculated)
    return Composed(question, chosen, lines, lead, sure, way, lacking)


def _with_list(
    question: Question, first: Candidate, rows: tuple[tuple[Candidate, ...], Line]
) -> tuple[tuple[Candidate, ...], tuple[Line, ...]]:
    """A list, behind the best candidate where that is a sentence of its own."""
    sources, line = rows
    if first.passage.id == line.passage.id:
        return sources, (line,)
    return (first, *sources), (candidate_line(question, first), line)


def _chosen(
    question: Question,
    order: Sequence[tuple[Candidate, float]],
    neighbours: Neighbours | None,
) -> tuple[tuple[Candidate, ...], tuple[Line, ...]]:
    """The best candidate, then those close to it that state most of what is still open."""
    most, budget, close = LINES, BUDGET, CLOSE
    if _single(question):
        most, budget, close = ONE_LINES, ONE_BUDGET, ONE_CLOSE
    first, best = order[0]
    chosen, lines = [first], [candidate_line(question, first)]
    lines += announced(first, neighbours)
    rest = [(c, score) for c, score in order[1:15] if best - score <= close]
    while rest and len(lines) < most:
        stated = frozenset().union(*(c.stated for c in chosen))
        gains = [score + NEW * question.stated(stated | c.stated) for c, score in rest]
        candidate, _ = rest.pop(gains.index(max(gains)))
        new = all(c.passage.id != candidate.passage.id for c in chosen)
        line = candidate_line(question, candidate, headed=new)
        if _length(lines) + len(line.text) <= budget and not _repeats(lines, line):
            chosen.append(candidate)
            lines.append(line)
    return tuple(chosen), tuple(lines)


def _single(question: Question) -> bool:
    """Whether one thing is asked for: one sentence or row is the answer."""
    several = question.several or question.parts > 1
    return question.query.form in ("one", "calculate") and not several


def _length(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _repeats(lines: Sequence[Line], line: Line) -> bool:
    """Whether a line says what those before it say, gives no figure that they do not, or rests on
    the same place."""
    text = "".join(line.text.split())
    figures = set(_FIGURE.findall(text))
    shown = {figure for other in lines for figure in _FIGURE.findall("".join(other.text.split()))}
    return (bool(figures) and figures <= shown) or any(
        text in "".join(other.text.split())
        or (other.passage.id == line.passage.id and other.start <= line.start < other.end)
        for other in lines
    )
