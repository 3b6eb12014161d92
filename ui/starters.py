"""Questions to start from and to go on with, made of the opened filings' own tables and sections.

They are candidates: `ui.suggest` offers those that are answered from where they were taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from prompts import language_of
from rag.errors import UnknownFiling
from rag.load.tables import flat_header
from rag.types import Answer, Block, FilingRef, FilingState, Heading, Page, Table
from ui.locate import locate
from ui.protocol import Workspace
from ui.strings import text

SAMPLED_PAGES = 40
"""Pages that are looked at in a filing, spread over it."""
ROWS_OF_A_PAGE, SECTIONS_OF_A_FILING = 2, 2
_PERIOD = re.compile(
    r"(?:(?:\d+ weeks|(?:three|six|nine|twelve) months|(?:fiscal )?year|quarter) ended )?"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2}, (?:19|20)\d\d|(?:FY\s?)?(?:19|20)\d\d(?:\s?年(?:度|末|\s?\d{1,2}(?:-\d{1,2})?\s?月(?:末|\s?\d{1,2}\s?日)?)?)?"
    r"|本报告期(?=$|[（(\s])"
)
_MEASURES = re.compile(
    r"^(?:项\s*目|指\s*标|科\s*目|主要(?:会计|财务)(?:数据|指标)|\W*(?:in \w+.*|fiscal year)?)$",
    re.I,
)
"""The first cell of a header whose rows are measures."""
_WHOLE = re.compile(r"^(?:合并|consolidated|金额)?$", re.IGNORECASE)
"""What may stand beside a period in a header without saying more."""
_MEASURE = re.compile(
    r"[^指]+(?:[金余总净售差]额|对价|[产销股人台]?数|[^占]率|[产销吞吐]*量|产能|收入|成本|费用|支出|利润|资产|负债|估值|价格)$"
    r"|.*\b(?:sales|revenues?|income|costs?|margin|amount|shares|price|rate|feet|balance|capacity)$",
    re.IGNORECASE,
)
"""A column that names what its figures are."""
_FIGURE_NAME = re.compile(
    r"(?:额|率|量|数|收入|成本|费用?|支出|利润|亏损|资产|负债|权益|款项?|存货|现金|资金|收益|投入|附加|每股.*)$|^[ -~]+$",
    re.IGNORECASE,
)
"""A row that is a measure, in a table whose rows should be measures."""
_UNIT = re.compile(r"\s*[(（][^()（）]{1,8}[)）]")
_LABEL = re.compile(r"^[^\d\W][^\d|:：。；?？]{1,23}$")
_NUMBERING = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[章节条部分]+|[（(]?[一二三四五六七八九十\d]+[)）、.．]"
    r"|(?:item|part|note)\s+[\divx]+[a-z]?[.:]?)\s*",
    re.IGNORECASE,
)
_DULL = re.compile(
    r"^(?:合计|总计|小计|其中|项目|序号|备注|注|total|subtotal|目\s*录|contents)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that page `page` of a filing should answer; `words` are the row's label or the
    section's heading that it asks for."""

    question: str
    filing: str
    page: int
    words: str


def candidates(workspace: Workspace, state: FilingState) -> Iterator[Candidate]:
    """Questions on rows of a filing's tables, one table after the other, then on its sections."""
    if not state.ref.company:
        return  # a digest of many companies: nothing says whose figures they are
    pages = list(_sample(workspace, state))
    for wanted in (True, False):  # a company's own measures before those of its parts
        tables = [
            list(islice(_of_rows(state.ref, page, measures=wanted), ROWS_OF_A_PAGE))
            for page in pages
        ]
        for round_ in zip_longest(*tables):
            yield from (found for found in round_ if found)
    sections = chain.from_iterable(_of_sections(state.ref, page) for page in pages)
    yield from islice(sections, SECTIONS_OF_A_FILING)


