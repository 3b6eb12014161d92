"""Loading a PDF: pages read, layout found, tables and paragraphs carried over page breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdfium

from rag.errors import EmptyDocument
from rag.load.base import Loaded, Progressed
from rag.load.captions import captioned
from rag.load.grid import table_of
from rag.load.ocr import image_reader
from rag.load.pdf.flow import items_of, sheet_of, without
from rag.load.pdf.grids import Grid
from rag.load.pdf.joints import PageBlocks, Placed, stitch
from rag.load.pdf.prose import Body, Piece, block_of, body_of
from rag.load.pdf.reader import PDFIUM, opened, page_count, page_of, read_page
from rag.load.pdf.running import running
from rag.load.pdf.scans import needs_ocr, page_list, picture_of, read_scan, scale_for
from rag.load.pdf.spans import Line, PageText
from rag.types import Block, Page, Table

_USUAL_BODY = Body(left=72.0, right=523.0, pitch=18.0, size=11.0)
_NO_HINT = {"", "untitled", "anonymous", "unspecified", "unknown"}
_HINTS = {"Title": "title", "Author": "author", "Subject": "subject"}


def load_pdf(path: Path, *, progress: Progressed | None = None) -> Loaded:
    """Load a PDF; `progress` is called with (pages read, pages in all).

    Raises LoadError for an encrypted, damaged or cut-off file, EmptyDocument for one that says
    nothing, MissingExtra where pages are scans and the extra "ocr" is not installed.
    """
    with opened(path) as document:
        texts = _read(document, path, progress)
        with PDFIUM:
            labels = [document.get_page_label(i) for i in range(len(texts))]
            hints = _hints(document)
    pages = _pages(texts, labels)
    if not any(page.blocks for page in pages):
        raise EmptyDocument(f"{path}: has no text on any page; check the document")
    return Loaded(pages, hints)


def _read(document: pdfium.PdfDocument, path: Path, progress: Progressed | None) -> list[PageText]:
    """Every page's text layer, then OCR for the pages that have none worth reading."""
    texts: list[PageText] = []
    scans: list[int] = []
    count = page_count(document)
    for index in range(count):
        with page_of(document, index, path) as page:
            texts.append(read_page(page))
        if needs_ocr(texts[-1]):
            scans.append(index)
        elif progress:
            progress(index + 1 - len(scans), count)
    if not scans:
        return texts
    read = image_reader(f"{path}, page {page_list([index + 1 for index in scans])}")
    for done, index in enumerate(scans, start=count - len(scans) + 1):
        scale = scale_for(texts[index])
        with page_of(document, index, path) as page:
            picture = picture_of(page, scale)
        texts[index] = read_scan(picture, scale, read)
        if progress:
            progress(done, count)
    return texts


def _hints(document: pdfium.PdfDocument) -> dict[str, str]:
    """What the file's own metadata claims; often left over from a template."""
    metadata = document.get_metadata_dict(skip_empty=True)
    hints = {
        _HINTS[key]: value
        for key, value in metadata.items()
        if key in _HINTS and value.strip().lower() not in _NO_HINT
    }
    created = metadata.get("CreationDate", "").removeprefix("D:")
    if created[:8].isdigit():
        hints["date"] = f"{created[:4]}-{created[4:6]}-{created[6:8]}"
    return hints


def _pages(texts: Sequence[PageText], own_labels: Sequence[str]) -> tuple[Page, ...]:
    sheets = [sheet_of(text) for text in texts]
    found = running([sheet.lines for sheet in sheets], [text.height for text in texts])
    columns = [without(sheet, gone) for sheet, gone in zip(sheets, found.left_out, strict=True)]
    if not any(sheet.grids for sheet in sheets) and not any(_all_lines(columns)):
        columns = [sheet.columns for sheet in sheets]  # Pages all alike: nothing is running.
    body = body_of(_all_lines(columns)) or _USUAL_BODY
    drafts = [
        PageBlocks(_placed(items_of(sheet, own, body), body))
        for sheet, own in zip(sheets, columns, strict=True)
    ]
    stitch(drafts, body)
    labels = _labels(found.labels, own_labels)
    return tuple(
        Page(label, index, draft.blocks)
        for index, (label, draft) in enumerate(zip(labels, drafts, strict=True))
    )


def _all_lines(columns: Sequence[Sequence[Sequence[Line]]]) -> Iterator[Line]:
    for page in columns:
        for column in page:
            yield from column


def _labels(printed: Sequence[str | None], own: Sequence[str]) -> list[str | None]:
    """Printed labels; else those that the file itself gives its pages; else their numbers."""
    if any(printed):
        return list(printed)
    if all(own):
        return list(own)
    return [str(index + 1) for index in range(len(printed))]


def _placed(items: Sequence[Grid | Piece], body: Body) -> list[Placed]:
    """Blocks with their places; a table takes caption and unit from what stands above it."""
    placed: list[Placed] = []
    for item in items:
        if isinstance(item, Piece):
            placed.append((block_of(item, body), item))
            continue
        above: list[Block] = [block for block, _ in placed]
        table, used = captioned(_table(item), above, item.titles)
        if used:
            placed.pop()
        placed.append((table, item))
    return placed


def _table(grid: Grid) -> Table:
    if grid.height is not None:
        return Table("", "", grid.rows[: grid.height], grid.rows[grid.height :], glued=grid.glued)
    return table_of(grid.rows, bold=grid.bold, deep=grid.deep)
