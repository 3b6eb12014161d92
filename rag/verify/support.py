"""Whether the evidence states a claimed figure for that subject and period, or another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.verify.facts import Fact
from rag.verify.labels import similarity
from rag.verify.periods import agree, mentions
from rag.verify.saying import comparable, says
from rag.verify.signs import signs_agree
from rag.verify.subject import Asked, name_of, subject_fits

__all__ = ["Asked", "Reason", "Support", "find_support", "name_of", "says"]

Reason = Literal["", "not stated", "sign", "period", "subject"]


@dataclass(frozen=True, slots=True)
class Support:
    """The fact that states a claim, or why none does: the first condition that all failed."""

    fact: Fact | None
    reason: Reason


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
        kept_subject = [f for f in kept_period if subject_fits(claim, f, facts, asked)]
        steps = (("sign", kept_sign), ("period", kept_period), ("subject", kept_subject))
        kept = kept_subject
        reason = next((name for name, left in steps if not left), "")
    if not kept:
        return Support(None, reason)
    return Support(max(kept, key=lambda f: (f.quoted, similarity(name_of(f), name_of(claim)))), "")


def _period_fits(claim: Fact, fact: Fact, facts: Sequence[Fact], asked: Asked) -> bool:
    if claim.bases and fact.bases and not _bases_fit(claim, fact):
        return False
    if not fact.periods:
        return not _has_own_column(claim, fact, facts)
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
        rival.figure.kind == fact.figure.kind
        and any(agree(c, p) for c in claim.periods for p in rival.periods)
        for rival in rivals
    )


def _has_own_column(claim: Fact, fact: Fact, facts: Sequence[Fact]) -> bool:
    """Whether the row of a cell without period has another cell for the very period claimed."""
    if fact.table < 0 or not claim.periods or claim.weak:
        return False
    return any(
        rival.line == fact.line
        and rival.table == fact.table
        and not rival.weak
        and comparable(rival.figure, fact.figure)
        and any(agree(c, p) for c in claim.periods for p in rival.periods)
        for rival in facts
    )


def _bases_fit(claim: Fact, fact: Fact) -> bool:
    """Whether a change is measured from the period that the source measures it from."""
    if not claim.bases:
        return True
    if claim.bases == claim.periods and claim.aspect == "change":
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
