"""filings-qa: questions answered from company filings, every figure checked against its page.

    from rag import answer, ingest
    ingest(["reports/"])
    print(answer("What was revenue in 2024?").text)

Each function takes `settings=Settings(...)`; without it the environment and `filings.toml` say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.settings import Settings
from rag.types import Answer, Event, Hit, IngestReport, Progress

if TYPE_CHECKING:
    from rag.build import Workspace

__all__ = ["Settings", "answer", "ingest", "search", "stream_answer"]


def ingest(
    paths: Sequence[str | Path],
    *,
    defer_vectors: bool = False,
    progress: Callable[[Progress], None] | None = None,
    settings: Settings | None = None,
) -> IngestReport:
    """Add files and folders to the home folder. See :meth:`rag.build.Workspace.ingest`."""
    return _workspace(settings).ingest(paths, defer_vectors=defer_vectors, progress=progress)


def search(
    question: str,
    k: int = 10,
    *,
    company: str | None = None,
    filing: str | Sequence[str] | None = None,
    settings: Settings | None = None,
) -> list[Hit]:
    """The `k` best passages for a question, best first."""
    return _workspace(settings).search(question, k, company=company, filing=filing)


def answer(
    question: str,
    history: Sequence[tuple[str, str]] = (),
    *,
    company: str | None = None,
    filing: str | Sequence[str] | None = None,
    settings: Settings | None = None,
) -> Answer:
    """A cited, verified answer, or a refusal whose status is not_found.

    `history` has (question, answer text) pairs, oldest first.
    """
    return _workspace(settings).answer(question, history, company=company, filing=filing)


def stream_answer(
    question: str,
    history: Sequence[tuple[str, str]] = (),
    *,
    company: str | None = None,
    filing: str | Sequence[str] | None = None,
    settings: Settings | None = None,
) -> Iterator[Event]:
    """Events of an answer in the making: Evidence, Token…, Answer."""
    return _workspace(settings).stream_answer(question, history, company=company, filing=filing)


def _workspace(settings: Settings | None) -> Workspace:
    """The workspace of these settings: opened once per process, so that calls stay quick."""
    from rag.build import opened

    return opened(settings or Settings.load())
