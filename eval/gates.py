"""Gates: what a run must reach, and how far it may fall behind the committed baseline.

A fall counts only when the paired test can tell it from chance; when it cannot, the gate says that
there are too few questions to tell, and passes with that warning.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from eval.comparison import Change, margin_of, verdict_words
from eval.metrics import METRICS, Metric, metric_named
from eval.questions import Question
from eval.runs import Run
from eval.statistics import compare
from rag.errors import FilingsError

DEFAULT_GATES = Path(__file__).with_name("gates.toml")
SHOWN = 3
"""Questions shown that speak most against a failed run."""

Kind = Literal["floor", "ceiling", "drop"]


class GateError(FilingsError):
    """A gates file or baseline that cannot be used."""


@dataclass(frozen=True, slots=True)
class Gate:
    """`floor` and `ceiling` bound the mean; `drop` bounds the paired fall against the baseline."""

    metric: Metric
    kind: Kind
    limit: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A gate's result in words. `unclear`: passed, because nobody can tell."""

    gate: Gate
    passed: bool
    words: str
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """Scores of an earlier run: metric -> question id -> value, with a hash of each question so
    that a question edited since is not compared."""

    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)

    def documents(self, run: Run) -> dict[str, str]:
        """Question id -> document, for the questions of `run` that the baseline knows unchanged."""
        same = (q for q in run.questions if self.questions.get(q.id) == question_hash(q))
        return {question.id: question.document for question in same}

    def values(self, metric: str, run: Run) -> dict[str, float]:
        """Question id -> the baseline's value, for the questions that are unchanged in `run`."""
        same = self.documents(run)
        return {qid: v for qid, v in self.scores.get(metric, {}).items() if qid in same}


def read_gates(path: Path = DEFAULT_GATES) -> tuple[list[Gate], Path]:
    """The gates of a TOML file and the path of its baseline (relative to the file)."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise GateError(f"{path}: cannot be read ({error}); correct it") from error
    kinds: tuple[Kind, ...] = ("floor", "ceiling", "drop")
    gates = [
        Gate(_gateable(name, path), kind, float(limit))
        for kind in kinds
        for name, limit in raw.get(kind, {}).items()
    ]
    return gates, path.parent / raw.get("baseline", "baseline.json")


def _gateable(name: str, path: Path) -> Metric:
    metric = metric_named(name)
    if metric is None:
        known = ", ".join(metric.name for metric in METRICS)
        raise GateError(f"{path}: no metric {name!r} that may gate; known: {known}")
    return metric


def read_baseline(path: Path) -> Baseline:
    """The baseline in `path`; an empty one when there is no such file."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Baseline(raw["scores"], raw["questions"])
    except FileNotFoundError:
        return Baseline()
    except (OSError, ValueError, KeyError) as error:
        raise GateError(
            f"{path}: not a baseline ({error!r}); make one with --update-baseline"
        ) from error


def write_baseline(run: Run, path: Path) -> None:
    """Make `run` the baseline: its quality scores only, rounded, one question a line."""
    quality = [metric for metric in METRICS if not metric.unit and run.values(metric.name)]
    record = {
        "system": run.system,
        "digest": run.digest,
        "questions": {question.id: question_hash(question) for question in run.questions},
        "scores": {
            m.name: {qid: round(v, 4) for qid, v in run.values(m.name).items()} for m in quality
        },
    }
    path.write_text(json.dumps(record, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def question_hash(question: Question) -> str:
    """A short hash over all that a question's scores depend on."""
    parts: dict[str, Any] = asdict(replace(question, origin="", split=""))
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def pass_gates(run: Run, gates: list[Gate], baseline: Baseline) -> list[Outcome]:
    """Each gate's outcome, in the order of the file."""
    return [
        _dropped(run, gate, baseline) if gate.kind == "drop" else _bounded(run, gate)
        for gate in gates
    ]


def _bounded(run: Run, gate: Gate) -> Outcome:
    found = run.estimate(gate.metric.name)
    if found is None:
        return Outcome(gate, False, f"{gate.metric.name} was not measured in this run")
    good = found.mean >= gate.limit if gate.kind == "floor" else found.mean <= gate.limit
    fault = "" if good or not gate.metric.fault else f": {gate.metric.fault}"
    bound = "at least" if gate.kind == "floor" else "at most"
    words = (
        f"{gate.metric.name} is {found.mean:.3f} ({found.low:.2f} – {found.high:.2f},"
        f" {found.n} questions), must be {bound} {gate.limit:g}{fault}"
    )
    return Outcome(gate, good, words)


def _dropped(run: Run, gate: Gate, baseline: Baseline) -> Outcome:
    metric = gate.metric
    before = baseline.values(metric.name, run)
    if not before:
        return Outcome(gate, True, f"{metric.name}: no baseline to compare with", unclear=True)
    difference = compare(
        before, run.values(metric.name), baseline.documents(run),
        margin=margin_of(metric, list(before.values())), lower_is_better=metric.lower_is_better,
    )  # fmt: skip
    if difference is None:
        return Outcome(gate, False, f"{metric.name} was not measured in this run")
    loss = difference.mean if metric.lower_is_better else -difference.mean
    words = (
        f"{metric.name} {difference.mean:+.3f} against the baseline ({difference.low:+.2f} …"
        f" {difference.high:+.2f}, p {difference.p:.3f}, {difference.changed} of {difference.n}"
        f" questions changed), allowed loss {gate.limit:g}: {verdict_words(difference)}"
    )
    beyond = loss > gate.limit
    failed = beyond and difference.verdict == "worse"
    return Outcome(
        gate, not failed, words + (f": {metric.fault}" if failed else ""), beyond and not failed
    )


def worst_questions(run: Run, outcomes: list[Outcome], baseline: Baseline) -> list[Change]:
    """The questions that speak most against the run: the largest losses on the failed gates'
    metrics (against the baseline, else against the best possible), one entry a question."""
    worst: dict[str, Change] = {}
    for metric in dict.fromkeys(o.gate.metric for o in outcomes if not o.passed):
        for change in _losses(run, metric, baseline):
            known = worst.get(change.question.id)
            if known is None or change.loss > known.loss:
                worst[change.question.id] = change
    ranked = sorted(worst.values(), key=lambda change: (-change.loss, change.question.id))
    return ranked[:SHOWN]


def _losses(run: Run, metric: Metric, baseline: Baseline) -> list[Change]:
    before, after = baseline.values(metric.name, run), run.values(metric.name)
    best = 0.0 if metric.lower_is_better else 1.0
    found = [
        Change(
            q,
            metric,
            before.get(q.id, best),
            after[q.id],
            run.scores[metric.name][q.id].explanation,
        )
        for q in run.questions
        if q.id in after
    ]
    return [change for change in found if change.loss > 0]
