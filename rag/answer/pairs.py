"""The two figures that a question sets against each other: which two things, and where they stand.

"A占B的比例", "A比B多多少", "A和B哪个高" and their English forms name two operands. Each is looked for
among the figures of the evidence by its own words; the pair that states both best, in one unit and
side by side where there is a choice, is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answer.asked import Asked, asked
from rag.answer.judged import Candidate, Placed, Question, period_fit
from rag.answer.slots import Slot, cover, slots_of
from rag.index.terms import normalise, query_terms, terms
from rag.verify.figure import same_class

CONTEXT = 0.7
"""What a word counts that stands in a figure's caption, heading or sentence, not in its label."""
LEAST = 0.58
"""Share of its words that each operand's figure must state."""
LEAST_ALIKE = 0.5
"""The same for two figures of one column."""
PLAIN = 0.2
"""What an operand's figure loses whose label says other things only."""
NEAREST = 10
"""Figures tried for each operand."""
_SIDE_BY_SIDE = 0.25
_PART = r"(?P<a>[^,，。;；?？]{2,40}?)"
_WHOLE = r"(?P<b>[^,，。;；?？]{2,40}?)"
_THAN = r"(?:较之?|相比于?|比起|(?<![可占对环同])比(?![例率重值较亚]))"
_SHARES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_PART}(?:大约|约)?占(?:到|了)?{_WHOLE}的?(?:比例|比重|百分之|百分比|多大|多少|几成|份额)",
        r"(?P<b>[^,，。;；?？]{2,40}?)(?:里面?|当中|中)有?(?:多少|多大)?(?:比例|百分之几|几成|多大一部分)的?(?:是|在|用于|为|来自|属于)(?P<a>[^,，。;；?？]{2,40})",
        r"(?:what (?:was|were|is) )?(?P<a>[^,?]{2,60}?),? (?:expressed )?as an? (?:percentage|share|proportion|percent) of (?P<b>[^,?]{2,60})",
        r"what (?:share|percentage|proportion|percent|fraction) of (?P<b>[^,?]{2,60}?) (?:was|is|were|are|did|does|do|came from|comes from|went to|had|has) (?P<a>[^?]{2,60})",
    )
)
_DIFFERENCES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_PART}{_THAN}{_WHOLE}(?:分别)?(?:要|会)?(?:增加|减少|下降|上升)?(?:多|少|高|低|大|小|贵|便宜|长|短)(?:出|了)?(?:多少|几|百分之)",
        rf"{_PART}(?:和|与|跟|同){_WHOLE}(?:之间)?(?:的)?(?:相差|差额|差距|差异|差)",
        rf"{_PART}(?:减去|减掉|扣除|扣掉){_WHOLE}(?:后|之后|还|等于|是|,|，|$)",
        r"how much (?:more|less|higher|lower|larger|smaller|greater) (?:was|is|were|are|did|does) (?P<a>[^?]{2,60}?) than (?P<b>[^?]{2,60})",
        r"(?:difference|gap) between (?P<a>[^?]{2,60}?) and (?P<b>[^?]{2,60})",
        r"how far (?:below|above|under|over) (?P<b>[^?]{2,40}?) (?:was|is|were|are|did) (?P<a>[^?]{2,60})",
    )
)
_SUMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_PART}(?:和|与|及|连同|加上|加|、){_WHOLE}(?:两者|二者|两项|两个|两家)?(?:合计|加起来|加在一起|一共|总共|之和|共计)",
        r"(?P<a>[^,?]{2,60}?) (?:and|plus) (?P<b>[^,?]{2,60}?)(?: combined| together| in total|,? taken together)",
        r"sum of (?P<a>[^,?]{2,60}?) and (?P<b>[^,?]{2,60})",
    )
)
_COMPARED = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_PART}(?:和|与|跟|同|、){_WHOLE}(?:相比)?[,，]?(?:谁|哪个|哪一个|哪家|哪项|哪种|哪一项)的?(?P<m>[^,，。;；?？]{{0,12}}?)(?:更|较)?(?:高|低|大|小|多|少|贵|便宜|长|短|快|慢)",
        rf"{_PART}{_THAN}{_WHOLE}(?:是)?(?:要|会)?(?:更)?(?:高|多|大|长|快|贵)(?:些|一些)?(?:还是|或)(?:要|更)?(?:低|少|小|短|慢|便宜)",
        rf"{_PART}(?:是)?(?:高于|低于|多于|少于|大于|小于|超过){_WHOLE}(?:吗|么|还是)",
        r"which (?:is|was|were|had|has)(?: the)? (?:higher|lower|larger|smaller|greater|bigger|more)(?P<m>[^,?]{0,40}),? (?P<a>[^,?]{2,50}?) or (?P<b>[^,?]{2,50})",
        r"(?:is|was|are|were) (?P<a>[^,?]{2,60}?) (?:higher|lower|larger|smaller|greater|more|less)(?: or (?:higher|lower|larger|smaller|greater|more|less))? than (?P<b>[^,?]{2,60})",
    )
)
_EDGES = re.compile(r"^(?:请问|那么|那|在|按|的|其中|,|，|the )+|(?:的|是|分别|各)+$", re.I)
_OWN = re.compile(r"(?:本)?公司$|发行人$|本集团$")
_RATE = re.compile(r"率|比例|占比|比重|[%％]")
_RELATION = re.compile(
    r"占比|比例|比重|百分之|百分比|合计|一共|总共|加起来|相差|差额|口径|水平|增长率?|增幅|增加|减少|下降|上升|降幅|涨幅|变动|(?<=[增涨降跌])了"
    r"|上半年|下半年|年末|年底|期末|\b(?:as a percentage|percentage|percent|proportion|rise|rose|fall|fell|grow|grew|growth|increased?|decreased?|decline|change|first half|second half|year-end|at the end|fiscal|combined|total)\b",
    re.I,
)
"""What says how two figures are related or when they stand, not what either of them is."""
_RATES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"(?:销售)?净利润?率|net (?:profit )?margin", re.I), "净利润", "营业收入"),
    (re.compile(r"毛利率|gross (?:profit )?margin", re.I), "毛利", "营业收入"),
    (re.compile(r"研发(?:费用|投入)率|r&d (?:intensity|ratio)", re.I), "研发费用", "营业收入"),
    (re.compile(r"销售费用率", re.I), "销售费用", "营业收入"),
    (re.compile(r"管理费用率", re.I), "管理费用", "营业收入"),
    (re.compile(r"财务费用率", re.I), "财务费用", "营业收入"),
    (re.compile(r"资产负债率|debt[- ]to[- ]assets?", re.I), "负债合计", "资产总计"),
)  # fmt: skip
"""Rates by their usual definition: numerator and denominator as statements print them."""


