"""What a page break of an export cuts: tables, their captions, paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.load.captions import lead_in
from rag.load.outline import heading_level
from rag.load.prose import ends_sentence, join_parts
from rag.load.tables import (
    Cells,
    continues,
    flat_header,
    is_unit_line,
    realigned,
    scope_of,
    unit_of,
)
from rag.types import Page, Paragraph, Table


def stitch(pages: Sequence[Page], *, piped: bool) -> tuple[Page, ...]:
    """Mark what a page break cut: tables carry their header on, paragraphs know that they go on."""
    stitched: list[Page] = []
    for page in pages:
        previous = next((p for p in reversed(stitched) if p.blocks), None)
        if previous is not None and page.blocks:
            last, first = previous.blocks[-1], page.blocks[0]
            if isinstance(last, Table) and isinstance(first, Table):
                page = _continue_table(page, last, first, piped=piped)
            elif isinstance(last, Paragraph) and isinstance(first, Table):
                page = _led_in(page, previous, first)
            elif isinstance(last, Paragraph) and isinstance(first, Paragraph):
                stitched[previous.index] = _open_end(previous, last, first)
        stitched.append(page)
    return tuple(stitched)


def _continue_table(page: Page, last: Table, first: Table, *, piped: bool) -> Page:
    joined = continues(last, first)
    if joined is None:
        return page
    if piped and not joined.glued:
        names = flat_header(joined)
        rows = realigned([*map(_pushed_left, joined.rows)], names=names, above=last.rows)
        joined = replace(joined, rows=rows)
    return replace(page, blocks=(joined, *page.blocks[1:]))


def _pushed_left(row: Cells) -> Cells:
    """A row as exported: cells that were taken for running down from nowhere are missing again."""
    lead = next((k for k, cell in enumerate(row) if cell), 0)
    return (*row[lead:], *row[:lead])


def _led_in(page: Page, previous: Page, first: Table) -> Page:
    """A table that a page break cut from the line that leads in to it, or that states its unit."""
    above = list(previous.blocks)
    unit = ""
    if isinstance(above[-1], Paragraph) and is_unit_line(above[-1].text):
        unit = unit_of(above[-1].text)
        above.pop()
    lead = lead_in(above)
    caption = first.caption or (lead if lead.endswith((":", "：")) or unit else "")
    if not (unit or caption):
        return page
    unit = first.unit or unit or unit_of(caption)
    scope = first.scope or scope_of(caption)
    table = replace(first, caption=caption, unit=unit, scope=scope)
    return replace(page, blocks=(table, *page.blocks[1:]))


def _open_end(page: Page, last: Paragraph, first: Paragraph) -> Page:
    if ends_sentence(last.text) or heading_level(first.text) is not None or len(last.text) < 8:
        return page
    return replace(page, blocks=(*page.blocks[:-1], replace(last, open_end=True)))


def whole(first: Paragraph, second: Paragraph) -> str:
    """The text of a paragraph that a page break cut."""
    return join_parts(first.text, second.text)
