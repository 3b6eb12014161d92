"""Dates and periods in Chinese and English, as canonical text that can be compared.

Canonical forms: a day "2024-06-30", a month "2024-06", a year "2024", a range of months
"2024-01/2024-06"; without a year "--06-30", "--06", "--01/--06". The end of a year ("2023年末") is
its last day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.verify.numerals import chinese_integer


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at [start, end) of the text; `bare` marks a plain four-digit year."""

    start: int
    end: int
    canonical: str
    bare: bool = False


_YEAR = r"(?:19|20)\d\d"
_HAN = "[〇零一二三四五六七八九十]"
_TO = r"\s?(?:-|~|—|–|至|到)\s?"
_MONTH = rf"(?:1[0-2]|0?[1-9]|{_HAN}{{1,2}})"
_DAY = rf"(?:3[01]|[12]\d|0?[1-9]|{_HAN}{{1,3}})"
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for name in names.split()
}
_EN_MONTH = r"(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_SPANS = {"three": 3, "six": 6, "nine": 9, "twelve": 12}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}

_CHINESE = re.compile(
    rf"(?<!\d)(?P<y>{_YEAR}|[一二][〇零一二三四五六七八九]{{3}})\s?年(?:度(?!报))?\s?(?:"
    rf"(?P<m1>{_MONTH})\s?月?{_TO}(?P<m2>{_MONTH})\s?月(?:份)?(?!\s?\d+\s?日)"
    rf"|(?P<m>{_MONTH})\s?月\s?(?P<d>{_DAY})\s?[日号]"
    rf"|(?P<mm>{_MONTH})\s?月(?P<mend>末|底)?"
    r"|(?P<h1>上半年|半年度|半年|中期)|(?P<h2>下半年)"
    r"|(?P<q3>前三季度|前三个季度|前3季度|[一1][-至]三?3?季度)"
    r"|第?(?P<q>[一二三四1-4])\s?季度?"
    r"|(?P<end>年?末|年?底|期末)|(?P<begin>年初)"
    r")?"
)
_PARTIAL = re.compile(
    rf"(?<![\d年个.])(?:(?P<m1>{_MONTH}){_TO}(?P<m2>{_MONTH})\s?月(?!\s?\d+\s?日)"
    rf"|(?P<m>1[0-2]|0?[1-9])\s?月\s?(?P<d>{_DAY})\s?[日号]|(?P<mm>1[0-2]|0?[1-9])\s?月份?(?![\d末底]))"
    r"|(?:(?<![\d年])(?:第(?P<q>[一二三四1-4])季度|(?P<q3>前三个?季度)|(?P<h1>上半年)|(?P<h2>下半年)))"
)
_ISO = re.compile(
    rf"(?<![\d./-])(?<!\d,)(?P<y>{_YEAR})(?:(?P<sep>[-/.])(?P<m>1[0-2]|0?[1-9])(?P=sep)(?P<d>3[01]|[12]\d|0?[1-9])"
    r"|[-/](?P<mm>1[0-2]|0[1-9]))(?![\d]|[.,/-]\d)"
)
_YEARS = re.compile(
    rf"(?<![\d./-])(?<!\d,)(?P<a>{_YEAR}){_TO}(?P<b>{_YEAR})(?![\d]|[.,/-]\d)(?!\s?年\s?\d)(?:\s?年度?)?"
)
_ENGLISH = re.compile(
    rf"\b(?:(?:(?P<span>three|six|nine|twelve|3|6|9|12)[ -]months?\s+(?:period\s+)?end(?:ed|ing)\s+)?"
    rf"(?P<mon>{_EN_MONTH})\s+(?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<y>{_YEAR}))?"
    rf"|[0-3]?\d\s?(?:to|-|and)\s?(?P<d5>[0-3]?\d)\s+(?P<mon5>{_EN_MONTH})(?:,?\s+(?P<y5>{_YEAR}))?"
    rf"|(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?\s+(?P<mon2>{_EN_MONTH})\s+(?P<y2>{_YEAR})"
    rf"|(?P<mon3>{_EN_MONTH}),?\s+(?P<y3>{_YEAR})"
    rf"|(?:Q(?P<q>[1-4])|(?P<qw>first|second|third|fourth)[ -]quarter)(?:\s+of)?[ ,]*(?:FY|fiscal(?:\s+year)?)?\s*"
    rf"'?(?P<qy>{_YEAR}|\d\d(?!\d))"
    rf"|(?P<qy2>{_YEAR})\s?-?Q(?P<q2>[1-4])|(?P<q4>[1-4])Q\s?(?P<qy3>{_YEAR}|\d\d)"
    rf"|(?:H(?P<h>[12])|(?P<hw>first|second)[ -]half)(?:\s+of)?[ ,]*(?:FY|fiscal(?:\s+year)?)?\s*"
    rf"(?P<hy>{_YEAR})|(?P<h3>[12])H\s?(?P<hy3>{_YEAR}|\d\d)|(?P<hy2>{_YEAR})\s?H(?P<h2>[12])"
    rf"|(?:FY\s?|fiscal\s+(?:year\s+)?)'?(?P<fy>{_YEAR}|\d\d(?!\d)))(?![\dA-Za-z])",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:(?<![\d./$¥€£+A-Za-z-])(?<!\d,)|(?<=mid-)|(?<=late-)|(?<=early-))(?P<y>19[89]\d|20[0-4]\d)"
    r"(?![A-Za-z\d%‰/-]|[.,]\d|\s?(?:元|万|亿|千|百|股|家|个|人|名|项|台|次|吨|倍|件|种|套|户|位|条|天|日|米|平|亩|公|张|只|支|片|例|笔)"
    r"|\s(?:units|shares|stores|employees|customers|patents|people|companies|products|tons)\b)"
)


