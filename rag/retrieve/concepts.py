"""The ideas of a question, each with the forms in which a filing may print it.

A question's "营收" is printed as 营业收入, its "net profit" as 净利润, its "上半年" as 1-6月 or, for a
balance, as 6月30日. Any form states the idea; matching one counts once, however many forms there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.index.terms import STOP_WORDS, normalise, query_terms, terms, without_periods
from rag.retrieve.amounts import amounts, without_amounts
from rag.retrieve.lexicon import chinese_ideas, english_ideas, is_loose

_MONTH_END = {"01": 31, "02": 28, "03": 31, "04": 30, "05": 31, "06": 30, "07": 31, "08": 31, "09": 30, "10": 31, "11": 30, "12": 31}  # fmt: skip
LOOSE = 0.7
"""What an idea counts that an English question states in a word of general use."""


@dataclass(frozen=True, slots=True)
class Concept:
    """An idea asked for: `forms` are term sequences, any of which states it; the first is as asked.

    `weight` is what it counts beside its inverse document frequency.
    """

    said: str
    forms: tuple[tuple[str, ...], ...]
    weight: float = 1.0


def concepts_of(text: str, *, english: bool) -> tuple[Concept, ...]:
    """The ideas of a question whose company names are taken out; each of its terms is in one."""
    found = {said: Concept(said, forms) for said, forms in amounts(normalise(text))}
    text = without_amounts(normalise(text))
    timeless = without_periods(text)
    ideas = english_ideas(timeless) if english else chinese_ideas(timeless)
    for said, others in ideas:
        forms = _distinct((_asked(said), *(terms(other) for other in others)))
        if forms:
            found.setdefault(
                said, Concept(said, forms, LOOSE if english and is_loose(said) else 1.0)
            )
    covered = {term for concept in found.values() for term in concept.forms[0]}
    singles = (term for term in query_terms(text) if term not in covered)
    return (*found.values(), *(Concept(t, ((t,), *period_forms(t))) for t in singles))


def period_forms(term: str) -> tuple[tuple[str, ...], ...]:
    """Other forms in which filings print a period: a balance carries the period's last day."""
    if match := re.fullmatch(r"(\d{4})(?:h1|m(3|9|11|2|10)|-(\d{2}))", term):
        month = (match[2] or match[3] or "6").zfill(2)
        if month in _MONTH_END:
            last_day = (f"{match[1]}-{month}-{_MONTH_END[month]}",)
            return (last_day, tuple(terms("第一季度"))) if match[2] == "3" else (last_day,)
    if match := re.fullmatch(r"\d{4}q([2-4])", term):
        return (tuple(terms(f"第{'一二三四'[int(match[1]) - 1]}季度")),)
    if re.fullmatch(r"\d{4}-06-30", term):
        return ((f"{term[:4]}h1",),)
    if re.fullmatch(r"\d{4}-(?:03-31|09-30)", term):
        return ((f"{term[:4]}m{int(term[5:7])}",),)
    return ((term[:4],),) if re.fullmatch(r"\d{4}-12-31", term) else ()


def _asked(said: str) -> list[str]:
    return [term for term in terms(said) if term not in STOP_WORDS]


def _distinct(forms: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(f for form in forms if (f := tuple(dict.fromkeys(form)))))
