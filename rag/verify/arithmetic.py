"""Arithmetic on cited figures, in decimals, with the expression shown.

`evaluate` reads + - * / and brackets over named operands, nothing else. The builders make the
forms that filings ask for; `computed` finds whether a figure of an answer is one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations, permutations
from typing import Literal

from rag.verify.expression import ExpressionError, evaluate
from rag.verify.figure import ONE, Figure, quantum, rounds_to, same_class, unit_class

__all__ = [
    "Computation", "ExpressionError", "Form", "average", "computed", "difference", "earlier", "evaluate", "explain", "growth",
    "multiple", "part", "ratio", "share", "total", "whole",
]  # fmt: skip

Form = Literal[
    "growth",
    "difference",
    "share",
    "ratio",
    "multiple",
    "sum",
    "average",
    "part",
    "whole",
    "earlier",
]
FORMS: tuple[Form, ...] = ("growth", "difference", "share", "multiple", "sum", "average")

_SUM_TERMS = 4
_POOL = 14
_NAMES: Mapping[Form, tuple[str, str]] = {
    "growth": ("增长率", "growth"),
    "difference": ("差额", "difference"),
    "share": ("占比", "share"),
    "ratio": ("比值", "ratio"),
    "multiple": ("倍数", "multiple"),
    "sum": ("合计", "sum"),
    "average": ("平均", "average"),
    "part": ("部分", "part"),
    "whole": ("总体", "whole"),
    "earlier": ("前期", "before"),
}


@dataclass(frozen=True, slots=True)
class Computation:
    """A result in base units (`unit` as in :class:`Figure`) with the expression as it is shown.

    `operands` are the positions of the operands in the sequence that was given; `shown` is the
    result rounded half up to two decimals in the operands' own scale.
    """

    form: Form
    expression: str
    value: Decimal
    unit: str
    operands: tuple[int, ...]
    shown: str = ""


def growth(new: Figure, old: Figure) -> Computation:
    """(new − old) ÷ |old| in percent. Source: the usual definition of a growth rate."""
    a, b = _pair(new, old)
    value = (a - b) / abs(b) * 100 if b else _no_base(old)
    base = _shown(abs(b))
    return _percent("growth", f"({_term(a)} − {_term(b, inner=True)}) ÷ {base}", value)


def share(part: Figure, whole: Figure) -> Computation:
    """part ÷ whole in percent."""
    a, b = _pair(part, whole)
    value = a / b * 100 if b else _no_base(whole)
    return _percent("share", f"{_term(a)} ÷ {_term(b, inner=True)}", value)


def ratio(one: Figure, other: Figure) -> Computation:
    """one ÷ other as a plain number."""
    a, b = _pair(one, other)
    value = a / b if b else _no_base(other)
    expression = f"{_term(a)} ÷ {_term(b, inner=True)} = {_shown(_rounded(value))}"
    return Computation("ratio", expression, value, "", (0, 1), _shown(_rounded(value)))


def multiple(one: Figure, other: Figure) -> Computation:
    """one ÷ other in times (倍)."""
    made = ratio(one, other)
    return replace(
        made, form="multiple", unit="倍", expression=f"{made.expression}倍", shown=f"{made.shown}倍"
    )


def part(whole: Figure, percent: Figure) -> Computation:
    """whole × percent, in the unit of the whole."""
    a, b = _of_percent(whole, percent)
    return _in_scale(
        "part", f"{_term(a)} × {_shown(b)}%", (a * b / 100, unit_class(whole)), (whole, whole)
    )


def whole(part: Figure, percent: Figure) -> Computation:
    """part ÷ percent: the whole of which `part` is that share."""
    a, b = _of_percent(part, percent)
    value = a / b * 100 if b else _no_base(percent)
    return _in_scale("whole", f"{_term(a)} ÷ {_shown(b)}%", (value, unit_class(part)), (part, part))


def earlier(later: Figure, rise: Figure) -> Computation:
    """later ÷ (1 + rise): what a figure was before it rose by a percentage (a fall is negative)."""
    a, b = _of_percent(later, rise)
    base = 1 + b / 100
    if base <= 0:
        raise ExpressionError(f"{rise.text!r} leaves nothing to divide by; choose another rate")
    terms = f"{_term(a)} ÷ (1 {'−' if b < 0 else '+'} {_shown(abs(b))}%)"
    return _in_scale("earlier", terms, (a / base, unit_class(later)), (later, later))


def _of_percent(amount: Figure, percent: Figure) -> tuple[Decimal, Decimal]:
    if unit_class(percent) != "%" or unit_class(amount) == "%" or amount.number is None:
        raise ExpressionError(
            f"{percent.text!r} of {amount.text!r}; give an amount and a percentage"
        )
    return amount.number, percent.value or Decimal()


def difference(one: Figure, other: Figure) -> Computation:
    """one − other in their own unit; of two percentages in percentage points."""
    a, b = _pair(one, other)
    unit = "百分点" if unit_class(one) == "%" else unit_class(one)
    return _in_scale(
        "difference", f"{_term(a)} − {_term(b, inner=True)}", (a - b, unit), (one, other)
    )


def total(figures: Sequence[Figure]) -> Computation:
    """The sum of two or more figures."""
    values = _values(figures)
    expression = " + ".join(_term(value, inner=i > 0) for i, value in enumerate(values))
    return _in_scale("sum", expression, (sum(values, Decimal()), unit_class(figures[0])), figures)


def average(figures: Sequence[Figure]) -> Computation:
    """The mean of two or more figures."""
    values = _values(figures)
    terms = " + ".join(_term(value, inner=i > 0) for i, value in enumerate(values))
    mean = sum(values, Decimal()) / len(values)
    return _in_scale(
        "average", f"({terms}) ÷ {len(values)}", (mean, unit_class(figures[0])), figures
    )


def explain(computation: Computation, language: Literal["zh", "en"] = "zh") -> str:
    """The computation in words: "增长率:(31,207.88 − 19,759.57) ÷ 19,759.57 = 57.94%"."""
    chinese, english = _NAMES[computation.form]
    if language == "zh":
        return f"{chinese}\uff1a{computation.expression}"
    return f"{english}: {computation.expression}"


def computed(
    figure: Figure, evidence: Sequence[Figure], forms: Sequence[Form] = FORMS
) -> Computation | None:
    """The simplest expression over `evidence` whose value is written `figure`, or None.

    Signs are kept: a growth of −5.2 % is not written 5.2 %. Only forms whose result has the
    figure's unit are tried; sums and averages take up to four terms, the pool up to fourteen.
    """
    pool = [(i, f) for i, f in enumerate(evidence) if f.value is not None and f.kind != "date"][
        :_POOL
    ]
    for form in forms:
        for made in _candidates(form, figure, pool):
            if rounds_to(made.value, figure):
                return made
    return None


def _candidates(
    form: Form, figure: Figure, pool: Sequence[tuple[int, Figure]]
) -> Iterator[Computation]:
    unit = unit_class(figure)
    if form in ("sum", "average"):
        build = total if form == "sum" else average
        same = [(i, f) for i, f in pool if same_class(f, figure)]
        for count in range(2, _SUM_TERMS + 1):
            for chosen in combinations(same, count):
                if any(not same_class(f, chosen[0][1]) for _, f in chosen):
                    continue
                yield _placed(build([f for _, f in chosen]), [i for i, _ in chosen])
        return
    for (i, one), (j, other) in permutations(pool, 2):
        made = _of_two(form, one, other)
        if made is not None and _in_unit(made, unit):
            yield _placed(made, [i, j])


def _of_two(form: Form, one: Figure, other: Figure) -> Computation | None:
    """The form over two figures, None where it makes no sense for them."""
    if form in ("part", "whole"):
        fits = unit_class(other) == "%" != unit_class(one) and bool(other.value)
        return (part if form == "part" else whole)(one, other) if fits else None
    if not same_class(one, other) or (form != "difference" and not other.value):
        return None
    builders = {"growth": growth, "share": share, "multiple": multiple, "ratio": ratio}
    return builders.get(form, difference)(one, other)


def _in_unit(made: Computation, unit: str) -> bool:
    """Whether a result can be written in `unit`: 元 for 元/股, % for a difference of shares."""
    if made.form == "ratio":
        return unit not in ("%", "百分点", "倍")
    if made.form == "difference" and made.unit == "百分点":
        return unit in ("%", "百分点")
    return made.unit.split("/")[0] == unit.split("/")[0]


def _placed(made: Computation, positions: Sequence[int]) -> Computation:
    return replace(made, operands=tuple(positions))


def _values(figures: Sequence[Figure]) -> list[Decimal]:
    """The figures' numbers in the scale of the first, as the expression shows them."""
    if len(figures) < 2:
        raise ExpressionError("one figure alone; give at least two operands")
    first = figures[0]
    numbers = []
    for f in figures:
        if f.value is None or first.value is None or not same_class(f, first):
            raise ExpressionError(
                f"{f.text!r} and {first.text!r} differ in unit; choose figures of one unit"
            )
        numbers.append(f.value / first.scale if f.scale != first.scale else f.number or Decimal())
    return numbers


