"""Tables whose cells an export separates by "|"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.load.tables import Cells, flat_header, header_rows, realigned, spread
from rag.types import Table

_RULE = re.compile(r"^\s*\|?[\s:|+-]+\|?\s*$")


def is_pipe_row(line: str) -> bool:
    """Whether a line is a row of a pipe table (a lone "|" inside prose is not)."""
    stripped = line.strip()
    return stripped.endswith("|") or stripped.startswith("|") or stripped.count(" | ") >= 2


def read_pipes(lines: Sequence[str]) -> tuple[Cells, ...]:
    """Rows of cells, all of one width; Markdown rules are dropped."""
    rows = [_cells(line) for line in lines if not (_RULE.match(line) and "-" in line)]
    width = max((len(row) for row in rows), default=0)
    return tuple(row + ("",) * (width - len(row)) for row in rows)


def pipe_table(
    lines: Sequence[str], *, caption: str = "", unit: str = "", scope: str = ""
) -> Table:
    """A table from consecutive pipe rows: header rows told from data, merged cells given back."""
    rows = _trimmed(read_pipes(lines))
    count = header_rows(rows)
    width = max((len(row) for row in rows), default=0)
    header = spread(rows[:count], width)
    names = flat_header(Table("", "", header, ()))
    return Table(caption, unit, header, realigned(rows[count:], names=names), scope=scope)


def _cells(line: str) -> Cells:
    stripped = line.strip()
    if stripped.startswith("|"):
        stripped = stripped[1:]
    if stripped.endswith("|"):
        stripped = stripped[:-1]
    return tuple(re.sub(r"\s+", " ", cell).strip() for cell in stripped.split("|"))


def _trimmed(rows: Sequence[Cells]) -> tuple[Cells, ...]:
    """Without columns at the end that are empty in every row."""
    width = max((len(row) for row in rows), default=0)
    while width and all(not row[width - 1] for row in rows):
        width -= 1
    return tuple(row[:width] for row in rows)
