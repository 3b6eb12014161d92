"""How candidates are ranked and how sure an answer is: two small linear models, as data.

Both were fitted on the `dev` split only (docs/answers.md: how, and with what curve).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answer.judged import Candidate, Question
from rag.answer.operation import operation

RANKING: Mapping[str, float] = {
    "own": 4.48, "head": 1.49, "section": 0.72, "near": 0.28, "passage": -0.4, "label": 1.95, "focus": 2.34,
    "kind": 1.82, "period": 1.24, "periods": 0.37, "precise": 1.26, "rank": 2.3, "table": -0.76,
    "question": -0.94, "opinion": 0.58, "boiler": -0.23, "announces": -0.28, "cause": 1.66, "bare": 0.33,
    "long": -0.32, "short": 0.23, "exact": 0.36,
}  # fmt: skip
"""Weight of each feature of a candidate (:mod:`rag.answer.judged`) in its score."""
SURE: Mapping[str, float] = {
    "": -1.98, "score": 0.33, "margin": 0.53, "own": 0.28, "here": 0.12, "together": 0.04, "whole": 0.17,
    "label": -0.12, "focus": 0.39, "kind": -0.26, "period": -0.10, "periods": -0.13, "precise": 0.56,
    "exact": 0.34, "heavy": 0.25, "lines": 0.10, "table": -0.20, "english": -0.39, "several": 0.40,
    "list": 0.34, "compare": -0.01, "yesno": 0.41, "reason": 0.16, "computes": 0.33, "compared": 0.01,
    "listed": 0.03, "fit": 0.25, "must_compute": -0.22, "absent": 0.09, "named": 0.23, "other_period": -0.12,
    "off_kind": -0.19, "least_word": 0.41, "computable": -0.75, "asker": -0.19, "rank": 0.35,
}  # fmt: skip
"""Weight of each feature of an answer in the log-odds that it is right; "" is the constant."""
RARE = 2.0
"""Weight of a slot from which on its word is not a common one."""
THRESHOLD = 0.46
"""Least estimated probability of an answer that is given."""


@dataclass(frozen=True, slots=True)
class Way:
    """How an answer was made: `fit` (0..1) is how surely its operands are those asked for."""

    calculated: bool = False
    compared: bool = False
    listed: bool = False
    fit: float = 0.0


def ranked(question: Question, found: Sequence[Candidate]) -> list[tuple[Candidate, float]]:
    """The candidates with their scores, best first; a reason is given in a sentence."""
    if question.query.form == "reason":
        found = [c for c in found if c.passage.kind == "text"] or found
    scored = [(c, sum(w * c.features[name] for name, w in RANKING.items())) for c in found]
    scored.sort(key=lambda pair: -pair[1])
    return scored


def confidence(
    question: Question,
    order: Sequence[tuple[Candidate, float]],
    chosen: Sequence[Candidate],
    way: Way,
) -> float:
    """How likely an answer of the `chosen` candidates is right: 0 to 1."""
    values = assurance(question, order, chosen, way)
    odds = SURE[""] + sum(w * values[name] for name, w in SURE.items() if name)
    return 1 / (1 + math.exp(-odds))


def assurance(
    question: Question,
    order: Sequence[tuple[Candidate, float]],
    chosen: Sequence[Candidate],
    way: Way,
) -> dict[str, float]:
    """What speaks for an answer and against it, each about 0..1."""
    first, score = order[0]
    values = first.features
    together = question.stated(frozenset().union(*(c.stated for c in chosen)))
    other = next((s for c, s in order if c.passage.id != first.passage.id), score - 3.0)
    whole = values["own"] + values["head"] + values["section"] + values["near"] + values["passage"]
    strong = [s for s in question.slots if s.kind in ("code", "figure")]
    exact = sum(s.stated_in(first.stated) for s in strong) / len(strong) if strong else 1.0
    everything = question.stated(frozenset().union(*(c.stated | c.around for c, _ in order)))
    words = _words(question, first.stated | first.around)
    heavy = sorted(question.slots, key=lambda s: -s.weight)[:4]
    return {
        "score": score / 10,
        "margin": min(max(score - other, 0.0), 3.0) / 3,
        "own": values["own"],
        "here": values["own"] + values["head"],
        "together": together,
        "whole": whole,
        "label": values["label"],
        "focus": values["focus"],
        "kind": values["kind"],
        "period": values["period"] if question.wanted.periods else 0.6,
        "periods": values["periods"],
        "precise": values["precise"],
        "exact": exact,
        "heavy": sum(s.stated_in(first.stated) for s in heavy) / len(heavy) if heavy else 0.0,
        "lines": (len(chosen) - 1) / 2,
        "table": values["table"],
        "english": float(question.query.language == "en"),
        "several": float(question.several),
        "list": float(question.query.form == "list"),
        "compare": float(question.query.form == "compare"),
        "yesno": float(question.query.form == "yesno"),
        "reason": float(question.query.form == "reason"),
        "computes": float(way.calculated),
        "compared": float(way.compared),
        "listed": float(way.listed),
        "fit": min(way.fit, 1.0),
        "must_compute": float(question.query.form == "calculate" and not way.calculated),
        "absent": 1.0 - everything,
        "named": float(bool(question.query.companies)),
        "other_period": float(bool(question.wanted.periods) and values["period"] < 0.3),
        "off_kind": float(question.wanted.kind not in ("", "date") and values["kind"] < 0.5),
        "least_word": min(words, default=1.0),
        "computable": float(operation(question.query) is not None and not way.calculated),
        "asker": values["question"],
        "rank": values["rank"],
    }


def _words(question: Question, stated: frozenset[str]) -> list[float]:
    """How much of each word of the question is stated, for words that are not common ones."""
    found: dict[str, list[float]] = {}
    for slot in question.slots:
        if slot.weight >= RARE and slot.kind != "period":
            found.setdefault(slot.text.split(":")[0], []).append(float(slot.stated_in(stated)))
    return [sum(parts) / len(parts) for parts in found.values()]
