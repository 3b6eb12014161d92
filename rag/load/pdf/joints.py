"""What page breaks cut, joined again: a table's header goes on, a sentence is marked as open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.load.characters import joined as joined_text
from rag.load.grid import is_blank_value, is_value
from rag.load.outline import heading_level
from rag.load.pdf.flow import Item
from rag.load.pdf.grids import Grid
from rag.load.pdf.prose import INDENT, Body, Piece
from rag.load.prose import ends_sentence
from rag.types import Block, Paragraph, Table

SAME_EDGE = 8.0
"""Points by which a column's border may differ on the next page."""
_CONTINUED = re.compile(
    r"^[（(]?\s*(?:续上?表?|接上表|continued)\s*[）)]?\s*[:：]?$", re.IGNORECASE
)
Cells = tuple[str, ...]
Placed = tuple[Block, Item]
"""A block with what it was made of, whose place on the page decides."""


@dataclass(slots=True)
class PageBlocks:
    """The blocks of a page in order, with their places."""

    placed: list[Placed]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for block, _ in self.placed)


def stitch(pages: Sequence[PageBlocks], body: Body) -> None:
    """Join, in place, what runs over from each page to the next one that has blocks."""
    before: PageBlocks | None = None
    for page in pages:
        if before is not None and page.placed:
            _join(before, page, body)
        before = page if page.placed else before


def _join(before: PageBlocks, page: PageBlocks, body: Body) -> None:
    last, last_item = before.placed[-1]
    at = 1 if len(page.placed) > 1 and _is_continued_mark(page.placed[0][0]) else 0
    first, first_item = page.placed[at]
    if isinstance(last, Table) and isinstance(first, Table):
        if isinstance(last_item, Grid) and isinstance(first_item, Grid):
            joined = _continued(last, last_item, first, first_item)
            if joined is not None:
                last, joined = _with_cut_row(last, joined)
                before.placed[-1] = (last, last_item)
                page.placed[at] = (joined, first_item)
    elif (
        isinstance(last_item, Piece)
        and isinstance(first_item, Piece)
        and isinstance(first, Paragraph)
        and _is_open(last_item, first_item, body)
    ):
        before.placed[-1] = (Paragraph(last_item.text, open_end=True), last_item)


def _is_continued_mark(block: Block) -> bool:
    return isinstance(block, Paragraph) and bool(_CONTINUED.match(block.text))


def _is_open(last: Piece, first: Piece, body: Body) -> bool:
    """Whether a sentence goes on: no end mark, a full last line, no indent after it.

    A numbered line at a page's end looks like a heading, and is none when it goes on.
    """
    line = last.lines[-1]
    if line.bold and heading_level(last.text) is not None:
        return False
    full = body.right - line.x1 < 2.5 * body.size
    flush = first.lines[0].x0 < body.left + INDENT * body.size
    return full and flush and not ends_sentence(last.text)


def _continued(last: Table, last_grid: Grid, first: Table, grid: Grid) -> Table | None:
    """`first` as the rest of `last`, or None where it is another table."""
    if first.caption or (first.unit and first.unit != last.unit) or last.glued != first.glued:
        return None
    if last_grid.ruled != grid.ruled or not _fits(last_grid, grid):
        return None
    if last.glued:
        return replace(
            first, caption=last.caption, unit=last.unit, scope=last.scope, continued=True
        )
    carried = _spread(last.header, last_grid, grid)
    header, rows = _header_and_rows(last, carried, first)
    if last.rows and len(last.rows[-1]) == len(grid.edges) - 1:
        rows = _with_cut_labels(rows, last.rows)
    return Table(last.caption, last.unit, header, rows, continued=True, scope=last.scope)


def _header_and_rows(
    last: Table, carried: tuple[Cells, ...], first: Table
) -> tuple[tuple[Cells, ...], tuple[Cells, ...]]:
    """Header and rows of the rest: its own header repeats the one carried over, or is data.

    A header that the page break itself cut (no row before it) is put together.
    """
    if not carried:
        return (first.header, first.rows) if not last.rows else ((), (*first.header, *first.rows))
    if not last.rows and first.header and first.header != carried:
        return (*carried, *_filled_from(carried[-1], first.header)), first.rows
    same = sum(
        a == b
        for x, y in zip(carried, first.header, strict=False)
        for a, b in zip(x, y, strict=False)
    )
    if first.header and same >= 0.6 * len(first.header[0]):
        return first.header, first.rows
    return carried, (*first.header, *first.rows)


def _filled_from(above: Cells, header: Sequence[Cells]) -> tuple[Cells, ...]:
    """A header's lower rows, the cells that reach down from the upper ones filled in."""
    return tuple(tuple(b or a for a, b in zip(above, row, strict=False)) for row in header)


def _with_cut_labels(rows: Sequence[Cells], before: Sequence[Cells]) -> tuple[Cells, ...]:
    """Labels merged over rows on both sides of the break, said again on this side.

    Such a label stood in the last rows before the break, and its column begins empty after it.
    """
    if len(before) < 2 or not rows or len(rows[0]) < 3:
        return tuple(rows)
    label = before[-1][0]
    merged = bool(label) and before[-2][0] == label and not is_value(label)
    count = next((i for i, row in enumerate(rows) if row[0]), len(rows))
    if not merged or not any(rows[0][1:]):
        return tuple(rows)
    return (*((label, *row[1:]) for row in rows[:count]), *rows[count:])


def _with_cut_row(last: Table, rest: Table) -> tuple[Table, Table]:
    """A row that the break cut made whole where it begins: words that went on in a few cells."""
    if last.glued or not last.rows or not rest.rows:
        return last, rest
    above, row = last.rows[-1], rest.rows[0]
    filled = [k for k, cell in enumerate(row) if cell and cell != above[min(k, len(above) - 1)]]
    cut = (
        len(row) == len(above) >= 3
        and 0 < len(filled) <= len(row) // 2
        and not any(row[k] for k in range(1, len(row)) if k not in filled)
        and all(above[k] and not is_value(row[k]) and not is_blank_value(row[k]) for k in filled)
        and row[0] in ("", above[0])
        and any(is_value(cell) for cell in above)
    )
    if not cut:
        return last, rest
    whole = tuple(joined_text(a, row[k]) if k in filled else a for k, a in enumerate(above))
    return (
        replace(last, rows=(*last.rows[:-1], whole)),
        replace(rest, rows=rest.rows[1:]),
    )


def _fits(last: Grid, grid: Grid) -> bool:
    """Whether two tables have the same outer borders, and one's columns divide the other's."""
    slack = SAME_EDGE if grid.ruled else 3 * SAME_EDGE
    if abs(last.edges[0] - grid.edges[0]) > slack or abs(last.edges[-1] - grid.edges[-1]) > slack:
        return False
    if not grid.ruled:
        return len(last.edges) == len(grid.edges)
    fine, coarse = sorted((last.edges, grid.edges), key=len, reverse=True)
    return all(min(abs(edge - other) for other in fine) <= SAME_EDGE for edge in coarse)


def _spread(header: Sequence[Cells], last: Grid, grid: Grid) -> tuple[Cells, ...]:
    """A header's cells over the next page's columns, by where these stand."""
    if len(last.edges) == len(grid.edges):
        return tuple(header)
    columns = []
    for left, right in zip(grid.edges, grid.edges[1:], strict=False):
        middle = (left + right) / 2
        inside = sum(edge <= middle for edge in last.edges) - 1
        columns.append(min(max(inside, 0), len(last.edges) - 2))
    return tuple(tuple(row[column] for column in columns) for row in header)
