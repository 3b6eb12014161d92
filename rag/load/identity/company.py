"""Whose filing it is: the company and its ticker.

No single place names the company in every filing (a cover can be lost, an accountant's opinion
names two), so the places where it is named are weighed against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.load.identity.lines import squeezed
from rag.load.identity.names import FORM, Names, is_adviser

_SELF = frozenset(
    {"发行人", "公司", "本公司", "上市公司", "股份公司", "申请人", "我公司", "本集团", "集团"}
)
"""What a filing calls its own company."""
_LABEL = re.compile(
    r"(?:^|[\s|、.）)])(?:(?:发行人|公司|上市公司|注册)?(?:的)?(?:中文)?(?:名称|全称)|发行人|上市公司名称)(?:[（(]中文[)）])?\s*[:：|]\s*",
    re.MULTILINE,
)
ADVISER_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a document when its company is looked for."""

    title: str
    cover: Sequence[str]
    end: Sequence[str]
    text: str
    file: str
    names: Names
    forms: Mapping[str, str]


def chinese_company(source: Source) -> str:
    """The registered name of the company that a Chinese filing is about; empty for none.

    Weighed: the title (in front, or behind 关于), lines of the cover, labels ("公司名称："), what
    the filing calls "本公司", the file's name, who signs at the end, and how often it is named.
    Brokers, banks and appraisers count less, as they stand on the covers of others.
    """
    counts = source.names.counts()
    if not counts:
        return ""
    most = max(counts.values())
    scores: dict[str, float] = {name: 3 * number / most for name, number in counts.items()}
    for name, weight in _evidence(source):
        scores[name] = scores.get(name, 0.0) + weight
    return max(scores, key=lambda name: scores[name] * (ADVISER_WEIGHT if is_adviser(name) else 1))


def _evidence(source: Source) -> Iterator[tuple[str, float]]:
    """(name, weight) for every place that suggests whose filing it is."""
    yield from _in_title(source)
    for line in source.cover[:30]:
        bare = squeezed(line)
        for mention in source.names.mentions(bare):
            yield mention.name, 4 if mention.name == bare else 0.5
    for match in _LABEL.finditer(source.text):
        if name := _name_at_start(source.text[match.end() : match.end() + 60], source.names):
            yield name, 1
    for short, full in source.forms.items():
        if short in _SELF and (name := _name_at_start(full, source.names)):
            yield name, 3
    yield from ((name, 4) for name in source.names.counts() if name in squeezed(source.file))
    for line in source.end[-25:]:
        if signed := re.match(rf"(\S{{2,40}}?{FORM})(?:董事会|$|\s)", line.strip()):
            yield source.names.resolve(signed[1]), 1.5


def _name_at_start(text: str, names: Names) -> str:
    first = next(names.mentions(text), None)
    return first.name if first and first.start == 0 else ""


def _in_title(source: Source) -> Iterator[tuple[str, float]]:
    title = squeezed(source.title)
    for mention in source.names.mentions(title):
        before = title[: mention.start]
        if not before:
            yield mention.name, 7
        elif before.endswith(("关于", "关于对")):
            yield mention.name, 6
        else:
            yield mention.name, 3


_TICKER = re.compile(
    r"(?:A\s*股)?(?:证券|股票)代码\s*[:：|]\s*(\d{6})(?!\d)|(?:股份代號|股份代号|股票代码)\s*[:：|]?\s*(\d{4,5}(?:\.HK)?)(?!\d)"
    r"|Trading\s+symbol(?:\(s\))?\s*[:|]\s*([A-Z]{1,5})\b|\b(?:NYSE|NASDAQ)[^)\n:]{0,20}:\s*([A-Z]{1,5})\b"
    r"|\s([A-Z]{1,5})\s*\|?\s*(?:The\s+)?(?:New York Stock Exchange|NYSE\b|Nasdaq\b|NASDAQ\b)",
    re.IGNORECASE,
)


def ticker_of(cover: Sequence[str]) -> str:
    """The code of the company's shares as the first pages print it; empty where they do not."""
    for match in _TICKER.finditer("\n".join(cover)):
        code = next(group for group in match.groups() if group)
        if code.isdigit() or code.isupper():
            return code
    return ""
