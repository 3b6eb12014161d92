"""Figures that no source prints but that follow from figures that it does: growth, difference,
share, sum, average; only the form that the words speak of, over operands that belong to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.verify.arithmetic import Computation, Form, computed
from rag.verify.facts import Fact
from rag.verify.figure import ONE, Figure
from rag.verify.labels import aspect, similarity
from rag.verify.periods import agree
from rag.verify.support import name_of

_DIFFERENCE = re.compile(
    r"差(?!旅|错|异化)|(?<!占)(?<!同)(?<!环)比(?!例|重|率|较)|较|增加|减少|增长|下降|上升|提高|降低|超出|[多高]出|净增|净减"
    r"|increas|decreas|differen|more than|less than|fewer|higher than|lower than|grew|rose|fell|declin|gap",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"合计|总计|共计|总共|总额|之和|累计|加总|一共|合共|total|sum|combined|altogether|together",
    re.IGNORECASE,
)
_AVERAGE = re.compile(r"平均|均值|年均|average|mean\b", re.IGNORECASE)
_RATIO = re.compile(r"率|占|比|share|ratio|percent|%|margin", re.IGNORECASE)
_REST = re.compile(r"减|剩|差|\bless\b|minus|remain|left\b", re.IGNORECASE)
_PORTION = re.compile(
    r"相当于|折合|倒推|推算|测算|按.{0,20}[算计]|对应|impl|correspond", re.IGNORECASE
)
_EACH = re.compile(r"每|单价|均价|\bper\b|\beach\b", re.IGNORECASE)
_NEAREST = 0.5
_OPERANDS = 12


@dataclass(frozen=True, slots=True)
class Derived:
    """A computation and the facts that are its operands."""

    computation: Computation
    operands: tuple[Fact, ...]


def derive(
    claim: Fact, shown: Sequence[Fact], facts: Sequence[Fact], words: str, *, dated: bool = False
) -> Derived | None:
    """How `claim` follows from facts, None where it does not.

    With `dated` a growth needs operands of stated periods: where the evidence states the figure
    for another period or thing, one made of figures without any is a coincidence.

    `shown` are the facts that the answer itself states and that were found supported; they are
    tried first, then the facts of the evidence that bear the claim's name. `words` is the
    statement with its question: only forms that they speak of are tried.
    """
    if claim.figure.bare and claim.figure.quantum == ONE and abs(claim.figure.value or ONE) < 100:
        return None  # small counts come out of any few figures
    forms = _forms(claim, words)
    named = sorted(facts, key=lambda f: -similarity(f.label, name_of(claim)))
    named = [f for f in named if similarity(f.label, name_of(claim)) >= _NEAREST][:_OPERANDS]
    for pool, tried in ((list(shown), (*forms, *_loose_forms(claim, words))), (named, forms)):
        for form in tried:
            figure = _signed(claim) if form == "growth" else claim.figure
            made = computed(figure, [fact.figure for fact in pool], (form,))
            if made is not None:
                operands = tuple(pool[i] for i in made.operands)
                undated = dated and not all(fact.periods for fact in operands)
                if not undated and _in_order(claim, form, operands):
                    return Derived(made, operands)
    return None


def _forms(claim: Fact, words: str) -> tuple[Form, ...]:
    unit = claim.figure.unit
    own = f"{claim.label} {claim.column}"
    kind = claim.aspect or aspect(own) or aspect(words)
    if unit == "%":
        rest: tuple[Form, ...] = ("share",) if _RATIO.search(words) else ()
        mean: tuple[Form, ...] = ("average",) if _AVERAGE.search(words) else ()
        return ("growth",) if kind == "change" else (*rest, *mean)
    if unit == "倍":
        return ("multiple",)
    forms: list[Form] = []
    if _DIFFERENCE.search(words) and not claim.role:
        forms.append("difference")
    if _SUM.search(words):
        forms.append("sum")
    if _AVERAGE.search(words):
        forms.append("average")
    return tuple(forms)


def _loose_forms(claim: Fact, words: str) -> tuple[Form, ...]:
    """Forms that are tried over the figures that the answer itself shows, and over no others."""
    unit = claim.figure.unit
    forms: list[Form] = []
    if unit == "%" and _REST.search(words):
        forms.append("difference")
    if unit == "%" and _SUM.search(words):
        forms.append("sum")
    if claim.figure.kind == "amount" and _DIFFERENCE.search(words):
        forms.append("sum")
    if _PORTION.search(words):
        forms += ["whole", "part"]
    if claim.figure.kind == "amount" and _EACH.search(words):
        forms.append("ratio")
    return tuple(forms)


def _signed(claim: Fact) -> Figure:
    """A growth that the words call a fall is negative."""
    figure = claim.figure
    if claim.direction < 0 and figure.value is not None and figure.value > 0:
        return replace(figure, value=-figure.value)
    return figure


def _in_order(claim: Fact, form: Form, operands: Sequence[Fact]) -> bool:
    """A growth leads from the earlier period to the later, which is the one claimed, for one
    subject; the terms of a difference or sum are never the same fact."""
    if form != "growth":
        return True
    new, old = operands
    if new.periods and old.periods and new.periods[0] <= old.periods[0]:
        return False
    if claim.periods and new.periods and not claim.weak:
        return any(agree(c, p) for c in claim.periods for p in new.periods)
    return True
