"""Imports in the background: one worker, so that uploads of many users wait for each other.

What a job is doing lives on the server, so a reload of the page finds it where it is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Literal

from rag.errors import FilingsError
from rag.types import Failure, IngestReport, Progress
from ui.protocol import Workspace

Stage = Literal["queued", "reading", "embedding", "done", "failed"]
KEPT = 5
"""How many finished jobs are remembered."""
SHOWN_SECONDS = 60.0
FEWEST_FOR_SPEED = 50
"""Passages below which the start of the embedder would count for too much."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """An import: `done` of `total` are filings while reading, passages while embedding.

    `ended` is when it was finished, by the monotonic clock.
    """

    id: int
    files: int
    stage: Stage = "queued"
    done: int = 0
    total: int = 0
    current: str = ""
    report: IngestReport | None = None
    problem: str = ""
    ended: float = 0.0

    @property
    def running(self) -> bool:
        """Whether there is more to come."""
        return self.stage in ("queued", "reading", "embedding")


class Jobs:
    """The queue of imports. `version` grows with every change, so a page can tell what is new."""

    def __init__(self, workspace: Callable[[], Workspace]) -> None:
        self._workspace = workspace
        self._tasks: SimpleQueue[tuple[int, tuple[Path, ...]] | None] = SimpleQueue()
        self._jobs: dict[int, Job] = {}
        self._failures: dict[str, Failure] = {}
        self._lock = threading.Lock()
        self._next = 0
        self.version = 0
        self.speed = 0.0
        """Passages a second of the last import that made vectors; 0 before there was one."""
        self._thread = threading.Thread(target=self._work, name="filings-import", daemon=True)
        self._thread.start()

    def submit(self, paths: Sequence[Path]) -> Job:
        """Import files, or with none just make the vectors that are missing."""
        with self._lock:
            self._next += 1
            job = Job(self._next, len(paths))
            self._jobs[job.id] = job
            self.version += 1
        self._tasks.put((job.id, tuple(paths)))
        return job

    def all(self) -> tuple[Job, ...]:
        """Running jobs and the last finished ones, oldest first."""
        with self._lock:
            return tuple(self._jobs.values())

    def recent(self) -> tuple[Job, ...]:
        """What is worth showing: running jobs, problems, and what was finished in the last minute."""
        since = time.monotonic() - SHOWN_SECONDS
        return tuple(j for j in self.all() if j.running or j.problem or j.ended > since)

    def failures(self) -> tuple[Failure, ...]:
        """Files that could not be read, until dismissed or read after all."""
        with self._lock:
            return tuple(self._failures.values())

    def fail(self, failures: Sequence[Failure]) -> None:
        """Add files that were refused before the import."""
        with self._lock:
            self._failures.update((failure.source, failure) for failure in failures)
            self.version += 1

    def dismiss(self, source: str) -> None:
        """Forget a failure."""
        with self._lock:
            self._failures.pop(source, None)
            self.version += 1

    def busy(self) -> bool:
        """Whether any job is waiting or running."""
        return any(job.running for job in self.all())

    def close(self) -> None:
        """End the worker after the running job."""
        self._tasks.put(None)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            number, paths = task
            try:
                self._run(number, paths)
            except FilingsError as error:
                self._change(number, stage="failed", problem=str(error))
            except Exception as error:
                log.exception("import of %d files broke", len(paths))
                self._change(number, stage="failed", problem=f"{type(error).__name__}: {error}")

    def _run(self, number: int, paths: tuple[Path, ...]) -> None:
        def progress(at: Progress) -> None:
            reading = at.stage == "reading"
            self._change(
                number,
                stage=at.stage,
                done=at.filings_done if reading else at.passages_done,
                total=at.filings_total if reading else at.passages_total,
                current=Path(at.current).name,
            )

        report = None
        if paths:
            self._change(number, stage="reading", total=len(paths))
            report = self._workspace().ingest(paths, defer_vectors=True, progress=progress)
            self._note(report)
        self._change(number, stage="embedding", done=0, total=0, report=report)
        start = time.monotonic()
        made = self._workspace().complete_vectors(progress)
        if made >= FEWEST_FOR_SPEED:
            self.speed = made / max(time.monotonic() - start, 0.001)
        self._change(number, stage="done", ended=time.monotonic())

    def _note(self, report: IngestReport) -> None:
        with self._lock:
            for ref in (*report.added, *report.unchanged, *report.replaced):
                self._failures.pop(ref.source, None)
            self._failures.update((failure.source, failure) for failure in report.failed)

    def _change(self, number: int, **changes: object) -> None:
        with self._lock:
            self._jobs[number] = replace(self._jobs[number], **changes)  # type: ignore[arg-type]
            self.version += 1
            finished = [job.id for job in self._jobs.values() if not job.running]
            for old in finished[:-KEPT]:
                del self._jobs[old]
