"""Fusion of ranked lists: a convex combination of standardised scores, or reciprocal ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, pstdev

Scored = Sequence[tuple[str, float]]


def standardised(found: Scored) -> dict[str, float]:
    """Scores as z-scores over the list; all zero where they do not differ."""
    scores = [score for _, score in found]
    if not scores:
        return {}
    mean, deviation = fmean(scores), pstdev(scores)
    return {i: (score - mean) / deviation if deviation else 0.0 for i, score in found}


def convex(lists: Mapping[str, Scored], weights: Mapping[str, float]) -> dict[str, float]:
    """Weighted sum of z-scores per id; what a list lacks counts as that list's lowest z-score."""
    total: dict[str, float] = {}
    every = {i for found in lists.values() for i, _ in found}
    for name, found in lists.items():
        scores = standardised(found)
        floor = min(scores.values(), default=0.0)
        for i in every:
            total[i] = total.get(i, 0.0) + weights[name] * scores.get(i, floor)
    return total


def reciprocal_ranks(lists: Mapping[str, Scored], *, constant: int = 60) -> dict[str, float]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): sum of 1/(c + rank)."""
    total: dict[str, float] = {}
    for found in lists.values():
        for rank, (i, _) in enumerate(found, 1):
            total[i] = total.get(i, 0.0) + 1.0 / (constant + rank)
    return total
