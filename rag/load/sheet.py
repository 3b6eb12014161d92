"""What rows of cells say: titles, unit, tables and notes, for spreadsheets and separated text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.load.captions import captioned
from rag.load.grid import Cells
from rag.load.outline import heading_level
from rag.load.tables import is_unit_line
from rag.types import Block, Heading, Paragraph, Table

LONGEST_TITLE = 80


def blocks_of(cells: Cells) -> list[Block]:
    """The titles, notes and tables of a sheet's rows, from top to bottom."""
    blocks: list[Block] = []
    width = max(map(len, cells.owners), default=0)
    for part in _parts(cells):
        _add(blocks, part, width)
    return blocks


def _parts(cells: Cells) -> Iterator[Cells]:
    """A sheet's rows in runs that empty rows part; a run without a header goes on with the last."""
    part = Cells(texts=cells.texts)
    for owners, bold in zip(cells.owners, cells.bold, strict=True):
        if any(cells.texts[number] for number in owners):
            part.owners.append(owners)
            part.bold.append(bold)
        elif part.owners:
            yield part
            part = Cells(texts=cells.texts)
    if part.owners:
        yield part


def _add(blocks: list[Block], part: Cells, width: int) -> None:
    """One run of rows: titles and unit above, the table, notes below; `width` is the sheet's."""
    lone = [_lone_text(part, row) if width > 1 else None for row in part.owners]
    start = next((i for i, text in enumerate(lone) if text is None), len(lone))
    end = len(lone)
    while end > start and (text := lone[end - 1]) is not None and _is_note(text):
        end -= 1
    titles = [text for text in lone[:start] if text]
    for text in titles:
        blocks.append(_title(text, first=not blocks, table=start < end))
    if start < end:
        body = Cells(part.owners[start:end], part.texts, part.bold[start:end])
        _add_table(blocks, body, [text for text in titles if len(text) <= LONGEST_TITLE])
    blocks.extend(Paragraph(text) for text in lone[end:] if text)


def _lone_text(part: Cells, row: Sequence[int]) -> str | None:
    """The text of a row with a single cell, None for a row of several."""
    filled = {number for number in row if part.texts[number]}
    return part.texts[filled.pop()] if len(filled) == 1 else None


def _is_note(text: str) -> bool:
    return len(text) > 20 or bool(re.match(r"注|说明|资料来源|Notes?|Source", text))


def _title(text: str, *, first: bool, table: bool) -> Block:
    """A line above a table: the sheet's title, a numbered heading, a unit, else words."""
    if is_unit_line(text) or len(text) > LONGEST_TITLE:
        return Paragraph(text)
    level = heading_level(text)
    if level is not None or (first and table):
        return Heading(text, level or 1)
    return Paragraph(text)


def _add_table(blocks: list[Block], body: Cells, names: Sequence[str]) -> None:
    table, titles = body.table()
    if not table.rows and not table.header:
        return
    last = blocks[-1] if blocks else None
    if isinstance(last, Table) and not table.header and _width(last) == _width(table):
        blocks[-1] = replace(last, rows=(*last.rows, *table.rows))
        return
    table, used = captioned(table, blocks, (*names, *titles))
    if used:
        blocks.pop()
    blocks.append(table)


def _width(table: Table) -> int:
    return max((len(row) for row in (*table.header, *table.rows)), default=0)
