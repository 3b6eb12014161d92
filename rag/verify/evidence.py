"""Evidence read into facts: the cited quote in its passage, sentences and table rows alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.verify.cells import Table, cells_of, is_row, take_row
from rag.verify.facts import Fact, sentence_facts
from rag.verify.figure import Figure
from rag.verify.figures import find_figures
from rag.verify.glued import ends_prose, glued_facts, is_glued_row
from rag.verify.periods import anchor_of
from rag.verify.sentences import split_sentences

_SIGN = {"$": "美元", "US$": "美元", "HK$": "港元", "¥": "元", "€": "欧元", "£": "英镑"}
_CURRENCY_SIGN = re.compile(r"US\$|HK\$|[$¥€£]")
_ABOVE = 24
"""Lines above a row in which its unit and periods may stand."""


@dataclass(frozen=True, slots=True)
class EvidenceSpan:
    """What a citation shows: `text` is the verbatim quote, `n` its number in the answer.

    `context` is what the quote stands in: the filing's title and company, the headings, the
    passage with its caption, unit line ("单位:万元") and table header. It may contain the quote.
    """

    n: int
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class ReadEvidence:
    """An evidence span with its facts and its dates and codes."""

    span: EvidenceSpan
    document: str
    facts: tuple[Fact, ...]
    figures: tuple[Figure, ...]
    main: str = ""
    """The period that the document is about, which 上年 and 期初 refer to; "" where unsure."""


@lru_cache(maxsize=256)
def read_evidence(span: EvidenceSpan) -> ReadEvidence:
    """The facts of a quote and of the passage round it; those of the quote are `quoted`."""
    document, start = _document(span)
    figures = find_figures(document)
    main = anchor_of(document)
    facts = facts_of(document, figures, main)
    end = start + len(span.text)
    marked = tuple(
        replace(fact, n=span.n, quoted=start <= fact.figure.start < end) for fact in facts
    )
    return ReadEvidence(span, document, marked, figures, main)


def _document(span: EvidenceSpan) -> tuple[str, int]:
    position = span.context.find(span.text)
    if position >= 0:
        return span.context, position
    document = f"{span.context}\n{span.text}" if span.context else span.text
    return document, len(document) - len(span.text)


def facts_of(document: str, figures: Sequence[Figure], main: str = "") -> list[Fact]:
    """The facts of a text with its tables and sentences; `figures` are those of the text, `main`
    is the period that its 上年 and 期初 refer to, where it names none itself."""
    return list(_facts(document, figures, main))


def _facts(document: str, figures: Sequence[Figure], main: str) -> Iterator[Fact]:
    main = main or anchor_of(document)
    table: Table | None = None
    above: list[str] = []
    line_start = 0
    lines = document.split("\n")
    for number, line in enumerate(lines):
        offset, line_start = line_start, line_start + len(line) + 1
        here = [f for f in figures if offset <= f.start < offset + len(line)]
        if is_row(line):
            if table is None:
                table = _open_table(number, above, main, document[offset:])
            yield from take_row(table, cells_of(line, offset), here, number)
            continue
        if not line.strip():
            continue
        if table is not None and _is_group(line, here, lines[number + 1 : number + 2]):
            table.grouped = True
            continue
        if table is not None:
            table, above = None, []
        if is_glued_row(line, here):
            yield from (
                replace(fact, line=number) for fact in glued_facts(line, offset, here, above)
            )
        else:
            yield from _prose(line, offset, here, main)
        above = [line] if ends_prose(line) else [*above[-_ABOVE:], line]


def _is_group(line: str, here: Sequence[Figure], following: Sequence[str]) -> bool:
    """Whether a line between rows is a row of its own with a label alone ("流动资产:")."""
    measured = any(f.kind not in ("date", "code") for f in here)
    short = len(line) <= 40 and not ends_prose(line) and "单位" not in line
    return short and not measured and bool(following) and is_row(following[0])


def _open_table(number: int, above: Sequence[str], main: str, rest: str) -> Table:
    kept: list[str] = []
    for line in reversed(above[-3:]):
        if ends_prose(line) or len(line) > 80:
            break
        kept.append(line)
    caption = "\n".join(reversed(kept))
    rows = [row for row in rest.split("\n", 40) if "|" in row]
    block = "\n".join(rows)
    sign = _CURRENCY_SIGN.search(block)
    dates = {f.unit for f in find_figures(caption) if f.kind == "date"}
    return Table(
        number,
        caption,
        dates.pop() if len(dates) == 1 else main,
        money=_SIGN[sign.group()] if sign else "",
        width=max((row.count("|") + 1 for row in rows[1:]), default=0),
    )


def _prose(line: str, offset: int, here: Sequence[Figure], main: str) -> Iterator[Fact]:
    """The facts of a paragraph's sentences; a sentence's one period holds for the next as well."""
    carried = ""
    for start, end in split_sentences(line):
        placed = [f for f in here if start <= f.start - offset < end]
        own = [
            replace(f, start=f.start - offset - start, end=f.end - offset - start) for f in placed
        ]
        measured = [f for f in placed if f.kind not in ("date", "code")]
        found = sentence_facts(line[start:end], own, main=main, carried=carried) if measured else []
        for fact, figure in zip(found, measured, strict=True):
            yield replace(fact, figure=figure, line=-2 - offset - start)
        periods = {f.unit for f in own if f.kind == "date"}
        if periods:
            carried = periods.pop() if len(periods) == 1 else ""
