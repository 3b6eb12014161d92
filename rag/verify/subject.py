"""Whether a fact measures what a claim speaks of: row, column, clause, place in a list, company."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.facts import Fact
from rag.verify.figure import same_class
from rag.verify.labels import content, coverage, meaning, similarity
from rag.verify.names import find_names, has_name, squeezed
from rag.verify.periods import agree
from rag.verify.saying import RATE, comparable, says
from rag.verify.signs import signs_agree

_SELF = re.compile(r"公司|发行人|本集团|\b(?:we|our|the company)\b", re.IGNORECASE)

_GAP = re.compile(r"[差多少低高变涨跌]|gap|differ|more|less|lower|higher", re.IGNORECASE)

_OPERATOR = re.compile(r"\s*[-−+×÷*/减加乘除]")
_BEFORE = re.compile(
    r"原|前|之初|期初|年初|上年|去年|上期|同期|previous|prior|before|earlier|originally|ago|initial",
    re.IGNORECASE,
)
"""Words of a claim that tell that it is about the time before."""

ROW_MARGIN = 0.12
PROSE_MARGIN = 0.2
IDENTICAL_MARGIN = 0.05
"""The same where the other one's name is the very words of the claim."""
REPEATED = 0.9
"""How well a whole sentence must fit a claim before it counts as the one that it repeats."""
"""How much better another row's, or clause's, name must fit before this one is the wrong one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question and the periods that it names; both may be empty."""

    question: str = ""
    periods: tuple[str, ...] = ()
    alone: bool = True
    """Whether the statement has one figure, so that all of the question is about it."""

    def naming(self, claim: Fact, by: str) -> str:
        """The question where it may name the claim's row or column, else ""."""
        operand = _OPERATOR.match(claim.tail)
        wordless = by == "label" and not operand and not content(name_of(claim))
        return self.question if self.alone or wordless else ""


def subject_fits(claim: Fact, fact: Fact, facts: Sequence[Fact], asked: Asked) -> bool:
    """Whether `fact` measures what `claim` speaks of, and no other of `facts` fits its words better.

    A cell is judged by its row and column, a figure in prose by its clause, its place in a list,
    the words after it and the company that its sentence names.
    """
    if claim.figure.kind == "percentage" and not _aspect_fits(claim, fact):
        return False
    if _across_languages(claim, fact):
        return True
    if fact.table >= 0:
        by_row = asked.naming(claim, "label")
        by_column = asked.naming(claim, "column")
        return _row_fits(claim, fact, facts, by_row) and _column_fits(claim, fact, facts, by_column)
    if claim.role and fact.role and claim.role != fact.role:
        return False
    if not claim.role and _is_beside_the_point(claim, fact, facts):
        return False
    if _is_change(claim) and not (fact.aspect or fact.direction or fact.trend):
        return False
    in_list = claim.seat[1] and claim.seat[1] == fact.seat[1]
    if in_list and claim.seat != fact.seat and not (claim.periods and fact.periods):
        return False
    return (
        _clause_fits(claim, fact, facts)
        and _tail_fits(claim, fact, facts)
        and _company_fits(claim, fact)
    )


def _is_change(fact: Fact) -> bool:
    """Whether words say that something rose or fell by the figure, which then is no level."""
    return fact.aspect == "change" and bool(fact.direction or fact.trend)


def _is_beside_the_point(claim: Fact, fact: Fact, facts: Sequence[Fact]) -> bool:
    """Whether the sentence gives the figure only for comparison, as a part or as a change ("较32元",
    "其中15家", "减少8万元") and states another one for what the claim names."""
    compared = fact.role in ("from", "part") and not _BEFORE.search(claim.label)
    moved = _is_change(fact) and not (claim.aspect or claim.direction or claim.trend)
    if fact.role == "part" and similarity(fact.tail, claim.tail) >= 0.5:
        return False
    if not compared and (not moved or _GAP.search(claim.label)):
        return False
    return any(
        rival.line == fact.line
        and rival.role not in ("from", "part")
        and not _is_change(rival)
        and same_class(rival.figure, fact.figure)
        and same_time(claim, rival)
        and similarity(name_of(rival), name_of(claim)) >= 0.6
        for rival in facts
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
    rivals = [f for f in rivals if not (says(f, claim.figure) and signs_agree(claim, f))]
    return _best_named(claim, fact, rivals, "label", question)


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
        and _is_rate(f) == _is_rate(fact)
        and (f.figure.bare or fact.figure.bare or comparable(f.figure, fact.figure))
        and (not claim.aspect or f.aspect in ("", claim.aspect))
        and same_time(claim, f)
    ]
    if not rivals:
        return True
    return _best_named(claim, fact, rivals, "column", question)


