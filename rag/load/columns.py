"""Tables that an export aligns with spaces: cells by their horizontal place, rows by their figures.

Places are measured in display columns (a Han character is two wide). Exports place text inexactly,
so ink alone misleads: the columns are read off the lines with the most cells, and every other line
is laid over them in order, at the least distance.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rag.load.tables import is_number

_GAP = re.compile(r"\S+(?: \S+)*")
OFF_COLUMN = 2.0
"""What a display column between a cell and its column weighs, against one of bad alignment."""
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of text on a line, from display column `x0` to `x1`."""

    text: str
    x0: int
    x1: int

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


Line = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column's cells usually begin, end and have their middle."""

    left: float
    right: float
    centre: float

    def distance(self, cell: Cell) -> float:
        """How badly a cell fits: by the best of its three alignments, and by the gap between."""
        off = min(
            abs(cell.x0 - self.left), abs(cell.x1 - self.right), abs(cell.centre - self.centre)
        )
        gap = max(cell.x0 - self.right, self.left - cell.x1, 0.0)
        return off + OFF_COLUMN * gap


def width_of(text: str) -> int:
    """Display columns that a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def split_cells(line: str) -> Line:
    """The runs of a line that two or more spaces separate, with their places."""
    cells = []
    for match in _GAP.finditer(line.replace("\t", "    ").replace("　", "  ")):
        start = width_of(match.string[: match.start()])
        cells.append(Cell(match[0], start, start + width_of(match[0])))
    return tuple(_marks_joined(cells))


def _marks_joined(cells: Sequence[Cell]) -> list[Cell]:
    """A raised mark ("注 1") whose number an export set apart is one cell."""
    joined: list[Cell] = []
    for cell in cells:
        last = joined[-1] if joined else None
        mark = last is not None and last.text == "注" and re.fullmatch(r"\d{1,2}", cell.text)
        if last and mark and cell.x0 - last.x1 <= 4:
            joined[-1] = Cell(f"注 {cell.text}", last.x0, cell.x1)
            continue
        joined.append(cell)
    return joined


def is_data(line: Sequence[Cell]) -> bool:
    """Whether a line has a figure beside its label, or nothing but a figure."""
    return any(is_number(cell.text) for cell in line[1:]) or (
        len(line) == 1 and is_number(line[0].text)
    )


def columns_of(lines: Sequence[Line]) -> tuple[Column, ...]:
    """The columns of a table, left to right; empty where its lines have no two cells."""
    count = _count(lines)
    if count < 2:
        return ()
    full = [line for line in lines if len(line) == count]
    columns = tuple(_column([line[k] for line in full]) for k in range(count))
    sample = [line for line in lines if 1 < len(line) < count and is_data(line)]
    for _ in range(ROUNDS):
        members: list[list[Cell]] = [[line[k] for line in full] for k in range(count)]
        for line in sample:
            for cell, k in zip(line, places(line, columns), strict=True):
                members[k].append(cell)
        columns = tuple(map(_column, members))
    return _with_left_column(lines, columns)


def _count(lines: Sequence[Line]) -> int:
    """How many columns: the most cells that two lines have, one more where a line has them."""
    counts = Counter(map(len, lines))
    most = max(counts, default=0)
    shared = max((n for n, times in counts.items() if times > 1), default=0)
    data = [len(line) for line in lines if is_data(line)]
    if most > shared + 1 and len(data) > 3:
        return shared
    return most if most in data or most <= max(data, default=most) + 1 else max(shared, max(data))


def _column(cells: Sequence[Cell]) -> Column:
    return Column(
        median(c.x0 for c in cells), median(c.x1 for c in cells), median(c.centre for c in cells)
    )


def _with_left_column(lines: Sequence[Line], columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A label that stands alone, left of its neighbours' first cells, has a column of its own."""
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if len(line) != 1 or is_number(line[0].text) or not (is_data(before) and is_data(after)):
            continue
        own = line[0]
        beside = min(before[0].x0, after[0].x0) - own.x1
        words = not (is_number(before[0].text) or is_number(after[0].text))
        if beside >= 2 and words and places(before, columns)[0] == places(after, columns)[0] == 0:
            rest = [x[0] for x in lines if x[0].x0 >= own.x1 and places(x, columns)[0] == 0]
            return (_column([own]), _column(rest), *columns[1:])
    return columns


def fitted(line: Line, count: int) -> Line:
    """A line with at most `count` cells: the closest neighbours are one cell."""
    cells = list(line)
    while len(cells) > count:
        k = min(range(len(cells) - 1), key=lambda i: cells[i + 1].x0 - cells[i].x1)
        first, second = cells[k], cells[k + 1]
        cells[k : k + 2] = [Cell(f"{first.text} {second.text}", first.x0, second.x1)]
    return tuple(cells)


def places(line: Sequence[Cell], columns: Sequence[Column]) -> list[int]:
    """The column of each cell of a line, in order, at the least distance in all."""
    best: list[tuple[float, list[int]]] = [(0.0, [])] * (len(columns) + 1)
    for n, cell in enumerate(line):
        row: list[tuple[float, list[int]]] = [(float("inf"), [])] * (n + 1)
        for k in range(n, len(columns)):
            cost, chosen = best[k]
            here = (cost + columns[k].distance(cell), [*chosen, k])
            row.append(min(row[-1], here, key=lambda option: option[0]))
        best = row
    return best[-1][1]
