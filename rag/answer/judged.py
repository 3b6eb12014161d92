"""Candidates: every sentence and table row of the passages found, with what speaks for each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.answer.asked import Asked, asked, fits
from rag.answer.bearing import (
    gives_kind,
    label_of,
    of_another,
    shared_run,
    strange_label,
    total_fit,
    whole_label,
)
from rag.answer.context import in_context
from rag.answer.evidence import is_contents, pieces_of, table_head
from rag.answer.slots import Slot, cover, slots_of
from rag.index.terms import terms
from rag.retrieve.query import Query
from rag.types import Hit, Passage
from rag.verify.dates import contains
from rag.verify.evidence import EvidenceSpan, read_evidence
from rag.verify.facts import Fact

READ = 20
"""Passages that are read."""
_SEVERAL = re.compile(
    r"各(?:是|为|有)?(?:多少|几|年|期)|分别|每[年期]|各自|从.{1,30}[变涨跌升降增减]到|respectively|each",
    re.I,
)
_ASKING = re.compile(
    r"多少|多大|多高|多长|多久|几(?:个|家|名|人|项|次|年|种|位|条|款|成|倍|块|处|类|期|月|号|台|套)|百分之几|什么|哪|谁|何时|何地|怎么|为何|怎样"
    r"|\b(?:what|which|who|whom|when|where|why|how)\b",
    re.I,
)
_CAUSE = re.compile(
    r"主要系|主要是|原因|由于|因为|系因|系由|所致|导致|基于|为了|鉴于|受.{1,20}影响|because|due to|owing to|as a result|driven by|reason|attributable to|reflect",
    re.I,
)
_BOILERPLATE = re.compile(
    r"^(?:[(（]?\d+[)）、.]\s*)?(?:请|查阅|核查|获取|访谈|复核|检查|了解|取得|询问|测试|会计师|保荐|结合|说明|披露|分析)|请发行人|请公司|请保荐|[?？]$"
)
ANNOUNCES = re.compile(
    r"(?:如下|下表所示)[^。]{0,12}[:：。]?$|[:：]$|[一二三四五六七八九两几]大[^,，。]{1,10}。$"
)
"""How a sentence ends that announces what follows it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence or row, `passage.text[start:end]`, its facts (figures placed in the passage's
    own offsets), and its `features` for the question, each about 0..1."""

    passage: Passage
    start: int
    end: int
    hit: int
    facts: tuple[Placed, ...]
    stated: frozenset[str]
    """Terms of the piece itself and of its table's head."""
    around: frozenset[str]
    """Terms of its headings and item."""
    features: Mapping[str, float]

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact with its place in the passage, and how well it fits: `label` the share of the
    question that its label and column state, `period` 1, 0.4 unsaid, 0 another, `kind` 0..1."""

    fact: Fact
    start: int
    end: int
    label: float
    focus: float
    period: float
    kind: float
    words: frozenset[str] = frozenset()
    """Terms of its label, its column and what follows it."""

    @property
    def score(self) -> float:
        return self.label + 0.3 * self.focus + 0.4 * self.period + 0.3 * self.kind


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its slots and what kind of figure it asks for."""

    query: Query
    wanted: Asked
    slots: tuple[Slot, ...]
    words: frozenset[str]
    several: bool
    """Whether more than one figure is asked for: periods, a range, 各 and 分别."""
    parts: int = 1
    """How many things are asked, by the words that ask."""
    weight: Mapping[str, float] = field(default_factory=dict)
    """Weight of each search term, for parts of the question."""
    seen: dict[frozenset[str], float] = field(default_factory=dict)

    def stated(self, words: frozenset[str]) -> float:
        """The share of the question that a set of terms states; each set is judged once."""
        mine = words & self.words
        if mine not in self.seen:
            self.seen[mine] = cover(self.slots, lambda slot: float(slot.stated_in(mine)))
        return self.seen[mine]


def question_of(query: Query, weight: Mapping[str, float]) -> Question:
    """A question made ready for judging candidates."""
    slots = slots_of(query, weight)
    words = frozenset(t for slot in slots for way in slot.ways for t in way)
    wanted = asked(query)
    several = (
        wanted.spans
        or len(wanted.periods) > 1
        or query.form == "several"
        or bool(_SEVERAL.search(query.text))
    )
    parts = max(1, len(_ASKING.findall(query.text)))
    return Question(query, wanted, slots, words, several, parts, weight)


