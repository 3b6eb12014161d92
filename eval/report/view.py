"""What the reports show, whatever their format: metrics in groups, slices, failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eval.judge import JUDGE
from eval.metrics import METRICS, Metric
from eval.questions import Question
from eval.results import Result
from eval.runs import Run

GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("检索", "Retrieval", ("coverage", "page_coverage", "complete", "answer_in_text", "recall", "mrr", "ndcg")),
    ("回答", "Answers", ("correct", "exact_figures", "character_f1", "judge")),
    ("拒答", "Refusals", ("refusal_recall", "refusal_precision", "net_score")),
    ("引用", "Citations", ("citation_validity", "page_exactness", "gold_cited", "citation_recall", "citation_precision", "unsupported_figures")),
    ("成本", "Costs", ("search_ms", "answer_ms", "answer_tokens", "prompt_tokens")),
)  # fmt: skip
"""Title in both languages and the metrics (without their @k) of each group."""

SLICED = (
    "coverage@2000",
    "coverage@4000",
    "correct",
    "exact_figures",
    "citation_recall",
    "page_exactness",
    "unsupported_figures",
)

TYPE_NAMES = {
    "lookup": "查数", "table": "查表", "multi": "多值", "calc": "计算", "compare": "比较",
    "list": "列举", "reason": "原因", "yesno": "是非", "unanswerable": "无答案",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slice:
    """A cut through the questions: its title, and each value's name with the questions there."""

    zh: str
    en: str
    rows: tuple[tuple[str, tuple[Question, ...]], ...]


def shown_metrics(run: Run) -> list[Metric]:
    """The metrics that scored some question of `run`, the judge among them."""
    return [metric for metric in (*METRICS, JUDGE) if run.values(metric.name)]


def grouped(run: Run) -> list[tuple[str, str, list[Metric]]]:
    """The shown metrics by group; those in no group (somebody's own) come last."""
    left = shown_metrics(run)
    groups = []
    for zh, en, names in GROUPS:
        members = [metric for metric in left if metric.name.split("@")[0] in names]
        left = [metric for metric in left if metric not in members]
        groups.append((zh, en, members))
    groups.append(("其他", "Others", left))
    return [group for group in groups if group[2]]


def slices(run: Run) -> list[Slice]:
    """The questions by type, language and document."""
    return [
        _slice(run, "按类型", "By type", lambda q: f"{q.type} {TYPE_NAMES.get(q.type, '')}"),
        _slice(
            run,
            "按语言",
            "By language",
            lambda q: {"zh": "中文 zh", "en": "English en"}.get(q.lang, q.lang),
        ),
        _slice(
            run,
            "按文件",
            "By document",
            lambda q: "–" if q.document.startswith("(") else q.document,
        ),
    ]


def sliced_metrics(run: Run) -> list[Metric]:
    """The few metrics that the slices show."""
    return [metric for metric in shown_metrics(run) if metric.name in SLICED]


def has_failed(run: Run, question: Question) -> bool:
    """Whether a reader should look at it: the answer is not correct (in a retrieval-only run: not
    all evidence was read), a citation is invalid, or the system failed."""
    if any(r.error for r in run.results if r.question_id == question.id):
        return True
    watched = ("correct", "citation_validity", "page_exactness")
    values = [_value(run, name, question) for name in watched]
    if all(value is None for value in values):
        values = [_value(run, "complete@4000", question)]
    return any(value is not None and value < 1 for value in values)


def result_of(run: Run, question: Question) -> Result:
    """The first result (repeat 0) of a question."""
    return next(result for result in run.results if result.question_id == question.id)


def _slice(run: Run, zh: str, en: str, name: Callable[[Question], str]) -> Slice:
    names = dict.fromkeys(name(question) for question in run.questions)
    return Slice(zh, en, tuple((n, tuple(q for q in run.questions if name(q) == n)) for n in names))


def _value(run: Run, metric: str, question: Question) -> float | None:
    score = run.scores.get(metric, {}).get(question.id)
    return score.value if score else None
