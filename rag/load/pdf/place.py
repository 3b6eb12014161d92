"""Where a quotation stands on its page, and the page as a picture."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium

from rag.errors import LoadError
from rag.load.characters import HYPHEN, meant
from rag.load.ocr import image_reader
from rag.load.pdf.calls import character_boxes
from rag.load.pdf.matrix import Floats, boxes_after, shown
from rag.load.pdf.reader import opened, page_count, page_of, read_page, text_of
from rag.load.pdf.scans import needs_ocr, picture_of, read_scan, scale_for
from rag.load.pdf.spans import Box, PageText

MOST_PIXELS = 40_000_000
SHORTEST_PART = 6
"""Characters of a quotation's part that is still looked for by itself."""
ROW_REACH = 40.0
"""Points above and below a cell within which the other cells of its row stand."""
_CELL = re.compile(r"\s*[|\n\t]\s*")


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """A page's characters without spaces; `origin[i]` is what `boxes` knows character i by."""

    text: str
    origin: tuple[int, ...]
    boxes: Callable[[Sequence[int]], Floats]


def locate(path: Path, page_index: int, quote: str) -> list[Box]:
    """Boxes (left, top, right, bottom) that cover a quotation, one per line, in reading order.

    Points from the top left corner of the page as shown (times the scale of :func:`render` these
    are pixels). Spaces, line breaks and the " | " between cells do not matter. Of a quotation
    that goes on over the page the part on this one is covered; empty where nothing is found.
    A scanned page is read by OCR again. Raises LoadError as `load_pdf` does.
    """
    with opened(path) as document:
        _check(document, page_index, path)
        with page_of(document, page_index, path) as page:
            text = read_page(page)
            if not needs_ocr(text):
                with text_of(page) as (textpage, characters):
                    matrix = shown(page.get_bbox(), page.get_rotation())
                    glyphs = _glyphs(
                        characters,
                        lambda indices: boxes_after(matrix, character_boxes(textpage, indices)),
                    )
                    return _found(glyphs, quote)
            scale = scale_for(text)
            picture = picture_of(page, scale)
    read = image_reader(f"{path}, page {page_index + 1}")
    return _found(_scanned(read_scan(picture, scale, read)), quote)


def render(path: Path, page_index: int, *, scale: float = 1.5) -> bytes:
    """A page as PNG, `scale` pixels a point. Raises LoadError for a page that is not there."""
    with opened(path) as document:
        _check(document, page_index, path)
        with page_of(document, page_index, path) as page:
            width, height = page.get_size()
            if width * height * scale * scale > MOST_PIXELS or scale <= 0:
                raise LoadError(f"{path}: page {page_index + 1} at {scale:g} is too large to draw")
            bitmap = page.render(scale=scale)
            try:
                picture = bitmap.to_pil().copy()
            finally:
                bitmap.close()
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()


def _check(document: pdfium.PdfDocument, page_index: int, path: Path) -> None:
    count = page_count(document)
    if not 0 <= page_index < count:
        raise LoadError(f"{path}: has {count} pages and no page {page_index + 1}; ingest it again")


def _glyphs(characters: str, boxes: Callable[[Sequence[int]], Floats]) -> _Glyphs:
    """Characters as a reader types them, each with the index of the one it came from."""
    pairs = [(c, i) for i, own in enumerate(characters) for c in _plain(own)]
    return _Glyphs("".join(c for c, _ in pairs), tuple(i for _, i in pairs), boxes)


def _scanned(page: PageText) -> _Glyphs:
    """Characters of recognised texts, each with its even share of its text's box."""
    places = [(span, k) for span in page.spans for k in range(len(span.text))]

    def boxes(indices: Sequence[int]) -> Floats:
        rows = []
        for span, k in (places[i] for i in indices):
            step = (span.x1 - span.x0) / len(span.text)
            rows.append((span.x0 + k * step, span.top, span.x0 + (k + 1) * step, span.bottom))
        return np.array(rows, dtype=np.float64).reshape(-1, 4)

    return _glyphs("".join(span.text for span in page.spans), boxes)


def _plain(text: str) -> str:
    """Without spaces, in one case, hyphens at line ends as hyphens."""
    return "".join(meant(text).replace(HYPHEN, "-").split()).casefold()


