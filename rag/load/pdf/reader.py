"""Reading a PDF's pages with pdfium: spans of text, rules, images.

pdfium keeps global state and must not be entered by two threads at once (its own README says so),
while the UI renders pages as an ingest runs: whoever touches it holds `PDFIUM`. The lock is held
for a page at a time, so a page image never waits for a whole document.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from rag.errors import EmptyDocument, LoadError
from rag.load.pdf.calls import Address, address, character_boxes
from rag.load.pdf.matrix import Floats, Matrix, boxes_after, shown, times, turn
from rag.load.pdf.rules import drawn, rules_of
from rag.load.pdf.spans import PageText, Rules, Span
from rag.load.pdf.words import (
    Words,
    characters,
    limits_at_rules,
    span_styles,
    spans_of,
    word_limits,
    words_of,
)
from rag.load.safety import check_size, in_words

PDFIUM = threading.RLock()
MOST_PAGES = 5_000
MOST_BYTES = 1 << 29
MOST_CHARACTERS = 400_000
"""Characters on one page; a book page has 3,000."""


@contextmanager
def opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF; raises LoadError when it is encrypted, damaged, cut off or too large."""
    check_size(path, most=MOST_BYTES)
    _check_ends(path)
    with PDFIUM:
        document = _open(path)
    try:
        count = page_count(document)
        if count == 0:
            raise EmptyDocument(f"{path}: has no pages; export the document again")
        if count > MOST_PAGES:
            raise LoadError(f"{path}: has {count:,} pages, more than {MOST_PAGES:,}; split it")
        yield document
    finally:
        with PDFIUM:
            document.close()


def page_count(document: pdfium.PdfDocument) -> int:
    """How many pages a document has."""
    with PDFIUM:
        return len(document)


def _check_ends(path: Path) -> None:
    """A PDF begins with %PDF and ends with %%EOF; pdfium would repair a cut file and lose pages."""
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(max(0, path.stat().st_size - 2048))
        tail = file.read()
    if not head.strip():
        raise EmptyDocument(f"{path}: is empty; download or export it again")
    if b"%PDF-" not in head:
        raise LoadError(f"{path}: does not begin as a PDF does; check that it is one")
    if b"%%EOF" not in tail:
        raise LoadError(f"{path}: ends before a PDF's end mark (cut off?); download it again")


def _open(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise LoadError(
                f"{path}: is encrypted; save a copy without its password and ingest that"
            ) from error
        raise LoadError(
            f"{path}: is damaged ({in_words(error)}); download or export it again"
        ) from error


@contextmanager
def page_of(document: pdfium.PdfDocument, index: int, path: Path) -> Iterator[pdfium.PdfPage]:
    """One page, under the lock; what pdfium cannot do with it is raised as LoadError."""
    where = f"{path}: page {index + 1}"
    with PDFIUM:
        try:
            page = document[index]
            try:
                yield page
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise LoadError(f"{where} is damaged ({in_words(error)}); download it again") from error
        except OverflowError as error:
            raise LoadError(f"{where} {in_words(error)}; split the document") from error


def read_page(page: pdfium.PdfPage) -> PageText:
    """Spans and rules of a page in shown coordinates, turned where its text runs up or down."""
    width, height = page.get_size()
    matrix = shown(page.get_bbox(), page.get_rotation())
    found = drawn(page.raw)
    share = _share(found.images, width * height)
    with text_of(page) as (textpage, text):
        words = words_of(textpage, text, word_limits(text), matrix)
        if quarters := words.quarter_turns():
            step = turn(quarters, width, height)
            words, matrix = words.after(step), times(matrix, step)
            width, height = height, width
        rules = rules_of(found.strokes, matrix)
        spans = _spans(textpage, words, matrix, rules)
    return PageText(width, height, spans, rules, share, found.shapes, bool(quarters))


def _spans(textpage: Address, words: Words, matrix: Matrix, rules: Rules) -> tuple[Span, ...]:
    def boxes(start: int, end: int) -> Floats:
        return boxes_after(matrix, character_boxes(textpage, range(start, end)))

    limits = limits_at_rules(words, rules.down, boxes)
    if limits is not None:
        words = words_of(textpage, words.text, limits, matrix)
    return spans_of(words, rules.down, partial(span_styles, textpage, words.text))


@contextmanager
def text_of(page: pdfium.PdfPage) -> Iterator[tuple[Address, str]]:
    """A page's text layer: pdfium's handle, and one character for each of its indices."""
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if count > MOST_CHARACTERS:
            raise OverflowError(f"holds {count:,} characters, more than {MOST_CHARACTERS:,}")
        yield address(textpage.raw), characters(textpage.raw, count)
    finally:
        textpage.close()


def _share(images: Sequence[Floats], area: float) -> float:
    """Part of the page under images, 0 to 1."""
    sides = [(boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) for boxes in images]
    covered = sum(float(np.abs(side).sum()) for side in sides)
    return min(1.0, covered / area) if area > 0 else 0.0
