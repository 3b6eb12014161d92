"""A document's blocks as plain lines: the cover, the end, the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.types import Block, Page, Table

COVER = 80
END = 160
LONGEST = 1_000
CELL = " | "
"""Stands between the cells of a table's row, so that no name runs over from one to the next."""


def lines_of(pages: Iterable[Page], *, most: int) -> list[str]:
    """The first `most` lines: a line per heading, paragraph and table row, blanks left out."""
    lines: list[str] = []
    for page in pages:
        for block in page.blocks:
            lines += _lines(block, lines[-1] if lines else "")
            if len(lines) >= most:
                return lines[:most]
    return lines


def last_lines(pages: Sequence[Page], *, most: int) -> list[str]:
    """The last `most` lines, in reading order."""
    lines: list[str] = []
    for page in reversed(pages):
        lines = lines_of([page], most=1_000_000) + lines
        if len(lines) >= most:
            break
    return lines[-most:]


def cover_of(pages: Sequence[Page]) -> list[str]:
    """The first lines, each no longer than any line of a cover is."""
    return [line[:LONGEST] for line in lines_of(pages, most=COVER)]


def end_of(pages: Sequence[Page]) -> list[str]:
    """The last lines, of long ones the end."""
    return [line[-LONGEST:] for line in last_lines(pages, most=END)]


def text_of(pages: Iterable[Page]) -> str:
    """The whole document, a line per block or row."""
    return "\n".join(lines_of(pages, most=10_000_000))


def _lines(block: Block, previous: str) -> Iterator[str]:
    """Lines of a block; a caption that the paragraph before it states already is not repeated."""
    if isinstance(block, Table):
        if block.caption and block.caption != previous:
            yield block.caption
        for row in (*block.header, *block.rows):
            yield CELL.join(cell for cell in row if cell.strip())
    else:
        yield from (line for line in block.text.split("\n") if line.strip())


def squeezed(text: str) -> str:
    """Without any space: how printed Chinese is compared ("目　录" = "目录")."""
    return re.sub(r"\s+", "", text)


def is_english(lines: Sequence[str]) -> bool:
    """Whether a document's first lines are English: Han characters are fewer than one in twenty."""
    text = "".join(lines)
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    latin = len(re.findall(r"[A-Za-z]", text))
    return latin > 20 * han
