"""Tables without drawn cells: columns told by alignment, where it is certain.

A line with two cells or more may be a row. Rows in a run share columns when no cell of one
reaches over two columns of the rest. "$" and "%" printed in columns of their own belong to the
figure beside them. Where rows disagree, nothing is guessed: the lines are kept whole (`glued`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rag.load.characters import joined
from rag.load.outline import toc_entry
from rag.load.pdf.grids import Grid, cell_text
from rag.load.pdf.rows import Row, as_row, is_figure
from rag.load.pdf.spans import Box, Line, Rules, Span

LOOSEST = 2.2
"""Heights of a line between two rows of one table."""
TIGHT = 0.9
"""Heights of a line above a label that stands alone among rows."""
_NOTE = re.compile(r"^(?:注|[(（]\d{1,2}[)）]|\*|Notes?:|Source)")
CLOSEST = 14.0
"""Points between columns that may be two halves of one."""
LONGEST_CELL = 60
"""Characters of a cell of figures' labels; longer text beside a wide gap is prose."""


def aligned_grids(lines: Sequence[Line], rules: Rules) -> list[tuple[int, int, Grid]]:
    """(first line, line after the last, table) for each table among lines from top to bottom."""
    rows = [as_row(line) for line in lines]
    found: list[tuple[int, int, Grid]] = []
    start = 0
    while start < len(rows):
        end = _run_end(rows, start)
        while end > start + 1 and len(rows[end - 1].cells) < 2:
            end -= 1
        floor = found[-1][1] if found else 0
        first = _first_header(rows, start, end, floor) if end - start >= 2 else start
        grid = _grid(rows[first:end], rules) if end - start >= 2 else None
        if grid is not None:
            found.append((first, end, grid))
        start = max(end, start + 1)
    return found


def _first_header(rows: Sequence[Row], start: int, end: int, floor: int) -> int:
    """Lines above a run with a single cell that stands over the figures: the header's beginning."""
    figures = [c.x0 for row in rows[start:end] for c in row.cells[1:] if is_figure(c.text)]
    while figures and start > floor and len(rows[start - 1].cells) == 1:
        above, below = rows[start - 1].line, rows[start].line
        over = above.x0 > min(figures) - 2 * above.height
        if not over or below.top - above.bottom > TIGHT * above.height or above.bold != below.bold:
            break
        start -= 1
    return start


def _run_end(rows: Sequence[Row], start: int) -> int:
    """The end of the run of rows that begins at `start` (start itself when none does)."""
    if not _opens(rows[start]):
        return start
    end = start + 1
    while end < len(rows):
        before, row = rows[end - 1], rows[end]
        gap = (row.line.top - before.line.bottom) / max(row.line.height, before.line.height, 1.0)
        new_header = gap > TIGHT and not row.figures and before.figures > 0
        if gap > LOOSEST or (_opens(row) and new_header):
            break
        if not _opens(row) and not _label_between(rows, start, end):
            break
        end += 1
    return end


def _opens(row: Row) -> bool:
    """Whether a line can be a row by itself: two cells or more, not all of them long prose."""
    if len(row.cells) < 2 or not any(len(cell.text) <= LONGEST_CELL for cell in row.cells[1:]):
        return False
    return toc_entry(row.line.text) is None


def _label_between(rows: Sequence[Row], start: int, at: int) -> bool:
    """A line with a label alone, before more figures: it must end left of them."""
    row = rows[at]
    if len(row.cells) != 1 or _NOTE.match(row.cells[0].text):
        return False
    ahead = next((r for r in rows[at + 1 : at + 4] if len(r.cells) > 1), None)
    if ahead is None or not ahead.figures:
        return False
    near = [*rows[start:at], ahead]
    figures = [cell.x0 for r in near for cell in r.cells[1:] if is_figure(cell.text)]
    return bool(figures) and row.cells[0].x1 < min(figures)


def _grid(rows: Sequence[Row], rules: Rules) -> Grid | None:
    """A table from a run of rows, None where too little says that it is one."""
    data = [row for row in rows if row.figures]
    if not data or not _is_table(rows, data):
        return None
    first = rows.index(data[0])
    columns = _columns(data)
    if columns is None:
        return _glued(rows) if len(data) >= 3 else None
    if len(columns) < 2:
        return None
    while first and len(rows[first - 1].cells) == 1:
        first -= 1
    header = _header(rows[:first], columns, rules)
    body = _joined_labels([_cells(row, columns) for row in rows[first:]])
    edges = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(columns)]
    return Grid(
        _box(rows),
        (*header, *body),
        (),
        (columns[0][0], *edges, columns[-1][1]),
        ruled=False,
        height=len(header),
    )


def _box(rows: Sequence[Row]) -> Box:
    lines = [row.line for row in rows]
    return (
        min(line.x0 for line in lines),
        lines[0].top,
        max(line.x1 for line in lines),
        lines[-1].bottom,
    )


def _glued(rows: Sequence[Row]) -> Grid:
    """The lines as they are, one cell each, where their cells cannot be told apart."""
    texts = tuple(("  ".join(cell.text for cell in row.cells),) for row in rows)
    box = _box(rows)
    return Grid(box, texts, (), (box[0], box[2]), ruled=False, glued=True, height=0)


