"""The latest evaluation, as `filings eval run` left it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eval.commands import newest_run
from eval.metrics import METRICS
from eval.metrics.base import Metric
from eval.questions import TYPES
from eval.runs import Run, RunError, load_run
from eval.table import interval, shown
from ui.strings import Language

BY_TYPE = ("correct", "coverage@2000", "citation_validity")
"""What is shown for each type of question, as far as it was scored."""
FULL = "report.html"


@dataclass(frozen=True, slots=True)
class Line:
    """A metric in words: its mean, 95 % interval and number of questions; `share` is the mean
    where it lies between 0 and 1, else None."""

    name: str
    mean: str
    interval: str
    count: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """A run: where it lies, what was run, its metrics, and the main ones by type of question."""

    folder: Path
    system: str
    created: str
    questions: int
    documents: int
    lines: tuple[Line, ...]
    columns: tuple[str, ...]
    types: tuple[tuple[str, int, tuple[str, ...]], ...]

    @property
    def full(self) -> Path:
        """The report with every question, as a page."""
        return self.folder / FULL


def latest_report(lang: Language = "en") -> Report | None:
    """The newest run in the working folder; None where there is none that can be read."""
    try:
        folder = newest_run()
        run = load_run(folder)
    except RunError:
        return None  # never run here, or by another version: the page says how to make one
    columns = [m for m in METRICS if m.name in BY_TYPE and run.values(m.name)]
    return Report(
        folder,
        system=run.system,
        created=run.created,
        questions=len(run.questions),
        documents=len(set(run.documents.values())),
        lines=tuple(found for metric in METRICS if (found := _line(run, metric, lang))),
        columns=tuple(_named(metric, lang) for metric in columns),
        types=tuple(_types(run, columns)),
    )


def _line(run: Run, metric: Metric, lang: Language) -> Line | None:
    found = run.estimate(metric.name)
    if found is None:
        return None
    share = None if metric.unit or metric.lower_is_better else found.mean
    mean, between = shown(found.mean, metric), interval(found, metric)
    return Line(_named(metric, lang), mean, between, found.n, share)


def _named(metric: Metric, lang: Language) -> str:
    return metric.zh if lang == "zh" else metric.en


def _types(run: Run, columns: list[Metric]) -> list[tuple[str, int, tuple[str, ...]]]:
    rows = []
    for kind in TYPES:
        among = [question for question in run.questions if question.type == kind]
        found = [(run.estimate(metric.name, among), metric) for metric in columns]
        cells = tuple("–" if value is None else shown(value.mean, m) for value, m in found)
        if among:
            rows.append((kind, len(among), cells))
    return rows
