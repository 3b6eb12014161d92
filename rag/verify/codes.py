"""Codes: product names (GST-HG141), tickers (300765.SZ), document numbers (XYZH/2024HZAA1B0198)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DOCUMENT = re.compile(
    r"[\u4e00-\u9fff]{0,2}\[\s?(?:19|20)\d\d\s?\]\s?(?:第\s?)?[0-9A-Z-]+\s?号"
    r"|(?<![A-Za-z0-9])[A-Z]{2,6}/\s?(?:19|20)\d\d[A-Z0-9]+"
)
_TICKER = re.compile(
    r"(?<![\dA-Za-z.])(?:\d{6}\.(?:SZ|SH|SS|BJ)|\d{4,5}\.HK)(?![A-Za-z0-9])", re.IGNORECASE
)
_NAMED_TICKER = re.compile(
    r"(?:(?<=代码)|(?<=代码[::\uff1a])|(?<=代码为)|(?<=代码: ))\s?\d{4,6}(?!\d)"
)
_MIXED = re.compile(
    r"(?<![A-Za-z0-9-])(?<!\d[.,])(?=[A-Za-z0-9/-]{0,24}?[A-Za-z])(?=[A-Za-z/-]{0,24}?\d)"
    r"[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*(?![A-Za-z])"
)
_QUANTITY = re.compile(
    r"(?:USD|RMB|CNY|HKD|EUR|US|HK|JPY|GBP|Rs|R)\d[\d,]*"
    r"|\d[\d,]*(?:(?i:kg|mg|ml|kwh?|mwh?|gwh?)|g|l|L|k?m|cm|mm|nm|[kMG]?Wh?|[kM]?V|[GTMK]B|M?Hz|x|st|nd|rd|th|bn|mn|[KMB]|t|A|pct|bps|pp|s|h)"
    r"|(?:Q|H)[1-4](?:FY)?\d*|[1-4](?:Q|H)\d*|FY\d+|\d{4}[QH]\d|(?:[A-Za-z]{2,}-)?\d+-?[a-z]{3,}(?:-[a-z]+)*|[a-z]+-?\d+",
)


def find_codes(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, canonical) of each code in `text` (plain characters), in no special order.

    The canonical form drops hyphens and blanks and is upper case: "GST-HG141" and "GST HG141"
    written with a hyphen or without are one code.
    """
    taken: list[tuple[int, int]] = []
    named = (_NAMED_TICKER,) if "代码" in text else ()
    for pattern in (_DOCUMENT, _TICKER, *named, _MIXED):
        for match in pattern.finditer(text):
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            if any(start < b and a < match.end() for a, b in taken):
                continue
            if pattern is _MIXED and _QUANTITY.fullmatch(match.group()):
                continue
            taken.append((start, match.end()))
            yield start, match.end(), canonical_code(text[start : match.end()])


def canonical_code(code: str) -> str:
    """`code` as it is compared: upper case, without blanks and hyphens."""
    return re.sub(r"[\s-]+", "", code).upper()
