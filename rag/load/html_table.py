"""HTML tables as cells: spans filled, hidden cells left out, columns of lone signs put together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rag.load.grid import MOST_PLACES, Cells, cleaned, is_blank_value, is_value

MOST_SPAN = 1_000
_SIGN = re.compile(r"^(?:[$¥￥€£]|US\$|HK\$|RMB)\s*\(?$")
_TAIL = re.compile(r"^[)）]?\s*[%％‰]?\s*[)）]?$")
_MARKER = re.compile(r"^(?:[•●▪■◆○□☐☒·*†‡–—-]|[(（]?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[)）.、]?)$")
Seen = Callable[[Any], bool]
Said = Callable[[Any], tuple[str, bool]]
"""An element -> its visible text, and whether all of it is bold."""


def rows_of(table: Any) -> Iterator[Any]:
    """A table's own rows, those of inner tables not."""
    for item in table:
        if item.tag == "tr":
            yield item
        elif item.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in item if row.tag == "tr")


def is_layout(table: Any) -> bool:
    """Whether a table only places what is in it: other tables, or one cell a row."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    filled = [
        sum(bool("".join(cell.itertext()).strip()) for cell in row if cell.tag in ("td", "th"))
        for row in rows_of(table)
    ]
    return max(filled, default=0) < 2


def cells_of(table: Any, seen: Seen, said: Said) -> Cells:
    """A table's cells; rows of header elements or bold cells only are marked as such."""
    cells = Cells()
    reaching: dict[int, tuple[int, int]] = {}
    for row in filter(seen, rows_of(table)):
        owners: list[int] = []
        heads: list[bool] = []
        for cell in (item for item in row if item.tag in ("td", "th") and seen(item)):
            _reach(owners, reaching)
            text, bold = said(cell)
            number = cells.new(cleaned(text))
            if cells.texts[number]:
                heads.append(bold or cell.tag == "th" or row.getparent().tag == "thead")
            for column in range(len(owners), len(owners) + _span(cell, "colspan")):
                owners.append(number)
                reaching[column] = (number, _span(cell, "rowspan") - 1)
        _reach(owners, reaching)
        _join_signs(cells, owners)
        cells.add(owners, bold=bool(heads) and all(heads))
    return _without_sign_columns(cells)


def _reach(owners: list[int], reaching: dict[int, tuple[int, int]]) -> None:
    """Add the cells that reach down from the rows above at the next columns."""
    while (found := reaching.get(len(owners))) and found[1] > 0:
        reaching[len(owners)] = found[0], found[1] - 1
        owners.append(found[0])


def _span(cell: Any, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return max(1, min(int(text), MOST_SPAN)) if text.isdecimal() and len(text) < 6 else 1


def _join_signs(cells: Cells, owners: Sequence[int]) -> None:
    """ "$" before and ")", "%" after a figure in cells of their own become part of it."""
    texts = cells.texts
    filled = [number for number in dict.fromkeys(owners) if texts[number]]
    for before, number in itertools.pairwise(filled):
        if _SIGN.match(texts[before]) and _is_figure(texts[number]):
            texts[number] = texts[before].replace(" ", "") + texts[number]
            texts[before] = ""
        elif _TAIL.match(texts[number]) and _is_open(texts[before]):
            texts[before] += texts[number].replace(" ", "")
            texts[number] = ""


def _is_figure(text: str) -> bool:
    return is_value(text) or is_blank_value(text) or is_value(text + ")")


def _is_open(text: str) -> bool:
    return is_value(text) or is_value(text + ")") or is_blank_value(text)


def _without_sign_columns(cells: Cells) -> Cells:
    """Neighbouring columns that a header spans and no row fills both are one column."""
    columns, bold = _distinct_columns(cells)
    divided = [len(set(row)) > 1 for row in zip(*columns, strict=True)]
    kept: list[list[int]] = []
    for column in columns:
        if kept and _are_one(cells.texts, kept[-1], column, divided):
            pairs = zip(kept[-1], column, strict=True)
            kept[-1] = [a if cells.texts[a] else b for a, b in pairs]
        else:
            kept.append(column)
    rows = [list(row) for row in zip(*kept, strict=True)]
    return Cells(rows, cells.texts, bold)


def _distinct_columns(cells: Cells) -> tuple[list[list[int]], list[bool]]:
    """The columns of a table, top down, without those that only prolong the one before."""
    width = max(map(len, cells.owners), default=0)
    empty = cells.new("")
    if width * len(cells.owners) > MOST_PLACES:
        raise OverflowError(f"a table has more than {MOST_PLACES:,} cells")
    rows = [[*row, *[empty] * (width - len(row))] for row in cells.owners]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return [column for column, _ in itertools.groupby(columns)], cells.bold


def _are_one(
    texts: Sequence[str], left: Sequence[int], right: Sequence[int], divided: Sequence[bool]
) -> bool:
    """Whether two columns are spanned together somewhere and never both filled."""
    spanned = False
    for a, b, parted in zip(left, right, divided, strict=True):
        if a != b and texts[a] and texts[b]:
            return False
        spanned |= a == b and parted and bool(texts[a])
    return spanned


def listed(cells: Cells) -> list[str] | None:
    """The items of a table that is a list (a mark, then text, in each row), else None."""
    items = []
    for row in cells.owners:
        texts = [cells.texts[number] for number in dict.fromkeys(row) if cells.texts[number]]
        if not texts:
            continue
        if len(texts) > 2 or (len(texts) == 2 and not _MARKER.match(texts[0])):
            return None
        if len(texts) == 2 and _is_figure(texts[1]):
            return None
        items.append(" ".join(texts))
    return items
