"""Pages as images, for the formats that have them, and the addresses that serve files by id.

Only ids and page numbers stand in an address, never a path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.load.tables import flat_header, row_text
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
    """The image of a page with boxes around `quote` and, apart, the cells of `marks` and columns.

    None for formats without images. LoadError where the PDF cannot be read any more.
    """
    if not has_images(state):
        return None
    path = Path(state.ref.source)
    cells = [_cell_boxes(path, page, cell) for cell in sorted(marks.cells)]
    return Picture(
        url=f"filings/{state.ref.id}/pages/{page.index}.png",
        boxes=quote_boxes(path, page, quote),
        cells=tuple(cell for cell, _ in cells if cell),
        columns=tuple(column for _, column in cells if column),
    )


def quote_boxes(path: Path, page: Page, quote: str) -> tuple[Box, ...]:
    """Boxes around a quote, line by line: the lines of a table stand apart on the page, and those
    that a passage repeats from the page before are not on this one."""
    found: list[Box] = []
    for line in filter(str.strip, quote.splitlines()):
        for printed in _as_printed(page, line):
            found += _boxes(path, page.index, printed) or _boxes(
                path, page.index, printed.replace(":", "：")
            )
    return tuple(found)


def _as_printed(page: Page, line: str) -> Iterator[str]:
    """A line of a passage as the page has it: a header of several rows is one line there."""
    for block in page.blocks:
        if not isinstance(block, Table) or len(block.header) < 2:
            continue
        if line.strip() == row_text(flat_header(block)).strip():
            rows = (dict.fromkeys(c.strip() for c in row if c.strip()) for row in block.header)
            yield from (" | ".join(row) for row in rows)
            return
    yield line


def _cell_boxes(
    path: Path, page: Page, cell: tuple[int, int, int]
) -> tuple[Box | None, Box | None]:
    """The box of a table's cell, and of its column from the header down to it."""
    i, r, c = cell
    table = page.blocks[i]
    if not isinstance(table, Table):
        return None, None
    box = _box_of(path, page.index, table.rows[r], c)
    heads = [row for row in table.header if c < len(row) and row[c].strip()]
    head = _box_of(path, page.index, heads[-1], c) if heads else None
    if box is None or head is None or head.top >= box.top:
        return box, None
    left = min(head.left, box.left)
    right = max(head.left + head.width, box.left + box.width)
    return box, Box(left, head.top, right - left, box.top + box.height - head.top)


def _box_of(path: Path, index: int, row: Sequence[str], c: int) -> Box | None:
    """Where cell `c` of a row stands. It is looked for together with the others of its row, so
    that the right one of several like it is found, and before them, so that its box is its own."""
    wanted = row[c].strip()
    like = [cell for cell in row[:c] if cell.strip() == wanted]
    others = [cell for k, cell in enumerate(row) if k != c and cell.strip() not in ("", wanted)]
    if not wanted:
        return None
    found = _boxes(path, index, " | ".join([*like, wanted, *others]))
    return found[len(like)] if len(found) > len(like) else None


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
