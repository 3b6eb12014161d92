"""Facts of rows whose cells the extraction ran together: a label, then figures in header order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rag.verify.cells import dates_of
from rag.verify.facts import Fact
from rag.verify.figure import Figure, quantum, with_unit
from rag.verify.table_unit import unit_of

GLUED = -2
"""The `table` of facts that stand in a row without cell borders."""

_PROSE_END = re.compile(r"[。!?\uff01\uff1f;\uff1b]|\.\s|\.$")
_RATE = re.compile(r"率|比例|占比|比重|%|倍|数量|人数")
_LONGEST = 160


def is_glued_row(line: str, here: Sequence[Figure]) -> bool:
    """Whether a line that is no sentence ends in bare numbers, as rows of lost tables do."""
    bare = [f for f in here if f.bare and f.kind != "date"]
    if not bare or len(line) >= _LONGEST or _PROSE_END.search(line):
        return False
    return len(bare) >= 2 or any("," in f.text or f.quantum < 1 for f in bare)


def ends_prose(line: str) -> bool:
    """Whether a line has the end of a sentence in it, so that it belongs to no table."""
    return bool(_PROSE_END.search(line))


def glued_facts(
    line: str, offset: int, here: Sequence[Figure], above: Sequence[str]
) -> Iterator[Fact]:
    """The facts of a glued row; `above` are the lines before it, back to the last sentence.

    The unit is that of the last unit line among them, the periods come from the nearest line whose
    dates divide the figures evenly.
    """
    measured = [f for f in here if f.kind not in ("date", "code")]
    start = measured[0].start - offset
    label = (
        line[:start]
        if re.search(r"[\u4e00-\u9fffA-Za-z]", line[:start])
        else " ".join([*above[-1:], line[:start]])
    )
    periods = _periods(above, len(measured))
    unit = (
        None
        if _RATE.search(label)
        else next((u for a in reversed(above) if (u := unit_of(a, ""))), None)
    )
    for i, figure in enumerate(measured):
        yield _fact(figure, (label, line), periods[i : i + 1], unit)


def _fact(
    figure: Figure,
    words: tuple[str, str],
    period: tuple[str, ...],
    unit: tuple[str, Decimal] | None,
) -> Fact:
    label, line = words
    fits = unit is not None and figure.bare and quantum(figure.number or Decimal()) < 1
    read = with_unit(figure, *unit) if unit is not None and fits else figure
    return Fact(
        read,
        label,
        line,
        period,
        period,
        table=GLUED,
        weak=not period,
        loose=read.bare,
        index=figure.start,
    )


def _periods(above: Sequence[str], count: int) -> tuple[str, ...]:
    for line in reversed(above):
        dates = dates_of(line)
        if len(dates) >= 2 and count % len(dates) == 0:
            return tuple(date for date in dates for _ in range(count // len(dates)))
    return ()
