"""Filings into passages: small pieces of one section on one page that can be read by themselves.

A passage never cuts a sentence or a table row and never crosses a section. It starts on one page;
only a sentence that itself crosses a page break takes the passage over to the next page. A table
is split by rows, and each part repeats caption, unit and header. Items of a news page never share
a passage.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rag.load.items import is_digest, item_of_paragraphs
from rag.load.outline import CONTENTS, OPINION, REPLY_MARK, first_of, numbering
from rag.load.prose import join_parts
from rag.load.tables import Cells, flat_header, render, row_text
from rag.tokens import count_tokens
from rag.types import Block, Filing, Heading, Page, Paragraph, Passage, Speaker, Table
from rag.verify.sentences import split_sentences

TEXT_TOKENS = 260
"""A text passage is closed once it has this many tokens (one longer sentence stays whole)."""
TABLE_TOKENS = 420
"""A part of a table has at most this many tokens (one longer row stays whole)."""
LONGEST_IN_PATH = 60
_ABOVE = {"han": "chapter", "han-bracket": "han"}
"""Style of numbering -> the style customarily right above it, whose loss its restart shows."""
_QUESTION = re.compile(
    r"(?:问题|意见|Question)\s*[\d一二三四五六七八九十]+|^\d{1,2}(?:\.\d)?[.、．]\s*关于"
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a whole short paragraph, on the page where it begins.

    `breaks` pairs offsets in `text` with the pages that begin there.
    """

    text: str
    page: int
    opens: bool
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _State:
    """Where the walk through a filing stands."""

    filing: Filing
    path: list[tuple[int, str]] = field(default_factory=list)
    units: list[_Unit] = field(default_factory=list)
    count: int = 0
    items: Mapping[tuple[int, int], str] = field(default_factory=dict)
    digest: bool = False
    replies: bool = False
    in_question: bool = False
    begun: dict[int, str] = field(default_factory=dict)
    """Level -> the last heading of that level below the heading above."""
    item: str = ""

    @property
    def section(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.path)


def passages_of(filing: Filing) -> tuple[Passage, ...]:
    """All passages of a filing, in reading order. Ids are hashes of filing, order and text."""
    state = _State(
        filing,
        items=item_of_paragraphs(filing.kind, filing.pages),
        digest=is_digest(filing.kind, filing.pages),
        replies=_is_reply(filing),
    )
    return tuple(_walk(state))


def _is_reply(filing: Filing) -> bool:
    """Whether a filing answers a regulator: it has lines that only say that the reply begins."""
    marks = (
        isinstance(block, Paragraph) and REPLY_MARK.match(block.text)
        for page in filing.pages
        for block in page.blocks
    )
    return filing.kind == "inquiry reply" or any(marks)


def _walk(state: _State) -> Iterator[Passage]:
    carried: Paragraph | None = None
    for page in state.filing.pages:
        for i, block in enumerate(page.blocks):
            label = state.items.get((page.index, i), "")
            if state.units and (state.digest or label != state.item):
                yield from _flush(state)
            state.item = label
            if isinstance(block, Heading):
                yield from _flush(state)
                _enter(state, block)
                if len(block.text) > LONGEST_IN_PATH:  # a statement, too long for a path
                    yield from _take(state, Paragraph(block.text), page)
            elif isinstance(block, Table):
                yield from _flush(state)
                yield from _table_passages(state, block, page)
            elif carried is not None and i == 0:
                _take_joined(state, carried, block, page)
                carried = block if block.open_end and len(page.blocks) == 1 else None
            elif block.open_end and i == len(page.blocks) - 1 and _has_next(state, page):
                carried = block
            elif not _is_caption(block, page.blocks[i + 1 : i + 2]):
                yield from _take(state, block, page)
        yield from _flush(state)
    yield from _flush(state)


def _has_next(state: _State, page: Page) -> bool:
    later = state.filing.pages[page.index + 1 : page.index + 2]
    return bool(later and later[0].blocks and isinstance(later[0].blocks[0], Paragraph))


def _is_caption(block: Paragraph, following: Sequence[Block]) -> bool:
    """A paragraph that its table repeats as caption needs no passage of its own."""
    return (
        bool(following) and isinstance(following[0], Table) and following[0].caption == block.text
    )


def _enter(state: _State, heading: Heading) -> None:
    if state.path and state.path[-1][1] == CONTENTS:
        state.path.pop()
    while state.path and state.path[-1][0] >= heading.level:
        state.path.pop()
    _leave_lost(state, heading)
    text = (
        heading.text
        if len(heading.text) <= LONGEST_IN_PATH
        else heading.text[:LONGEST_IN_PATH] + "…"
    )
    state.path.append((heading.level, text))
    if state.replies and _QUESTION.search(heading.text) and heading.level <= 2:
        state.in_question = True
    elif heading.level in (3, 4):
        # Questions have no outline of their own; some replies begin without a mark.
        state.in_question = False


