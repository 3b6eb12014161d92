"""Formulas printed in an answer ("(a − b) ÷ b = 57.94%"), read back and evaluated by us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.verify.arithmetic import ExpressionError, evaluate
from rag.verify.figure import ONE, Figure, rounds_to
from rag.verify.figures import find_figures
from rag.verify.numerals import plain

_EQUALS = re.compile(r"[=≈]\s*(?:约|about\s)?\s*(?:人民币|RMB\s?|US\$|[$¥€£])?\s*$")
_BETWEEN = re.compile(r"\s*[-+*/×÷xX()\s]*\s*")
_TIMES = re.compile(r"(?<=[\s\d)])[xX](?=[\s(])")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression as printed, with its operands in their order; v0, v1 … stand for them."""

    printed: str
    expression: str
    operands: tuple[Figure, ...]

    def gives(self, claimed: Figure) -> bool:
        """Whether the expression's value is written `claimed` at the claim's own precision."""
        try:
            value = evaluate(self.expression, self._values())
        except ExpressionError:
            return False
        return rounds_to(self._in_unit_of(value, claimed), claimed)

    def _values(self) -> dict[str, Decimal]:
        return {
            f"v{i}": (f.value or Decimal()) / (HUNDRED if f.unit == "%" else ONE)
            for i, f in enumerate(self.operands)
        }

    def _in_unit_of(self, value: Decimal, claimed: Figure) -> Decimal:
        if claimed.unit in ("%", "百分点"):
            divided = "/" in self.expression and not any(
                f.number == HUNDRED and f.bare for f in self.operands
            )
            return (
                value * HUNDRED if divided or any(f.unit == "%" for f in self.operands) else value
            )
        bare = all(f.bare or f.unit == "%" for f in self.operands)
        return value * claimed.scale if bare else value


def formula_before(statement: str, figure: Figure) -> Formula | None:
    """The expression that stands before "= figure" in a statement, None where there is none."""
    before = plain(statement[: figure.start])
    equals = _EQUALS.search(before)
    if equals is None:
        return None
    left = _TIMES.sub("×", before[: equals.start()])
    figures = [f for f in find_figures(left) if f.kind not in ("code",) and f.number is not None]
    start = _start(left, figures)
    used = [f for f in figures if f.start >= start]
    if len(used) < 2:
        return None
    expression, at = "", start
    for i, f in enumerate(used):
        expression += f"{left[at : f.start]}v{i}"
        at = f.end
    expression = _closed((expression + left[at:]).strip())
    return Formula(left[start:].strip(), expression, tuple(used)) if expression else None


def _start(left: str, figures: Sequence[Figure]) -> int:
    """Where the expression begins: back over figures with nothing but operators between them."""
    at = len(left)
    for figure in reversed(figures):
        if not _BETWEEN.fullmatch(left, figure.end, at):
            break
        at = figure.start
    while at and left[at - 1] in "( ":
        at -= 1
    return at


def _closed(expression: str) -> str:
    """The expression with "x" as a sign and without brackets that open before it."""
    text = expression.translate({ord("×"): "*", ord("÷"): "/"})
    while text.count("(") > text.count(")") and text.startswith("("):
        text = text[1:].strip()
    return text if text.count("(") == text.count(")") else ""
