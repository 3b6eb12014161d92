"""Every figure, date, code and name of an answer against the evidence that its statement cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rag.types import Check, Verdict
from rag.verify.codes import canonical_code
from rag.verify.derive import derive
from rag.verify.evidence import EvidenceSpan, ReadEvidence, facts_of, read_evidence
from rag.verify.facts import Fact
from rag.verify.figure import Figure, states
from rag.verify.figures import find_figures
from rag.verify.formula import formula_before
from rag.verify.labels import similarity
from rag.verify.names import Name, find_names, has_name, squeezed
from rag.verify.numerals import plain
from rag.verify.sentences import split_sentences
from rag.verify.support import Asked, Support, find_support

__all__ = ["EvidenceSpan", "Finding", "check_answer", "cited_numbers", "examine_answer"]

_MARKER = re.compile(r"\[(\d{1,3}(?:\s?[-,\uff0c、–—]\s?\d{1,3})*)\]")
_LAST_SHOWN = 8
_SENTENCE = 12
"""Characters from which a statement found word for word cannot be a coincidence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check with its place: `start:end` of the claim and of its statement in the answer's text.

    `reason` is "" when it holds, else "not stated", "sign", "period" or "subject": a figure that
    the source gives, but for another period, row, column or company.
    """

    check: Check
    start: int
    end: int
    statement: tuple[int, int]
    reason: str = ""


@dataclass
class _Statement:
    """A statement of the answer: its span, the evidence that counts for it, its figures."""

    text: str
    start: int
    end: int
    evidence: list[ReadEvidence]
    claims: list[Fact]
    figures: list[Figure]
    asked: Asked
    shown: list[Fact] = field(default_factory=list)
    """Facts that back the figures of this and the last statements."""

    @cached_property
    def facts(self) -> list[Fact]:
        return [fact for read in self.evidence for fact in read.facts]

    @cached_property
    def stated(self) -> list[tuple[Figure, ReadEvidence]]:
        return [(figure, read) for read in self.evidence for figure in read.figures]


def check_answer(
    text: str, evidence: Sequence[EvidenceSpan], *, question: str = ""
) -> tuple[Check, ...]:
    """One check per figure, date, code and name of an answer, in the order of the text.

    A statement's figures must be stated by the evidence that its [n] markers cite (by any evidence
    where it has none), for that subject and period, or follow from cited figures by an expression.
    Where the answer itself names no period or row, the `question` does.
    """
    return tuple(finding.check for finding in examine_answer(text, evidence, question=question))


def examine_answer(
    text: str, evidence: Sequence[EvidenceSpan], *, question: str = ""
) -> tuple[Finding, ...]:
    """Like :func:`check_answer`, with the place and the reason of each check."""
    findings: list[Finding] = []
    shown: list[Fact] = []
    for statement in _statements(text, [read_evidence(span) for span in evidence], question):
        statement.shown = shown[-_LAST_SHOWN:]
        findings += _examine(statement)
        shown = statement.shown
    return tuple(sorted(findings, key=lambda finding: finding.start))


def cited_numbers(statement: str) -> list[int]:
    """The numbers that a statement cites: "[1][3]", "[1, 3]" and "[1-3]" are understood."""
    cited: list[int] = []
    for match in _MARKER.finditer(statement):
        for part in re.split(r"[,\uff0c、]", match[1]):
            ends = [int(number) for number in re.findall(r"\d+", part)]
            cited += range(ends[0], min(ends[-1], ends[0] + 50) + 1)
    return cited


def _statements(text: str, read: list[ReadEvidence], question: str) -> Iterator[_Statement]:
    blanked = _MARKER.sub(lambda m: " " * len(m.group()), text)
    figures = find_figures(blanked)
    claims = facts_of(blanked, figures)
    asked_dates = [f.unit for f in find_figures(question) if f.kind == "date"]
    asked = Asked(question, tuple(dict.fromkeys(asked_dates)))
    for start, end in split_sentences(text):
        cited = set(cited_numbers(text[start:end]))
        pool = [evidence for evidence in read if evidence.span.n in cited] or read
        yield _Statement(
            blanked[start:end],
            start,
            end,
            pool,
            [c for c in claims if start <= c.figure.start < end],
            [f for f in figures if start <= f.start < end],
            asked,
        )


def _examine(statement: _Statement) -> Iterator[Finding]:
    measured = list(_measured(statement))
    yield from measured
    for figure in statement.figures:
        if figure.kind == "date":
            yield _date(statement, figure)
        elif figure.kind == "code":
            yield _code(statement, figure)
    for name in find_names(statement.text):
        if not _is_figure(statement, name) and not _cannot_be_told(statement, name):
            yield _name(statement, name)


def _measured(statement: _Statement) -> Iterator[Finding]:
    """Amounts, percentages and counts: stated first, then what follows from those stated."""
    waiting: list[tuple[Fact, str]] = []
    for claim in statement.claims:
        if claim.figure.unit.startswith("第"):
            yield _ordinal(statement, claim)
            continue
        support = find_support(claim, statement.facts, statement.asked)
        if support.fact is None and support.reason != "not stated":
            support = _verbatim(statement, claim) or support
        if support.fact is None:
            named = _in_a_name(statement, claim) if support.reason == "not stated" else None
            if named is not None:
                yield _finding(statement, claim.figure, named)
            else:
                waiting.append((claim, support.reason))
            continue
        statement.shown.append(support.fact)
        check = Check(claim.figure.kind, claim.figure.text, "supported", support.fact.n)
        yield _finding(statement, claim.figure, check)
    unsupported = {id(claim) for claim, _ in waiting}
    for claim, reason in waiting:
        yield _derived(statement, claim, reason, unsupported)


def _verbatim(statement: _Statement, claim: Fact) -> Support | None:
    """A sentence that stands in the evidence word for word is stated there, however it is read."""
    words = squeezed(statement.text).rstrip("。.")
    if len(words) < _SENTENCE:
        return None
    for read in statement.evidence:
        if words in squeezed(read.document):
            same = [f for f in read.facts if f.figure.value == claim.figure.value]
            return Support(same[0], "") if same else None
    return None


def _in_a_name(statement: _Statement, claim: Fact) -> Check | None:
    """A figure that belongs to a row's or column's name ("1-2年", "年产121吨项目") is stated there."""
    values = {(fact.figure.start, fact.n) for fact in statement.facts}
    for figure, read in statement.stated:
        if (figure.start, read.span.n) not in values and states(figure, claim.figure):
            return Check(claim.figure.kind, claim.figure.text, "supported", read.span.n)
    return None


def _derived(statement: _Statement, claim: Fact, reason: str, unsupported: set[int]) -> Finding:
    figure = claim.figure
    local = replace(figure, start=figure.start - statement.start)
    formula = formula_before(statement.text, local)
    operands = statement.shown
    expression = ""
    if formula is not None:
        inside = [c for c in statement.claims if c.figure.end <= figure.start]
        sound = all(id(c) not in unsupported or _is_constant(c.figure) for c in inside)
        if sound and formula.gives(figure):
            expression = f"{formula.printed} = {figure.text}"
    elif reason == "not stated" or (claim.aspect == "change" and reason != "sign"):
        words = f"{statement.text} {statement.asked.question}"
        derived = derive(claim, statement.shown, statement.facts, words)
        if derived is not None:
            expression, operands = derived.computation.expression, list(derived.operands)
    if not expression:
        return _finding(statement, figure, Check(figure.kind, figure.text, "unsupported"), reason)
    numbers = tuple(dict.fromkeys(fact.n for fact in operands))
    first = numbers[0] if numbers else None
    return _finding(
        statement, figure, Check(figure.kind, figure.text, "computed", first, expression, numbers)
    )


def _is_constant(figure: Figure) -> bool:
    """A number that formulas have of themselves: 100 %, or how many terms a mean has."""
    return figure.bare and figure.number is not None and figure.number in (1, 2, 3, 4, 5, 100)


def _ordinal(statement: _Statement, claim: Fact) -> Finding:
    for figure, read in statement.stated:
        if states(figure, claim.figure):
            check = Check(figure.kind, claim.figure.text, "supported", read.span.n)
            return _finding(statement, claim.figure, check)
    check = Check(claim.figure.kind, claim.figure.text, "unsupported")
    return _finding(statement, claim.figure, check, "not stated")


def _date(statement: _Statement, figure: Figure) -> Finding:
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
    return _finding(statement, figure, Check("date", figure.text, verdict, number), reason)


def _says_date(stated: Figure, claimed: Figure) -> bool:
    if states(stated, claimed):
        return True
    year_end = claimed.unit.endswith("-12-31") and claimed.text.rstrip()[-1:] in "末底"
    return year_end and stated.unit == claimed.unit[:4]


def _day_fits(
    statement: _Statement, figure: Figure, holders: Sequence[tuple[Figure, ReadEvidence]]
) -> bool:
    words = _around(statement.text, figure.start - statement.start, figure.end - statement.start)
    own = max(similarity(_around(read.document, f.start, f.end), words) for f, read in holders)
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


def _code(statement: _Statement, figure: Figure) -> Finding:
    for stated, read in statement.stated:
        if stated.kind == "code" and stated.unit == figure.unit:
            return _finding(statement, figure, Check("code", figure.text, "supported", read.span.n))
    pattern = re.compile(rf"(?<![A-Z0-9]){re.escape(figure.unit)}(?![A-Z0-9])")
    for read in statement.evidence:
        if pattern.search(canonical_code(plain(read.document))):
            return _finding(statement, figure, Check("code", figure.text, "supported", read.span.n))
    return _finding(statement, figure, Check("code", figure.text, "unsupported"), "not stated")


def _is_figure(statement: _Statement, name: Name) -> bool:
    """Whether the name is one of the codes, which have their own check."""
    start, end = name.start + statement.start, name.end + statement.start
    return any(f.start <= start and end <= f.end for f in statement.figures)


def _cannot_be_told(statement: _Statement, name: Name) -> bool:
    """An English name over evidence in Chinese that does not have it: a translation, perhaps."""
    if not name.text.isascii() or any(has_name(r.document, name) for r in statement.evidence):
        return False
    return any(
        sum("\u4e00" <= c <= "\u9fff" for c in r.document) * 5 > len(r.document)
        for r in statement.evidence
    )


def _name(statement: _Statement, name: Name) -> Finding:
    start, end = statement.start + name.start, statement.start + name.end
    span = (statement.start, statement.end)
    for read in statement.evidence:
        if has_name(read.document, name):
            return Finding(Check("name", name.text, "supported", read.span.n), start, end, span)
    return Finding(Check("name", name.text, "unsupported"), start, end, span, "not stated")


def _finding(statement: _Statement, figure: Figure, check: Check, reason: str = "") -> Finding:
    return Finding(check, figure.start, figure.end, (statement.start, statement.end), reason)
