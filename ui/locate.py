"""Where a quote stands on a page: in which blocks and cells, character by character.

A passage joins hard-wrapped lines and writes rows as "cell | cell"; the page shows blocks and
tables. Both are compared as streams of visible characters, so white space and cell borders do not
matter, and every character of the stream knows the place that it is shown at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from rag.load.tables import flat_header, row_text
from rag.types import Heading, Page, Paragraph, Table
from rag.verify.figure import Figure, same_class
from rag.verify.figures import find_figures, states

Part = tuple[int, str, int, int]
"""Block index; "text", "caption", "unit", "head" or "row"; row and column (0, 0 for text)."""
Span = tuple[int, int]
Address = tuple[Part, int]

SHORTEST_PIECE = 6
"""A piece of a quote that is found alone must have this many visible characters."""
CONTEXTS = (60, 25, 10, 0)
_IGNORED = frozenset("|｜")


@dataclass(frozen=True, slots=True)
class Marks:
    """Spans to mark in each part of a page, and the share of the quote that they cover.

    `cells` are the cells (block, row, column) that state the figure asked for.
    """

    spans: Mapping[Part, tuple[Span, ...]] = field(default_factory=dict)
    covered: float = 0.0
    cells: frozenset[tuple[int, int, int]] = frozenset()

    def rows(self, block: int) -> frozenset[int]:
        """The rows of a table that hold a mark."""
        return frozenset(p[2] for p in self.spans if p[0] == block and p[1] == "row")


NO_MARKS = Marks()


def locate(page: Page, quote: str, *, before: str = "", after: str = "", claim: str = "") -> Marks:
    """Marks for `quote` on `page`, the right occurrence chosen by the text around it.

    A quote of which only parts stand here (it crosses the page, or repeats a table's header in
    one line) is marked part by part. `claim` is a figure of the answer; where a marked row has a
    cell that states it, that cell is named in `cells`.
    """
    stream = list(_stream(page))
    letters = "".join(letter for letter, _ in stream)
    wanted = _letters(quote)
    if not wanted or not letters:
        return NO_MARKS
    whole = _whole(letters, wanted, _letters(before), _letters(after))
    if whole is not None:
        found, seen = set(whole), len(wanted)
    elif over := _over_the_edge(letters, wanted):
        found, seen = set(over), len(over)
    else:
        found, seen = _pieces(letters, quote, _headers(page, stream))
    spans = _spans([stream[i][1] for i in sorted(found)])
    return Marks(spans, min(1.0, seen / len(wanted)), _cells(page, spans, claim))


def parts_of(page: Page) -> Iterator[tuple[Part, str]]:
    """Every piece of text on a page in reading order, with its place."""
    for i, block in enumerate(page.blocks):
        if isinstance(block, Heading | Paragraph):
            yield (i, "text", 0, 0), block.text
        else:
            yield from _table_parts(i, block)


def _table_parts(i: int, table: Table) -> Iterator[tuple[Part, str]]:
    yield (i, "caption", 0, 0), table.caption
    yield (i, "unit", 0, 0), table.unit
    for kind, rows in (("head", table.header), ("row", table.rows)):
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                yield (i, kind, r, c), cell


def _stream(page: Page) -> Iterator[tuple[str, Address]]:
    for part, text in parts_of(page):
        if part[1] == "unit" and text:
            # Passages write "单位:万元" where the table holds the unit alone.
            yield from ((letter, (part, 0)) for letter in ("(" if text.isascii() else "单位:"))
        for offset, character in enumerate(text):
            for letter in _visible(character):
                yield letter, (part, offset)
        if part[1] == "unit" and text.isascii() and text:
            yield ")", (part, len(text) - 1)


def _visible(character: str) -> str:
    """A character as it is compared: width forms folded, nothing for spaces and cell borders."""
    if character.isspace() or character in _IGNORED:
        return ""
    return "".join(c for c in unicodedata.normalize("NFKC", character) if not c.isspace())


def _letters(text: str) -> str:
    return "".join(_visible(character) for character in text)


def _whole(letters: str, wanted: str, before: str, after: str) -> range | None:
    """Where all of `wanted` stands; with the most context that is found around it."""
    for width in CONTEXTS:
        lead = before[len(before) - width :] if width else ""
        at = letters.find(lead + wanted + after[:width])
        if at >= 0:
            return range(at + len(lead), at + len(lead) + len(wanted))
    return None


def _over_the_edge(letters: str, wanted: str) -> range | None:
    """The part of a quote that begins at the end of this page, or ends at its beginning."""
    shortest = min(SHORTEST_PIECE, len(wanted))
    for size in range(min(len(wanted), len(letters)), shortest - 1, -1):
        if letters.endswith(wanted[:size]):
            return range(len(letters) - size, len(letters))
        if letters.startswith(wanted[len(wanted) - size :]):
            return range(size)
    return None


def _headers(page: Page, stream: Sequence[tuple[str, Address]]) -> dict[str, list[int]]:
    """Each table's header as passages write it, in one line, with the places of its letters."""
    found: dict[str, list[int]] = {}
    for i, block in enumerate(page.blocks):
        if isinstance(block, Table) and len(block.header) > 1:
            line = _letters(row_text(flat_header(block)))
            found[line] = [k for k, (_, (part, _o)) in enumerate(stream) if part[:2] == (i, "head")]
    return found


