"""Figures written in Chinese numerals, where they are certain: 三家, 两亿元, 百分之五, 第六届, 近亿元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.verify.figure import Bound, Figure, with_unit
from rag.verify.numerals import NUMERAL, chinese_decimal

_NUMERAL = rf"[{NUMERAL}]+(?:点[零〇一二三四五六七八九]+)?"
_COUNTERS = "家户人名位个项款种条件台套次笔份张只支片批组例起轮届倍股天年周"
_SPELLED = re.compile(
    rf"百分之(?P<percent>{_NUMERAL})"
    rf"|第\s?(?P<ordinal>{_NUMERAL}|\d+)\s?(?P<of>届|次|号|大|名|位|期|批|轮|条)"
    r"|(?P<vague>近|超过?|逾|上|过|约|不足)"
    rf"(?P<round>[百千万亿十]*[万亿](?=元|美元|股|欧元|港元)|[十百千万]+(?=[{_COUNTERS}]))"
    rf"(?P<piece>元|美元|股|欧元|港元|[{_COUNTERS}])"
    rf"|(?P<only>仅有?|共有?|只有|唯一)?(?<![第数几十百千万亿\d.])(?P<number>{_NUMERAL})(?P<more>余|多)?"
    r"(?P<unit>美元|欧元|港元|元(?!素|件|器|宵)|个百分点|百分点|个月|个?工作日"
    rf"|[{_COUNTERS}](?!月|度|级|同|般|致|体|名|来|次性))"
)
_ROUND_ALONE = frozenset("十百千万亿")


def find_spelled(source: str) -> Iterator[Figure]:
    """Figures in Chinese numerals without their `text`, in order.

    "一家" is an article and left out, unless 仅 or 共 stands before it; "千家万户" is no figure.
    """
    for match in _SPELLED.finditer(source):
        start, end = match.span()
        if match["percent"]:
            yield from _made(chinese_decimal(match["percent"]), "%", (start, end))
        elif match["ordinal"]:
            digits = match["ordinal"]
            number = Decimal(digits) if digits.isdigit() else chinese_decimal(digits)
            yield from _made(number, f"第{match['of']}", (start, end))
        elif match["vague"]:
            yield from _made(
                chinese_decimal(match["round"]),
                match["piece"],
                (start, end),
                _vague(match["vague"]),
            )
        elif _is_certain(match):
            more: Bound = "over" if match["more"] else ""
            number = chinese_decimal(match["number"])
            yield from _made(number, match["unit"], (match.start("number"), end), more)


def _vague(word: str) -> Bound:
    return "under" if word in ("不足", "近") else "about" if word == "约" else "over"


def _is_certain(match: re.Match[str]) -> bool:
    numeral = match["number"]
    if set(numeral) <= _ROUND_ALONE:
        return (
            False  # the magnitude of digits before a blank ("9.92 万亿元"), or a figure of speech
        )
    return numeral not in ("一", "〇", "零") or bool(match["only"])


def _made(
    number: Decimal | None, written: str, span: tuple[int, int], bound: Bound = ""
) -> Iterator[Figure]:
    if number is not None:
        base = Figure("count", "", *span, number, "", bool(bound), number, bound=bound)
        yield with_unit(base, written)
