"""Facts of rows whose cells the extraction ran together: a label, then figures in header order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from rag.verify.cells import dates_of
from rag.verify.facts import Fact
from rag.verify.figure import Figure, quantum, with_unit
from rag.verify.figures import find_figures
from rag.verify.numerals import plain
from rag.verify.table_unit import noted_unit, unit_of

GLUED = -2
"""The `table` of facts that stand in a row without cell borders."""

_PROSE_END = re.compile(r"[。!?\uff01\uff1f;\uff1b]|\.\s|\.$")
_RATE = re.compile(r"率|比例|占比|比重|%|倍|数量|人数")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_DATA = re.compile(r"\d\.\d\d|\d,\d{3}|\d%")
_RATES = re.compile(r"(?:-?\d[\d,.]*%[\s-]*){2,}$")
"""A row of percentages run together: "占比 1.25%2.93%6.07%"."""
_CELLS = re.compile(r"-?\d[\d,]*\.\d+%?|\d+%")
_TOUCHING = re.compile(r"(?:19|20)\d\d\.\d{1,2}\.\d{1,2}(?=(?:19|20)\d\d\.\d)")
_REPORTED = re.compile(r"\s*报告期")
_LONGEST = 160
_CAPTION = re.compile(r"[:\uff1a]\s*$")
_LISTING = re.compile(r"[、,\uff0c;\uff1b和及与至较比]|-\s*$")
_HEADER_WORDS = 16
"""Characters that may stand before each date of a line of column heads ("项目", "公司名称")."""
_NAME = 20
_DATE = 12
_HEADER_LINES = 12
"""Lines above a row among which its column heads are looked for."""

Unit = tuple[str, Decimal]


def is_glued_row(line: str, here: Sequence[Figure]) -> bool:
    """Whether a line that is no sentence ends in bare numbers, as rows of lost tables do."""
    bare = [f for f in here if f.kind == "percentage" or (f.bare and f.kind != "date")]
    if not bare or len(line) >= _LONGEST or _PROSE_END.search(line):
        return False
    own = [f for f in bare if f.bare]
    if not own:
        return len(bare) > 1 and _RATES.search(line) is not None
    return len(own) >= 2 or any("," in f.text or f.quantum < 1 for f in own)


def ends_prose(line: str) -> bool:
    """Whether a line has the end of a sentence in it, so that it belongs to no table."""
    return bool(_PROSE_END.search(line))


def glued_facts(
    line: str, offset: int, here: Sequence[Figure], above: Sequence[str]
) -> Iterator[Fact]:
    """The facts of a glued row; `above` are the lines before it, back to the last sentence.

    Its unit is noted in its own label or column head, else stated by the last unit line among them.
    Column heads are those of the nearest line with one word for each figure; the periods are theirs,
    else those of the nearest line of dates that divides the figures evenly.
    """
    measured = [f for f in here if f.kind not in ("date", "code")]
    row = _longest_run(line, offset, measured)
    # A number within the row's name ("未来12个月到期债务 298.17") is named by what stands before it;
    # one that the line begins with ("1.2工程费用") is its place in the outline.
    facts = [
        _fact(figure, (line[: figure.start - offset], line, ""), ())
        for figure in measured
        if figure not in row and not (figure.bare and figure.start == offset)
    ]
    start = row[0].start - offset
    label = line[:start]
    if not _WORD.search(label):
        label = f"{_CELLS.sub(' ', above[-1]) if above else ''} {label}".strip()
    spaced = all(line[f.end - offset :][:1].isspace() for f in row[:-1])
    columns = _columns(above, len(row)) if spaced else ()
    periods = _periods(label, above, len(row), columns)
    surmised = () if periods else _caption_date(above)
    common = noted_unit(label) or _common_unit([*above, label])
    for i, figure in enumerate(row):
        column = columns[i] if columns else ""
        unit = noted_unit(column) or (None if _RATE.search(column or label) else common)
        noted = bool(noted_unit(column) or noted_unit(label))
        words = (label, line, column)
        fact = _fact(_read(figure, unit, noted=noted), words, periods[i : i + 1] or surmised)
        facts.append(replace(fact, weak=fact.weak or not periods))
    yield from sorted(facts, key=lambda fact: fact.index)


def _longest_run(line: str, offset: int, measured: Sequence[Figure]) -> list[Figure]:
    """The most figures that stand side by side without a word between them: the row's cells."""
    runs: list[list[Figure]] = []
    for figure in measured:
        gap = line[runs[-1][-1].end - offset : figure.start - offset] if runs else "x"
        if _WORD.search(gap):
            runs.append([])
        runs[-1].append(figure)
    return max(reversed(runs), key=len)


