"""A run as CSV: one line a question, one column a metric."""

from __future__ import annotations

import csv
import io

from eval.report.view import result_of, shown_metrics
from eval.runs import Run

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def run_csv(run: Run) -> str:
    """The whole run as a sheet; an empty cell is unscored."""
    metrics = shown_metrics(run)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    words = ["id", "type", "lang", "document", "question", "expected", "given", "status"]
    writer.writerow([*words, *(metric.name for metric in metrics)])
    for question in run.questions:
        given = result_of(run, question).given
        said = (given.text, given.status) if given else ("", "")
        row = [question.id, question.type, question.lang, question.document]
        texts = [question.question, question.answer, *said]
        values = [run.values(metric.name).get(question.id, "") for metric in metrics]
        writer.writerow([*row, *(_inert(text) for text in texts), *values])
    return buffer.getvalue()


def _inert(text: str) -> str:
    """A filing's words must not become a formula in somebody's spreadsheet."""
    return "'" + text if text.startswith(FORMULA) else text
