"""The composition root: the only place that sees the whole Settings and builds the parts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import EmbeddingError, UnknownFiling
from rag.index.catalog import Catalog
from rag.question import checked_question, require_filings
from rag.retrieve.dense import DenseSearch
from rag.retrieve.query import mentioned
from rag.retrieve.search import Mode, Rerank, Searcher
from rag.settings import Settings
from rag.types import Answer, Event, FilingState, Hit, IngestReport, Page, Passage, Progress

if TYPE_CHECKING:
    import numpy as np

    from rag.answer.models import Writer
    from rag.ask import Asking
    from rag.embed import Embedder
    from rag.index.vectors import Vectors

Reporting = Callable[[Progress], None]


class Workspace:
    """A home folder opened: ingest, search and answer over its filings.

    Parts are built when first needed, so lexical search imports neither torch nor chromadb. Safe
    to use from several threads.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.load()
        self.catalog = Catalog(self.settings.catalog_path)
        self._opening = threading.RLock()

    def ingest(
        self,
        paths: Sequence[str | Path],
        *,
        defer_vectors: bool = False,
        progress: Reporting | None = None,
    ) -> IngestReport:
        """Add files and folders; returns when the vectors are in place, or with `defer_vectors`
        as soon as everything can be searched lexically. Raises AlreadyWriting."""
        from rag.ingest import read_filings

        with self._writing():
            report = read_filings([Path(p) for p in paths], self.catalog, progress=progress)
            if not defer_vectors:
                self._complete(progress)
        return _with_pending(report, len(self.catalog.pending()))

    def complete_vectors(self, progress: Reporting | None = None) -> int:
        """Make the vectors that are missing; returns how many were made. Raises AlreadyWriting."""
        with self._writing():
            return self._complete(progress)

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        company: str | None = None,
        filing: str | Sequence[str] | None = None,
        mode: Mode = "hybrid",
    ) -> list[Hit]:
        """The `k` best passages, best first. Raises QuestionError, UnknownFiling."""
        question = checked_question(question)
        require_filings(self._searcher)
        scope = self.scope(company, filing)
        return self._searcher.search(question, k, filings=scope, mode=mode)

    def understood(
        self,
        question: str,
        *,
        company: str | None = None,
        filing: str | Sequence[str] | None = None,
    ) -> dict[str, Any]:
        """What a question is read as: companies, periods, form, ideas, and what is searched."""
        from rag.retrieve.explain import query_json

        question = checked_question(question)
        scope = self.scope(company, filing)
        return query_json(self._searcher.understand(question, filings=scope), self.catalog.refs())

    def answer(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        *,
        company: str | None = None,
        filing: str | Sequence[str] | None = None,
        mode: Mode = "hybrid",
    ) -> Answer:
        """An answer with its citations and checks, or a refusal (status not_found)."""
        from rag.ask import last_answer

        return last_answer(
            self.stream_answer(question, history, company=company, filing=filing, mode=mode)
        )

    def stream_answer(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        *,
        company: str | None = None,
        filing: str | Sequence[str] | None = None,
        mode: Mode = "hybrid",
    ) -> Iterator[Event]:
        """Events: the evidence, tokens of the draft, the verified answer."""
        scope = self.scope(company, filing)
        return self._asking.stream(question, history, filings=scope, mode=mode)

    def filings(self) -> list[FilingState]:
        """All filings with their state."""
        return self.catalog.states()

    def filing(self, filing_id: str) -> FilingState:
        """One filing's state. Raises UnknownFiling."""
        self.catalog.ref(filing_id)
        return next(state for state in self.filings() if state.ref.id == filing_id)

    def remove(self, filing_id: str) -> None:
        """Remove a filing everywhere. Raises UnknownFiling, AlreadyWriting."""
        with self._writing():
            self.catalog.remove(filing_id)
            if self.settings.chroma_url or self.settings.chroma_path.exists():
                doomed = self.catalog.doomed()
                self._vectors.delete(doomed)
                self.catalog.clear_doomed(doomed)

    def page(self, filing_id: str, index: int) -> Page:
        """A page of a filing by its index from 0. Raises UnknownFiling."""
        return self.catalog.page(filing_id, index)

    def passage(self, passage_id: str) -> Passage:
        """A passage by its id. Raises UnknownFiling where there is none."""
        found = self.catalog.passages([passage_id])
        if passage_id not in found:
            raise UnknownFiling(f"no passage {passage_id!r}; its filing may have been removed")
        return found[passage_id]

    def diagnose(self) -> dict[str, int]:
        """How catalog and vectors differ (see `filings doctor`)."""
        from rag.ingest import diagnose

        return dict(diagnose(self.catalog, self._vectors.ids()))

    def repair(self, progress: Reporting | None = None) -> int:
        """Bring catalog and vectors into agreement; vectors of another embedder are made anew."""
        from rag.index.vectors import reset_vectors
        from rag.ingest import repair

        with self._writing():
            try:
                repair(self.catalog, self._vectors, self._vectors.ids())
            except EmbeddingError:
                self.__dict__["_vectors"] = reset_vectors(
                    path=self.settings.chroma_path,
                    url=self.settings.chroma_url,
                    fingerprint=self._embedder.fingerprint,
                )
                self.catalog.mark_all_pending()
            return self._complete(progress)

    def scope(self, company: str | None, filing: str | Sequence[str] | None) -> list[str] | None:
        """Ids that a company or filing ids limit to; None for all. Raises UnknownFiling."""
        if filing is not None:
            wanted = [filing] if isinstance(filing, str) else list(filing)
            return [self.catalog.ref(filing_id).id for filing_id in wanted]
        if company is None:
            return None
        refs = self.catalog.refs()
        found = list(mentioned(company, refs)) or [r.id for r in refs if company in r.company]
        if not found:
            known = "、".join(dict.fromkeys(r.company for r in refs if r.company)) or "none yet"
            raise UnknownFiling(f"no filing of company {company!r}; there are: {known}")
        return found

    @property
    def model_name(self) -> str:
        """Who answers: "extractive", or the model's name."""
        return self._writer.name if self._writer else "extractive"

    def close(self) -> None:
        """Close the catalog and the model, where they were opened."""
        if (writer := self.__dict__.get("_writer")) is not None:
            writer.close()
        self.catalog.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        from rag.lock import write_lock

        with write_lock(self.settings.lock_path):
            yield

    def _complete(self, progress: Reporting | None) -> int:
        if not self.catalog.pending() and not self.catalog.doomed():
            return 0
        from rag.ingest import complete_vectors

        return complete_vectors(self.catalog, self._vectors, self._encode, progress=progress)

    def _encode(self, texts: Sequence[str], done: Callable[[int], None]) -> np.ndarray[Any, Any]:
        return self._embedder.encode(texts, progress=done)

    @cached_property
    def _searcher(self) -> Searcher:
        dense = DenseSearch(lambda: self._vectors, lambda q: self._embedder.embed_query(q))
        return Searcher(self.catalog, dense, self._rerank)

    @cached_property
    def _asking(self) -> Asking:
        from rag.ask import Asking

        return Asking(
            self._searcher,
            self._writer,
            context_tokens=self.settings.context_tokens,
            language=self.settings.answer_language,
        )

    @cached_property
    def _embedder(self) -> Embedder:
        from rag.embed import make_embedder

        with self._opening:
            return make_embedder(self.settings.embedder, base_url=self.settings.embedding_base_url)

    @cached_property
    def _vectors(self) -> Vectors:
        from rag.index.vectors import Vectors

        with self._opening:
            return Vectors(
                path=self.settings.chroma_path,
                url=self.settings.chroma_url,
                fingerprint=self._embedder.fingerprint,
            )

    @cached_property
    def _rerank(self) -> Rerank | None:
        if not self.settings.reranker:
            return None
        from rag.retrieve.rerank import cross_encoder

        return cross_encoder(self.settings.reranker)

    @cached_property
    def _writer(self) -> Writer | None:
        from rag.answer.models import make_writer

        return make_writer(
            provider=self.settings.provider,
            model=self.settings.model,
            base_url=self.settings.base_url,
            llm_gguf=self.settings.llm_gguf,
            timeout=self.settings.model_timeout,
        )


def _with_pending(report: IngestReport, pending: int) -> IngestReport:
    return replace(report, pending=pending)


@lru_cache(maxsize=8)
def opened(settings: Settings) -> Workspace:
    """One workspace per settings for callers that keep none themselves (the functions of `rag`).

    Parts are opened once and reused; the catalog and Chroma see what other processes write.
    """
    return Workspace(settings)
