"""Which period a figure in a sentence stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.dates import contains, months, same_period
from rag.verify.figure import Figure

_ANCHOR = re.compile(r"(20\d\d)\s?年\s?(年度报告|年报|半年度报告|半年报|第?[一三]季度报告|年度)")
_EN_ANCHOR = re.compile(
    r"(?:annual report|10-K|fiscal year(?: ended)?)[^\d\n]{0,30}?(?:\w+ \d{1,2}, )?(20\d\d)",
    re.IGNORECASE,
)
_BEFORE_BASE = re.compile(
    r"(?:较|比|相比于?|相较于?|对比|与|同|由|从|自)\s?$"
    r"|(?:compared (?:with|to)|versus|vs\.?|from|than(?: in)?|over)\s(?:the\s)?$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?P<to_date>年初至(?:本?报告期末|本?期末|今)|\byear[- ]to[- ]date\b)"
    r"|(?P<end_before>上年年?末|上年度末|期初|年初(?!至))"
    r"|(?P<before>上年同期|上年度?(?!年?末)|去年同期|去年|上年|上期|前一年度?|上一年度?)"
    r"|(?P<end>报告期末|本?期末|(?<!\d)本?年末)"
    r"|(?P<now>报告期内?(?!各|末)|本期(?!末)|本年度?(?!末)|当年|全年)"
    r"|(?P<en_before>\b(?:(?:a|one) year (?:earlier|ago|before)|(?:the )?(?:prior|previous|preceding)(?: fiscal)? year(?: period)?|year-ago)\b)",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\s?(?:起|开始|以来|至今|onwards?)")
_ATTACHED = re.compile(r"\s?(?:年?末|年度|同期|期间)?的?(?:金额|水平|数)?(?:为|是)?\s?")
_CHANGED = re.compile(
    r"增|减|升|降|涨|变动|跌|[多少高低][了出于]?约?$|grew|rose|fell|increas|decreas|declin",
    re.IGNORECASE,
)
_POSTPOSED = re.compile(
    r"\s*(?:\(|(?:[a-z]+\s){0,4}(?:in|for|during|at|as of|on|of)\s(?:the\s)?(?:fiscal\s|year\s)*(?:ended\s)?(?:the\s)?)$",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"[\s的:\uff1a(\uff08,\uff0c]{0,2}")
_LIST_JOIN = re.compile(
    r"\s?(?:年末|年度?|末)?\s?(?:、|,|\uff0c|和|及|与|以及|, and|and|-|~|至|到)\s?(?:截至)?"
)
_RANGE_JOIN = re.compile(r"\s?年?度?\s?(?:-|~|—|至|到)\s?")


@dataclass(frozen=True, slots=True)
class Token:
    """A period named at [start, end) of a sentence; `base` marks what something is compared with."""

    start: int
    end: int
    canonical: str
    base: bool
    relative: bool = False


def anchor_of(text: str) -> str:
    """The period that a report is about, from its title ("2024年半年度报告"); "" where unsure.

    A report on a third quarter calls that quarter 本报告期, and the months from January 年初至报告期末.
    """
    match = _ANCHOR.search(text)
    if match is None:
        english = _EN_ANCHOR.search(text)
        return english[1] if english else ""
    if "三" in match[2]:
        return months(match[1], 7, 9)
    last = 6 if "半" in match[2] else 3 if "一" in match[2] else 12
    return months(match[1], 1, last)


def previous(canonical: str) -> str:
    """The same period one year earlier."""
    return re.sub(r"\d{4}", lambda m: str(int(m.group()) - 1), canonical)


def end_of(canonical: str) -> str:
    """The last day or month that balances of the period are struck at: "2024" -> "2024-12-31"."""
    if re.fullmatch(r"\d{4}", canonical):
        return f"{canonical}-12-31"
    return canonical.rpartition("/")[2]


def relative_period(word: str, main: str) -> str:
    """The period that 上年, 期末 … mean when the text speaks of `main`; "" for no such word.

    "年初至报告期末 上年同期" is the same months of the year before.
    """
    if not main:
        return ""
    period = ""
    for match in _RELATIVE.finditer(word):
        period = _resolve(match, period or main)
        if not match["to_date"]:
            break
    return period


def _resolve(match: re.Match[str], main: str) -> str:
    if match["to_date"]:
        end = end_of(main)
        return months(end[:4], 1, int(end[5:7])) if main[:4].isdigit() else ""
    if match["end_before"]:
        return f"{int(main[:4]) - 1}-12-31" if main[:4].isdigit() else ""
    if match["before"] or match["en_before"]:
        return previous(main) if main[:1] != "-" else ""
    return end_of(main) if match["end"] else main


def tokens_of(sentence: str, figures: Sequence[Figure], main: str) -> list[Token]:
    """The periods named in a sentence, in order; `main` is what 报告期 and 上年 refer to."""
    explicit = [
        Token(f.start, f.end, f.unit, _is_base(sentence, f.start, f.end))
        for f in figures
        if f.kind == "date"
    ]
    found = list(explicit)
    for match in _RELATIVE.finditer(sentence):
        if any(t.start < match.end() and match.start() < t.end for t in explicit):
            continue
        before = [t.canonical for t in explicit if t.end <= match.start() and not t.base]
        refers = before[-1] if before else main
        canonical = _resolve(match, refers) if refers else ""
        if not canonical or ((match["now"] or match["end"]) and before):
            continue
        found.append(Token(*match.span(), canonical, _is_base(sentence, *match.span()), True))
    return _dated(sentence, sorted(found, key=lambda token: token.start))


def _dated(sentence: str, tokens: list[Token]) -> list[Token]:
    """A quarter or half named without its year right beside one ("2023年的第三季度") is of that year."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        gap = sentence[last.end : token.start] if last else "-"
        if last is not None and _BESIDE.fullmatch(gap):
            part = f"{last.canonical} {token.canonical}"
            if match := re.fullmatch(r"(\d{4}) (--\d\d/--\d\d)|(--\d\d/--\d\d) (\d{4})", part):
                months_, year = match[2] or match[3], match[1] or match[4]
                whole = months_.replace("--", f"{year}-")
                out[-1] = Token(last.start, token.end, whole, last.base, last.relative)
                continue
        out.append(token)
    return out


