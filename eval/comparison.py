"""Two runs side by side: what differs, how surely, and on which questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.metrics import METRICS, Metric
from eval.questions import Question
from eval.runs import Run
from eval.statistics import MARGIN, Difference, compare
from eval.table import aligned


@dataclass(frozen=True, slots=True)
class Compared:
    """One metric in both runs, over the questions that both asked."""

    metric: Metric
    old: float
    new: float
    difference: Difference


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose score changed, with the reason as the metric gives it."""

    question: Question
    metric: Metric
    old: float
    new: float
    why: str

    @property
    def loss(self) -> float:
        """How much worse, in the metric's own unit (negative: better)."""
        return self.new - self.old if self.metric.lower_is_better else self.old - self.new


def compare_runs(old: Run, new: Run, metrics: Sequence[Metric] = METRICS) -> list[Compared]:
    """Every metric that both runs scored on some question, over the questions that both asked."""
    known = {question.id for question in old.questions} & new.documents.keys()
    documents = {qid: document for qid, document in new.documents.items() if qid in known}
    compared = []
    for metric in metrics:
        before, after = old.values(metric.name), new.values(metric.name)
        difference = compare(
            before,
            after,
            documents,
            margin=margin_of(metric, list(before.values())),
            lower_is_better=metric.lower_is_better,
        )
        if difference is not None:
            mean = sum(before[qid] for qid in before if qid in known) / len(before.keys() & known)
            compared.append(Compared(metric, mean, mean + difference.mean, difference))
    return compared


def margin_of(metric: Metric, values: Sequence[float]) -> float:
    """What counts as no difference: 0.05 on a scale from 0 to 1, a tenth of the mean for a cost."""
    if metric.unit:
        return 0.1 * sum(values) / len(values) if values else 0.0
    return MARGIN * (1 - metric.low)


def changes(old: Run, new: Run, metric: Metric) -> list[Change]:
    """The questions whose score of `metric` changed, worst loss first."""
    before, after = old.values(metric.name), new.values(metric.name)
    found = [
        Change(question, metric, before[qid], after[qid], new.scores[metric.name][qid].explanation)
        for question in new.questions
        if (qid := question.id) in before and qid in after and before[qid] != after[qid]
    ]
    return sorted(found, key=lambda change: (-change.loss, change.question.id))


def comparison_table(old: Run, new: Run, metrics: Sequence[Metric] = METRICS) -> str:
    """The differences as a terminal table, each with a verdict in words."""
    rows = [["metric", "old", "new", "difference", "95 % interval", "p", "changed", "verdict"]]
    for row in compare_runs(old, new, metrics):
        d, unit = row.difference, row.metric.unit
        digits = 0 if unit else 2
        rows.append(
            [
                row.metric.en,
                f"{row.old:.{digits}f}",
                f"{row.new:.{digits}f}",
                f"{d.mean:+.{digits}f}",
                f"{d.low:+.{digits}f} … {d.high:+.{digits}f}",
                f"{d.p:.3f}",
                f"{d.changed}/{d.n}",
                verdict_words(d),
            ]
        )
    return aligned(rows)


def verdict_words(difference: Difference) -> str:
    """The verdict, and for "too few" about how many questions would tell."""
    needed = f" (about {difference.needed} would)" if difference.needed else ""
    return f"{difference.verdict}{needed}"


def named_faults(old: Run, new: Run, metrics: Sequence[Metric] = METRICS) -> list[str]:
    """In plain words what got worse for sure: "a citation names the wrong page (page_exactness
    1.00 → 0.20)"."""
    return [
        f"{row.metric.fault or row.metric.en} ({row.metric.name} {row.old:.2f} → {row.new:.2f})"
        for row in compare_runs(old, new, metrics)
        if row.difference.verdict == "worse"
    ]
