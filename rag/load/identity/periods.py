"""The reporting periods that a filing covers, as it names them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PERIOD = re.compile(
    r"(?P<year>(?:19[89]|20[0-4])\d)(?=\s*[年、和及至,，-])\s*年?\s*(?P<part>1\s*[-－~至]\s*\d{1,2}\s*月|[上下]半年|半年度|(?:前三|[第]?[一二三四])季度)?"
)
_DEFINED = re.compile(
    r"(?:报告期|报告期内|最近三年(?:一期|及一期)?|近三年(?:一期|及一期)?)[^。\n]{0,10}?(?:[|]?\s*指|为|即)[\s|:：]*(?P<periods>(?:[^。；;\n]{0,4}(?:19|20)\d{2}[^。；;\n]{4,60}))"
)
_TITLE = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*年?\s*(?P<part>半年度?|中期|第?[一二三四]季度|第?[一三]季)?(?:年?度)?.{0,24}?(?:报告|利润表|资产负债表|现金流量表|财务报表|年报)"
)
_FISCAL = re.compile(
    r"for\s+the\s+(?:fiscal\s+)?(?P<span>year|quarter|quarterly\s+period|transition\s+period|(?:three|six|nine)\s+months)\s+ended:?\s+(?P<end>[A-Z][a-z]+\s+\d{1,2},\s+\d{4})",
    re.IGNORECASE,
)


def periods_of(kind: str, title: str, text: str, forms: Mapping[str, str]) -> tuple[str, ...]:
    """Periods such as "2024年" and "2025年1-6月"; English ones as "year ended June 30, 2024".

    Periodic reports name theirs in the title; others define 报告期, in the glossary or in a
    sentence. Empty where neither is found.
    """
    if match := _FISCAL.search(title):
        return (" ".join(f"{match['span']} ended {match['end']}".split()),)
    if kind in {"annual report", "interim report", "financial statements", "announcement"}:
        return _title_period(title)
    return _defined(forms.get("报告期", "") or forms.get("最近三年", "")) or _in_sentences(text)


def fiscal_period(head: str) -> str:
    """The year in which the period of a US periodic report ends, as its cover states; else empty."""
    match = _FISCAL.search(head)
    return match["end"][-4:] if match else ""


def _title_period(title: str) -> tuple[str, ...]:
    match = _TITLE.search(title)
    if match is None:
        return ()
    part = match["part"] or ""
    return (f"{match['year']}年{part}",) if part else (f"{match['year']}年",)


def _in_sentences(text: str) -> tuple[str, ...]:
    for match in _DEFINED.finditer(text):
        if found := _defined(match["periods"]):
            return found
    return ()


def _defined(definition: str) -> tuple[str, ...]:
    if re.search(r"\d{1,2}\s*月\s*\d{1,2}\s*日", definition):
        years = re.findall(r"(?:19|20)\d{2}(?=\s*年)", definition)
        return tuple(dict.fromkeys(f"{year}年" for year in years))
    found = []
    for match in _PERIOD.finditer(definition):
        part = re.sub(r"\s", "", match["part"] or "").replace("－", "-").replace("至", "-")
        found.append(f"{match['year']}年{part}")
    return tuple(dict.fromkeys(found))
