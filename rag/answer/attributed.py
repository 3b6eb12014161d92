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
from rag.verify.evidence import read_evidence
from rag.verify.figure import ONE, Figure, states
from rag.verify.figures import find_figures
from rag.verify.labels import coverage, covered, meaning
from rag.verify.saying import says

Place = tuple[int, int, int]
"""A source's number, and start and end in its passage's text."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DIGITS = 3
_SPOKEN_OF = 0.5
"""Digits of a figure, and share of its label's words, that tell where it was copied from."""
_CLAUSE_END = re.compile(r"[,，;；](?!\d{3}(?!\d))|\s?[(（]")
_OWN_WORDS = 0.4
"""Share of a statement's words, and pairs of them, that a passage must have to be its source."""
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
    sources: Sequence[Shown], statements: Sequence[Statement], question: str = ""
) -> tuple[list[Attributed], list[str]]:
    """Statements with verbatim quotes, and those that no source plainly says."""
    kept: list[Attributed] = []
    dropped: list[str] = []
    for statement in statements:
        numbers = _numbers(sources, statement, question)
        places = [p for n in numbers for p in _places(statement.text, sources[n - 1])]
        if places:
            kept.append(Attributed(statement.text, tuple(places)))
        else:
            dropped.append(statement.text)
    return kept, dropped


def _numbers(sources: Sequence[Shown], statement: Statement, question: str) -> tuple[int, ...]:
    """The sources of a statement: those that it cites; where they lack some of its figures, those
    that plainly say it too. Small models copy the right row and name the wrong number."""
    telling = [figure for figure in find_figures(statement.text) if _tells(figure)]
    numbers = [n for n in statement.numbers if any(_in(sources[n - 1], f) for f in telling)]
    lost = _lost(telling, numbers, sources)
    if statement.numbers and not lost:
        return statement.numbers
    found = align(statement.text, [shown.passage.text for shown in sources])
    nearest = [sources[found[0]]] if found else []
    if nearest and (not statement.numbers or _in_another_language(statement.text, nearest[0])):
        numbers.append(nearest[0].number)
    words = f"{statement.text} {question}"
    for figure in _lost(telling, numbers, sources) if numbers or statement.numbers else ():
        if _lost([figure], numbers, sources):  # the source of the one before may state it too
            stating = (s.number for s in (*nearest, *sources) if _named_in(s, figure, words))
            numbers += list(stating)[:1]
    return tuple(dict.fromkeys(numbers or statement.numbers))


def _in_another_language(statement: str, shown: Shown) -> bool:
    """Whether the words of a statement cannot tell whose the figures of a source are."""
    return _HAN.search(statement) is None and _HAN.search(shown.text) is not None


def _lost(
    figures: Sequence[Figure], numbers: Sequence[int], sources: Sequence[Shown]
) -> list[Figure]:
    """The figures that none of the numbered sources prints."""
    return [f for f in figures if not any(_in(sources[n - 1], f) for n in numbers)]


def _named_in(shown: Shown, figure: Figure, words: str) -> bool:
    """Whether a source states a figure of several digits under a label that `words` speak of."""
    if sum(c.isdigit() for c in figure.text) < _DIGITS:
        return False
    read = read_evidence(EvidenceSpan(shown.number, shown.passage.text, in_context(shown.passage)))
    return any(says(f, figure) and coverage(f.label, words) >= _SPOKEN_OF for f in read.facts)


def _in(shown: Shown, figure: Figure) -> bool:
    return _holds(shown.passage.text, figure)


def trimmed(
    sources: Sequence[Shown], statement: Attributed, sound: Sequence[int], wrong: Sequence[int]
) -> Attributed | None:
    """A statement without its clauses from the first wrong figure on; None where no figure is left.

    `sound` and `wrong` are the offsets of its figures. "甲5.2万元,乙7.7万元" keeps what it says of
    甲 where 7.7 stands nowhere: the clause before is a statement of its own.
    """
    body = statement.text.strip()
    cuts = [m.start() for m in _CLAUSE_END.finditer(body) if m.start() <= min(wrong)]
    if not cuts or not any(place < cuts[-1] for place in sound):
        return None
    text = body[: cuts[-1]]
    text += "." if text.isascii() else "。"
    numbers = dict.fromkeys(place[0] for place in statement.places)
    places = tuple(p for n in numbers for p in _places(text, sources[n - 1]))
    return Attributed(text, places)


def _places(statement: str, shown: Shown) -> list[Place]:
    """The sentence or row of a source that best supports a statement, and one for each figure
    that stands elsewhere in it; else its best piece, where its words are the statement's."""
    text = shown.passage.text
    found = align(statement, [text])
    spans = [(found[1], found[2])] if found else []
    for figure in find_figures(statement):
        held = any(_holds(text[a:b], figure) for a, b in spans)
        if _tells(figure) and not held and len(spans) < _MOST_QUOTES:
            spans += _piece_with(figure, shown)
    if not spans and _speaks_of(statement, text):
        best = max(shown.pieces, key=lambda piece: piece.score)
        spans = [(best.start, best.end)]
    return [(shown.number, start, end) for start, end in spans]


def _speaks_of(statement: str, text: str) -> bool:
    """Whether a passage has enough of a statement's words to be its source; words of another
    script cannot tell."""
    if _HAN.search(statement) is None and _HAN.search(text) is not None:
        return True
    words = meaning(statement)
    return not words or covered(words, _all_words(text)) >= _OWN_WORDS


def _all_words(text: str) -> tuple[str, ...]:
    """The words of a whole passage (:func:`meaning` reads the first 400 characters)."""
    parts = (meaning(text[start : start + 400]) for start in range(0, len(text), 360))
    return tuple(word for part in parts for word in part)


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
