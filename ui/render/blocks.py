"""The blocks of a page as HTML, what a quote covers in <mark>, tables as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from rag.types import Heading, Page, Paragraph, Table
from ui.html import joined, tag
from ui.locate import Marks, Part, Span
from ui.strings import Say

LONGEST_FIGURE = 28
"""Characters of a cell that is set as a figure; longer ones are several, and wrapped."""


def page_body(page: Page, marks: Marks, say: Say) -> Markup:
    """The blocks of a page, what `marks` names in <mark>."""
    if not page.blocks:
        return tag("p", say("source.blank"), class_="fq-muted")
    shown = []
    for i, block in enumerate(page.blocks):
        part = (i, "text", 0, 0)
        if isinstance(block, Heading):
            shown.append(tag(f"h{min(block.level + 2, 6)}", marked(block.text, part, marks)))
        elif isinstance(block, Paragraph):
            shown.append(tag("p", marked(block.text, part, marks)))
        else:
            above = page.blocks[i - 1] if i else None
            told = isinstance(above, Heading | Paragraph) and above.text.strip() == block.caption
            shown.append(_table(block, i, marks, say, captioned=not told))
    return joined(*shown)


def marked(text: str, part: Part, marks: Marks) -> Markup:
    """Text with the spans of its part in <mark>, everything escaped."""
    return _with_spans(text, marks.spans.get(part, ()))


def _with_spans(text: str, spans: Sequence[Span]) -> Markup:
    pieces: list[Markup | str] = []
    at = 0
    for start, end in spans:
        pieces += [text[at:start], tag("mark", text[start:end])]
        at = end
    return joined(*pieces, text[at:])


def _table(table: Table, i: int, marks: Marks, say: Say, *, captioned: bool) -> Markup:
    """A table; its caption is left out where the line above says it, unless it is marked."""
    if table.glued:
        return _lines(table, i, marks)
    hit_columns = {column for block, _, column in marks.cells if block == i}
    captioned = captioned or (i, "caption", 0, 0) in marks.spans
    caption = marked(table.caption, (i, "caption", 0, 0), marks) if captioned else None
    notes = [
        say("source.unit", unit=table.unit) if table.unit else "",
        say("source.continued") if table.continued else "",
    ]
    note = " · ".join(n for n in notes if n)
    look = _Look(frozenset(hit_columns), _figure_columns(table))
    head = [_row(row, (i, "head", r), marks, look) for r, row in enumerate(table.header)]
    body = [_row(row, (i, "row", r), marks, look) for r, row in enumerate(table.rows)]
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption, tag("span", note, class_="fq-unit") if note else None)
            if caption or note
            else None,
            tag("thead", *head) if head else None,
            tag("tbody", *body),
        ),
        class_="fq-table",
        tabindex=0,
        role="region",
        aria_label=table.caption or say("source.text"),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """The columns of a table that are marked, and those whose cells are figures."""

    hit: frozenset[int]
    figures: frozenset[int]


def _figure_columns(table: Table) -> frozenset[int]:
    """Columns of figures: their headers stand to the right, as the figures do."""
    width = max((len(row) for row in table.rows), default=0)
    cells = {c: [row[c] for row in table.rows if c < len(row) and row[c]] for c in range(width)}
    return frozenset(c for c, own in cells.items() if own and all(map(_is_figure, own)))


def _row(row: Sequence[str], place: tuple[int, str, int], marks: Marks, look: _Look) -> Markup:
    i, kind, r = place
    is_head = kind == "head"
    cells = []
    for c, cell in enumerate(row):
        name = "th" if is_head or (c == 0 and not _is_figure(cell)) else "td"
        cells.append(
            tag(
                name,
                marked(cell, (i, kind, r, c), marks),
                class_=_cell_class(
                    _is_figure(cell) or (is_head and c in look.figures),
                    c in look.hit,
                    (i, r, c) in marks.cells and not is_head,
                ),
                scope={"th": "col" if is_head else "row"}.get(name),
            )
        )
    hit = not is_head and r in marks.rows(i)
    return tag("tr", *cells, class_="fq-hit" if hit else None)


def _cell_class(is_figure: bool, in_column: bool, is_cell: bool) -> str | None:
    names = [
        name
        for name, applies in (
            ("fq-num", is_figure),
            ("fq-col", in_column),
            ("fq-cell", is_cell),
        )
        if applies
    ]
    return " ".join(names) or None


def _is_figure(cell: str) -> bool:
    """Whether a cell is set to the right: mostly digits, or a dash for nothing."""
    text = cell.strip()
    digits = sum(c.isdigit() for c in text)
    if len(text) > LONGEST_FIGURE:
        return False
    return text in ("-", "—", "–", "/") or digits * 2 >= len(text) > 0


def _lines(table: Table, i: int, marks: Marks) -> Markup:
    """A table whose cells could not be told apart: its lines as printed."""
    lines = [
        tag(
            "div",
            marked(row[0] if row else "", (i, "row", r, 0), marks),
            class_="fq-hit" if r in marks.rows(i) else None,
        )
        for r, row in enumerate(table.rows)
    ]
    caption = tag("p", marked(table.caption, (i, "caption", 0, 0), marks), class_="fq-muted")
    return tag("div", caption if table.caption else None, *lines, class_="fq-lines")
