"""Passages as numbered sources, for tests of drafts written over them."""

from __future__ import annotations

from rag.answer.evidence import Piece, pieces_of
from rag.answer.sources import Shown
from rag.types import FilingRef, Passage

FILING = FilingRef(
    "f1", "样例股份2022年年度报告", "样例股份", "", "annual", "2023", "a.txt", periods=("2022",)
)


def shown(number: int, text: str, *, section: str = "财务数据") -> Shown:
    """A passage, all of its sentences or rows shown, under a number."""
    kind = "table" if " | " in text else "text"
    passage = Passage(f"p{number}", FILING, (str(number),), (section,), kind, text)  # type: ignore[arg-type]
    pieces = tuple(Piece(passage, a, b, 1.0, 1.0) for a, b in pieces_of(passage))
    return Shown(number, passage, pieces)