def _is_rate(fact: Fact) -> bool:
    return fact.figure.kind == "percentage" or (fact.loose and bool(RATE.search(fact.column)))


def _best_named(claim: Fact, fact: Fact, rivals: Sequence[Fact], by: str, question: str) -> bool:
    """Compare names by the claim's own words first, by its whole statement and question after."""
    local = name_of(claim)
    for words in (local, f"{question} {claim.wide}"):
        apart = fact.column if by == "label" else fact.label
        if words is local and by == "label" and _only(local, fact.column):
            continue  # the clause names the column alone; what it is of stands before
        scores = [_named(getattr(f, by), words, apart) for f in rivals]
        own = _named(getattr(fact, by), words, apart)
        best = max(scores, default=0.0)
        if max(best, own) >= 0.5:
            if words is local:
                return best - own <= (ROW_MARGIN if best < 1.0 else IDENTICAL_MARGIN)
            full = max((_covered(getattr(f, by), words) for f in rivals), default=0.0)
            return full - _covered(getattr(fact, by), words) <= ROW_MARGIN
    return True


def _only(words: str, column: str) -> bool:
    """Whether `words` say nothing that the column's name does not say."""
    one, other = meaning(words), meaning(column)
    return bool(one) and set(one) <= set(other)


def _named(label: str, words: str, apart: str) -> float:
    """Similarity; a label with digits of its own ("1-2年", "二期2号楼") must be there to the letter."""
    return _to_the_letter(label, words, similarity(label, words, apart))


def _covered(label: str, words: str) -> float:
    return _to_the_letter(label, words, coverage(label, words))


def _to_the_letter(label: str, words: str, fits: float) -> float:
    if not any(c.isdecimal() for c in label):
        return fits
    said = squeezed(words)
    if 2 <= len(label) <= 16 and squeezed(label) in said:
        return 1.0
    numbered = [part for part in label.split() if any(c.isdecimal() for c in part)]
    there = [squeezed(part) in said for part in numbered if 2 <= len(part) <= 16]
    if not there:
        return fits if len(label) > 16 else min(0.4, fits)
    return max(fits, 0.8) if all(there) else min(0.4, fits)


def _clause_fits(claim: Fact, fact: Fact, facts: Sequence[Fact]) -> bool:
    """In prose: no other figure of the same class and period is named so much better."""
    words = name_of(claim)
    own = similarity(name_of(fact), words)
    for rival in facts:
        if rival.figure is fact.figure or says(rival, claim.figure):
            continue
        if not same_class(rival.figure, fact.figure) or not same_time(claim, rival):
            continue
        if claim.aspect and rival.aspect != claim.aspect:
            continue
        score = similarity(name_of(rival), words)
        margin = PROSE_MARGIN if score < 1.0 else IDENTICAL_MARGIN
        if score >= 0.6 and score - own > margin:
            return False
        if score >= own >= 0.6 and _is_repeated(claim, fact, rival):
            return False
    return True


def _is_repeated(claim: Fact, fact: Fact, rival: Fact) -> bool:
    """Whether the claim repeats the rival's sentence, which differs from the fact's in a word or two."""
    if rival.line == fact.line:
        return False
    theirs = similarity(rival.wide, claim.wide)
    return theirs >= REPEATED and theirs - similarity(fact.wide, claim.wide) > 0.01


def _tail_fits(claim: Fact, fact: Fact, facts: Sequence[Fact]) -> bool:
    """No other figure is followed by the claim's words where this one is followed by others."""
    if len(content(claim.tail).split()) < 4 or similarity(fact.tail, claim.tail) >= 0.4:
        return True
    return not any(
        same_class(rival.figure, fact.figure) and similarity(rival.tail, claim.tail) >= 0.7
        for rival in facts
        if rival.table == -1 and not says(rival, claim.figure)
    )


def same_time(claim: Fact, rival: Fact) -> bool:
    """Whether two facts can be of one period; one that names none can."""
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
    return f"{fact.label} {fact.column}" if fact.column else fact.label
