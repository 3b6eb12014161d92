"""Arithmetic for models that call tools: expressions over figures that the sources state.

A model names the figures as printed, each with its source; we look each one up, refuse one that no
source states, evaluate in decimals and hand back the line that it can put into its draft. The
verifier reads that line like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rag.answer.context import in_context
from rag.answer.models.base import Tool
from rag.answer.sources import Shown
from rag.verify.evidence import EvidenceSpan, read_evidence
from rag.verify.expression import ExpressionError, evaluate
from rag.verify.facts import Fact
from rag.verify.figure import ONE, Figure, unit_class
from rag.verify.figures import find_figures
from rag.verify.saying import says
from rag.verify.units import SCALES

NAME = "calculate"
_DESCRIPTION = (
    "Exact arithmetic over figures of the sources: call it for every sum, difference, growth, share, "
    "ratio or average instead of calculating. Copy each figure as printed, followed by its source "
    "number, and put the line that it returns into the answer unchanged."
)
_PARAMETERS: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "expression": {
            "type": "string",
            "description": "e.g. (31,207.88[1] - 19,759.57[2]) / 19,759.57[2]; + - * / and brackets",
        },
        "as": {
            "type": "string",
            "enum": ["percent", "times", "number"],
            "description": "how to write a ratio; percent when left out",
        },
    },
    "required": ["expression"],
}
_OPERAND = re.compile(
    r"(?:US\$|HK\$|[$¥€£]|(?:USD|RMB|CNY)\s?)?(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"(?P<unit>\s?(?:%|[A-Za-z\u4e00-\u9fff]+(?:/[\u4e00-\u9fff]{1,2})?))?"
    r"\s*(?:\[\s*(?P<n>\d{1,3})\s*\])?"
)
_MARKS = str.maketrans(
    {"×": "*", "÷": "/", "−": "-", "–": "-", "\uff0d": "-", "\uff08": "(", "\uff09": ")", "\uff0b": "+", "【": "[", "】": "]"}
)  # fmt: skip
_PERCENTED = re.compile(r"\s*\*\s*100\s*%?\s*$")
_MINUS = re.compile(r"(?:^|[-+*/(])\s*-\s*$")
_SIGNS = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − "}
_COUNTS = frozenset(Decimal(n) for n in (2, 3, 4, 5, 100))
"""Numbers that an expression may have of itself: how many terms a mean has, 100 %."""
_LONGEST, _DEEPEST = 300, 12
_CENT, _NEAR = Decimal("0.01"), Decimal("1e-20")
_ENGLISH: Mapping[Decimal, str] = {
    ONE: "", Decimal(10) ** 3: " thousand", Decimal(10) ** 6: " million", Decimal(10) ** 9: " billion",
}  # fmt: skip
_ENGLISH_SIGN: Mapping[str, str] = {
    "元": "RMB ",
    "美元": "$",
    "港元": "HK$",
    "欧元": "€",
    "英镑": "£",
}


@dataclass(frozen=True, slots=True)
class _Operand:
    """A figure of the expression: its digits, whether it was written with a unit, what it is in
    base units, and the number of the source that states it."""

    digits: str
    dressed: bool
    figure: Figure
    n: int

    @property
    def unit(self) -> str:
        return unit_class(self.figure)

    @property
    def value(self) -> Decimal:
        """Without sign; a percentage as a fraction."""
        value = abs(self.figure.value or Decimal())
        return value / 100 if self.unit == "%" else value


@dataclass(frozen=True, slots=True)
class _Parsed:
    """The expression over v0, v1 … and its operands in their order."""

    expression: str
    operands: tuple[_Operand, ...]

    def value(self, operands: Sequence[Decimal]) -> Decimal:
        return evaluate(self.expression, {f"v{i}": v for i, v in enumerate(operands)})


def calculator(sources: Sequence[Shown], *, english: bool = False) -> Tool:
    """The tool over numbered sources; what it refuses, it refuses with the reason."""

    def run(arguments: Mapping[str, Any]) -> str:
        expression, form = arguments.get("expression"), arguments.get("as")
        if not isinstance(expression, str) or not expression.strip():
            raise ValueError("expression is missing; give one such as 31.2[1] - 19.7[1]")
        form = form if form in ("times", "number") else "percent"
        return calculated(expression, sources, form=form, english=english)

    return Tool(NAME, _DESCRIPTION, _PARAMETERS, run)


def calculated(
    expression: str, sources: Sequence[Shown], *, form: str = "percent", english: bool = False
) -> str:
    """ "(a − b) ÷ b = 57.94%[1]" for an expression over figures that the sources state.

    Raises ValueError, with what to mend, for a figure that no source states, a sum of unlike
    units, and whatever is no expression.
    """
    text = expression.translate(_MARKS).split("=")[0].strip()
    whole = _PERCENTED.sub("", text)
    if len(whole) > _LONGEST or whole.count("(") > _DEEPEST:
        raise ValueError("too many characters or too many brackets; write it simpler")
    parsed = _parsed(whole, sources)
    try:
        value = parsed.value([operand.value for operand in parsed.operands])
        powers = _powers(parsed)
    except ExpressionError as error:
        raise ValueError(_plain(str(error), parsed)) from error
    form = form if whole == text else "percent"
    marks = "".join(f"[{n}]" for n in dict.fromkeys(o.n for o in parsed.operands))
    result = _written(value, powers, parsed, (form, english))
    return f"{_shown(parsed, english)} = {result}{marks}"


def _parsed(text: str, sources: Sequence[Shown]) -> _Parsed:
    """The expression with every literal figure looked up in its source."""
    operands: list[_Operand] = []
    expression, at = "", 0
    for match in _OPERAND.finditer(text):
        expression, at = expression + text[at : match.start()], match.end()
        if _is_count(match):
            expression += match["number"]
            continue
        operand = _looked_up(match, sources, negative=bool(_MINUS.search(expression)))
        expression += f"v{len(operands)}"
        operands.append(operand)
    if len(operands) < 2:
        raise ValueError("give at least two figures of the sources, each with its [n]")
    return _Parsed(expression + text[at:], tuple(operands))


def _is_count(match: re.Match[str]) -> bool:
    bare = not match["n"] and not match["unit"]
    return bare and Decimal(match["number"].replace(",", "")) in _COUNTS


def _looked_up(match: re.Match[str], sources: Sequence[Shown], *, negative: bool) -> _Operand:
    """The figure of a source that a literal names; ValueError where none states it."""
    text = f"{match['number']}{match['unit'] or ''}"
    claimed = next((f for f in find_figures(text) if f.number is not None), None)
    if claimed is None or claimed.value is None:
        raise ValueError(f"{text!r} is no figure; copy figures as printed")
    for shown in sources:
        fact = _stated(claimed, shown) if match["n"] in (None, str(shown.number)) else None
        if fact is not None:
            _check_sign(fact, text, negative=negative)
            figure = fact.figure if claimed.bare or not claimed.unit else claimed
            return _Operand(match["number"], bool(match["unit"]), figure, shown.number)
    where = f"source [{match['n']}] does not state" if match["n"] else "no source states"
    raise ValueError(f"{where} {text}; use only figures of the sources, as printed, with their [n]")


def _stated(claimed: Figure, shown: Shown) -> Fact | None:
    """The fact of a source that prints the claimed digits, else one that says as much."""
    passage = shown.passage
    read = read_evidence(EvidenceSpan(shown.number, passage.text, in_context(passage)))
    facts = [fact for fact in read.facts if says(fact, claimed)]
    exact = [f for f in facts if abs(f.figure.number or ONE) == abs(claimed.number or ONE)]
    return next(iter(exact or ([] if claimed.bare else facts)), None)


def _check_sign(fact: Fact, text: str, *, negative: bool) -> None:
    """A minus of the source stands in the expression; one that it does not have stands nowhere."""
    stated = fact.figure.value or Decimal()
    if stated < 0 and not negative:
        raise ValueError(f"the source states −{text}; write (-{text})")
    if stated > 0 and negative:
        raise ValueError(f"the source states {text} without a minus; write it so")


def _powers(parsed: _Parsed) -> dict[str, int]:
    """The power of each unit in the result, empty for a plain ratio.

    Found by measuring with another yardstick: doubling all figures of one unit doubles, halves or
    keeps a result that has one unit, and does something else to a sum of unlike things. Stand-in
    values are used, so that figures that happen to cancel out decide nothing.
    """
    stand_in = [Decimal(1009 + 97 * i * (i + 2)) for i in range(len(parsed.operands))]
    first = parsed.value(stand_in)
    found: dict[str, int] = {}
    for unit in dict.fromkeys(operand.unit for operand in parsed.operands):
        doubled = [
            v * (2 if o.unit == unit else 1) for v, o in zip(stand_in, parsed.operands, strict=True)
        ]
        power = _power(parsed.value(doubled), first)
        if power:
            found[unit] = power
    return found


def _power(doubled: Decimal, first: Decimal) -> int:
    for power, factor in ((0, ONE), (1, Decimal(2)), (-1, Decimal("0.5"))):
        if abs(doubled - first * factor) <= abs(first) * _NEAR:
            return power
    raise ExpressionError("figures of unlike units are added; use figures of one unit")


def _written(
    value: Decimal, powers: Mapping[str, int], parsed: _Parsed, style: tuple[str, bool]
) -> str:
    """The result with its unit, half up: amounts in the scale of the first operand of theirs."""
    form, english = style
    if not powers:
        if form == "percent":
            return f"{_number(value * 100)}%"
        times = "x" if english else "倍"
        return f"{_number(value)}{times}" if form == "times" else _number(value)
    if powers == {"%": 1}:
        points = " percentage points" if english else "个百分点"
        return f"{_number(value * 100)}{points if '-' in parsed.expression else '%'}"
    over = [unit for unit, power in powers.items() if power == 1 and unit != "%"]
    under = [unit for unit, power in powers.items() if power == -1 and unit != "%"]
    if len(over) != 1 or len(under) > 1:
        raise ValueError("the result has no unit that a reader would know; compute something else")
    scale = next(o.figure.scale for o in parsed.operands if o.unit == over[0])
    plain = not under and not set("*/") & set(parsed.expression)
    text = _dressed(_number(value / scale, exact=plain), over[0], scale, english=english)
    return f"{text}/{under[0]}" if under else text


def _shown(parsed: _Parsed, english: bool) -> str:
    """The expression as an answer prints it: bare digits where all operands are of one unit and
    scale and none was written with its unit, else each with its own."""
    figures = [(o.unit, o.figure.scale) for o in parsed.operands]
    bare = len(set(figures)) == 1 and not any(o.dressed for o in parsed.operands)
    texts = [
        o.digits if bare and o.unit != "%" else _dressed(o.digits, *at, english=english)
        for o, at in zip(parsed.operands, figures, strict=True)
    ]
    text = re.sub(r"v(\d+)", lambda m: texts[int(m[1])], parsed.expression)
    text = re.sub(r"\s*([-+*/])\s*", lambda m: _SIGNS[m[1]], text.strip())
    return re.sub(r"(^|[×÷+−] |\() ?− ", r"\1−", text)


def _dressed(digits: str, unit: str, scale: Decimal, *, english: bool) -> str:
    """A figure with its unit: "5.20万元", "35.6%", "$5.20 million"."""
    if unit == "%":
        return f"{digits}%"
    if english and scale in _ENGLISH and (sign := _ENGLISH_SIGN.get(unit)):
        minus = "−" if digits.startswith("−") else ""
        return f"{minus}{sign}{digits.lstrip('−')}{_ENGLISH[scale]}"
    word = next((word for word, size in SCALES.items() if size == scale and len(word) <= 2), "")
    return f"{digits}{word}{unit}"


def _number(value: Decimal, *, exact: bool = False) -> str:
    """Two decimals, half up; a sum keeps the decimals that it has, up to four."""
    places = -int(value.normalize().as_tuple().exponent)
    step = ONE.scaleb(-min(max(places, 0), 4)) if exact else _CENT
    rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}"
    return f"−{text}" if rounded < 0 else text


def _plain(message: str, parsed: _Parsed) -> str:
    """An error's words with the figures in place of v0, v1 …"""
    return re.sub(r"\bv(\d+)\b", lambda m: parsed.operands[int(m[1])].digits, message)
