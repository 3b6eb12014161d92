"""How candidates are ranked (trees) and how sure an answer is (a logistic model).

Both are data files beside this one, fitted on the `dev` split only by `eval/trials/answer_fit.py`
(docs/answers.md: how, and with what curve).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answer.judged import Candidate, Question
from rag.answer.operation import operation
from rag.answer.trees import learned, trees

RELATIVE = (
    "own",
    "head",
    "section",
    "label",
    "focus",
    "kind",
    "rank",
    "hit",
    "precise",
    "run",
    "strange",
)
"""Features that also enter as their distance from the best candidate's."""
FORMS = ("one", "several", "list", "compare", "calculate", "reason", "yesno")
SURE: Mapping[str, float] = learned("assurance")
"""Weight of each feature of an answer in the log-odds that it is right; "" is the constant."""
RARE = 2.0
"""Weight of a slot from which on its word is not a common one."""
THRESHOLD = 0.5
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
    scores = trees("ranking").scores(inputs(question, found))
    scored = [(c, float(s)) for c, s in zip(found, scores, strict=True)]
    scored.sort(key=lambda pair: -pair[1])
    return scored


def inputs(question: Question, found: Sequence[Candidate]) -> list[dict[str, float]]:
    """What the ranking reads of each candidate: its features, how far they are from the best
    candidate's, and what the question asks for."""
    if not found:
        return []
    best = {name: max(c.features[name] for c in found) for name in RELATIVE}
    about = {
        "english": float(question.query.language == "en"),
        "several_asked": float(question.several),
        "numeric": float(question.wanted.kind not in ("", "date")),
        "percent": float(question.wanted.kind == "percentage"),
        "dated": float(question.wanted.kind == "date"),
        "periods_asked": float(len(question.wanted.periods)),
        **{f"asks_{form}": float(question.query.form == form) for form in FORMS},
    }
    return [
        {
            **c.features,
            **{f"{name}_gap": c.features[name] - best[name] for name in RELATIVE},
            **about,
        }
        for c in found
    ]


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
    second = next((s for c, s in order[1:]), score - 3.0)
    hits = sorted({c.hit: c.features["hit"] for c, _ in order}.values(), reverse=True)
    return {
        "score": score,
        "margin": min(max(score - other, 0.0), 3.0),
        "lead": min(max(score - second, 0.0), 3.0),
        "sharpness": 1 / sum(math.exp(s - score) for _, s in order),
        "hit": values["hit"],
        "hit_margin": hits[0] - hits[1] if len(hits) > 1 else 2.0,
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
        "strange": values["strange"],
        "whole_label": values["whole_label"],
        "run": values["run"],
        "gives": values["gives"],
        "another": values["another"],
        "facts": values["facts"],
        "cause": values["cause"],
        "exact": exact,
        "heavy": sum(s.stated_in(first.stated) for s in heavy) / len(heavy) if heavy else 0.0,
        "lines": float(len(chosen)),
        "table": values["table"],
        "english": float(question.query.language == "en"),
        "several": float(question.several),
        **{f"asks_{form}": float(question.query.form == form) for form in FORMS},
        "numeric": float(question.wanted.kind not in ("", "date")),
        "percent": float(question.wanted.kind == "percentage"),
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
        "ideas": min(len(question.slots), 30) / 30,
    }


def _words(question: Question, stated: frozenset[str]) -> list[float]:
    """How much of each word of the question is stated, for words that are not common ones."""
    found: dict[str, list[float]] = {}
    for slot in question.slots:
        if slot.weight >= RARE and slot.kind != "period":
            found.setdefault(slot.text.split(":")[0], []).append(float(slot.stated_in(stated)))
    return [sum(parts) / len(parts) for parts in found.values()]
