"""Features of a passage for a question, on which our own reranking rests.

All are cheap: sets of terms, compared sentence by sentence or row by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.index.terms import terms
from rag.load.outline import OPINION
from rag.retrieve.query import Query
from rag.types import Passage
from rag.verify.sentences import split_sentences

CONTENTS = "目录"
WEIGHTS: Mapping[str, float] = {
    "unit": 1.0,
    "passage": 0.5,
    "period": 0.2,
    "contents": -0.6,
    "question": -0.15,
}
"""Weight of each feature in the reranked score, beside the fused score scaled to 0..1."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The terms of a passage: of each sentence or row, and of its headings and table header."""

    units: tuple[frozenset[str], ...]
    around: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return frozenset().union(self.around, *self.units)


def index(passage: Passage) -> Indexed:
    """The terms of a passage by sentence (text) or row (table)."""
    around = frozenset(terms(" ".join(passage.section[-2:])))
    if passage.kind == "table":
        lines = passage.text.split("\n")
        head = frozenset(terms("\n".join(lines[:3])))
        return Indexed(tuple(frozenset(terms(line)) for line in lines), around | head)
    spans = split_sentences(passage.text)
    return Indexed(tuple(frozenset(terms(passage.text[a:b])) for a, b in spans), around)


def features(query: Query, passage: Passage, weight: Mapping[str, float]) -> dict[str, float]:
    """Feature name -> value in 0..1 (penalties are 0 or 1). `weight` has each term's idf."""
    indexed = index(passage)
    every = indexed.all
    total = sum(weight.values()) or 1.0
    whole = sum(w for term, w in weight.items() if term in every) / total
    best = max((_unit_share(unit, every, weight) for unit in indexed.units), default=0.0) / total
    return {
        "unit": best,
        "passage": whole,
        "period": _periods(query, every),
        "contents": float(passage.section[:1] == (CONTENTS,)),
        "question": float(passage.speaker == "question"),
        "opinion": float(any(OPINION.search(h) for h in passage.section)),
    }


def _unit_share(unit: frozenset[str], every: frozenset[str], weight: Mapping[str, float]) -> float:
    """Terms in the unit itself count fully, terms elsewhere in the passage a third."""
    return sum(w if t in unit else w * 0.3 for t, w in weight.items() if t in every)


def _periods(query: Query, every: frozenset[str]) -> float:
    if not query.periods:
        return 0.0
    return sum(period in every for period in query.periods) / len(query.periods)


def combined(fused: float, found: Mapping[str, float]) -> float:
    """The reranked score: the fused score and the weighted features."""
    return fused + sum(WEIGHTS.get(name, 0.0) * value for name, value in found.items())
