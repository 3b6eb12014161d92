"""Statements of a draft with the places that they rest on: verbatim quotes, numbered by first use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.citing import Statement
from rag.answer.context import in_context
from rag.answer.evidence import pieces_of
from rag.answer.sources import Shown
from rag.types import Citation
from rag.verify.align import align
from rag.verify.check import EvidenceSpan
from rag.verify.figure import ONE, Figure, states
from rag.verify.figures import find_figures

Place = tuple[int, int, int]
"""A source's number, and start and end in its passage's text."""
_MOST_QUOTES = 4
"""Places of one source that one statement is cited to."""


@dataclass(frozen=True, slots=True)
class Attributed:
    """A statement with the place of each of its quotes."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """Statements as text with markers: `spans` tells where in `text` each of them stands."""

    text: str
    citations: tuple[Citation, ...]
    spans: tuple[tuple[int, int], ...]
    evidence: tuple[EvidenceSpan, ...]


def attributed(
    sources: Sequence[Shown], statements: Sequence[Statement]
) -> tuple[list[Attributed], list[str]]:
    """Statements with verbatim quotes, and those that no source plainly says."""
    kept: list[Attributed] = []
    dropped: list[str] = []
    for statement in statements:
        numbers = _numbers(sources, statement)
        places = [p for n in numbers for p in _places(statement.text, sources[n - 1])]
        if places:
            kept.append(Attributed(statement.text, tuple(places)))
        else:
            dropped.append(statement.text)
    return kept, dropped


def _numbers(sources: Sequence[Shown], statement: Statement) -> tuple[int, ...]:
    """The sources of a statement: those that it cites; where they lack its figures and another
    source plainly says it, that one. Small models copy the right row and name the wrong number."""
    telling = [figure for figure in find_figures(statement.text) if _tells(figure)]
    cited = [n for n in statement.numbers if any(_in(sources[n - 1], f) for f in telling)]
    lost = [f for f in telling if not any(_in(sources[n - 1], f) for n in cited)]
    if statement.numbers and not lost:
        return statement.numbers
    found = align(statement.text, [shown.passage.text for shown in sources])
    if found is None:
        return statement.numbers
    if statement.numbers and not any(_in(sources[found[0]], f) for f in lost):
        return statement.numbers
    return tuple(dict.fromkeys((*cited, found[0] + 1)))


def _in(shown: Shown, figure: Figure) -> bool:
    return _holds(shown.passage.text, figure)


def _places(statement: str, shown: Shown) -> list[Place]:
    """The sentence or row of a source that best supports a statement, and one for each figure
    that stands elsewhere in it; else its best piece."""
    text = shown.passage.text
    found = align(statement, [text])
    spans = [(found[1], found[2])] if found else []
    for figure in find_figures(statement):
        held = any(_holds(text[a:b], figure) for a, b in spans)
        if _tells(figure) and not held and len(spans) < _MOST_QUOTES:
            spans += _piece_with(figure, shown)
    if not spans:
        best = max(shown.pieces, key=lambda piece: piece.score)
        spans = [(best.start, best.end)]
    return [(shown.number, start, end) for start, end in spans]


def _tells(figure: Figure) -> bool:
    """Whether a figure can be looked for: no date, and no small number that stands anywhere."""
    small = figure.bare and figure.quantum == ONE and abs(figure.number or ONE) <= 100
    return figure.number is not None and figure.kind != "date" and not small


def _piece_with(figure: Figure, shown: Shown) -> list[tuple[int, int]]:
    """The piece of a source that states a figure: of those that the model read, if one does."""
    text = shown.passage.text
    read = [(piece.start, piece.end) for piece in shown.pieces]
    holding = (
        span for span in (*read, *pieces_of(shown.passage)) if _holds(text[slice(*span)], figure)
    )
    return list(holding)[:1]


def _holds(text: str, figure: Figure) -> bool:
    """Whether a text prints a figure: its digits, or its value in another unit."""
    for stated in find_figures(text):
        if stated.number is None or figure.number is None:
            continue
        if abs(stated.number) == abs(figure.number) or states(stated, figure):
            return True
    return False


def build(sources: Sequence[Shown], statements: Sequence[Attributed]) -> Built:
    """The text with markers renumbered by first use, one number for each quoted place."""
    numbers: dict[Place, int] = {}
    text, spans = "", []
    for statement in statements:
        marks = "".join(f"[{numbers.setdefault(p, len(numbers) + 1)}]" for p in statement.places)
        start = len(text) + bool(text)
        text += ("\n" if text else "") + marked(statement.text, marks)
        spans.append((start, len(text)))
    citations = tuple(_citation(sources, n, place) for place, n in numbers.items())
    evidence = tuple(_evidence(sources, n, place) for place, n in numbers.items())
    return Built(text, citations, tuple(spans), evidence)


def marked(statement: str, marks: str) -> str:
    """A statement with its markers before the closing punctuation."""
    body = statement.strip()
    end = re.search(r"[。.!！?？;；]+$", body)
    return f"{body[: end.start()]}{marks}{end[0]}" if end else f"{body}{marks}"


def _citation(sources: Sequence[Shown], n: int, place: Place) -> Citation:
    number, start, end = place
    passage = sources[number - 1].passage
    return Citation(
        n=n,
        passage_id=passage.id,
        filing_id=passage.filing.id,
        title=passage.filing.title,
        source=passage.filing.source,
        page=passage.page_at(start),
        section=passage.section,
        quote=passage.text[start:end],
        start=start,
        end=end,
        page_index=passage.page_index_at(start),
    )


def _evidence(sources: Sequence[Shown], n: int, place: Place) -> EvidenceSpan:
    number, start, end = place
    passage = sources[number - 1].passage
    return EvidenceSpan(n, passage.text[start:end], in_context(passage))
