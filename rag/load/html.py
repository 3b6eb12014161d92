"""HTML: what a reader sees, as headings, paragraphs and tables.

Scripts, styles, comments and hidden parts are left out (inline XBRL keeps its hidden facts so).
Filings converted from Word or by EDGAR tools have neither heading elements nor simple tables:
bold lines are headings there, and "$", ")" and "%" stand in table columns of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from rag.errors import EmptyDocument, LoadError
from rag.load.base import Loaded, Progressed
from rag.load.captions import captioned
from rag.load.decode import decode
from rag.load.grid import cleaned
from rag.load.html_table import cells_of, is_layout, listed
from rag.load.outline import heading_level, numbering, toc_entry
from rag.load.safety import MOST_TEXT_BYTES, check_size, in_words, within_limits
from rag.load.text import pages_of
from rag.types import Block, Heading, Page, Paragraph, Table

LONGEST_BOLD = 120
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,20})""", re.I
)
_GB = {"gb2312", "gbk", "gb_2312-80", "gb18030", "x-gbk"}
_UNSEEN = {
    "script", "style", "head", "template", "noscript", "iframe", "object", "embed", "svg",
    "canvas", "select", "textarea", "button", "nav", "audio", "video", "map", "math", "ix:header",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "summary", "table", "ul",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)|font\s*:\s*[^;]*\bbold\b", re.I)
_BREAK = re.compile(
    r"page-break-(?:before|after)\s*:\s*always|break-(?:before|after)\s*:\s*page", re.I
)
_SIMPLE = re.compile(r"^\s*\w*\.([\w-]+)\s*$")
_PAGE_NUMBER = re.compile(
    r"^(?:[-–—]?\s*\d{1,4}\s*[-–—]?|[ivxlc]{1,6}|[A-Z]-\d{1,3}|第\s*\d+\s*页)$"
)


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph's text as it stands: whether all of it is bold, its heading element's level."""

    text: str
    bold: bool
    level: int | None


def load_html(path: Path, *, progress: Progressed | None = None) -> Loaded:
    """Load an HTML file (any charset that it declares, else as text) as one page without a label.

    Raises EmptyDocument for one without text, UnsafeDocument for one too large, LoadError for
    what cannot be read.
    """
    check_size(path, most=MOST_TEXT_BYTES)
    root = _parsed(path, decoded(path.read_bytes(), str(path)))
    with within_limits(path):
        blocks = _Reader(_hiding_classes(root)).blocks(root)
    if not blocks:
        raise EmptyDocument(f"{path}: has no visible text; save the page again")
    if progress:
        progress(1, 1)
    title = cleaned(" ".join(root.xpath("//title//text()")))
    return Loaded((Page(None, 0, tuple(blocks)),), {"title": title} if title else {})


def decoded(data: bytes, name: str) -> str:
    """Text by the charset that the file declares, where it holds; else as any text file."""
    declared = _CHARSET.search(data[:4096])
    charset = declared[1].decode("ascii", "replace").lower() if declared else ""
    if charset and not data.startswith((b"\xff\xfe", b"\xfe\xff")) and "utf-16" not in charset:
        try:
            return data.decode("gb18030" if charset in _GB else charset)
        except (LookupError, UnicodeDecodeError):
            return decode(data, name=name)
    return decode(data, name=name)


def _parsed(path: Path, text: str) -> Any:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LoadError(
            f"{path}: is no HTML that can be read ({in_words(error)}); save it again"
        ) from error
    if any("xcessive depth" in entry.message for entry in parser.error_log):
        raise LoadError(
            f"{path}: nests its elements too deep to be read; save it again from a browser"
        )
    if root is None:
        raise EmptyDocument(f"{path}: has no visible text; save the page again")
    return root


def _hiding_classes(root: Any) -> frozenset[str]:
    """Names of classes that the page's own style sheets hide wherever they stand."""
    names: set[str] = set()
    for rule in " ".join(root.xpath("//style//text()")).split("}"):
        selectors, _, body = rule.partition("{")
        if _HIDDEN.search(body):
            names.update(match[1] for s in selectors.split(",") if (match := _SIMPLE.match(s)))
    return frozenset(names)


