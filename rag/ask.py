"""Answering, step by step: understand, find, choose evidence, write or compose, cite, verify."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from rag.answer.answered import answers
from rag.answer.calculate import calculator
from rag.answer.context import in_context
from rag.answer.conversation import standalone, standalone_by_model
from rag.answer.draft import Draft
from rag.answer.evidence import Piece
from rag.answer.extractive import compose
from rag.answer.models import Writer
from rag.answer.operation import operation
from rag.answer.parts import Part, parts_of
from rag.answer.refusal import refusal_text
from rag.answer.settled import settled as settle
from rag.answer.sources import read_for, shown_sources
from rag.answer.written import Task, finish, lines_of, write
from rag.errors import ModelError
from rag.question import checked_question, require_filings
from rag.retrieve.query import Query
from rag.retrieve.search import Mode, Searcher
from rag.types import Answer, Event, Evidence, Hit, Token
from rag.verify.check import EvidenceSpan, check_answer

HITS = 30
SHOWN_HITS = 10
LOCAL_BUDGET, HOSTED_BUDGET = 1200, 3000
"""Tokens of evidence for a model on this machine and for a hosted one."""
Turns = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Clock:
    """Milliseconds by step."""

    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step; a step taken twice adds up."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000
            self.steps[name] = round(self.steps.get(name, 0.0) + spent, 1)


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything that answering needs: search, and a writer where a model is configured."""

    searcher: Searcher
    writer: Writer | None = None
    context_tokens: int = 0
    language: str = "auto"

    def stream(
        self,
        question: str,
        history: Turns = (),
        *,
        filings: Sequence[str] | None = None,
        mode: Mode = "hybrid",
    ) -> Iterator[Event]:
        """Evidence first, then tokens while a model writes, then the verified answer."""
        question = checked_question(question)
        require_filings(self.searcher)
        clock, notes = Clock(), list[str]()
        with clock.step("understand"):
            whole = self._standalone(question, history, notes)
            query = self.searcher.understand(whole, filings=filings)
        with clock.step("search"):
            hits = self.searcher.find(query, HITS, mode=mode)
        yield Evidence(tuple(hits[:SHOWN_HITS]), whole)
        with clock.step("evidence"):
            weight = self.searcher.weights(query)
        with clock.step("compose"):
            composed = self._composed(query, hits, weight)
        draft, model = composed, "extractive"
        if self.writer is not None and hits:
            with clock.step("write"):
                written = yield from self._written(query, hits, weight, composed, notes)
            draft, model = _better(written, composed, self.writer.name, notes)
        yield self._answer(question, whole, draft, hits, model, clock, notes)

    def _standalone(self, question: str, history: Turns, notes: list[str]) -> str:
        """The question that stands alone: by the model where there is one, else by rules."""
        if not history:
            return question
        companies = [
            name for ref in self.searcher.catalog.refs() for name in (ref.company, *ref.aliases)
        ]
        if self.writer is not None:
            try:
                return standalone_by_model(
                    question, history, writer=self.writer, companies=companies
                )
            except ModelError as error:
                notes.append(str(error))
        return standalone(question, history, companies=companies)

    def _composed(self, query: Query, hits: Sequence[Hit], weight: Mapping[str, float]) -> Draft:
        """The answer that needs no model, with its checks."""
        made = compose(query, hits, weight, neighbours=self.searcher.catalog.neighbours)
        return self._checked(made, query.text)

    def _written(
        self,
        query: Query,
        hits: Sequence[Hit],
        weight: Mapping[str, float],
        composed: Draft,
        notes: list[str],
    ) -> Generator[Event, None, Draft | None]:
        """The model's draft, verified and completed; None where the model failed, with the reason
        noted, or where there is nothing to read."""
        assert self.writer is not None
        task = self._task(query, read_for(query, hits, weight, composed.citations))
        if not task.sources:
            return None

        def fill(part: Part) -> Draft | None:
            return self._filler(part, query, hits, composed)

        try:
            text = ""
            for piece in write(task, self.writer, noted=notes.append):
                text += piece
                yield Token(piece)
            return finish(task, self.writer, text, fill=fill, noted=notes.append)
        except ModelError as error:
            notes.append(str(error))
            return None

    def _task(self, query: Query, pieces: Sequence[Piece]) -> Task:
        """What the model is given: the sources that fit, the parts, a tool where it computes."""
        assert self.writer is not None
        budget = self.context_tokens or (LOCAL_BUDGET if self.writer.local else HOSTED_BUDGET)
        language = query.language if self.language == "auto" else self.language
        sources = shown_sources(pieces, budget)
        computes = operation(query) is not None
        tools = (calculator(sources, english=language == "en"),) if computes else ()
        return Task(query, "en" if language == "en" else "zh", sources, parts_of(query), tools)

    def _filler(
        self, part: Part, query: Query, hits: Sequence[Hit], composed: Draft
    ) -> Draft | None:
        """What answers one part without the model: a line of the composed answer, else an answer
        composed to the part alone."""
        for line in lines_of(composed):
            if answers(part, line, query):
                return line
        if not part.question or part.question == query.text:
            return None
        alone = self.searcher.understand(part.question, filings=query.filings)
        made = self._composed(alone, hits, self.searcher.weights(alone))
        return made if made.text and answers(part, made, query) else None

    def _checked(self, draft: Draft, question: str) -> Draft:
        """A composed draft with its checks: it is verified like any other."""
        passages = self.searcher.catalog.passages([c.passage_id for c in draft.citations])
        spans = [
            EvidenceSpan(c.n, c.quote, in_context(passages[c.passage_id])) for c in draft.citations
        ]
        found = check_answer(draft.text, spans, question=question) if draft.text else ()
        settled = tuple(settle(check, draft) for check in found)
        return replace(draft, checks=draft.checks + settled)

    def _answer(
        self,
        question: str,
        whole: str,
        draft: Draft,
        hits: Sequence[Hit],
        model: str,
        clock: Clock,
        notes: Sequence[str],
    ) -> Answer:
        return Answer(
            question=question,
            text=draft.text or refusal_text(whole, hits),
            status=draft.status,
            citations=draft.citations,
            checks=draft.checks,
            hits=tuple(hits[:SHOWN_HITS]),
            model=model,
            timings=clock.steps,
            standalone="" if whole == question else whole,
            notes=(*draft.notes, *notes),
        )


def _better(
    written: Draft | None, composed: Draft, model: str, notes: list[str]
) -> tuple[Draft, str]:
    """The model's verified draft, else the composed one, and who wrote it."""
    if written is not None and written.text and not _says_less(written, composed):
        return written, model
    if written is not None and composed.text:
        notes.append(f"{model} found no answer that its sources support; composed without it")
    return composed, "extractive"


def _says_less(written: Draft, composed: Draft) -> bool:
    """Whether figures had to be taken out of a draft until none was left, and the composed answer
    has one."""
    taken_out = written.status == "partial"
    return taken_out and not _has_figure(written) and _has_figure(composed)


def _has_figure(draft: Draft) -> bool:
    return any(check.kind in ("amount", "percentage", "count") for check in draft.checks)


def last_answer(events: Iterator[Event]) -> Answer:
    """The answer at the end of a stream of events."""
    final: Answer | None = None
    for event in events:
        if isinstance(event, Answer):
            final = event
    if final is None:
        raise RuntimeError("a stream of events ended without an answer")
    return final