def _pair(one: Figure, other: Figure) -> tuple[Decimal, Decimal]:
    a, b = _values((one, other))
    return a, b


def _no_base(figure: Figure) -> Decimal:
    raise ExpressionError(f"{figure.text!r} is zero and divides nothing; choose another base")


def _percent(form: Form, terms: str, value: Decimal) -> Computation:
    shown = f"{_shown(_rounded(value))}%"
    return Computation(form, f"{terms} = {shown}", value, "%", (0, 1), shown)


def _in_scale(
    form: Form, terms: str, result: tuple[Decimal, str], figures: Sequence[Figure]
) -> Computation:
    value, unit = result
    fraction = any(f.number is not None and quantum(f.number) < ONE for f in figures)
    rounded = _rounded(value) if fraction or value % 1 else value.quantize(ONE)
    positions = tuple(range(len(figures)))
    return Computation(
        form,
        f"{terms} = {_shown(rounded)}",
        value * figures[0].scale,
        unit,
        positions,
        _shown(rounded),
    )


def _rounded(value: Decimal) -> Decimal:
    """Half up at two decimals."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _shown(value: Decimal) -> str:
    text = f"{abs(value):,f}"
    return f"−{text}" if value < 0 else text


def _term(value: Decimal, *, inner: bool = False) -> str:
    """An operand as shown; a negative one that follows an operator stands in brackets."""
    return f"({_shown(value)})" if value < 0 and inner else _shown(value)
