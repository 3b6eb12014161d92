"""CSV and other separated text as one table, its titles and notes told apart."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from rag.errors import EmptyDocument, LoadError
from rag.load.base import Loaded, Progressed
from rag.load.decode import decode
from rag.load.grid import Cells, cleaned
from rag.load.safety import MOST_TEXT_BYTES, check_size, in_words, within_limits
from rag.load.sheet import blocks_of
from rag.types import Page

SEPARATORS = ",;\t|"
MOST_CELLS = 3_000_000
LONGEST_FIELD = 1_000_000
_SAMPLE = 50
"""Lines that show which separator a file uses."""


def load_csv(path: Path, *, progress: Progressed | None = None) -> Loaded:
    """Load a CSV (UTF-8, UTF-16 or GB18030; comma, semicolon, tab or bar) as one page.

    Raises EmptyDocument for one without values, UnsafeDocument for one too large, LoadError for
    one that cannot be read.
    """
    check_size(path, most=MOST_TEXT_BYTES)
    text = decode(path.read_bytes(), name=str(path))
    with within_limits(path):
        blocks = blocks_of(_cells(path, text))
    if not blocks:
        raise EmptyDocument(f"{path}: has no values; export it again")
    if progress:
        progress(1, 1)
    return Loaded((Page(None, 0, tuple(blocks)),))


def _cells(path: Path, text: str) -> Cells:
    cells = Cells()
    empty = cells.new("")
    csv.field_size_limit(LONGEST_FIELD)
    count = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator(text)):
            count += len(row)
            if count > MOST_CELLS:
                raise LoadError(f"{path}: has more than {MOST_CELLS:,} cells; split it")
            texts = [cleaned(cell) for cell in row]
            cells.add([cells.new(own) if own else empty for own in texts] or [empty])
    except csv.Error as error:
        raise LoadError(f"{path}: is no table of separated values ({in_words(error)})") from error
    return cells


def separator(text: str) -> str:
    """The sign that parts most lines into the same number of fields; a comma where none does."""
    lines = [line for line in text[:200_000].split("\n") if line.strip()][:_SAMPLE]
    best, best_score = ",", 0.0
    for sign in SEPARATORS:
        counts = [line.count(sign) for line in lines]
        usual = max(
            set(counts), key=lambda count: (counts.count(count) * (count > 0), count), default=0
        )
        score = usual * counts.count(usual) / max(len(lines), 1)
        if usual and score > best_score:
            best, best_score = sign, score
    return best