def _found(glyphs: _Glyphs, quote: str) -> list[Box]:
    wanted = _plain(quote.replace("|", " "))
    if not wanted:
        return []
    at = glyphs.text.find(wanted)
    if at >= 0:
        return _lines(glyphs, at, at + len(wanted))
    cells = [plain for cell in _CELL.split(quote) if (plain := _plain(cell))]
    if len(cells) > 1 and (boxes := _row(glyphs, cells)):
        return boxes
    return _part(glyphs, wanted)


def _lines(glyphs: _Glyphs, start: int, end: int) -> list[Box]:
    """One box per line for the characters from `start` to `end`."""
    rows = glyphs.boxes(glyphs.origin[start:end])
    rows = rows[rows[:, 2] > rows[:, 0]]
    if _runs_across(rows):
        return _joined(rows)
    turned = rows[:, [1, 0, 3, 2]]
    if len(rows) > 1 and rows[-1, 1] < rows[0, 1]:
        turned[:, [0, 2]] = -turned[:, [2, 0]]
        return [(y0, -x1, y1, -x0) for x0, y0, x1, y1 in _joined(turned)]
    return [(y0, x0, y1, x1) for x0, y0, x1, y1 in _joined(turned)]


def _runs_across(rows: Floats) -> bool:
    """Whether characters follow each other from left to right (not up or down the page)."""
    if len(rows) < 2:
        return True
    steps = np.abs(np.diff(rows[:, :2] + rows[:, 2:], axis=0))
    return bool((steps[:, 0] >= steps[:, 1]).mean() >= 0.5)


def _joined(rows: Floats) -> list[Box]:
    """Boxes of characters that run to the right, one box a line."""
    boxes: list[Box] = []
    for left, top, right, bottom in rows.tolist():
        if boxes:
            a, b, c, d = boxes[-1]
            overlap = min(d, bottom) - max(b, top)
            if overlap > 0.4 * min(d - b, bottom - top) and left > c - 2 * (bottom - top):
                boxes[-1] = (min(a, left), min(b, top), max(c, right), max(d, bottom))
                continue
        boxes.append((left, top, right, bottom))
    return boxes


def _row(glyphs: _Glyphs, cells: Sequence[str]) -> list[Box]:
    """The cells of one table row: those of their places that are nearest to the rarest cell."""
    places = [list(_places(glyphs.text, cell)) for cell in cells]
    anchored = [k for k, own in enumerate(places) if own]
    if not anchored:
        return []
    rarest = min(anchored, key=lambda k: (len(places[k]), -len(cells[k])))
    best: list[Box] = []
    for start in places[rarest][:20]:
        anchor = _lines(glyphs, start, start + len(cells[rarest]))
        row = list(_near(glyphs, cells, places, anchor)) if anchor else []
        if len(row) > len(best):
            best = row
    return best


def _near(
    glyphs: _Glyphs, cells: Sequence[str], places: Sequence[Sequence[int]], anchor: Sequence[Box]
) -> Iterator[Box]:
    middle = (anchor[0][1] + anchor[-1][3]) / 2
    used: set[int] = set()
    for cell, own in zip(cells, places, strict=True):
        found = [(s, _lines(glyphs, s, s + len(cell))) for s in own[:60] if s not in used]
        near = [(abs((b[0][1] + b[-1][3]) / 2 - middle), s, b) for s, b in found if b]
        if near and min(near)[0] <= ROW_REACH:
            _, start, boxes = min(near)
            used.add(start)
            yield from boxes


def _places(text: str, part: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _part(glyphs: _Glyphs, wanted: str) -> list[Box]:
    """The longest beginning of a quotation that the page has, else the longest end."""
    for part in (_longest(glyphs.text, wanted, 1), _longest(glyphs.text, wanted, -1)):
        if len(part) >= min(SHORTEST_PART, len(wanted)):
            at = glyphs.text.rfind(part) if wanted.startswith(part) else glyphs.text.find(part)
            return _lines(glyphs, at, at + len(part))
    return []


def _longest(text: str, wanted: str, direction: int) -> str:
    """The longest beginning (1) or end (-1) of `wanted` that occurs; each shorter one does too."""
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        part = wanted[:middle] if direction > 0 else wanted[-middle:]
        low, high = (middle, high) if part in text else (low, middle - 1)
    return wanted[:low] if direction > 0 else wanted[len(wanted) - low :]
