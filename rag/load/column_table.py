"""From lines aligned with spaces to header and rows.

A cell of several lines is centred on its row, so the fragments above and below a row's figures
belong to it in equal numbers. A label that serves several rows is centred on them as well.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.load.columns import (
    Cell,
    Column,
    Line,
    columns_of,
    fitted,
    is_data,
    places,
    split_cells,
)
from rag.load.grid import header_height
from rag.load.tables import TOTAL, Cells, is_number
from rag.types import Table

_NOTE_MARK = re.compile(r"^注\s*\d{0,2}$")
"""A raised mark, which an export sets on the line above its cell."""
_SERIAL = re.compile(r"^\d{1,3}$")
LOOSE_CENTRE = 6.0
"""Display columns by which a header cell may be off the middle of what it spans."""

Groups = list[list[Line]]
Anchored = Callable[[Line], bool]


def column_table(
    lines: Sequence[str], *, caption: str = "", unit: str = "", scope: str = ""
) -> Table | None:
    """A table from lines aligned with spaces, or None where no columns can be told."""
    groups = _groups(lines)
    columns = columns_of([line for group in groups for line in group])
    if not columns:
        return None
    groups = [[fitted(line, len(columns)) for line in group] for group in groups]
    anchored = _anchored(groups, columns)
    first = _first_row(groups, anchored, columns)
    header_lines, body = _split_at(groups, first) if first else ([], groups)
    rows = _rows(body, columns, anchored)
    header = header_of(header_lines, columns)
    if first is None:
        height = _height(rows)
        header, rows = rows[:height], rows[height:]
    if not any(any(row) for row in rows):
        return None
    return Table(caption, unit, header, rows, scope=scope)


def _groups(lines: Sequence[str]) -> Groups:
    """Lines as cells, in groups that blank lines separate."""
    groups: Groups = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(split_cells(line))
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _anchored(groups: Groups, columns: Sequence[Column]) -> Anchored:
    """What tells the line on which a row has its middle: its figures, or its serial number."""
    lines = [line for group in groups for line in group]
    numbered = _numbered(lines, columns)
    if len(numbered) > sum(map(is_data, lines)):
        return lambda line: line in numbered
    return lambda line: is_data(line) or len(line) >= len(columns)


def _numbered(lines: Sequence[Line], columns: Sequence[Column]) -> set[Line]:
    """Lines whose first cell counts up from the one before; empty below three."""
    found: list[Line] = []
    for line in lines:
        if _SERIAL.match(line[0].text) and places(line, columns)[0] == 0:
            follows = not found or int(line[0].text) == int(found[-1][0].text) + 1
            found = [*found, line] if follows else found
    return set(found) if len(found) > 2 else set()


def _first_row(
    groups: Groups, anchored: Anchored, columns: Sequence[Column]
) -> tuple[int, int] | None:
    """(group, line) at which the header ends; None where neither figures nor missing cells tell."""
    for g, group in enumerate(groups):
        for i, line in enumerate(group):
            if anchored(line) and (is_data(line) or _SERIAL.match(line[0].text)):
                return g, _with_fragments_above(group, i, columns)
    first = next((i for i, line in enumerate(groups[0]) if anchored(line)), 0)
    return (0, first) if any(len(line) > 1 for line in groups[0][:first]) else None


def _height(rows: Sequence[Cells]) -> int:
    """Header rows of a table of words; definitions ("公司 指 …") have none."""
    if len(rows[0]) > 2 and all(row[1] in ("指", "") for row in rows):
        return 0
    return header_height(rows)


def _with_fragments_above(group: Sequence[Line], anchor: int, columns: Sequence[Column]) -> int:
    """Lines just above the first row's middle that are the upper half of its cells."""
    bare = [_unmarked(line) for line in group]
    below = 0
    for line in bare[anchor + 1 :]:
        if len(line) > 1 or is_data(line):
            break
        below += 1
    own = set(places(group[anchor], columns)) - {len(columns) - 1}
    start = anchor
    while start > 0 and len(bare[start - 1]) <= 1:
        upper = bare[start - 1]
        if upper and (below == 0 or own & set(places(upper, columns))):
            break
        start, below = start - 1, below - len(upper)
    return start


