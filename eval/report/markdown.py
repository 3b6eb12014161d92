"""A run as Markdown: for a README, a pull request or a job summary."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics import Metric
from eval.questions import Question
from eval.report.view import (
    grouped,
    has_failed,
    result_of,
    sliced_metrics,
    slices,
)
from eval.runs import Run
from eval.table import head, interval, shown


def run_markdown(run: Run) -> str:
    """Scores with intervals, the same by type, language and document, then the failures."""
    lines = [f"# {head(run)}", "", f"{run.created}", ""]
    for zh, en, metrics in grouped(run):
        lines += [
            f"## {en} {zh}",
            "",
            "| metric 指标 | mean 均值 | 95 % | n |",
            "|---|---:|---:|---:|",
        ]
        lines += [_row(run, metric) for metric in metrics] + [""]
    columns = sliced_metrics(run)
    for cut in slices(run):
        lines += [f"## {cut.en} {cut.zh}", "", *_slice(run, cut.rows, columns), ""]
    failed = [question for question in run.questions if has_failed(run, question)]
    lines += [f"## To look at 需查看 ({len(failed)})", ""]
    return "\n".join([*lines, *(line for q in failed for line in _failure(run, q))]) + "\n"


def _row(run: Run, metric: Metric) -> str:
    found = run.estimate(metric.name)
    assert found is not None
    name = metric.en if metric.en == metric.zh else f"{metric.en} {metric.zh}"
    return f"| {name} | {shown(found.mean, metric)} | {interval(found, metric)} | {found.n} |"


def _slice(
    run: Run, rows: Sequence[tuple[str, Sequence[Question]]], columns: Sequence[Metric]
) -> list[str]:
    lines = [
        "| | n | " + " | ".join(metric.en for metric in columns) + " |",
        "|---|---:|" + "---:|" * len(columns),
    ]
    for name, among in rows:
        found = [(run.estimate(metric.name, among), metric) for metric in columns]
        cells = ["–" if e is None else f"{shown(e.mean, m)} ({interval(e, m)})" for e, m in found]
        lines.append(f"| {name} | {len(among)} | " + " | ".join(cells) + " |")
    return lines


def _failure(run: Run, question: Question) -> list[str]:
    result = result_of(run, question)
    given = " ".join(result.given.text.split()) if result.given else ""
    correct = run.scores.get("correct", {}).get(question.id)
    return [
        f"- `{question.id}` {question.question}",
        f"  - expected 应答: {question.answer or '–'}",
        f"  - given 所答: {given[:400] or '–'}",
        *([f"  - {result.error}"] if result.error else []),
        *([f"  - {correct.explanation}"] if correct and correct.explanation else []),
    ]
