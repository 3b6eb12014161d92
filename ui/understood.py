"""What was understood of a question, as words that can be taken out: company, period, measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.retrieve.query import understand
from rag.types import Answer, FilingRef

Role = Literal["company", "period", "measure"]
MOST_MEASURES = 3

_PERIOD = re.compile(
    r"(?:截至|截止)?(?:(?:\b(?:in|for|during|of|at|as of|on|by)\s+)?(?:the\s+)?(?:end of\s+)?"
    r"(?:(?:(?:\d+|three|six|nine|twelve)\s+(?:weeks|months)|(?:fiscal\s+)?(?:year|quarter))\s+ended\s+)?"
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+(?:\d{1,2},?\s*)?)?"
    r"(?:(?:fiscal|financial)(?:\s+year)?|FY|calendar(?:\s+year)?|Q[1-4]|H[12])?\s*"
    r"(?<!\d)(?:19|20)\d\d(?!\d)"
    r"(?:\s*年(?:度|末|底|初)?(?:\s*(?:上半年|下半年|前三季度|第?[一二三四]季度|[1-4]-\d{1,2}\s*月"
    r"|\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)(?:末|底)?)?)?(?:-\d{2}(?:-\d{2})?)?)"
    r"|(?:上半年|下半年|前三季度|第[一二三四]季度|报告期内?末?|期[末初](?=[的，,]|$))"
    r"|\b(?:(?:in|for|during|at|of)\s+)?(?:the\s+)?(?:end of\s+)?(?:the\s+)?"
    r"(?:(?:first|second|third|fourth|last)\s+)?(?:quarter|half[- ]year)\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:同比|环比)?(?:增加|增长|下降|减少|变动)了?(?=多少)|"
    r"(?:分别|各自)?(?:是|为|有)?(?:多少|几)(?:[万亿]?元|家|个|人|股|%|名|项|台|吨|倍)?|分别|各自|"
    r"是什么|有什么|什么|有?哪些|哪[个家]|如何|怎样|怎么|是否|请问|说了|在(?=[“\"《])|(?<=[”\"》])中|"
    r"(?<![子分母总])公司|该|其(?![他它中余])|本次|(?<!目)的|(?<![但还])是|(?<![行作])为|了|和|与|及|"
    r"(?<![同环占])比(?![例重率值较])|谁|吗|呢|[，,。．.？?！!、；;：:“”\"'‘’（）()《》]|"
    r"\b(?:what|which|who|how|much|many|did|does|do|was|were|is|are|be|has|have|had|the|a|an|of|in|"
    r"on|at|to|for|and|by|with|its|their|it|that|there|report|reported|state|stated|say|says|under|"
    r"company|company's|s|end|please|tell|me|earn|earned|from|than)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A part of a question, as it stands there, and what it was understood as."""

    role: Role
    text: str


def words_of(answer: Answer, refs: Sequence[FilingRef]) -> list[Word]:
    """Companies, periods and measures of an answered question, in its own words."""
    question = answer.standalone or answer.question
    companies = list(_companies(question, refs))
    rest = question
    for word in companies:
        rest = rest.replace(word, "\n")
    periods = [match.strip() for match in _PERIOD.findall(rest) if match.strip()]
    rest = _PERIOD.sub("\n", rest)
    measures = [m for m in map(str.strip, re.split(r"\n+", _FILLER.sub("\n", rest))) if len(m) > 1]
    found = [
        *(Word("company", word) for word in companies),
        *(Word("period", word) for word in periods),
        *(Word("measure", word) for word in measures[:MOST_MEASURES]),
    ]
    return list(dict.fromkeys(found))


def _companies(question: str, refs: Sequence[FilingRef]) -> Iterator[str]:
    """Every name of a company that the question is about, the longest form that stands in it."""
    folded = question.lower()
    named = understand(question, refs).companies
    names = [name.lower() for name in named.values()]
    for ref in refs:
        if ref.id in named:
            names += [name.lower() for name in (ref.company, *ref.aliases) if len(name) > 1]
    taken: list[range] = []
    for name in sorted(dict.fromkeys(names), key=len, reverse=True):
        at = folded.find(name)
        if at < 0 or any(at in found for found in taken):
            continue
        end = at + len(name)
        # A short name may go on as the full one does: 甲乙 in 甲乙股份.
        while end < len(folded) and any(
            folded[at : end + 1] in ref.company.lower() for ref in refs if ref.id in named
        ):
            end += 1
        taken.append(range(at, end))
    yield from (question[r.start : r.stop].strip() for r in sorted(taken, key=lambda r: r.start))


def without(question: str, word: str) -> str:
    """A question with a word taken out, and with it what only tied the word to the rest."""
    left = re.sub(rf"\s*{re.escape(word)}(?:['’]s\b)?", " ", question, count=1)
    left = re.sub(r"[（(]\s*[)）]", "", left)
    left = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", " ".join(left.split()))
    left = re.sub(r"\s+([?.,;:])", r"\1", left)
    left = re.sub(
        r"(?:和|与|及|、)(?=分别|各自|是多|为多)|(?<=[年度末的])(?:和|与|及|、)", "", left
    )
    return re.sub(r"^[的、，,和与及\s]+", "", left).strip()
