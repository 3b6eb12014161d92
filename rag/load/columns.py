"""Tables that an export aligns with spaces: cells by their horizontal place, rows by their figures.

Places are measured in display columns (a Han character is two wide). Columns are read off the
lines with the most cells; a cell of several lines is centred on its row, so the fragments above
and below a row's figures belong to it in equal numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.load.tables import Cells, is_number
from rag.types import Table

_GAP = re.compile(r"\S+(?: \S+)*")


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of text on a line, from display column `x0` to `x1`."""

    text: str
    x0: int
    x1: int

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class _Row:
    cells: list[list[str]]
    above: int = 0
    below: int = 0
    numeric: bool = False
    parts: list[tuple[int, Cell]] = field(default_factory=list)


def width_of(text: str) -> int:
    """Display columns that a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def split_cells(line: str) -> tuple[Cell, ...]:
    """The runs of a line that two or more spaces separate, with their places."""
    cells = []
    for match in _GAP.finditer(line.replace("\t", "    ").replace("　", "  ")):
        start = width_of(match.string[: match.start()])
        cells.append(Cell(match[0], start, start + width_of(match[0])))
    return tuple(cells)


def columns_of(lines: Sequence[Sequence[Cell]]) -> tuple[tuple[int, int], ...]:
    """The (x0, x1) of each column.

    Where most rows with figures have the same number of cells, the k-th cells make the k-th
    column (exports place Han text inexactly, so ink alone can mislead); else gaps without ink.
    """
    data = [line for line in lines if _is_data(line)]
    sample = data if len(data) >= 2 else list(lines)
    most = max((len(line) for line in sample), default=0)
    if most < 2:
        return ()
    full = [line for line in sample if len(line) == most]
    if len(full) >= max(2, 0.4 * len(sample)) or len(sample) <= 2:
        return _by_index(full)
    near = [line for line in sample if len(line) >= max(2, most - 1)]
    return _by_ink(near)


def _by_index(full: Sequence[Sequence[Cell]]) -> tuple[tuple[int, int], ...]:
    spans = []
    for k in range(len(full[0])):
        column = [line[k] for line in full]
        spans.append((min(c.x0 for c in column), max(c.x1 for c in column)))
    return tuple(spans)


def _by_ink(lines: Sequence[Sequence[Cell]]) -> tuple[tuple[int, int], ...]:
    spans: list[list[int]] = []
    for cell in sorted((c for line in lines for c in line), key=lambda c: c.x0):
        if spans and cell.x0 < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], cell.x1)
        else:
            spans.append([cell.x0, cell.x1])
    return tuple((a, b) for a, b in spans) if len(spans) >= 2 else ()


def column_table(
    lines: Sequence[str], *, caption: str = "", unit: str = "", scope: str = ""
) -> Table | None:
    """A table from lines aligned with spaces, or None where no columns can be told."""
    groups = _groups(lines)
    cells = [line for group in groups for line in group]
    spans = columns_of(cells)
    if not spans:
        return None
    first = _first_data(groups, spans)
    header_lines, data_groups = _split_at(groups, first)
    header = _header(header_lines, spans)
    rows = tuple(row for group in data_groups for row in _rows(group, spans))
    if not rows or not any(any(row) for row in rows):
        return None
    return Table(caption, unit, header, rows, scope=scope)


def _groups(lines: Sequence[str]) -> list[list[tuple[Cell, ...]]]:
    """Lines as cells, in groups that blank lines separate."""
    groups: list[list[tuple[Cell, ...]]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(split_cells(line))
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _is_data(line: Sequence[Cell]) -> bool:
    return any(is_number(cell.text) for cell in line[1:]) or (
        len(line) == 1 and is_number(line[0].text)
    )


def _first_data(
    groups: Sequence[Sequence[Sequence[Cell]]], spans: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """(group, line) at which the header ends and the data begin."""
    for g, group in enumerate(groups):
        for i, line in enumerate(group):
            if _is_data(line):
                return (g, _with_fragments_above(group, i, spans))
    return (1, 0) if len(groups) > 1 else (0, 1 if len(groups[0]) > 1 else 0)


def _with_fragments_above(
    group: Sequence[Sequence[Cell]], anchor: int, spans: Sequence[tuple[int, int]]
) -> int:
    """Lines just above the first figures that are the upper half of that row's label."""
    below = 0
    for line in group[anchor + 1 :]:
        if len(line) > 1 or _is_data(line):
            break
        below += 1
    own = {_column(cell, spans) for cell in group[anchor]}
    start = anchor
    while start > 0 and below > 0 and len(group[start - 1]) == 1:
        if _column(group[start - 1][0], spans) in own:
            break
        start, below = start - 1, below - 1
    return start


