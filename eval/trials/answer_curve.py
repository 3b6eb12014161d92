"""The refusal threshold of the extractive answerer: its curve, and the fit of its two models.

    python -m eval.trials.answer_curve CATALOG QUESTIONS.jsonl… [--split dev] [--fit]

CATALOG is the catalog (SQLite) of the filings that the questions are about; search is lexical, so
no vectors are needed. `--fit` also fits the weights of :mod:`rag.answer.ranking` on these questions.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.metrics.correctness import answer_problems
from eval.questions import Question, load_questions
from rag.answer.extractive import composed
from rag.answer.judged import candidates, question_of
from rag.answer.ranking import assurance, ranked
from rag.answer.shown import candidate_line
from rag.index.catalog import Catalog
from rag.retrieve.search import Searcher

HITS = 30
Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Tried:
    """One question answered without a threshold: `rows` are its candidates' features and whether
    each alone would answer; empty unless a fit is wanted."""

    answerable: bool
    right: bool
    confidence: float
    length: int
    sure: Mapping[str, float]
    rows: Sequence[tuple[Mapping[str, float], bool]]


def tried(searcher: Searcher, questions: Sequence[Question], *, fit: bool) -> Iterator[Tried]:
    """Every question without history, answered; those for which nothing is found are left out."""
    for asked in questions:
        query = searcher.understand(asked.question)
        hits = searcher.find(query, HITS, mode="lexical")
        weight = searcher.weights(query)
        made = composed(query, hits, weight, neighbours=searcher.catalog.neighbours)
        if made is None:
            continue
        text = made.lead + "\n".join(line.text for line in made.lines)
        right = asked.answerable and not answer_problems(asked, text)
        order = ranked(made.question, candidates(question_of(query, weight), hits)) if fit else []
        sure = assurance(made.question, order, made.chosen, made.way) if fit else {}
        rows = [
            (
                c.features,
                asked.answerable
                and not answer_problems(asked, candidate_line(made.question, c).text),
            )
            for c, _ in order
        ]
        sure_of = 0.0 if made.lacking else made.confidence
        yield Tried(asked.answerable, right, sure_of, len(text), sure, rows)


def curve(results: Sequence[Tried]) -> str:
    """A Markdown table: threshold, correct and wrong of the answerable, refused of the rest."""
    lines = [
        "| threshold | correct | wrong | unanswerable refused | median length |",
        "|---|---|---|---|---|",
    ]
    able = [r for r in results if r.answerable]
    rest = [r for r in results if not r.answerable]
    for step in range(0, 80, 5):
        given = [r for r in able if r.confidence >= step / 100]
        right = sum(r.right for r in given)
        kept = sum(r.confidence < step / 100 for r in rest) / max(len(rest), 1)
        length = statistics.median([r.length for r in given]) if given else 0
        lines.append(
            f"| {step / 100:.2f} | {right / len(able):.2f} | {(len(given) - right) / len(able):.2f}"
            f" | {kept:.2f} | {length:.0f} |"
        )
    return "\n".join(lines)


def fitted_ranking(results: Sequence[Tried], names: Sequence[str]) -> dict[str, float]:
    """Weights under which the candidates that answer win the softmax of their question."""
    groups = [
        (
            np.array([[f[n] for n in names] for f, _ in r.rows]),
            np.array([ok for _, ok in r.rows], float),
        )
        for r in results
        if any(ok for _, ok in r.rows)
    ]

    def loss(w: Vector) -> tuple[float, Vector]:
        value, slope = 0.3 * float(w @ w), 0.6 * w
        for features, good in groups:
            scores = features @ w
            share = np.exp(scores - scores.max())
            share /= share.sum()
            hit = float(share @ good) + 1e-12
            value -= float(np.log(hit))
            slope = slope - features.T @ (share * good / hit - share)
        return value, slope

    return dict(zip(names, _minimum(loss, len(names)), strict=True))


def fitted_confidence(results: Sequence[Tried], names: Sequence[str]) -> dict[str, float]:
    """Logistic regression of being right on the features of the answer; "" is the constant."""
    features = np.array([[1.0, *(r.sure[n] for n in names)] for r in results])
    right = np.array([r.right for r in results], float)
    ridge = np.array([0.0, *(5.0 for _ in names)])

    def loss(w: Vector) -> tuple[float, Vector]:
        odds = features @ w
        value = float(np.logaddexp(0, odds).sum() - right @ odds + ridge @ (w * w))
        return value, features.T @ (1 / (1 + np.exp(-odds)) - right) + 2 * ridge * w

    return dict(zip(["", *names], _minimum(loss, len(names) + 1), strict=True))


def _minimum(loss: Callable[[Vector], tuple[float, Vector]], size: int) -> list[float]:
    from scipy.optimize import minimize

    found = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B")
    return [round(float(x), 2) for x in found.x]


def main() -> None:
    """Print the curve, and the fitted weights where they are wanted."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("catalog", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--fit", action="store_true")
    args = parser.parse_args()
    chosen = [q for q in load_questions(args.questions) if q.split == args.split and not q.history]
    results = list(tried(Searcher(Catalog(args.catalog)), chosen, fit=args.fit))
    print(curve(results))
    if args.fit:
        print(fitted_ranking(results, list(results[0].rows[0][0])))
        print(fitted_confidence(results, list(results[0].sure)))


if __name__ == "__main__":
    main()