def _pieces(letters: str, quote: str, headers: Mapping[str, list[int]]) -> tuple[set[int], int]:
    """Places of the quote's lines that stand here, or else of their longest common pieces; and
    how many of the quote's letters they cover."""
    found: set[int] = set()
    seen, start = 0, 0
    for wanted in filter(None, map(_letters, quote.splitlines())):
        at = letters.find(wanted, start)
        if at >= 0:
            found.update(range(at, at + len(wanted)))
            start = at + len(wanted)
            seen += len(wanted)
        elif wanted in headers:
            found.update(headers[wanted])
            seen += len(wanted)
        else:
            pieces = list(_common(letters, wanted))
            found.update(pieces)
            seen += len(pieces)
    return found, seen


def _common(letters: str, wanted: str) -> Iterator[int]:
    shortest = min(SHORTEST_PIECE, len(wanted))
    matcher = SequenceMatcher(None, letters, wanted, autojunk=False)
    for match in matcher.get_matching_blocks():
        if match.size >= shortest:
            yield from range(match.a, match.a + match.size)


def _spans(addresses: Sequence[Address]) -> dict[Part, tuple[Span, ...]]:
    """Runs of marked characters by part; what lies between two marked ones unseen is marked too."""
    offsets: dict[Part, list[int]] = {}
    for part, offset in addresses:
        offsets.setdefault(part, []).append(offset)
    return {part: _runs(found) for part, found in offsets.items()}


def _runs(offsets: Sequence[int]) -> tuple[Span, ...]:
    runs: list[list[int]] = []
    for offset in sorted(set(offsets)):
        if runs and offset - runs[-1][1] <= 2:
            runs[-1][1] = offset + 1
        else:
            runs.append([offset, offset + 1])
    return tuple((start, end) for start, end in runs)


def _cells(page: Page, spans: Mapping[Part, object], claim: str) -> frozenset[tuple[int, int, int]]:
    """The cells of marked rows that state the claimed figure; exact words before equal values."""
    if not claim:
        return frozenset()
    rows = {(part[0], part[2]) for part in spans if part[1] == "row"}
    wanted = _letters(claim)
    exact, equal = set(), set()
    for i, r in rows:
        table = page.blocks[i]
        assert isinstance(table, Table)
        for c, cell in enumerate(table.rows[r]):
            if wanted and _letters(cell).strip("()%") == wanted.strip("()%"):
                exact.add((i, r, c))
            elif says(cell, claim, table.unit):
                equal.add((i, r, c))
    return frozenset(exact or equal)


def says(cell: str, claim: str, unit: str) -> bool:
    """Whether a cell of a table in `unit` states the claimed figure (1.58亿元 for 15,800 万元)."""
    claimed = find_figures(claim)
    if not claimed:
        return False
    return any(
        _class_fits(stated, claimed[0]) and states(stated, claimed[0])
        for stated in _stated(cell, unit)
    )


def _stated(cell: str, unit: str) -> Iterator[Figure]:
    """The figures of a cell, also read in each unit of its table ("万元、%")."""
    yield from find_figures(cell)
    for written in re.split(r"[、,，;；/\s]+", unit):
        if written and not cell.rstrip().endswith(("%", "％", written)):
            yield from find_figures(f"{cell.strip()}{written}")


def _class_fits(stated: Figure, claimed: Figure) -> bool:
    return stated.kind == claimed.kind == "date" or same_class(stated, claimed)
