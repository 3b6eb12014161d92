"""Tables that drawn lines divide into cells, the sides often left open as Chinese filings do.

Lines that cross make a component; its verticals are column borders, its horizontals row borders.
A missing piece of border between two places joins them to one merged cell. Where no lines part
the rows, the figures that stand under each other in one place do.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.load.grid import is_value
from rag.load.pdf.charts import chart_box, charts
from rag.load.pdf.grids import Grid, cell_text, without_titles
from rag.load.pdf.lines import lines_of
from rag.load.pdf.spans import Box, Rule, Rules, Span

NEAR = 3.0
"""Points by which lines that should meet may miss each other."""
OPEN = 6.0
"""Points that horizontals stand out beyond the outer verticals when the sides are open."""
NARROWEST = 4.0
"""Points: a narrower column or row is the gap of a double line."""
LEAST_OUTER = 0.8
"""Part of the outer borders that is drawn where they are drawn at all."""
LEAST_DRAWN = 0.4
"""Mean part of an inner border that is drawn in a table (merged cells leave some out)."""
MOST_CELLS = 20_000
LEAST_FILLED = 0.2
"""Part of the cells that must hold text; a chart's gridlines hold none."""


def ruled_grids(spans: Sequence[Span], rules: Rules) -> tuple[list[Grid], list[Span]]:
    """The ruled tables of a page, and the spans outside of them.

    Boxes joined by lines that are no table (organisation charts, flow charts) come as one glued
    table: what they say is kept line by line, and none of it is taken for a heading.
    """
    grids: list[Grid] = []
    boxes: list[Box] = []
    rest = list(spans)
    for across, down in _components(rules):
        frame = _frame(across, down)
        if frame is None or not frame.is_regular():
            boxes += chart_box(across, down)
            continue
        inside = [span for span in rest if frame.holds(span)]
        grid = _read(frame, inside)
        if grid is not None:
            rest = _except(rest, inside)
            grids.append(grid)
        else:
            boxes += chart_box(across, down)
    for chart, inside in charts(boxes, rest):
        rest = _except(rest, inside)
        grids.append(chart)
    return grids, rest


