"""Levels of headings that a document itself tells: by its table of contents, by what it sets below what."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from rag.load.outline import CIRCLED, CONTENTS, first_of, numbering
from rag.types import Block, Heading, Page, Paragraph


def with_outline(pages: Sequence[Page]) -> list[Page]:
    """Headings that the table of contents lists stand above all that it does not list.

    Where it lists the customary outermost levels anyway, nothing is moved.
    """
    pages = _with_circled(pages)
    titles = _listed(pages)
    others = (b for page in pages for b in page.blocks if isinstance(b, Heading))
    deepest = max(titles.values(), default=0)
    styled = {b.level for b in others if _title_key(b.text) not in titles and numbering(b.text)}
    if not any(level < deepest and level not in titles.values() for level in styled):
        return list(pages)
    order = {level: i + 1 for i, level in enumerate(sorted(set(titles.values())))}
    return [
        replace(page, blocks=tuple(_ranked(b, titles, order) for b in page.blocks))
        for page in pages
    ]


def _with_circled(pages: Sequence[Page]) -> Sequence[Page]:
    """Levels of 1) and ① the other way round, where a document sets 1) below ①."""
    styles = [
        (found.style, b.text)
        for page in pages
        for b in page.blocks
        if isinstance(b, Heading) and (found := numbering(b.text))
    ]
    votes = 0
    for (before, _), (style, text) in itertools.pairwise(styles):
        if first_of(text):
            votes += (before, style) == ("circled", "number-half")
            votes -= (before, style) == ("number-half", "circled")
    if votes <= 0:
        return pages
    swap = {CIRCLED: CIRCLED - 1, CIRCLED - 1: CIRCLED}
    return [
        replace(
            page,
            blocks=tuple(
                replace(b, level=swap[b.level]) if isinstance(b, Heading) and b.level in swap else b
                for b in page.blocks
            ),
        )
        for page in pages
    ]


def _listed(pages: Sequence[Page]) -> dict[str, int]:
    """Numbered titles of the table of contents, normalised -> customary level."""
    titles: dict[str, int] = {}
    inside = False
    for block in (b for page in pages for b in page.blocks):
        if isinstance(block, Heading):
            inside = block.text == CONTENTS
        elif inside and isinstance(block, Paragraph) and (found := numbering(block.text)):
            titles[_title_key(block.text.split(" …… ")[0])] = found.level
    return titles


def _title_key(text: str) -> str:
    return re.sub(r"\W", "", text)[:24]


def _ranked(block: Block, titles: dict[str, int], order: dict[int, int]) -> Block:
    if not isinstance(block, Heading):
        return block
    level = titles.get(_title_key(block.text))
    return block if level is None else replace(block, level=min(order[level], block.level))
