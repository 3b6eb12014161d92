"""Labels: what a figure is said to measure, and how well a row's label fits a claim's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Literal

Aspect = Literal["", "change", "share", "average"]

SYNONYMS: Mapping[str, str] = {
    "归母": "归属于母公司股东的",
    "归属于上市公司股东": "归属于母公司股东",
    "归属于母公司所有者": "归属于母公司股东",
    "归属母公司股东": "归属于母公司股东",
    "扣非后": "扣除非经常性损益后的",
    "扣非": "扣除非经常性损益后的",
    "扣除非经常性损益的": "扣除非经常性损益后的",
    "营收": "营业收入",
    "总资产": "资产总计",
    "资产总额": "资产总计",
    "总负债": "负债合计",
    "负债总额": "负债合计",
    "经营性现金流": "经营活动产生的现金流量",
    "经营现金流": "经营活动产生的现金流量",
    "经营活动现金流": "经营活动产生的现金流量",
    "现金流净额": "现金流量净额",
    "net earnings": "net income",
    "net sales": "net revenue",
    "total revenues": "revenue",
    "revenues": "revenue",
}
"""Common short forms of Chinese and English filings -> one form, applied to both sides."""

_SYNONYM = re.compile("|".join(sorted(map(re.escape, SYNONYMS), key=len, reverse=True)))
_NUMBERING = re.compile(
    r"^\s*(?:其中|减|加|[一二三四五六七八九十]+|\d+|\([一二三四五六七八九十\d]+\))[:\uff1a、.)]\s*"
)
_UNIT_NOTE = re.compile(
    r"[(\uff08][^()\uff08\uff09]{0,12}(?:元|%|股|人|台|吨|家|件|倍)[^()\uff08\uff09]{0,6}[)\uff09]"
)
_FILLER = re.compile(
    r"相比|本?公司(?!股东|的?所有者)|发行人|报告期[内末]?|分别|同期|同比|环比|上年|去年|上期|本年|本期|当期|当年|全年"
    r"|期末|期初|年末|年初|增长率?|增加|上升|提[高升]|下降|减少|降低|下滑|增减|变动|其中|主要|实现|达到?|占"
    r"|截至|较|比|约|为|共|系|由|至|和|与|及|的|了|是|在|末|年度?|月|日|项目|元|万|亿"
    r"|\b(?:the|a|an|of|in|for|to|by|was|were|is|are|at|on|and|our|its|from|compared|with|year|fiscal"
    r"|increased?|decreased?|grew|rose|fell|declined?|up|down|approximately|about|million|billion)\b"
    r"|[\s\d.,\uff0c、:\uff1a;\uff1b%$()\uff08\uff09“”\"'/|[\]—\-+*]+",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[\u4e00-\u9fff]")
_LEGAL_NAME = re.compile(
    r"[\u4e00-\u9fff()]{2,20}?(?:股份|责任|集团)?有限(?:责任)?公司|(?:[A-Z][\w&.'-]*\s){1,4}?[A-Z][\w&'-]*,?\s(?:Inc|Corp|Ltd|LLC)\b\.?"
)
_CHANGE = re.compile(
    r"增长|增加|增幅|增减|增速|上升|提高|提升|上涨|升高|升至|变动|变化|同比|环比|下降|减少|降低|下滑|降幅|减幅|跌(?!价)|回落"
    r"|\b(?:growth|grew|increas\w*|rose|rise|up|gain|decreas\w*|declin\w*|fell|drop\w*|down|chang\w*)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"占|比重|份额|percent of|% of|share of|as a percentage", re.IGNORECASE)
_AVERAGE = re.compile(r"平均|均值|average|mean\b", re.IGNORECASE)


def content(text: str) -> str:
    """The words of `text` that say what is measured: no fillers, figures, numbering or unit notes."""
    return " ".join(_tokens(text[:400]))


def meaning(text: str) -> tuple[str, ...]:
    """The words of `text` that say what is measured, in order: Chinese characters, English words."""
    return _tokens(text[:400])


@lru_cache(maxsize=8192)
def _tokens(text: str) -> tuple[str, ...]:
    """Chinese characters and English words that carry meaning, in order."""
    text = _UNIT_NOTE.sub("", _NUMBERING.sub("", text))
    text = _SYNONYM.sub(lambda m: SYNONYMS[m.group().lower()], text.lower())
    return tuple(_TOKEN.findall(_FILLER.sub(" ", text)))


def _name_tokens(label: str) -> tuple[str, ...]:
    """A label's words; one that is all fillers ("发行人", "占比") is taken as it stands."""
    return _tokens(label) or tuple(_TOKEN.findall(label.lower()))


def similarity(label: str, claim: str, apart: str = "") -> float:
    """How well `label` (a row's, a column's, a clause's) names what `claim` speaks of: 0 to 1.

    Three fifths is the part of the label that the claim covers, two fifths the part of the claim
    that the label covers, each the mean over characters (English: words) and over pairs of them.
    A company's full name in the claim, and the words `apart` (the column's when a row is judged),
    are left out where that fits better.
    """
    one, claim = _name_tokens(label[:400]), claim[:400]
    readings = {claim, _LEGAL_NAME.sub("", claim)}
    if apart:
        readings |= {_without(_tokens(text), _tokens(apart[:400])) for text in readings}
    if not _tokens(label[:400]):
        return _fit(one, tuple(_TOKEN.findall(claim.lower())))
    return max(_fit(one, _tokens(reading)) for reading in readings)


def _without(words: tuple[str, ...], apart: tuple[str, ...]) -> str:
    """`words` without the run `apart`, as text; all of them where the run is not there."""
    size = len(apart)
    for i in range(len(words) - size + 1 if size else 0):
        if words[i : i + size] == apart:
            return " ".join(words[:i] + words[i + size :])
    return " ".join(words)


def _fit(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if not one or not other:
        return 0.0
    return 1.0 if one == other else 0.6 * covered(one, other) + 0.4 * covered(other, one)


def coverage(label: str, claim: str) -> float:
    """The part of `label` that `claim` covers: 1.0 when the claim contains the whole label."""
    one, other = _tokens(label[:400]), _tokens(claim[:400])
    if not one:
        one, other = _name_tokens(label[:400]), tuple(_TOKEN.findall(claim[:400].lower()))
    return covered(one, other) if one and other else 0.0


def covered(part: tuple[str, ...], whole: tuple[str, ...]) -> float:
    """The share of `part`'s words, and of its pairs of neighbours, that `whole` has (mean of both)."""
    singles = set(whole)
    single = sum(token in singles for token in part) / len(part)
    if len(part) < 2:
        return single
    pairs = set(pairwise(whole))
    both = sum(pair in pairs for pair in pairwise(part)) / (len(part) - 1)
    return (single + both) / 2


def aspect(text: str) -> Aspect:
    """Whether words speak of a change, a share, an average, or (empty) of a level."""
    if _CHANGE.search(text):
        return "change"
    if _SHARE.search(text):
        return "share"
    return "average" if _AVERAGE.search(text) else ""
