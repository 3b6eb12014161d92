"""What a question asks for, part by part.

A part is a measure of a list ("A和B各是多少"), a period, a company, a clause with a question word of
its own ("…是多少?原因是什么?"), or the result of a calculation. A question for one thing has no parts:
an answer to it cannot be half of one. :mod:`rag.answer.answered` tells which parts a draft answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer.asked import Kind, asked
from rag.answer.operation import Operation, operation
from rag.index.terms import normalise
from rag.retrieve.query import Query
from rag.verify.figures import find_figures
from rag.verify.labels import meaning
from rag.verify.periods import listed

PartKind = Literal["measure", "period", "company", "figure", "reason", "when", "who", "result"]

_CLAUSE = re.compile(
    r"[,，;；?？。!！]|(?<=[a-z]) and (?=(?:by )?(?:how|what|who|when|why|which)\b)", re.I
)
_REASON = re.compile(r"为什么|为何|原因|\bwhy\b|\breasons?\b|what caused", re.I)
_WHEN = re.compile(
    r"什么时候|何时|哪一?[年天]|哪个月|几月|\bwhen\b|what date|which (?:year|month|day)", re.I
)
_WHO = re.compile(r"是谁|由谁|谁(?![更最])|哪家|哪位|\bwho\b|\bwhose\b", re.I)
_HOW_MUCH = re.compile(
    r"多少|多大|百分之几|几(?:成|倍|个|家|人|名|项|次|年|天|种|位|条|款)|\bhow (?:much|many|large|high)\b|\bwhat (?:was|were|is|are|share|percentage|proportion)\b",
    re.I,
)
_LIST = re.compile(
    r"(?P<items>[^,，;；?？。、]{2,40}?(?:、[^,，;；?？。、]{2,24}?)*(?:、|和|与|及|以及)[^,，;；?？。、]{2,24}?)"
    r"(?:分别|各自|各)?(?:是|为|有)?(?P<ask>多少|几[个家人名项次]|什么|多大|如何)"
)
_LIST_EN = re.compile(
    r"\b(?:what|how much|how many) (?:(?:was|were|is|are|did)\s)?(?:the )?(?P<items>[a-z&/ -]{3,60}?(?:, [a-z&/ -]{3,40}?)*,? and (?:the )?[a-z&/ -]{3,40}?)"
    r"(?= (?:of|for|in|at|on|as|by|from|during|promised?|do|does|did|were|was|is|are|the)\b|\?|$)",
    re.I,
)
_ITEM = re.compile(r"、|以及|和|与|及|, and (?:the )?| and (?:the )?|, ", re.I)
_AND = re.compile(r"^(?:a?nd )(?=by |how|what|who|when|why|which)", re.I)
_RATE = re.compile(r"占|同比|环比|增速|[增降跌涨]幅|百分之")
_APART = re.compile(
    r"分别|各自|各(?:是|为|有)?(?:多少|几|什么)|\brespectively\b|\beach\b|\bboth\b", re.I
)
_MEASURE = re.compile(
    r"[数值额率价量费款积比润入本重债]$"
    r"|(?:revenues?|sales|profits?|income|loss(?:es)?|costs?|expenses?|margins?|rates?|ratios?|irr|prices?|values?|numbers?|amounts?|balances?|periods?|dates?|shares?|areas?|capacity|provisions?|dividends?|assets|liabilities|debt|headcount|yields?)$",
    re.I,
)
"""How a thing ends that is asked for by itself."""
_EACH = re.compile(r"分别|各自|各(?:是|为|有)?(?:多少|几|什么)")
_EDGES = re.compile(r"^(?:请问|那么|那|在|的|其中|the |its )+|(?:的|是|为|分别|各自|各)+$", re.I)
_COMBINED = re.compile(
    r"合计|总共|一共|之和|加起来|相比|谁|哪|combined|in total|together|which", re.I
)
_CHOICE = re.compile(r"谁|哪|从多少|吗[?？]?$|\bwhich\b", re.I)
_MOST_PERIODS = 8
_LONGEST = 600
"""Characters of a question that is taken apart: a longer one is a text of its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked for: `name` as it is told to a model and a reader, `question` what
    asks for it alone ("" where that cannot be said), and what it is recognised by."""

    kind: PartKind
    name: str
    question: str = ""
    period: str = ""
    filings: frozenset[str] = frozenset()
    wants: Kind = ""


def parts_of(query: Query) -> tuple[Part, ...]:
    """The parts of a question in its order; empty where it asks for one thing."""
    if len(query.text) > _LONGEST:
        return ()
    clauses = tuple(_clauses(query))
    if len(clauses) > 1:
        return clauses
    wanted = operation(query)
    if wanted is not None and not _CHOICE.search(query.text) and query.form != "reason":
        name = _RESULTS[wanted][query.language == "en"]
        return (Part("result", name, query.text),)
    found = (*_companies(query), *_measures(query), *_periods(query))
    return found if len(found) > 1 else ()


_RESULTS: dict[Operation, tuple[str, str]] = {
    "growth": ("增长率", "the growth rate"),
    "difference": ("差额", "the difference"),
    "share": ("占比", "the share"),
    "multiple": ("倍数", "the multiple"),
    "sum": ("合计", "the total"),
    "average": ("平均", "the average"),
}


def _clauses(query: Query) -> Iterator[Part]:
    """Clauses that each ask something, each under the company and period of the whole question."""
    at, text = 0, query.text
    for end in (*(m.start() for m in _CLAUSE.finditer(text)), len(text)):
        clause, at = text[at:end].strip(" ,，;；?？。"), end + 1
        kind = _clause_kind(clause)
        if kind is None:
            continue
        clause = _AND.sub("", clause)
        rate = _RATE.search(clause) is not None
        wants = "percentage" if rate else asked(replace(query, text=clause)).kind
        yield Part(kind, clause, _alone(query, clause), wants=wants)


def _clause_kind(clause: str) -> PartKind | None:
    for kind, pattern in _CLAUSE_KINDS:
        if pattern.search(clause):
            return kind
    return None


_CLAUSE_KINDS: tuple[tuple[PartKind, re.Pattern[str]], ...] = (
    ("reason", _REASON),
    ("when", _WHEN),
    ("figure", _HOW_MUCH),
    ("who", _WHO),
)


def _alone(query: Query, clause: str) -> str:
    """A clause as a question of its own: with the company and periods that only others name."""
    missing = [
        name for name in dict.fromkeys(query.companies.values()) if name not in normalise(clause)
    ]
    dates = [f.text for f in find_figures(query.text) if f.kind == "date"]
    if len(dates) == 1 and dates[0] not in clause:
        missing += dates
    english = query.language == "en"
    lead = f"{', '.join(missing)}: " if english and missing else "".join(missing)
    return f"{lead}{clause}?"


def _companies(query: Query) -> Iterator[Part]:
    names: dict[str, set[str]] = {}
    for filing, name in query.companies.items():
        names.setdefault(name, set()).add(filing)
    for name, filings in names.items() if len(names) > 1 else ():
        yield Part("company", name, _without(query.text, name, names), filings=frozenset(filings))


def _without(text: str, name: str, names: Sequence[str] | dict[str, set[str]]) -> str:
    """The question about one of the companies that it names."""
    others = "|".join(re.escape(other) for other in names if other != name)
    joined = rf"(?:{others})\s*(?:、|和|与|及|, and|and|,)?\s*|\s*(?:、|和|与|及|, and|and|,)\s*(?:{others})"
    return re.sub(joined, "", normalise(text))


def _measures(query: Query) -> Iterator[Part]:
    """The measures of a list before one question word."""
    english = query.language == "en"
    match = (_LIST_EN if english else _LIST).search(query.text)
    if match is None or _COMBINED.search(query.text):
        return
    before, items = query.text[: match.start("items")], match["items"]
    prefix = items[: _prefix(query, items)]
    names = [_EDGES.sub("", item.strip()) for item in _ITEM.split(items[len(prefix) :])]
    after = _EACH.sub(lambda m: re.sub("分别|各自|各", "", m[0]), query.text[match.end("items") :])
    if not 2 <= len(names) <= 5 or any(len(n) < 2 or _is_period(n) for n in names):
        return
    if not _APART.search(query.text) and not all(_MEASURE.search(n) for n in names):
        return  # "research and development expenses" is one thing
    for name in names:
        yield Part("measure", name, f"{before}{prefix}{name}{after}")


def _prefix(query: Query, items: str) -> int:
    """Where the first item begins behind the company and the period that hold for all."""
    ends = [f.end for f in find_figures(items) if f.kind == "date"]
    folded = normalise(items)
    ends += [folded.find(n) + len(n) for n in query.companies.values() if n in folded]
    end = max((e for e in ends if e <= _first_join(items)), default=0)
    while end < len(items) and items[end] in "的末底 在度":
        end += 1
    return end


def _first_join(items: str) -> int:
    match = _ITEM.search(items)
    return match.start() if match else len(items)


def _is_period(name: str) -> bool:
    return any(f.kind == "date" for f in find_figures(name)) and len(meaning(name)) < 2


def _periods(query: Query) -> Iterator[Part]:
    """The periods of a list or range; "2021年到2023年" is three."""
    dates = [f for f in find_figures(query.text) if f.kind == "date"]
    for count in range(_MOST_PERIODS, 1, -1):
        periods = listed(query.text, dates, count)
        if not periods or len(set(periods)) < count:
            continue
        first, last = dates[0].start, dates[-1].end
        for period in periods:
            said = next((f.text for f in dates if f.unit == period), period)
            yield Part("period", said, query.text[:first] + said + query.text[last:], period)
        return