def find_dates(text: str) -> Iterator[FoundDate]:
    """Dates and periods in `text` (already in plain characters), without overlaps, unordered."""
    taken: list[tuple[int, int]] = []
    lower = text.lower()
    for pattern, read, hints in _READERS:
        if hints and not any(hint in lower for hint in hints):
            continue
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            for found in read(match):
                taken.append((found.start, found.end))
                yield found


def months(year: str, first: int, last: int) -> str:
    """A range of months of one year in canonical form; a whole year is just the year."""
    if (first, last) == (1, 12):
        return year
    return f"{year}-{first:02d}/{year}-{last:02d}"


def contains(coarse: str, fine: str) -> bool:
    """Whether the point in time `fine` is, or lies within, the point `coarse` ("2024" holds
    "2024-06-30"); ranges only equal themselves, and a date without year is held by its day."""
    if coarse == fine:
        return True
    if "/" in coarse or "/" in fine:
        return coarse.startswith("--") and "/" in fine and _yearless(fine) == coarse
    if coarse.startswith("--"):
        return fine[4:] == coarse[1:] or fine[4:].startswith(coarse[1:] + "-")
    return fine.startswith(coarse + "-")


def same_period(one: str, other: str) -> bool:
    """Whether figures given for the two periods can be the same figure.

    A year agrees with a day or month within it (an event, a balance); a half-year or a quarter
    never agrees with the year, nor the end of a year with another day of it.
    """
    return contains(one, other) or contains(other, one)


def _yearless(canonical: str) -> str:
    return re.sub(r"\d{4}-", "--", canonical)


