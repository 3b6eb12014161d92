"""What tables of every format share: unit and scope lines, header rows, repair of ragged rows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from rag.types import Table

Cells = tuple[str, ...]

_MEASURE = (
    r"(?:人民币|美元|港币|欧元)?(?:百万|千万|十亿|亿|万|千)?"
    r"(?:元|美元|欧元|港元|日元|股|吨|公斤|千克|克|毫克|人|台|套|件|支|盒|片|粒|箱|瓶|辆|户|个|家|次|项"
    r"|平方米|㎡|立方米|升|千瓦时|MW|GW|kW|MWh|倍|天|年|小时|m2|m3|t|kg)"
    r"(?:/[^\s\d|,，、;；()（）]{1,4})?|[%％‰]"
)
_UNIT = re.compile(
    r"[（(]?\s*(?:金额)?(?:单\s*位|货币单位|计量单位)\s*[:：]\s*"
    rf"(?P<unit>(?:{_MEASURE})(?:\s*[、,，/及和;；]\s*(?:{_MEASURE}))*)\s*[）)]?"
    r"|\(?\s*(?P<english>(?:(?:\$|USD|RMB|Dollars?|Amounts?)\s+)?(?:expressed\s+)?in\s+"
    r"(?:RMB\s+|US\$?\s*|U\.S\.\s+)?(?:millions?|thousands?|billions?)"
    r"(?:\s*,?\s*except[^)]{0,80})?)\s*\)?",
    re.IGNORECASE,
)
_SCOPE = re.compile(
    r"合并(?!成本|日|方|前|后)|母公司(?!股东|所有者)|consolidated|parent company", re.IGNORECASE
)
_NUMBER = re.compile(
    r"^[-−–—+]?[$￥¥＄]?\s*[（(]?\s*[-−–—+$￥¥＄]?\s*\d[\d,，]*(?:\.\d+)?\s*[%％‰倍xX]?\s*[)）]?\s*[%％]?$"
    r"|^[-−–—/／]+$|^N/?A$|^不适用$|^--$"
)
_YEARISH = re.compile(r"^(?:19|20)\d{2}(?:年|[./-]\d|$)|^\d{4}年|^第\s*\d+\s*[年季期]")
TOTAL = re.compile(
    r"^(?:合\s*计|小\s*计|总\s*计|总额|Totals?)|^.{0,12}(?:合计|小计|总计)$", re.IGNORECASE
)
_NEVER_ADDED = re.compile(r"单价|均价|价格|平均|单位|price|average|unit", re.IGNORECASE)
MOST_PLACINGS = 500


def unit_of(line: str) -> str:
    """The unit that a line states ("单位:万元" -> "万元", "(in millions)" -> "in millions")."""
    match = _UNIT.search(line)
    if match is None:
        return ""
    return (match["unit"] or match["english"] or "").strip(" ,，、")


def is_unit_line(line: str) -> bool:
    """Whether a line says little else than the unit (and currency) of the table below it."""
    match = _UNIT.search(line)
    if match is None:
        return False
    rest = line.replace(match[0], "").strip()
    if match["english"] and re.fullmatch(r"\([^()]{1,90}\)", line.strip()):
        return True
    return len(rest) <= 8 and (not rest or rest.startswith(("币种", "(", "（", ",", "，", "注")))


def split_unit(line: str) -> tuple[str, str]:
    """(unit, rest) of a line that starts with its unit and goes on with the header, glued."""
    match = _UNIT.match(line.strip())
    if match is None or match["unit"] is None:
        return "", line
    return match["unit"].strip(), line.strip()[match.end() :].strip()


def scope_of(text: str) -> str:
    """ "合并", "母公司" or their English forms where a caption states the reporting scope."""
    match = _SCOPE.search(text)
    return match[0] if match else ""


def is_number(cell: str) -> bool:
    """Whether a cell holds a figure or stands for one ("-", "N/A"); years and dates do not count."""
    stripped = cell.strip()
    return bool(_NUMBER.match(stripped)) and not _YEARISH.match(stripped)


def header_rows(rows: Sequence[Cells]) -> int:
    """How many leading rows are header: those before the first with a figure beside its label.

    A table without any figure has one header row where its first row's cells are all short. A
    first row without an empty cell has nothing merged, so that no second row can divide it.
    """
    if len(rows) > 1 and all(rows[0]) and _divides_nothing(rows):
        return 1
    for i, row in enumerate(rows):
        if any(is_number(cell) and cell.strip() not in {"-", "--", "/"} for cell in row[1:]):
            return min(i, 3) if i else 0
        if i and sum(bool(cell) for cell in row) == 1 < len(row):
            return min(i, 3)
    filled = [cell for cell in rows[0] if cell] if rows else []
    return int(len(rows) > 1 and len(filled) > 1 and all(len(cell) <= 16 for cell in filled))


def _divides_nothing(rows: Sequence[Cells]) -> bool:
    """Whether a first row names single columns: below it stand figures or a section's label."""
    figures = any(is_number(cell) for cell in rows[0][1:])
    return not figures and len(set(rows[0])) == len(rows[0]) and len(rows[0]) > 2


