"""Pages as images, for the formats that have them, and the addresses that serve files by id.

Only ids and page numbers stand in an address, never a path.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.types import FilingState, Page, Table
from ui.locate import Marks
from ui.render.page import Box, Picture

Points = tuple[float, float, float, float]
"""Left, top, right, bottom from the page's top left corner."""


def has_images(state: FilingState) -> bool:
    """Whether a filing's pages can be shown as images: a PDF that is still where it was."""
    path = Path(state.ref.source)
    return path.suffix.lower() == ".pdf" and path.is_file()


def picture_of(state: FilingState, page: Page, quote: str, marks: Marks) -> Picture | None:
    """The image of a page with boxes around `quote` and, apart, around the cells of `marks`.

    None for formats without images. LoadError where the PDF cannot be read any more.
    """
    if not has_images(state):
        return None
    path = Path(state.ref.source)
    return Picture(
        url=f"filings/{state.ref.id}/pages/{page.index}.png",
        boxes=_boxes(path, page.index, quote) if quote else (),
        cells=tuple(
            box for words in _cells(page, marks) for box in _boxes(path, page.index, words)[-1:]
        ),
    )


def _cells(page: Page, marks: Marks) -> Sequence[str]:
    """Each marked cell behind its row's label, so that the right one of several like it is found."""
    rows = []
    for i, r, c in sorted(marks.cells):
        table = page.blocks[i]
        if isinstance(table, Table):
            row = table.rows[r]
            rows.append(row[c] if c == 0 else f"{row[0]} | {row[c]}")
    return rows


def _boxes(path: Path, index: int, words: str) -> tuple[Box, ...]:
    from rag.load.pdf import locate

    found = locate(path, index, words)
    if not found:
        return ()
    width, height = page_size(path, index)
    return tuple(_share(box, width, height) for box in found)


def _share(box: Points, width: float, height: float) -> Box:
    left, top, right, bottom = box
    return Box(left / width, top / height, (right - left) / width, (bottom - top) / height)


def page_size(path: Path, index: int) -> tuple[float, float]:
    """Width and height of a PDF's page in points, as shown."""
    from rag.load.pdf.reader import opened, page_of

    with opened(path) as document, page_of(document, index, path) as page:
        width, height = page.get_size()
        return float(width), float(height)


def original_of(state: FilingState) -> str:
    """The address of the original file, "" where it is gone."""
    return f"filings/{state.ref.id}/original" if Path(state.ref.source).is_file() else ""
