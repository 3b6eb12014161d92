"""Which parts of a question a draft answers, and which it leaves open.

Judged mildly: a draft that says a thing in other words must not be called incomplete. A line that
is to fill a gap is judged strictly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.asked import asked
from rag.answer.draft import Draft
from rag.answer.operation import operation
from rag.answer.parts import Part
from rag.index.terms import normalise, query_terms, terms
from rag.retrieve.query import Query
from rag.verify.dates import contains
from rag.verify.evidence import facts_of
from rag.verify.facts import Fact
from rag.verify.figure import unit_class
from rag.verify.figures import find_figures
from rag.verify.labels import meaning
from rag.verify.periods import agree

_MARKER = re.compile(r"\[\d{1,3}\]")
_CAUSE = re.compile(
    r"主要系|主要是|原因|由于|因为|因|所致|导致|基于|为了|鉴于|受.{1,20}影响|because|due to|owing to|as a result|driven by|reason|attributable to|reflect",
    re.I,
)
_CHANGE_ASKED = re.compile(
    r"增|减|变|幅|升|降|涨|跌|chang|grow|ris|rose|fell|increas|decreas", re.I
)
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
