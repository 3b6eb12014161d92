"""XLSX: one page per visible sheet, cells as Excel shows them, formulas by their cached values."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from rag.errors import EmptyDocument, LoadError, UnsafeDocument
from rag.load.base import Loaded, Progressed
from rag.load.grid import Cells, cleaned
from rag.load.safety import in_words, read_members, within_limits
from rag.load.sheet import blocks_of
from rag.load.xlsx_parts import (
    Area,
    Place,
    SheetData,
    local,
    looks_of,
    parsed,
    sheet_data,
    strings_of,
    visible_sheets,
)
from rag.types import Page

_WANTED = re.compile(
    r"^xl/(?:workbook|styles|sharedStrings)\.xml$|^xl/_rels/workbook\.xml\.rels$"
    r"|^xl/worksheets/[^/]+\.xml$|^docProps/core\.xml$"
)
_HINTS = {"title": "title", "creator": "author", "modified": "date"}
MOST_CELLS = 2_000_000
"""Cells of a workbook; each takes some 300 bytes while it is read."""
MOST_COLUMNS = 1_000
"""Columns of a table; a sheet with more is data for a program."""


def load_xlsx(path: Path, *, progress: Progressed | None = None) -> Loaded:
    """Load an XLSX; a page's label is its sheet's name. Hidden sheets, rows, columns are left out.

    Raises UnsafeDocument for bombs, entities, macros and too many cells, EmptyDocument for a
    workbook without values, LoadError for what is no XLSX.
    """
    members = read_members(path, _WANTED)
    if "xl/workbook.xml" not in members:
        raise LoadError(f"{path}: holds no workbook; check that it is an .xlsx")
    count = sum(data.count(b"<c ") + data.count(b":c ") for data in members.values())
    if count > MOST_CELLS:
        raise UnsafeDocument(f"{path}: has {count:,} cells, more than {MOST_CELLS:,}; split it")
    try:
        with within_limits(path):
            pages = _pages(members, progress)
        hints = _hints(members)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LoadError(
            f"{path}: is damaged ({in_words(error)}); save it again as .xlsx"
        ) from error
    if not any(page.blocks for page in pages):
        raise EmptyDocument(f"{path}: has no values in any visible sheet; check the workbook")
    return Loaded(pages, hints)


def _pages(members: Mapping[str, bytes], progress: Progressed | None) -> tuple[Page, ...]:
    sheets = visible_sheets(members)
    looks, strings = looks_of(members), strings_of(members)
    pages: list[Page] = []
    for name, member in sheets:
        cells = cells_of(sheet_data(members[member], strings, looks))
        pages.append(Page(name, len(pages), tuple(blocks_of(cells))))
        if progress:
            progress(len(pages), len(sheets))
    return tuple(pages)


def _hints(members: Mapping[str, bytes]) -> dict[str, str]:
    """Title, author and date from the file's own properties."""
    hints = {}
    for item in parsed(members.get("docProps/core.xml", b"<a/>")):
        key, text = _HINTS.get(local(item)), (item.text or "").strip()
        if key and text:
            hints[key] = text[:10] if key == "date" else text
    return hints


def cells_of(sheet: SheetData) -> Cells:
    """A sheet's visible rows and columns that hold text, merged cells numbered once.

    An empty row stands where the sheet has visible rows without text: it parts two tables.
    """
    columns = sorted({column for _, column in sheet.texts} - sheet.hidden_columns)[:MOST_COLUMNS]
    rows = sorted({row for row, _ in sheet.texts} - sheet.hidden_rows)
    cells = Cells()
    numbers = {place: cells.new(cleaned(text)) for place, text in sheet.texts.items()}
    empty = cells.new("")
    homes = dict(_homes(sheet.merged, numbers, rows, columns))
    for last, row in zip([0, *rows], rows, strict=False):
        if last and any(between not in sheet.hidden_rows for between in range(last + 1, row)):
            cells.add([empty])
        places = [homes.get((row, column), (row, column)) for column in columns]
        filled = [place for place in places if place in numbers]
        bold = bool(filled) and all(place in sheet.bold for place in filled)
        cells.add([numbers.get(place, empty) for place in places], bold=bold)
    return cells


def _homes(
    merged: list[Area], filled: Mapping[Place, int], rows: list[int], columns: list[int]
) -> Iterator[tuple[Place, Place]]:
    """Each place of a merged range that is shown, with the place that holds the range's text."""
    left = MOST_CELLS
    for area in merged:
        home = (area.top, area.left)
        if home not in filled:
            continue
        for row in _between(rows, area.top, area.bottom):
            for column in _between(columns, area.left, area.right):
                left -= 1
                if left < 0:
                    return
                yield (row, column), home


def _between(values: list[int], low: int, high: int) -> list[int]:
    """Of sorted values those from `low` to `high`."""
    return values[bisect_left(values, low) : bisect_right(values, high)]
