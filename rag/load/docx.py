"""DOCX: headings, paragraphs and tables in order, with the numbers that Word counts by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from rag.errors import EmptyDocument, LoadError
from rag.load.base import Loaded, Progressed
from rag.load.captions import captioned
from rag.load.docx_lists import Numberer
from rag.load.docx_styles import Styles, W, is_on, number_of, styles_of, value
from rag.load.grid import Cells, cleaned
from rag.load.outline import heading_level, toc_entry
from rag.load.safety import in_words, read_members, within_limits
from rag.types import Block, Heading, Page, Paragraph

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WANTED = re.compile(r"^word/(?:document|styles|numbering)\.xml$|^docProps/core\.xml$")
_SKIPPED = {
    f"{W}{name}" for name in ("del", "moveFrom", "instrText", "pPr", "rPr", "tblPr", "tcPr", "trPr")
} | {f"{_MC}Fallback"}
_HINTS = {"title": "title", "creator": "author", "modified": "date"}
DEEPEST_TABLE = 8
MOST_COLUMNS = 500
LONGEST_BOLD = 60
BOLD_LEVEL = 7
"""Of a heading that only its bold type shows: below all that are numbered."""


def load_docx(path: Path, *, progress: Progressed | None = None) -> Loaded:
    """Load a DOCX as one page without a label (Word makes pages only when it prints).

    Raises UnsafeDocument for bombs, entities and macros, EmptyDocument for one without text,
    LoadError for what is no DOCX.
    """
    members = read_members(path, _WANTED)
    if "word/document.xml" not in members:
        raise LoadError(f"{path}: holds no Word document; check that it is a .docx")
    body = _parsed(path, members["word/document.xml"]).find(f"{W}body")
    if body is None:
        raise LoadError(f"{path}: has no body; save it again as .docx")
    reader = _Reader(
        styles_of(_parsed(path, members.get("word/styles.xml"))),
        Numberer(_parsed(path, members.get("word/numbering.xml"))),
    )
    with within_limits(path):
        blocks = reader.blocks(body)
    if not blocks:
        raise EmptyDocument(f"{path}: has no text; check the document")
    if progress:
        progress(1, 1)
    return Loaded((Page(None, 0, tuple(blocks)),), _hints(path, members.get("docProps/core.xml")))


def _parsed(path: Path, data: bytes | None) -> Any:
    if data is None:
        return etree.Element("none")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LoadError(
            f"{path}: is damaged ({in_words(error)}); save it again as .docx"
        ) from error


def _hints(path: Path, data: bytes | None) -> dict[str, str]:
    """Title, author and date from the file's own properties."""
    hints = {}
    for item in _parsed(path, data):
        key = _HINTS.get(etree.QName(item).localname)
        if key and item.text and item.text.strip():
            hints[key] = item.text.strip()[:10] if key == "date" else item.text.strip()
    return hints