def spread(header: Sequence[Cells], width: int) -> tuple[Cells, ...]:
    """Give merged header cells back their columns.

    Exports keep the text of a merged cell once and pad the row's end. The first row's leading
    cells run down to the last row; its others span equal shares of the second row's cells.
    """
    if len(header) < 2:
        return tuple(header)
    top = [cell for cell in header[0] if cell]
    below = [cell for cell in header[1] if cell]
    lead = width - len(below)
    groups = len(top) - lead
    if not 0 <= lead < len(top) or groups <= 0 or len(below) % groups:
        return tuple(header)
    share = len(below) // groups
    first = top[:lead] + [cell for cell in top[lead:] for _ in range(share)]
    second = [""] * lead + below
    return (tuple(first), tuple(second), *header[2:])


def flat_header(table: Table) -> Cells:
    """One name per column: the header rows joined top down, repeats dropped."""
    if not table.header:
        return ()
    width = max(len(row) for row in table.header)
    names = []
    for column in range(width):
        parts: list[str] = []
        for row in table.header:
            cell = row[column].strip() if column < len(row) else ""
            if cell and cell not in parts:
                parts.append(cell)
        names.append(" ".join(parts))
    return tuple(names)


def realigned(
    rows: Sequence[Cells], *, names: Cells = (), above: Sequence[Cells] = ()
) -> tuple[Cells, ...]:
    """Put rows whose cells were pushed left by a merged cell back under their columns.

    A label such as "合计" spans the columns to its right; a cell that runs down from the row above
    is repeated. Of the possible places the one is taken whose cells agree best with the kinds
    (figure or words) that complete rows have in each column, and whose totals add up; ties leave
    the row as it is. `names` are the columns' own, `above` the rows before on an earlier page.
    """
    kinds = _column_kinds([*above, *rows])
    if not kinds:
        return tuple(rows)
    placed = list(above)
    for row in rows:
        placed.append(_place(row, placed, kinds, names))
    return tuple(placed[len(above) :])


def _column_kinds(rows: Sequence[Cells]) -> tuple[bool, ...]:
    """Whether each column mostly holds figures, read off the rows without a missing cell."""
    full = [row for row in rows if row and all(row)]
    if not full:
        return ()
    return tuple(
        sum(is_number(row[k]) for row in full) * 2 > len(full) for k in range(len(full[0]))
    )


def _place(row: Cells, placed: Sequence[Cells], kinds: Sequence[bool], names: Cells) -> Cells:
    filled = tuple(cell for cell in row if cell)
    missing = len(row) - len(filled)
    if not missing or not filled or any(not row[i] for i in range(len(filled))):
        return row
    if TOTAL.match(filled[0]) and all(map(is_number, filled[1:])):
        return _total_placed(filled, placed, kinds, names) or row
    candidates = [row]
    if len(filled) > 1:
        lead = placed[-1][:missing] if placed else ("",) * missing
        candidates.append((*lead, *filled))
    candidates.append((filled[0], *("" for _ in range(missing)), *filled[1:]))
    if TOTAL.match(filled[0]):
        candidates = [row, candidates[-1]]
    return max(candidates, key=lambda cells: _agreement(cells, kinds))


