"""An answer taken apart: its statements, the figures that each claims, the evidence that counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rag.types import Check
from rag.verify.evidence import ReadEvidence, facts_of
from rag.verify.facts import Fact
from rag.verify.figure import Figure
from rag.verify.figures import find_figures
from rag.verify.periods import listed
from rag.verify.sentences import split_sentences
from rag.verify.subject import Asked

_MARKER = re.compile(r"\[(\d{1,3}(?:\s?[-,\uff0c、–—]\s?\d{1,3})*)\]")


@dataclass(frozen=True, slots=True)
class Finding:
    """A check with its place: `start:end` of the claim and of its statement in the answer's text.

    `reason` is "" when it holds, else "not stated", "sign", "period" or "subject": a figure that
    the source gives, but for another period, row, column or company.
    """

    check: Check
    start: int
    end: int
    statement: tuple[int, int]
    reason: str = ""


@dataclass
class Statement:
    """A statement of the answer: its span, the evidence that counts for it, its figures."""

    text: str
    start: int
    end: int
    evidence: list[ReadEvidence]
    claims: list[Fact]
    figures: list[Figure]
    asked: Asked
    shown: list[Fact] = field(default_factory=list)
    """Facts that back the figures of this and the last statements."""
    results: list[tuple[Fact, str]] = field(default_factory=list)
    """Figures of this statement that were computed, with their expressions."""

    @cached_property
    def facts(self) -> list[Fact]:
        return [fact for read in self.evidence for fact in read.facts]

    @cached_property
    def stated(self) -> list[tuple[Figure, ReadEvidence]]:
        return [(figure, read) for read in self.evidence for figure in read.figures]


def cited_numbers(statement: str) -> list[int]:
    """The numbers that a statement cites: "[1][3]", "[1, 3]" and "[1-3]" are understood."""
    cited: list[int] = []
    for match in _MARKER.finditer(statement):
        for part in re.split(r"[,\uff0c、]", match[1]):
            ends = [int(number) for number in re.findall(r"\d+", part)]
            cited += range(ends[0], min(ends[-1], ends[0] + 50) + 1)
    return cited


def statements_of(text: str, read: Sequence[ReadEvidence], question: str) -> Iterator[Statement]:
    """The statements of an answer, each with the evidence that its markers cite, or all of it."""
    blanked = _MARKER.sub(lambda m: " " * len(m.group()), text)
    figures = find_figures(blanked)
    in_question = find_figures(question)
    mains = {evidence.main for evidence in read if evidence.main}
    main = mains.pop() if len(mains) == 1 else ""
    claims = [_in_asked_order(c, question, in_question) for c in _claims(blanked, figures, main)]
    asked_dates = [f.unit for f in in_question if f.kind == "date"]
    asked = Asked(question, tuple(dict.fromkeys(asked_dates)))
    for start, end in split_sentences(text):
        cited = set(cited_numbers(text[start:end]))
        pool = [evidence for evidence in read if evidence.span.n in cited] or list(read)
        own = [c for c in claims if start <= c.figure.start < end]
        yield Statement(
            blanked[start:end],
            start,
            end,
            pool,
            own,
            [f for f in figures if start <= f.start < end],
            asked if len(own) == 1 else replace(asked, periods=(), alone=False),
        )


def _claims(text: str, figures: Sequence[Figure], main: str) -> list[Fact]:
    """The figures of an answer as facts; a period is taken over from `main` only where words such
    as 上年 or 期初 point at it."""
    return [
        replace(claim, periods=()) if claim.weak and claim.periods == (main,) else claim
        for claim in facts_of(text, figures, main)
    ]


def _in_asked_order(claim: Fact, question: str, dates: Sequence[Figure]) -> Fact:
    """A list of figures without periods is for the periods that the question lists, in its order."""
    place, count = claim.seat
    if count < 2 or claim.periods:
        return claim
    periods = listed(question, dates, count)
    if not periods:
        return claim
    period = periods[place - 1]
    seat = (sorted(periods).index(period) + 1, count)
    return replace(claim, periods=(period,), weak=False, seat=seat)


def make_finding(statement: Statement, figure: Figure, check: Check, reason: str = "") -> Finding:
    """A finding at the place of `figure`."""
    return Finding(check, figure.start, figure.end, (statement.start, statement.end), reason)
