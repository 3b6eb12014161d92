"""Tables of any format: which rows are the header, what a cell means to a reader.

Every loader brings its cells here: DOCX, XLSX and HTML as :class:`Cells`, PDF as rows that it has
filled itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.load.characters import tight
from rag.types import Table

_VALUE = re.compile(
    r"^[\s$¥￥€£]*(?:USD|RMB|HK\$|US\$)?\s*[-–—(（+]?\s*[$¥￥€£]?\s*\d[\d,，]*(?:\.\d+)?\s*[)）]?"
    r"\s*[%％‰xX倍]?\s*[)）]?$"
)
_EMPTY_VALUE = re.compile(r"^[$¥￥\s]*(?:[-–—－─/／]+|不适用|N/?A|nil)$", re.IGNORECASE)
_YEAR = re.compile(r"^(?:FY\s*)?(?:19|20)\d\d(?:\s*[年Aa](?:度|末|底)?)?$")
LONGEST_HEADER_CELL = 40
MOST_PLACES = 5_000_000
"""Cells of one table, merged ones counted wherever they reach."""
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f]"
)


def is_value(cell: str) -> bool:
    """Whether a cell holds a figure: an amount, a percentage; a year alone is none."""
    text = cell.strip()
    return bool(_VALUE.match(text)) and not _YEAR.match(text)


def is_blank_value(cell: str) -> bool:
    """Whether a cell stands for no figure ("-", "—", 不适用)."""
    return bool(_EMPTY_VALUE.match(cell.strip()))


def header_height(
    rows: Sequence[Sequence[str]], *, bold: Sequence[bool] = (), deep: int = 1
) -> int:
    """How many of the first rows are the header.

    `bold[i]` says that row i is set off (bold, shaded), `deep` how many rows the first row's
    merged cells reach down. 0 where the first row holds figures already, or where a table of two
    columns only pairs names with what they stand for.
    """
    if len(rows) < 2:
        return int(bool(rows) and ((bool(bold) and bold[0]) or _only_names(rows[0])))
    emphasised = bool(bold) and bold[0] and not all(bold)
    if _has_values(rows[0]) and not emphasised:
        return 0
    if not emphasised and not _names_columns(rows):
        return 0
    height = max(1, min(deep, len(rows) - 1))
    while height < len(rows) - 1 and _goes_on(rows, height, bold):
        height += 1
    return height


def _has_values(row: Sequence[str]) -> bool:
    others = [cell for cell in row[1:] if cell.strip()]
    figures = sum(is_value(cell) for cell in others)
    return figures > 0 and figures * 2 >= len(others)


def _only_names(row: Sequence[str]) -> bool:
    """A row alone that names columns: what a page break parted from its table."""
    figures = any(is_value(cell) or is_blank_value(cell) for cell in row)
    return len(row) >= 3 and not figures and all(0 < len(cell) <= 15 for cell in row)


def _names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row reads as names of the columns below."""
    first, body = rows[0], rows[1:]
    if any(len(cell) > LONGEST_HEADER_CELL for cell in first):
        return False
    if sum(bool(cell.strip()) for cell in first) * 2 < len(first):
        return False
    if any(_has_values(row) for row in body):
        return True
    if len(first) == 2:
        longest = max(len(row[1]) for row in body)
        return len(first[1]) <= 8 and longest >= 2 * len(first[1])
    return True


def _goes_on(rows: Sequence[Sequence[str]], height: int, bold: Sequence[bool]) -> bool:
    """Whether row `height` still belongs to the header: it divides a cell merged above it."""
    row, above = rows[height], rows[height - 1]
    if _has_values(row) or any(is_blank_value(cell) for cell in row[1:]):
        return False
    if bold and not bold[height] and bold[0]:
        return False
    merged = any(a and a == b for a, b in itertools.pairwise(above[1:]))
    both = set(zip(above[1:], row[1:], strict=False))
    divided = len(both) > len(set(above[1:]))
    return merged and divided