@dataclass(frozen=True, slots=True)
class Operand:
    """One of the two things: its words, and the periods that it names itself."""

    text: str
    slots: tuple[Slot, ...]
    wanted: Asked
    dated: bool = False
    """Whether only figures that certainly stand for its period count."""
    own: str = ""
    """The company's name where the operand is the company's own figure."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures, each with the candidate that it stands in; `fit` (0..1) is how well the worse
    of them states its operand."""

    first: Placed
    second: Placed
    sources: tuple[Candidate, ...]
    fit: float
    texts: tuple[str, str]


def shares(question: Question) -> Iterator[tuple[Operand, Operand]]:
    """Part and whole of a share that is asked for."""
    return _operands(question, _SHARES)


def differences(question: Question) -> Iterator[tuple[Operand, Operand]]:
    """Minuend and subtrahend."""
    return _operands(question, _DIFFERENCES)


def sums(question: Question) -> Iterator[tuple[Operand, Operand]]:
    """Two things that are added."""
    return _operands(question, _SUMS)


def compared(question: Question) -> Iterator[tuple[Operand, Operand]]:
    """Two things of which the greater or smaller is asked for."""
    return _operands(question, _COMPARED)


def rates(question: Question) -> Iterator[tuple[Operand, Operand]]:
    """Numerator and denominator of a rate that is asked for by its name."""
    text = _bare(question)
    for pattern, part, whole in _RATES:
        if pattern.search(text):
            rest = _RELATION.sub(" ", pattern.sub(" ", text))
            yield _operand(question, part, rest), _operand(question, whole, rest)


def over_time(question: Question) -> Iterator[tuple[Operand, Operand]]:
    """One measure in the later and the earlier of two periods; the year before where one is named."""
    periods = question.wanted.periods
    if not periods or len(periods) > 2:
        return
    later, earlier = (
        (max(periods), min(periods)) if periods[1:] else (periods[0], before(periods[0]))
    )
    whole = _operand(question, _RELATION.sub(" ", _bare(question)), "")
    for_period = [replace(whole.wanted, periods=(p,)) for p in (later, earlier)]
    yield (
        replace(whole, wanted=for_period[0], dated=True),
        replace(whole, wanted=for_period[1], dated=True),
    )


def before(period: str) -> str:
    """The same period a year earlier."""
    return re.sub(r"\d{4}", lambda m: str(int(m.group()) - 1), period)


def best_pair(
    pair: tuple[Operand, Operand],
    found: Sequence[Candidate],
    wanted: Asked,
    *,
    share: bool = False,
    alike: bool = False,
) -> Pair | None:
    """The figures of `found` that state both operands best; None where one is stated too poorly.

    In a `share` the first may not exceed the second; `alike` operands are figures of the kind that
    the question asks for.
    """
    one, other = (_nearest(operand, found, wanted, alike=alike) for operand in pair)
    best: Pair | None = None
    value = 0.0
    for a, of_a, fit_a in one:
        for b, of_b, fit_b in other:
            if not _goes_together(a, b, of_a, of_b, share=share):
                continue
            together = fit_a + fit_b + _beside(a, b, of_a, of_b)
            if together > value:
                sources = (of_a,) if of_a is of_b else (of_a, of_b)
                value = together
                best = Pair(a, b, sources, min(fit_a, fit_b), (pair[0].text, pair[1].text))
    if best is None:
        return None
    column = best.first.fact.column
    same_column = bool(column) and column == best.second.fact.column
    return best if best.fit >= (LEAST_ALIKE if same_column else LEAST) else None


