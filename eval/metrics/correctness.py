"""Is the answer right? By the words and figures that it must and must not say, never by a model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from eval.figures import SIGNED, fold, says
from eval.metrics.base import Metric
from eval.quantities import Quantity, find, quantities
from eval.questions import Question
from eval.results import UNSCORED, Result, Score

_MARKER = re.compile(r"\[\d+(?:\s*[,，、-]\s*\d+)*\]")
_NUMBER_ONLY = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")


def without_markers(text: str) -> str:
    """The answer's text without its [n] citation markers."""
    return _MARKER.sub("", text)


def correct(question: Question, result: Result) -> Score:
    """1 when every `must` group has an alternative in the answer, nothing of `must_not` is there,
    and no required figure is given in another unit than the reference answer's; a question that
    cannot be answered is correct when refused.

    Figures are compared without separators and with their sign; a bare figure that the reference
    answer gives in 万元 may be given in 亿元 when its value is the same (15,800万元 = 1.58亿元).
    """
    given = result.given
    if given is None:
        return UNSCORED
    if not question.answerable:
        why = "" if given.refused else "answered, though the documents do not say"
        return Score(float(given.refused), given.text, why)
    if given.refused:
        return Score(0.0, given.text, "refused, though the documents say it")
    if not question.must and not question.must_not:
        return UNSCORED
    problems = list(answer_problems(question, without_markers(given.text)))
    return Score(float(not problems), given.text, "; ".join(problems))


def answer_problems(question: Question, text: str) -> list[str]:
    """What `must` and `must_not` hold against `text`, one line each."""
    given, expected = quantities(text), quantities(question.answer)
    missing = [
        f"does not say {'|'.join(group)}"
        for group in question.must
        if not any(_gives(alternative, text, given, expected) for alternative in group)
    ]
    return missing + [f"says {banned}" for banned in question.must_not if says(text, banned)]


def _gives(
    alternative: str, text: str, given: Sequence[Quantity], expected: Sequence[Quantity]
) -> bool:
    """`text` says `alternative`; a bare figure may be given in another scale (of the same value),
    but not with another unit than the reference answer's."""
    wanted = _expected_quantity(alternative, expected)
    if wanted is None:
        return says(text, alternative)
    same_digits = [q for q in given if q.number == wanted.number]
    if same_digits and says(text, alternative):
        return find(wanted, same_digits, signs=False) is not None
    signed = SIGNED.match(fold(alternative)) is not None
    return find(wanted, given, signs=signed) is not None


def _expected_quantity(alternative: str, expected: Sequence[Quantity]) -> Quantity | None:
    """What a bare figure means in the reference answer, when that writes it with a unit."""
    folded = fold(alternative).strip()
    if not _NUMBER_ONLY.fullmatch(folded):
        return None
    number = quantities(folded)[0].number
    return next((q for q in expected if q.number == number and not q.bare), None)


def exact_figures(question: Question, result: Result) -> Score:
    """Share of the reference answer's required figures that the answer gives exactly: value, sign
    (a minus, parentheses or a word of decrease) and unit.

    Required are the quantities of the reference answer that some `must` group names. Unscored
    where there are none, and for refusals.
    """
    given = result.given
    wanted = required_quantities(question)
    if given is None or given.refused or not wanted:
        return UNSCORED
    stated = quantities(without_markers(given.text))
    missing = [q.raw for q in wanted if find(q, stated) is None]
    why = f"not given exactly: {', '.join(missing)}" if missing else ""
    return Score(1 - len(missing) / len(wanted), ", ".join(q.raw for q in stated), why)


def required_quantities(question: Question) -> list[Quantity]:
    """The quantities of the reference answer whose number a `must` alternative names."""
    named = {q.number for group in question.must for alt in group for q in quantities(alt)}
    return [q for q in quantities(question.answer) if q.number in named]


def character_f1(question: Question, result: Result) -> Score:
    """F1 of the characters that answer and reference share, as a bag, ignoring blanks,
    punctuation and [n] markers.

    Source: SQuAD's token F1 (Rajpurkar et al. 2016) with characters for tokens, as CMRC 2018 (Cui
    et al. 2019) does for Chinese. It rewards wording, so it is shown and never gated.
    """
    given = result.given
    if given is None or not question.answerable or not question.answer:
        return UNSCORED
    if given.refused:
        return Score(0.0, given.text, "refused")
    return Score(f1(without_markers(given.text), question.answer), given.text)


def f1(given: str, reference: str) -> float:
    """Harmonic mean of character precision and recall of two texts."""
    left, right = _characters(given), _characters(reference)
    shared = sum((left & right).values())
    if not shared:
        return 0.0
    precision, recall = shared / sum(left.values()), shared / sum(right.values())
    return 2 * precision * recall / (precision + recall)


def _characters(text: str) -> Counter[str]:
    return Counter(character for character in fold(text) if character.isalnum())


METRICS = (
    Metric("correct", "回答正确", "answer correct", correct, "answer", "the answer is wrong"),
    Metric(
        "exact_figures", "数字准确(符号、单位)", "figures exact (sign, unit)", exact_figures,
        "answer", "a figure is wrong in value, sign or unit",
    ),
    Metric(
        "character_f1", "字符F1", "character F1", character_f1, "answer",
        "the wording is far from the reference",
    ),
)  # fmt: skip
