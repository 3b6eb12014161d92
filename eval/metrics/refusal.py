"""Refusals: rightly where the documents are silent, and only there."""

from __future__ import annotations

from eval.metrics.base import Metric
from eval.metrics.correctness import correct
from eval.questions import Question
from eval.results import UNSCORED, Result, Score


def refusal_recall(question: Question, result: Result) -> Score:
    """Of the questions that cannot be answered, the share that was refused."""
    given = result.given
    if given is None or question.answerable:
        return UNSCORED
    why = "" if given.refused else "answered where it should refuse"
    return Score(float(given.refused), given.status, why)


def refusal_precision(question: Question, result: Result) -> Score:
    """Of the refusals, the share that was right: the question cannot be answered."""
    given = result.given
    if given is None or not given.refused:
        return UNSCORED
    why = "refused, though the documents say it" if question.answerable else ""
    return Score(float(not question.answerable), given.status, why)


def net_score(question: Question, result: Result) -> Score:
    """Correct +1, refused 0, wrong −1; a question that cannot be answered: refused +1, answered −1.

    Source: the negative marking of OpenAI's SimpleQA (Wei et al. 2024): a guess must not pay.
    """
    verdict = correct(question, result)
    if verdict.value is None or result.given is None:
        return UNSCORED
    if verdict.value == 1:
        return Score(1.0, verdict.answer)
    if result.given.refused:
        return Score(0.0, verdict.answer, "refused")
    return Score(-1.0, verdict.answer, verdict.explanation)


METRICS = (
    Metric(
        "refusal_recall", "应拒答而拒答", "refusal recall", refusal_recall, "answer",
        "answers where it should refuse",
    ),
    Metric(
        "refusal_precision", "拒答得当", "refusal precision", refusal_precision, "answer",
        "refuses what it could answer",
    ),
    Metric(
        "net_score", "净得分(对+1、拒0、错−1)", "net score (right +1, refused 0, wrong −1)", net_score,
        "answer", "wrong answers outweigh right ones", low=-1.0,
    ),
)  # fmt: skip
