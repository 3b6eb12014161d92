"""Facts of tables: "label | v1 | v2" rows under header lines, with their caption and unit above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from rag.verify.facts import Fact
from rag.verify.figure import ONE, Figure
from rag.verify.figures import find_figures
from rag.verify.labels import aspect
from rag.verify.periods import relative_period
from rag.verify.signs import LOSS, direction, trend
from rag.verify.table_unit import in_unit, noted_unit, unit_of
from rag.verify.units import CURRENCIES

_NAMING = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")
_STEP = re.compile(r"(?:[A-Za-z]\s?[+-]?|第)$")
_YEAR_HEAD = re.compile(r"[A-Za-z](?:[+-]\d+)?\s?年|第.{1,2}年")
_WHEN = re.compile(r"时间|日期|年份")
_INDEX = re.compile(r"序号|编号|no\.?|页码|附注|行次", re.IGNORECASE)


@dataclass(slots=True)
class Table:
    """A table while it is read: what stands above it and its header rows so far."""

    number: int
    above: str
    main: str
    header: list[list[str]] = field(default_factory=list)
    money: str = ""
    begun: bool = False
    width: int = 0
    """Cells of the widest row below the first line: shorter rows have lost their empty ends."""
    grouped: bool = False
    """A label alone has just stood between the rows: a group, or the caption of the next table."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text and where it stands."""

    text: str
    start: int
    end: int


def is_row(line: str) -> bool:
    """Whether a line of evidence is a row of cells."""
    return "|" in line


def cells_of(line: str, offset: int) -> list[Cell]:
    """The cells of a row; `offset` is where the line begins."""
    cells, start = [], 0
    for part in line.split("|"):
        left = start + len(part) - len(part.lstrip())
        text = part.strip()
        cells.append(Cell(text, offset + left, offset + left + len(text)))
        start += len(part) + 1
    if len(cells) > 2 and not cells[-1].text:
        cells.pop()  # "a | b |" ends with its rule
    return cells


def take_row(
    table: Table, cells: Sequence[Cell], figures: Sequence[Figure], line: int
) -> list[Fact]:
    """The facts of one row, or none where the row is part of the header (which it then joins)."""
    measured = _measured(cells, figures)
    if not measured:
        _take_header(table, cells)
        return []
    table.begun, table.grouped = True, False
    label = _row_label(cells, measured)
    facts = []
    for index, figure in measured:
        column = _column(table, index, len(cells))
        if _INDEX.fullmatch(column.strip() or "-") or _is_month(figure, column):
            continue
        facts.append(_cell_fact(table, figure, (label, column, index), line))
    return facts


def _measured(cells: Sequence[Cell], figures: Sequence[Figure]) -> list[tuple[int, Figure]]:
    """The figures that are a cell's value, with the column they stand in; a number within a row's
    name ("3 车间", "1-2年") is none."""
    found: list[tuple[int, Figure]] = []
    for figure in figures:
        if figure.kind in ("date", "code"):
            continue
        for index, cell in enumerate(cells):
            if cell.start <= figure.start < cell.end:
                if _is_value(figure, cell, index, started=any(i for i, _ in found)):
                    found.append((index, figure))
                break
    if len(cells) > 1 and any(index for index, _ in found):
        return [(index, figure) for index, figure in found if index]
    return found


def _is_value(figure: Figure, cell: Cell, index: int, *, started: bool) -> bool:
    length, whole = figure.end - figure.start, len(cell.text)
    if index == 0:
        run_on = figure.bare and figure.end == cell.end and figure.quantum < ONE
        return length >= whole - 1 or run_on
    if index and _STEP.search(cell.text[: figure.start - cell.start]):
        return False  # "T+1年" and "第1年" are heads
    if _WORD.search(cell.text[: figure.start - cell.start]) and _WORD.search(
        cell.text[figure.end - cell.start :]
    ):
        return False  # "甲公司15%股权" is a name
    return started or 2 * length >= whole


def _take_header(table: Table, cells: Sequence[Cell]) -> None:
    texts = [cell.text for cell in cells]
    filled = [text for text in texts[1:] if text and text not in ("-", "--", "—", "不适用", "N/A")]
    opens = not table.begun or (table.grouped and len(filled) > 1)
    if not filled or not (opens or any(find_figures(text) for text in filled)):
        return
    if table.begun:
        table.header, table.begun = [], False
    table.header.append(texts)


