"""Evidence as it is shown in a composed answer: the clause or the cells that answer, no more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.evidence import Piece, table_head
from rag.answer.reading import Found
from rag.index.terms import terms
from rag.load.tables import unit_of
from rag.retrieve.query import Query
from rag.types import Citation, Passage

LONGEST = 120
"""Characters of a sentence beyond which only its clauses that answer are shown."""
_CUT = re.compile(r"[;；]|[,，](?!\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer and the place in a passage that it rests on."""

    text: str
    passage: Passage
    start: int
    end: int

    def citation(self, n: int) -> Citation:
        """The citation of this line under number `n`."""
        passage = self.passage
        return Citation(
            n=n,
            passage_id=passage.id,
            filing_id=passage.filing.id,
            title=passage.filing.title,
            source=passage.filing.source,
            page=passage.page_at(self.start),
            section=passage.section,
            quote=passage.text[self.start : self.end],
            start=self.start,
            end=self.end,
            page_index=passage.page_index_at(self.start),
        )


def sentence_line(query: Query, piece: Piece) -> Line:
    """A sentence, or of a long one the clauses that say most of what is asked; a row as printed."""
    return _line(query, piece.passage, piece.start, piece.end, None)


def fact_line(query: Query, found: Sequence[Found]) -> Line:
    """The facts of one sentence or row: its clauses, or its cells as "label column: value"."""
    first = found[0]
    if first.passage.kind == "table":
        return Line(_cells(found), first.passage, *first.row)
    places = (min(f.start for f in found), max(f.end for f in found))
    return _line(query, first.passage, *first.row, places)


def _line(
    query: Query, passage: Passage, start: int, end: int, must: tuple[int, int] | None
) -> Line:
    text = passage.text[start:end]
    if len(text) > LONGEST and passage.kind == "text":
        inner = (must[0] - start, must[1] - start) if must else None
        a, b = _clauses(query, text, inner)
        start, end = start + a, start + b
        text = passage.text[start:end]
    lead = len(text) - len(text.lstrip(" ,，;；、"))
    shown = " ".join(text.strip(" ,，;；、").split())
    return Line(shown, passage, start + lead, end)


def _clauses(query: Query, text: str, must: tuple[int, int] | None) -> tuple[int, int]:
    """The shortest run of clauses that holds `must` and most of the question's terms."""
    cuts = [0, *(m.end() for m in _CUT.finditer(text)), len(text)]
    wanted = frozenset(query.terms) | frozenset(query.extra)
    best, value = (0, len(text)), -1e9
    for i in range(len(cuts) - 1):
        for j in range(i + 1, len(cuts)):
            a, b = cuts[i], cuts[j]
            if must and not (a <= must[0] and must[1] <= b):
                continue
            length = b - a
            score = 3 * len(wanted & frozenset(terms(text[a:b]))) - length / 12
            score -= max(0, length - LONGEST) / 4
            if score > value:
                best, value = (a, b), score
    return best


def _cells(found: Sequence[Found]) -> str:
    """ "label: column value, column value" with the unit that the head or column states."""
    first = found[0].fact
    label = " ".join(first.label.split()).strip(" :：|")
    head = table_head(found[0].passage)
    values = [_value(f, head) for f in found]
    return f"{label}: {', '.join(values)}" if label else ", ".join(values)


def _value(found: Found, head: str) -> str:
    column = " ".join(found.fact.column.split())
    period = _period_words(found) if not re.search(r"\d{4}", column) else ""
    figure = " ".join(found.fact.figure.text.split())
    unit = _unit(found, head)
    name = " ".join(part for part in (period, column) if part)
    return f"{name} {figure}{unit}".strip()


def _period_words(found: Found) -> str:
    """The fact's own period where its column does not print it (glued tables)."""
    periods = found.fact.periods
    return periods[0] if len(periods) == 1 and not found.fact.weak else ""


def _unit(found: Found, head: str) -> str:
    """The unit as printed above the table, unless the cell or its column has one of its own."""
    figure = found.fact.figure
    if re.search(r"[%％元股人家台]\s*$", figure.text):
        return ""
    own = f"{found.fact.label} {found.fact.column}"
    if match := re.search(
        r"[(（]([^()（）]{0,4}(?:元|股|吨|人|家|倍|%|％)[^()（）]{0,4})[)）]", own
    ):
        return match[1] if "%" not in match[1] else "%"
    if figure.unit == "%":
        return "%"
    stated = unit_of(head)
    parts = [part for part in re.split(r"[、,，]", stated) if part]
    money = next((part for part in parts if "%" not in part), "")
    rate = re.search(r"率|比例|占比|比重", own) is not None
    if rate and any("%" in part for part in parts):
        return "%"
    if rate or figure.unit not in ("元", "美元", "欧元", "港元", ""):
        return ""
    return money if not money.isascii() else f" {money}" if money else ""
