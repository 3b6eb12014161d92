"""What the interface needs of a workspace; `rag.build.Workspace` is one, tests bring their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rag.types import Answer, Event, FilingState, Hit, IngestReport, Page, Passage, Progress

History = Sequence[tuple[str, str]]
Progressed = Callable[[Progress], None]


class Workspace(Protocol):
    """The verbs of `rag`, over one home folder; every method may be called from any thread."""

    @property
    def model_name(self) -> str:
        """Who answers: "extractive", or the model's name."""

    def ingest(
        self,
        paths: Sequence[str | Path],
        *,
        defer_vectors: bool = False,
        progress: Progressed | None = None,
    ) -> IngestReport:
        """Add files; see `rag.ingest`."""

    def complete_vectors(self, progress: Progressed | None = None) -> int:
        """Make the vectors that are missing; how many were made."""

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        company: str | None = None,
        filing: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """The passages found for a question, best first."""

    def answer(
        self,
        question: str,
        history: History = (),
        *,
        company: str | None = None,
        filing: str | Sequence[str] | None = None,
    ) -> Answer:
        """The verified answer to a question."""

    def stream_answer(
        self,
        question: str,
        history: History = (),
        *,
        company: str | None = None,
        filing: str | Sequence[str] | None = None,
    ) -> Iterator[Event]:
        """The same in events: Evidence, Token…, Answer."""

    def filings(self) -> list[FilingState]:
        """All filings with their state."""

    def filing(self, filing_id: str) -> FilingState:
        """One filing; raises UnknownFiling."""

    def remove(self, filing_id: str) -> None:
        """Forget a filing; raises UnknownFiling."""

    def page(self, filing_id: str, index: int) -> Page:
        """A page by its index from 0; raises UnknownFiling."""

    def passage(self, passage_id: str) -> Passage:
        """A passage; raises UnknownFiling when it is gone."""

    def diagnose(self) -> dict[str, int]:
        """How catalog and vectors differ: missing, orphans, pending …"""

    def close(self) -> None:
        """Release files and connections."""
