"""A model's draft made into an answer: markers resolved, quotes aligned, figures verified.

Nothing that a model writes is taken on trust. A statement without a source is attributed only
where one source plainly says it. What no cited passage states, and what the question asks for and
the draft leaves out, sends the draft back once; what still fails is taken out, what is still
missing is filled from the evidence, and what cannot be filled is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from prompts import Language, Message, load
from rag.answer.answered import missing_named, open_parts
from rag.answer.attributed import Attributed, Built, attributed, build, trimmed
from rag.answer.checked import findings_of, without_hundred
from rag.answer.citing import resolve
from rag.answer.draft import Draft
from rag.answer.models.base import Noted, Tool, Writer
from rag.answer.parts import Part
from rag.answer.sources import Shown
from rag.answer.worked import Worked, worked_out
from rag.errors import ModelError
from rag.retrieve.query import Query
from rag.types import Check, Status
from rag.verify.check import Finding

MAX_TOKENS = 400
_MEASURED = ("amount", "percentage", "count")
_RUN_TOGETHER = ("company", "measure", "period")
_COMPUTE = (
    "不要心算: 只写出计算所需的每个原数, 或调用 calculate",
    "do not calculate: give only the original figures that it takes, or call calculate",
)
Fill = Callable[[Part], Draft | None]
"""Gives a verified draft that answers one part, from the evidence alone; None where it cannot."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of the model: the question and its parts, its language, the numbered sources,
    and the tools that it may call."""

    query: Query
    language: Language
    sources: tuple[Shown, ...]
    parts: tuple[Part, ...] = ()
    tools: tuple[Tool, ...] = ()

    def messages(self) -> tuple[Message, ...]:
        """The prompt: rules first, sources next, the question last."""
        sources = [shown.source for shown in self.sources]
        return load("answer", self.language).render(sources=sources, question=self.asked)

    def repair_messages(self, draft: str, failures: Sequence[str]) -> tuple[Message, ...]:
        """The prompt that sends a draft back with what failed."""
        sources = [shown.source for shown in self.sources]
        return load("repair", self.language).render(
            sources=sources, draft=draft, failures=list(failures), question=self.asked
        )

    @property
    def asked(self) -> str:
        """The question, with its parts one by one where it runs them together, and with what to do
        where it wants something computed: what stands last is what a small model heeds."""
        english = self.language == "en"
        names = "; ".join(part.name for part in self.parts if part.kind in _RUN_TOGETHER)
        if names:
            return f"{self.query.text} ({'Answer each' if english else '逐项回答'}: {names})"
        if any(part.kind == "result" for part in self.parts):
            return f"{self.query.text} ({_COMPUTE[english]})"
        return self.query.text


@dataclass(frozen=True, slots=True)
class Verified:
    """A draft without anything unsupported, what had to be taken out and why, and the parts of the
    question that it leaves open."""

    draft: Draft
    failures: tuple[str, ...] = ()
    left_open: tuple[Part, ...] = ()
    built: Built = field(default_factory=lambda: Built("", (), (), ()))
    findings: tuple[Finding, ...] = ()

    @property
    def faults(self) -> int:
        """How much is wrong with it."""
        return len(self.failures) + len(self.to_ask)

    @property
    def to_ask(self) -> tuple[Part, ...]:
        """The open parts that a model can mend; a calculation is done by us."""
        return tuple(part for part in self.left_open if part.kind != "result")


def write(task: Task, writer: Writer, *, noted: Noted | None = None) -> Iterator[str]:
    """The model's draft, piece by piece. Raises ModelError."""
    return writer.stream(task.messages(), max_tokens=MAX_TOKENS, tools=task.tools, noted=noted)


