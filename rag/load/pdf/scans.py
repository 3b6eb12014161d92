"""Pages that are pictures: which they are, and reading them with OCR."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pypdfium2 as pdfium

from rag.load.characters import meant
from rag.load.ocr import Image, ImageReader, ReadImage
from rag.load.pdf.garbled import is_garbled
from rag.load.pdf.matrix import IDENTITY
from rag.load.pdf.rules import rules_of
from rag.load.pdf.spans import PageText, Span

LEAST_TEXT = 10
"""Characters below which a page with a picture is a scan."""
STAMPED_TEXT = 100
"""Characters that a header stamped on a full-page scan may have."""
PICTURE = 0.2
WHOLE_PICTURE = 0.7
MANY_SHAPES = 300
"""Drawn paths from which on a page without text has its text as outlines."""
LONGEST_SIDE = 2000
"""Pixels that the reader looks at; more is shrunk by it."""
SHARPEST = 3.0
"""Pixels a point: a small page is not enlarged beyond this."""


def needs_ocr(page: PageText) -> bool:
    """Whether a page's text layer is missing or says nothing true."""
    text = "\n".join(span.text for span in page.spans)
    solid = len("".join(text.split()))
    if solid < LEAST_TEXT and (page.image_share > PICTURE or page.shapes > MANY_SHAPES):
        return True
    if solid < STAMPED_TEXT and page.image_share > WHOLE_PICTURE:
        return True
    return is_garbled(text)


def scale_for(page: PageText) -> float:
    """Pixels a point at which a page is rendered for OCR."""
    return min(SHARPEST, LONGEST_SIDE / max(page.width, page.height, 1.0))


def picture_of(page: pdfium.PdfPage, scale: float) -> Image:
    """A page as an RGB array."""
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        return np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    finally:
        bitmap.close()


def read_scan(picture: Image, scale: float, read: ImageReader) -> PageText:
    """The page that OCR reads from a picture of `scale` pixels a point."""
    return page_from(read(picture), scale)


def page_from(image: ReadImage, scale: float) -> PageText:
    """Recognised texts and lines as a page of spans and rules."""
    width, height = (side / scale for side in image.size)
    spans = [
        Span(meant(text.text), left / scale, top / scale, right / scale, bottom / scale)
        for text in image.texts
        for left, top, right, bottom in [text.box]
    ]
    lines = np.array(image.lines, dtype=np.float64).reshape(-1, 4) / scale
    return PageText(width, height, tuple(spans), rules_of([lines], IDENTITY))


def page_list(numbers: Sequence[int]) -> str:
    """Page numbers for a person: "3, 5-9"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(f"{p[0]}-{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts)
