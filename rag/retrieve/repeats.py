"""Near-identical repeats: filings state whole sections twice, in a summary and in a chapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.index.memory import PassageTerms
from rag.types import Hit

ALIKE = 0.9
"""Two passages with the same figures repeat each other from this share of common terms on."""


def collapse(hits: Sequence[Hit], terms: Mapping[str, PassageTerms]) -> list[Hit]:
    """Repeats become one hit, the best, that lists where else the words stand."""
    kept: list[Hit] = []
    alike: dict[frozenset[str], list[tuple[int, PassageTerms]]] = {}
    for hit in hits:
        passage = terms[hit.passage.id]
        same = alike.setdefault(passage.figures, [])
        at = next((at for at, other in same if _repeats(passage, other)), None)
        if at is None:
            same.append((len(kept), passage))
            kept.append(hit)
        else:
            place = ", ".join(filter(None, (hit.passage.filing.title, hit.passage.pages[0])))
            kept[at] = replace(kept[at], repeats=(*kept[at].repeats, place))
    return kept


def _repeats(passage: PassageTerms, other: PassageTerms) -> bool:
    """Whether so many of the terms are common; sizes far apart tell without a comparison."""
    fewer, more = sorted((len(passage.words), len(other.words)))
    if fewer < ALIKE * more:
        return False
    common = len(passage.words & other.words)
    return common >= ALIKE * (fewer + more - common)
