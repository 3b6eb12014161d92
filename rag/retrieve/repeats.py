"""Near-identical repeats: filings state whole sections twice, in a summary and in a chapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.types import Hit

ALIKE = 0.9
"""Two passages with the same figures repeat each other from this share of common terms on."""


def collapse(hits: Sequence[Hit], columns: Mapping[str, Mapping[str, str]]) -> list[Hit]:
    """Repeats become one hit, the best, that lists where else the words stand."""
    kept: list[Hit] = []
    alike: dict[tuple[str, ...], list[tuple[int, frozenset[str]]]] = {}
    for hit in hits:
        words = frozenset(columns[hit.passage.id]["body"].split())
        figures = tuple(sorted(word for word in words if word[0].isdigit()))
        same = alike.setdefault(figures, [])
        for at, other in same:
            if len(words & other) >= ALIKE * len(words | other):
                place = ", ".join(filter(None, (hit.passage.filing.title, hit.passage.pages[0])))
                kept[at] = replace(kept[at], repeats=(*kept[at].repeats, place))
                break
        else:
            same.append((len(kept), words))
            kept.append(hit)
    return kept