def finish(
    task: Task,
    writer: Writer,
    text: str,
    *,
    fill: Fill = lambda _: None,
    noted: Noted | None = None,
) -> Draft:
    """Cite, verify and complete a draft; one repair round for all that is wrong with it. Raises
    ModelError."""
    found = verified(task, text)
    if found.failures or (found.draft.text and found.to_ask):
        faults = [*found.failures, *(_unanswered(part, task) for part in found.to_ask)]
        again = _again(task, writer, (text, faults), found, noted or (lambda _: None))
        repaired = verified(task, again)
        if repaired.draft.text and repaired.faults <= found.faults:
            found = repaired
    return completed(task, found, fill)


def _again(
    task: Task, writer: Writer, sent: tuple[str, Sequence[str]], found: Verified, noted: Noted
) -> str:
    """The model's second draft; "" where it fails now and the first has something to show."""
    messages = task.repair_messages(*sent)
    try:
        return "".join(writer.stream(messages, max_tokens=MAX_TOKENS, noted=noted))
    except ModelError as error:
        if not found.draft.text:
            raise
        noted(str(error))
        return ""


def verified(task: Task, text: str) -> Verified:
    """A draft read, attributed and checked, without what no cited passage states."""
    cited = resolve(without_hundred(text), len(task.sources))
    if cited.refused:
        return Verified(Draft("", "not_found"), left_open=task.parts)
    kept, dropped = attributed(task.sources, cited.statements, task.query.text)
    built, findings = _judged(task, kept)
    wrong = [f for f in findings if f.check.verdict == "unsupported"]
    failures = [_failure(f, built.text) for f in wrong]
    failures += [f"{statement}: no source" for statement in dropped if _tells(statement, kept)]
    if wrong:
        built, findings = _without_wrong(task, kept, built, findings)
    checks = tuple(f.check for f in findings)
    draft = Draft(built.text, _status(built.text, failures), built.citations, checks)
    missing = missing_named(cited.missing, draft, task.query)
    draft = replace(draft, missing=missing)
    left_open = open_parts(task.parts, draft, task.query)
    return Verified(draft, tuple(failures), left_open, built, findings)


Judged = tuple[Built, tuple[Finding, ...]]


def _without_wrong(
    task: Task, kept: Sequence[Attributed], built: Built, findings: tuple[Finding, ...]
) -> Judged:
    """A draft without its wrong clauses; without the statements that still do not hold; else
    without anything: a figure may have lost what it followed from."""
    kept = _trimmed(task, kept, built, findings)
    built, findings = _judged(task, kept)
    for _ in range(2):
        lost = [f for f in findings if f.check.verdict == "unsupported"]
        if not lost:
            return built, findings
        kept = _sound(kept, built, lost)
        built, findings = _judged(task, kept)
    lost = [f for f in findings if f.check.verdict == "unsupported"]
    return _judged(task, ()) if lost else (built, findings)


def _judged(task: Task, statements: Sequence[Attributed]) -> Judged:
    built = build(task.sources, statements)
    return built, findings_of(built.text, built.evidence, task.query.text)


def completed(task: Task, found: Verified, fill: Fill) -> Draft:
    """The draft with what it leaves open: computed from its own figures, filled from the evidence,
    or named as missing."""
    draft, missing = found.draft, list[str]()
    if not draft.text:
        return draft
    for part in found.left_open:
        worked = _worked(task, part, found)
        if worked is not None:
            text = f"{draft.text}\n{worked.line}"
            draft = replace(draft, text=text, checks=(*draft.checks, worked.check))
        elif (filler := fill(part)) is not None:
            draft = joined(draft, filler, note=f"{part.name}: taken from the evidence by us")
        elif part.kind != "result":
            missing.append(part.name)
    told = missing_named(found.draft.missing, draft, task.query)
    missing += [name for name in told if not any(name in m or m in name for m in missing)]
    return _named(task, draft, tuple(missing))


def _worked(task: Task, part: Part, found: Verified) -> Worked | None:
    """What is to be computed, where the draft gives what it takes."""
    if part.kind != "result":
        return None
    return worked_out(task.query, found.built, found.findings, task.language)