def _except(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    gone = set(map(id, taken))
    return [span for span in spans if id(span) not in gone]


def _components(rules: Rules) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Groups of horizontals and verticals that touch each other."""
    parent = list(range(len(rules.across) + len(rules.down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    offset = len(rules.across)
    for j, down in enumerate(rules.down):
        for i, across in enumerate(rules.across):
            if _touch(across, down):
                parent[root(i)] = root(offset + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate((*rules.across, *rules.down)):
        groups.setdefault(root(i), ([], []))[i >= offset].append(rule)
    yield from (group for group in groups.values() if group[0] and group[1])


def _touch(across: Rule, down: Rule) -> bool:
    return (
        across.start - NEAR <= down.at <= across.end + NEAR
        and down.start - NEAR <= across.at <= down.end + NEAR
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """The borders of a table's columns (`xs`) and rows (`ys`), and the lines that draw them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]

    def holds(self, span: Span) -> bool:
        return (
            self.xs[0] - NEAR < span.centre < self.xs[-1] + NEAR
            and self.ys[0] < span.middle < self.ys[-1]
        )

    def is_regular(self) -> bool:
        """Whether borders are drawn nearly throughout, as a table's are and a chart's are not."""
        wide, high = self.xs[-1] - self.xs[0], self.ys[-1] - self.ys[0]
        outer = [_drawn(self.across, y) / wide for y in (self.ys[0], self.ys[-1])]
        if any(0 < part < LEAST_OUTER for part in outer):
            return False
        rows = [_drawn(self.across, y) / wide for y in self.ys[1:-1]]
        columns = [_drawn(self.down, x) / high for x in self.xs[1:-1]]
        return all(not part or sum(part) / len(part) >= LEAST_DRAWN for part in (rows, columns))

    def place(self, span: Span) -> tuple[int, int]:
        """(row, column) in which a span's middle stands."""
        row = bisect_right(self.ys, span.middle) - 1
        column = bisect_right(self.xs, span.centre) - 1
        return min(max(row, 0), len(self.ys) - 2), min(max(column, 0), len(self.xs) - 2)


def _frame(across: Sequence[Rule], down: Sequence[Rule]) -> _Frame | None:
    xs = _places(rule.at for rule in down)
    ys = _places(rule.at for rule in across)
    left, right = min(r.start for r in across), max(r.end for r in across)
    top, bottom = min(r.start for r in down), max(r.end for r in down)
    if left < xs[0] - OPEN and sum(r.start < xs[0] - OPEN for r in across) >= 2:
        xs.insert(0, left)
    if right > xs[-1] + OPEN and sum(r.end > xs[-1] + OPEN for r in across) >= 2:
        xs.append(right)
    if top < ys[0] - OPEN:
        ys.insert(0, top)
    if bottom > ys[-1] + OPEN:
        ys.append(bottom)
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > MOST_CELLS:
        return None
    return _Frame(tuple(xs), tuple(ys), tuple(across), tuple(down))


def _drawn(rules: Sequence[Rule], at: float) -> float:
    """Points drawn at a place."""
    return sum(rule.end - rule.start for rule in rules if abs(rule.at - at) < NARROWEST)


def _places(values: Iterator[float]) -> list[float]:
    """Sorted places, those closer than a double line made one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] >= NARROWEST:
            places.append(value)
    return places


def _read(frame: _Frame, spans: Sequence[Span]) -> Grid | None:
    merged = _merged(frame)
    held: dict[tuple[int, int], list[Span]] = {}
    for span in spans:
        held.setdefault(merged[frame.place(span)], []).append(span)
    if len({column for _, column in held}) < 2 or len(held) < LEAST_FILLED * len(
        set(merged.values())
    ):
        return None
    height, width = len(frame.ys) - 1, len(frame.xs) - 1
    texts = {home: cell_text(cell) for home, cell in held.items()}
    rows: list[tuple[str, ...]] = []
    bold: list[bool] = []
    for row in range(height):
        homes = [merged[row, column] for column in range(width)]
        own = [held[home] for home in homes if home in held]
        split = _unruled_rows(homes, held) if len(set(homes)) > 1 else None
        whole = [_shown(texts, homes, column, row) for column in range(width)]
        for cells in split or [whole]:
            if any(cells):
                rows.append(tuple(cells))
                bold.append(bool(own) and all(span.bold for cell in own for span in cell))
    if not rows:
        return None
    deep = max(sum(merged[r, c] == merged[0, c] for r in range(height)) for c in range(width))
    box = (frame.xs[0], frame.ys[0], frame.xs[-1], frame.ys[-1])
    return without_titles(
        Grid(box, tuple(rows), tuple(bold), frame.xs, deep if deep < height else 1)
    )


def _merged(frame: _Frame) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) -> the first place of the merged cell that it belongs to."""
    height, width = len(frame.ys) - 1, len(frame.xs) - 1
    home = {(r, c): (r, c) for r in range(height) for c in range(width)}
    left = {(r, c) for c, r in _borders(frame.down, frame.xs, frame.ys)}
    for r in range(height):
        for c in range(1, width):
            if (r, c) not in left:
                home[r, c] = home[r, c - 1]
    above = _borders(frame.across, frame.ys, frame.xs)
    for c in range(width):
        for r in range(1, height):
            if (r, c) not in above and _same_width(home, r, c, width):
                home[r, c] = home[r - 1, c]
    return home


def _borders(
    rules: Sequence[Rule], places: Sequence[float], across: Sequence[float]
) -> set[tuple[int, int]]:
    """(border, stretch) for each stretch between `across` at whose middle a border is drawn."""
    middles = [(a + b) / 2 for a, b in itertools.pairwise(across)]
    drawn: set[tuple[int, int]] = set()
    for rule in rules:
        border = bisect_right(places, rule.at + NARROWEST / 2) - 1
        stretch = range(bisect_left(middles, rule.start), bisect_right(middles, rule.end))
        drawn.update((border, k) for k in stretch)
    return drawn


def _same_width(home: dict[tuple[int, int], tuple[int, int]], r: int, c: int, width: int) -> bool:
    """Whether the cell at (r, c) spans the same columns as the one above: they may be merged."""
    own = [k for k in range(width) if home[r, k][1] == home[r, c][1]]
    above = [k for k in range(width) if home[r - 1, k] == home[r - 1, c]]
    return own == above or set(above) == set(own)


def _shown(
    texts: dict[tuple[int, int], str], homes: Sequence[tuple[int, int]], column: int, row: int
) -> str:
    """A cell's text, filled from its merged cell; a row that is one cell says it once."""
    if column and len(homes) > 2 and len(set(homes)) == 1:
        return ""
    return texts.get(homes[column], "")


def _unruled_rows(
    homes: Sequence[tuple[int, int]], held: dict[tuple[int, int], list[Span]]
) -> list[list[str]] | None:
    """The rows inside one ruled row, where a column holds several figures under each other."""
    lines = {home: lines_of(held[home]) for home in set(homes) if home in held}
    figures = [
        own for own in lines.values() if len(own) > 1 and all(is_value(line.text) for line in own)
    ]
    if not figures or len(figures) * 3 < len(lines):
        return None
    anchors = [line.middle for line in max(figures, key=len)]
    limits = [(a + b) / 2 for a, b in itertools.pairwise(anchors)]
    rows = []
    for number in range(len(anchors)):
        row = []
        for home in homes:
            own = [
                line for line in lines.get(home, []) if bisect_right(limits, line.middle) == number
            ]
            row.append(cell_text([span for line in own for span in line.spans]))
        rows.append(row)
    return rows
