"""Facts: each figure of a text with what it measures, for which period, and which way it points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.verify.figure import ONE, Figure, unit_class
from rag.verify.labels import Aspect, aspect, content
from rag.verify.periods import Token, aligned, base_of, governing, tokens_of
from rag.verify.signs import direction, trend

_CLAUSE = re.compile(
    r"(?:,(?!\d{3}(?!\d)|\s(?:Inc|Ltd|LLC|Corp|Co)\b)|[\uff0c;\uff1b。:\uff1a!\uff01?\uff1f])\s?|(?<!Inc)(?<!Ltd)(?<!Corp)(?<!Co)\.\s"
)
_LIST = re.compile(r"\s?(?:、|,|\uff0c|和|及|与|以及|, and|and)\s?")
_ITEMS = re.compile(r"、|和|及|与|以及|, and |,\s| and ")
_HEAD = 24
"""Characters of a heading before a colon that still names what follows."""
_HOLDING = re.compile(r"的?(?:股权|股份|权益|份额)|[为是]$")
_RESPECTIVELY = re.compile(r"分别|依次|respectively", re.IGNORECASE)


Role = Literal["", "from", "to", "part"]
_FROM = re.compile(
    r"(?:由|从|自|\bfrom)[^,\uff0c;\uff1b]{0,14}$"
    r"|(?:较|相比于?|compared (?:with|to)|versus|vs\.?|\bthan)\s?(?:上年同期|上年|去年同期?|20\d\d\s?年(?:度|末|同期|上半年|前三季度|\d{1,2}(?:-\d{1,2})?月(?:末|\d{1,2}日)?)?)?的?\s?$",
    re.IGNORECASE,
)
_PART = re.compile(r"(?:其中|包括|\bof which|\bincluding)[:\uff1a,\uff0c]?\s?$", re.IGNORECASE)
_TO = re.compile(r"(?:至|到|\bto)(?:约|近|超过|人民币)?\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure in its place.

    `label` is the words that say what it measures (in a table the row's label), `column` the
    column's header, `wide` everything that the sentence or row says before it. `periods` holds the
    period it stands for (empty: not said), `named` all periods of its sentence or row, `bases`
    those that it is compared with. `unit` from a table is already applied to the figure. `line`
    and `table` tell which facts stand side by side (-1: no table).
    """

    figure: Figure
    label: str
    wide: str
    periods: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    direction: int = 0
    aspect: Aspect = ""
    column: str = ""
    index: int = -1
    line: int = -1
    table: int = -1
    weak: bool = False
    """Whether the period is only surmised from the sentence before or the caption."""
    aligned: bool = False
    """Whether the period was given by place in a list ("2022年、2023年分别为 a、b")."""
    loose: bool = False
    seat: tuple[int, int] = (0, 0)
    """Place and length in a list of figures whose periods are not named ("报告期各期分别为 …")."""
    role: Role = ""
    """In "由 a 增至 b" and "较 a": whether it is a or b; "part" in "其中 a 为 …"."""
    trend: int = 0
    tail: str = ""
    """The words after the figure that go with it ("5亿元拟投入甲项目")."""
    n: int = 0
    quoted: bool = True


def sentence_facts(
    sentence: str, figures: Sequence[Figure], *, main: str = "", carried: str = ""
) -> list[Fact]:
    """The facts of one sentence; `figures` have offsets within it.

    `main` is the period that 报告期 refers to, `carried` the period of the sentence before, which
    holds (weakly) where this one names none.
    """
    tokens = tokens_of(sentence, figures, carried or main)
    measured = [f for f in figures if f.kind not in ("date", "code")]
    labels = _labels(sentence, measured)
    facts = [
        _fact(sentence, f, (labels[i], tokens, measured), carried or main)
        for i, f in enumerate(measured)
    ]
    return _align(sentence, facts, tokens)


def _fact(
    sentence: str,
    figure: Figure,
    about: tuple[str, Sequence[Token], Sequence[Figure]],
    carried: str,
) -> Fact:
    label, tokens, measured = about
    following = next((f.start for f in measured if f.start >= figure.end), len(sentence))
    after = sentence[figure.end : min(following, figure.end + 14)]
    local = sentence[_local_start(sentence, figure, measured) : figure.start]
    points = direction(local, after)
    periods = governing(sentence, figure, tokens, measured)
    return Fact(
        figure,
        label=label,
        wide=_wide(sentence, figure, measured, label),
        periods=periods or ((carried,) if carried and not tokens else ()),
        named=tuple(t.canonical for t in tokens),
        bases=base_of(tokens, figure),
        role=_role(local),
        trend=trend(local),
        tail=_tail(sentence, figure, following),
        direction=points,
        aspect=aspect(local) if points or not trend(local) else "",
        weak=not periods,
    )


