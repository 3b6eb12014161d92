"""A run: questions, results, scores and all that is needed to make it again, in one JSON file."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from eval.metrics import METRICS, Metric, metric_named
from eval.questions import Question, question_from_json
from eval.results import Result, Score, result_from_json, result_to_json
from eval.statistics import Estimate, estimate
from rag.errors import FilingsError

FORMAT = 1
FILE = "run.json"


class RunError(FilingsError):
    """A run's record that is missing or damaged."""


Scores = Mapping[str, Mapping[str, Score]]
"""Metric name -> question id -> score."""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything about one run; `provenance` is plain JSON (versions, settings, machine …)."""

    system: str
    created: str
    questions: tuple[Question, ...]
    results: tuple[Result, ...]
    scores: Scores
    provenance: Mapping[str, Any]

    @property
    def documents(self) -> dict[str, str]:
        """Question id -> the document that it is about (the cluster of the statistics)."""
        return {question.id: question.document for question in self.questions}

    @property
    def digest(self) -> str:
        """A short hash over all quality scores: equal for two runs that scored identically."""
        quality = {
            name: {qid: score.value for qid, score in sorted(by_question.items())}
            for name, by_question in sorted(self.scores.items())
            if (metric := metric_named(name)) is None or metric.unit != "ms"
        }
        return hashlib.sha256(json.dumps(quality, sort_keys=True).encode()).hexdigest()[:12]

    def values(self, metric: str, among: Sequence[Question] | None = None) -> dict[str, float]:
        """Question id -> value of `metric`, without the unscored."""
        scored = self.scores.get(metric, {})
        wanted = self.questions if among is None else among
        return {q.id: s.value for q in wanted if (s := scored.get(q.id)) and s.value is not None}

    def estimate(self, metric: str, among: Sequence[Question] | None = None) -> Estimate | None:
        """Mean of `metric` with its interval, over all questions or `among` some."""
        values, documents = self.values(metric, among), self.documents
        return estimate(list(values.values()), [documents[qid] for qid in values])

    def errors(self) -> list[Result]:
        """The results of questions on which the system failed."""
        return [result for result in self.results if result.error]


def score_results(
    questions: Sequence[Question], results: Sequence[Result], metrics: Sequence[Metric] = METRICS
) -> dict[str, dict[str, Score]]:
    """Every metric on every result; repeats of a question are averaged."""
    by_question = {question.id: question for question in questions}
    collected: dict[str, dict[str, list[Score]]] = {m.name: defaultdict(list) for m in metrics}
    for result in results:
        for metric in metrics:
            if metric.needs == "hits" or result.given is not None:
                score = metric.score(by_question[result.question_id], result)
                collected[metric.name][result.question_id].append(score)
    return {
        name: {qid: average(scores) for qid, scores in by_id.items()}
        for name, by_id in collected.items()
    }


def average(scores: Sequence[Score]) -> Score:
    """The mean of the scored repeats, with the explanation of the worst."""
    scored = [score for score in scores if score.value is not None]
    if not scored:
        return scores[0]
    worst = min(scored, key=lambda score: score.value or 0.0)
    return replace(worst, value=sum(score.value or 0.0 for score in scored) / len(scored))


def save_run(run: Run, folder: Path) -> Path:
    """Write `run.json` into `folder` and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "format": FORMAT,
        "system": run.system,
        "created": run.created,
        "digest": run.digest,
        "provenance": run.provenance,
        "summary": {
            name: asdict(found) for name in run.scores if (found := run.estimate(name)) is not None
        },
        "questions": [asdict(question) for question in run.questions],
        "results": [result_to_json(result) for result in run.results],
        "scores": {
            name: {qid: asdict(score) for qid, score in by_id.items()}
            for name, by_id in run.scores.items()
        },
    }
    path = folder / FILE
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def load_run(path: Path) -> Run:
    """Read a run from its folder or file; RunError when there is none or it is damaged."""
    file = path / FILE if path.is_dir() else path
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        if record["format"] != FORMAT:
            raise RunError(
                f"{file}: format {record['format']}, this version reads {FORMAT}; run again"
            )
        return Run(
            system=record["system"],
            created=record["created"],
            questions=tuple(
                question_from_json(q, q.get("origin", "")) for q in record["questions"]
            ),
            results=tuple(result_from_json(result) for result in record["results"]),
            scores={
                name: {qid: Score(**score) for qid, score in by_id.items()}
                for name, by_id in record["scores"].items()
            },
            provenance=record["provenance"],
        )
    except FileNotFoundError as error:
        raise RunError(f"{file}: no such run; make one with: filings eval run") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{file}: not a run record ({error!r}); run again") from error