def _is_table(rows: Sequence[Row], data: Sequence[Row]) -> bool:
    """Certain enough: several rows with figures, or one below a header of as many cells."""
    if len(data) >= 2:
        return True
    above = rows[: rows.index(data[0])]
    count = len(data[0].cells)
    return count >= 3 and any(count - 1 <= len(row.cells) <= count for row in above)


def _columns(data: Sequence[Row]) -> list[tuple[float, float]] | None:
    """(x0, x1) of each column; None where a row has two cells in one.

    Words count at first; where one reaches over several columns, labels and figures alone decide.
    """
    for words in (True, False):
        cells = [
            (cell.x0, cell.x1)
            for row in data
            for number, cell in enumerate(row.cells)
            if words or not number or is_figure(cell.text)
        ]
        columns = _without_dash_columns(_united(cells), data)
        places = [[_column(cell, columns) for cell in row.cells] for row in data]
        if all(len(set(own)) == len(own) for own in places):
            return columns
    return None


def _united(cells: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches that overlap made one."""
    columns: list[tuple[float, float]] = []
    for x0, x1 in sorted(cells):
        if columns and x0 < columns[-1][1] - 0.5:
            columns[-1] = columns[-1][0], max(columns[-1][1], x1)
        else:
            columns.append((x0, x1))
    return columns


def _without_dash_columns(
    columns: Sequence[tuple[float, float]], data: Sequence[Row]
) -> list[tuple[float, float]]:
    """Neighbours that no row fills both are one column: a dash stands right of its figures."""
    filled = [{_column(cell, columns) for cell in row.cells} for row in data]
    groups: list[list[int]] = [[0]]
    for number in range(1, len(columns)):
        last = groups[-1]
        close = columns[number][0] - columns[last[-1]][1] < CLOSEST
        both = any(number in row and not row.isdisjoint(last) for row in filled)
        if last != [0] and close and not both:
            last.append(number)
        else:
            groups.append([number])
    return [(columns[group[0]][0], columns[group[-1]][1]) for group in groups]


def _column(cell: Span, columns: Sequence[tuple[float, float]]) -> int:
    """The column that a cell covers most, the nearest where it covers none."""
    best, most = 0, float("-inf")
    for number, (x0, x1) in enumerate(columns):
        share = (cell.x1 if cell.x1 < x1 else x1) - (cell.x0 if cell.x0 > x0 else x0)
        if share > most:
            best, most = number, share
    return best


def _cells(row: Row, columns: Sequence[tuple[float, float]]) -> list[str]:
    held: list[list[Span]] = [[] for _ in columns]
    for cell in row.cells:
        held[_column(cell, columns)].append(cell)
    return [cell_text(own) if own else "" for own in held]


def _header(
    rows: Sequence[Row], columns: Sequence[tuple[float, float]], rules: Rules
) -> list[tuple[str, ...]]:
    """Header rows: the lines of a name joined, a name over several columns said for each."""
    header: list[list[str]] = []
    spanning = True
    for row in rows:
        covered = [_covered(row, number, columns, rules) for number in range(len(row.cells))]
        names = [""] * len(columns)
        for cell, numbers in zip(row.cells, covered, strict=True):
            for number in numbers:
                names[number] = joined(names[number], cell.text)
        wide = any(len(numbers) > 1 for numbers in covered)
        if header and not spanning and not wide:
            header[-1] = [joined(a, b) for a, b in zip(header[-1], names, strict=True)]
        else:
            header.append(names)
        spanning = wide
    return [tuple(names) for names in header]


def _covered(
    row: Row, number: int, columns: Sequence[tuple[float, float]], rules: Rules
) -> list[int]:
    """The columns that a header cell names: those whose middle is above it, or above its line.

    A line drawn under a header reaches over all columns that the header stands for, unless it
    runs on under the next header as well.
    """
    cell, line = row.cells[number], row.line
    left, right = cell.x0 - 1, cell.x1 + 1
    least = row.cells[number - 1].x1 if number else columns[0][0]
    if not number and cell.x0 > columns[0][1]:
        least = columns[0][1]
    most = row.cells[number + 1].x0 if number + 1 < len(row.cells) else float("inf")
    for rule in rules.across:
        near = abs(rule.at - line.bottom) < 0.5 * line.height
        if (
            near
            and rule.start < cell.centre < rule.end
            and rule.start > least - 1
            and rule.end < most + 1
        ):
            left, right = min(left, rule.start), max(right, rule.end)
    inside = [k for k, (x0, x1) in enumerate(columns) if left <= (x0 + x1) / 2 <= right]
    if len(inside) in (0, len(columns)):
        return [_column(cell, columns)]
    return inside


def _joined_labels(rows: Sequence[list[str]]) -> list[tuple[str, ...]]:
    """Rows whose label was wrapped made whole: the part without figures and the part with them."""
    result: list[list[str]] = []
    for row in rows:
        before = result[-1] if result else None
        alone = before is not None and not any(before[1:])
        goes_on = bool(re.match(r"[a-z(]", row[0])) and not re.match(r"\(?[a-z]\)", row[0])
        if before is not None and goes_on and (alone or not any(row[1:])):
            before[0] = joined(before[0], row[0])
            before[1:] = [a or b for a, b in zip(before[1:], row[1:], strict=True)]
        else:
            result.append(list(row))
    return [tuple(row) for row in result]
