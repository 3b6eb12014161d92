"""Figures as a careful reader compares them: separators and full-width forms do not matter, digits do.

This is the suite's own yardstick. It shares no code with the verifier in `rag`, so that a mistake
there cannot hide itself here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "−–—﹣－‐‑"), "-")
_QUOTES = {ord(mark): '"' for mark in "“”„«»「」『』"} | {ord(mark): "'" for mark in "‘’"}
_RUN = re.compile(r"\d[\d,]*(?:\.[\d,]*\d)*|\d")
_PLAIN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_GLUED = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{2}|\d+\.\d{2}|\d{1,3}(?:,\d{3})+|\d+")
_LEFT, _RIGHT = "‹", "›"
_FULL_WIDTH_COMMA = re.compile(r"(?<=[0-9])，(?=[0-9])")
GLUED_DIGITS = 4
"""A figure of at least so many digits may be looked for inside a run of glued table cells."""


def fold(text: str) -> str:
    """One spelling for every form: NFKC, ASCII dashes and quotes, lower case.

    A full-width comma between ASCII digits separates two figures (100，200), so it does not become
    a thousands separator; between full-width digits it stays one.
    """
    text = _FULL_WIDTH_COMMA.sub("、", text)
    return unicodedata.normalize("NFKC", text).translate(_DASHES).translate(_QUOTES).lower()


def plain_number(digits: str) -> str:
    """ "17,589.070" -> "17589.07": no separators, no trailing decimal zeros, no leading zeros."""
    number = format(Decimal(digits.replace(",", "")), "f")
    return number.rstrip("0").rstrip(".") if "." in number else number


def split_run(run: str) -> list[str]:
    """The numbers in an unbroken run of digits, commas and points.

    "17,589.07" is one; "176.9730.405.00" (cells of a table glued together in extraction, two
    decimals each) is 176.97, 30.40, 5.00. "1.2.3" (a section number) is left as three.
    """
    if _PLAIN.fullmatch(run):
        return [run]
    return _GLUED.findall(run)


def unglued(folded: str) -> str:
    """`folded` with a blank between the numbers of each run of glued table cells."""
    return _RUN.sub(lambda match: " ".join(split_run(match.group())), folded)


def is_negative(text: str, start: int) -> bool:
    """Whether a minus sign stands before the number at `start` (and is no hyphen or range)."""
    at = start - 1
    while at >= 0 and text[at] in " ¥$":
        at -= 1
    if at < 0 or text[at] != "-":
        return False
    before = text[at - 1] if at else " "
    return not (before in "-%)]年月日" or (before.isascii() and before.isalnum()))


@lru_cache(maxsize=4096)
def canonical(text: str, signed: bool = False) -> str:
    """`text` folded, without white space between words of Chinese, each number as ‹17589.07›.

    The brackets make plain substring search safe: 7,589.07 is not found in 17,589.07. With
    `signed`, a minus sign (or accountants' parentheses) goes inside: ‹-12.5›.
    """
    folded = fold(text)
    pieces, last = [], 0
    for match in _RUN.finditer(folded):
        start, end = match.span()
        numbers = split_run(match.group())
        negative = signed and _negative_here(folded, start, end)
        before = folded[last:start].rstrip()
        if negative:
            before = before.rstrip("-( ¥$")
        pieces.append(before if negative else folded[last:start])
        pieces.extend(
            f"{_LEFT}{'-' if negative and not i else ''}{plain_number(number)}{_RIGHT}"
            for i, number in enumerate(numbers)
        )
        last = end + 1 if negative and folded[end : end + 1] == ")" else end
    return _squeeze("".join([*pieces, folded[last:]]))


def _negative_here(text: str, start: int, end: int) -> bool:
    return is_negative(text, start) or is_bracketed(text, start, end)


def is_bracketed(text: str, start: int, end: int) -> bool:
    """Whether the decimal at `start:end` stands in accountants' parentheses: (12.5) as a cell or
    before its unit, not as an aside after a word."""
    if text[start - 1 : start] != "(" or text[end : end + 1] != ")" or "." not in text[start:end]:
        return False
    before = text[: start - 1].rstrip(" $¥")[-1:]
    as_cell = not before or before in "|:\n\t)-" or before.isdigit()
    return as_cell or re.match(r"\)\s*[万亿千百元%]", text[end:]) is not None


def _squeeze(text: str) -> str:
    """White space goes, except one blank between two ASCII words."""
    return re.sub(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])", "", text)


SIGNED = re.compile(r"\s*[-+]\s*[¥$]?\s*\d")
"""How a needle begins that insists on its sign."""


def says(text: str, needle: str) -> bool:
    """:func:`contains` as answers are judged: a needle that begins with a sign needs that sign, one
    without is content with either (a loss may be written -12.5 or 亏损12.5)."""
    signed = SIGNED.match(fold(needle)) is not None
    return contains(text, needle, signed)


def contains(text: str, needle: str, signed: bool = False) -> bool:
    """Whether `needle` (a figure, a word, a phrase) stands in `text`, whatever its spelling.

    An English needle must begin at a word's beginning; one of up to three letters must be a whole
    word ("no" is not in "note").
    """
    return contains_canonical(canonical(text, signed), canonical(needle, signed))


def contains_canonical(text: str, needle: str) -> bool:
    """:func:`contains` for a text and a needle that went through :func:`canonical` already."""
    if not needle:
        return False
    pattern = re.escape(needle)
    if needle[0].isascii() and needle[0].isalpha():
        pattern = r"(?<![a-z])" + pattern
    if len(needle) <= 3 and needle.isascii() and needle[-1].isalpha():
        pattern += r"(?![a-z])"
    return re.search(pattern, text) is not None


def has_figure(text: str, figure: str) -> bool:
    """Whether `figure`, as printed on its page, stands in `text`; signs do not matter.

    Cells glued together so that they cannot be told apart still count when the figure has at
    least :data:`GLUED_DIGITS` digits.
    """
    return figure_in(canonical(text), text, figure)


def figure_in(text_canonical: str, text: str, figure: str) -> bool:
    """:func:`has_figure` with the text's canonical form at hand."""
    needle = canonical(figure.strip().lstrip("-−－+").strip())
    if contains_canonical(text_canonical, needle):
        return True
    digits = fold(figure).replace(",", "").strip("-+() %")
    if not re.fullmatch(r"[\d.]+", digits) or len(digits.replace(".", "")) < GLUED_DIGITS:
        return False
    runs = (match.group().replace(",", "") for match in _RUN.finditer(fold(text)))
    return any(_is_glued(run) and digits in run for run in runs)


def glued_figures(text: str, figures: Sequence[str]) -> bool:
    """Whether all `figures` stand in `text` as one unbroken run of digits, in this order or the
    reverse: 75, 76, 91 and 112 as 757691112, the cells of a row glued together."""
    digits = [re.sub(r"[^\d.]", "", fold(figure)) for figure in figures]
    if len(digits) < 2 or sum(map(len, digits)) < GLUED_DIGITS:
        return False
    runs = {match.group().replace(",", "") for match in _RUN.finditer(fold(text))}
    return any("".join(order) in runs for order in (digits, digits[::-1]))


def _is_glued(run: str) -> bool:
    return run.count(".") > 1 or len(run.partition(".")[2]) > 4