class _Reader:
    """Walks the tree once, without recursion: pages nest a thousand elements deep."""

    def __init__(self, hiding: frozenset[str]) -> None:
        self._hiding = hiding
        self._pieces: list[tuple[str, bool]] = []
        self._bold = [False]
        self._level: int | None = None
        self._found: list[_Text | list[Block] | None] = []

    def blocks(self, root: Any) -> list[Block]:
        """Headings, paragraphs and tables in order; page numbers beside page breaks left out."""
        self._walk(root)
        self._end()
        blocks: list[Block] = []
        for number, item in enumerate(self._found):
            if isinstance(item, _Text):
                if not self._is_page_number(number):
                    blocks.append(_block(item))
            elif item is not None:
                _extend(blocks, item)
        return blocks

    def seen(self, item: Any) -> bool:
        """Whether an element shows on the page."""
        tag = item.tag if isinstance(item.tag, str) else ""
        if tag.lower() in _UNSEEN or item.get("hidden") is not None:
            return False
        if tag == "input" or _HIDDEN.search(item.get("style") or ""):
            return False
        classes = (item.get("class") or "").split()
        return not any(name in self._hiding for name in classes)

    def said(self, item: Any) -> tuple[str, bool]:
        """An element's visible text, its lines joined, and whether all of it is bold."""
        inner = _Reader(self._hiding)
        inner._walk(item, own=False)
        inner._end()
        texts = [found for found in inner._found if isinstance(found, _Text)]
        return " ".join(t.text for t in texts), bool(texts) and all(t.bold for t in texts)

    def _walk(self, root: Any, *, own: bool = True) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, item in walk:
            if event == "start":
                if self._start(item, own or item is not root):
                    walk.skip_subtree()
                continue
            self._bold.pop()
            if item.tag in _BLOCKS:
                self._end()
                self._level = None
            if item.tail and item is not root:
                self._pieces.append((item.tail, self._bold[-1]))

    def _start(self, item: Any, own: bool) -> bool:
        """Open an element; True when what is in it is done with."""
        style = item.get("style") or ""
        self._bold.append(_is_bold(item.tag, style, self._bold[-1]))
        if own and not self.seen(item):
            return True
        if item.tag in _BLOCKS:
            self._end()
        if _BREAK.search(style):
            self._found.append(None)
        if item.tag == "br":
            self._pieces.append(("\n", self._bold[-1]))
        elif re.fullmatch(r"h[1-6]", item.tag):
            self._level = int(item.tag[1])
        elif item.tag == "table" and own and not is_layout(item):
            self._found.append(self._table(item))
            return True
        elif item.tag == "pre":
            text = "".join(item.itertext())
            if text.count("\n") > 3:
                self._found.append([b for page in pages_of(text) for b in page.blocks])
                return True
        if item.text:
            self._pieces.append((item.text, self._bold[-1]))
        return False

    def _table(self, item: Any) -> list[Block]:
        cells = cells_of(item, self.seen, self.said)
        items = listed(cells)
        if items is not None:
            return [Paragraph(text) for text in items]
        table, titles = cells.table()
        names = [cleaned(" ".join(c.itertext())) for c in item if c.tag == "caption"]
        rows = (*table.header, *table.rows)
        if rows and max(map(len, rows)) == 1:
            return [
                Paragraph(text) for text in (*names, *titles, *(row[0] for row in rows)) if text
            ]
        return [captioned(table, (), (*names, *titles))[0]] if rows else []

    def _end(self) -> None:
        """Close the paragraph: line breaks end paragraphs too."""
        line: list[tuple[str, bool]] = []
        for text, bold in [*self._pieces, ("\n", False)]:
            if text != "\n":
                line.append((text, bold))
                continue
            whole = cleaned("".join(part for part, _ in line))
            if whole:
                bold = all(is_bold for part, is_bold in line if part.strip())
                self._found.append(_Text(whole, bold, self._level))
            line = []
        self._pieces.clear()

    def _is_page_number(self, number: int) -> bool:
        """A number alone beside a page break."""
        item = self._found[number]
        if not isinstance(item, _Text) or not _PAGE_NUMBER.match(item.text):
            return False
        beside = self._found[max(0, number - 1) : number + 3]
        return any(other is None for other in beside)


def _is_bold(tag: str, style: str, inherited: bool) -> bool:
    if tag in ("b", "strong", "th") or re.fullmatch(r"h[1-6]", tag):
        return True
    if "font-weight" in style or "bold" in style:
        return bool(_BOLD.search(style))
    return inherited


def _block(item: _Text) -> Heading | Paragraph:
    """A heading by its element, its number, or short bold type, as in the other formats."""
    text = item.text
    if item.level is not None:
        return Heading(text, item.level)
    if toc_entry(text):
        return Paragraph(text)
    level = heading_level(text)
    if level is not None and (item.bold or not text.endswith(".")):
        return Heading(text, level)
    if item.bold and len(text) <= LONGEST_BOLD and re.search(r"[^\W\d_]{2}", text):
        found = numbering(text)
        if found:
            return Heading(text, found.level)
        if text[-1] not in "。；，.;,:：":
            return Heading(text, 4 if text.isascii() else 7)
    return Paragraph(text)


def _extend(blocks: list[Block], items: list[Block]) -> None:
    """Add a table's blocks; a table without a name takes what stands above it."""
    if len(items) == 1 and isinstance(table := items[0], Table):
        names = (table.caption,) if table.caption else ()
        table, used = captioned(table, blocks, names)
        if used:
            blocks.pop()
        blocks.append(table)
    else:
        blocks.extend(items)
