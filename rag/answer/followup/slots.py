"""Where a question names companies and periods, and how a period moves by years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_YEAR = r"(?:19|20)\d{2}"
_PART = (
    r"上半年|下半年|前三季度|前[一二三1-3]季度|第?[一二三四1-4]季度末?|1\s?[-—~至]\s?\d{1,2}\s?月"
    r"|年末|年底|年初|全年"
)
_CHINESE = (
    rf"{_YEAR}\s?年?\s?[-—~至]\s?{_YEAR}\s?年度?|{_YEAR}\s?年度?(?:{_PART}|末|底|初|\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?日|末|底)?)?"
    rf"|报告期内?(?:各期末?|末)?|最?近[一二两三四五]年|{_PART}|期末|期初|本期"
)
_ENGLISH = (
    rf"(?:the )?(?:(?:first|second|third|fourth) (?:quarter|half)|full year|(?:three|six|nine|twelve) months"
    rf"(?: ended \w+ \d{{1,2}},)?|end|Q[1-4]|H[12])(?: of|,)?(?: fiscal)?(?: year)? ?(?:FY ?)?{_YEAR}"
    rf"|(?:fiscal(?: year)? |FY ?|year-end |(?:january|february|march|april|may|june|july|august"
    rf"|september|october|november|december) \d{{1,2}}, )?{_YEAR}(?:[-/]\d\d?)?(?: ?[HQ][1-4])?(?!\d)"
    r"|the (?:first|second|third|fourth) (?:quarter|half)|the full year|Q[1-4]\b|H[12]\b"
)
_PERIOD = re.compile(rf"{_CHINESE}|{_ENGLISH}", re.IGNORECASE)
_RELATIVE = {
    -1: r"上年度?同期|去年同期|上一年度?|前一年度?|上年度?末?|去年末?|上一?期|前一期"
    r"|(?:the |that )?(?:year|period) (?:before(?: that)?|earlier)|(?:a|one) year (?:before|earlier|ago)"
    r"|(?:the )?(?:prior|previous|preceding|last)(?: fiscal)? year|(?:the )?(?:same period )?last year",
    -2: r"前年|前两年|再前一年|两年前|two years (?:before|earlier|ago)",
    1: r"下一年度?|后一年度?|次年|第二年|(?:the )?(?:next|following)(?: fiscal)? year"
    r"|(?:the )?year (?:after(?: that)?|later)|(?:a|one) year later",
    0: r"当年|同年|同期|that (?:same )?year|the same (?:year|period)",
}
_SHIFTS = [(years, re.compile(pattern, re.IGNORECASE)) for years, pattern in _RELATIVE.items()]
_DATED = re.compile(_YEAR)
_JOINT = re.compile(
    r"\s*(?:[、，,和及与至到~—&-]|and|to|through)+\s*(?:in |for |at )?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Span:
    """Something named at [start, end) of a question."""

    start: int
    end: int
    text: str


def companies_in(text: str, known: Sequence[str]) -> list[Span]:
    """Known names in `text`, in order; the longest where several fit, whatever their case."""
    names = sorted({name for name in known if len(name) > 1}, key=len, reverse=True)
    found: list[Span] = []
    for name in names:
        for match in re.finditer(_whole(name), text, re.IGNORECASE):
            if not any(match.start() < s.end and s.start < match.end() for s in found):
                found.append(Span(match.start(), match.end(), match[0]))
    return sorted(found, key=lambda span: span.start)


def periods_in(text: str) -> list[Span]:
    """Periods that `text` names by themselves ("2024年上半年", "the first quarter"), in order."""
    return [Span(m.start(), m.end(), m[0]) for m in _PERIOD.finditer(text)]


def relative_in(text: str) -> tuple[Span, int] | None:
    """A period named by another ("上年", "the year before") and its distance in years."""
    found = [
        (Span(match.start(), match.end(), match[0]), years)
        for years, pattern in _SHIFTS
        for match in [pattern.search(text)]
        if match is not None
    ]
    return max(found, key=lambda item: item[0].end - item[0].start, default=None)


def shifted(period: str, years: int) -> str:
    """The period with every year in it moved: ("2024年上半年", -1) gives "2023年上半年"."""
    return _DATED.sub(lambda year: str(int(year[0]) + years), period)


def dated(period: str) -> bool:
    """Whether a period names its year."""
    return _DATED.search(period) is not None


def year_of(period: str) -> str:
    """The last year that a period names, or ""."""
    years = _DATED.findall(period)
    return years[-1] if years else ""


def same_kind(period: str, model: str) -> str:
    """`period` as a point in time where the one it replaces was one (2024年末, then 2023年)."""
    if re.fullmatch(rf"{_YEAR}\s?年度?", period) and re.search(r"年(?:末|底)$", model):
        return f"{year_of(period)}年末"
    return period


def place_of(name: str, text: str) -> list[Span]:
    """Where a name stands in a text, in a list; empty where it does not."""
    at = text.find(name) if name else -1
    return [Span(at, at + len(name), name)] if at >= 0 else []


def joined(text: str, spans: Sequence[Span]) -> str:
    """The first period with those that are joined to it ("2022年、2023年和2024年"), as written."""
    if not spans:
        return ""
    last = spans[0]
    for span in spans[1:]:
        if not _JOINT.fullmatch(text[last.end : span.start]):
            break
        last = span
    return text[spans[0].start : last.end]


def without(text: str, spans: Iterable[Span], mark: str = " ") -> str:
    """`text` with the spans cut out, `mark` in their places."""
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        text = text[: span.start] + mark + text[span.end :]
    return text


def _whole(name: str) -> str:
    """A name as a pattern: Latin letters must not go on at either end."""
    pattern = re.escape(name)
    before = r"(?<![A-Za-z])" if name[0].isascii() else ""
    after = r"(?![A-Za-z])" if name[-1].isascii() else ""
    return before + pattern + after
