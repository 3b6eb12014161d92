"""What a question asks for, part by part, and which parts a draft leaves open.

A part is a measure of a list ("A和B各是多少"), a period, a company, a clause with a question word of
its own ("…是多少?原因是什么?"), or the result of a calculation. A question for one thing has no parts:
an answer to it cannot be half of one. Whether a part is answered is judged mildly: a draft that
says it in other words must not be called incomplete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer.asked import Kind, asked
from rag.answer.draft import Draft
from rag.answer.operation import Operation, operation
from rag.index.terms import normalise, query_terms, terms
from rag.retrieve.query import Query
from rag.verify.dates import contains
from rag.verify.evidence import facts_of
from rag.verify.facts import Fact
from rag.verify.figure import unit_class
from rag.verify.figures import find_figures
from rag.verify.labels import meaning
from rag.verify.periods import agree, listed

PartKind = Literal["measure", "period", "company", "figure", "reason", "when", "who", "result"]

_MARKER = re.compile(r"\[\d{1,3}\]")
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
_CAUSE = re.compile(
    r"主要系|主要是|原因|由于|因为|因|所致|导致|基于|为了|鉴于|受.{1,20}影响|because|due to|owing to|as a result|driven by|reason|attributable to|reflect",
    re.I,
)
_CHANGE_ASKED = re.compile(
    r"增|减|变|幅|升|降|涨|跌|chang|grow|ris|rose|fell|increas|decreas", re.I
)
_COMBINED = re.compile(
    r"合计|总共|一共|之和|加起来|相比|谁|哪|combined|in total|together|which", re.I
)
_CHOICE = re.compile(r"谁|哪|从多少|吗[?？]?$|\bwhich\b", re.I)
_ABOUT_SOURCES = re.compile(
    r"^(?:所给|提供的|上述|以上|现有)?(?:资料|来源|文档)[中里内]?并?(?:没有|未|无)(?:提及|提到|提供|说明|披露|载明|给出)?(?:关于)?"
    r"|的?(?:相关)?(?:数据|信息|内容|说明)$"
    r"|^(?:the )?(?:given |provided )?(?:sources?|documents?|context) (?:do|does) not (?:state|mention|contain|provide|give|say|include)(?: any)?(?: information (?:on|about))?",
    re.I,
)
"""What a model says round the thing that it calls missing."""
NAMED = 0.5
"""Share of a measure's words that a draft must have to speak of it."""
_NEW_WORDS = 8
"""Words that the question does not have and that a reason takes."""
_MOST_PERIODS = 8


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


def open_parts(parts: Sequence[Part], draft: Draft, query: Query) -> tuple[Part, ...]:
    """The parts that a draft does not answer; all of them where it says nothing."""
    if not draft.text:
        return tuple(parts)
    said = _Said.of(draft, query)
    left: list[Part] = []
    for kind, judge in (("company", _no_company), ("measure", _no_measure), ("period", _no_period)):
        mine = [part for part in parts if part.kind == kind]
        left += judge(mine, said) if mine else []
    left += [part for part in parts if part.kind in _OPEN and _OPEN[part.kind](part, said, parts)]
    return tuple(part for part in parts if part in left)


@dataclass(frozen=True, slots=True)
class _Said:
    """A draft as read: its text without markers, its figures, and the question's words."""

    text: str
    words: frozenset[str]
    facts: tuple[Fact, ...]
    dates: tuple[str, ...]
    draft: Draft
    query: Query

    @classmethod
    def of(cls, draft: Draft, query: Query) -> _Said:
        text = _MARKER.sub(" ", draft.text)
        figures = find_figures(text)
        facts = tuple(f for f in facts_of(text, figures) if f.figure.kind not in ("date", "code"))
        changes = bool(_CHANGE_ASKED.search(query.text))
        asked_dates = asked(query).periods
        kept = tuple(
            f for f in facts if (changes or f.aspect != "change") and _in_time(f, asked_dates)
        )
        dates = tuple(f.unit for f in figures if f.kind == "date")
        return cls(text, frozenset(terms(text)), kept, dates, draft, query)

    def new_words(self) -> int:
        """Words that say something which the question does not."""
        return len(set(meaning(self.text)) - set(meaning(self.query.text)))


