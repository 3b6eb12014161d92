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
from rag.answer.planner import plan
from rag.answer.polarity import verdict
from rag.answer.ranking import THRESHOLD, Way, confidence, ranked
from rag.answer.shown import Line, Neighbours, announced, candidate_line
from rag.retrieve.query import Query
from rag.types import Hit

_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
BUDGET, LONG_BUDGET = 220, 320
"""Characters of an answer beyond which no further line is added; the second where several things
are asked for."""
CLOSE = 2.0
"""How far below the best a candidate may score to be shown beside it."""
ADDS = 0.03
"""Share of the question that a line must add to one that already gives the figure asked for."""
NEW = 6.0
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
    planned = plan(question, found) if compares is None else None
    lead, way = "", Way()
    if compares is not None:
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
    most = 3 if question.several or question.query.form in ("list", "compare") else 2
    budget = LONG_BUDGET if most == 3 else BUDGET
    best = order[0][1]
    chosen, lines = [order[0][0]], [candidate_line(question, order[0][0])]
    lines += announced(order[0][0], neighbours)
    rest = [(c, score) for c, score in order[1:12] if best - score <= CLOSE]
    while rest and len(lines) < most:
        stated = frozenset().union(*(c.stated for c in chosen))
        said = question.stated(stated)
        if _answered(question, chosen[0]):
            rest = [(c, x) for c, x in rest if question.stated(stated | c.stated) > said + ADDS]
            if not rest:
                break
        gains = [score + NEW * question.stated(stated | c.stated) for c, score in rest]
        candidate, _ = rest.pop(gains.index(max(gains)))
        line = candidate_line(question, candidate)
        if _length(lines) + len(line.text) <= budget and not _repeats(lines, line):
            chosen.append(candidate)
            lines.append(line)
    return tuple(chosen), tuple(lines)


def _answered(question: Question, first: Candidate) -> bool:
    """Whether one figure is asked for and a candidate gives one of its kind and period."""
    if question.several or question.wanted.kind in ("", "date"):
        return False
    return any(f.kind >= 0.5 and f.period >= 0.5 and f.label > 0.3 for f in first.facts)


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
