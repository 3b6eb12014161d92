"""Questions to start from and to go on with, made of the opened filings' own tables and sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from prompts import language_of
from rag.errors import UnknownFiling
from rag.types import Answer, Citation, FilingRef, FilingState, Heading, Page, Table
from ui.locate import locate
from ui.protocol import Workspace
from ui.strings import text

SAMPLED_PAGES = 10
"""Pages that are looked at in a filing, spread over it."""
MOST = 4
_PERIOD = re.compile(r"(?:FY\s?)?(?:19|20)\d\d(?:\s?年(?:度|\s?1-\d{1,2}\s?月|末)?)?")
_LABEL = re.compile(r"^[^\d\W][^\d|:：。；]{1,23}$")
_NUMBERING = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[章节条部分]+|[（(]?[一二三四五六七八九十\d]+[)）、.．]"
    r"|(?:item|part|note)\s+[\divx]+[a-z]?[.:]?)\s*",
    re.IGNORECASE,
)
_DULL = re.compile(
    r"^(?:合计|总计|小计|其中|项目|序号|备注|注|total|subtotal|目\s*录|contents)", re.IGNORECASE
)


def starters(workspace: Workspace, states: Sequence[FilingState], most: int = MOST) -> list[str]:
    """Up to `most` questions, taken from the filings in turn."""
    each = [list(islice(_questions(workspace, state), 2)) for state in states[:most]]
    mixed = [q for round_ in zip_longest(*each) for q in round_ if q]
    return list(dict.fromkeys(mixed))[:most]


def _questions(workspace: Workspace, state: FilingState) -> Iterator[str]:
    """A question on a row of a table, then one on a section."""
    pages = list(_sample(workspace, state))
    yield from islice((q for page in pages for q in _row_questions(state.ref, page)), 1)
    yield from islice((q for page in pages for q in _section_questions(state.ref, page)), 1)


def _sample(workspace: Workspace, state: FilingState) -> Iterator[Page]:
    step = max(1, state.pages // SAMPLED_PAGES)
    for index in range(min(step, state.pages) // 2, state.pages, step):
        try:
            yield workspace.page(state.ref.id, index)
        except UnknownFiling:
            return  # removed while we were reading it


def _row_questions(ref: FilingRef, page: Page) -> Iterator[str]:
    for block in page.blocks:
        if isinstance(block, Table) and not block.glued:
            period = _period(block)
            for row in block.rows:
                if period and _asks_well(row):
                    yield _row_question(ref, row[0], period)


def _row_question(ref: FilingRef, label: str, period: str) -> str:
    lang = language_of(ref.company + ref.title)
    words = f"in {period}" if lang == "en" else period
    company = _called(ref)
    if lang == "zh" and company[-1:].isascii():
        company += " "
    return text(
        lang, "starter.row", company=company, period=words, row=_NUMBERING.sub("", label.strip())
    )


def _asks_well(row: Sequence[str]) -> bool:
    """Whether a row is a named measure with at least one figure."""
    label = _NUMBERING.sub("", row[0].strip())
    figures = any(any(c.isdigit() for c in cell) for cell in row[1:])
    return figures and bool(_LABEL.match(label)) and not _DULL.match(label)


def _period(table: Table) -> str:
    """The first period that a table's header names."""
    for row in table.header:
        for cell in row[1:]:
            if match := _PERIOD.fullmatch(cell.strip()):
                return match.group()
    return ""


def _section_questions(ref: FilingRef, page: Page) -> Iterator[str]:
    lang = language_of(ref.company + ref.title)
    for block in page.blocks:
        if isinstance(block, Heading):
            section = _NUMBERING.sub("", block.text).strip()
            if 3 <= len(section) <= 30 and not _DULL.match(section):
                yield text(lang, "starter.section", company=_called(ref), section=section)


def _called(ref: FilingRef) -> str:
    """A short name that the document itself uses, or the company's full one."""
    short = [alias for alias in ref.aliases if 2 <= len(alias) < len(ref.company)]
    return short[0] if short else ref.company or ref.title


def followups(workspace: Workspace, answer: Answer, most: int = 3) -> list[str]:
    """Questions beside the one just answered: other rows of its tables, sections near by."""
    found: list[str] = []
    for citation in answer.citations[:3]:
        try:
            ref = workspace.filing(citation.filing_id).ref
            page = workspace.page(citation.filing_id, citation.page_index)
        except UnknownFiling:
            continue  # removed since; there is nothing near it any more
        found += _near(ref, page, citation)
    fresh = [q for q in dict.fromkeys(found) if q != answer.question]
    return fresh[:most]


def _near(ref: FilingRef, page: Page, citation: Citation) -> Iterator[str]:
    marks = locate(page, citation.quote)
    for i, block in enumerate(page.blocks):
        rows = marks.rows(i)
        if isinstance(block, Table) and rows and (period := _period(block)):
            others = [row for r, row in enumerate(block.rows) if r not in rows and _asks_well(row)]
            for row in others[:2]:
                yield _row_question(ref, row[0], period)
    yield from islice(_section_questions(ref, page), 1)