def _in_time(fact: Fact, asked_dates: Sequence[str]) -> bool:
    """Whether a figure can be for a period that is asked about."""
    if not fact.periods or not asked_dates or fact.weak:
        return True
    return any(_overlap(p, a) for p in fact.periods for a in asked_dates) or len(asked_dates) > 1


def _overlap(one: str, other: str) -> bool:
    return agree(one, other) or contains(one, other) or contains(other, one)


def _no_company(parts: Sequence[Part], said: _Said) -> list[Part]:
    cited = {citation.filing_id for citation in said.draft.citations}
    text = normalise(said.text)
    return [p for p in parts if p.name not in text and not p.filings & cited]


def _no_measure(parts: Sequence[Part], said: _Said) -> list[Part]:
    """Measures that a draft does not name while it names others and has too few figures; where it
    names none, all of them if it has fewer figures than there are measures."""
    unnamed = [part for part in parts if not _named(part.name, said)]
    if not unnamed or len(said.facts) >= len(parts):
        return []
    return unnamed if said.facts else []


def _named(name: str, said: _Said) -> bool:
    words = query_terms(name)
    return bool(words) and sum(word in said.words for word in words) / len(words) >= NAMED


def _no_period(parts: Sequence[Part], said: _Said) -> list[Part]:
    unnamed = [p for p in parts if not any(_overlap(p.period, date) for date in said.dates)]
    classes = [unit_class(fact.figure) for fact in said.facts]
    alike = max((classes.count(unit) for unit in classes), default=0)
    return unnamed if unnamed and 0 < alike < len(parts) else []


def _no_figure(part: Part, said: _Said, parts: Sequence[Part]) -> bool:
    """A clause that asks for a figure: one of its kind, and as many as clauses of that kind."""
    if part.wants == "date":
        return _no_date(part, said, parts)
    rates = [f for f in said.facts if unit_class(f.figure) in ("%", "百分点")]
    others = len(said.facts) - len(rates)
    alike = [p for p in parts if p.kind == "figure" and p.wants == part.wants]
    if part.wants == "percentage":
        return not rates and not _computed(said)
    if part.wants in ("amount", "count", "multiple"):
        return (others < len(alike) and part is alike[-1]) or not said.facts
    return False


def _no_date(part: Part, said: _Said, parts: Sequence[Part]) -> bool:
    given = {f.unit for f in find_figures(said.query.text) if f.kind == "date"}
    return not set(said.dates) - given


def _no_reason(part: Part, said: _Said, parts: Sequence[Part]) -> bool:
    return not _CAUSE.search(said.text) and said.new_words() < _NEW_WORDS


def _no_name(part: Part, said: _Said, parts: Sequence[Part]) -> bool:
    return not said.new_words()


def _no_result(part: Part, said: _Said, parts: Sequence[Part]) -> bool:
    """Whether figures are given but not what is to be computed from them."""
    if _computed(said):
        return False
    wanted = operation(said.query)
    classes = [unit_class(fact.figure) for fact in said.facts]
    if wanted in ("growth", "share"):
        return "%" not in classes and "百分点" not in classes
    if wanted == "multiple":
        return "倍" not in classes
    return len(classes) > 1


def _computed(said: _Said) -> bool:
    return any(check.verdict == "computed" for check in said.draft.checks)


_OPEN = {
    "figure": _no_figure,
    "reason": _no_reason,
    "when": _no_date,
    "who": _no_name,
    "result": _no_result,
}


def answers(part: Part, draft: Draft, query: Query) -> bool:
    """Whether a composed line certainly speaks of a part, so that it can fill the gap."""
    said = _Said.of(draft, query)
    if part.kind == "measure":
        return _named(part.name, said) and bool(said.facts)
    if part.kind == "period":
        return any(_overlap(part.period, date) for date in said.dates) and bool(said.facts)
    if part.kind == "company":
        return any(citation.filing_id in part.filings for citation in draft.citations)
    if part.kind == "reason":
        return bool(_CAUSE.search(said.text))
    if part.kind == "result":
        return _computed(said) or not _no_result(part, said, (part,))
    return not _OPEN[part.kind](part, said, (part,))


def missing_named(named: Sequence[str], draft: Draft, query: Query) -> tuple[str, ...]:
    """What a model says is missing, in a few words, without what its own draft does state."""
    said = _Said.of(draft, query)
    short = [_ABOUT_SOURCES.sub("", part).strip(" 。.") or part for part in named]
    return tuple(part for part in short if not (said.facts and _named(part, said)))
