"""Text exports of filings: pages by their printed labels, headings, paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.load.base import Loaded
from rag.load.captions import lead_in
from rag.load.column_table import column_table
from rag.load.columns import is_data, split_cells, width_of
from rag.load.decode import read_text
from rag.load.glued import glued_region, parted
from rag.load.levels import with_outline
from rag.load.outline import (
    CONTENTS,
    contents_end,
    heading_level,
)
from rag.load.pagination import paginate, running_lines, without_running
from rag.load.pipes import is_pipe_row, pipe_table
from rag.load.prose import Shape, ends_sentence, paragraphs, shape_of
from rag.load.stitch import stitch
from rag.load.tables import (
    is_unit_line,
    scope_of,
    split_unit,
    unit_of,
)
from rag.types import Block, Heading, Page, Paragraph, Table

_PLACEHOLDER = re.compile(r"<\|[^|<>\n]{1,80}\|>")
"""What some exports leave where they took a table out."""


@dataclass(frozen=True, slots=True)
class _Segment:
    kind: str
    lines: tuple[str, ...]


def load_text(path: Path) -> Loaded:
    """Load a .txt export (any of UTF-8, UTF-16, GB18030). Raises LoadError and its kinds."""
    return Loaded(pages_of(read_text(path)))


def pages_of(text: str) -> tuple[Page, ...]:
    """The pages of an export, tables and paragraphs that cross a page break joined logically."""
    raw = paginate(_PLACEHOLDER.sub("\n", text))
    running = running_lines(raw)
    texts = [without_running(page.text, running) for page in raw]
    indented = _is_indented(texts)
    shape = None if indented else _flow_shape("\n".join(texts).split("\n"))
    pages: list[Page] = []
    for i, (page, body) in enumerate(zip(raw, texts, strict=True)):
        pages.append(
            Page(page.label, i, tuple(_blocks(body.split("\n"), shape, _ends_in_table(pages))))
        )
    return stitch(with_outline(pages), piped=shape is not None and shape.piped)


def _flow_shape(lines: Sequence[str]) -> Shape:
    piped = sum(is_pipe_row(line) for line in lines) >= 6
    return replace(shape_of(lines, indented=False), piped=piped)


def _ends_in_table(pages: Sequence[Page]) -> bool:
    return bool(pages and pages[-1].blocks and isinstance(pages[-1].blocks[-1], Table))


def _is_indented(texts: Sequence[str]) -> bool:
    """Whether an export keeps indents: a fair share of its lines starts with spaces."""
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    return sum(line.startswith(("  ", "　")) for line in lines) > 0.2 * len(lines)


def _blocks(lines: list[str], flow: Shape | None, in_table: bool) -> list[Block]:
    """The blocks of one page; `flow` is the document's shape where lines have no indents."""
    if flow and not flow.piped:
        lines = parted(lines)
    shape = flow or shape_of([x for x in lines if _is_plain(x)], indented=True)
    blocks: list[Block] = []
    for segment in _segments(lines, shape, in_table):
        if segment.kind == "prose":
            blocks += paragraphs(segment.lines, shape)
        elif segment.kind == "contents":
            entries = _contents(segment.lines)
            blocks += entries[1:] if Heading(CONTENTS, 1) in blocks[-1:] else entries
        else:
            _add_table(blocks, segment, shape)
    return blocks


def _is_plain(line: str) -> bool:
    return len(split_cells(line)) < 2 and not is_unit_line(line)


def _segments(lines: list[str], shape: Shape, in_table: bool) -> list[_Segment]:
    """Cut a page into runs of prose, table lines and contents entries, in order."""
    segments: list[_Segment] = []
    prose: list[str] = []

    def add(kind: str, part: Sequence[str]) -> None:
        if prose:
            segments.append(_Segment("prose", tuple(prose)))
            prose.clear()
        segments.append(_Segment(kind, tuple(part)))

    i = 0
    while i < len(lines):
        going_on = in_table and not segments and not any(x.strip() for x in prose)
        end, kind = _special(lines, i, shape, going_on)
        if end > i:
            add(kind, lines[i:end])
            i = end
        else:
            prose.append(lines[i])
            i += 1
    if any(line.strip() for line in prose):
        segments.append(_Segment("prose", tuple(prose)))
    return segments


def _special(lines: list[str], i: int, shape: Shape, going_on: bool) -> tuple[int, str]:
    """(end, kind) of what starts at line `i`: pipe, columns, glued, contents; (i, "") for prose."""
    if not lines[i].strip():
        return i, ""
    if end := contents_end(lines, i):
        return end, "contents"
    start = i + 1 if is_unit_line(lines[i]) and i + 1 < len(lines) else i
    if is_pipe_row(lines[start]):
        end = start
        while end < len(lines) and is_pipe_row(lines[end]):
            end += 1
        return end, "pipes"
    if shape.indented:
        return _columns_end(lines, i, shape), "columns"
    if shape.piped:
        return i, ""
    return glued_region(lines, i, going_on=going_on), "glued"


