"""Write the sample filings in binary formats (PDF, DOCX, XLSX) from `sample_sources.py`.

A development tool: `python data/make_samples.py` rewrites three files in `data/filings/`, byte for
byte the same every time with the same library versions. It needs reportlab, python-docx and
openpyxl, and for the PDF a TrueType font with Chinese characters (Debian package
fonts-droid-fallback, Apache-2.0, or `--font`). Latin letters and figures are set in Helvetica.
"""

# mypy: disable-error-code="import-untyped,import-not-found"
from __future__ import annotations

import argparse
import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import openpyxl
import sample_sources as sources
from docx.oxml.ns import qn
from openpyxl.styles import Alignment, Border, Font, Side
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
STAMP = dt.datetime(2025, 9, 30, 9, 0, 0)
MERGES = ("<", "^")
CLOSERS = "，。、；：）”》%,.;:)"
QUOTES = "“”"
"""The Chinese font of Debian has no glyph for these; Helvetica has."""


# --- merged cells ---------------------------------------------------------------------------


def merged_areas(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, int, int, int]]:
    """Yield (top, left, bottom, right), inclusive and from 0, of every cell that absorbs others."""
    for top, row in enumerate(rows):
        for left, cell in enumerate(row):
            if cell in MERGES:
                continue
            right = left
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            bottom = top
            while bottom + 1 < len(rows) and rows[bottom + 1][left] == "^":
                bottom += 1
            if (bottom, right) != (top, left):
                yield top, left, bottom, right


# --- PDF ------------------------------------------------------------------------------------


class Pen:
    """A page layout of our own: explicit lines and rules, so that what is printed where is known.

    Chinese characters count as one em wide and Latin ones as Helvetica has them, with whatever
    font: the text and its line breaks do not depend on the font that is installed.
    """

    left, right, top, bottom = 62.0, 533.0, 770.0, 70.0

    def __init__(self, path: Path, font: Path | None) -> None:
        self.han = "SampleHan" if font else "STSong-Light"
        pdfmetrics.registerFont(TTFont(self.han, font) if font else UnicodeCIDFont(self.han))
        self.canvas = Canvas(str(path), pagesize=A4, invariant=1, pageCompression=1)
        self.canvas.setTitle(sources.PORT_HEADER)
        self.label = sources.PORT_FIRST_LABEL
        self.y = self.top

    def width(self, text: str, size: float) -> float:
        """Width of `text` in points."""
        return sum(
            float(pdfmetrics.stringWidth(char, "Helvetica", size)) if latin(char) else size
            for char in text
        )

    def put(self, x: float, y: float, text: str, size: float = 10.5) -> None:
        """Draw one line, each run of Latin or Chinese characters in its font."""
        run = ""
        for char in [*text, ""]:
            if run and (not char or latin(char) != latin(run[0])):
                self.canvas.setFont("Helvetica" if latin(run[0]) else self.han, size)
                self.canvas.drawString(x, y, run)
                x += self.width(run, size)
                run = ""
            run += char

    def wrap(self, text: str, room: float, size: float) -> list[str]:
        """Break `text` into lines of at most `room` points; figures and words stay whole."""
        lines, line = [], ""
        for word in words(text):
            if line and self.width(line + word, size) > room and word not in CLOSERS:
                lines.append(line)
                line = ""
            line += word
        return [*lines, line]

    def end_page(self) -> None:
        """Print the running header and the page label, and turn the page."""
        self.put(self.left, 800, sources.PORT_HEADER, 9)
        self.canvas.line(self.left, 794, self.right, 794)
        self.put((self.left + self.right) / 2 - 6, 42, str(self.label), 9)
        self.canvas.showPage()
        self.label += 1
        self.y = self.top

    def room_for(self, height: float) -> bool:
        """Turn the page if `height` points do not fit; says whether it did."""
        if self.y - height >= self.bottom:
            return False
        self.end_page()
        return True

    def paragraph(self, text: str, *, size: float = 10.5, indent: float = 21.0) -> None:
        """Set a paragraph with its first line indented, over a page break if it must be."""
        for line in self.wrap(
            "\u3000\u3000" + text if indent else text, self.right - self.left, size
        ):
            self.room_for(size * 1.7)
            self.y -= size * 1.7
            self.put(self.left, self.y, line, size)
        self.y -= size * 0.6

    def table(self, rows: sources.Rows, shares: tuple[int, ...]) -> None:
        """Rule a table; it breaks between rows, without repeating its header."""
        unit = (self.right - self.left) / sum(shares)
        edges = [self.left + unit * sum(shares[:i]) for i in range(len(shares) + 1)]
        spans = {(top, left): (b, r) for top, left, b, r in merged_areas(rows)}
        for index, row in enumerate(rows):
            self.room_for(20)
            self.y -= 20
            self.rules(edges, row, rows[index + 1] if index + 1 < len(rows) else ())
            for column, cell in enumerate(row):
                bottom, right = spans.get((index, column), (index, column))
                if cell not in MERGES:
                    middle = self.y + 6 - 10 * (bottom - index)
                    self.cell(cell, edges[column], edges[right + 1], middle)
        self.y -= 12

    def rules(self, edges: list[float], row: Sequence[str], below: Sequence[str]) -> None:
        """Draw the lines around the cells of one row, leaving out those inside merged cells."""
        for column, (x0, x1) in enumerate(pairwise(edges)):
            if row[column] != "^":
                self.canvas.line(x0, self.y + 20, x1, self.y + 20)
            if not below or below[column] != "^":
                self.canvas.line(x0, self.y, x1, self.y)
            if row[column] != "<":
                self.canvas.line(x0, self.y, x0, self.y + 20)
        self.canvas.line(edges[-1], self.y, edges[-1], self.y + 20)

    def cell(self, text: str, x0: float, x1: float, y: float) -> None:
        """Figures stand right, words in the middle."""
        size = 9.0
        width = self.width(text, size)
        figure = set(text) <= set("0123456789.,-%")
        self.put(x1 - width - 4 if figure else (x0 + x1 - width) / 2, y, text, size)


