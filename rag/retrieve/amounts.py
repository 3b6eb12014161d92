"""Amounts of a question in the units in which a filing may print them.

"RMB 1.2 billion" stands in a filing as 12亿元, as 120,000.00 in a table in 万元, or as 1,200,000,000.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.index.terms import terms

_SCALES = {
    "trillion": 10**12, "billion": 10**9, "bn": 10**9, "million": 10**6, "mn": 10**6, "mln": 10**6,
    "thousand": 10**3, "万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4,
}  # fmt: skip
_UNITS = (10**4, 10**8, 10**6, 1)
"""Ten thousand, a hundred million, a million, one: the usual first."""
_AMOUNT = re.compile(
    r"(?<![\d.,a-z])(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)\s?-?"
    r"(?P<scale>trillion|billion|bn|million|mn|mln|thousand|万亿|亿|千万|百万|万)(?![a-z])\s*(?:元|yuan)?"
)
Forms = tuple[tuple[str, ...], ...]


def amounts(text: str) -> Iterator[tuple[str, Forms]]:
    """(what a normalised question says, the term sequences that state it, as said in front)."""
    for match in _AMOUNT.finditer(text):
        value = Decimal(match["number"].replace(",", "")) * _SCALES[match["scale"]]
        said = match[0].strip()
        yield said, tuple(dict.fromkeys((tuple(terms(said)), *_printed(value))))


def without_amounts(text: str) -> str:
    """The text without what `amounts` reads."""
    return _AMOUNT.sub(" ", text)


def _printed(value: Decimal) -> Iterator[tuple[str, ...]]:
    """The figure by unit, where it has at least one whole and few decimals in it."""
    for unit in _UNITS:
        figure = value / unit
        if figure >= 1 and figure == round(figure, 4):
            yield tuple(terms(f"{figure.normalize():f}"))
