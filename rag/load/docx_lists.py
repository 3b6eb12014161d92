"""The numbers that Word counts by itself ("一、", "（二）", "3.1"): they are in no text of the file.

A paragraph names a list and a depth; the list's definition has, per depth, a pattern ("%1、"), a
numeral system and a start (ECMA-376 part 1, 17.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting",
    "taiwaneseCounting", "taiwaneseCountingThousand", "chineseLegalSimplified",
}  # fmt: skip
DEEPEST = 9
HIGHEST = 100_000


@dataclass(frozen=True, slots=True)
class _Level:
    pattern: str
    system: str
    start: int


@dataclass(slots=True)
class Numberer:
    """Counts a document's lists; give it `numbering.xml` parsed (or an empty element)."""

    root: Any
    _levels: dict[str, list[_Level]] = field(default_factory=dict)
    _abstract: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        definitions = {
            item.get(f"{W}abstractNumId", ""): _levels(item)
            for item in self.root.iterfind(f"{W}abstractNum")
        }
        for item in self.root.iterfind(f"{W}num"):
            number = item.get(f"{W}numId", "")
            reference = item.find(f"{W}abstractNumId")
            abstract = reference.get(f"{W}val", "") if reference is not None else ""
            self._abstract[number] = abstract
            self._levels[number] = definitions.get(abstract, [])

    def next(self, number: str, depth: int) -> str:
        """The number that the next paragraph of a list shows; empty for bullets and no list."""
        levels = self._levels.get(number, [])
        if not 0 <= depth < len(levels):
            return ""
        counts = self._counts.setdefault(
            self._abstract[number], [level.start - 1 for level in levels]
        )
        counts[depth] = min(counts[depth] + 1, HIGHEST)
        for deeper in range(depth + 1, len(levels)):
            counts[deeper] = levels[deeper].start - 1
        if levels[depth].system in ("bullet", "none"):
            return ""
        return re.sub(
            r"%(\d)", lambda match: _shown(levels, counts, int(match[1]) - 1), levels[depth].pattern
        )


def _levels(definition: Any) -> list[_Level]:
    levels = []
    for item in list(definition.iterfind(f"{W}lvl"))[:DEEPEST]:
        start = _value(item, "start")
        pattern, system = _value(item, "lvlText"), _value(item, "numFmt") or "decimal"
        levels.append(_Level(pattern, system, int(start) if start.isdecimal() else 1))
    return levels


def _value(item: Any, name: str) -> str:
    found = item.find(f"{W}{name}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def _shown(levels: list[_Level], counts: list[int], depth: int) -> str:
    if not 0 <= depth < len(levels):
        return ""
    return numeral(max(counts[depth], levels[depth].start), levels[depth].system)


def numeral(number: int, system: str) -> str:
    """A number in one of Word's numeral systems; Arabic digits for those not known here."""
    if system in _CHINESE:
        return chinese(number)
    if system in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman if system == "upperRoman" else roman.lower()
    if system in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 % 10 + 1)
        return letter if system == "upperLetter" else letter.lower()
    if system.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)


def chinese(number: int) -> str:
    """A number below 10,000 in Chinese numerals (二十一), larger ones in digits."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    pending = False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("〇" if pending and text else "").replace("〇", "零") + _DIGITS[digit] + sign
        pending = not digit
    return text.removeprefix("一") if text.startswith("一十") else text


def _roman(number: int) -> str:
    values = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
    text = ""
    for value, sign in values:
        count, number = divmod(number, value)
        text += sign * min(count, 100)
    return text
