"""What a figure is, and when one figure says what another says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Literal

from rag.types import CheckKind
from rag.verify import dates
from rag.verify.units import UNITS, Unit

ONE = Decimal(1)
Bound = Literal["", "about", "over", "under"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at `source[start:end]`.

    `value` is in base units (元, %, pieces) with its sign; None for dates and codes, except that a
    bare year also has its number. `unit` is the canonical unit, "" where none is written; for
    dates and codes it is their canonical form. `number` is the number as printed, `scale` what one
    of it is worth, `quantum` the worth of its last printed digit. `bound` tells 约 (about), 超过 or
    余 (over) and 不足 or 近 (under) apart; `approx` says that there is one.
    """

    kind: CheckKind
    text: str
    start: int
    end: int
    value: Decimal | None
    unit: str
    approx: bool = False
    number: Decimal | None = None
    scale: Decimal = ONE
    quantum: Decimal = ONE
    bound: Bound = ""

    @property
    def bare(self) -> bool:
        """A number printed without unit or magnitude: what it measures stands elsewhere."""
        return self.value is not None and self.scale == ONE and unit_class(self) == ""


def same_value(a: Figure, b: Figure) -> bool:
    """Whether two figures say exactly the same after conversion of units (1.58亿元 = 15,800万元)."""
    if a.unit == b.unit and a.kind == b.kind and a.kind in ("date", "code"):
        return True
    return a.value is not None and a.value == b.value and same_class(a, b)


def states(stated: Figure, claimed: Figure) -> bool:
    """Whether a source that states `stated` also states `claimed`.

    The claim may be the correctly rounded form (half up) of the stated figure at the claim's own
    precision, or the coarser date that holds the stated one; with 超过 it may be cut down, with 近
    up. Never another sign, a factor, more digits than stated, or another class of unit.
    """
    if "code" in (stated.kind, claimed.kind):
        return stated.kind == claimed.kind and stated.unit == claimed.unit
    if claimed.kind == "date" and stated.kind == "date":
        return dates.contains(claimed.unit, stated.unit)
    if stated.value is None or not same_class(stated, claimed):
        return False
    return rounds_to(stated.value, claimed)


def rounds_to(value: Decimal, claimed: Figure) -> bool:
    """Whether `value` (base units, signed) is written `claimed` at the claim's own precision."""
    if claimed.value is None:
        return False
    if value == claimed.value:
        return True
    modes = [ROUND_HALF_UP]
    if claimed.bound == "over":
        modes.append(ROUND_DOWN)
    if claimed.bound == "under":
        modes.append(ROUND_UP)
    steps, wanted = value / claimed.quantum, claimed.value / claimed.quantum
    return wanted != 0 and any(steps.quantize(ONE, rounding=mode) == wanted for mode in modes)


def with_unit(figure: Figure, written: str, scale: Decimal = ONE) -> Figure:
    """The number of `figure` read in a unit that stands elsewhere (a table's "万元" is `written`
    元 and `scale` 10,000); unknown units are kept as written."""
    unit = UNITS.get(written) or Unit(written, ONE, "count" if written else figure.kind)
    number = figure.number
    if number is None:
        return figure
    factor = unit.factor * scale
    return Figure(
        unit.kind,
        figure.text,
        figure.start,
        figure.end,
        number * factor,
        unit.name,
        figure.approx,
        number,
        factor,
        quantum(number) * factor,
        figure.bound,
    )


def same_class(a: Figure, b: Figure) -> bool:
    """Whether two figures measure the same kind of thing; a number without any unit is nothing
    certain, but "1.58亿" and "6.3万" without their unit still are so many of something."""
    one, other = unit_class(a), unit_class(b)
    if one == other:
        return True
    if "" not in (one, other):
        return False
    without, having = (a, b) if one == "" else (b, a)
    return without.scale > ONE and having.kind in ("amount", "count")


def unit_class(figure: Figure) -> str:
    """The unit of a figure, "" for a bare year that is taken as a number."""
    return "" if figure.kind == "date" else figure.unit


def quantum(number: Decimal) -> Decimal:
    """The worth of the last digit of `number` as printed: 0.01 for 5.20."""
    exponent = number.as_tuple().exponent
    return ONE.scaleb(exponent) if isinstance(exponent, int) else ONE
