"""A model's draft made into an answer: markers resolved, quotes aligned, figures verified.

Nothing that a model writes is taken on trust. A statement without a source is attributed only
where one source plainly says it; a figure that no cited passage states sends the draft back once,
and what still fails is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from prompts import Language, Message, load
from rag.answer.citing import Statement, resolve
from rag.answer.context import in_context
from rag.answer.draft import Draft
from rag.answer.models.base import Noted, Writer
from rag.answer.sources import Shown
from rag.types import Check, Citation, Status
from rag.verify.align import align
from rag.verify.check import EvidenceSpan, Finding, examine_answer

MAX_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of the model: the question, its language, the numbered sources."""

    question: str
    language: Language
    sources: tuple[Shown, ...]

    def messages(self) -> tuple[Message, ...]:
        """The prompt: rules first, sources next, the question last."""
        sources = [shown.source for shown in self.sources]
        return load("answer", self.language).render(sources=sources, question=self.question)

    def repair_messages(self, draft: str, failures: Sequence[str]) -> tuple[Message, ...]:
        """The prompt that sends a draft back with what failed."""
        sources = [shown.source for shown in self.sources]
        return load("repair", self.language).render(
            sources=sources, draft=draft, failures=list(failures), question=self.question
        )


def write(task: Task, writer: Writer, *, noted: Noted | None = None) -> Iterator[str]:
    """The model's draft, piece by piece. Raises ModelError."""
    return writer.stream(task.messages(), max_tokens=MAX_TOKENS, noted=noted)


def finish(task: Task, writer: Writer, text: str, *, noted: Noted | None = None) -> Draft:
    """Cite and verify a draft; one repair round where something fails. Raises ModelError."""
    draft, failures = verified(task, text)
    if failures:
        again = "".join(
            writer.stream(task.repair_messages(text, failures), max_tokens=MAX_TOKENS, noted=noted)
        )
        repaired, left = verified(task, again)
        if repaired.text and len(left) <= len(failures):
            draft = repaired
    return draft


def verified(task: Task, text: str) -> tuple[Draft, tuple[str, ...]]:
    """(a draft without anything unsupported, what had to be taken out and why)."""
    cited = resolve(text, len(task.sources))
    if cited.refused:
        return Draft("", "not_found"), ()
    kept, dropped = _attributed(task, cited.statements)
    built = _build(task, kept)
    findings = examine_answer(built.text, _spans(task, built), question=task.question)
    failures = [_failure(f, built.text) for f in findings if f.check.verdict == "unsupported"]
    wrong = {f.statement for f in findings if f.check.verdict == "unsupported"}
    sound = [s for s, span in zip(kept, built.places, strict=True) if not _hit(span, wrong)]
    failures += [f"{statement}: no source" for statement in dropped]
    if len(sound) < len(kept):
        built = _build(task, sound)
        findings = examine_answer(built.text, _spans(task, built), question=task.question)
    draft = Draft(
        text=built.text,
        status=_status(built.text, partial=bool(failures or cited.missing)),
        citations=built.citations,
        checks=tuple(f.check for f in findings if f.check.verdict != "unsupported"),
        missing=cited.missing,
    )
    return draft, tuple(failures)


def _status(text: str, *, partial: bool) -> Status:
    if not text:
        return "not_found"
    return "partial" if partial else "answered"


@dataclass(frozen=True, slots=True)
class _Cited:
    """A statement with the source, and the place in its passage, of each of its quotes."""

    text: str
    quotes: tuple[tuple[int, int, int], ...]
    """(source number, start, end) in the passage's text."""


@dataclass(frozen=True, slots=True)
class _Built:
    text: str
    citations: tuple[Citation, ...]
    places: tuple[tuple[int, int], ...]


def _attributed(task: Task, statements: Sequence[Statement]) -> tuple[list[_Cited], list[str]]:
    """Statements with verbatim quotes, and those that no source plainly says."""
    kept: list[_Cited] = []
    dropped: list[str] = []
    for statement in statements:
        quotes = [q for n in statement.numbers if (q := _quote(task, statement.text, n))]
        if not statement.numbers:
            found = align(statement.text, [shown.passage.text for shown in task.sources])
            quotes = [(found[0] + 1, found[1], found[2])] if found else []
        if quotes:
            kept.append(_Cited(statement.text, tuple(quotes)))
        else:
            dropped.append(statement.text)
    return kept, dropped


def _quote(task: Task, statement: str, number: int) -> tuple[int, int, int] | None:
    """The sentence or row of a source that best supports a statement; its best piece otherwise."""
    shown = task.sources[number - 1]
    found = align(statement, [shown.passage.text])
    if found is not None:
        return number, found[1], found[2]
    best = max(shown.pieces, key=lambda piece: piece.score)
    return number, best.start, best.end


def _build(task: Task, statements: Sequence[_Cited]) -> _Built:
    """The text with markers renumbered by first use, one number for each quoted place."""
    numbers: dict[tuple[int, int, int], int] = {}
    text = ""
    places: list[tuple[int, int]] = []
    for statement in statements:
        marks = "".join(f"[{numbers.setdefault(q, len(numbers) + 1)}]" for q in statement.quotes)
        start = len(text) + (1 if text else 0)
        text = (
            f"{text}\n{_marked(statement.text, marks)}" if text else _marked(statement.text, marks)
        )
        places.append((start, len(text)))
    citations = tuple(_citation(task, n, place) for place, n in numbers.items())
    return _Built(text, citations, tuple(places))


def _marked(statement: str, marks: str) -> str:
    """A statement with its markers before the closing punctuation."""
    body = statement.strip()
    end = re.search(r"[。.!！?？;；]+$", body)
    return f"{body[: end.start()]}{marks}{end[0]}" if end else f"{body}{marks}"


def _citation(task: Task, n: int, place: tuple[int, int, int]) -> Citation:
    number, start, end = place
    passage = task.sources[number - 1].passage
    return Citation(
        n=n,
        passage_id=passage.id,
        filing_id=passage.filing.id,
        title=passage.filing.title,
        source=passage.filing.source,
        page=passage.page_at(start),
        section=passage.section,
        quote=passage.text[start:end],
        start=start,
        end=end,
        page_index=passage.page_index_at(start),
    )


def _spans(task: Task, built: _Built) -> list[EvidenceSpan]:
    passages = {shown.passage.id: shown.passage for shown in task.sources}
    return [EvidenceSpan(c.n, c.quote, in_context(passages[c.passage_id])) for c in built.citations]


def _hit(span: tuple[int, int], wrong: set[tuple[int, int]]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in wrong)


def _failure(finding: Finding, text: str) -> str:
    statement = text[finding.statement[0] : finding.statement[1]]
    return f"{finding.check.claim}: {finding.reason or 'not stated'} ({statement[:80]})"


def renumbered(draft: Draft, first: int) -> Draft:
    """A draft whose citation numbers start at `first`."""
    shift = first - 1
    text = re.sub(r"\[(\d+)\]", lambda m: f"[{int(m[1]) + shift}]", draft.text)
    citations = tuple(replace(c, n=c.n + shift) for c in draft.citations)
    checks: tuple[Check, ...] = tuple(
        replace(c, citation=c.citation + shift if c.citation else None) for c in draft.checks
    )
    return replace(draft, text=text, citations=citations, checks=checks)
