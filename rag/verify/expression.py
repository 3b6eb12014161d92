"""Expressions of + - * / and brackets over named operands, evaluated in decimals; nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, localcontext

from rag.errors import FilingsError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<mark>[-+*/()]))"
)
_MARKS = str.maketrans(
    {"×": "*", "÷": "/", "−": "-", "–": "-", "\uff08": "(", "\uff09": ")", "\uff0b": "+"}
)
_LONGEST = 400


class ExpressionError(FilingsError):
    """An expression that is none, or that divides by zero."""


def evaluate(expression: str, operands: Mapping[str, Decimal]) -> Decimal:
    """The value of an expression of + - * / (also × ÷ −), brackets, decimals and operand names.

    Raises :class:`ExpressionError` for anything else, an unknown name, or a division by zero.
    """
    tokens = _tokens(expression)
    with localcontext() as context:
        context.prec = 50
        value, rest = _sum(tokens, 0, operands)
    if rest != len(tokens):
        raise ExpressionError(
            f"{expression!r}: unexpected {tokens[rest]!r}; use + - * / and brackets"
        )
    return value


def _tokens(expression: str) -> list[str]:
    text = expression.translate(_MARKS).strip()
    if len(text) > _LONGEST:
        raise ExpressionError(f"expression of {len(text)} characters; keep it under {_LONGEST}")
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(
                f"{expression!r}: cannot read {text[position : position + 8]!r}; use + - * / ( )"
            )
        tokens.append(match.group().strip())
        position = match.end()
    return tokens


def _sum(tokens: list[str], at: int, operands: Mapping[str, Decimal]) -> tuple[Decimal, int]:
    value, at = _product(tokens, at, operands)
    while at < len(tokens) and tokens[at] in "+-":
        right, following = _product(tokens, at + 1, operands)
        value = value + right if tokens[at] == "+" else value - right
        at = following
    return value, at


def _product(tokens: list[str], at: int, operands: Mapping[str, Decimal]) -> tuple[Decimal, int]:
    value, at = _atom(tokens, at, operands)
    while at < len(tokens) and tokens[at] in "*/":
        right, following = _atom(tokens, at + 1, operands)
        if tokens[at] == "/" and right == 0:
            raise ExpressionError(
                f"{' '.join(tokens)!r} divides by zero; choose another denominator"
            )
        value = value * right if tokens[at] == "*" else value / right
        at = following
    return value, at


def _atom(tokens: list[str], at: int, operands: Mapping[str, Decimal]) -> tuple[Decimal, int]:
    if at >= len(tokens):
        raise ExpressionError(f"{' '.join(tokens)!r} ends too early; complete it")
    token = tokens[at]
    if token in "+-":
        value, at = _atom(tokens, at + 1, operands)
        return (-value if token == "-" else value), at
    if token == "(":
        value, at = _sum(tokens, at + 1, operands)
        if at >= len(tokens) or tokens[at] != ")":
            raise ExpressionError(f"{' '.join(tokens)!r}: a bracket is not closed; close it")
        return value, at + 1
    if token[0].isdigit():
        return Decimal(token.replace(",", "")), at + 1
    if token in operands:
        return operands[token], at + 1
    raise ExpressionError(f"{token!r} is no operand; known: {', '.join(operands) or 'none'}")