def candidates(question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """All sentences and rows of the first passages, in order; contents pages are left out."""
    found: list[Candidate] = []
    for hit in hits[:READ]:
        if not is_contents(hit.passage):
            found += _of_passage(question, hit)
    return found


def _of_passage(question: Question, hit: Hit) -> list[Candidate]:
    passage = hit.passage
    spans = pieces_of(passage)
    words = [frozenset(terms(passage.text[a:b])) for a, b in spans]
    head = frozenset(terms(table_head(passage))) if passage.kind == "table" else frozenset()
    section = frozenset(terms("\n".join((*passage.section[-3:], passage.item))))
    every = frozenset().union(head, section, *words)
    facts = _placed(question, hit, section)
    found = []
    for i, (a, b) in enumerate(spans):
        here = tuple(f for f in facts if a <= f.start < b)
        near = frozenset().union(*words[max(0, i - 2) : i], *words[i + 1 : i + 2])
        levels = (words[i], head, section, near, every)
        features = _features(question, hit, (a, b), levels, here)
        found.append(Candidate(passage, a, b, hit.rank, here, words[i] | head, section, features))
    return found


def _placed(question: Question, hit: Hit, section: frozenset[str]) -> list[Placed]:
    passage = hit.passage
    context = in_context(passage)
    shift = len(context) - len(passage.text)
    found = []
    for fact in read_evidence(EvidenceSpan(hit.rank, passage.text, context)).facts:
        if fact.figure.start < shift:
            continue
        label = frozenset(terms(f"{fact.label} {fact.column}"))
        tail = frozenset(terms(fact.tail))
        words = [t for t in label if not t[0].isdigit()]
        found.append(
            Placed(
                fact,
                fact.figure.start - shift,
                fact.figure.end - shift,
                question.stated(label | tail),
                sum(t in question.words for t in words) / len(words) if words else 0.0,
                period_fit(question.wanted, fact),
                fits(question.wanted.kind, fact.figure.unit, bare=fact.figure.bare),
                label | tail,
            )
        )
    return found


def period_fit(wanted: Asked, fact: Fact) -> float:
    """1 where a fact stands for an asked period, 0.4 where it says none, 0 for another."""
    if not wanted.periods:
        return 0.5
    stated = fact.periods or fact.named
    if not stated:
        return 0.4
    sure = bool(fact.periods) and not fact.weak
    for want in wanted.periods:
        if any(contains(want, s) or contains(s, want) for s in stated):
            return 1.0 if sure else 0.7
    return 0.0 if sure else 0.2


def _features(
    question: Question,
    hit: Hit,
    span: tuple[int, int],
    levels: Sequence[frozenset[str]],
    facts: Sequence[Placed],
) -> dict[str, float]:
    own, head, section, near, every = levels
    passage, text = hit.passage, hit.passage.text[span[0] : span[1]]
    slots, query, stated = question.slots, question.query, question.stated
    in_own, in_head = stated(own), stated(own | head)
    in_section, in_near = stated(own | head | section), stated(own | head | section | near)
    fresh = [f for f in facts if f.fact.figure.text not in query.text]
    best = max(fresh, key=lambda f: f.score, default=None)
    numeric = question.wanted.kind not in ("", "date")
    content = [t for t in own if not t[0].isdigit()]
    label = label_of(passage, text, [f.fact for f in facts])
    return {
        "own": in_own,
        "head": in_head - in_own,
        "section": in_section - in_head,
        "near": in_near - in_section,
        "passage": stated(every) - in_near,
        "label": best.label if best else 0.0,
        "focus": best.focus if best else 0.0,
        "kind": max((f.kind for f in fresh), default=0.0) if numeric else 0.5,
        "period": best.period if best else 0.3,
        "periods": _periods(query, own | head),
        "precise": sum(t in question.words for t in content) / len(content) if content else 0.0,
        "rank": 1 / hit.rank,
        "hit": hit.score,
        "facts": min(len(fresh), 10) / 10,
        "heavy": _heaviest(slots, own | head | section),
        "table": float(passage.kind == "table"),
        "question": float(passage.speaker == "question"),
        "opinion": float(passage.speaker == "opinion"),
        "boiler": float(bool(_BOILERPLATE.search(text))),
        "announces": float(bool(ANNOUNCES.search(text))),
        "cause": float(query.form == "reason" and bool(_CAUSE.search(text))),
        "bare": float(numeric and not fresh),
        "whole_label": whole_label(query.text, label),
        "strange": strange_label(question.words, label) if label else 0.0,
        "total": total_fit(query.text, label),
        "another": of_another(query.text, passage, text, label),
        "run": shared_run(query.text, text),
        "gives": gives_kind(
            query.text, text, form=query.form, dated=question.wanted.kind == "date"
        ),
        "long": min(len(text), 400) / 400,
        "short": float(len(text) < 12),
        "exact": cover(
            [s for s in slots if s.kind in ("code", "figure")] or slots[:0],
            lambda s: float(s.stated_in(own | head)),
        ),
    }


def _heaviest(slots: Sequence[Slot], words: frozenset[str]) -> float:
    """The share of the question's three rarest ideas that is stated."""
    rarest = sorted(slots, key=lambda slot: -slot.weight)[:3]
    return sum(slot.stated_in(words) for slot in rarest) / len(rarest) if rarest else 0.0


def _periods(query: Query, words: frozenset[str]) -> float:
    if not query.periods:
        return 0.5
    return sum(p in words for p in query.periods) / len(query.periods)
