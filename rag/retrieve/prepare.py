"""What of a passage is indexed: its own words by sentence or row, what stands above them, whose it is.

A passage's text never carries a synthetic header; title, company and section are added here, for
the indexes alone.
"""

from __future__ import annotations

import re

from rag.index.terms import terms
from rag.types import Passage
from rag.verify.sentences import split_sentences

_FIGURE = re.compile(r"\d\.\d|\d{1,3},\d{3}|\d%")
_CELL_OF_FIGURES = re.compile(r"[（(]?[-+$￥¥]?\s*\d[\d,，]*(?:\.\d+)?\s*[%％]?[)）]?$|[-–—/]+$")
NEAREST_HEADINGS = 3


def search_columns(passage: Passage) -> dict[str, str]:
    """Search terms by column of the lexical index, space-separated; a line of `body` is a sentence
    or a table row, `caption` is what a table says above its rows."""
    ref = passage.filing
    head = " ".join((ref.company, *ref.aliases[:4], ref.title, passage.item))
    above, units = split_units(passage)
    return {
        "head": " ".join(dict.fromkeys(terms(head))),
        "section": " ".join(terms(" ".join(passage.section[-NEAREST_HEADINGS:]))),
        "caption": " ".join(terms("\n".join(above))),
        "body": "\n".join(" ".join(terms(unit)) for unit in units),
    }


def split_units(passage: Passage) -> tuple[list[str], list[str]]:
    """(lines above a table's rows, its rows), or (none, sentences) of a text."""
    if passage.kind == "text":
        spans = split_sentences(passage.text)
        return [], [passage.text[a:b] for a, b in spans] or [passage.text]
    lines = passage.text.split("\n")
    n = table_head_lines(lines)
    return lines[:n], lines[n:]


def table_head_lines(lines: list[str]) -> int:
    """How many lines of a table's text are caption, unit and header."""
    n = 0
    while n < min(len(lines) - 1, 3) and " | " not in lines[n] and not _FIGURE.search(lines[n]):
        n += 1
    if n < len(lines) - 1 and " | " in lines[n]:
        cells = lines[n].split(" | ")
        n += not any(_CELL_OF_FIGURES.match(cell.strip()) for cell in cells[1:])
    return n


def embedding_text(passage: Passage) -> str:
    """The text that is embedded: company, the last headings, then the passage."""
    ref = passage.filing
    whose = passage.item or (ref.aliases[0] if ref.aliases else ref.company) or ref.title[:30]
    section = " ".join(passage.section[-2:])
    return "\n".join(part for part in (f"{whose} {section}".strip(), passage.text) if part)