def _number(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    return chinese_integer(numeral) or 0


def _one(match: re.Match[str], canonical: str, *, bare: bool = False) -> Iterator[FoundDate]:
    if canonical:
        end = match.end() - (len(match.group()) - len(match.group().rstrip()))
        yield FoundDate(match.start(), end, canonical, bare)


def _point(year: str, month: int, day: int | None = None) -> str:
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return ""
    return f"{year}-{month:02d}" + (f"-{day:02d}" if day else "")


def _span(year: str, first: int, last: int) -> str:
    if not 1 <= first <= last <= 12 or (year == "-" and (first, last) == (1, 12)):
        return ""
    return months(year, first, last)


def _read_chinese(match: re.Match[str]) -> Iterator[FoundDate]:
    year = str(_number(match["y"]))
    if not re.fullmatch(_YEAR, year):
        return
    if match["m1"]:
        canonical = _span(year, _number(match["m1"]), _number(match["m2"]))
    elif match["m"]:
        canonical = _point(year, _number(match["m"]), _number(match["d"]))
    elif match["mm"]:
        canonical = _point(year, _number(match["mm"]))
    elif match["q"]:
        quarter = _number(match["q"])
        canonical = months(year, 3 * quarter - 2, 3 * quarter)
    else:
        fixed = {"h1": (1, 6), "h2": (7, 12), "q3": (1, 9)}
        spans = [months(year, *span) for name, span in fixed.items() if match[name]]
        point = f"{year}-12-31" if match["end"] else f"{year}-01-01" if match["begin"] else year
        canonical = spans[0] if spans else point
    yield from _one(match, canonical)


def _read_partial(match: re.Match[str]) -> Iterator[FoundDate]:
    fixed = {"h1": (1, 6), "h2": (7, 12), "q3": (1, 9)}
    spans = [months("-", *span) for name, span in fixed.items() if match[name]]
    if spans:
        canonical = spans[0]
    elif match["q"]:
        quarter = _number(match["q"])
        canonical = months("-", 3 * quarter - 2, 3 * quarter)
    elif match["m1"]:
        canonical = _span("-", _number(match["m1"]), _number(match["m2"]))
    elif match["m"]:
        canonical = _point("-", _number(match["m"]), _number(match["d"]))
    else:
        canonical = _point("-", _number(match["mm"]))
    yield from _one(match, canonical)


def _read_iso(match: re.Match[str]) -> Iterator[FoundDate]:
    day = int(match["d"]) if match["d"] else None
    yield from _one(match, _point(match["y"], int(match["m"] or match["mm"]), day))


def _read_years(match: re.Match[str]) -> Iterator[FoundDate]:
    yield FoundDate(match.start("a"), match.end("a"), match["a"])
    yield FoundDate(match.start("b"), match.end(), match["b"])


def _read_english(match: re.Match[str]) -> Iterator[FoundDate]:
    group = match.groupdict()
    month = _MONTHS.get(
        (group["mon"] or group["mon2"] or group["mon3"] or group["mon5"] or "").lower().rstrip(".")
    )
    quarter = group["q"] or group["q2"] or group["q4"] or _ORDINALS.get((group["qw"] or "").lower())
    half = group["h"] or group["h2"] or group["h3"] or _ORDINALS.get((group["hw"] or "").lower())
    named = group["mon"] or group["mon2"] or group["mon3"] or group["mon5"]
    if month and named:
        if named[0].islower():  # "may 5" is a verb and a number
            return
        yield from _one(match, _english_day(group, month))
    elif quarter:
        year = _full_year(group["qy"] or group["qy2"] or group["qy3"])
        yield from _one(match, months(year, 3 * int(quarter) - 2, 3 * int(quarter)))
    elif half:
        year = _full_year(group["hy"] or group["hy2"] or group["hy3"])
        yield from _one(match, months(year, 6 * int(half) - 5, 6 * int(half)))
    else:
        yield from _one(match, _full_year(group["fy"]))


def _english_day(group: dict[str, str | None], month: int) -> str:
    year = group["y"] or group["y2"] or group["y3"] or group["y5"] or "-"
    day = group["d"] or group["d2"] or group["d5"]
    if group["span"] and year != "-":
        length = _SPANS.get(group["span"].lower()) or int(group["span"])
        return _span(year, month - length + 1, month)
    return _point(year, month, int(day) if day else None)


def _full_year(year: str | None) -> str:
    return f"20{year}" if year and len(year) == 2 else year or ""


def _read_bare(match: re.Match[str]) -> Iterator[FoundDate]:
    yield from _one(match, match["y"], bare=True)


_EN_HINTS = (
    "q",
    "half",
    "h1",
    "h2",
    "1h",
    "2h",
    "fy",
    "fiscal",
    "quarter",
    *sorted({m[:3] for m in _MONTHS}),
)
_Reader = Callable[[re.Match[str]], Iterator[FoundDate]]
_READERS: tuple[tuple[re.Pattern[str], _Reader, tuple[str, ...]], ...] = (
    (_YEARS, _read_years, ()),
    (_CHINESE, _read_chinese, ("年",)),
    (_ISO, _read_iso, ()),
    (_ENGLISH, _read_english, _EN_HINTS),
    (_PARTIAL, _read_partial, ("月", "季度", "半年")),
    (_BARE, _read_bare, ()),
)
"""Patterns in the order of their claims; one with hints is tried only where one of them stands."""
