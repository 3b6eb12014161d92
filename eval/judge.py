"""A judge, kept in its place: a model's opinion beside the deterministic scores, never a gate.

Temperature 0, cached by prompt and model; a reply that cannot be parsed is unscored, never zero.
Its agreement with the `correct` metric is reported as Cohen's kappa, so everyone sees what it is
worth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from eval.cache import Cache, key_of
from eval.metrics.base import Metric
from eval.metrics.correctness import without_markers
from eval.questions import Question
from eval.results import UNSCORED, Result, Score
from eval.runs import Scores, average
from eval.statistics import kappa
from prompts import Message, language_of, load

Ask = Callable[[Sequence[Message]], str]
"""Messages in, the model's reply out."""

JUDGE = Metric(
    "judge", "模型评判", "judge (never gates)", lambda question, result: UNSCORED, "answer"
)
"""How tables call it; the scores come from :func:`judge_results`."""
_VERDICT = re.compile(r"\W*(CORRECT|WRONG|REFUSED)\b")


@dataclass(frozen=True, slots=True)
class Judged:
    """The judge's scores, its agreement with `correct`, and how many replies made no sense."""

    scores: dict[str, Score]
    kappa: float | None
    compared: int
    unparsed: int


def judge_results(
    questions: Sequence[Question], results: Sequence[Result], ask: Ask, *, model: str, cache: Cache
) -> Judged:
    """Judge every answer; refusals and questions without reference answer are unscored."""
    by_id = {question.id: question for question in questions}
    collected: dict[str, list[Score]] = {}
    for result in results:
        score = judge_one(by_id[result.question_id], result, ask, model=model, cache=cache)
        collected.setdefault(result.question_id, []).append(score)
    unparsed = sum(
        s.explanation.startswith("no verdict") for many in collected.values() for s in many
    )
    return Judged({qid: average(many) for qid, many in collected.items()}, None, 0, unparsed)


def judge_one(question: Question, result: Result, ask: Ask, *, model: str, cache: Cache) -> Score:
    """One answer against its reference."""
    given = result.given
    if given is None or given.refused or not question.answer:
        return UNSCORED
    prompt = load("judge", language_of(question.question))
    messages = prompt.render(
        question=question.question, reference=question.answer, answer=without_markers(given.text)
    )
    key = key_of({"judge": model, "messages": [[m.role, m.content] for m in messages]})
    reply = cache.get(key)
    if reply is None:
        reply = ask(messages)
        cache.put(key, reply)
    return parse_verdict(str(reply), question)


def parse_verdict(reply: str, question: Question) -> Score:
    """CORRECT, WRONG or REFUSED on the first line, the reason after it; anything else is unscored."""
    match = _VERDICT.match(reply.strip())
    if match is None:
        return Score(None, reply, "no verdict in the judge's reply")
    right = "CORRECT" if question.answerable else "REFUSED"
    return Score(float(match[1] == right), match[1], reply.strip()[match.end() :].strip())


def agreement(judged: Judged, scores: Scores) -> Judged:
    """`judged` with its kappa against the deterministic `correct`, where both said yes or no."""
    correct = scores.get("correct", {})
    pairs = [
        (score.value == 1, other.value == 1)
        for qid, score in judged.scores.items()
        if score.value is not None and (other := correct.get(qid)) and other.value is not None
    ]
    left, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return replace(judged, kappa=kappa(left, right), compared=len(pairs))
