"""A line seen as a row: which of its spans are cells, and which of these hold figures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.load.grid import is_blank_value, is_value
from rag.load.pdf.grids import line_text
from rag.load.pdf.spans import Line, Span

_SIGN = re.compile(r"^(?:[$¥￥€£]|US\$|HK\$|RMB)$")
_TAIL = re.compile(r"^[)）%％‰]+$|^\)\s*%$")
_MARKER = re.compile(
    r"^(?:[•●▪■◆○□☑☐❖➢✓⇨→·*†‡–—-]|[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})[)）]|\d{1,3}[.、．])$"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line seen as a row: its spans with signs put to their figures."""

    cells: tuple[Span, ...]
    line: Line
    figures: int
    """How many cells besides the first hold figures."""


def is_figure(text: str) -> bool:
    """Whether a cell is data: a figure or a dash for none; a year counts as a name."""
    return is_value(text) or is_blank_value(text)


def as_row(line: Line) -> Row:
    """Signs joined to their figures ("$" "1,419" -> "$1,419"), list markers to their text."""
    if len(line.spans) == 1:
        return Row(line.spans, line, 0)
    cells: list[Span] = []
    sign: Span | None = None
    for span in line.spans:
        if _SIGN.match(span.text) and span is not line.spans[-1]:
            sign = span
            continue
        if sign is not None and is_figure(span.text):
            span = replace(span, text=sign.text + span.text)
        elif sign is not None:
            cells.append(sign)
        sign = None
        if cells and _TAIL.match(span.text) and (is_value(cells[-1].text) or "(" in cells[-1].text):
            cells[-1] = replace(
                cells[-1], text=cells[-1].text + span.text.replace(" ", ""), x1=span.x1
            )
        elif cells and span.x0 - cells[-1].x1 < 0.25 * line.height:
            text = line_text([cells[-1], span])
            cells[-1] = replace(cells[-1], text=text, x1=span.x1)
        else:
            cells.append(span)
    if len(cells) == 2 and _MARKER.match(cells[0].text) and not is_figure(cells[1].text):
        cells = [replace(cells[0], text=line_text(cells), x1=cells[1].x1)]
    return Row(tuple(cells), line, sum(is_figure(cell.text) for cell in cells[1:]))
