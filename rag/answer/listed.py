"""Lists: the rows of the table that a question asks for one by one, in one short line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.compared import is_total, one_a_row
from rag.answer.judged import Candidate, Question
from rag.answer.shown import Line, cell_text
from rag.index.terms import normalise

_LISTS = re.compile(
    r"哪些|哪几|有哪|都有谁|前[一二三四五六七八九十]+(?:大|名)|各(?:产品|业务|项目|客户|供应商|地区|分部|类|行业|渠道|股东)"
    r"|\b(?:list|top (?:three|five|ten)|each of|what are the|which (?:companies|projects|products|customers|suppliers|segments))\b",
    re.I,
)
FEWEST, MOST = 2, 12
"""Rows of a list."""
LOOKED_AT = 4
"""Candidates among which the table is looked for."""
LONGEST_LIST = 320
"""Characters of a list."""


def listed(
    question: Question, found: Sequence[Candidate]
) -> tuple[tuple[Candidate, ...], Line] | None:
    """The rows of the best table with the figure of the asked column; None where no list is asked
    for, or the first candidates hold no table whose rows have their own labels."""
    if question.wanted.periods[1:] or not _LISTS.search(normalise(question.query.text)):
        return None
    tables = list(
        dict.fromkeys(c.passage.id for c in found[:LOOKED_AT] if c.passage.kind == "table")
    )
    for table in tables:
        rows = [c for c in found if c.passage.id == table and not is_total(c)]
        rows.sort(key=lambda c: c.start)
        cells = list(one_a_row(question, rows))
        labels = {" ".join(cell.fact.label.split()) for cell, _ in cells}
        if not FEWEST <= len(cells) <= MOST or len(labels) < len(cells) or "" in labels:
            continue
        text = "; ".join(cell_text(cell, row) for cell, row in cells)
        if len(text) > LONGEST_LIST:
            continue
        sources = tuple(row for _, row in cells)
        return sources, Line(text, sources[0].passage, sources[0].start, sources[-1].end)
    return None
