"""Filings, pages and passages as rows of the catalog, and back."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from rag.types import Block, Filing, FilingRef, Heading, Page, Paragraph, Passage, Table


def ref_row(filing: Filing) -> tuple[str, ...]:
    """The columns of `filings` that tell what a filing is."""
    ref = filing.ref
    return (
        ref.id,
        ref.source,
        ref.title,
        ref.company,
        ref.ticker,
        ref.kind,
        ref.date,
        _dump(ref.aliases),
        _dump(ref.periods),
        ref.version,
        _dump(dict(filing.short_forms)),
    )


def filing_ref(row: sqlite3.Row) -> FilingRef:
    """A row of `filings` as a FilingRef."""
    return FilingRef(
        id=row["id"],
        title=row["title"],
        company=row["company"],
        ticker=row["ticker"],
        kind=row["kind"],
        date=row["date"],
        source=row["source"],
        aliases=tuple(json.loads(row["aliases"])),
        periods=tuple(json.loads(row["periods"])),
        version=row["version"],
    )


def passage_row(passage: Passage) -> tuple[str | None, ...]:
    """The columns of `passages`, without `embedded`."""
    return (
        passage.id,
        passage.filing.id,
        _dump(passage.pages),
        _dump(passage.page_starts),
        _dump(passage.section),
        passage.kind,
        passage.text,
        passage.speaker,
        passage.item,
    )


def passage_from_row(row: sqlite3.Row, ref: FilingRef) -> Passage:
    """A row of `passages` as a Passage of the filing `ref`."""
    return Passage(
        id=row["id"],
        filing=ref,
        pages=tuple(json.loads(row["pages"])),
        section=tuple(json.loads(row["section"])),
        kind=row["kind"],
        text=row["text"],
        page_starts=tuple((a, b) for a, b in json.loads(row["page_starts"])),
        speaker=row["speaker"],
        item=row["item"] or "",
    )


def page_json(page: Page) -> str:
    """A page's blocks as JSON."""
    return _dump([_block_row(block) for block in page.blocks])


def page_from_json(label: str | None, index: int, blocks: str) -> Page:
    """The page whose blocks `page_json` wrote."""
    return Page(label, index, tuple(_block(row) for row in json.loads(blocks)))


def _block_row(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"heading": block.text, "level": block.level}
    if isinstance(block, Paragraph):
        return {"paragraph": block.text, "open_end": block.open_end}
    return {
        "table": block.rows,
        "header": block.header,
        "caption": block.caption,
        "unit": block.unit,
        "scope": block.scope,
        "glued": block.glued,
        "continued": block.continued,
    }


def _block(row: dict[str, Any]) -> Block:
    if "heading" in row:
        return Heading(row["heading"], row["level"])
    if "paragraph" in row:
        return Paragraph(row["paragraph"], row["open_end"])
    return Table(
        caption=row["caption"],
        unit=row["unit"],
        header=tuple(tuple(cells) for cells in row["header"]),
        rows=tuple(tuple(cells) for cells in row["table"]),
        glued=row["glued"],
        continued=row["continued"],
        scope=row["scope"],
    )


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