def _wide(sentence: str, figure: Figure, measured: Sequence[Figure], label: str) -> str:
    """What the sentence says before its first figure, with the words of this one."""
    telling = [f for f in measured if f.kind != "count" or abs(f.value or ONE) >= 100]
    first = telling[0].start if telling else figure.start
    return sentence[: figure.start] if figure.start <= first else f"{sentence[:first]} {label}"


def _role(local: str) -> Role:
    if _TO.search(local):
        return "to"
    if _PART.search(local):
        return "part"
    return "from" if _FROM.search(local) else ""


def _tail(sentence: str, figure: Figure, following: int) -> str:
    clause = _CLAUSE.search(sentence, figure.end)
    return sentence[figure.end : min(following, clause.start() if clause else len(sentence))]


def _local_start(sentence: str, figure: Figure, measured: Sequence[Figure]) -> int:
    """Where the words that belong to a figure begin: after the clause or figure before it."""
    start = max((f.end for f in measured if f.end <= figure.start), default=0)
    for match in _CLAUSE.finditer(sentence, start, figure.start):
        start = match.end()
    return start


def _labels(sentence: str, measured: Sequence[Figure]) -> list[str]:
    """The words before each figure; one that has none of its own goes on with the last ones."""
    labels: list[str] = []
    carried = ""
    for figure in measured:
        start = _local_start(sentence, figure, measured)
        start = _name_start(sentence, figure.start, measured, start)
        local = sentence[start : figure.start]
        if len(content(local)) >= 2:
            carried = local
            labels.append(local)
            continue
        previous = carried or sentence[_clause_before(sentence, start) : start]
        labels.append(f"{previous} {local}".strip())
    return labels


def _name_start(sentence: str, end: int, measured: Sequence[Figure], start: int) -> int:
    """Where the name of the figure at `end` begins that goes on before `start`: over a colon
    ("甲项目:金额为"), or over a share that is part of it ("甲公司15%股权", "均价的80%为")."""
    if sentence[:start].rstrip()[-1:] in (":", "\uff1a"):
        head = _clause_before(sentence, start)
        if start - head <= _HEAD and not any(head <= f.start < start for f in measured):
            return head
    share = next((f for f in measured if f.end == start and f.unit == "%"), None)
    if share is not None and _HOLDING.match(sentence[:end], start):
        return _local_start(sentence, share, measured)
    return start


def _clause_before(sentence: str, start: int) -> int:
    ends = [match.end() for match in _CLAUSE.finditer(sentence, 0, start)]
    return next((end for end in reversed(ends) if end < start), 0)


def _align(sentence: str, facts: list[Fact], tokens: Sequence[Token]) -> list[Fact]:
    """Give each figure of a list ("分别为 a、b、c") its own period, or its own of the things named."""
    out: list[Fact] = []
    for run in _sequences(sentence, facts):
        figures = [fact.figure for fact in run]
        periods = aligned(sentence, tokens, figures) if len(run) > 1 else []
        items = _items(sentence, run) if len(run) > 1 and not periods else []
        for i, fact in enumerate(run):
            if periods:
                fact = replace(fact, periods=(periods[i],), bases=(), weak=False, aligned=True)
            elif len(run) > 1 and not items:
                fact = replace(fact, seat=(i + 1, len(run)))
            if items:
                fact = replace(fact, label=f"{items[i]} {items[-1] if i else ''}".strip())
            if i:
                fact = replace(
                    fact, direction=fact.direction or run[0].direction, aspect=run[0].aspect
                )
            out.append(fact)
    return out


def _sequences(sentence: str, facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    run: list[Fact] = []
    for fact in facts:
        if run:
            last = run[-1].figure
            gap = sentence[last.end : fact.figure.start]
            if not (_LIST.fullmatch(gap) and unit_class(last) == unit_class(fact.figure)):
                yield run
                run = []
        run.append(fact)
    if run:
        yield run


def _items(sentence: str, run: Sequence[Fact]) -> list[str]:
    """The things that "甲、乙和丙的收入分别为 1、2 和 3" names, the last with what is measured."""
    head = sentence[: run[0].figure.start]
    match = _RESPECTIVELY.search(head)
    if match is None:
        return []
    clause = head[_clause_before(head, match.start() + 1) : match.start()]
    items = [item for item in _ITEMS.split(clause) if item.strip()]
    return items if len(items) == len(run) else []
