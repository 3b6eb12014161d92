"""Reading: every figure of the passages found, with what it measures, ranked for a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answer.asked import Asked, asked, fits
from rag.index.terms import terms
from rag.retrieve.query import Query
from rag.types import Hit, Passage
from rag.verify.dates import contains
from rag.verify.evidence import EvidenceSpan, read_evidence
from rag.verify.facts import Fact

READ = 14
"""Passages that are read for figures."""
OWN, SAME, HEAD, NEAR = 1.0, 0.75, 0.6, 0.3
"""What a term of the question counts where it stands: label or column, same sentence or row,
headings and caption, elsewhere in the passage."""


@dataclass(frozen=True, slots=True)
class Found:
    """A fact of a passage, its place there, and how well it answers.

    `start:end` is the figure in `passage.text`; `row` the span of its row or sentence. `cover` is
    the share of the question's terms found, `focus` the share of the label's terms asked for,
    `period` 1 for the asked period, 0.4 where none is said, 0 for another.
    """

    fact: Fact
    passage: Passage
    start: int
    end: int
    row: tuple[int, int]
    cover: float
    focus: float
    period: float
    kind: float
    rank: int
    score: float = 0.0

    @property
    def text(self) -> str:
        return self.passage.text[self.row[0] : self.row[1]]


def in_context(passage: Passage) -> str:
    """A passage under its company, title and headings, as the verifier reads it."""
    whose = (passage.item or passage.filing.company, passage.filing.title, *passage.section)
    return "\n".join((*(part for part in whose if part), passage.text))


def read(query: Query, hits: Sequence[Hit], weight: Mapping[str, float]) -> list[Found]:
    """The facts of the first passages, best first."""
    wanted = asked(query)
    found: list[Found] = []
    for hit in hits[:READ]:
        if hit.passage.section[:1] != ("目录",):
            found += _of_passage(query, wanted, hit, weight)
    found.sort(key=lambda f: -f.score)
    return found


def _of_passage(query: Query, wanted: Asked, hit: Hit, weight: Mapping[str, float]) -> list[Found]:
    passage = hit.passage
    context = in_context(passage)
    shift = len(context) - len(passage.text)
    around = frozenset(terms(context[:shift]))
    every = frozenset(terms(passage.text)) | around
    measured = {t: w for t, w in weight.items() if not _is_period(t)}
    found = []
    for fact in read_evidence(EvidenceSpan(hit.rank, passage.text, context)).facts:
        start, end = fact.figure.start - shift, fact.figure.end - shift
        if start < 0:
            continue
        row = _row(passage, start)
        item = _judged(query, wanted, hit, fact, (start, end), row, measured, around, every)
        found.append(item)
    return found


def _judged(
    query: Query, wanted: Asked, hit: Hit, fact: Fact, place: tuple[int, int], row: tuple[int, int],
    weight: Mapping[str, float], around: frozenset[str], every: frozenset[str],
) -> Found:  # fmt: skip
    passage = hit.passage
    label = frozenset(terms(f"{fact.label} {fact.column}"))
    same = frozenset(terms(passage.text[row[0] : row[1]])) | frozenset(terms(fact.wide))
    total = sum(weight.values()) or 1.0
    cover = 0.0
    for term, w in weight.items():
        if term in label:
            cover += w * OWN
        elif term in same:
            cover += w * SAME
        elif term in around:
            cover += w * HEAD
        elif term in every:
            cover += w * NEAR
    cover /= total
    words = [t for t in label if not t[0].isdigit()]
    asked_terms = set(weight)
    focus = sum(t in asked_terms for t in words) / len(words) if words else 0.0
    period = _period(wanted, fact)
    kind = fits(wanted.kind, fact.figure.unit, bare=fact.figure.bare)
    speaker = (
        -0.12 if passage.speaker == "question" else -0.03 if passage.speaker == "opinion" else 0
    )
    score = cover + 0.25 * focus + 0.3 * period + 0.15 * kind + speaker + 0.05 / hit.rank
    return Found(fact, passage, *place, row, cover, focus, period, kind, hit.rank, score)


def _period(wanted: Asked, fact: Fact) -> float:
    if not wanted.periods:
        return 0.5
    stated = fact.periods or fact.named
    if not stated:
        return 0.4
    sure = bool(fact.periods) and not fact.weak
    for want in wanted.periods:
        if any(contains(want, s) or contains(s, want) for s in stated):
            return 1.0 if sure else 0.7
    return 0.0 if sure else 0.2


def _is_period(term: str) -> bool:
    return term[:4].isdigit() and term[:2] in ("19", "20") and len(term) >= 4


def _row(passage: Passage, start: int) -> tuple[int, int]:
    """The line of a table, or the sentence of a text, in which an offset stands."""
    from rag.answer.evidence import pieces_of

    for a, b in pieces_of(passage):
        if a <= start < b:
            return a, b
    line = passage.text.rfind("\n", 0, start) + 1
    end = passage.text.find("\n", start)
    return line, end if end >= 0 else len(passage.text)