class _Reader:
    """Walks a document's body and counts its lists on the way."""

    def __init__(self, styles: Styles, numberer: Numberer) -> None:
        self._styles = styles
        self._numberer = numberer

    def blocks(self, body: Any) -> list[Block]:
        """Headings, paragraphs and tables of a body, in order."""
        blocks: list[Block] = []
        for item in _content(body):
            if item.tag == f"{W}p":
                blocks += filter(None, [self._paragraph(item)])
            else:
                self._add_table(blocks, item)
        return blocks

    def _paragraph(self, item: Any) -> Heading | Paragraph | None:
        properties = item.find(f"{W}pPr")
        style = value(properties, "pStyle")
        raw = _text(item)
        text = cleaned(raw)
        if not text:
            return None
        number = number_of(properties) or self._styles.number.get(style)
        own = self._numberer.next(*number) if number else ""
        text = f"{own} {text}" if own and own[-1] not in "、）．" else own + text
        if toc_entry(text) or "\t" in raw.strip():
            return Paragraph(text)
        level = self._level(text, style, item)
        return Paragraph(text) if level is None else Heading(text, level)

    def _level(self, text: str, style: str, item: Any) -> int | None:
        """A heading by style or outline level; else by its number; else by short bold type."""
        outline = value(item.find(f"{W}pPr"), "outlineLvl")
        if outline.isdecimal() and int(outline) < 9:
            return int(outline) + 1
        if style in self._styles.level:
            return self._styles.level[style]
        if (level := heading_level(text)) is not None:
            return level
        bold = style in self._styles.bold or _is_bold(item)
        short = len(text) <= LONGEST_BOLD and text[-1] not in "。；，.;,:："
        return BOLD_LEVEL if bold and short and re.search(r"[^\W\d_]", text) else None

    def _add_table(self, blocks: list[Block], item: Any) -> None:
        cells = self._cells(item)
        table, titles = cells.table()
        rows = (*table.header, *table.rows)
        if not rows:
            return
        if len(rows[0]) == 1:
            blocks.extend(Paragraph(text) for text in (*titles, *(row[0] for row in rows)))
            return
        table, used = captioned(table, blocks, titles)
        if used:
            blocks.pop()
        blocks.append(table)

    def _cells(self, table: Any, depth: int = 0) -> Cells:
        """A table's cells; merged ones (gridSpan across, vMerge down) numbered once."""
        cells = Cells()
        for line in _inside(table, f"{W}tr"):
            properties = line.find(f"{W}trPr")
            if is_on(properties, "hidden") or is_on(properties, "del"):
                continue
            above = cells.owners[-1] if cells.owners else []
            row = [cells.new("")] * _count(properties, "gridBefore")
            for cell in _inside(line, f"{W}tc"):
                own = cell.find(f"{W}tcPr")
                goes_on = _goes_on(own) and len(row) < len(above)
                number = above[len(row)] if goes_on else cells.new(self._cell(cell, depth))
                row += [number] * max(1, _count(own, "gridSpan"))
            header = is_on(properties, "tblHeader") or _is_bold(line)
            cells.add(row[:MOST_COLUMNS], bold=header)
        return cells

    def _cell(self, cell: Any, depth: int) -> str:
        """A cell's paragraphs and inner tables as one text."""
        parts: list[str] = []
        for item in _content(cell):
            if item.tag == f"{W}p":
                parts.append(cleaned(_text(item)))
            elif depth < DEEPEST_TABLE:
                inner = self._cells(item, depth + 1)
                parts += [
                    inner.texts[number] for row in inner.owners for number in dict.fromkeys(row)
                ]
        return _together(parts)


def _together(parts: list[str]) -> str:
    """The paragraphs of a cell as one text: no space where Chinese meets."""
    return cleaned(" ".join(filter(None, parts)))


def _goes_on(properties: Any) -> bool:
    """Whether a cell is the continuation of the one above it."""
    merge = properties.find(f"{W}vMerge") if properties is not None else None
    return merge is not None and merge.get(f"{W}val", "continue") != "restart"


def _count(properties: Any, name: str) -> int:
    number = value(properties, name)
    return min(int(number), MOST_COLUMNS) if number.isdecimal() else 0


def _content(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables of a body or cell, those in content controls and insertions too."""
    for item in parent:
        if item.tag in (f"{W}p", f"{W}tbl"):
            yield item
        elif item.tag not in _SKIPPED:
            yield from _content(item)


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, those in content controls too."""
    for item in parent:
        if item.tag == tag:
            yield item
        elif item.tag not in _SKIPPED and item.tag not in (f"{W}tbl", f"{W}tc", f"{W}p"):
            yield from _inside(item, tag)


def _text(item: Any) -> str:
    """A paragraph's visible text: deleted and hidden runs left out, tabs and breaks as such."""
    if item.tag == f"{W}t":
        return item.text or ""
    if item.tag == f"{W}tab":
        return "\t"
    if item.tag in (f"{W}br", f"{W}cr"):
        return "\n"
    if item.tag == f"{W}noBreakHyphen":
        return "-"
    if item.tag in _SKIPPED or is_on(item.find(f"{W}rPr"), "vanish"):
        return ""
    return "".join(map(_text, item))


def _is_bold(item: Any) -> bool:
    """Whether all runs with text in a paragraph or row are bold."""
    runs = [
        run for run in item.iter(f"{W}r") if any((t.text or "").strip() for t in run.iter(f"{W}t"))
    ]
    return bool(runs) and all(is_on(run.find(f"{W}rPr"), "b") for run in runs)
