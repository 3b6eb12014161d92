"""What a table is called: the caption, unit and scope that stand above it, in any format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.load.prose import ends_sentence
from rag.load.tables import is_unit_line, scope_of, unit_of
from rag.types import Block, Paragraph, Table

LONGEST_CAPTION = 300
LONGEST_TITLE, LONGEST_ENGLISH_TITLE = 30, 90
"""Of a line right above a table that is taken for its title."""
_SENTENCES = re.compile(r"(?<=[。；])|(?<=[.;])\s+(?=[A-Z])")
_ANNOUNCES = re.compile(r"如下|下表|所示|as follows|follow(?:s|ing)", re.IGNORECASE)


def captioned(
    table: Table, above: Sequence[Block], titles: Sequence[str] = ()
) -> tuple[Table, bool]:
    """A table with caption, unit and scope from its own title rows and from the blocks above it.

    The flag says that the block right above only stated the unit and is used up.
    """
    units = [unit_of(title) for title in titles if is_unit_line(title)]
    names = [title for title in titles if not is_unit_line(title)]
    rest = list(above)
    used = bool(rest) and isinstance(rest[-1], Paragraph) and is_unit_line(rest[-1].text)
    if used:
        units.append(unit_of(_text(rest.pop())))
    lead = _lead(rest[-1]) if rest else ""
    caption = " ".join(names) or lead
    unit = next(filter(None, units), "") or unit_of(caption) or unit_of(lead)
    scope = scope_of(caption) or scope_of(lead)
    return replace(table, caption=caption, unit=unit, scope=scope), used


def _text(block: Block) -> str:
    return "" if isinstance(block, Table) else block.text


def _lead(block: Block) -> str:
    """The words that lead in to a table: the sentence that announces it, or a short title."""
    text = _text(block)
    if not isinstance(block, Paragraph):
        return ""
    sentence = _SENTENCES.split(text.rstrip("。"))[-1].strip()
    if sentence.endswith((":", "：")) or _ANNOUNCES.search(sentence[-24:]):
        return sentence if len(sentence) <= LONGEST_CAPTION else ""
    return text if len(text) <= 30 and not ends_sentence(text) else ""


def lead_in(blocks: Sequence[Block]) -> str:
    """The last sentence before a table, where it leads in to it; a title right above else."""
    last = blocks[-1] if blocks else None
    if not isinstance(last, Paragraph):
        return ""
    text = last.text
    sentence = re.split(r"(?<=[。；])", text.rstrip("。"))[-1].strip()
    if sentence.endswith((":", "：")) or re.search(r"如下|下表|所示", sentence[-14:]):
        return sentence if len(sentence) <= 80 else sentence[-80:]
    longest = LONGEST_ENGLISH_TITLE if text.isascii() else LONGEST_TITLE
    return text if len(text) <= longest and not ends_sentence(text) else ""