def _named(task: Task, draft: Draft, missing: tuple[str, ...]) -> Draft:
    """The draft with a last line that names what is missing."""
    if not missing:
        return replace(draft, missing=())
    line = (
        f"Not stated: {'; '.join(missing)}."
        if task.language == "en"
        else f"未载明: {'; '.join(missing)}。"
    )
    notes = (*draft.notes, line)
    return replace(
        draft, text=f"{draft.text}\n{line}", status="partial", missing=missing, notes=notes
    )


def lines_of(draft: Draft) -> Iterator[Draft]:
    """Each line of a composed answer as a draft of its own; none of one with a figure in doubt."""
    if any(check.verdict == "unsupported" for check in draft.checks):
        return
    for line in draft.text.splitlines():
        numbers = {int(n) for n in re.findall(r"\[(\d+)\]", line)}
        cited = tuple(c for c in draft.citations if c.n in numbers)
        checks = tuple(c for c in draft.checks if c.citation in numbers and c.claim in line)
        if cited:
            yield Draft(line, draft.status, cited, checks)


def joined(draft: Draft, other: Draft, *, note: str) -> Draft:
    """Two drafts as one, the second's citations numbered on; the same place keeps its number."""
    known = {(c.passage_id, c.start, c.end): c.n for c in draft.citations}
    numbers: dict[int, int] = {}
    added = []
    for citation in other.citations:
        place = (citation.passage_id, citation.start, citation.end)
        if place not in known:
            known[place] = len(known) + 1
            added.append(replace(citation, n=known[place]))
        numbers[citation.n] = known[place]
    text = re.sub(r"\[(\d+)\]", lambda m: f"[{numbers.get(int(m[1]), 0)}]", other.text)
    checks = tuple(_renumbered(check, numbers) for check in other.checks)
    return replace(
        draft,
        text=f"{draft.text}\n{text}",
        citations=(*draft.citations, *added),
        checks=(*draft.checks, *checks),
        notes=(*draft.notes, note),
    )


def _renumbered(check: Check, numbers: dict[int, int]) -> Check:
    citation = numbers.get(check.citation) if check.citation is not None else None
    return replace(
        check, citation=citation, operands=tuple(numbers.get(n, n) for n in check.operands)
    )


def _trimmed(
    task: Task, statements: Sequence[Attributed], built: Built, findings: Sequence[Finding]
) -> list[Attributed]:
    """The statements up to their first wrong figure, where that leaves one that says something."""
    left: list[Attributed] = []
    for statement, (start, end) in zip(statements, built.spans, strict=True):
        own = [f for f in findings if start <= f.start < end]
        wrong = [f.start - start for f in own if f.check.verdict == "unsupported"]
        sound = [
            f.start - start
            for f in own
            if f.check.kind in _MEASURED and f.start - start not in wrong
        ]
        kept = trimmed(task.sources, statement, sound, wrong) if wrong else statement
        left += [kept] if kept is not None else []
    return left


def _sound(
    statements: Sequence[Attributed], built: Built, wrong: Sequence[Finding]
) -> list[Attributed]:
    """The statements without those that hold a wrong figure."""
    places = {f.statement for f in wrong}
    return [
        statement
        for statement, (start, end) in zip(statements, built.spans, strict=True)
        if not any(a < end and start < b for a, b in places)
    ]


def _tells(statement: str, kept: Sequence[Attributed]) -> bool:
    """Whether a statement without a source is worth sending back: talk beside an answer is not."""
    return not kept or any(c.isdigit() for c in statement)


def _status(text: str, failures: Sequence[str]) -> Status:
    if not text:
        return "not_found"
    return "partial" if failures else "answered"


def _failure(finding: Finding, text: str) -> str:
    statement = text[finding.statement[0] : finding.statement[1]]
    return f"{finding.check.claim}: {finding.reason or 'not stated'} ({statement[:80]})"


def _unanswered(part: Part, task: Task) -> str:
    return f"not answered: {part.name}" if task.language == "en" else f"没有回答: {part.name}"