def _is_base(sentence: str, start: int, end: int) -> bool:
    return not _SINCE.match(sentence, end) and bool(
        _BEFORE_BASE.search(sentence[max(0, start - 24) : start])
    )


def base_of(tokens: Sequence[Token], figure: Figure) -> tuple[str, ...]:
    """The period that the figure is compared with, where the nearest one before it is such a base."""
    before = [t for t in tokens if t.end <= figure.start]
    return (before[-1].canonical,) if before and before[-1].base else ()


def governing(
    sentence: str, figure: Figure, tokens: Sequence[Token], others: Sequence[Figure]
) -> tuple[str, ...]:
    """The period that `figure` stands for in its sentence, () where none is named.

    A period right after it ("in 2024", "(2024年)") comes first, then the nearest before it; a base
    of comparison ("较2023年的…") holds for the figure attached to it only.
    """
    after = next((t for t in tokens if t.start >= figure.end), None)
    if (
        after is not None
        and not any(figure.end <= f.start < after.start for f in others)
        and _POSTPOSED.match(sentence[figure.end : after.start])
    ):
        return (after.canonical,)
    before = [t for t in tokens if t.end <= figure.start]
    if not before:
        return ()
    nearest = before[-1]
    between = sentence[nearest.end : figure.start]
    attached = bool(_ATTACHED.fullmatch(between)) or not _CHANGED.search(between)
    beside = len(before) > 1 and nearest.start - before[-2].end <= 1
    if beside and nearest.relative and not nearest.base:
        return (before[-2].canonical, nearest.canonical)  # "2022年期初余额" in a movement schedule
    if nearest.base and not (
        attached and not any(nearest.end <= f.start < figure.start for f in others)
    ):
        main = [t.canonical for t in before if not t.base]
        return (main[-1],) if main else ()
    return (nearest.canonical,)


def aligned(sentence: str, tokens: Sequence[Token], sequence: Sequence[Figure]) -> list[str]:
    """The period of each figure of a "分别为 a、b、c" sequence, [] where they do not match in number.

    The run of periods nearest before the sequence is taken, or after it ("… in 2024 and 2023,
    respectively"); "2021年至2023年" counts as each of its years.
    """
    runs = _runs(sentence, [t for t in tokens if not t.relative])
    before = [run for run in runs if run[1] <= sequence[0].start]
    after = [run for run in runs if run[0] >= sequence[-1].end]
    for _, _, periods in [*reversed(before), *after]:
        if len(periods) == len(sequence):
            return periods
    return []


def listed(question: str, figures: Sequence[Figure], count: int) -> list[str]:
    """The periods that a question lists, where there are `count` ("2021年到2023年" is three)."""
    for _, _, periods in _runs(question, tokens_of(question, figures, "")):
        if len(periods) == count:
            return periods
    return []


def _runs(sentence: str, tokens: Sequence[Token]) -> list[tuple[int, int, list[str]]]:
    runs: list[tuple[int, int, list[str]]] = []
    for i, token in enumerate(tokens):
        gap = sentence[tokens[i - 1].end : token.start] if i else ""
        if i and _RANGE_JOIN.fullmatch(gap) and _years_between(runs[-1][2][-1], token.canonical):
            years = _years_between(runs[-1][2][-1], token.canonical)
            runs[-1] = (runs[-1][0], token.end, runs[-1][2] + years)
        elif i and _LIST_JOIN.fullmatch(gap):
            runs[-1] = (runs[-1][0], token.end, [*runs[-1][2], token.canonical])
        else:
            runs.append((token.start, token.end, [token.canonical]))
    return runs


def _years_between(first: str, last: str) -> list[str]:
    if not (re.fullmatch(r"\d{4}", first) and re.match(r"\d{4}", last)):
        return []
    between = [str(year) for year in range(int(first) + 1, int(last[:4]))]
    return [*between, last[:4] if last.endswith("-12-31") else last]


def agree(claimed: str, stated: str) -> bool:
    """Whether figures of the two periods can be the same: equal, or one a point in the other."""
    return same_period(claimed, stated)


def mentions(periods: Sequence[str], claimed: str) -> bool:
    """Whether one of `periods` is the claimed one or a point within it."""
    return any(contains(claimed, period) for period in periods)