def cleaned(text: str) -> str:
    """A cell's or paragraph's text: spaces made one, none beside Chinese, no invisible signs."""
    text = _INVISIBLE.sub("", text.replace("\u00a0", " ").replace("\u3000", " "))
    return tight(" ".join(text.split()))


@dataclass(slots=True)
class Cells:
    """Rows of cells of which some are merged: `owners[row][column]` numbers the cell that is there.

    `texts[number]` is a cell's text; `bold` says which rows are set off as a header is.
    """

    owners: list[list[int]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    _places: int = 0

    def new(self, text: str) -> int:
        """Number a new cell."""
        self.texts.append(text)
        return len(self.texts) - 1

    def add(self, owners: list[int], *, bold: bool = False) -> None:
        """Add a row. Raises OverflowError for a table that no reader could take in."""
        self._places += len(owners)
        _check_places(self._places)
        self.owners.append(owners)
        self.bold.append(bold)

    def table(self) -> tuple[Table, tuple[str, ...]]:
        """The table with merged cells filled, and the titles that stood above its header.

        A cell as wide as the whole table (of three columns or more) is said once. Rows and
        columns without text are left out.
        """
        rows, bold = self._compact()
        count = 0
        while count < len(rows) - 1 and _is_whole(rows[count]):
            count += 1
        titles = tuple(self.texts[row[0]] for row in rows[:count])
        rows, bold = rows[count:], bold[count:]
        texts = [self._said(row) for row in rows]
        deep = (
            max((_depth(rows, column) for column in range(len(rows[0]))), default=1) if rows else 1
        )
        return table_of(texts, bold=bold, deep=deep if deep < len(rows) else 1), titles

    def _compact(self) -> tuple[list[list[int]], list[bool]]:
        width = max(map(len, self.owners), default=0)
        _check_places(width * len(self.owners))
        empty = self.new("")
        rows = [[*row, *[empty] * (width - len(row))] for row in self.owners]
        kept = [k for k in range(width) if any(self.texts[row[k]] for row in rows)]
        columns = _without_repeats(rows, kept)
        pairs = zip(rows, [*self.bold, *[False] * len(rows)], strict=False)
        full = [
            ([row[k] for k in columns], bold)
            for row, bold in pairs
            if any(self.texts[row[k]] for k in columns)
        ]
        return [row for row, _ in full], [bold for _, bold in full]

    def _said(self, row: Sequence[int]) -> tuple[str, ...]:
        texts = [self.texts[number] for number in row]
        return (texts[0], *[""] * (len(row) - 1)) if _is_whole(row) else tuple(texts)


def _check_places(count: int) -> None:
    if count > MOST_PLACES:
        raise OverflowError(f"a table has more than {MOST_PLACES:,} cells")


def _is_whole(row: Sequence[int]) -> bool:
    return len(row) > 2 and len(set(row)) == 1


def _depth(rows: Sequence[Sequence[int]], column: int) -> int:
    """Rows down to which the first row's cell in a column reaches."""
    own = rows[0][column]
    return sum(1 for _ in itertools.takewhile(lambda row: row[column] == own, rows))


def _without_repeats(rows: Sequence[Sequence[int]], columns: Sequence[int]) -> list[int]:
    """Columns without those that are the same merged cells as the one before in every row."""
    kept: list[int] = []
    for k in columns:
        if not kept or any(row[k] != row[kept[-1]] for row in rows):
            kept.append(k)
    return kept


def table_of(rows: Sequence[Sequence[str]], *, bold: Sequence[bool] = (), deep: int = 1) -> Table:
    """A Table from a grid's rows, its header told apart; caption and unit are still empty."""
    height = header_height(rows, bold=bold, deep=deep)
    cells = tuple(tuple(row) for row in rows)
    return Table("", "", cells[:height], cells[height:])
