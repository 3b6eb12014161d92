"""Figures in text: amounts, percentages, dates, counts and codes, in Chinese and English.

Nothing here is guessed: what is not certainly a figure is left out. Comparisons live beside
:class:`Figure`; this module finds figures and joins lists that share one unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from rag.verify.codes import find_codes
from rag.verify.dates import find_dates
from rag.verify.figure import Figure, same_value, states, with_unit
from rag.verify.numbers import find_numbers
from rag.verify.numerals import plain
from rag.verify.spelled import find_spelled

__all__ = ["Figure", "find_figures", "same_value", "states"]

_MARKER = re.compile(
    r"\[\d{1,3}(?:\s?[-,、–—]\s?\d{1,3})*\](?!\s?\d*号)"
    r"|^\s*(?:\(\d{1,2}\)|\d{1,2}[、)]|\d{1,2}\.(?=\s|[\u4e00-\u9fff]))"
    r"|(?<![|\s])\(\d{1,2}\)(?=[\u4e00-\u9fff])",
    re.MULTILINE,
)
_JOIN = re.compile(r"\s?(?:、|,|\uff0c|和|及|与|或|至|到|~|-|—|以及|, and|and|to|or)\s?")

_MATH = re.compile(r"\s?[/+=]\s?")


def find_figures(text: str) -> tuple[Figure, ...]:
    """Every figure of `text` in order; offsets point into `text` as given, spans do not overlap.

    Citation markers "[3]" and list numbers at the start of a line are no figures.
    """
    source = plain(text)
    taken = bytearray(len(source))
    for match in _MARKER.finditer(source):
        taken[match.start() : match.end()] = b"\1" * len(match.group())
    found: list[Figure] = []
    for finder in _FINDERS:
        for figure in finder(source):
            if 1 not in taken[figure.start : figure.end]:
                verbatim = text[figure.start : figure.end]
                found.append(figure if figure.text == verbatim else replace(figure, text=verbatim))
                taken[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
    found.sort(key=lambda figure: figure.start)
    return tuple(_with_shared_units(found, source))


def _dates(source: str) -> Iterator[Figure]:
    for d in find_dates(source):
        number = Decimal(d.canonical) if d.bare else None
        yield Figure(
            "date", source[d.start : d.end], d.start, d.end, number, d.canonical, number=number
        )


def _codes(source: str) -> Iterator[Figure]:
    for start, end, canonical in find_codes(source):
        yield Figure("code", source[start:end], start, end, None, canonical)


_FINDERS: tuple[Callable[[str], Iterator[Figure]], ...] = (
    _codes,
    _dates,
    find_spelled,
    find_numbers,
)


def _with_shared_units(figures: list[Figure], source: str) -> list[Figure]:
    """In "9,735.81、10,255.11 和 9,820.00 万元" and "5-10%" the unit is written once, at the end."""
    shared = list(figures)
    for i in range(len(shared) - 2, -1, -1):
        figure, following = shared[i], shared[i + 1]
        if not figure.bare or figure.kind == "date" or following.kind in ("date", "code"):
            continue
        gap = source[figure.end : following.start]
        in_sum = following.kind != "percentage" and _MATH.fullmatch(gap)
        if following.bare or not (in_sum or _JOIN.fullmatch(gap)):
            continue
        if gap.strip() == "-" and (figure.number or 0) > (following.number or 0):
            continue  # cells run together ("1446.52-4.62%"): a range ascends
        if figure.number is not None and 1900 <= figure.number <= 2100 and len(figure.text) == 4:
            continue  # a year that the words before it do not show as one
        if following.unit[:1] != "第":
            made = with_unit(figure, "", following.scale)
            shared[i] = replace(made, unit=following.unit, kind=following.kind)
    return shared
