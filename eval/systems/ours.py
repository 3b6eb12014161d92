"""filings-qa itself, through its Python API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from eval.cache import key_of
from eval.provenance import (
    answering_code,
    indexing_code,
    prompt_hashes,
    retrieval_code,
    seen_settings,
)
from eval.questions import Question
from eval.results import Checked, Cited, Found, Given, SystemFailure
from eval.systems.base import Mode, Step
from prompts import Message
from rag.build import Workspace
from rag.errors import UnknownFiling
from rag.settings import Settings
from rag.types import Answer, Citation, Evidence, Hit


class Ours:
    """The workspace that `settings` name. With a `mode` other than hybrid one half of the retrieval
    is off, and only retrieval is measured: answers always rest on both halves."""

    workers = 2

    def __init__(self, settings: Settings, *, mode: Mode = "hybrid") -> None:
        self.name = "filings-qa" if mode == "hybrid" else f"filings-qa, {mode} only"
        self.answers = mode == "hybrid"
        self._settings, self._mode = settings, mode
        self._workspace = Workspace(settings)
        states = self._workspace.filings()
        self.sources: frozenset[str] | None = frozenset(
            PurePath(state.ref.source).name for state in states
        )
        index = [(s.ref.id, s.passages, s.embedded, s.characters) for s in states]
        self._retrieval = {
            "index": key_of({"filings": sorted(index)})[:16],
            "indexing": indexing_code(),
            "code": retrieval_code(),
            "embedder": settings.embedder,
            "reranker": settings.reranker,
            "mode": mode,
        }

    def search(self, question: Question, k: int) -> tuple[Found, ...]:
        asked = self._standalone(question) if question.history else question.question
        return tuple(found(hit) for hit in self._workspace.search(asked, k=k, mode=self._mode))

    def answer(self, question: Question) -> Given:
        return self._given(self._workspace.answer(question.question, question.history))

    def depends_on(self, question: Question, step: Step) -> Mapping[str, str]:
        if step == "search" and not question.history:
            return self._retrieval
        prompts = {f"prompt {name}": h for name, h in prompt_hashes(question.lang).items()}
        asked = seen_settings(self._settings) | {"code": answering_code()}
        return self._retrieval | prompts | asked | {"model": self._workspace.model_name}

    def describe(self) -> Mapping[str, Any]:
        return {
            "settings": seen_settings(self._settings),
            "index": self._retrieval,
            "model": self._workspace.model_name,
            "filings": sorted(self.sources or ()),
        }

    def close(self) -> None:
        self._workspace.close()

    def _standalone(self, question: Question) -> str:
        """The question as the system itself understands it in its conversation."""
        events = self._workspace.stream_answer(question.question, question.history)
        first = next(iter(events))
        return first.standalone if isinstance(first, Evidence) else question.question

    def _given(self, answer: Answer) -> Given:
        return Given(
            text=answer.text,
            status=answer.status,
            citations=tuple(self._cited(citation) for citation in answer.citations),
            checks=tuple(Checked(c.claim, c.verdict, c.citation) for c in answer.checks),
            model=answer.model,
            timings_ms=dict(answer.timings),
        )

    def _cited(self, citation: Citation) -> Cited:
        """The citation with its passage from the catalog, not from the answer: a second look."""
        try:
            passage = self._workspace.passage(citation.passage_id)
        except UnknownFiling:
            text, page = "", None  # no such passage: no quote can stand in it
        else:
            text = passage.text
            start = citation.start if _stands_at(citation, text) else text.find(citation.quote)
            page = passage.page_at(max(0, start))
        return Cited(
            n=citation.n,
            source=PurePath(citation.source).name,
            page=citation.page,
            quote=citation.quote,
            passage=text,
            passage_page=page,
            title=citation.title,
        )


def _stands_at(citation: Citation, text: str) -> bool:
    return text[citation.start : citation.end] == citation.quote


def found(hit: Hit) -> Found:
    """A hit of `rag` in the suite's terms."""
    passage = hit.passage
    return Found(
        source=Path(passage.filing.source).name,
        text=passage.text,
        pages=passage.pages,
        rank=hit.rank,
        title=passage.filing.title,
    )


def index_documents(
    settings: Settings, documents: Sequence[Path], folder: Path, *, mode: Mode
) -> Settings:
    """Settings of a home under `folder` that holds just `documents`, ingested if need be.

    Each version of the indexing code has a home of its own, so that a stale index is never
    measured. For the lexical mode no vectors are made.
    """
    from rag.terminal import ProgressBar

    made_with = {
        "documents": sorted(str(path.resolve()) for path in documents),
        "embedder": settings.embedder,
        "code": indexing_code(),
    }
    home = folder / key_of(made_with)[:16]
    home.mkdir(parents=True, exist_ok=True)
    settings = settings.with_(home=home)
    workspace = Workspace(settings)
    with ProgressBar() as bar:
        report = workspace.ingest(
            list(documents), defer_vectors=mode == "lexical", progress=bar.show
        )
    workspace.close()
    if report.failed:
        raise SystemFailure(
            f"{len(report.failed)} files not ingested, first: {report.failed[0].reason}"
        )
    return settings


def passages_for(settings: Settings, question: str, k: int = 10) -> list[dict[str, Any]]:
    """The passages found for a question, in the contract's JSON."""
    from rag.contract import hits_json

    workspace = Workspace(settings)
    hits: list[dict[str, Any]] = hits_json(workspace.search(question, k=k))["hits"]
    workspace.close()
    return hits


def model_asker(settings: Settings) -> tuple[Callable[[Sequence[Message]], str], str]:
    """The configured model as a function from messages to its reply, and its name; SystemFailure
    when none is configured."""
    from rag.answer.models import make_writer

    writer = make_writer(
        provider=settings.provider,
        model=settings.model,
        base_url=settings.base_url,
        llm_gguf=settings.llm_gguf,
        timeout=settings.model_timeout,
    )
    if writer is None:
        raise SystemFailure(
            "no model to judge with; set OPENAI_API_KEY, OPENAI_BASE_URL or FILINGS_LLM_GGUF"
        )
    return (lambda messages: "".join(writer.stream(messages, max_tokens=200))), writer.name