def _row_label(cells: Sequence[Cell], measured: Sequence[tuple[int, Figure]]) -> str:
    first = min(index for index, _ in measured)
    if first + 1 < len(cells) and _is_rank(cells[first]) and _WORD.search(cells[first + 1].text):
        first = next(
            (i for i, _ in measured if i > first), first
        )  # "2024年末 | 3 | 甲公司 | 66.15"
    words = [cell.text for cell in cells[: max(first, 1)] if _NAMING.search(cell.text)]
    if not words:
        words = [cells[0].text]
    return " ".join(words)[:120]


def _is_rank(cell: Cell) -> bool:
    return cell.text.isdecimal() and len(cell.text) <= 3


def _column(table: Table, index: int, width: int) -> str:
    parts: list[str] = []
    for row in table.header:
        fits = len(row) == width or width < len(row) <= table.width
        if fits and index < len(row) and row[index] not in parts:
            parts.append(row[index])
    return " ".join(parts).strip()


def _cell_fact(table: Table, figure: Figure, place: tuple[str, str, int], line: int) -> Fact:
    label, column, index = place
    header = " ".join(cell for row in table.header for cell in row)
    common = unit_of(f"{table.above}\n{header}", table.money) or _sums_unit(table, column)
    read, loose = in_unit(figure, common, label, column, above=table.above)
    periods, weak = _periods(table, label, column)
    return Fact(
        read,
        label=label,
        wide=f"{table.above} {label} {column}",
        periods=periods,
        named=periods,
        direction=direction(f"{label} {column}"),
        trend=trend(column) if not _is_minus(read) and not LOSS.search(column) else 0,
        aspect=aspect(column) or aspect(label),
        column=column,
        index=index,
        line=line,
        table=table.number,
        weak=weak,
        loose=loose,
    )


def _sums_unit(table: Table, column: str) -> tuple[str, Decimal] | None:
    """For a column of a period: the one amount's unit that other columns note ("T年 | 合计(万元)")."""
    if not (_YEAR_HEAD.search(column) or dates_of(column)):
        return None
    noted = {noted_unit(cell) for row in table.header for cell in row}
    money = {unit for unit in noted if unit and unit[0] in CURRENCIES}
    return money.pop() if len(money) == 1 else None


def _is_month(figure: Figure, column: str) -> bool:
    """Whether a bare number in a column of dates is a month ("2017.8"), which measures nothing."""
    dated = figure.bare and figure.number is not None and 1900 <= figure.number < 2100
    return dated and bool(_WHEN.search(column))


def _is_minus(figure: Figure) -> bool:
    return figure.value is not None and figure.value < 0


def _periods(table: Table, label: str, column: str) -> tuple[tuple[str, ...], bool]:
    """The periods of a cell and whether they are only surmised: column, then row, then caption."""
    quarter = [d for d in dates_of(label) if d.startswith("--")]
    if aspect(column) == "change" or re.search(r"change", column, re.IGNORECASE):
        if own := dates_of(column):
            return tuple(_completed(d, table.main) for d in own), True
        years = [p for row in table.header for cell in row for p in dates_of(cell) if p[0] != "-"]
        return ((_within(max(years), quarter),), True) if years else ((), True)
    for text in (column, label):
        dates = dates_of(text)
        if len(dates) == 1 and len(dates[0]) == 4 and quarter:
            return (_within(dates[0], quarter),), False
        if dates:
            return tuple(_completed(d, table.main) for d in dates), False
        relative = relative_period(text, table.main)
        if relative:
            return (relative,), False
    above = dates_of(table.above)
    return ((above[-1],), True) if len(set(above)) == 1 else ((), True)


def _within(year: str, quarters: Sequence[str]) -> str:
    """The quarter of a row's label in the year of its column; the year where it names none."""
    return _completed(quarters[0], year) if quarters and len(year) == 4 else year


@lru_cache(maxsize=4096)
def dates_of(text: str) -> tuple[str, ...]:
    """The periods and days that a header, label or caption names, in canonical form."""
    return tuple(figure.unit for figure in find_figures(text) if figure.kind == "date")


def _completed(canonical: str, main: str) -> str:
    """ "--01/--03" in a report on 2024 is the first quarter of 2024."""
    if canonical.startswith("--") and main[:4].isdigit():
        return canonical.replace("--", f"{main[:4]}-")
    return canonical