Near = tuple[Placed, Candidate, float]


def _nearest(
    operand: Operand, found: Sequence[Candidate], wanted: Asked, *, alike: bool = False
) -> list[Near]:
    """The figures that state an operand best, in its own periods or the question's."""
    periods = operand.wanted if operand.wanted.periods else wanted
    near = [
        (placed, candidate, _fit(operand, placed, candidate, periods))
        for candidate in found
        for placed in candidate.facts
        if placed.fact.figure.kind != "date"
        and placed.fact.figure.value is not None
        and (placed.kind > 0 or not alike)
    ]
    near.sort(key=lambda item: -item[2])
    return near[:NEAREST]


def _fit(operand: Operand, placed: Placed, candidate: Candidate, wanted: Asked) -> float:
    around = candidate.around | candidate.stated

    def stated(slot: Slot) -> float:
        if slot.stated_in(placed.words):
            return 1.0
        return CONTEXT if slot.stated_in(placed.words | around) else 0.0

    period = period_fit(wanted, placed.fact) if wanted.periods else 1.0
    if operand.dated and period < 0.7:
        return 0.0
    by_period = 1.0 if period >= 1 else 0.95 if period >= 0.7 else 0.85 if period >= 0.4 else 0.4
    said = [t for t in terms(placed.fact.label) if not t[0].isdigit()]
    asked_for = frozenset(t for slot in operand.slots for way in slot.ways for t in way)
    precise = sum(t in asked_for for t in said) / len(said) if said else 0.0
    label = normalise(placed.fact.label).strip(" :：")
    named = 0.1 if label == operand.text or (operand.own and _OWN.match(label)) else 0.0
    if operand.own and any(name in label for name in (operand.own, *_names(candidate))):
        named = 0.2
    score = named + cover(operand.slots, stated) * by_period * (1 - PLAIN + PLAIN * precise)
    return score + 0.004 / candidate.hit


def _goes_together(a: Placed, b: Placed, of_a: Candidate, of_b: Candidate, *, share: bool) -> bool:
    """Whether two figures can be operands of one expression."""
    if (of_a.passage.id, a.start) == (of_b.passage.id, b.start):
        return False
    one, other = a.fact.figure, b.fact.figure
    if not same_class(one, other) or of_a.passage.filing.company != of_b.passage.filing.company:
        return False
    if one.value is None or other.value is None or one.value == other.value:
        return False
    if not share:
        return True
    rate = any(_RATE.search(f"{f.fact.label} {f.fact.column}") for f in (a, b))
    return not rate and one.unit != "%" and 0 < one.value < other.value


def _beside(a: Placed, b: Placed, of_a: Candidate, of_b: Candidate) -> float:
    """What it counts that two figures stand side by side: one row, column, sentence or passage."""
    if of_a is of_b:
        return _SIDE_BY_SIDE
    if of_a.passage.id != of_b.passage.id:
        return 0.0
    same_column = bool(a.fact.column) and a.fact.column == b.fact.column
    return _SIDE_BY_SIDE * (0.9 if same_column else 0.5)


def _operands(
    question: Question, patterns: Sequence[re.Pattern[str]]
) -> Iterator[tuple[Operand, Operand]]:
    text = _bare(question)
    for pattern in patterns:
        match = pattern.search(text)
        if match is None:
            continue
        a, b = (_EDGES.sub("", _RELATION.sub(" ", match[name])).strip() for name in "ab")
        measure = match["m"] if "m" in pattern.groupindex and match["m"] else ""
        if a and b:
            yield (
                _operand(question, a, _RELATION.sub(" ", measure or _head(b, a))),
                _operand(question, b, _RELATION.sub(" ", measure or _head(a, b))),
            )


def _bare(question: Question) -> str:
    """The question in normal form; the names of its companies are left out with its slots."""
    return normalise(question.query.text)


def _head(of: str, own: str) -> str:
    """What one operand says for both: the noun behind its last 的 ("东厂的单价比西厂低…")."""
    head = of.rsplit("的", 1)[-1] if "的" in of else ""
    return "" if not head or head in own or len(of) <= len(own) else head


def _foreign(question: Question, slot: Slot) -> bool:
    """Whether a word of an English question has no form that a Chinese filing could print."""
    return (
        question.query.language == "en" and slot.kind == "word" and slot.text not in question.weight
    )


def _operand(question: Question, text: str, also: str) -> Operand:
    words = f"{text} {also}".strip()
    query = replace(question.query, text=words, terms=tuple(query_terms(words)))
    slots = tuple(
        s
        for s in slots_of(query, question.weight)
        if s.kind != "period" and not _foreign(question, s)
    )
    own = next((name for name in question.query.companies.values() if name in text), "")
    return Operand(text, slots, asked(query), own=own)


def _names(candidate: Candidate) -> tuple[str, ...]:
    ref = candidate.passage.filing
    return tuple(normalise(name) for name in (ref.company, *ref.aliases) if name)