def _unmarked(line: Line) -> Line:
    return tuple(cell for cell in line if not _NOTE_MARK.match(cell.text))


def _split_at(groups: Groups, first: tuple[int, int]) -> tuple[list[Line], Groups]:
    g, i = first
    header = [line for group in groups[:g] for line in group] + groups[g][:i]
    return header, [groups[g][i:], *groups[g + 1 :]]


def header_of(lines: Sequence[Line], columns: Sequence[Column]) -> tuple[Cells, ...]:
    """One header row: each column's fragments joined top down; spanning cells serve all theirs."""
    if not lines:
        return ()
    names = [""] * len(columns)
    widest = max(range(len(lines)), key=lambda i: len(lines[i]))
    under = places(lines[widest], columns)
    for i, line in enumerate(lines):
        spans = (
            _spanning(line, lines[widest], under, columns)
            if i < widest
            else [range(k, k + 1) for k in places(line, columns)]
        )
        for cell, span in zip(line, spans, strict=True):
            for k in span:
                names[k] = _join(names[k], cell.text)
    return (tuple(names),)


def _spanning(
    line: Line, widest: Line, under: Sequence[int], columns: Sequence[Column]
) -> list[range]:
    """The columns that each cell of a line above the line with the most header cells names."""
    own = places(line, columns)
    lead = [k for k in own if k < under[0]]
    over = line[len(lead) :]
    run = list(range(under[0], under[0] + len(widest)))
    if (
        len(over) > 1
        and len(widest) > len(over)
        and list(under) == run
        and not len(widest) % len(over)
    ):
        share = len(widest) // len(over)
        parts = [run[g * share : (g + 1) * share] for g in range(len(over))]
        middles = [(widest[p[0] - run[0]].x0 + widest[p[-1] - run[0]].x1) / 2 for p in parts]
        if all(abs(m - c.centre) <= 2 * LOOSE_CENTRE for m, c in zip(middles, over, strict=True)):
            return [range(k, k + 1) for k in lead] + [range(p[0], p[-1] + 1) for p in parts]
    return [
        _span(cell, k, dict(zip(under, widest, strict=True)), set(own) - {k})
        for cell, k in zip(line, own, strict=True)
    ]


def _span(cell: Cell, own: int, under: dict[int, Cell], taken: set[int]) -> range:
    """The widest run of columns named below on whose middle a header cell is centred.

    A cell whose column has no name below, or that is centred on its own, is a part of that name.
    """
    best = range(own, own + 1)
    if own not in under or abs(under[own].centre - cell.centre) <= 3:
        return best
    for i in range(own, -1, -1):
        if i in taken or i not in under:
            break
        for j in range(own, max(under) + 1):
            if j in taken or j not in under:
                break
            middle = (under[i].x0 + under[j].x1) / 2
            if abs(middle - cell.centre) <= LOOSE_CENTRE and j - i >= len(best):
                best = range(i, j + 1)
    return best


@dataclass(slots=True)
class _Body:
    """Rows as lists of cells; `floating` are labels between two rows: (row above + 0.5, text)."""

    rows: list[list[str]] = field(default_factory=list)
    floating: list[tuple[float, str]] = field(default_factory=list)


def _rows(groups: Groups, columns: Sequence[Column], anchored: Anchored) -> tuple[Cells, ...]:
    body = _Body()
    for group in groups:
        _add_group(body, group, columns, anchored)
    _fill_down(body)
    return tuple(tuple(row) for row in body.rows)


