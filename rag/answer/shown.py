"""Evidence as it is shown in a composed answer: the sentence or the cells that answer, no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answer.evidence import pieces_of, table_head
from rag.answer.judged import ANNOUNCES, Candidate, Placed, Question
from rag.index.terms import terms
from rag.load.tables import unit_of
from rag.retrieve.query import Query
from rag.types import Citation, Passage

Neighbours = Callable[[str, int], Sequence[Passage]]
"""The passages of a filing round one (its id, how far), in reading order."""
LONGEST = 120
"""Characters of a sentence beyond which only its clauses that answer are shown."""
ANNOUNCED = 260
"""Characters of what follows a sentence that announces it ("…如下:") that are shown."""
NAMED = 0.75
"""Share of the best cell's fit that the label and column of a shown cell must reach."""
MOST_CELLS = 8
"""Cells of a row that are shown at most."""
_CUT = re.compile(r"[;；]|[,，](?!\d{3}(?!\d))")
_LISTED = re.compile(r"分别|依次|各为|respectively", re.I)
_SHORTEST_LABEL = 3
_EDGE = " ,，;；、"
_OWN_UNIT = re.compile(r"[%％元股人家台]\s*$")
_NOTED_UNIT = re.compile(r"[(（]([^()（）]{0,4}(?:元|股|吨|人|家|倍|%|％)[^()（）]{0,4})[)）]")


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


def candidate_line(
    question: Question,
    candidate: Candidate,
    *,
    cells: Sequence[Placed] = (),
    headed: bool = True,
) -> Line:
    """A candidate as an answer: a sentence or its clauses that answer, or the cells asked for
    (`cells`, where the caller knows them). A row without figures stands under its header, unless a
    line before it showed that (`headed` False)."""
    passage, start, end = candidate.passage, candidate.start, candidate.end
    if passage.kind == "table":
        facts = list(cells) or _asked_cells(question, candidate)
        head = table_head(passage)
        text = _cells(facts, head) if facts else _row_as_printed(candidate, head if headed else "")
        return Line(text, passage, start, end)
    if ANNOUNCES.search(candidate.text):
        return _line(passage, start, _announced_end(passage, start, end))
    one = _one_of_many(question, candidate)
    if one is not None:
        return Line(one, passage, start, end)
    if end - start > LONGEST:
        a, b = _clauses(question.query, candidate.text, _place(candidate))
        start, end = start + a, start + b
    return _line(passage, start, end)


def _one_of_many(question: Question, candidate: Candidate) -> str | None:
    """ "what it measures: period figure" where a sentence gives one figure for each of several
    periods ("2022年、2023年的收入分别为 a、b") and one of them is asked for; else None."""
    if question.several or len(question.wanted.periods) != 1:
        return None
    if question.query.form in ("reason", "calculate", "compare", "yesno", "list"):
        return None
    lists = [f for f in candidate.facts if f.fact.aligned and len(f.fact.periods) == 1]
    fitting = [f for f in lists if f.period >= 1 and f.kind > 0]
    if len(lists) < 2 or not fitting or len(fitting) == len(lists):
        return None
    best = max(fitting, key=lambda f: f.score)
    label = _LISTED.split(best.fact.label)[0].strip(_EDGE + "的为")
    if len(label) < _SHORTEST_LABEL or best.label < max(f.label for f in candidate.facts):
        return None
    return f"{' '.join(label.split())}: {best.fact.periods[0]} {best.fact.figure.text}"


def announced(candidate: Candidate, neighbours: Neighbours | None) -> list[Line]:
    """What the next passage lists, where a sentence at the end of its own announces it."""
    passage = candidate.passage
    last = not passage.text[candidate.end :].strip()
    if neighbours is None or not last or not ANNOUNCES.search(candidate.text):
        return []
    around = [p for p in neighbours(passage.id, 1) if p.filing.id == passage.filing.id]
    ids = [p.id for p in around]
    following = around[ids.index(passage.id) + 1 :] if passage.id in ids else []
    if not following:
        return []
    text, end = following[0].text, 0
    for _, piece_end in pieces_of(following[0]):
        if end and piece_end > ANNOUNCED:
            break
        end = piece_end
    rows = "; ".join(" ".join(row.split()) for row in text[:end].split("\n") if row.strip())
    return [Line(rows, following[0], 0, end)] if end else []


