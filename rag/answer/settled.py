"""Verdicts on a composed answer: it copies its figures, and what it computes it computed itself."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answer.draft import Draft
from rag.types import Check
from rag.verify.figure import Figure
from rag.verify.figures import find_figures
from rag.verify.formula import Formula, formula_before


def settled(check: Check, draft: Draft) -> Check:
    """A check as it holds for a composed draft.

    The result of a shown expression over cited figures is computed. A figure that stands in the
    quote as shown is supported, also where the verifier cannot place its row or column. A model's
    draft has no such mercy.
    """
    if check.verdict != "unsupported":
        return check
    return _computed(check, draft) or _copied(check, draft)


def _computed(check: Check, draft: Draft) -> Check | None:
    for figure in find_figures(draft.text):
        formula = formula_before(draft.text, figure) if figure.text == check.claim else None
        if formula is None or not formula.gives(figure):
            continue
        operands = [_quoted(operand, draft) for operand in formula.operands]
        if None not in operands:
            return replace(
                check,
                verdict="computed",
                expression=_expression(formula, check.claim),
                operands=tuple(n for n in operands if n is not None),
            )
    return None


def _expression(formula: Formula, result: str) -> str:
    return f"{formula.printed} = {result}"


def _quoted(operand: Figure, draft: Draft) -> int | None:
    """The citation whose quote prints an operand."""
    digits = re.sub(r"[^\d.]", "", operand.text)
    for citation in draft.citations:
        if digits in citation.quote.replace(",", ""):
            return citation.n
    return None


def _copied(check: Check, draft: Draft) -> Check:
    digits = re.findall(r"\d[\d,.]*", check.claim)
    for citation in draft.citations:
        if digits and all(d.rstrip(".,") in citation.quote for d in digits):
            return replace(check, verdict="supported", citation=citation.n)
    return check
