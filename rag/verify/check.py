"""Every figure, date, code and name of an answer against the evidence that its statement cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.types import Check
from rag.verify.derive import derive
from rag.verify.evidence import EvidenceSpan, read_evidence
from rag.verify.facts import Fact
from rag.verify.figure import Figure, states
from rag.verify.figures import find_figures
from rag.verify.formula import formula_before
from rag.verify.mentions import check_mentions, check_ordinal
from rag.verify.names import squeezed
from rag.verify.statement import Finding, Statement, cited_numbers, make_finding, statements_of
from rag.verify.support import Support, find_support, says

__all__ = ["EvidenceSpan", "Finding", "check_answer", "cited_numbers", "examine_answer"]

_LAST_SHOWN = 8
_AGAIN = re.compile(
    r"[\s,\uff0c:\uff1a)\uff09]*(?:[(\uff08=≈]|即|也就是|亦即|折合|约合|合|相当于|i\.e\.|or\b|equivalent to)"
    r"(?:约|人民币|about|approximately|RMB|[,\uff0c:\uff1a\s])*",
    re.IGNORECASE,
)
"""What may stand between a figure and the same figure said again."""
_SENTENCE = 12
"""Characters from which a statement found word for word cannot be a coincidence."""


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
    for statement in statements_of(text, [read_evidence(span) for span in evidence], question):
        statement.shown = shown[-_LAST_SHOWN:]
        findings += [*_measured(statement), *check_mentions(statement)]
        shown = statement.shown
    return tuple(sorted(findings, key=lambda finding: finding.start))


def _measured(statement: Statement) -> Iterator[Finding]:
    """Amounts, percentages and counts: stated first, then what follows from those stated."""
    waiting: list[tuple[Fact, str]] = []
    for claim in statement.claims:
        if claim.figure.unit.startswith("第"):
            yield check_ordinal(statement, claim)
            continue
        support = find_support(claim, statement.facts, statement.asked)
        if support.fact is None and support.reason != "not stated":
            support = _verbatim(statement, claim) or support
        if support.fact is None:
            named = _in_a_name(statement, claim) if support.reason == "not stated" else None
            if named is not None:
                yield make_finding(statement, claim.figure, named)
            else:
                waiting.append((claim, support.reason))
            continue
        statement.shown.append(support.fact)
        check = Check(claim.figure.kind, claim.figure.text, "supported", support.fact.n)
        yield make_finding(statement, claim.figure, check)
    unsupported = {id(claim) for claim, _ in waiting}
    for claim, reason in waiting:
        finding = _derived(statement, claim, reason, unsupported)
        if finding.check.verdict == "computed":
            unsupported.discard(id(claim))
        yield finding


def _verbatim(statement: Statement, claim: Fact) -> Support | None:
    """A sentence that stands in the evidence word for word is stated there, however it is read."""
    words = squeezed(statement.text).rstrip("。.")
    if len(words) < _SENTENCE:
        return None
    for read in statement.evidence:
        if words in squeezed(read.document):
            same = [f for f in read.facts if f.figure.value == claim.figure.value]
            return Support(same[0], "") if same else None
    return None


def _in_a_name(statement: Statement, claim: Fact) -> Check | None:
    """A figure that belongs to a row's or column's name ("1-2年", "年产121吨项目") is stated there."""
    values = {(fact.figure.start, fact.n) for fact in statement.facts}
    for figure, read in statement.stated:
        if (figure.start, read.span.n) not in values and states(figure, claim.figure):
            return Check(claim.figure.kind, claim.figure.text, "supported", read.span.n)
    return None


def _derived(statement: Statement, claim: Fact, reason: str, unsupported: set[int]) -> Finding:
    """The finding for a figure that no source states: what it follows from, or nothing."""
    figure = claim.figure
    local = replace(figure, start=figure.start - statement.start)
    formula = formula_before(statement.text, local)
    expression, operands = "", list(statement.shown)
    if formula is not None:
        inside = [c for c in statement.claims if c.figure.end <= figure.start]
        sound = all(id(c) not in unsupported or _is_constant(c.figure) for c in inside)
        if sound and formula.gives(figure):
            expression = f"{formula.printed} = {figure.text}"
    elif restated := next((e for f, e in statement.results if says(f, figure)), ""):
        expression = restated
    elif (again := _said_again(statement, claim, unsupported)) is not None:
        check = Check(figure.kind, figure.text, "supported", again.n)
        return make_finding(statement, figure, check)
    elif listed := _named_before(statement.text, local):
        expression = f"{figure.text} = {listed}"
    elif reason == "not stated" or (claim.aspect == "change" and reason != "sign"):
        words = f"{statement.text} {statement.asked.question}"
        dated = reason != "not stated"
        derived = derive(claim, statement.shown, statement.facts, words, dated=dated)
        if derived is not None:
            expression, operands = derived.computation.expression, list(derived.operands)
    if not expression:
        return make_finding(
            statement, figure, Check(figure.kind, figure.text, "unsupported"), reason
        )
    return _computed(statement, claim, expression, operands)


def _said_again(statement: Statement, claim: Fact, unsupported: set[int]) -> Fact | None:
    """The fact behind another figure of the statement that says the same: "3.45亿元(34,500万元)"."""
    for other in statement.claims:
        if id(other) in unsupported or other.figure.bare or not says(other, claim.figure):
            continue
        if not _AGAIN.fullmatch(_between(statement, other.figure, claim.figure)):
            continue
        support = find_support(other, statement.facts, statement.asked)
        if support.fact is not None and other.direction == claim.direction:
            return support.fact
    return None


def _between(statement: Statement, one: Figure, other: Figure) -> str:
    """The words between two figures of a statement, in whatever order they stand."""
    first, last = sorted((one, other), key=lambda figure: figure.start)
    return statement.text[first.end - statement.start : last.start - statement.start]


def _named_before(text: str, figure: Figure) -> str:
    """The things listed right before a count of them ("甲、乙和丙三家"), "" where the number differs."""
    if figure.kind != "count" or figure.value is None or not 2 <= figure.value <= 20:
        return ""
    clause = re.split(r"[:\uff1a;\uff1b。]", text[: figure.start])[-1].strip(" ,\uff0c共等这")
    items = [item.strip() for item in re.split(r"、|和|及|以及|, and |, | and ", clause)]
    whole = len(items) == figure.value and all(items)
    return " + ".join(items) if whole and not any(find_figures(item) for item in items) else ""


def _computed(
    statement: Statement, claim: Fact, expression: str, operands: Sequence[Fact]
) -> Finding:
    """A computed figure; what follows later may build on it."""
    figure = claim.figure
    numbers = tuple(dict.fromkeys(fact.n for fact in operands))
    first = numbers[0] if numbers else None
    statement.results.append((claim, expression))
    statement.shown.append(replace(claim, n=first or 0))
    check = Check(figure.kind, figure.text, "computed", first, expression, numbers)
    return make_finding(statement, figure, check)


def _is_constant(figure: Figure) -> bool:
    """A number that formulas have of themselves: 100 %, or how many terms a mean has."""
    return figure.bare and figure.number is not None and figure.number in (1, 2, 3, 4, 5, 100)
