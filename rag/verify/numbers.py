"""Figures written in Arabic digits: sign, currency, separators, magnitude and unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from rag.types import CheckKind
from rag.verify.figure import ONE, Bound, Figure, quantum
from rag.verify.units import CHINESE_UNIT, CURRENCIES, ENGLISH_UNIT, SCALES, Unit, unit_named

_RUN = re.compile(r"(?<=[\u4e00-\u9fff、])\d{1,3}, \d{3}\.\d\d(?!\d)|(?<!\d)\d+(?:[.,]\d+)*")
"""A blank after the thousands separator is a slip of print ("47, 850.32万元")."""
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_ONE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_GLUED = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)\.\d\d")
_ALL_GLUED = re.compile(rf"(?:{_GLUED.pattern}){{2,}}")
_DOTTED = re.compile(r"\d+(?:\.\d+){2,}")

_SIGN = re.compile(
    r"(?:(?<![\dA-Za-z)\]%元股家-])[-+](?:[ \t]?\n[ \t]*)?|负\s?|(?<![A-Za-z])(?:minus|negative)\s)$",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(US\$|HK\$|RMB|USD|CNY|HKD|EUR|GBP|JPY|人民币|[$¥€£])\s?$", re.IGNORECASE)
_PREFIX_ENDS = frozenset("-+负$¥€£币sebdykrp")
"""The last characters of signs and currencies (in words too): a quick look before the patterns."""
_LETTER = re.compile(r"\s?(K|MM|M|B)(?![A-Za-z])", re.IGNORECASE)
_BOUND_WORDS: Mapping[Bound, str] = {
    "under": r"不足|不到|将?近|接近|nearly|almost|不超过|不高于|低于|小于|少于|至多|less than|under|below|at most|up to",
    "over": r"超过?|逾|突破|高于|大于|不低于|不少于|至少|over|more than|exceed(?:ed|ing|s)?|above|at least",
    "about": r"约|about|approximately|roughly|around|some|~",
}
_BOUNDS = {
    bound: re.compile(rf"(?:{words})(?:为|人民币)?\s?$", re.IGNORECASE)
    for bound, words in _BOUND_WORDS.items()
}
_AFTER = re.compile(r"\s?(左右|上下|余|多(?=[\u4e00-\u9fff]))")
_CELL_BEFORE = re.compile(r"(?:^|\||\n|\t| {2})\s*$")
_CELL_AFTER = re.compile(r"\s*(?:$|\||\n|\t| {2})")


def find_numbers(source: str) -> Iterator[Figure]:
    """Every number of `source` (plain characters) as a figure, in order.

    Two-decimal numbers that an extraction glued together ("1207.703.84") are told apart; section
    numbers ("2.1.3") are no figures.
    """
    for run in _RUN.finditer(source):
        if _ORDINAL.match(source, run.end()):
            continue
        for start, end in _pieces(run.group()):
            yield _figure(source, run.start() + start, run.start() + end)


def _pieces(run: str) -> list[tuple[int, int]]:
    if _ONE.fullmatch(run.replace(" ", "")):
        return [(0, len(run))]
    if _ALL_GLUED.fullmatch(run):
        return [piece.span() for piece in _GLUED.finditer(run)]
    if _DOTTED.fullmatch(run):
        return []
    pieces, start = [], 0
    for part in run.split(","):
        if _ONE.fullmatch(part):
            pieces.append((start, start + len(part)))
        start += len(part) + 1
    return pieces


def _figure(source: str, start: int, end: int) -> Figure:
    number = Decimal(source[start:end].replace(",", "").replace(" ", ""))
    negative, left, right = _bracketed(source, start, end)
    left, sign, currency = _prefix(source, left)
    scale, unit, right, more = _suffix(source, right, currency)
    bound = "over" if more else _bound(source, left)
    if sign == "-" or negative:
        number = -number
    if source[left] == "(" and source[right : right + 1] == ")":
        right += 1
    factor = scale * unit.factor if unit else scale
    step = quantum(number)
    kind: CheckKind = "amount" if scale > ONE or step < ONE else "count"
    return Figure(
        unit.kind if unit else kind,
        source[left:right],
        left,
        right,
        number * factor,
        unit.name if unit else "",
        bool(bound),
        number,
        factor,
        step * factor,
        bound,
    )


def _bracketed(source: str, start: int, end: int) -> tuple[bool, int, int]:
    """Whether brackets round the number mean minus, and the span that includes them if so."""
    close = end + 1 if source[end : end + 1] in ("%",) else end
    if source[start - 1 : start] != "(" or source[close : close + 1] != ")":
        return False, start, end
    before, after = source[max(0, start - 8) : start - 1], source[close + 1 : close + 9]
    printed = source[start:end]
    is_cell = bool(_CELL_BEFORE.search(before) and _CELL_AFTER.match(after))
    long = "," in printed or "." in printed
    if is_cell and (long or len(printed) > 2 or "|" in before + after):
        return True, start - 1, end if close > end else close + 1
    if _MONEY.search(before):
        return True, start - 1, end if close > end else close + 1
    follows = CHINESE_UNIT.match(source, close + 1) or _english(source, close + 1)
    if long and close == end and follows:
        return True, start - 1, close + 1
    return False, start, end


def _prefix(source: str, left: int) -> tuple[int, str, str]:
    """Sign and currency before `left`, in either order: (new left, "-" or "", unit)."""
    sign = currency = ""
    for _ in range(3):
        before = source[max(0, left - 12) : left]
        if before.rstrip()[-1:].lower() not in _PREFIX_ENDS:
            break
        if not sign and (match := _SIGN.search(before)):
            sign = "+" if match.group()[0] == "+" else "-"
        elif not currency and (match := _MONEY.search(before)):
            currency = CURRENCIES[match.group(1).lower()]
        else:
            break
        left -= len(match.group())
    return left, sign, currency


def _suffix(source: str, right: int, currency: str) -> tuple[Decimal, Unit | None, int, bool]:
    """Magnitude and unit after `right`: (scale, unit, new right, whether 余 or 多 says "over")."""
    match = CHINESE_UNIT.match(source, right) or _english(source, right)
    unit = Unit(currency, ONE, "amount") if currency else None
    if match is None:
        letter = _LETTER.match(source, right) if currency else None
        return (
            (SCALES[letter[1].lower()], unit, letter.end(), False)
            if letter
            else (ONE, unit, right, False)
        )
    group = match.groupdict()
    word = group.get("scale") or group.get("scale2") or ""
    scale = SCALES.get(word.lower(), ONE)
    if group.get("unit"):
        written = unit_named(group["unit"])
        if written is None:
            return scale, unit, match.start("unit") if word else right, False
        if not (currency and written.kind == "amount" and "/" not in written.name):
            unit = written
    more = any(group.get(name) for name in ("more", "more2", "more3"))
    after = _AFTER.match(source, match.end())
    return scale, unit, match.end(), more or bool(after and after[1] in "余多")


def _english(source: str, position: int) -> re.Match[str] | None:
    match = ENGLISH_UNIT.match(source, position)
    return match if match and match.group() else None


def _bound(source: str, left: int) -> Bound:
    before = source[max(0, left - 16) : left]
    return next((bound for bound, words in _BOUNDS.items() if words.search(before)), "")
