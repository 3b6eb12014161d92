"""Near-identical repeats: filings state whole sections twice, in a summary and in a chapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from rag.index.memory import PassageTerms
from rag.types import Hit

ALIKE = 0.9
"""Two passages with the same figures repeat each other from this share of common terms on."""


def collapse(hits: Sequence[Hit], terms: Mapping[str, PassageTerms]) -> list[Hit]:
    """Repeats become one hit, the best, that lists where else the words stand."""
    kept: list[Hit] = []
    alike: dict[frozenset[str], list[int]] = {}

    @cache
    def words(passage: str) -> frozenset[str]:
        return frozenset(terms[passage].body)

    for hit in hits:
        i = hit.passage.id
        same = alike.setdefault(terms[i].figures, [])
        at = next((n for n in same if _repeats(words(i), words(kept[n].passage.id))), None)
        if at is None:
            same.append(len(kept))
            kept.append(hit)
        else:
            place = ", ".join(filter(None, (hit.passage.filing.title, hit.passage.pages[0])))
            kept[at] = replace(kept[at], repeats=(*kept[at].repeats, place))
    return kept


def _repeats(words: frozenset[str], other: frozenset[str]) -> bool:
    """Whether so many of the terms are common; sizes far apart tell without a comparison."""
    fewer, more = sorted((len(words), len(other)))
    if fewer < ALIKE * more:
        return False
    common = len(words & other)
    return common >= ALIKE * (fewer + more - common)
