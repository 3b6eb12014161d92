"""A run as a table on the terminal: every score with its interval and the number of questions."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from eval.metrics import METRICS, Metric
from eval.questions import TYPES
from eval.runs import Run
from eval.statistics import Estimate

BY_TYPE = ("coverage@2000", "coverage@4000", "correct", "citation_validity", "unsupported_figures")


def run_table(run: Run, metrics: Sequence[Metric] = METRICS) -> str:
    """All metrics that scored something, then the main ones by question type."""
    rows = [["metric", "mean", "95 % interval", "questions"]]
    for metric in metrics:
        if (found := run.estimate(metric.name)) is not None:
            rows.append(
                [metric.en, shown(found.mean, metric), interval(found, metric), str(found.n)]
            )
    parts = [head(run), aligned(rows), "by type", aligned(_by_type(run, metrics))]
    return "\n\n".join(parts)


def head(run: Run) -> str:
    """One line that says what was run."""
    documents = len(set(run.documents.values()))
    errors = f", {len(run.errors())} failed" if run.errors() else ""
    return (
        f"{run.system}: {len(run.questions)} questions about {documents} documents{errors}"
        f" (scores {run.digest})"
    )


def _by_type(run: Run, metrics: Sequence[Metric]) -> list[list[str]]:
    columns = [m for m in metrics if m.name in BY_TYPE and run.values(m.name)]
    rows = [["type", *(column.en for column in columns)]]
    for kind in TYPES:
        among = [question for question in run.questions if question.type == kind]
        cells = [run.estimate(column.name, among) for column in columns]
        if among:
            rows.append([kind, *(_cell(cell, m) for cell, m in zip(cells, columns, strict=True))])
    return rows


def _cell(found: Estimate | None, metric: Metric) -> str:
    return "–" if found is None else f"{shown(found.mean, metric)} ({found.n})"


def shown(value: float, metric: Metric) -> str:
    """A value as the metric is read: 0.83, or 412 for milliseconds and tokens."""
    return f"{value:.0f}" if metric.unit else f"{value:.2f}"


def interval(found: Estimate, metric: Metric) -> str:
    """ "0.71 – 0.92"."""
    return f"{shown(found.low, metric)} – {shown(found.high, metric)}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned by display width: first column left, the others right."""
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            _pad(cell, width, left=i == 0)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _pad(cell: str, width: int, *, left: bool) -> str:
    blanks = " " * (width - _width(cell))
    return cell + blanks if left else blanks + cell


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
