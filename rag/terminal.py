"""What the commands print for people: lines of text, and a progress bar on stderr."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from rag.types import Answer, FilingState, Hit, IngestReport, Progress

_STATUS = {
    "answered": "answered",
    "partial": "answered in part",
    "not_found": "not in these documents",
}


class ProgressBar:
    """Shows an ingest on stderr: filings, passages and the time left."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, progress: Progress) -> None:
        """Draw one state."""
        reading = progress.stage == "reading"
        total = progress.filings_total if reading else progress.passages_total
        done = progress.filings_done if reading else progress.passages_done
        if self._stage != progress.stage:
            self._start(progress.stage, total, done)
        self._bar.total = total
        self._bar.set_postfix_str(self._words(progress), refresh=False)
        self._bar.update(done - self._bar.n)

    def _start(self, stage: str, total: int, done: int) -> None:
        from tqdm import tqdm

        if self._bar is not None:
            self._bar.close()
        self._stage = stage
        unit = " filings" if stage == "reading" else " passages"
        self._bar = tqdm(
            total=total, initial=done, desc=stage, unit=unit, file=sys.stderr, dynamic_ncols=True,
            mininterval=0.3, leave=True,
        )  # fmt: skip

    @staticmethod
    def _words(progress: Progress) -> str:
        if progress.stage == "reading":
            return f"{progress.passages_done} passages {progress.current}"
        return f"{progress.filings_done}/{progress.filings_total} filings"


class DownloadBar:
    """Shows a download on stderr in bytes."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, done: int, total: int) -> None:
        """Draw one state; `total` is 0 while it is not known."""
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(unit="B", unit_scale=True, file=sys.stderr, desc="model")
        self._bar.total = total or None
        self._bar.update(done - self._bar.n)


def ingest_lines(report: IngestReport) -> list[str]:
    """What an ingest did."""
    lines = [f"added     {ref.id}  {ref.title}" for ref in report.added]
    lines += [f"replaced  {ref.id}  {ref.title}" for ref in report.replaced]
    lines += [f"unchanged {ref.id}  {ref.title}" for ref in report.unchanged]
    lines.append(
        f"{len(report.added)} added, {len(report.replaced)} replaced, {len(report.unchanged)} unchanged, "
        f"{len(report.failed)} failed; {report.passages} new passages"
    )
    if report.pending:
        lines.append(
            f"{report.pending} passages wait for their vectors: the next `filings ingest` or the "
            "running UI makes them; search by words works already"
        )
    return lines


def filing_lines(states: Sequence[FilingState]) -> list[str]:
    """The filings, one a line."""
    if not states:
        return ["no filings yet; add some with `filings ingest PATH`"]
    lines = []
    for state in states:
        ref = state.ref
        ready = (
            "ready"
            if state.embedded == state.passages
            else f"searchable, embedding {100 * state.embedded // max(state.passages, 1)} %"
        )
        what = " · ".join(part for part in (ref.company, ref.kind, ref.date, ref.version) if part)
        lines.append(
            f"{ref.id}  {ref.title}\n    {what} · {state.pages} pages · {ready} · {ref.source}"
        )
    return lines


def answer_lines(answer: Answer) -> list[str]:
    """An answer with its citations and checks."""
    lines = [answer.text, ""]
    for citation in answer.citations:
        page = f" {citation.page}" if citation.page else ""
        section = f" — {citation.section[-1]}" if citation.section else ""
        lines.append(f"[{citation.n}] {citation.title},{page}{section}")
        lines.append(f"    “{' '.join(citation.quote.split())}”")
    supported = sum(check.verdict != "unsupported" for check in answer.checks)
    checks = f"{supported} of {len(answer.checks)} figures verified; " if answer.checks else ""
    lines.append(f"({_STATUS[answer.status]}; {checks}answered by {answer.model})")
    return [*lines, *answer.notes]


def hit_lines(hits: Sequence[Hit], *, explain: bool) -> list[str]:
    """Passages found, best first."""
    if not hits:
        return ["nothing found"]
    lines = []
    for hit in hits:
        passage = hit.passage
        page = f" {passage.pages[0]}" if passage.pages and passage.pages[0] else ""
        lines.append(f"{hit.rank}. {passage.filing.title},{page} — {' > '.join(passage.section)}")
        if explain:
            lines.append("   " + _explained(hit))
        lines += [f"   {line}" for line in passage.text.split("\n")]
        if hit.repeats:
            lines.append(f"   (also: {'; '.join(hit.repeats)})")
    return lines


def _explained(hit: Hit) -> str:
    sources = ", ".join(f"{name} #{rank}" for name, rank in hit.sources.items())
    values = ", ".join(f"{name} {value:.2f}" for name, value in hit.features.items())
    return f"score {hit.score:.3f}; {sources}; {values}"


def doctor_lines(state: Mapping[str, int], problems: Sequence[str]) -> list[str]:
    """How catalog and vectors stand to each other."""
    lines = [
        f"passages {state['passages']}, vectors {state['vectors']}, pending {state['pending']}, "
        f"missing {state['missing']}, orphans {state['orphans']}"
    ]
    lines += [f"catalog: {problem}" for problem in problems]
    if problems or state["missing"] or state["orphans"]:
        lines.append("run `filings doctor --repair`")
    else:
        lines.append("catalog and vectors agree")
    return lines
