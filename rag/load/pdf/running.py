"""Running headers and footers, and the page labels printed in them.

A line is running when its words stand at the same height on page after page. A
label is a number near a page's edge that counts up with the pages; what it stands in decides how
it is read: "1-1-12" whole, "第12页 共317页" as 第12页, "Page 5 of 75" as 5.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.load.pdf.spans import Line

EDGE_LINES = 3
"""Lines at the top and at the bottom of a page that may be running."""
MARGIN = 0.12
"""Part of a page's height, above and below, in which headers and footers stand."""
SAME_HEIGHT = 6.0
"""Points by which a running line's height may differ."""
LEAST_SHARE = 0.4
"""Part of the pages from first to last on which a running line stands (odd and even: a half)."""
FEWEST = 3
_NUMBER = re.compile(r"\d{1,4}")
_DECORATION = re.compile(r"(?i:page|of)|[\W\d_第页共ivxlcIVXLC]")
_ROMAN = re.compile(r"^[ivxlc]{1,7}$|^[IVXLC]{1,7}$")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LONGEST_LABEL = 80


@dataclass(frozen=True, slots=True)
class Found:
    """What the edges of pages say: a label per page (or None) and the lines to leave out."""

    labels: tuple[str | None, ...]
    left_out: tuple[frozenset[int], ...]
    """Per page, the numbers of its running lines."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    page: int
    line: int
    text: str
    number: int


def running(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> Found:
    """Find labels and running lines; each page is its lines from top to bottom, with its height."""
    series = _series(pages, heights)
    left_out = _repeated(pages, heights)
    labels: list[str | None] = [None] * len(pages)
    for candidates in series:
        for candidate in candidates:
            if labels[candidate.page] is None:
                labels[candidate.page] = _label(candidate)
                left_out[candidate.page].add(candidate.line)
        _fill(labels, candidates)
    for candidates in series:
        _prolong(labels, candidates)
    outer = (_outermost(gone, len(lines)) for gone, lines in zip(left_out, pages, strict=True))
    return Found(tuple(labels), tuple(outer))


def _outermost(numbers: set[int], count: int) -> frozenset[int]:
    """Those that no other line parts from the page's edge: a table's header repeats as well."""
    kept: set[int] = set()
    for order in (range(count), range(count - 1, -1, -1)):
        kept.update(itertools.takewhile(numbers.__contains__, order))
    return frozenset(kept)


def _edges(lines: Sequence[Line]) -> list[int]:
    count = len(lines)
    return sorted({*range(min(EDGE_LINES, count)), *range(max(0, count - EDGE_LINES), count)})


def _in_margin(line: Line, height: float) -> bool:
    return line.bottom < MARGIN * height or line.top > (1 - MARGIN) * height


def _is_bare(text: str) -> bool:
    """Whether a text is a page's number and nothing else ("- 5 -", "Page 5 of 75", "F-5")."""
    return bool(re.fullmatch(r"[A-Z]{0,2}", _DECORATION.sub("", text)))


def _series(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[_Candidate]]:
    """Runs of numbers that count up with the pages: bare numbers first, then the longest.

    A number among other words counts in a page's margin only: a text may count as well.
    """
    groups: dict[tuple[str, int], list[_Candidate]] = defaultdict(list)
    for page, lines in enumerate(pages):
        for number in _edges(lines):
            inside = not _in_margin(lines[number], heights[page])
            for key, candidate in _candidates(page, number, lines[number]):
                if not inside or _is_bare(candidate.text):
                    groups[key, candidate.number - page].append(candidate)
    fewest = min(FEWEST, max(2, len(pages)))
    convincing = []
    for candidates in groups.values():
        on = sorted({candidate.page for candidate in candidates})
        if len(on) >= fewest and len(on) >= LEAST_SHARE * (on[-1] - on[0] + 1):
            convincing.append(candidates)
    return sorted(convincing, key=lambda own: (_is_bare(own[0].text), len(own)), reverse=True)


def _candidates(page: int, number: int, line: Line) -> Iterator[tuple[str, _Candidate]]:
    """Every number of a line's spans, with the words around it as the key of its series."""
    for span in line.spans:
        text = " ".join(span.text.split())
        if len(text) > _LONGEST_LABEL:
            continue
        if _ROMAN.match(text):
            yield "roman", _Candidate(page, number, text, _roman(text))
        for match in _NUMBER.finditer(text):
            key = f"{text[: match.start()]}#{_NUMBER.sub('~', text[match.end() :])}"
            own = f"{text[: match.start()]}\0{match[0]}\0{text[match.end() :]}"
            yield key, _Candidate(page, number, own, int(match[0]))


def _roman(text: str) -> int:
    values = [_ROMAN_DIGITS[c] for c in text.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


_PREFIX = re.compile(r"(?:[A-Z]{1,2}-|(?:\d{1,2}-){1,3})$")


def _label(candidate: _Candidate) -> str:
    """How a reader would name the page."""
    before, mark, after = candidate.text.partition("\0")
    if not mark:
        return candidate.text
    digits, _, after = after.partition("\0")
    prefix = _PREFIX.search(before)
    if prefix:
        return prefix[0] + digits
    if before.rstrip().endswith("第") and after.lstrip().startswith("页"):
        return f"第{digits}页"
    return digits


def _fill(labels: list[str | None], candidates: Sequence[_Candidate]) -> None:
    """Pages inside a series that print no label get the one that the count gives them."""
    pages = [candidate.page for candidate in candidates]
    sample = candidates[0]
    for page in range(min(pages), max(pages)):
        if labels[page] is None and "\0" in sample.text:
            labels[page] = _counted(sample, page + sample.number - sample.page)


def _prolong(labels: list[str | None], candidates: Sequence[_Candidate]) -> None:
    """A plain count goes on to the last page, and back to the first where that is page 1."""
    sample = candidates[0]
    if not _label(sample).isdigit():
        return
    pages = [candidate.page for candidate in candidates]
    first, last = min(pages), max(pages)
    offset = sample.number - sample.page
    if offset == 1 and not any(labels[:first]):
        labels[:first] = [str(page + offset) for page in range(first)]
    if not any(labels[last + 1 :]):
        labels[last + 1 :] = [str(page + offset) for page in range(last + 1, len(labels))]


def _counted(sample: _Candidate, number: int) -> str:
    text = re.sub(r"\0\d+\0", f"\0{number}\0", sample.text)
    return _label(_Candidate(0, 0, text, number))


def _repeated(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[set[int]]:
    """Per page, the margin's lines whose words stand at the same height on other pages near by."""
    places: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for page, lines in enumerate(pages):
        for number in (k for k in _edges(lines) if _in_margin(lines[k], heights[page])):
            key = "".join(lines[number].text.split())
            places[key].append((page, number, lines[number].top))
    found: list[set[int]] = [set() for _ in pages]
    for own in places.values():
        for group in _same_height(own):
            on = {page for page, _, _ in group}
            if len(on) >= FEWEST and len(on) >= LEAST_SHARE * (max(on) - min(on) + 1):
                for page, number, _ in group:
                    found[page].add(number)
    return found


def _same_height(
    places: Sequence[tuple[int, int, float]],
) -> Iterator[list[tuple[int, int, float]]]:
    group: list[tuple[int, int, float]] = []
    for place in sorted(places, key=lambda place: place[2]):
        if group and place[2] - group[-1][2] > SAME_HEIGHT:
            yield group
            group = []
        group.append(place)
    if group:
        yield group
