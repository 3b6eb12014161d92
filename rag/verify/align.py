"""Which sentence or table row of some passages says a statement: verbatim offsets, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.verify.figure import Figure, states
from rag.verify.figures import find_figures
from rag.verify.labels import covered, meaning
from rag.verify.sentences import split_sentences

FIGURES = 3.0
"""How much all figures of a statement weigh against all of its words."""
LONGEST = 3
"""Neighbouring sentences or rows that one quote may join when each adds a figure."""
WEAK = 0.5
"""The share of a statement's words that its evidence must have where no figure decides."""
CLEAR = 0.06
"""How far ahead of other words the best must be."""

_MARKER = re.compile(r"\[\d{1,3}(?:\s?[-,\uff0c、–—]\s?\d{1,3})*\]")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or row of a passage."""

    passage: int
    start: int
    end: int
    words: tuple[str, ...]
    figures: tuple[Figure, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Scored:
    unit: _Unit
    figures: float
    words: float
    found: frozenset[int]

    @property
    def score(self) -> float:
        return FIGURES * self.figures + self.words


def align(statement: str, passages: Sequence[str]) -> tuple[int, int, int] | None:
    """(index, start, end) of the sentence or row that best supports `statement`.

    `passages[index][start:end]` is verbatim. Figures weigh most, by their digits, then the overlap
    of characters and pairs of characters (English: words). Up to three neighbours are joined
    where each adds a figure. None where nothing supports it well or two places do equally.
    """
    bare = _MARKER.sub(" ", statement)
    claimed = find_figures(bare)
    words = meaning(bare)
    units = [
        replace(unit, passage=i) for i, passage in enumerate(passages) for unit in _units(passage)
    ]
    scored = sorted((_scored(u, claimed, words) for u in units), key=lambda s: -s.score)
    if not scored or not _is_strong(scored[0], claimed) or not _is_clear(scored):
        return None
    telling = {i for i, f in enumerate(claimed) if f.kind != "date"}
    adds = {id(s.unit): s.found & telling for s in scored}
    start, end = _joined(scored[0].unit, adds, units)
    return scored[0].unit.passage, start, end


@lru_cache(maxsize=512)
def _units(passage: str) -> tuple[_Unit, ...]:
    figures = find_figures(passage)
    return tuple(_made(passage, figures, span) for span in split_sentences(passage))


def _made(passage: str, figures: Sequence[Figure], span: tuple[int, int]) -> _Unit:
    start, end = span
    text = passage[start:end]
    own = tuple(f for f in figures if start <= f.start < end)
    return _Unit(0, start, end, meaning(text), own, text)


def _scored(unit: _Unit, claimed: Sequence[Figure], words: tuple[str, ...]) -> _Scored:
    found = frozenset(i for i, f in enumerate(claimed) if any(_says(s, f) for s in unit.figures))
    weights = [_weight(f) for f in claimed]
    share = sum(weights[i] for i in found) / sum(weights) if weights else 0.0
    overlap = 0.0
    if words and unit.words:
        overlap = 0.7 * covered(words, unit.words) + 0.3 * covered(unit.words, words)
    return _Scored(unit, share, overlap, found)


def _says(stated: Figure, claimed: Figure) -> bool:
    """Whether a figure of a unit can be the claimed one; a bare cell is read in the claim's unit."""
    if stated.bare and claimed.number is not None and stated.number is not None:
        return abs(stated.number) == abs(claimed.number)
    return states(stated, claimed)


def _weight(figure: Figure) -> float:
    """What it tells that a figure is found: its digits; a year says little."""
    if figure.kind == "code":
        return 4.0
    if figure.kind == "date":
        return 2.0 if figure.unit.count("-") == 2 else 0.5
    digits = sum(c.isdigit() for c in figure.text)
    return float(min(max(digits, 1), 6))


def _is_strong(best: _Scored, claimed: Sequence[Figure]) -> bool:
    telling = [i for i, f in enumerate(claimed) if f.kind != "date"]
    if not telling:
        return best.words >= WEAK
    if not any(i in best.found for i in telling):
        return best.words >= WEAK + 0.2
    return best.figures >= 0.5 or best.words >= 0.3


def _is_clear(scored: Sequence[_Scored]) -> bool:
    """Whether no other words say it as well: the same words elsewhere do not count against it."""
    best = scored[0]
    for other in scored[1:]:
        if best.score - other.score >= CLEAR:
            return True
        if other.unit.text == best.unit.text:
            continue
        if other.found and other.unit.passage == best.unit.passage:
            continue  # its own passage says it twice, or says another part of it
        return False
    return True


def _joined(
    best: _Unit, adds: dict[int, frozenset[int]], units: Sequence[_Unit]
) -> tuple[int, int]:
    """The span of the best unit with the neighbours that add figures which it lacks."""
    own = [u for u in units if u.passage == best.passage]
    first = last = own.index(best)
    found = set(adds[id(best)])
    for neighbour, is_before in _around(first, len(own)):
        adjacent = neighbour == (first - 1 if is_before else last + 1)
        added = adds[id(own[neighbour])] - found
        if adjacent and added and last - first + 1 < LONGEST:
            found |= added
            first, last = min(first, neighbour), max(last, neighbour)
    return own[first].start, own[last].end


def _around(at: int, count: int) -> Iterator[tuple[int, bool]]:
    for step in range(1, LONGEST):
        if at + step < count:
            yield at + step, False
        if at - step >= 0:
            yield at - step, True
