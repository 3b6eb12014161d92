"""All metrics. To add one: write its file here, with a `METRICS` tuple, and name it below."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics import citations, correctness, cost, coverage, faithfulness, ranking, refusal
from eval.metrics.base import Metric as Metric

METRICS: tuple[Metric, ...] = (
    *coverage.METRICS,
    *ranking.METRICS,
    *correctness.METRICS,
    *refusal.METRICS,
    *citations.METRICS,
    *faithfulness.METRICS,
    *cost.METRICS,
)


def metric_named(name: str, metrics: Sequence[Metric] = METRICS) -> Metric | None:
    """The metric of that name, or None."""
    return next((metric for metric in metrics if metric.name == name), None)
