"""Numbers and dates of a spreadsheet as Excel shows them (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_PLACES = re.compile(r"[0#?][0#?,]*(?:\.([0#?]*))?")
MOST_DECIMALS = 15


def shown(value: Any, number_format: str) -> str:
    """A cell's value as text: figures by their format, dates as ISO, truth values as words."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    if isinstance(value, int | float):
        return number(value, number_format)
    return str(value)


def number(value: float, number_format: str) -> str:
    """A figure in a number format: decimals, thousands, percent, brackets, words around it."""
    section, negative = _section(value, number_format)
    layout = _LITERAL.sub("", section)
    places = _PLACES.search(layout)
    if section.strip().lower() in ("", "general", "@") or "/" in layout or "e+" in layout.lower():
        return general(value)
    if places is None or not re.search(r"[0#]", layout):
        return _around(section, "").strip() or general(value)
    try:
        amount = Decimal(str(abs(value) if negative else value))
    except InvalidOperation:
        return general(value)
    if "%" in layout:
        amount *= 100
    amount /= Decimal(1000) ** _thousands_left_out(places[0])
    decimals = min(len((places[1] or "").replace("?", "")), MOST_DECIMALS)
    digits = f"{_rounded(amount, decimals):,f}"
    if "," not in places[0].rstrip(","):
        digits = digits.replace(",", "")
    if "#" in (places[1] or ""):
        digits = _trimmed(digits, (places[1] or "").count("0"))
    return _around(section, digits)


def _section(value: float, number_format: str) -> tuple[str, bool]:
    """The part of a format for a value's sign; whether that part shows the sign itself."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', number_format)
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _thousands_left_out(places: str) -> int:
    whole = places.split(".")[0]
    return len(whole) - len(whole.rstrip(","))


def _rounded(amount: Decimal, decimals: int) -> Decimal:
    if not amount.is_finite() or abs(amount) > Decimal(10) ** 24:
        return amount
    result = amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def _trimmed(digits: str, least: int) -> str:
    """Optional decimals (#) without their zeros, `least` of them kept."""
    whole, _, part = digits.partition(".")
    part = part.rstrip("0").ljust(least, "0")
    return f"{whole}.{part}" if part else whole


def _around(section: str, digits: str) -> str:
    """The digits among a format's own words, percent sign and brackets."""
    plain = _LITERAL.sub(lambda match: match[1] or match[2] or "", section)
    quoted = re.sub(r"[0#?][0#?,]*(?:\.[0#?]*)?(?:[0#?,.]*)", "\0", plain, count=1)
    before, _, after = quoted.partition("\0")
    before, after = before.strip(), re.sub(r"[?#]", "", after).strip()
    if digits.startswith("-"):
        before, digits = f"-{before}", digits[1:]
    return f"{before}{digits}{after}"


def general(value: float) -> str:
    """A figure without a format: up to 11 digits, no exponent within a spreadsheet's range."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    text = f"{value:.11g}"
    if "e" in text and 1e-9 < abs(value) < 1e15:
        text = f"{value:.12f}".rstrip("0").rstrip(".")
    return text
