"""Evidence: the sentences and table rows that bear on a question, out of the passages found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.load.tables import is_number
from rag.types import Passage
from rag.verify.sentences import split_sentences

_CONTENTS = "目录"
_PAGE_END = re.compile(r"(?:\.{3,}|…+|·{3,}|-{3,})\s*[\d-]*\s*$|\s\d{1,3}\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or a row of a passage: `passage.text[start:end]`, verbatim.

    `score` is the share (0..1) of the question's weighted terms that it states itself or under
    its caption, header and headings; `own` the share that stands in its own words.
    """

    passage: Passage
    start: int
    end: int
    score: float
    own: float

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def page(self) -> str | None:
        return self.passage.page_at(self.start)

    @property
    def head(self) -> str:
        """Caption, unit and header of the table that a row stands in; empty for a sentence."""
        return table_head(self.passage) if self.passage.kind == "table" else ""

    @property
    def context(self) -> str:
        """What gives a piece its meaning: company, headings, caption, unit, header."""
        whose = self.passage.item or self.passage.filing.company
        return "\n".join(part for part in (whose, *self.passage.section[-3:], self.head) if part)


def is_contents(passage: Passage) -> bool:
    """Whether a passage is a table of contents: most of its lines end in leaders or a page."""
    lines = [line for line in passage.text.split("\n") if line.strip()]
    ends = sum(bool(_PAGE_END.search(line)) for line in lines)
    return passage.section[:1] == (_CONTENTS,) and 2 * ends >= len(lines)


def table_head(passage: Passage) -> str:
    """The lines of a table passage that stand above its first row of data."""
    return "\n".join(passage.text.split("\n")[: head_lines(passage.text)])


def head_lines(text: str) -> int:
    """How many lines of a table's text are caption, unit and header."""
    lines = text.split("\n")
    i = 0
    while i < min(len(lines) - 1, 3) and " | " not in lines[i] and not _has_figure(lines[i]):
        i += 1
    if i < len(lines) - 1 and " | " in lines[i]:
        cells = [cell.strip() for cell in lines[i].split(" | ")]
        if not any(is_number(cell) for cell in cells[1:]):
            i += 1
    return i


def _has_figure(line: str) -> bool:
    return bool(re.search(r"\d\.\d|\d{1,3},\d{3}|\d%", line)) and not line.rstrip().endswith(
        (":", "：", "下")
    )


def pieces_of(passage: Passage) -> list[tuple[int, int]]:
    """The (start, end) of each sentence of a text passage, of each data row of a table."""
    if passage.kind == "text":
        return split_sentences(passage.text)
    spans, start = [], 0
    skip = head_lines(passage.text)
    for n, line in enumerate(passage.text.split("\n")):
        if n >= skip and line.strip():
            spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans
