"""A draft's figures against its evidence, calculations read on their own.

The verifier judges a figure by the words before it. In "净利率为a ÷ b = c%" those are the result's
words, not the operands': so where a calculation fails, it is read once more without them. Its
operands must still be stated by the cited evidence, and we evaluate it ourselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.types import Check
from rag.verify.check import EvidenceSpan, Finding, cited_numbers, examine_answer
from rag.verify.evidence import read_evidence
from rag.verify.facts import Fact
from rag.verify.figure import same_class
from rag.verify.figures import find_figures
from rag.verify.formula import formula_before
from rag.verify.numerals import plain
from rag.verify.periods import agree
from rag.verify.statement import statements_of
from rag.verify.support import find_support

_OF_ITSELF = re.compile(r"[1-5]|100")
"""Numbers that a calculation has of itself: how many terms a mean has, 100 %."""
_TIMES_HUNDRED = re.compile(r"\s*[×xX*]\s*100\s*[%\uff05](?=\s*[=≈)\uff09])")
_MARKS = re.compile(r"(?:\[\d{1,3}\])+")
_ABOUT = "约"
_MEASURED = ("amount", "percentage", "count")
_RUN = re.compile(r"(?:(?![的和与及占比是为在])[\u4e00-\u9fff]){5,}")
_NAME = 5
"""Chinese characters of a name that a question brings in and the evidence may lack; shorter runs
are words that a filing puts otherwise."""
_MOST = 8
"""Calculations of one draft that are looked at."""


def without_hundred(draft: str) -> str:
    """A draft whose ratios say "= 57.94%" without "× 100%" before it, which adds nothing."""
    return _TIMES_HUNDRED.sub("", draft)


def findings_of(text: str, spans: Sequence[EvidenceSpan], question: str) -> tuple[Finding, ...]:
    """Every figure of a draft with its verdict; see :func:`rag.verify.check.examine_answer`."""
    found = _of_subject(examine_answer(text, spans, question=question), text, spans, question)
    found = _in_time(found, text, spans, question)
    if all(finding.check.verdict != "unsupported" for finding in found):
        return found
    for start, result, end in _calculations(text):
        inside = [f for f in found if start <= f.start and f.end <= end]
        if any(f.check.verdict == "unsupported" for f in inside):
            statement = inside[0].statement
            marks = "".join(_MARKS.findall(text[slice(*statement)]))
            again = _alone(text[start:result], text[result:end], marks, spans)
            found = tuple(f for f in found if f not in inside or not again) + tuple(
                replace(f, start=f.start + start, end=f.end + start, statement=statement)
                for f in again
            )
    return tuple(sorted(found, key=lambda finding: finding.start))


def _of_subject(
    found: tuple[Finding, ...], text: str, spans: Sequence[EvidenceSpan], question: str
) -> tuple[Finding, ...]:
    """The findings, with those unsupported whose statement takes a name from the question that
    its evidence does not have: the figure is another's."""
    wrong = {
        statement
        for statement in {f.statement for f in found}
        if _foreign(text[slice(*statement)], question, _cited(text[slice(*statement)], spans))
    }
    return tuple(
        _unsupported(f, "subject") if f.statement in wrong and f.check.kind in _MEASURED else f
        for f in found
    )


def _cited(statement: str, spans: Sequence[EvidenceSpan]) -> str:
    """What the evidence of a statement says, without blanks."""
    numbers = set(cited_numbers(statement))
    chosen = [span for span in spans if span.n in numbers] or spans
    return "".join("".join(f"{span.context}{span.text}" for span in chosen).split())


def _foreign(statement: str, question: str, evidence: str) -> bool:
    """Whether statement and question share a run of characters, as long as a name, of which the
    evidence has no pair."""
    for match in _RUN.finditer(statement):
        run = match[0]
        at = 0
        for i in range(len(run) - 1):
            if run[i : i + 2] in evidence or run[at : i + 2] not in question:
                at = i + 1
            elif i + 2 - at >= _NAME:
                return True
    return False


