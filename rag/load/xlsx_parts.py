"""The parts of an XLSX file: its sheets' names and places, strings, formats, and cells.

Read here and not by a spreadsheet library, because libraries fill merged ranges and links cell by
cell (a single range over a whole sheet is 17 billion cells) and open pictures on the way. Names
are compared without their namespace: the strict and the usual flavour differ in nothing else.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from rag.load.number_format import BUILT_IN, general, moment, shown

_PLACE = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
Place = tuple[int, int]
"""(row, column), both from 1."""


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range, its last row and column included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class SheetData:
    """A sheet's filled cells as shown, which of them are bold, what is hidden, what is merged."""

    texts: dict[Place, str] = field(default_factory=dict)
    bold: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Looks:
    """What a workbook's styles say: per cell style its number format and whether it is bold."""

    formats: tuple[str, ...] = ()
    bold: tuple[bool, ...] = ()
    from_1904: bool = False

    def format_of(self, style: int) -> str:
        return self.formats[style] if 0 <= style < len(self.formats) else "General"

    def is_bold(self, style: int) -> bool:
        return 0 <= style < len(self.bold) and self.bold[style]


def parsed(data: bytes) -> Any:
    """The root of an XML part. Raises etree.XMLSyntaxError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(data, parser)


def local(item: Any) -> str:
    """An element's name without its namespace."""
    return str(item.tag).rpartition("}")[2]


def children(item: Any, *path: str) -> Iterator[Any]:
    """Descendants along a path of names; the empty path is the element itself."""
    if not path:
        yield item
        return
    for child in item:
        if child.tag.endswith(path[0]) and local(child) == path[0]:
            yield from children(child, *path[1:])


def attribute(item: Any, name: str) -> str:
    """An attribute by its name without namespace; empty where it is missing."""
    for key, value in item.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def visible_sheets(members: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """(name, member) of each visible worksheet, in the workbook's order."""
    targets = {
        attribute(item, "Id"): posixpath.normpath(posixpath.join("/xl", attribute(item, "Target")))
        for item in children(
            parsed(members.get("xl/_rels/workbook.xml.rels", b"<a/>")), "Relationship"
        )
    }
    found = []
    for item in children(parsed(members["xl/workbook.xml"]), "sheets", "sheet"):
        member = targets.get(attribute(item, "id"), "").lstrip("/")
        if (
            attribute(item, "state") in ("", "visible")
            and member in members
            and "worksheets" in member
        ):
            found.append((attribute(item, "name"), member))
    return found


def looks_of(members: Mapping[str, bytes]) -> Looks:
    """Formats and weights by cell style, and whether dates count from 1904."""
    root = parsed(members.get("xl/styles.xml", b"<a/>"))
    own = {
        _number(attribute(item, "numFmtId")): attribute(item, "formatCode")
        for item in children(root, "numFmts", "numFmt")
    }
    fonts = [
        any(attribute(b, "val") not in ("0", "false") for b in children(font, "b"))
        for font in children(root, "fonts", "font")
    ]
    formats, bold = [], []
    for item in children(root, "cellXfs", "xf"):
        number, font = _number(attribute(item, "numFmtId")), _number(attribute(item, "fontId"))
        formats.append(own.get(number) or BUILT_IN.get(number, "General"))
        bold.append(0 <= font < len(fonts) and fonts[font])
    book = parsed(members["xl/workbook.xml"])
    from_1904 = any(attribute(p, "date1904") in ("1", "true") for p in children(book, "workbookPr"))
    return Looks(tuple(formats), tuple(bold), from_1904)


def strings_of(members: Mapping[str, bytes]) -> list[str]:
    """The shared strings, runs joined, reading aids left out."""
    return [
        text_of(item)
        for item in children(parsed(members.get("xl/sharedStrings.xml", b"<a/>")), "si")
    ]


def text_of(item: Any) -> str:
    """The text of a string item: its own, or its runs'."""
    own = "".join(part.text or "" for part in children(item, "t"))
    return own + "".join(part.text or "" for part in children(item, "r", "t"))


def sheet_data(data: bytes, strings: list[str], looks: Looks) -> SheetData:
    """Read a worksheet row by row, freeing what is read."""
    sheet = SheetData()
    row = 0
    for _, item in etree.iterparse(io.BytesIO(data), events=("end",), resolve_entities=False):
        name = local(item)
        if name == "row":
            row = _number(attribute(item, "r")) or row + 1
            if attribute(item, "hidden") in ("1", "true"):
                sheet.hidden_rows.add(row)
            _read_row(sheet, item, row, strings, looks)
            _free(item)
        elif name == "col" and attribute(item, "hidden") in ("1", "true"):
            first, last = _number(attribute(item, "min")), _number(attribute(item, "max"))
            sheet.hidden_columns.update(range(max(first, 1), min(last, MOST_COLUMNS) + 1))
        elif name == "mergeCell" and (area := _area(attribute(item, "ref"))):
            sheet.merged.append(area)
    return sheet


def _free(item: Any) -> None:
    item.clear()
    while item.getprevious() is not None:
        del item.getparent()[0]


def _read_row(sheet: SheetData, item: Any, row: int, strings: list[str], looks: Looks) -> None:
    column = 0
    for cell in children(item, "c"):
        place = _place(cell.get("r", ""))
        column = place[1] if place else column + 1
        style = _number(cell.get("s", ""))
        text = _value(cell, style, strings, looks)
        if text and row <= MOST_ROWS and column <= MOST_COLUMNS and not text.isspace():
            sheet.texts[row, column] = text
            if looks.is_bold(style):
                sheet.bold.add((row, column))


def _value(cell: Any, style: int, strings: list[str], looks: Looks) -> str:
    """A cell's value as shown; a formula's is what was last computed for it."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text_of(item) for item in children(cell, "is"))
    raw = next((item.text for item in cell if item.tag.endswith("}v") and item.text), "")
    if kind == "n" and raw:
        return _figure(raw, looks.format_of(style), looks)
    if kind == "s":
        number = _number(raw, missing=-1)
        return strings[number] if 0 <= number < len(strings) else ""
    if kind == "b" and raw:
        return "TRUE" if raw.strip() == "1" else "FALSE"
    return raw


def _figure(raw: str, layout: str, looks: Looks) -> str:
    try:
        value = float(raw)
    except ValueError:
        return raw
    if layout == "General":
        return general(int(raw) if raw.isdecimal() and len(raw) < 16 else value)
    if (when := moment(value, layout, from_1904=looks.from_1904)) is not None:
        return shown(when, layout)
    return shown(int(raw) if re.fullmatch(r"-?\d{1,15}", raw) else value, layout)


def _number(text: str, *, missing: int = 0) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else missing


def _place(text: str) -> Place | None:
    match = _PLACE.match(text)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _area(text: str) -> Area | None:
    first, _, last = text.partition(":")
    top, bottom = _place(first), _place(last or first)
    if top is None or bottom is None or bottom < top:
        return None
    return Area(top[0], top[1], min(bottom[0], MOST_ROWS), min(bottom[1], MOST_COLUMNS))
