"""Evidence as numbered sources for a prompt: the best pieces, those of one passage together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prompts import Source
from rag.answer.evidence import Piece
from rag.answer.judged import candidates, question_of
from rag.answer.ranking import ranked
from rag.retrieve.query import Query
from rag.tokens import count_tokens
from rag.types import Citation, Hit, Passage

OVERHEAD = 30
"""Tokens that a fence and its origin line take."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A numbered source and the pieces of its passage that it shows, in reading order."""

    number: int
    passage: Passage
    pieces: tuple[Piece, ...]
    titled: bool = True
    """Whether its filing is named by its title: once is enough, its company tells the others."""

    @property
    def text(self) -> str:
        """What the model reads: caption, unit and header once, then the rows or sentences."""
        head = self.pieces[0].head
        lines = [piece.text for piece in self.pieces]
        joined = ("\n" if self.passage.kind == "table" else " … ").join(lines)
        return f"{head}\n{joined}" if head else joined

    @property
    def source(self) -> Source:
        """The source for the prompt."""
        ref = self.passage.filing
        whose = ref.title[:40] if self.titled or not ref.company else ref.company[:20]
        item = self.passage.item[:30]
        place = (whose, item, *self.passage.section[-1:], self.pieces[0].page or "")
        return Source(self.number, " · ".join(part for part in place if part), self.text)


MOST_PIECES = 60


def read_for(
    query: Query,
    hits: Sequence[Hit],
    weight: Mapping[str, float],
    composed: Sequence[Citation] = (),
) -> list[Piece]:
    """What a model reads for a question, best first: the places that the composed answer rests on,
    then sentences and rows in the order in which composed answers would take them."""
    question = question_of(query, weight)
    order = ranked(question, candidates(question, hits))[:MOST_PIECES]
    pieces = [Piece(c.passage, c.start, c.end, score, c.features["own"]) for c, score in order]
    passages = {hit.passage.id: hit.passage for hit in hits}
    best = max((piece.score for piece in pieces), default=1.0)
    first = [
        Piece(passages[c.passage_id], c.start, c.end, best, 1.0)
        for c in composed
        if c.passage_id in passages
    ]
    return first + [piece for piece in pieces if not any(_overlap(piece, f) for f in first)]


def _overlap(one: Piece, other: Piece) -> bool:
    same = one.passage.id == other.passage.id
    return same and one.start < other.end and other.start < one.end


def shown_sources(pieces: Sequence[Piece], budget: int) -> tuple[Shown, ...]:
    """The best pieces that fit into `budget` tokens, as sources numbered by their best piece."""
    groups: dict[str, list[Piece]] = {}
    spent = 0
    for piece in pieces:
        known = piece.passage.id in groups
        cost = count_tokens(piece.text) + (0 if known else count_tokens(piece.head) + OVERHEAD)
        if spent + cost > budget and groups:
            continue
        spent += cost
        groups.setdefault(piece.passage.id, []).append(piece)
    shown: list[Shown] = []
    for n, found in enumerate(groups.values(), 1):
        passage = found[0].passage
        known = any(other.passage.filing.id == passage.filing.id for other in shown)
        in_order = tuple(sorted(found, key=lambda piece: piece.start))
        shown.append(Shown(n, passage, in_order, titled=not known))
    return tuple(shown)
