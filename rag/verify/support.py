"""Whether the evidence states a claimed figure for that subject and period, or another one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.verify.facts import Fact
from rag.verify.figure import ONE, Figure, rounds_to, same_class, unit_class, with_unit
from rag.verify.labels import content, coverage, similarity
from rag.verify.names import find_names, has_name, squeezed
from rag.verify.periods import agree, mentions
from rag.verify.signs import signs_agree

Reason = Literal["", "not stated", "sign", "period", "subject"]
_RATE = re.compile(
    r"率|比例|占比|比重|增减|幅|同比|环比|%|percent|margin|rate|change", re.IGNORECASE
)
_COUNTED = re.compile(
    r"人数|数量|户数|家数|台数|次数|销量|产量|number|headcount|quantity", re.IGNORECASE
)
_GENERIC = frozenset("个家店件批处座")
_SELF = re.compile(r"公司|发行人|本集团|\b(?:we|our|the company)\b", re.IGNORECASE)

ROW_MARGIN = 0.12
PROSE_MARGIN = 0.2


@dataclass(frozen=True, slots=True)
class Support:
    """The fact that states a claim, or why none does: the first condition that all failed."""

    fact: Fact | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Asked:
    """The question and the periods that it names; both may be empty."""

    question: str = ""
    periods: tuple[str, ...] = ()


def find_support(claim: Fact, facts: Sequence[Fact], asked: Asked) -> Support:
    """The best of `facts` that states `claim`: value, then sign, period and subject must fit.

    Where the claim itself names no period or row, the question's counts.
    """
    kept = [fact for fact in facts if says(fact, claim.figure)]
    reason: Reason = "not stated"
    steps: tuple[tuple[Reason, list[Fact]], ...] = ()
    if kept:
        kept_sign = [f for f in kept if signs_agree(claim, f, asked.question)]
        kept_period = [f for f in kept_sign if _period_fits(claim, f, facts, asked)]
        kept_subject = [f for f in kept_period if _subject_fits(claim, f, facts, asked.question)]
        steps = (("sign", kept_sign), ("period", kept_period), ("subject", kept_subject))
        kept = kept_subject
        reason = next((name for name, left in steps if not left), "")
    if not kept:
        return Support(None, reason)
    return Support(max(kept, key=lambda f: (f.quoted, similarity(name_of(f), name_of(claim)))), "")


def says(fact: Fact, claimed: Figure) -> bool:
    """Whether the figure of `fact` has the claimed magnitude and class of unit, sign aside.

    A cell whose unit is nowhere stated must show the very digits of the claim.
    """
    stated = fact.figure
    if stated.number is None or claimed.number is None or claimed.value is None:
        return False
    number = abs(stated.number)
    rate = bool(_RATE.search(f"{fact.column} {fact.label}" if fact.column else fact.wide))
    if fact.loose and claimed.kind == "percentage" and rate:
        stated = with_unit(stated, claimed.unit)
    if stated.bare or claimed.bare:
        if stated.kind == "percentage" or not _plausible(fact, stated, claimed):
            return False
        said = {number, abs(stated.value or number)} if claimed.bare else {number}
        return abs(claimed.number) in said
    if stated.value is None or not _comparable(stated, claimed):
        return False
    return rounds_to(abs(stated.value), replace(claimed, value=abs(claimed.value)))


def _plausible(fact: Fact, stated: Figure, claimed: Figure) -> bool:
    """Whether a number without unit can be the claimed one: a rate is no amount, nor a headcount."""
    if not stated.bare or claimed.bare:
        return True
    if not fact.loose and claimed.kind != "count":
        return False
    where = f"{fact.column} {fact.label}"
    if claimed.kind == "percentage":
        return fact.loose and (bool(_RATE.search(where)) or fact.table < -1)
    if fact.table >= 0 and fact.column and _RATE.search(fact.column):
        return unit_class(claimed) == "倍"
    if claimed.kind == "amount" and _COUNTED.search(where):
        return unit_class(claimed) == "股"
    return True


def _comparable(a: Figure, b: Figure) -> bool:
    if same_class(a, b):
        return True
    one, other = (unit_class(f).partition("/") for f in (a, b))
    if one[0] == other[0] and not (one[2] and other[2]):
        return bool(one[0])  # "24.47元" for 24.47元/股
    units = {unit_class(a), unit_class(b)}
    return "个" in units and units <= _GENERIC and a.scale >= ONE


def _period_fits(claim: Fact, fact: Fact, facts: Sequence[Fact], asked: Asked) -> bool:
    if not fact.periods:
        return True
    if not claim.periods or claim.weak:
        return claim.role == "from" or not _other_column_asked(fact, facts, asked)
    if claim.aspect == "change" and not _bases_fit(claim, fact):
        return False
    if any(agree(c, f) for c in claim.periods for f in fact.periods):
        return not (fact.aspect == "change" and set(claim.periods) <= set(fact.bases))
    compared = {base for f in facts if f.line == fact.line for base in f.bases}
    named = tuple(period for period in fact.named if period not in compared)
    if (
        fact.table >= 0
        or fact.weak
        or fact.aligned
        or not any(mentions(named, c) for c in claim.periods)
    ):
        return False
    if fact.aspect == "change" and any(agree(c, b) for c in claim.periods for b in fact.bases):
        return False
    rivals = (f for f in facts if f.line == fact.line and f is not fact)
    return not any(
        same_class(rival.figure, fact.figure)
        and any(agree(c, p) for c in claim.periods for p in rival.periods)
        for rival in rivals
    )


def _bases_fit(claim: Fact, fact: Fact) -> bool:
    """Whether a change is measured from the period that the source measures it from."""
    if not claim.bases:
        return True
    if claim.bases == claim.periods:
        return False  # "2015年较2015年": a year compared with itself
    return not fact.bases or any(agree(c, b) for c in claim.bases for b in fact.bases)


def _other_column_asked(fact: Fact, facts: Sequence[Fact], asked: Asked) -> bool:
    """Whether the row of `fact` has another cell for the period that the question names."""
    if len(asked.periods) != 1 or fact.table < 0 or fact.weak:
        return False
    if any(agree(asked.periods[0], p) for p in fact.periods):
        return False
    row = (f for f in facts if f.table == fact.table and f.line == fact.line)
    return any(agree(asked.periods[0], p) for f in row for p in f.periods)


def _subject_fits(claim: Fact, fact: Fact, facts: Sequence[Fact], question: str) -> bool:
    if claim.figure.kind == "percentage" and not _aspect_fits(claim, fact):
        return False
    if _across_languages(claim, fact):
        return True
    if fact.table >= 0:
        return _row_fits(claim, fact, facts, question) and _column_fits(
            claim, fact, facts, question
        )
    if claim.role and fact.role and claim.role != fact.role:
        return False
    in_list = claim.seat[1] and claim.seat[1] == fact.seat[1] and not claim.periods
    if in_list and claim.seat != fact.seat:
        return False
    return (
        _clause_fits(claim, fact, facts)
        and _tail_fits(claim, fact, facts)
        and _company_fits(claim, fact)
    )


def _across_languages(claim: Fact, fact: Fact) -> bool:
    """Whether claim and source share no script, so that their words cannot be compared."""
    ours, theirs = name_of(claim), name_of(fact)
    return _mostly_latin(ours) != _mostly_latin(theirs) and bool(content(ours) and content(theirs))


def _mostly_latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return 2 * sum(c.isascii() for c in letters) > 3 * sum(not c.isascii() for c in letters)


def _aspect_fits(claim: Fact, fact: Fact) -> bool:
    if not claim.aspect or claim.aspect == fact.aspect:
        return True
    if fact.aspect:
        return False
    return not (fact.table >= 0 and fact.column and claim.aspect == "change")


def _row_fits(claim: Fact, fact: Fact, facts: Sequence[Fact], question: str) -> bool:
    """No other row of the table is named by the claim so much better than this one."""
    rivals = [
        f for f in facts if f.table == fact.table and f.line != fact.line and f.index == fact.index
    ]
    return _best_named(
        claim, fact, [f for f in rivals if not says(f, claim.figure)], "label", question
    )


def _column_fits(claim: Fact, fact: Fact, facts: Sequence[Fact], question: str) -> bool:
    """No other column that could hold the claim is named so much better than this one."""
    rivals = [
        f
        for f in facts
        if f.line == fact.line
        and f.table == fact.table
        and f.index != fact.index
        and content(f.column)
        and not says(f, claim.figure)
        and (f.figure.bare or fact.figure.bare or _comparable(f.figure, fact.figure))
        and (not claim.aspect or f.aspect in ("", claim.aspect))
        and _same_time(claim, f)
    ]
    if not rivals:
        return True
    return _best_named(claim, fact, rivals, "column", question)


def _best_named(claim: Fact, fact: Fact, rivals: Sequence[Fact], by: str, question: str) -> bool:
    """Compare names by the claim's own words first, by its whole statement and question after."""
    local = name_of(claim)
    for words in (local, f"{question} {claim.wide}"):
        apart = fact.column if by == "label" else fact.label
        scores = [_named(getattr(f, by), words, apart) for f in rivals]
        own = _named(getattr(fact, by), words, apart)
        best = max(scores, default=0.0)
        if max(best, own) >= 0.5:
            if words is local:
                return best - own <= ROW_MARGIN
            full = max((_covered(getattr(f, by), words) for f in rivals), default=0.0)
            return full - _covered(getattr(fact, by), words) <= ROW_MARGIN
    return True


