"""Where sentences begin and end, in Chinese and English filings: offsets, never copies.

A sentence ends at 。, ! or ? or at an English full stop that is one; a table row ends with its line.
Decimals, "No. 5", "Inc.", numbered headings and whatever stands inside 《》 or short brackets do
not end a sentence. A citation marker "[1]" after the stop belongs to the sentence before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

# Full-width forms are written as escapes: \uff01 !, \uff08 (, \uff09 ), \uff0c comma, \uff0e full stop,
# \uff1a colon, \uff1b semicolon, \uff1f question mark.
_CLOSERS = "”’\"'」』)\uff09】》〉\\]"
_MARKERS = r"(?:[ \t\u3000]*\[\d[\d\s,\uff0c、–—\-]*\])*"
_STOP = re.compile(
    rf"(?P<zh>[。\uff01\uff1f]|(?<=[\u4e00-\u9fff”])\uff0e|(?<=[\u4e00-\u9fff])!"
    rf"|(?<=[吗呢否何么些里])\?)+[{_CLOSERS}]*{_MARKERS}"
    rf"|(?P<en>(?P<dot>\.)|[!?]+)[{_CLOSERS}]*{_MARKERS}(?=\s|$)"
)
_CLAUSE = re.compile(rf"[;\uff1b][{_CLOSERS}]*{_MARKERS}")
_SHIELDED = re.compile(
    r"《[^《》\n]{0,160}》|\([^()\n]{0,120}\)|\uff08[^\uff08\uff09\n]{0,120}\uff09"
)

_NEVER = re.compile(
    r"nos?|m(?:rs?|s)|dr|prof|st|vs|e\.g|i\.e|approx|cf|figs?|art|sec|para|pp?|vol|ca|est|incl"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    re.IGNORECASE,
)
"""Abbreviations (without the last dot) that are always followed by more of the sentence."""
_SOMETIMES = re.compile(
    r"inc|ltd|co|corp|llc|l\.l\.c|plc|bros|s\.a|n\.v|a\.g|u\.s|u\.s\.a|u\.k|e\.u|etc|al|jr|sr|ph\.d|[ap]\.m",
    re.IGNORECASE,
)
"""Abbreviations that may also end one: they do before a word that usually opens a sentence."""
_OPENER = re.compile(
    "the|an?|its?|in|this|these|those|that|we|our|they|their|he|she|his|her|as|at|for|from|during|on"
    "|by|to|however|there|such|both|each|all|if|when|while|since|under|other|net|total|no|and|but"
    "|revenue|management|additionally|furthermore|after|before|because|although",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"[A-Za-z][A-Za-z.]*$|\d+(?:\.\d+)*$")
_WORD_AFTER = re.compile(r"\s*([A-Za-z]+)")

_WRAPPED_SIGN = re.compile(r"[^\s\-–—−][ \t]*[-−–][ \t]*$|^[-−–]$")
_OPEN_END = re.compile(r"[,\uff0c、(\uff08“]$")
_ENGLISH_END = re.compile(r"[a-z,]$")


def split_sentences(text: str) -> list[Span]:
    """The (start, end) of each sentence or table row of `text`, in order, without outer blanks.

    Spans do not overlap and together hold every character of `text` that is not a blank.
    """
    return list(_split(text, clauses=False))


def split_clauses(text: str) -> list[Span]:
    """Like :func:`split_sentences`, but a semicolon ends a unit as well."""
    return list(_split(text, clauses=True))


def _split(text: str, *, clauses: bool) -> Iterator[Span]:
    for line_start, line_end in _lines(text):
        start = line_start
        for stop in _stops(text, line_start, line_end, clauses=clauses):
            yield from _trimmed(text, start, stop)
            start = stop
        yield from _trimmed(text, start, line_end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        yield start + left, start + right


def _lines(text: str) -> Iterator[Span]:
    """Logical lines: a wrapped "-" before its digits and an open comma go on in the next line."""
    start, position = 0, text.find("\n")
    while position >= 0:
        if not _goes_on(text, start, position):
            yield start, position
            start = position + 1
        position = text.find("\n", position + 1)
    yield start, len(text)


def _goes_on(text: str, start: int, newline: int) -> bool:
    line_start = max(start, text.rfind("\n", 0, newline) + 1)
    line = text[line_start:newline].rstrip()
    following_end = text.find("\n", newline + 1)
    following = text[newline + 1 : following_end if following_end >= 0 else len(text)].lstrip()
    if not line or not following:
        return False
    if _WRAPPED_SIGN.search(line) and following[0].isdigit():
        return "|" not in line[-3:]
    if "|" in line or "|" in following or "  " in line or "\t" in line:
        return False
    if _OPEN_END.search(line):
        return not following[0].isdigit()
    return len(line) >= 40 and bool(_ENGLISH_END.search(line)) and following[0].islower()


def _stops(text: str, start: int, end: int, *, clauses: bool) -> list[int]:
    """Offsets right after each sentence end within one logical line."""
    shields = [match.span() for match in _SHIELDED.finditer(text, start, end)]
    stops = [
        match.end()
        for match in _STOP.finditer(text, start, end)
        if not (match["dot"] and _abbreviates(text, start, match)) and not _inside(match, shields)
    ]
    if clauses:
        stops += [
            match.end()
            for match in _CLAUSE.finditer(text, start, end)
            if not _inside(match, shields)
        ]
    return sorted(stops)


def _inside(match: re.Match[str], shields: list[Span]) -> bool:
    return any(start <= match.start() < end for start, end in shields)


def _abbreviates(text: str, line_start: int, match: re.Match[str]) -> bool:
    """Whether the full stop of `match` belongs to an abbreviation, an initial or a number."""
    before = _WORD_BEFORE.search(text[max(line_start, match.start() - 16) : match.start()])
    after = _WORD_AFTER.match(text, match.end())
    following = text[match.end() : match.end() + 4].lstrip()
    if before is None:
        return False
    word = before.group()
    opens = bool(after and after[1][0].isupper() and _OPENER.fullmatch(after[1]))
    if word[0].isdigit():
        return not text[line_start : match.start() - len(word)].strip()
    if _NEVER.fullmatch(word):
        return bool(following)
    if _SOMETIMES.fullmatch(word) or (len(word) == 1 and word.isupper()):
        return bool(following) and not opens
    return following[:1].islower()
