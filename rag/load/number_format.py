"""Numbers and dates of a spreadsheet as Excel shows them (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_PLACES = re.compile(r"[0#?][0#?,]*(?:\.([0#?]*))?")
MOST_DECIMALS = 15
_DATE = 'yyyy"年"m"月"d"日"'
_MONTH = 'yyyy"年"m"月"'
BUILT_IN: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)', 7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-m-d h:mm",
    27: _MONTH, 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: _DATE, 32: "h:mm", 33: "h:mm:ss",
    36: _MONTH, 37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)", 41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)', 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: _MONTH, 51: 'm"月"d"日"', 52: _MONTH,
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: _MONTH, 58: 'm"月"d"日"',
}  # fmt: skip
"""Number formats by id, those of a Chinese Excel where they differ by language."""
_EPOCH = dt.datetime(1899, 12, 30)
_EPOCH_1904 = dt.datetime(1904, 1, 1)
_LAST_DAY = 2_958_465
"""9999-12-31, the last date that a spreadsheet knows."""


def moment(value: float, number_format: str, *, from_1904: bool = False) -> dt.datetime | None:
    """The date and time that a figure stands for under a date format, None under any other.

    Days count from 1899-12-30 (Excel takes 1900 for a leap year) or from 1904-01-01.
    """
    if not is_date(number_format) or not 0 <= value <= _LAST_DAY:
        return None
    epoch = _EPOCH_1904 if from_1904 else _EPOCH
    days = value + 1 if not from_1904 and 0 < value < 60 else value
    return epoch + dt.timedelta(seconds=round(days * 86_400))


def is_date(number_format: str) -> bool:
    """Whether a format shows a date or a time."""
    layout = _LITERAL.sub("", number_format.split(";")[0]).lower()
    return (
        "general" not in layout
        and not re.search(r"[0#?]", layout)
        and bool(re.search(r"[ymdhs]", layout))
    )


def shown(value: Any, number_format: str) -> str:
    """A cell's value as text: figures by their format, dates as ISO, truth values as words."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return _moment_shown(value, _LITERAL.sub("", number_format).lower())
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    if isinstance(value, int | float):
        return number(value, number_format)
    return str(value)


def _moment_shown(value: dt.datetime, layout: str) -> str:
    """As much of an ISO date and time as the format shows: a year, a month, a day, a time."""
    clock = value.isoformat(" ", "minutes")[11:]
    if "y" not in layout and "d" not in layout:
        return clock
    date = value.date().isoformat()
    if "d" not in layout:
        return date[:7] if "m" in layout else date[:4]
    return f"{date} {clock}" if "h" in layout else date


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
