"""Answers without a model: composed of the sentences and table rows that state what is asked.

A question is answered by the first of these that is certain enough: arithmetic over cited figures,
one measure for every asked period, a figure with what it measures, a sentence that states what is
asked. Where none is, the documents are said to be silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.answer.asked import Asked, asked
from rag.answer.draft import Draft
from rag.answer.evidence import Piece, select
from rag.answer.planner import Planned, line_with, operation, plan
from rag.answer.reading import Found, read
from rag.answer.shown import Line, fact_line, sentence_line
from rag.index.terms import terms
from rag.retrieve.query import Query
from rag.types import Hit

ENOUGH_FACT = 0.62
"""Least score of a figure that answers (docs/answers.md shows how it was chosen)."""
ENOUGH_PIECE = 0.30
"""Least share of the question's weighted terms that a sentence must state."""
BUDGET = 150
"""Characters of an answer beyond which no further line is added."""
_REASON = re.compile(
    r"主要系|原因|由于|因为|系因|所致|导致|基于|为了|because|due to|owing to|as a result|driven by|reason|attributable to",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A question with all that was found for it."""

    query: Query
    wanted: Asked
    hits: Sequence[Hit]
    found: Sequence[Found]
    pieces: Sequence[Piece]


def compose(query: Query, hits: Sequence[Hit], weight: Mapping[str, float]) -> Draft:
    """Answer from what was found, or refuse."""
    case = Case(query, asked(query), hits, read(query, hits, weight), select(query, hits, weight))
    for answerer in _answerers(case):
        lines = answerer(case)
        if lines:
            return _draft(lines)
    return Draft("", "not_found")


def _answerers(case: Case) -> Iterator[Callable[[Case], list[Line]]]:
    """What to try, in order, for this form of question."""
    if case.query.form == "reason":
        yield _reasons
        return
    if case.query.form in ("list", "yesno"):
        yield _sentences
        return
    if operation(case.query) is not None:
        yield _calculation
    if len(case.wanted.periods) > 1:
        yield _series
    if case.wanted.kind not in ("", "date"):
        yield _figures
    yield _sentences


def _draft(lines: Sequence[Line]) -> Draft:
    text = "\n".join(f"{line.text}[{n}]" for n, line in enumerate(lines, 1))
    return Draft(text, "answered", tuple(line.citation(n) for n, line in enumerate(lines, 1)))


def _calculation(case: Case) -> list[Line]:
    planned = plan(case.query, case.wanted, case.found)
    if planned is None or planned.operands[0].score < ENOUGH_FACT:
        return []
    line = fact_line(case.query, list(planned.operands))
    return [_with_result(line, planned)]


def _with_result(line: Line, planned: Planned) -> Line:
    return Line(f"{line.text}; {planned.words}", line.passage, line.start, line.end)


def _series(case: Case) -> list[Line]:
    """One measure for each of the asked periods."""
    line = line_with(case.wanted.periods, case.found)
    if line is None or max(f.score for f in line.values()) < ENOUGH_FACT:
        return []
    return [fact_line(case.query, list(dict.fromkeys(line.values())))]


def _figures(case: Case) -> list[Line]:
    """The best figure, with those beside it that the question also asks for."""
    if not case.found or case.found[0].score < ENOUGH_FACT or not _periods_fit(case):
        return []
    lines: list[Line] = []
    used: set[tuple[str, tuple[int, int]]] = set()
    for best in case.found[:6]:
        key = (best.passage.id, best.row)
        if key in used or best.score < max(ENOUGH_FACT, case.found[0].score - 0.12):
            continue
        used.add(key)
        line = fact_line(case.query, _beside(best, case.found))
        if lines and (_length(lines) + len(line.text) > BUDGET or _adds_nothing(case, lines, line)):
            continue
        lines.append(line)
    return lines[:2]


def _beside(best: Found, found: Sequence[Found]) -> list[Found]:
    """Facts of the same row that score almost as well, in reading order."""
    same = [
        f
        for f in found
        if f.passage.id == best.passage.id and f.row == best.row and f.score >= best.score - 0.1
    ]
    return sorted(dict.fromkeys(same), key=lambda f: f.start)[:4]


def _periods_fit(case: Case) -> bool:
    return not case.wanted.periods or case.found[0].period >= 0.4


def _length(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _adds_nothing(case: Case, lines: Sequence[Line], line: Line) -> bool:
    """Whether a further line states no term of the question that the others lack."""
    wanted = frozenset(case.query.terms) | frozenset(case.query.extra)
    before = frozenset(terms("\n".join(x.text for x in lines)))
    return not (wanted & frozenset(terms(line.text))) - before


def _reasons(case: Case) -> list[Line]:
    """The sentences that give the reason; those with a causal word count more."""
    ranked = sorted(
        case.pieces, key=lambda p: -(p.score + (0.25 if _REASON.search(p.text) else 0.0))
    )
    return _best_sentences(case, [p for p in ranked if p.passage.kind == "text"], most=2)


def _sentences(case: Case) -> list[Line]:
    most = 3 if case.query.form in ("list", "compare") else 2
    return _best_sentences(case, case.pieces, most=most)


def _best_sentences(case: Case, pieces: Sequence[Piece], *, most: int) -> list[Line]:
    if not pieces or pieces[0].score < ENOUGH_PIECE or not _years_stated(case, pieces[0]):
        return []
    lines = [sentence_line(case.query, pieces[0])]
    for piece in pieces[1:8]:
        line = sentence_line(case.query, piece)
        short = _length(lines) + len(line.text) <= BUDGET
        if len(lines) < most and short and piece.score >= 0.7 * pieces[0].score and piece.own > 0.1:
            lines.append(line)
    return lines


def _years_stated(case: Case, piece: Piece) -> bool:
    """Every year that is asked for must stand in the sentence or around it."""
    stated = frozenset(terms(f"{piece.context}\n{piece.passage.text}"))
    return all(period[:4] in stated for period in case.query.periods if period[:4].isdigit())
