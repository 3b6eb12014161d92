"""A table found on a page, by its rules or by its alignment, and the text of its cells."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load.characters import HYPHEN, is_cjk, joined
from rag.load.grid import is_value
from rag.load.pdf.lines import lines_of
from rag.load.pdf.spans import Box, Span

WORD_GAP = 2.0
"""Heights of a line between texts that are not one text, Chinese or not."""
_LOOSE_SIGN = re.compile(r"(?<=[\d)])\s+(?=[%％])")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table found on a page: cells filled from merged ones, where it stands, how rows look.

    `bold[i]` says that all of row i is bold; `deep` how many rows the merged cells of the first
    row reach down; `edges` are the columns' borders; `titles` rows that span the whole table
    above its header; `ruled` whether drawn lines made it (else alignment).
    """

    box: Box
    rows: tuple[tuple[str, ...], ...]
    bold: tuple[bool, ...]
    edges: tuple[float, ...]
    deep: int = 1
    titles: tuple[str, ...] = ()
    ruled: bool = True
    glued: bool = False
    height: int | None = None
    """Header rows where the finder knows them, else None."""


def cell_text(spans: Sequence[Span]) -> str:
    """The text of a cell: its lines joined, a figure broken by a narrow column made whole."""
    text = spans[0].text if len(spans) == 1 else ""
    for line in lines_of(spans) if len(spans) > 1 else ():
        own = line_text(line.spans) if len(line.spans) > 2 else _spread_word(line.spans)
        text = joined(text, own, figures=True)
    return _LOOSE_SIGN.sub("", text.replace(HYPHEN, "-")).strip()


def _spread_word(spans: Sequence[Span]) -> str:
    """A name of two characters that a cell sets wide apart is one word."""
    if len(spans) == 2 and all(len(span.text) == 1 and is_cjk(span.text) for span in spans):
        return spans[0].text + spans[1].text
    return line_text(spans)


def line_text(spans: Sequence[Span]) -> str:
    """Spans of one line as text; no space where they touch or where Chinese meets closely."""
    text = spans[0].text
    for before, span in itertools.pairwise(spans):
        gap = (span.x0 - before.x1) / max(before.height, 0.1)
        if gap < 0.15:
            text += span.text
        else:
            text = f"{text} {span.text}" if gap > WORD_GAP else joined(text, span.text)
    return text


def without_titles(grid: Grid) -> Grid:
    """First rows that are one cell over the whole width are titles, not header."""
    count = 0
    width = len(grid.rows[0])
    while count < len(grid.rows) - 1 and width > 2 and not any(grid.rows[count][1:]):
        if not grid.rows[count][0] or is_value(grid.rows[count][0]):
            break
        count += 1
    if not count:
        return grid
    return Grid(
        grid.box,
        grid.rows[count:],
        grid.bold[count:],
        grid.edges,
        max(1, grid.deep - count),
        tuple(row[0] for row in grid.rows[:count]),
        grid.ruled,
    )