def _read(figure: Figure, unit: Unit | None, *, noted: bool) -> Figure:
    """The figure in its unit; that of a unit line holds for figures with decimals only."""
    if unit is None or not figure.bare:
        return figure
    return with_unit(figure, *unit) if noted or quantum(figure.number or Decimal()) < 1 else figure


def _fact(figure: Figure, words: tuple[str, str, str], period: tuple[str, ...]) -> Fact:
    label, line, column = words
    return Fact(
        figure,
        label,
        line,
        period,
        period,
        column=column,
        table=GLUED,
        weak=not period,
        loose=figure.bare,
        index=figure.start,
    )


def _common_unit(above: Sequence[str]) -> Unit | None:
    """The unit that a line above states; a row's own note ("产量(吨)") is that row's alone."""
    lines = (line for line in reversed(above) if "单位" in line or not _DATA.search(line))
    return next((unit for line in lines if (unit := unit_of(line, ""))), None)


def _columns(above: Sequence[str], count: int) -> tuple[str, ...]:
    """The column heads: the words of the nearest line above with one for each figure, () for none."""
    if count < 2:
        return ()
    for line in reversed(above[-_HEADER_LINES:]):
        words = line.split()
        heads = tuple(words[-count:])
        repeated = len(set(words)) < len(words) == count
        if _DATA.search(line) or not (repeated or len(words) == count + 1):
            continue
        if all(len(word) <= _NAME and _WORD.search(word) for word in heads):
            return heads
    return ()


def _periods(
    label: str, above: Sequence[str], count: int, columns: Sequence[str]
) -> tuple[str, ...]:
    """The period of each figure of a row, () where none can be told."""
    named = dates_of(label)
    own = [dates_of(column) for column in columns]
    if len(named) in (1, count):
        return named if len(named) == count else named * count
    if own and all(own):
        return tuple(dates[0] for dates in own)
    stacked: list[str] = []
    for line in reversed(above):
        dates = _header_dates(line)
        if len(dates) == 1 and _is_date(line):
            stacked.insert(0, dates[0])
            continue
        if stacked:
            break
        if len(dates) > 1 and (spread := _spread(dates, count, columns)):
            return spread
    if len(stacked) == 1:
        return (stacked[0],) * count  # a line with a year alone stands over the rows of that year
    return tuple(stacked) if len(stacked) == count else ()


def _spread(dates: tuple[str, ...], count: int, columns: Sequence[str]) -> tuple[str, ...]:
    """The dates of a header spread over `count` columns: evenly, or by where the heads repeat
    ("金额 增长率 金额 增长率 金额" under three years)."""
    opening = [i for i, column in enumerate(columns) if column == columns[0]]
    if len(opening) == len(dates) < count:
        ends = [*opening[1:], count]
        sizes = [end - begin for begin, end in zip(opening, ends, strict=True)]
        return tuple(date for date, size in zip(dates, sizes, strict=True) for _ in range(size))
    if count % len(dates):
        return ()
    return tuple(date for date in dates for _ in range(count // len(dates)))


def _caption_date(above: Sequence[str]) -> tuple[str, ...]:
    """The one date of the caption above ("截至2024年末,明细如下:"), which holds where none is named."""
    caption = next((line for line in reversed(above) if _CAPTION.search(line)), "")
    dates = set(dates_of(caption[:_LONGEST]))
    return tuple(dates) if len(dates) == 1 else ()


def _is_date(line: str) -> bool:
    """Whether a line is a date and nothing else."""
    return len(line.strip()) <= _DATE and not _DATA.search(line)


@lru_cache(maxsize=2048)
def _header_dates(line: str) -> tuple[str, ...]:
    """The dates of a line of column heads, () for a sentence or a note that names some.

    Dates that the extraction ran together ("2025.6.302024.12.31") are told apart.
    """
    if _REPORTED.match(line):
        return ()
    source = _TOUCHING.sub(r"\g<0> ", plain(line))
    dates = [figure for figure in find_figures(source) if figure.kind == "date"]
    gaps = [source[a.end : b.start] for a, b in pairwise(dates)]
    listed = any(_LISTING.search(gap) or len(gap) > _HEADER_WORDS for gap in gaps)
    if not dates or listed or dates[0].start > _HEADER_WORDS:
        return ()
    return tuple(date.unit for date in dates)
