"""The pages of the filings a question set is about, for looking up its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from eval.check import PageTexts
from rag.types import Block, Heading, Page, Paragraph


def page_texts(folders: Sequence[Path]) -> PageTexts:
    """A look-up from file name to its pages, over all files below `folders`; each is read once."""
    from rag.load.files import discover

    found, _ = discover(folders)
    paths = {path.name: path for path in found}

    @cache
    def pages(source: str) -> tuple[tuple[str | None, str], ...] | None:
        from rag.load.files import load

        path = paths.get(source)
        if path is None:
            return None
        return tuple((page.label, page_text(page)) for page in load(path).pages)

    return pages


def page_text(page: Page) -> str:
    """What stands on a page, in reading order."""
    return "\n".join(block_text(block) for block in page.blocks)


def block_text(block: Block) -> str:
    """A block as plain text, a table row a line."""
    if isinstance(block, Heading | Paragraph):
        return block.text
    rows = [" | ".join(row) for row in (*block.header, *block.rows)]
    return "\n".join([block.caption, block.unit, *rows])
