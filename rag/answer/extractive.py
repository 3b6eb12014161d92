"""Answers without a model: composed of the sentences and table rows that state what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.draft import Draft
from rag.answer.evidence import Piece, citation
from rag.index.terms import terms
from rag.load.tables import is_number
from rag.retrieve.query import Query
from rag.types import Citation

ENOUGH = 0.42
"""Least share of the question's weighted terms that a piece must state to answer it."""
MOST_PIECES = {
    "one": 1,
    "yesno": 1,
    "reason": 2,
    "several": 3,
    "list": 4,
    "compare": 3,
    "calculate": 3,
}
LONGEST = 160
"""Characters of a sentence beyond which only its clauses that answer are shown."""


def compose(query: Query, pieces: Sequence[Piece]) -> Draft:
    """Answer from the best pieces, or refuse where none states enough of what is asked."""
    chosen = _chosen(query, pieces)
    if not chosen:
        return Draft("", "not_found")
    lines = []
    cited: list[Citation] = []
    for n, piece in enumerate(chosen, 1):
        text, start, end = _shown(query, piece)
        lines.append(f"{text}[{n}]")
        cited.append(citation(n, piece, start=start, end=end))
    return Draft("\n".join(lines), "answered", tuple(cited))


def _chosen(query: Query, pieces: Sequence[Piece]) -> list[Piece]:
    if not pieces or pieces[0].score < ENOUGH or not _periods_stated(query, pieces[0]):
        return []
    best = pieces[0].score
    limit = MOST_PIECES[query.form]
    kept = [pieces[0]]
    for piece in pieces[1:]:
        if len(kept) >= limit:
            break
        if piece.score >= max(ENOUGH, 0.8 * best) and piece.own > 0.1:
            kept.append(piece)
    return kept


def _periods_stated(query: Query, piece: Piece) -> bool:
    """Every year that is asked for must stand in the piece or around it."""
    stated = frozenset(terms(piece.text + "\n" + piece.context + "\n" + piece.passage.text))
    return all(period[:4] in stated for period in query.periods)


def _shown(query: Query, piece: Piece) -> tuple[str, int, int]:
    """(text to show, start, end of the quote)."""
    if piece.passage.kind == "table" and " | " in piece.text:
        return _row(query, piece), piece.start, piece.end
    text = piece.text
    if len(text) <= LONGEST:
        return " ".join(text.split()), piece.start, piece.end
    start, end = _clauses(query, text)
    return " ".join(text[start:end].split()), piece.start + start, piece.start + end


def _clauses(query: Query, text: str) -> tuple[int, int]:
    """The shortest run of clauses that holds as many of the question's terms as the whole."""
    cuts = [0, *(m.end() for m in re.finditer(r"[,，;；](?!\d)", text)), len(text)]
    wanted = frozenset(query.terms) | frozenset(query.extra)
    best, value = (0, len(text)), -1.0
    for i in range(len(cuts) - 1):
        for j in range(i + 1, len(cuts)):
            length = cuts[j] - cuts[i]
            if length > LONGEST:
                break
            found = len(wanted & frozenset(terms(text[cuts[i] : cuts[j]])))
            score = found - length / 400
            if score > value:
                best, value = (cuts[i], cuts[j]), score
    return best


def _row(query: Query, piece: Piece) -> str:
    """A row as "label: column value, column value (unit)"; only the asked columns where told."""
    cells = [cell.strip() for cell in piece.text.split(" | ")]
    head = piece.head.split("\n")
    names = [cell.strip() for cell in head[-1].split(" | ")] if head and " | " in head[-1] else []
    if len(names) != len(cells):
        return " | ".join(cell for cell in cells if cell)
    label = " ".join(c for c in cells if c and not is_number(c))
    wanted = _columns(query, names, cells)
    values = [f"{names[k]} {cells[k]}".strip() for k in wanted if is_number(cells[k])]
    if not values:
        return " | ".join(cell for cell in cells if cell)
    unit = next(
        (re.sub(r"^单位[:：]", "", line) for line in head if line.startswith(("单位", "("))), ""
    )
    return f"{label}: {', '.join(values)}" + (f" ({unit.strip('()')})" if unit else "")


def _columns(query: Query, names: Sequence[str], cells: Sequence[str]) -> list[int]:
    """Columns of the asked periods; all where none is asked or named."""
    every = [k for k in range(len(cells)) if cells[k]]
    asked = set(query.periods)
    matching = [k for k in every if asked & frozenset(terms(names[k]))]
    return matching or every
