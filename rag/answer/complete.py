"""Whether an answer can be complete: what is certainly missing makes it a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.judged import Candidate, Question
from rag.answer.operation import operation


def lacks(question: Question, chosen: Sequence[Candidate], *, calculated: bool = False) -> str:
    """What the chosen candidates certainly lack of what is asked, in a word; empty where nothing.

    The years asked for, a figure for each of several periods, the filing of every company that is
    compared, a cause where the reason is asked for.
    """
    earlier = calculated and operation(question.query) == "before"
    if not earlier and _other_years(question, chosen):
        return "period"
    if not calculated and _too_few(question, chosen):
        return "periods"
    named = set(question.query.companies)
    if len(set(question.query.companies.values())) > 1 and named - {
        c.passage.filing.id for c in chosen
    }:
        return "company"
    if question.query.form == "reason" and not any(c.features["cause"] for c in chosen):
        return "reason"
    return ""


def _years(periods: Sequence[str]) -> set[str]:
    return {year for period in periods for year in re.findall(r"(?:19|20)\d{2}", period)}


def _other_years(question: Question, chosen: Sequence[Candidate]) -> bool:
    """Whether no asked year is stated and figures of other years are."""
    asked = _years(question.wanted.periods)
    stated = frozenset().union(*(c.stated | c.around for c in chosen))
    said = _years([p for c in chosen for f in c.facts for p in (*f.fact.periods, *f.fact.named)])
    current = any(_of_the_filings_year(c, asked) for c in chosen)
    return bool(asked) and not asked & (stated | said) and bool(said) and not current


def _of_the_filings_year(candidate: Candidate, asked: set[str]) -> bool:
    """Whether a row has an undated cell beside dated ones ("上年…") in a filing of the asked year:
    what a table does not date is the filing's own period."""
    ref = candidate.passage.filing
    own = _years((*ref.periods, ref.title))
    undated = any(f.kind > 0 and not f.fact.periods for f in candidate.facts)
    return candidate.passage.kind == "table" and undated and bool(asked & own)


def _too_few(question: Question, chosen: Sequence[Candidate]) -> bool:
    """Whether several periods are asked for and all lines together have fewer figures."""
    asked = len(question.wanted.periods)
    figures = sum(len({f.start for f in c.facts}) for c in chosen)
    return question.wanted.kind not in ("", "date") and asked > 1 and figures < asked