def latin(char: str) -> bool:
    """Whether `char` is set in Helvetica."""
    return char.isascii() or char in QUOTES


def words(text: str) -> Iterator[str]:
    """Cut `text` where a line may break: around Chinese characters, never within a figure."""
    run = ""
    for char in text:
        if char.isascii() and char != " ":
            run += char
            continue
        if run:
            yield run
        run = ""
        yield char
    if run:
        yield run


def write_pdf(path: Path, font: Path | None) -> None:
    """The half-year report; `font` None uses a font that the reader's program must bring."""
    pen = Pen(path, font)
    for item in sources.PORT:
        if len(item) == 5:
            pen.table(item[2], item[3])
        elif item[0] == "page":
            pen.end_page()
        elif item[0] == "unit":
            pen.y -= 14
            pen.put(pen.right - pen.width(item[1], 9), pen.y, item[1], 9)
            pen.y -= 4
        else:
            size = {"title": 16.0, "h1": 13.0, "h2": 11.5}.get(item[0], 10.5)
            pen.room_for(60 if size > 11 else 18)
            pen.paragraph(item[1], size=size, indent=21.0 if item[0] == "p" else 0.0)
    pen.end_page()
    pen.canvas.save()


# --- DOCX -----------------------------------------------------------------------------------


def write_docx(path: Path) -> None:
    """The report on raised funds, with Word's own heading styles and merged table cells."""
    document = docx.Document()
    document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts().set(
        qn("w:eastAsia"), "SimSun"
    )
    document.core_properties.title = sources.DAIRY_TITLE
    document.core_properties.author = "filings-qa"
    document.core_properties.created = document.core_properties.modified = STAMP
    for item in sources.DAIRY:
        if len(item) == 5:
            add_docx_table(document, item[1], item[2])
        elif item[0] in ("title", "h1", "h2"):
            document.add_heading(item[1], {"title": 0, "h1": 1, "h2": 2}[item[0]])
        else:
            document.add_paragraph(item[1])
    document.save(str(path))
    freeze_zip(path)


def add_docx_table(document: Any, caption: str, rows: sources.Rows) -> None:
    """Add `caption` and a grid of `rows`, merging cells as the markers say."""
    document.add_paragraph(caption)
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for top, left, bottom, right in merged_areas(rows):
        table.cell(top, left).merge(table.cell(bottom, right))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if text not in MERGES:
                table.cell(i, j).text = text


# --- XLSX -----------------------------------------------------------------------------------


def write_xlsx(path: Path) -> None:
    """The income statement and the revenue split: two sheets, merged headers, one hidden row."""
    book = openpyxl.Workbook()
    income: Any = book.active
    income.title = "利润表"
    fill_sheet(income, sources.DEVICE_INCOME, header_rows=4)
    for row in sources.DEVICE_INCOME_HIDDEN:
        income.row_dimensions[row].hidden = True
    fill_sheet(book.create_sheet("分产品收入"), sources.DEVICE_PRODUCTS, header_rows=4)
    book.properties.title = f"{sources.DEVICE_NAME}2024年度财务报表"
    book.properties.creator = "filings-qa"
    book.properties.created = book.properties.modified = STAMP
    book.save(path)
    freeze_zip(path)


def fill_sheet(sheet: Any, rows: sources.SheetRows, *, header_rows: int) -> None:
    """Write `rows` from A1 on; shares (of absolute value up to 1) are shown as percentages."""
    thin = Side(style="thin")
    for i, row in enumerate(rows, 1):
        for j, value in enumerate(row, 1):
            if value in MERGES:
                continue
            cell = sheet.cell(i, j, value)
            cell.border = Border(top=thin, bottom=thin, left=thin, right=thin)
            if isinstance(value, float):
                cell.number_format = "0.00%" if row[0] == "占比" else "#,##0.00"
            if i <= header_rows:
                cell.font = Font(bold=True)
                cell.alignment = Alignment(horizontal="center", vertical="center")
    for top, left, bottom, right in merged_areas(rows):
        sheet.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )
    sheet.column_dimensions["A"].width = 36


def freeze_zip(path: Path) -> None:
    """Rewrite an Office file with fixed times and order, so the same input gives the same bytes."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in sorted(archive.namelist())}
    members["docProps/core.xml"] = freeze_modified(members["docProps/core.xml"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        # The content types come first in an Office file.
        for name in sorted(members, key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, date_time=STAMP.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, members[name])


def freeze_modified(core: bytes) -> bytes:
    """openpyxl stamps the time of saving over the one that was set: put ours back."""
    start = core.index(b"<dcterms:modified")
    start = core.index(b">", start) + 1
    return (
        core[:start]
        + STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        + core[core.index(b"<", start) :]
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Write all three files; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "filings")
    parser.add_argument("--font", type=Path, default=FONT, help="TrueType font with Chinese")
    options = parser.parse_args(argv)
    if not options.font.is_file():
        parser.error(f"{options.font}: no such font; install fonts-droid-fallback or give --font")
    options.out.mkdir(parents=True, exist_ok=True)
    write_pdf(options.out / "2025-lingzhou-port-half-year-report.pdf", options.font)
    write_docx(options.out / "2024-qingheli-raised-funds-report.docx")
    write_xlsx(options.out / "2024-daiyu-financial-statements.xlsx")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