def _columns_end(lines: list[str], i: int, shape: Shape) -> int:
    """End of the space-aligned table that starts at `i`, or `i`."""
    if not _opens_columns(lines, i, shape):
        return i
    end = i
    many = 0
    k = i
    while k < len(lines):
        line = lines[k]
        if line.strip():
            cells = split_cells(line)
            if len(cells) >= 2 and not _spaced_prose(line, shape):
                many += 1
                end = k + 1
            elif is_unit_line(line):
                if many:
                    break
                end = k + 1
            elif _is_prose(line, shape) or not _near_row(lines, k) or _is_title(lines, k, shape):
                break
            else:
                end = k + 1
        k += 1
    return end if many >= 2 else i


def _opens_columns(lines: list[str], i: int, shape: Shape) -> bool:
    line = lines[i]
    if is_unit_line(line):
        return True
    if len(split_cells(line)) >= 2:
        return not _spaced_prose(line, shape)
    if _is_prose(line, shape) or _is_title(lines, i, shape):
        return False
    return _near_row(lines, i) and len(line.strip()) < 40


def _is_title(lines: list[str], i: int, shape: Shape) -> bool:
    """A line that stands alone below a blank one, and left of the table or over the prose below."""
    if i and lines[i - 1].strip():
        return False
    title = split_cells(lines[i])
    following = [x for x in lines[i + 1 : i + 4] if x.strip()]
    if len(title) != 1 or not following or not lines[i + 1].strip():
        return False
    if is_unit_line(following[0]):
        return True
    if len(split_cells(following[0])) < 2:
        return _is_prose(following[0], shape) and width_of(following[0]) >= 0.86 * shape.width
    rows = [split_cells(x) for x in following]
    return not is_data(rows[0]) and all(row[0].x0 > title[0].x0 for row in rows)


def _spaced_prose(line: str, shape: Shape) -> bool:
    """A line of running text in which a double space stands: one of its cells is most of it."""
    longest = max(split_cells(line), key=lambda cell: cell.x1 - cell.x0)
    wordy = re.search(r"[,，。；]", longest.text) is not None
    return wordy and longest.x1 - longest.x0 >= 0.6 * shape.width


def _is_prose(line: str, shape: Shape) -> bool:
    """A line of running text: full width, or ended by a sentence mark, or a heading or note."""
    stripped = line.strip()
    if stripped.startswith(("注:", "注：", "注 ", "注1", "资料来源", "数据来源")):
        return True
    indent = width_of(line) - width_of(line.lstrip())
    if indent > shape.base + 12:
        return False
    if width_of(line) >= 0.86 * shape.width or heading_level(stripped) is not None:
        return True
    return ends_sentence(stripped) and len(stripped) > 3


def _near_row(lines: list[str], k: int) -> bool:
    """Whether a row of several cells stands on the next or the previous line (or two off)."""
    around = [x for x in lines[k + 1 : k + 4] if x.strip()][:2]
    before = [x for x in reversed(lines[max(0, k - 3) : k]) if x.strip()][:2]
    return any(len(split_cells(x)) >= 2 for x in (*around, *before))


def _add_table(blocks: list[Block], segment: _Segment, shape: Shape) -> None:
    """Append a table with its caption taken from the text before it; prose where it is none."""
    lines = list(segment.lines)
    unit = ""
    if is_unit_line(lines[0]):
        unit, lines = unit_of(lines[0]), lines[1:]
    caption = lead_in(blocks)
    scope = scope_of(caption)
    unit = unit or unit_of(caption)
    if segment.kind == "pipes":
        blocks.append(pipe_table(lines, caption=caption, unit=unit, scope=scope))
        return
    if segment.kind == "columns":
        table = column_table(lines, caption=caption, unit=unit, scope=scope)
        blocks += [table] if table else paragraphs(lines, shape)
        return
    unit, lines[0] = (unit, lines[0]) if unit else split_unit(lines[0])
    rows = tuple((" ".join(line.split()),) for line in lines if line.strip())
    blocks.append(Table(caption, unit, (), rows, glued=True, scope=scope))


def _contents(lines: Sequence[str]) -> list[Block]:
    """A table of contents: kept, under a heading of its own, so that search can rank it low."""
    entries = [" ".join(line.split()) for line in lines if line.strip()]
    return [
        Heading(CONTENTS, 1),
        *(Paragraph(re.sub(r"[.…·．_-]{4,}", " …… ", e)) for e in entries),
    ]