def _split_at(
    groups: list[list[tuple[Cell, ...]]], first: tuple[int, int]
) -> tuple[list[tuple[Cell, ...]], list[list[tuple[Cell, ...]]]]:
    g, i = first
    header = [line for group in groups[:g] for line in group]
    if g < len(groups):
        header += groups[g][:i]
        return header, [groups[g][i:], *groups[g + 1 :]]
    return header, []


def _column(cell: Cell, spans: Sequence[tuple[int, int]]) -> int:
    """The column that a cell overlaps most, else the nearest."""
    overlaps = [min(cell.x1, b) - max(cell.x0, a) for a, b in spans]
    best = max(range(len(spans)), key=lambda k: overlaps[k])
    return best


def _header(lines: Sequence[Sequence[Cell]], spans: Sequence[tuple[int, int]]) -> tuple[Cells, ...]:
    """One header row, each column's fragments joined top down; spanning cells serve all theirs."""
    if not lines:
        return ()
    names = [""] * len(spans)
    widest = max(lines, key=len)
    for line in lines:
        for cell, columns in zip(line, _header_columns(line, widest, spans), strict=True):
            for column in columns:
                names[column] = _join(names[column], cell.text)
    return (tuple(names),)


def _header_columns(
    line: Sequence[Cell], widest: Sequence[Cell], spans: Sequence[tuple[int, int]]
) -> list[range]:
    """The columns that each cell of a header line names."""
    placed = _placed(line, spans)
    lead = sum(cell.x1 <= widest[0].x0 for cell in line)
    groups = len(line) - lead
    if 2 <= groups < len(widest) and len(widest) % groups == 0 and len(widest) + lead == len(spans):
        share = len(widest) // groups
        return [range(i, i + 1) for i in range(lead)] + [
            range(lead + g * share, lead + (g + 1) * share) for g in range(groups)
        ]
    return [
        _spanned(cell, own, spans, set(placed) - {own})
        for cell, own in zip(line, placed, strict=True)
    ]


def _spanned(cell: Cell, own: int, spans: Sequence[tuple[int, int]], taken: set[int]) -> range:
    """The widest run of free columns on whose middle a header cell is centred.

    A cell centred on its own column is a fragment of that column's name.
    """
    best = range(own, own + 1)
    if abs(_middle(spans, own, own) - cell.centre) <= 3:
        return best
    for i in range(own, -1, -1):
        if i in taken:
            break
        for j in range(own, len(spans)):
            if j in taken:
                break
            off = abs(_middle(spans, i, j) - cell.centre)
            if off <= 4 and j - i >= len(best):
                best = range(i, j + 1)
    return best


def _middle(spans: Sequence[tuple[int, int]], i: int, j: int) -> float:
    return (spans[i][0] + spans[j][1]) / 2


def _rows(group: Sequence[Sequence[Cell]], spans: Sequence[tuple[int, int]]) -> list[Cells]:
    """The rows of one blank-separated group: one per line with figures, fragments shared out."""
    anchors = [i for i, line in enumerate(group) if _is_data(line) or len(line) >= len(spans)]
    if not anchors:
        anchors = _text_anchors(group)
    rows = [[""] * len(spans) for _ in anchors]
    for i, line in enumerate(group):
        row = rows[_owner(i, anchors)]
        for cell, column in zip(line, _placed(line, spans), strict=True):
            row[column] = _join(row[column], cell.text)
    return [tuple(row) for row in rows]


def _placed(line: Sequence[Cell], spans: Sequence[tuple[int, int]]) -> list[int]:
    """The column of each cell; a line with a cell for every column is taken in order."""
    if len(line) == len(spans):
        return list(range(len(spans)))
    columns: list[int] = []
    for cell in line:
        column = _column(cell, spans)
        if columns and column <= columns[-1] < len(spans) - 1:
            column = columns[-1] + 1
        columns.append(column)
    return columns


def _text_anchors(group: Sequence[Sequence[Cell]]) -> list[int]:
    """Without figures, a group is one row."""
    return [max(range(len(group)), key=lambda i: len(group[i]))]


def _owner(i: int, anchors: Sequence[int]) -> int:
    """The row of a line: its own, else by centring (as many lines below a row as above it)."""
    if i <= anchors[0]:
        return 0
    above = anchors[0]
    for k, anchor in enumerate(anchors):
        last = k == len(anchors) - 1
        below = anchor + above
        if i <= anchor or (i <= below and not last) or last:
            return k
        above = anchors[k + 1] - min(below, anchors[k + 1] - 1) - 1
    return len(anchors) - 1


def _join(left: str, right: str) -> str:
    """Fragments of one cell: no space between Han characters, one between words."""
    if left and right and left[-1].isascii() and right[0].isascii() and left[-1].isalnum():
        return f"{left} {right}"
    return left + right
