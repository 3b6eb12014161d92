"""Periods as people write them, in the form that the index knows.

"January to November 2024", "the nine months ended 30 September 2024" and "2020 to 2022" become
2024年1-11月, 2024年1-9月 and 2020年 2021年 2022年, which `rag.index.terms` then reads like any period
of a filing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_YEAR = r"(?:19|20)\d{2}"
_COUNTS = {
    word: n
    for n, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), 2
    )
}
_COUNT = rf"(?:{'|'.join(_COUNTS)}|\d{{1,2}})"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
_MOST_YEARS = 7
"""A longer run of years is no list of reporting periods."""


def spelled_periods(text: str) -> str:
    """A normalised question whose English periods and runs of years are put as Chinese filings do."""
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return text


def _months(match: re.Match[str]) -> str:
    first, last = _number(match["a"]), _number(match["b"])
    return f" {match['y']}年{first}-{last}月 " if first < last else match[0]


def _first_months(match: re.Match[str]) -> str:
    last = _COUNTS.get(match["n"]) or int(match["n"])
    return f" {match['y']}年1-{last}月 " if 1 < last <= 12 else match[0]


def _ended(match: re.Match[str]) -> str:
    """Months that end with the date: counted from January where they reach back to it."""
    months = _COUNTS.get(match["n"]) or int(match["n"])
    last = _number(match["m"])
    first = last - months + 1
    return f" {match['y']}年{first}-{last}月 " if 1 <= first < last else match[0]


def _month_end(match: re.Match[str]) -> str:
    return f" {match['y']}年{_number(match['m'])}月末 "


def _short_year(match: re.Match[str]) -> str:
    year = f"20{match['y']}"
    if half := match["h"]:
        return f" {year}年{'上' if half == '1' else '下'}半年 "
    return f" {year}年第{'一二三四'[int(match['q']) - 1]}季度 " if match["q"] else f" {year}年 "


def _year_quarter(match: re.Match[str]) -> str:
    return f" {match['y']}年第{'一二三四'[_ORDINALS[match['n']] - 1]}季度 "


def _years(match: re.Match[str]) -> str:
    first, last = int(match["a"]), int(match["b"])
    if not 2 <= last - first < _MOST_YEARS:
        return match[0]
    return " ".join(["", *(f"{year}年" for year in range(first, last + 1)), ""])


def _number(month: str) -> int:
    return _NAMES.index(month[:3]) + 1


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (rf"\b(?:from |between )?(?P<a>{_MONTH})(?: to | through | until | and |\s?[-–—]\s?)(?P<b>{_MONTH}),? (?:of )?(?P<y>{_YEAR})\b", _months),
        (rf"\b(?:the )?first (?P<n>{_COUNT}) months (?:of |in )?(?:fiscal )?(?P<y>{_YEAR})\b", _first_months),
        (rf"\b(?:the )?(?P<n>{_COUNT})[- ]months?(?: period)? (?:ended|ending|to) (?:\d{{1,2}}(?:st|nd|rd|th)? )?(?P<m>{_MONTH})(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? (?P<y>{_YEAR})\b", _ended),
        (rf"\b(?:the )?(?:fiscal |financial )?year (?:ended|ending) (?:31(?:st)? )?dec(?:ember)?(?: 31(?:st)?)?,? (?P<y>{_YEAR})\b", lambda m: f" {m['y']}年度 "),
        (rf"\b(?:the )?half[- ]?year (?:ended|ending|to) (?:30(?:th)? )?june?(?: 30(?:th)?)?,? (?P<y>{_YEAR})\b", lambda m: f" {m['y']}年上半年 "),
        (rf"\b(?:the )?end(?: of |-)(?P<m>{_MONTH}),? (?P<y>{_YEAR})\b", _month_end),
        (rf"\bmid[- ](?P<y>{_YEAR})\b", lambda m: f" {m['y']}年6月末 "),
        (rf"\b(?P<y>{_YEAR})(?:'s)? (?:year[- ]end|balance sheet date)\b", lambda m: f" {m['y']}年末 "),
        (rf"\b(?P<y>{_YEAR}) (?:interim|half[- ]?year|first half)\b|\b(?:interim|half[- ]?year) (?P<z>{_YEAR})\b", lambda m: f" {m['y'] or m['z']}年上半年 "),
        (rf"\b(?P<y>{_YEAR})(?:'s)? (?P<n>first|second|third|fourth|final|last) quarter\b", _year_quarter),
        (rf"\b(?:the )?(?P<n>final|last) quarter (?:of )?(?P<y>{_YEAR})\b", _year_quarter),
        (r"\b(?:(?:h(?P<h>[12])|q(?P<q>[1-4])|fy)[ ']{0,2})(?P<y>[0-3]\d)\b(?![,.]?\d)", _short_year),
        (r"\b(?:(?P<h>[12])h|(?P<q>[1-4])q)(?P<y>[0-3]\d)\b", _short_year),
        (rf"\b(?:from |between )?(?P<a>{_YEAR})(?: to | through | until | and |\s?[-–—]\s?)(?:the end of )?(?P<b>{_YEAR})\b(?!\s*(?:年|[-./]\d))", _years),
        (rf"(?<!\d)(?P<a>{_YEAR})年?度?\s?[-–—~至到]\s?(?P<b>{_YEAR})年(?!末|\s?\d|底)", _years),
    )
)  # fmt: skip