def _total_placed(
    filled: Cells, placed: Sequence[Cells], kinds: Sequence[bool], names: Cells
) -> Cells | None:
    """A total's figures under columns of figures: those that add up, else those that can."""
    figures = [k for k, kind in enumerate(kinds) if kind and k]
    ways = itertools.combinations(figures, len(filled) - 1)
    options: list[tuple[int, ...]] = list(itertools.islice(ways, MOST_PLACINGS))
    if not options or len(filled) < 2:
        return None

    def fit(chosen: Iterable[int]) -> tuple[int, int, tuple[int, ...]]:
        columns = tuple(chosen)
        added = sum(
            _adds_up(text, [row[k] for row in placed if k < len(row)])
            for text, k in zip(filled[1:], columns, strict=True)
        )
        odd = sum(k < len(names) and bool(_NEVER_ADDED.search(names[k])) for k in columns)
        return added, -odd, columns

    best = dict(zip(max(options, key=fit), filled[1:], strict=True))
    return (filled[0], *(best.get(k, "") for k in range(1, len(kinds))))


def _adds_up(total: str, cells: Sequence[str]) -> bool:
    """Whether the last cells of a column add up to a total, to the last digit or nearly."""
    wanted = _amount(total)
    if wanted is None:
        return False
    added = Decimal(0)
    for count, cell in enumerate(reversed(cells), start=1):
        added += _amount(cell) or 0
        if count > 1 and abs(added - wanted) * 1000 <= abs(wanted):
            return True
    return False


def _amount(cell: str) -> Decimal | None:
    digits = re.sub(r"[^\d.]", "", cell)
    if not digits or digits.count(".") > 1 or not is_number(cell):
        return None
    value = Decimal(digits or "0") if digits != "." else Decimal(0)
    return -value if re.match(r"^\s*[-−–(（]", cell) else value


def _agreement(cells: Cells, kinds: Sequence[bool]) -> int:
    return sum(
        is_number(cell) == kind for cell, kind in zip(cells, kinds, strict=True) if cell
    ) - sum(is_number(cell) != kind for cell, kind in zip(cells, kinds, strict=True) if cell)


def continues(previous: Table, table: Table) -> Table | None:
    """`table` as the continuation of `previous` on the next page, or None where it is another."""
    if table.glued != previous.glued or table.caption:
        return None
    if table.glued:
        return replace(
            table, caption=previous.caption, unit=table.unit or previous.unit, continued=True
        )
    width = max((len(row) for row in (*table.header, *table.rows)), default=0)
    before = max((len(row) for row in (*previous.header, *previous.rows)), default=0)
    if width != before or (table.unit and table.unit != previous.unit):
        return None
    same = table.header == previous.header
    rows = table.rows if same or not table.header else (*table.header, *table.rows)
    if table.header and not same and previous.header and _is_header(table.header, previous):
        rows = table.rows
    header = previous.header or (table.header if same else ())
    return replace(
        table,
        caption=previous.caption,
        unit=previous.unit,
        scope=previous.scope,
        header=header,
        rows=rows,
        continued=True,
    )


def _is_header(header: Sequence[Cells], previous: Table) -> bool:
    """Whether rows repeat the previous header in other words (a cell cut differently)."""
    known = {cell for row in previous.header for cell in row if cell}
    cells = [cell for row in header for cell in row if cell]
    return bool(cells) and sum(cell in known for cell in cells) >= 0.6 * len(cells)


def render(table: Table, rows: Sequence[Cells] | None = None) -> str:
    """A table as a person reads it: caption, unit, header, then one line a row, cells by " | "."""
    lines = []
    if table.caption:
        lines.append(table.caption)
    if table.unit:
        lines.append(_unit_line(table))
    header = flat_header(table)
    if any(header):
        lines.append(row_text(header))
    lines += [row_text(row) for row in (table.rows if rows is None else rows)]
    return "\n".join(line for line in lines if line)


def _unit_line(table: Table) -> str:
    return f"({table.unit})" if table.unit.isascii() else f"单位:{table.unit}"


def row_text(row: Cells) -> str:
    """One row as text; empty cells at the end are left out."""
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    return " | ".join(cells)