def _add_group(
    body: _Body, group: Sequence[Line], columns: Sequence[Column], anchored: Anchored
) -> None:
    """The rows of lines that no blank line parts: one per anchor, fragments shared out."""
    anchors = [i for i, line in enumerate(group) if anchored(line)]
    anchors = anchors or [max(range(len(group)), key=lambda i: len(group[i]))]
    own = [places(line, columns) for line in group]
    rows: list[list[str]] = [[""] * len(columns) for _ in anchors]
    loose = _between(own, anchors, group)
    for k in range(len(columns)):
        lines = [i for i, found in enumerate(own) if k in found]
        texts = {i: group[i][own[i].index(k)].text for i in lines}
        for above in sorted(set(loose.values())) if k == 0 else ():
            label = _joined([texts.pop(i) for i in sorted(loose) if loose[i] == above])
            body.floating.append((len(body.rows) + above + 0.5, label))
        for row, parts in zip(rows, _shared(texts, anchors), strict=True):
            row[k] = _joined(parts)
    body.rows += rows


def _between(
    own: Sequence[Sequence[int]], anchors: Sequence[int], group: Sequence[Line]
) -> dict[int, int]:
    """Lines of a label that stands alone between two rows without one -> the row above it.

    Those rows have words of their own in the second column; else it is one row's wrapped label.
    """
    found: dict[int, int] = {}
    for k, (above, below) in enumerate(itertools.pairwise(anchors)):
        inner = range(above + 1, below)
        if (
            inner
            and all(own[i][0] == 1 and not is_number(group[i][0].text) for i in (above, below))
            and all(list(own[i]) == [0] for i in inner)
        ):
            found |= dict.fromkeys(inner, k)
    return found


def _shared(texts: dict[int, str], anchors: Sequence[int]) -> list[list[str]]:
    """A column's fragments by row: as many lines below a row's middle as above it."""
    rows: list[list[str]] = []
    waiting = [texts[i] for i in sorted(texts) if i < anchors[0]]
    for anchor, following in zip(anchors, [*anchors[1:], None], strict=True):
        here = [texts[anchor]] if anchor in texts else []
        last = following is None
        below = [i for i in sorted(texts) if i > anchor and (last or i < (following or 0))]
        count = len(below) if last else min(len(waiting), len(below))
        rows.append([*waiting, *here, *(texts[i] for i in below[:count])])
        waiting = [texts[i] for i in below[count:]]
    return rows


def _fill_down(body: _Body) -> None:
    """Labels that serve several rows stand at their middle: give them to all, where that adds up."""
    labels = [(float(k), row[0]) for k, row in enumerate(body.rows) if row[0]] + body.floating
    runs = _runs(body.rows, sorted(labels))
    for (_, text), run in zip(sorted(labels), runs, strict=False):
        for k in run:
            body.rows[k][0] = text
    if not runs:
        for at, text in body.floating:
            row = body.rows[int(at + 0.5)]
            row[0] = _join(text, row[0])


def _runs(rows: Sequence[Sequence[str]], labels: Sequence[tuple[float, str]]) -> list[range]:
    """The rows of each label where every row has one label in the middle of its run; else none.

    Rows of a total at the end may have none, and the last run may go on over the page.
    """
    blank = [row for row in rows if not row[0]]
    if not blank or any(len(row) < 3 or not row[1] or is_number(row[1]) for row in blank):
        return []
    runs: list[range] = []
    start = 0
    for n, (place, _) in enumerate(labels):
        end = int(2 * place - start) + 1
        if place < start or (end > len(rows) and n < len(labels) - 1):
            return []
        runs.append(range(start, min(end, len(rows))))
        start = end
    rest = rows[start:]
    return runs if all(TOTAL.match(row[1]) for row in rest) else []


def _joined(parts: Sequence[str]) -> str:
    """Fragments from top to bottom; raised marks belong behind what they mark."""
    text = ""
    for part in sorted(parts, key=lambda part: bool(_NOTE_MARK.match(part))):
        text = _join(text, part)
    return text


def _join(left: str, right: str) -> str:
    """Fragments of one cell: no space between Han characters, one between words."""
    if left and right and left[-1].isascii() and right[0].isascii() and left[-1].isalnum():
        return f"{left} {right}"
    return left + right