def _in_time(
    found: tuple[Finding, ...], text: str, spans: Sequence[EvidenceSpan], question: str
) -> tuple[Finding, ...]:
    """The findings, with those unsupported that come from another column than the question asks
    about, or from one of several columns that nothing names.

    The verifier holds a lone figure to the question's period. A model that copies two figures from
    the first column of two rows must not get by, nor one that guesses whose a column is.
    """
    periods = tuple({f.unit for f in find_figures(question) if f.kind == "date"})
    if not periods:
        return found
    wrong: set[int] = set()
    for statement in statements_of(text, [read_evidence(span) for span in spans], question):
        dated = any(f.kind == "date" for f in statement.figures)
        asked = statement.asked
        if len(periods) == 1 and not dated:
            asked = replace(asked, periods=periods)
        for claim in statement.claims:
            support = find_support(claim, statement.facts, asked)
            fact = support.fact
            if support.reason == "period" or (
                fact is not None
                and (
                    _of_any_column(fact, statement.facts)
                    or (not dated and _beside(fact, statement.facts, asked.periods))
                )
            ):
                wrong.add(claim.figure.start)
    return tuple(_unsupported(f, "period") if f.start in wrong else f for f in found)


def _beside(fact: Fact, facts: Sequence[Fact], periods: Sequence[str]) -> bool:
    """Whether a cell is for another period than the one that is asked about, for which its line
    has a cell; rows whose cells were glued together included."""
    if len(periods) != 1 or not fact.periods or any(agree(periods[0], p) for p in fact.periods):
        return False
    line = [f for f in facts if f.table != -1 and f.line == fact.line and f.n == fact.n]
    return any(agree(periods[0], p) for f in line for p in f.periods)


def _of_any_column(fact: Fact, facts: Sequence[Fact]) -> bool:
    """Whether a cell stands beside others of its kind and neither header nor period tells them
    apart."""
    if fact.table == -1 or fact.column or fact.periods:
        return False
    row = [f for f in facts if f.table == fact.table and f.line == fact.line and f.n == fact.n]
    return sum(same_class(f.figure, fact.figure) for f in row) > 1


def _unsupported(finding: Finding, reason: str) -> Finding:
    if finding.check.verdict != "supported":
        return finding
    check = Check(finding.check.kind, finding.check.claim, "unsupported")
    return replace(finding, check=check, reason=reason)


def _calculations(text: str) -> Iterator[tuple[int, int, int]]:
    """Where "a ÷ b = c" stands: its first operand, its result, its end."""
    source, seen = plain(text), 0
    for figure in find_figures(text):
        line = text.rfind("\n", 0, figure.start) + 1
        local = replace(figure, start=figure.start - line, end=figure.end - line)
        formula = formula_before(text[line:], local) if seen < _MOST else None
        if formula is not None:
            start = source.rfind(formula.printed, line, figure.start)
            if start >= 0:
                seen += 1
                yield start, figure.start, figure.end


def _alone(
    operation: str, result: str, marks: str, spans: Sequence[EvidenceSpan]
) -> tuple[Finding, ...]:
    """The findings of a calculation by itself, () where it does not hold."""
    # "2 = 25.5万元" reads as if the unit held for both; a word between them keeps the 2 a number.
    text = f"{operation}{_ABOUT}{result}{marks}"
    found = examine_answer(text, spans)
    kept = [f for f in found if not _OF_ITSELF.fullmatch(f.check.claim)]
    sound = bool(kept) and all(f.check.verdict != "unsupported" for f in kept)
    if not sound or kept[-1].check.verdict != "computed":
        return ()
    last = kept[-1].check
    check = replace(last, claim=result, expression=last.expression.replace(_ABOUT, ""))
    end = len(operation) + len(result)
    return (*kept[:-1], replace(kept[-1], check=check, start=len(operation), end=end))