def _place(candidate: Candidate) -> tuple[int, int] | None:
    """The best figure of a sentence, in its own offsets."""
    facts = [fact for fact in candidate.facts if fact.kind > 0]
    best = max(facts, key=lambda fact: fact.score, default=None)
    return (best.start - candidate.start, best.end - candidate.start) if best else None


def _line(passage: Passage, start: int, end: int) -> Line:
    """A run of a passage, verbatim but for its outer commas and its line breaks."""
    text = passage.text[start:end]
    start += len(text) - len(text.lstrip(_EDGE))
    return Line(" ".join(text.strip(_EDGE).split()), passage, start, end)


def _announced_end(passage: Passage, start: int, end: int) -> int:
    """Where the items end that a sentence announces: the whole pieces that follow it, in bounds."""
    for _, following in [span for span in pieces_of(passage) if span[0] >= end]:
        if following - start > ANNOUNCED:
            break
        end = following
    return end


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
            score = 3 * len(wanted & frozenset(terms(text[a:b]))) - length / 25
            score -= max(0, length - LONGEST) / 4
            if score > value:
                best, value = (a, b), score
    return best


def _asked_cells(question: Question, candidate: Candidate) -> list[Placed]:
    """The cells of the asked period and column where the table tells them apart; else all."""
    facts = [f for f in candidate.facts if f.fact.table != -1]
    if question.wanted.periods and not question.several and any(f.period >= 0.7 for f in facts):
        facts = [f for f in facts if f.period >= 0.4]
    if facts and not question.several and question.query.form not in ("compare", "calculate"):
        best = max(f.label for f in facts)
        facts = [f for f in facts if f.label >= NAMED * best]
    return facts[:MOST_CELLS]


def cell_text(cell: Placed, row: Candidate) -> str:
    """ "label figure", the figure with its unit."""
    label = " ".join(cell.fact.label.split()).strip(" :：|")
    figure = " ".join(cell.fact.figure.text.split())
    return f"{label} {figure}{_unit(cell, table_head(row.passage))}"


def _row_as_printed(candidate: Candidate, head: str) -> str:
    """A row whose cells cannot be told apart, under its header line."""
    header = " ".join(head.split("\n")[-1].split()) if head else ""
    row = " ".join(candidate.text.split())
    return f"{header}: {row}" if header else row


def _cells(found: Sequence[Placed], head: str) -> str:
    """ "label: column value, column value" with the unit that the head or column states."""
    label = " ".join(found[0].fact.label.split()).strip(" :：|")
    values = [_value(placed, head) for placed in found]
    return f"{label}: {', '.join(values)}" if label else ", ".join(values)


def _value(found: Placed, head: str) -> str:
    column = " ".join(found.fact.column.split())
    period = _period_words(found) if not re.search(r"\d{4}", column) else ""
    figure = " ".join(found.fact.figure.text.split())
    name = " ".join(part for part in (period, column) if part)
    return f"{name} {figure}{_unit(found, head)}".strip()


def _period_words(found: Placed) -> str:
    """The fact's own period where its column does not print it (glued tables)."""
    periods = found.fact.periods
    return periods[0] if len(periods) == 1 and not found.fact.weak else ""


def _unit(found: Placed, head: str) -> str:
    """The unit as printed above the table, unless cell or column has its own or it is uncertain."""
    figure = found.fact.figure
    if _OWN_UNIT.search(figure.text):
        return ""
    own = f"{found.fact.label} {found.fact.column}"
    if match := _NOTED_UNIT.search(own):
        return match[1] if "%" not in match[1] else "%"
    if figure.unit == "%":
        return "%"
    stated = [part for part in re.split(r"[、,，]", unit_of(head)) if part]
    money = [part for part in stated if "%" not in part]
    if re.search(r"率|比例|占比|比重", own):
        return "%" if len(stated) > len(money) else ""
    if len(money) != 1 or figure.unit not in ("元", "美元", "欧元", "港元"):
        return ""
    return f" {money[0]}" if money[0].isascii() else money[0]
