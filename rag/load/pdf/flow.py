"""One page's spans as a flow of tables and text in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.load.pdf.aligned import aligned_grids
from rag.load.pdf.grids import Grid
from rag.load.pdf.lines import in_columns, lines_of
from rag.load.pdf.prose import Body, Piece, body_of, pieces_of
from rag.load.pdf.ruled import ruled_grids
from rag.load.pdf.spans import Line, PageText, Rules

Item = Grid | Piece


@dataclass(slots=True)
class Sheet:
    """A page with its ruled tables found and the rest as lines, per column of text."""

    page: PageText
    grids: list[Grid]
    columns: list[list[Line]]
    lines: list[Line] = field(default_factory=list)
    """All lines from top to bottom: what running headers are looked for in."""


def sheet_of(page: PageText) -> Sheet:
    """Find a page's ruled tables and put the other spans into lines."""
    grids, rest = ruled_grids(page.spans, page.rules)
    columns = [lines_of(part) for part in in_columns(rest, page.width)]
    lines = columns[0] if len(columns) == 1 else [line for column in columns for line in column]
    return Sheet(page, grids, columns, sorted(lines, key=lambda line: line.top))


def without(sheet: Sheet, numbers: frozenset[int]) -> list[list[Line]]:
    """The columns of a sheet without its running lines."""
    gone = {id(sheet.lines[number]) for number in numbers}
    return [[line for line in column if id(line) not in gone] for column in sheet.columns]


def items_of(sheet: Sheet, columns: Sequence[Sequence[Line]], body: Body) -> list[Item]:
    """Tables and paragraphs of a page in reading order."""
    items: list[Item] = []
    waiting = sorted(sheet.grids, key=lambda grid: grid.box[1])
    for column in columns:
        own = (
            body_of(column, body)
            if len(columns) > 1 or sheet.page.turned
            else _page_body(column, body)
        )
        right = max((line.x1 for line in column), default=0.0)
        here = (
            [grid for grid in waiting if grid.box[0] < right]
            if column is not columns[-1]
            else waiting
        )
        bottom = max((line.bottom for line in column), default=0.0)
        here = [grid for grid in here if grid.box[1] < bottom or column is columns[-1]]
        waiting = [grid for grid in waiting if grid not in here]
        items += _column_items(column, here, own or body, sheet.page.rules)
    return items + list(waiting)


def _page_body(column: Sequence[Line], body: Body) -> Body:
    """The document's margins with the page's own distance of lines, where it shows one."""
    own = body_of(column, body) or body
    near = abs(own.left - body.left) < 2 * body.size and abs(own.right - body.right) < 2 * body.size
    return Body(body.left, max(own.right, body.right), own.pitch, body.size) if near else own


def _column_items(
    lines: Sequence[Line], grids: Sequence[Grid], body: Body, rules: Rules
) -> list[Item]:
    """Tables in their places among the lines, lines between them as paragraphs."""
    placed: list[tuple[float, Item]] = [(grid.box[1], grid) for grid in grids]
    start = 0
    tables = [(first, end, grid) for first, end, grid in aligned_grids(lines, rules)]
    for first, end, grid in [*tables, (len(lines), len(lines), None)]:
        for part in _between(lines[start:first], grids):
            placed += [(piece.lines[0].top, piece) for piece in pieces_of(part, body)]
        if grid is not None:
            placed.append((grid.box[1], grid))
        start = end
    return [item for _, item in sorted(placed, key=lambda entry: entry[0])]


def _between(lines: Sequence[Line], grids: Sequence[Grid]) -> list[list[Line]]:
    """Lines cut where a ruled table stands between them."""
    parts: list[list[Line]] = []
    for line in lines:
        cut = parts and any(
            parts[-1][-1].middle < (grid.box[1] + grid.box[3]) / 2 < line.middle for grid in grids
        )
        if cut or not parts:
            parts.append([])
        parts[-1].append(line)
    return parts
