"""Whether a fact has the magnitude and the class of unit that is claimed."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.verify.facts import Fact
from rag.verify.figure import ONE, Figure, rounds_to, same_class, unit_class, with_unit

RATE = re.compile(
    r"率|比例|占比|比重|增减|幅|同比|环比|%|percent|margin|rate|change", re.IGNORECASE
)
_COUNTED = re.compile(
    r"人数|数量|户数|家数|台数|次数|销量|产量|number|headcount|quantity", re.IGNORECASE
)
_GENERIC = frozenset("个家店件批处座")


def says(fact: Fact, claimed: Figure) -> bool:
    """Whether the figure of `fact` has the claimed magnitude and class of unit, sign aside.

    A cell whose unit is nowhere stated must show the very digits of the claim.
    """
    stated = fact.figure
    if stated.number is None or claimed.number is None or claimed.value is None:
        return False
    number = abs(stated.number)
    rate = bool(RATE.search(f"{fact.column} {fact.label}" if fact.column else fact.wide))
    if fact.loose and claimed.kind == "percentage" and rate:
        stated = with_unit(stated, claimed.unit)
    if stated.bare or claimed.bare:
        if stated.kind == "percentage" or not _plausible(fact, stated, claimed):
            return False
        said = {number, abs(stated.value or number)} if claimed.bare else {number}
        return abs(claimed.number) in said
    if stated.value is None or not comparable(stated, claimed):
        return False
    return rounds_to(abs(stated.value), replace(claimed, value=abs(claimed.value)))


def _plausible(fact: Fact, stated: Figure, claimed: Figure) -> bool:
    """Whether a number without unit can be the claimed one: a rate is no amount, nor a headcount."""
    if not stated.bare or claimed.bare:
        return True
    if not fact.loose and claimed.kind != "count":
        return False
    where = f"{fact.column} {fact.label}"
    if claimed.kind == "percentage":
        return fact.loose and (bool(RATE.search(where)) or fact.table < -1)
    if fact.table >= 0 and fact.column and RATE.search(fact.column):
        return unit_class(claimed) == "倍"
    if claimed.kind == "amount" and _COUNTED.search(where):
        return unit_class(claimed) == "股"
    return True


def comparable(a: Figure, b: Figure) -> bool:
    """Whether figures of the two units can be one: the same class, a price with or without its
    piece (元 and 元/股), a general counter (个) for a special one."""
    if same_class(a, b):
        return True
    one, other = (unit_class(f).partition("/") for f in (a, b))
    if one[0] == other[0] and not (one[2] and other[2]):
        return bool(one[0])  # "24.47元" for 24.47元/股
    units = {unit_class(a), unit_class(b)}
    return "个" in units and units <= _GENERIC and a.scale >= ONE