def _leave_lost(state: _State, heading: Heading) -> None:
    """Leave the heading above when 一、 or (一) begins again below it.

    Then an export has lost the next heading of that higher level, and what follows is not under
    the one that it kept.
    """
    found = numbering(heading.text)
    for level in [level for level in state.begun if level > heading.level]:
        del state.begun[level]
    if found is None or found.style not in _ABOVE:
        state.begun.pop(heading.level, None)
        return
    later = heading.level in state.begun and not first_of(state.begun[heading.level])
    above = numbering(state.path[-1][1]) if state.path else None
    parent = above is not None and above.style == _ABOVE[found.style]
    if later and parent and first_of(heading.text) and not state.replies:
        state.path.pop()
    state.begun[heading.level] = heading.text


def _take(state: _State, block: Paragraph, page: Page) -> Iterator[Passage]:
    """Add a paragraph's sentences; a mark that the reply begins closes the question."""
    if REPLY_MARK.match(block.text):
        yield from _flush(state)
        state.in_question = False
        return
    for k, text in enumerate(_sentences(block.text)):
        state.units.append(_Unit(text, page.index, k == 0))


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)] or [text]


def _take_joined(state: _State, first: Paragraph, second: Paragraph, page: Page) -> None:
    """Add the sentences of a paragraph that a page break cut, each on the page where it begins."""
    whole = join_parts(first.text, second.text)
    cut = len(whole) - len(second.text)
    for k, (start, end) in enumerate(split_sentences(whole)):
        before = start < cut
        breaks = ((cut - start, page.index),) if before and end > cut else ()
        state.units.append(
            _Unit(whole[start:end], page.index - 1 if before else page.index, k == 0, breaks)
        )


def _flush(state: _State) -> Iterator[Passage]:
    """Turn the collected units into passages: cut at page starts and at the size limit."""
    group: list[_Unit] = []
    size = 0
    for unit in state.units:
        tokens = count_tokens(unit.text)
        full = size + tokens > TEXT_TOKENS and size > 0
        if group and (full or unit.page != group[-1].page or group[-1].breaks):
            yield _text_passage(state, group)
            group, size = [], 0
        group.append(unit)
        size += tokens
    if group:
        yield _text_passage(state, group)
    state.units.clear()


def _text_passage(state: _State, units: Sequence[_Unit]) -> Passage:
    text = ""
    starts = [(0, units[0].page)]
    for unit in units:
        text = _append(text, unit)
        offset = len(text) - len(unit.text)
        starts += [(offset + at, page) for at, page in unit.breaks]
    return _passage(state, "text", text, starts)


def _append(text: str, unit: _Unit) -> str:
    if not text:
        return unit.text
    if unit.opens:
        return f"{text}\n{unit.text}"
    return join_parts(text, unit.text)


def _table_passages(state: _State, table: Table, page: Page) -> Iterator[Passage]:
    for rows in _row_groups(table):
        text = render(table, rows)
        if text.strip():
            yield _passage(state, "table", text, [(0, page.index)])


def _row_groups(table: Table) -> Iterator[tuple[Cells, ...]]:
    """Rows in groups that fit, each row whole."""
    fixed = count_tokens(render(table, ()))
    group: list[Cells] = []
    size = fixed
    for row in table.rows:
        tokens = count_tokens(row_text(row)) + 1
        if group and size + tokens > TABLE_TOKENS:
            yield tuple(group)
            group, size = [], fixed
        group.append(row)
        size += tokens
    if group or any(flat_header(table)):
        yield tuple(group)


def _passage(state: _State, kind: str, text: str, starts: Sequence[tuple[int, int]]) -> Passage:
    filing = state.filing
    seed = f"{filing.id}\0{state.count}\0{text}"
    state.count += 1
    return Passage(
        id=hashlib.sha256(seed.encode()).hexdigest()[:20],
        filing=filing.ref,
        pages=tuple(filing.pages[page].label for _, page in starts),
        section=state.section,
        kind="table" if kind == "table" else "text",
        text=text,
        page_starts=tuple(starts),
        speaker=_speaker(state),
        item=state.item,
    )


def _speaker(state: _State) -> Speaker | None:
    """Who speaks here, in a filing that answers a regulator."""
    if not state.replies:
        return None
    if state.in_question:
        return "question"
    return "opinion" if any(OPINION.search(text) for _, text in state.path) else "reply"
