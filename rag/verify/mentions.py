"""Dates, codes, names and ordinals of an answer: stated by its evidence or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.types import Check, Verdict
from rag.verify.codes import canonical_code
from rag.verify.evidence import ReadEvidence
from rag.verify.facts import Fact
from rag.verify.figure import Figure, states
from rag.verify.labels import content, similarity
from rag.verify.names import Name, find_names, has_name
from rag.verify.numerals import plain
from rag.verify.statement import Finding, Statement, make_finding


def check_mentions(statement: Statement) -> Iterator[Finding]:
    """A finding for each date, code and name of a statement."""
    for figure in statement.figures:
        if figure.kind == "date":
            yield _date(statement, figure)
        elif figure.kind == "code":
            yield _code(statement, figure)
    for name in find_names(statement.text):
        if not _is_figure(statement, name) and not _cannot_be_told(statement, name):
            yield _name(statement, name)


def check_ordinal(statement: Statement, claim: Fact) -> Finding:
    """第六届, 第十次 …: the same ordinal must stand in the evidence."""
    for figure, read in statement.stated:
        if states(figure, claim.figure):
            check = Check(figure.kind, claim.figure.text, "supported", read.span.n)
            return make_finding(statement, claim.figure, check)
    check = Check(claim.figure.kind, claim.figure.text, "unsupported")
    return make_finding(statement, claim.figure, check, "not stated")


def _date(statement: Statement, figure: Figure) -> Finding:
    """A date must be stated, and for a day: no other day of the evidence is named so much better."""
    holders = [
        (f, read) for f, read in statement.stated if f.kind == "date" and _says_date(f, figure)
    ]
    reason = "" if holders else "not stated"
    number = holders[0][1].span.n if holders else None
    if not holders:
        periods = [(p, fact.n) for fact in statement.facts for p in fact.periods]
        number = next((n for p, n in periods if p == figure.unit), None)
        reason = "" if number is not None else reason
    elif figure.unit.count("-") == 2 and not _day_fits(statement, figure, holders):
        number, reason = None, "subject"
    verdict: Verdict = "unsupported" if reason else "supported"
    return make_finding(statement, figure, Check("date", figure.text, verdict, number), reason)


def _says_date(stated: Figure, claimed: Figure) -> bool:
    if states(stated, claimed):
        return True
    year_end = claimed.unit.endswith("-12-31") and claimed.text.rstrip()[-1:] in "末底"
    return year_end and stated.unit == claimed.unit[:4]


def _day_fits(
    statement: Statement, figure: Figure, holders: Sequence[tuple[Figure, ReadEvidence]]
) -> bool:
    words = _around(statement.text, figure.start - statement.start, figure.end - statement.start)
    stated = [_around(read.document, f.start, f.end) for f, read in holders]
    if not all(content(around) for around in stated):
        return True  # the head of a column, which many rows are under
    own = max(similarity(around, words) for around in stated)
    rivals = [
        (f, read)
        for f, read in statement.stated
        if f.kind == "date" and f.unit.count("-") == 2 and not _says_date(f, figure)
    ]
    best = max(
        (similarity(_around(r.document, f.start, f.end), words) for f, r in rivals), default=0.0
    )
    return not (best >= 0.7 and best - own > 0.25)


def _around(text: str, start: int, end: int) -> str:
    """The words of the clause round a date, without it."""
    left = re.split(r"[,\uff0c;\uff1b。\n|]", text[max(0, start - 60) : start])[-1]
    right = re.split(r"[;\uff1b。\n|]", text[end : end + 40].lstrip(",\uff0c"))[0]
    return f"{left} {right}"


def _code(statement: Statement, figure: Figure) -> Finding:
    for stated, read in statement.stated:
        if stated.kind == "code" and stated.unit == figure.unit:
            return make_finding(
                statement, figure, Check("code", figure.text, "supported", read.span.n)
            )
    pattern = re.compile(rf"(?<![A-Z0-9]){re.escape(figure.unit)}(?![A-Z0-9])")
    for read in statement.evidence:
        if pattern.search(canonical_code(plain(read.document))):
            return make_finding(
                statement, figure, Check("code", figure.text, "supported", read.span.n)
            )
    return make_finding(statement, figure, Check("code", figure.text, "unsupported"), "not stated")


def _is_figure(statement: Statement, name: Name) -> bool:
    """Whether the name is one of the codes, which have their own check."""
    start, end = name.start + statement.start, name.end + statement.start
    return any(f.start <= start and end <= f.end for f in statement.figures)


def _cannot_be_told(statement: Statement, name: Name) -> bool:
    """An English name over evidence in Chinese that does not have it: a translation, perhaps."""
    if not name.text.isascii() or any(has_name(r.document, name) for r in statement.evidence):
        return False
    return any(
        sum("\u4e00" <= c <= "\u9fff" for c in r.document) * 5 > len(r.document)
        for r in statement.evidence
    )


def _name(statement: Statement, name: Name) -> Finding:
    start, end = statement.start + name.start, statement.start + name.end
    span = (statement.start, statement.end)
    for read in statement.evidence:
        if has_name(read.document, name):
            return Finding(Check("name", name.text, "supported", read.span.n), start, end, span)
    return Finding(Check("name", name.text, "unsupported"), start, end, span, "not stated")
