"""The result that a question asks for, computed from the figures that a verified draft states.

A model without tools is told to give the original figures only; the arithmetic is done here, in
decimals, and shown as an expression that cites its operands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from prompts import Language
from rag.answer.attributed import Built
from rag.answer.operation import Operation, operation
from rag.retrieve.query import Query
from rag.types import Check
from rag.verify.arithmetic import (
    Computation,
    ExpressionError,
    average,
    difference,
    explain,
    growth,
    multiple,
    share,
    total,
)
from rag.verify.check import Finding
from rag.verify.evidence import facts_of
from rag.verify.facts import Fact
from rag.verify.figure import same_class, unit_class
from rag.verify.figures import find_figures

_MARKER = re.compile(r"\[(\d{1,3})\]")
_ADDS_UP = re.compile(r"加起来|加总|之和|加在一起|一共|sum of|combined|add up|altogether", re.I)


@dataclass(frozen=True, slots=True)
class Worked:
    """A line with its markers, and the check of its result."""

    line: str
    check: Check


def worked_out(
    query: Query, built: Built, findings: Sequence[Finding], language: Language
) -> Worked | None:
    """The line, in a language, that answers a calculation, None where the draft's figures do not decide which two
    (for a sum or mean: which several) are its operands."""
    wanted = operation(query)
    stated = _stated(built, findings)
    made = _made(wanted, stated, query.text) if wanted is not None else None
    if made is None:
        return None
    computation, operands = made
    numbers = tuple(dict.fromkeys(fact.n for fact in operands))
    line = explain(computation, language) + "".join(f"[{n}]" for n in numbers)
    claim = computation.expression.rpartition("= ")[2]
    kind = "percentage" if computation.unit in ("%", "百分点") else operands[0].figure.kind
    check = Check(kind, claim, "computed", numbers[0], computation.expression, numbers)
    return Worked(line, check)


def _stated(built: Built, findings: Sequence[Finding]) -> list[Fact]:
    """The supported figures of a draft, each value once, with the citation that states it."""
    text = _MARKER.sub(lambda m: " " * len(m[0]), built.text)
    cited = {f.start: f.check.citation for f in findings if f.check.verdict == "supported"}
    found: dict[object, Fact] = {}
    for fact in facts_of(text, find_figures(text)):
        n = cited.get(fact.figure.start)
        if n is not None and fact.figure.kind not in ("date", "code") and fact.aspect != "change":
            found.setdefault((fact.figure.value, fact.periods), replace(fact, n=n))
    return list(found.values())


def _made(
    wanted: Operation, stated: Sequence[Fact], question: str
) -> tuple[Computation, list[Fact]] | None:
    alike = [f for f in stated if same_class(f.figure, stated[0].figure)]
    if len(alike) < len(stated) or len(alike) < 2:
        return None
    figures = [fact.figure for fact in alike]
    try:
        if wanted == "average" or (wanted == "sum" and _ADDS_UP.search(question)):
            return (total if wanted == "sum" else average)(figures), alike
        if len(alike) != 2 or wanted == "sum":
            return None
        return _of_two(wanted, *alike)
    except ExpressionError:
        return None


def _of_two(wanted: Operation, one: Fact, other: Fact) -> tuple[Computation, list[Fact]] | None:
    """Growth from the earlier to the later, whole and part by size, a difference as it is positive."""
    if wanted == "growth":
        if len(one.periods) != 1 or len(other.periods) != 1 or one.periods == other.periods:
            return None
        later, earlier = sorted((one, other), key=lambda f: f.periods[0], reverse=True)
        return growth(later.figure, earlier.figure), [later, earlier]
    larger, smaller = sorted((one, other), key=lambda f: f.figure.value or 0, reverse=True)
    if wanted == "share":
        if unit_class(one.figure) == "%":
            return None
        return share(smaller.figure, larger.figure), [smaller, larger]
    build = {"difference": difference, "multiple": multiple}[wanted]
    return build(larger.figure, smaller.figure), [larger, smaller]
