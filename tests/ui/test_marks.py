"""Quotes of real passages are found on the pages that they are cited to, in every format.

`pytest tests/ui/test_marks.py -m slow -s` prints the coverage of each format: of PDFs the share of
the quote's characters whose own boxes lie inside the boxes that are drawn.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.settings import Settings
from rag.types import Page, Passage
from rag.verify.sentences import split_sentences
from ui.locate import locate
from ui.pictures import quote_boxes

SAMPLES = Path(__file__).parents[2] / "data" / "filings"
PER_FORMAT = 40


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from rag.build import Workspace

    workspace = Workspace(Settings(home=tmp_path_factory.mktemp("marks")))
    workspace.ingest([SAMPLES], defer_vectors=True)
    yield workspace
    workspace.close()


def quotes_of(passage: Passage) -> Iterator[tuple[int, int]]:
    """What an answer may cite of a passage: its sentences, or a table's lines."""
    if passage.kind == "text":
        yield from split_sentences(passage.text)
        return
    start = 0
    for line in passage.text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def covered(library: Any, passage: Passage, start: int, end: int) -> float:
    """The share of a quote that is marked on its page and, if it runs on, on the next one."""
    first, last = passage.page_index_at(start), passage.page_index_at(max(start, end - 1))
    share = 0.0
    for index in range(first, last + 1):
        page = library.page(passage.filing.id, index)
        marks = locate(
            page, passage.text[start:end], before=passage.text[:start], after=passage.text[end:]
        )
        share += marks.covered
    return share


def all_quotes(library: Any, suffix: str) -> list[tuple[Passage, int, int]]:
    """Every quote that an answer could cite of a format."""
    states = [s for s in library.filings() if s.ref.source.endswith(suffix)]
    if not states:
        pytest.skip(f"no loadable {suffix} among the samples")
    passages = [p for s in states for p in library.catalog.passages_of(s.ref.id)]
    return [(p, a, b) for p in passages for a, b in quotes_of(p) if p.text[a:b].strip()]


def chosen_quotes(library: Any, suffix: str) -> list[tuple[Passage, int, int]]:
    """As many of a format as are measured, the same each time."""
    quotes = all_quotes(library, suffix)
    return random.Random(7).sample(quotes, min(PER_FORMAT, len(quotes)))


def told(format_: str, shares: list[float]) -> None:
    mean, least = sum(shares) / len(shares), min(shares)
    good = sum(share >= 0.95 for share in shares)
    print(
        f"{format_}: {good} of {len(shares)} marks cover 95 %; mean {mean:.4f}, least {least:.3f}"
    )


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".txt", ".pdf", ".docx", ".xlsx", ".html"])
def test_marks_cover_at_least_95_percent_of_every_quote(library: Any, suffix: str) -> None:
    found = [(p.text[a:b], covered(library, p, a, b)) for p, a, b in chosen_quotes(library, suffix)]
    told(f"text of {suffix}", [share for _, share in found])
    assert [(quote, share) for quote, share in found if share < 0.95] == []


@pytest.mark.slow
def test_boxes_on_a_pdf_hold_at_least_95_percent_of_the_quotes_characters(library: Any) -> None:
    """Of every line of the passages that is printed on its page: the header of a table that goes
    on from the page before is not."""
    found = []
    for passage, start, end in all_quotes(library, ".pdf"):
        first = passage.page_index_at(start)
        quote = passage.text[start:end]
        if first == passage.page_index_at(max(start, end - 1)):
            page = library.page(passage.filing.id, first)
            share = boxed(Path(passage.filing.source), page, quote)
            if share is not None:
                found.append((quote, share))
    told("boxes on .pdf", [share for _, share in found])
    assert len(found) >= PER_FORMAT
    assert [(quote, share) for quote, share in found if share < 0.95] == []


def boxed(path: Path, page: Page, quote: str) -> float | None:
    """The share of a quote's characters whose middle lies in a box that is drawn for it; None
    where it is not printed on the page.

    The characters' own boxes come from pdfium alone, and where a cell stands in the page's text is
    found here anew; of a cell in several places the one that is covered best counts.
    """
    letters, width, height = characters(path, page.index)
    stream = "".join(letter for letter, _ in letters)
    cells = [cell for cell in map(visible, re.split(r"[|\n]", quote)) if cell]
    drawn = [
        (b.left * width, b.top * height, (b.left + b.width) * width, (b.top + b.height) * height)
        for b in quote_boxes(path, page, quote)
    ]
    inside = 0
    for cell in cells:
        places = [k for k in range(len(stream)) if stream.startswith(cell, k)]
        if not places:
            return None
        inside += max(
            sum(
                any(holds(box, one, height) for box in drawn)
                for _, one in letters[k : k + len(cell)]
            )
            for k in places
        )
    return inside / sum(map(len, cells))


def characters(path: Path, index: int) -> tuple[list[tuple[str, Any]], float, float]:
    """The visible characters of a page with their boxes, and the page's width and height."""
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(path) as document:
        page = document[index]
        text = page.get_textpage()
        letters = [
            (letter, text.get_charbox(k))
            for k in range(text.count_chars())
            for letter in visible(text.get_text_range(k, 1))
        ]
        return letters, page.get_width(), page.get_height()


def visible(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def holds(box: Any, character: Any, height: float) -> bool:
    """Whether the middle of a character's box (from below) lies in a drawn box (from above)."""
    left, bottom, right, top = character
    x, y = (left + right) / 2, height - (bottom + top) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])
