"""The blocks of a page as HTML, what a quote covers in <mark>, tables as tables."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from rag.types import Heading, Page, Paragraph, Table
from ui.html import joined, tag
from ui.locate import Marks, Part, Span
from ui.strings import Say


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
            shown.append(_table(block, i, marks, say))
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


def _table(table: Table, i: int, marks: Marks, say: Say) -> Markup:
    if table.glued:
        return _lines(table, i, marks)
    hit_columns = {column for block, _, column in marks.cells if block == i}
    caption = marked(table.caption, (i, "caption", 0, 0), marks)
    notes = [
        say("source.unit", unit=table.unit) if table.unit else "",
        say("source.continued") if table.continued else "",
    ]
    note = " · ".join(n for n in notes if n)
    head = [_row(row, (i, "head", r), marks, hit_columns) for r, row in enumerate(table.header)]
    body = [_row(row, (i, "row", r), marks, hit_columns) for r, row in enumerate(table.rows)]
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption, tag("span", note, class_="fq-unit") if note else None),
            tag("thead", *head) if head else None,
            tag("tbody", *body),
        ),
        class_="fq-table",
        tabindex=0,
        role="region",
        aria_label=table.caption or say("source.text"),
    )


def _row(
    row: Sequence[str], place: tuple[int, str, int], marks: Marks, hit_columns: set[int]
) -> Markup:
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
                    cell, c in hit_columns, (i, r, c) in marks.cells and not is_head
                ),
                scope={"th": "col" if is_head else "row"}.get(name),
            )
        )
    hit = not is_head and r in marks.rows(i)
    return tag("tr", *cells, class_="fq-hit" if hit else None)


def _cell_class(cell: str, in_column: bool, is_cell: bool) -> str | None:
    names = [
        name
        for name, applies in (
            ("fq-num", _is_figure(cell)),
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
