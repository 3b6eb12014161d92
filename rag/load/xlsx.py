"""XLSX: one page per visible sheet, cells as Excel shows them, formulas by their cached values."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from rag.errors import EmptyDocument, LoadError
from rag.load.base import Loaded, Progressed
from rag.load.grid import Cells, cleaned
from rag.load.number_format import shown
from rag.load.safety import in_words, read_members
from rag.load.sheet import blocks_of
from rag.types import Page

_SHEETS = re.compile(r"^xl/.*sheets?/[^/]+\.xml$|^xl/workbook\.xml$|^xl/sharedStrings\.xml$")
MOST_CELLS = 1_500_000
"""Cells with a value in a workbook: openpyxl needs some 400 bytes for each."""
MOST_COLUMNS = 1_000


def load_xlsx(path: Path, *, progress: Progressed | None = None) -> Loaded:
    """Load an XLSX; a page's label is its sheet's name. Hidden sheets, rows, columns are left out.

    Raises UnsafeDocument for bombs, entities, macros and too many cells, EmptyDocument for a
    workbook without values, LoadError for what is no XLSX.
    """
    members = read_members(path, _SHEETS)
    if "xl/workbook.xml" not in members:
        raise LoadError(f"{path}: holds no workbook; check that it is an .xlsx")
    count = sum(data.count(b"<c ") + data.count(b":c ") for data in members.values())
    if count > MOST_CELLS:
        raise LoadError(
            f"{path}: has {count:,} cells, more than {MOST_CELLS:,}; split the workbook"
        )
    workbook = _opened(path)
    try:
        sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        pages: list[Page] = []
        for sheet in sheets:
            pages.append(Page(sheet.title, len(pages), tuple(blocks_of(_cells(sheet)))))
            if progress:
                progress(len(pages), len(sheets))
        hints = _hints(workbook.properties)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        raise LoadError(
            f"{path}: a sheet is damaged ({in_words(error)}); save it again as .xlsx"
        ) from error
    finally:
        workbook.close()
    if not any(page.blocks for page in pages):
        raise EmptyDocument(f"{path}: has no values in any visible sheet; check the workbook")
    return Loaded(tuple(pages), hints)


def _opened(path: Path) -> Any:
    import openpyxl

    try:
        return openpyxl.load_workbook(
            io.BytesIO(path.read_bytes()), data_only=True, keep_links=False
        )
    except Exception as error:
        # A damaged workbook makes openpyxl raise whatever it stumbles over.
        raise LoadError(
            f"{path}: is damaged ({in_words(error)}); save it again as .xlsx"
        ) from error


def _hints(properties: Any) -> dict[str, str]:
    hints = {"title": properties.title or "", "author": properties.creator or ""}
    if properties.modified:
        hints["date"] = properties.modified.date().isoformat()
    return {key: value for key, value in hints.items() if value}


def _cells(sheet: Any) -> Cells:
    """A sheet's visible cells with their shown texts; merged ranges numbered once.

    Empty rows are kept: they part one table from the next.
    """
    found = {
        (cell.row, cell.column): cell for cell in sheet._cells.values() if cell.value is not None
    }
    columns = sorted({column for _, column in found} - _hidden_columns(sheet))[:MOST_COLUMNS]
    rows = sorted({row for row, _ in found})
    cells = Cells()
    numbers = {
        place: cells.new(cleaned(shown(cell.value, cell.number_format)))
        for place, cell in found.items()
    }
    empty = cells.new("")
    merged = _merged(sheet, numbers)
    last = 0
    for row in rows:
        if sheet.row_dimensions[row].hidden if row in sheet.row_dimensions else False:
            continue
        if last and row > last + 1 and not _all_hidden(sheet, last + 1, row):
            cells.owners.append([empty])
            cells.bold.append(False)
        last = row
        places = [merged.get((row, column), (row, column)) for column in columns]
        cells.owners.append([numbers.get(place, empty) for place in places])
        own = [found[place] for place in places if place in found and numbers[place] != empty]
        cells.bold.append(bool(own) and all(bool(cell.font and cell.font.b) for cell in own))
    return cells


def _all_hidden(sheet: Any, start: int, stop: int) -> bool:
    """Whether the rows from `start` to before `stop` are all hidden."""
    return all(
        r in sheet.row_dimensions and sheet.row_dimensions[r].hidden
        for r in range(start, min(stop, start + 1000))
    )


def _hidden_columns(sheet: Any) -> set[int]:
    hidden: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            hidden.update(range(dimension.min, min(dimension.max, 16_384) + 1))
    return hidden


def _merged(
    sheet: Any, numbers: dict[tuple[int, int], int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Every place of a merged range with a value -> the range's first place."""
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for area in sheet.merged_cells.ranges:
        home = (area.min_row, area.min_col)
        if home not in numbers or area.size["rows"] * area.size["columns"] > MOST_CELLS:
            continue
        if len(places) > MOST_CELLS:
            break
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                places[row, column] = home
    return places