def _sample(workspace: Workspace, state: FilingState) -> Iterator[Page]:
    step = max(1, state.pages // SAMPLED_PAGES)
    for index in range(min(step, state.pages) // 2, state.pages, step):
        try:
            yield workspace.page(state.ref.id, index)
        except UnknownFiling:
            return  # removed while we were reading it


def _of_rows(
    ref: FilingRef,
    page: Page,
    but: Sequence[tuple[int, int]] = (),
    *,
    measures: bool | None = None,
) -> Iterator[Candidate]:
    """Questions on the rows of a page's tables, save the rows (block, row) in `but`; with
    `measures` only on rows that are measures, or only on others."""
    for i, block in enumerate(page.blocks):
        if isinstance(block, Table) and not block.glued:
            columns = [c for c in _columns(block) if measures in (None, not c.name)]
            for r, row in enumerate(block.rows):
                column = next((c for c in columns if _has_figure(row, c.at)), None)
                if column and (i, r) not in but and _asks_well(row, measure=not column.name):
                    question = _row_question(ref, row[0], column)
                    yield Candidate(question, ref.id, page.index, row[0].strip())


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that can be asked for: by its period, by its name, or by both."""

    at: int
    period: str
    name: str


def _columns(table: Table) -> Iterator[_Column]:
    """Columns whose header says enough. Where the rows are measures a period is enough; where
    they are products, places or persons the header must name the measure."""
    names = flat_header(table)
    rows_are_measures = bool(names) and bool(_MEASURES.match(names[0].strip()))
    for at, name in enumerate(names[1:], 1):
        period = _PERIOD.search(name)
        rest = _UNIT.sub("", name.replace(period.group(), "") if period else name).strip()
        if period and rows_are_measures and _WHOLE.match(rest):
            yield _Column(at, period.group(), "")
        elif not rows_are_measures and _LABEL.match(rest) and _MEASURE.match(rest):
            yield _Column(at, period.group() if period else "", rest)


def _has_figure(row: Sequence[str], at: int) -> bool:
    return at < len(row) and any(character.isdigit() for character in row[at])


def _row_question(ref: FilingRef, label: str, column: _Column) -> str:
    lang = language_of(ref.company + ref.title)
    period = _when(column.period) if lang == "en" else _tight(column.period)
    company = _called(ref)
    if lang == "zh" and company[-1:].isascii():
        company += " "
    row = _UNIT.sub("", _NUMBERING.sub("", label.strip())).strip()
    key = "starter.cell" if column.name else "starter.row"
    return text(lang, key, company=company, period=period, row=row, column=column.name)


def _when(period: str) -> str:
    """An English period behind its preposition, "" where there is none."""
    if not period:
        return ""
    spans = " ended " in period
    return f" {'in the' if spans else 'at' if period[0].isalpha() and ',' in period else 'in'} {period}"


def _tight(words: str) -> str:
    """A Chinese period without the spaces that type-setting put into it."""
    return re.sub(r"(?<=[\d年月])\s+(?=[\d年月日度末])", "", words)


def _asks_well(row: Sequence[str], *, measure: bool) -> bool:
    """Whether a row is named in words that can be asked for, those of a measure where it is to
    be one."""
    label = _UNIT.sub("", _NUMBERING.sub("", row[0].strip()))
    named = bool(_LABEL.match(label)) and not _DULL.match(label)
    return named and (not measure or bool(_FIGURE_NAME.search(label)))


def _of_sections(ref: FilingRef, page: Page) -> Iterator[Candidate]:
    lang = language_of(ref.company + ref.title)
    for block in page.blocks:
        if isinstance(block, Heading):
            section = _NUMBERING.sub("", block.text).strip()
            if 3 <= len(section) <= 30 and not _DULL.match(section):
                question = text(lang, "starter.section", company=_called(ref), section=section)
                yield Candidate(question, ref.id, page.index, section)


def _called(ref: FilingRef) -> str:
    """A short name that the document itself uses, or the company's full one."""
    short = [alias for alias in ref.aliases if 2 <= len(alias) < len(ref.company)]
    return short[0] if short else ref.company or ref.title


def near(workspace: Workspace, answer: Answer) -> Iterator[Candidate]:
    """Questions beside the one just answered: other rows of its tables, sections near by.

    After a refusal those of the pages that come nearest.
    """
    for filing, index, quote in _places(answer):
        try:
            ref = workspace.filing(filing).ref
            page = workspace.page(filing, index)
        except UnknownFiling:
            continue  # removed since; there is nothing near it any more
        marks = locate(page, quote)
        used = [(i, r) for i in range(len(page.blocks)) for r in marks.rows(i)]
        found = [c for c in _of_rows(ref, page, used) if c.question != answer.question]
        cited = {label for i, _ in used for label in _labels(page.blocks[i])}
        # The other rows of a cited table before those of the page's other tables.
        yield from sorted(found, key=lambda c: c.words not in cited)[:3]
        yield from islice(_of_sections(ref, page), 1)


def _labels(block: Block) -> list[str]:
    return [row[0].strip() for row in block.rows] if isinstance(block, Table) else []


def _places(answer: Answer) -> list[tuple[str, int, str]]:
    """(filing, page, words that were used there) of the citations, or of the best hits."""
    if answer.citations:
        found = [(c.filing_id, c.page_index, c.quote) for c in answer.citations]
    else:
        found = [(h.passage.filing.id, h.passage.page_index_at(0), "") for h in answer.hits]
    return list({place[:2]: place for place in reversed(found)}.values())[::-1][:3]
