"""Organisation and flow charts: boxes joined by lines, which are no tables of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.load.pdf.grids import Grid
from rag.load.pdf.lines import lines_of
from rag.load.pdf.spans import Box, Rule, Span

CHART_GAP = 60.0
CHART_WORDS = 25
FEWEST_CHART_TEXTS = 4


def chart_box(across: Sequence[Rule], down: Sequence[Rule]) -> list[Box]:
    """The outline of lines that cross without making a table."""
    if len(across) < 2 or len(down) < 2:
        return []
    left, right = min(r.start for r in across), max(r.end for r in across)
    top, bottom = min(r.start for r in down), max(r.end for r in down)
    return [(left, top, right, bottom)]


def charts(boxes: Sequence[Box], spans: Sequence[Span]) -> Iterator[tuple[Grid, list[Span]]]:
    """Groups of boxes near each other with short words in them, each as a glued table."""
    groups: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box[1]):
        if groups and box[1] - max(b[3] for b in groups[-1]) < CHART_GAP:
            groups[-1].append(box)
        else:
            groups.append([box])
    for group in groups:
        left, top = min(b[0] for b in group), min(b[1] for b in group)
        right, bottom = max(b[2] for b in group), max(b[3] for b in group)
        inside = [s for s in spans if left <= s.centre <= right and top <= s.middle <= bottom]
        short = [span for span in inside if len(span.text) <= CHART_WORDS]
        if len(short) >= FEWEST_CHART_TEXTS and len(short) >= 0.8 * len(inside):
            rows = tuple(
                ("  ".join(span.text for span in line.spans),) for line in lines_of(inside)
            )
            box = (left, top, right, bottom)
            yield Grid(box, rows, (), (left, right), ruled=False, glued=True, height=0), inside
