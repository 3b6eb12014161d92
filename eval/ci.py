"""What CI shows of a gate: JUnit XML, a GitHub job summary, and lines for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from eval.comparison import Change
from eval.gates import Outcome
from eval.runs import Run
from eval.table import head


def gate_lines(outcomes: Sequence[Outcome], worst: Sequence[Change], run: Run) -> str:
    """One line a gate, then the questions that speak most against the run."""
    lines = [f"{_mark(outcome)}  {outcome.words}" for outcome in outcomes]
    if worst:
        lines += ["", "What speaks most against this run:"]
        lines += [line for change in worst for line in _case(change, run)]
    return "\n".join(lines)


def _mark(outcome: Outcome) -> str:
    return ("pass" if not outcome.unclear else "????") if outcome.passed else "FAIL"


def _case(change: Change, run: Run) -> list[str]:
    given = given_text(run, change.question.id)
    return [
        f"- {change.question.id} {change.question.question}",
        f"    expected: {change.question.answer}",
        f"    given:    {given[:300] or '(nothing)'}",
        f"    {change.metric.name} {change.old:.2f} → {change.new:.2f}: {change.why}",
    ]


def given_text(run: Run, question_id: str) -> str:
    """The answer as given to a question, on one line; empty in a retrieval-only run."""
    found = (r.given for r in run.results if r.question_id == question_id and r.given)
    given = next(found, None)
    return " ".join(given.text.split()) if given else ""


def junit(outcomes: Sequence[Outcome], worst: Sequence[Change], run: Run) -> str:
    """JUnit XML: a test case a gate; a gate that cannot tell is skipped with its reason."""
    failures = sum(not outcome.passed for outcome in outcomes)
    unclear = sum(outcome.unclear for outcome in outcomes)
    suite = ElementTree.Element(
        "testsuite", name="filings eval", tests=str(len(outcomes)), failures=str(failures),
        skipped=str(unclear), errors="0",
    )  # fmt: skip
    for outcome in outcomes:
        name = f"{outcome.gate.kind} {outcome.gate.metric.name}"
        case = ElementTree.SubElement(suite, "testcase", classname=run.system, name=name)
        if not outcome.passed:
            failure = ElementTree.SubElement(case, "failure", message=outcome.words)
            failure.text = gate_lines([outcome], worst, run)
        elif outcome.unclear:
            ElementTree.SubElement(case, "skipped", message=outcome.words)
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def summary(outcomes: Sequence[Outcome], worst: Sequence[Change], run: Run) -> str:
    """GitHub job summary in Markdown."""
    passed = all(outcome.passed for outcome in outcomes)
    lines = [
        f"## {'✅' if passed else '❌'} {head(run)}",
        "",
        "| | gate | result |",
        "|---|---|---|",
    ]
    marks = {"pass": "✅", "FAIL": "❌", "????": "❔"}
    lines += [
        f"| {marks[_mark(o)]} | {o.gate.kind} {o.gate.metric.name} | {_cell(o.words)} |"
        for o in outcomes
    ]
    if worst:
        lines += ["", "### What speaks most against this run", ""]
        lines += ["| question | expected | given | why |", "|---|---|---|---|"]
        lines += [
            f"| `{c.question.id}` {_cell(c.question.question)} | {_cell(c.question.answer)}"
            f" | {_cell(given_text(run, c.question.id)[:300])} | {c.metric.name}: {_cell(c.why)} |"
            for c in worst
        ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
