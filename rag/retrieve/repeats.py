"""Near-identical repeats: filings state whole sections twice, in a summary and in a chapter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.types import Hit

ALIKE = 0.9
"""Two passages with the same figures repeat each other from this share of common terms on."""
_FIGURE = re.compile(r"(?<!\S)\d\S*")


def collapse(hits: Sequence[Hit], columns: Mapping[str, Mapping[str, str]]) -> list[Hit]:
    """Repeats become one hit, the best, that lists where else the words stand."""
    kept: list[Hit] = []
    alike: dict[frozenset[str], list[tuple[int, frozenset[str]]]] = {}
    for hit in hits:
        body = columns[hit.passage.id]["body"]
        words = frozenset(body.split())
        same = alike.setdefault(frozenset(_FIGURE.findall(body)), [])
        at = next((at for at, other in same if _repeats(words, other)), None)
        if at is None:
            same.append((len(kept), words))
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