def _named(label: str, words: str, apart: str) -> float:
    """Similarity; a label with digits of its own ("1-2年", "二期2号楼") must be there to the letter."""
    return _to_the_letter(label, words, similarity(label, words, apart))


def _covered(label: str, words: str) -> float:
    return _to_the_letter(label, words, coverage(label, words))


def _to_the_letter(label: str, words: str, fits: float) -> float:
    if len(label) > 16 or not any(c.isdigit() for c in label):
        return fits
    return 1.0 if squeezed(label) in squeezed(words) else min(0.4, fits)


def _clause_fits(claim: Fact, fact: Fact, facts: Sequence[Fact]) -> bool:
    """In prose: no other figure of the same class and period is named so much better."""
    words = name_of(claim)
    own = similarity(name_of(fact), words)
    for rival in facts:
        if rival.figure is fact.figure or says(rival, claim.figure):
            continue
        if not same_class(rival.figure, fact.figure) or not _same_time(claim, rival):
            continue
        if claim.aspect and rival.aspect != claim.aspect:
            continue
        score = similarity(name_of(rival), words)
        if score >= 0.6 and score - own > PROSE_MARGIN:
            return False
    return True


def _tail_fits(claim: Fact, fact: Fact, facts: Sequence[Fact]) -> bool:
    """No other figure is followed by the claim's words where this one is followed by others."""
    if len(content(claim.tail).split()) < 4 or similarity(fact.tail, claim.tail) >= 0.4:
        return True
    return not any(
        same_class(rival.figure, fact.figure) and similarity(rival.tail, claim.tail) >= 0.7
        for rival in facts
        if rival.table == -1 and not says(rival, claim.figure)
    )


def _same_time(claim: Fact, rival: Fact) -> bool:
    if not claim.periods or not rival.periods:
        return True
    return any(agree(c, p) for c in claim.periods for p in rival.periods)


def _company_fits(claim: Fact, fact: Fact) -> bool:
    """A sentence that names another company than the claim does not speak of the claim's."""
    claimed = find_names(claim.wide)
    stated = find_names(fact.wide)
    if not claimed or not stated:
        return True
    if any(has_name(fact.wide, name) for name in claimed):
        return True
    rest = fact.wide
    for name in stated:
        rest = rest.replace(name.text, "")
    return bool(_SELF.search(rest))


def name_of(fact: Fact) -> str:
    """What a fact is called: its row and column, or its clause."""
    return f"{fact.label} {fact.column}" if fact.table >= 0 else fact.label
