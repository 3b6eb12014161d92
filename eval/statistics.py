"""How far a score can be trusted, and whether two runs differ.

Questions about one document share its quirks, so intervals resample documents, not questions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

SEED = 20_240_601
RESAMPLES = 2_000
LEVEL = 0.95
EXACT_PAIRS = 14
"""Up to so many changed questions all sign patterns are tried (2^14); above, 10,000 random ones."""
PERMUTATIONS = 10_000
MARGIN = 0.05
"""A difference within ± this, interval and all, counts as none."""

Array = NDArray[Any]
Verdict = Literal["better", "worse", "same", "too few questions to tell"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` questions about `documents` documents, with its 95 % interval."""

    mean: float
    low: float
    high: float
    n: int
    documents: int


@dataclass(frozen=True, slots=True)
class Difference:
    """New minus old mean over `n` questions, of which `changed` were scored differently.

    `p`: two-sided paired randomisation test. `needed`: for the verdict "too few", about how many
    questions of this kind would tell (0: cannot be said).
    """

    mean: float
    low: float
    high: float
    p: float
    n: int
    changed: int
    verdict: Verdict
    needed: int = 0


def estimate(
    values: Sequence[float], documents: Sequence[str], *, seed: int = SEED
) -> Estimate | None:
    """Mean and percentile-bootstrap interval, documents drawn with replacement; None without values.

    Source: cluster bootstrap, Davison & Hinkley 1997, section 3.8. With a single document its
    questions are drawn instead. When all values are 0 or all are 1 no resample differs; the bound
    is then the exact binomial one (Clopper & Pearson 1934), so that 3 of 3 is not "certain".
    """
    if not values:
        return None
    mean = float(np.mean(values))
    count = len(set(documents))
    if len(set(values)) == 1 and mean in (0.0, 1.0):
        bound = ((1 - LEVEL) / 2) ** (1 / len(values))
        low, high = (bound, 1.0) if mean == 1 else (0.0, 1 - bound)
    else:
        low, high = _percentiles(_resampled_means(values, documents, seed))
    return Estimate(mean, low, high, len(values), count)


def _resampled_means(values: Sequence[float], documents: Sequence[str], seed: int) -> Array:
    totals, counts = _sums(np.asarray(values, dtype=float), documents)
    drawn = _draw(len(totals), seed)
    means: Array = totals[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return means


def _sums(values: Array, documents: Sequence[str]) -> tuple[Array, Array]:
    """Sum and number of the scored values of each document (of each question, if there is just
    one document)."""
    if len(set(documents)) == 1:
        documents = [f"{i:06}" for i in range(len(values))]
    _, members = np.unique(np.array(documents), return_inverse=True)
    scored = ~np.isnan(values)
    return np.bincount(members, weights=np.where(scored, values, 0.0)), np.bincount(
        members, weights=scored
    )


def _draw(clusters: int, seed: int) -> Array:
    return np.random.default_rng(seed).integers(0, clusters, size=(RESAMPLES, clusters))


def _percentiles(means: Array) -> tuple[float, float]:
    tail = (1 - LEVEL) / 2 * 100
    low, high = np.nanpercentile(means, [tail, 100 - tail])
    return float(low), float(high)


def compare(
    old: Mapping[str, float],
    new: Mapping[str, float],
    documents: Mapping[str, str],
    *,
    margin: float = MARGIN,
    lower_is_better: bool = False,
) -> Difference | None:
    """The difference of the means, new − old, over the questions of `documents` that either scored;
    None when one of the two scored none.

    A question scored by one side only (a refusal, say, has no figures to judge) counts there, and
    the test and the interval know it. better / worse: p < 0.05 and the interval excludes 0. same:
    the whole interval lies within ± `margin`. Otherwise there are too few questions to tell.
    """
    names = sorted((old.keys() | new.keys()) & documents.keys())
    before, after = (np.array([side.get(name, np.nan) for name in names]) for side in (old, new))
    if not len(names) or np.isnan(before).all() or np.isnan(after).all():
        return None
    mean = float(np.nanmean(after) - np.nanmean(before))
    changed = int((~((before == after) | (np.isnan(before) & np.isnan(after)))).sum())
    interval = (0.0, 0.0)
    if changed:
        interval = _difference_interval(before, after, [documents[name] for name in names])
    p = paired_p(before, after)
    verdict = _verdict(mean, interval, p, margin, lower_is_better)
    needed = _needed(mean, interval, len(names), margin) if verdict.startswith("too few") else 0
    return Difference(mean, *interval, p, len(names), changed, verdict, needed)


def _difference_interval(
    before: Array, after: Array, documents: Sequence[str]
) -> tuple[float, float]:
    """Percentile bootstrap over documents of the difference of the two means."""
    sums = [_sums(side, documents) for side in (before, after)]
    drawn = _draw(len(sums[0][0]), SEED)
    with np.errstate(invalid="ignore", divide="ignore"):
        old, new = (total[drawn].sum(axis=1) / n[drawn].sum(axis=1) for total, n in sums)
    return _percentiles(new - old)


def _verdict(
    mean: float, interval: tuple[float, float], p: float, margin: float, lower_is_better: bool
) -> Verdict:
    low, high = interval
    if p < 1 - LEVEL and (low > 0 or high < 0):
        return "better" if (mean > 0) != lower_is_better else "worse"
    if -margin <= low and high <= margin:
        return "same"
    return "too few questions to tell"


def _needed(mean: float, interval: tuple[float, float], n: int, margin: float) -> int:
    """Intervals narrow with the root of n: the n at which this mean's would either leave out 0 or
    fit into the margin."""
    half = (interval[1] - interval[0]) / 2
    room = max(abs(mean), margin - abs(mean))
    return max(n + 1, math.ceil(n * (half / room) ** 2)) if room > 0 else 0


def paired_p(before: Array, after: Array, *, seed: int = SEED) -> float:
    """Two-sided p of the paired randomisation test: under no difference, old and new could be
    swapped on each question. Where every question has both scores it is :func:`sign_flip_p`.

    Source: Fisher 1935; Noreen 1989; Phipson & Smyth 2010 for counting the observed one in.
    """
    if not (np.isnan(before).any() or np.isnan(after).any()):
        return sign_flip_p([float(delta) for delta in after - before], seed=seed)
    observed = abs(np.nanmean(after) - np.nanmean(before))
    swap = np.random.default_rng(seed).random((PERMUTATIONS, len(before))) < 0.5
    with np.errstate(invalid="ignore", divide="ignore"):
        left, right = (np.where(swap, a, b) for a, b in ((after, before), (before, after)))
        differences = _row_means(right) - _row_means(left)
    beyond = int((np.abs(differences) >= observed - 1e-9).sum())
    return (beyond + 1) / (PERMUTATIONS + 1)


def _row_means(values: Array) -> Array:
    scored = ~np.isnan(values)
    means: Array = np.where(scored, values, 0.0).sum(axis=1) / scored.sum(axis=1)
    return means


def sign_flip_p(deltas: Sequence[float], *, seed: int = SEED) -> float:
    """Two-sided p of the paired sign-flip (randomisation) test of mean 0.

    Exact when all changes are of one size (then it is McNemar's exact test) or at most
    :data:`EXACT_PAIRS` questions changed; else over :data:`PERMUTATIONS` random sign patterns with
    the observed one counted in. Source: Fisher 1935; Noreen 1989; Phipson & Smyth 2010 for +1.
    """
    sizes = np.array([delta for delta in deltas if delta != 0])
    if not len(sizes):
        return 1.0
    if np.allclose(np.abs(sizes), abs(sizes[0])):
        return _binomial_p(int((sizes > 0).sum()), len(sizes))
    observed = abs(float(sizes.sum()))
    if len(sizes) <= EXACT_PAIRS:
        signs = np.array(list(product((-1, 1), repeat=len(sizes))))
        return float(np.mean(np.abs(signs @ np.abs(sizes)) >= observed - 1e-9))
    signs = np.random.default_rng(seed).choice((-1, 1), size=(PERMUTATIONS, len(sizes)))
    beyond = int((np.abs(signs @ np.abs(sizes)) >= observed - 1e-9).sum())
    return (beyond + 1) / (PERMUTATIONS + 1)


def _binomial_p(wins: int, n: int) -> float:
    """Exact two-sided sign test: twice the smaller tail of Binomial(n, 1/2), at most 1."""
    tail = sum(math.comb(n, i) for i in range(min(wins, n - wins) + 1))
    return min(1.0, math.ldexp(tail, 1 - n))


def kappa(left: Sequence[bool], right: Sequence[bool]) -> float | None:
    """Cohen's kappa (1960) of two raters; None when it is undefined (both always say the same)."""
    if not left:
        return None
    n = len(left)
    agreed = sum(a == b for a, b in zip(left, right, strict=True)) / n
    yes = sum(left) / n, sum(right) / n
    chance = yes[0] * yes[1] + (1 - yes[0]) * (1 - yes[1])
    return None if chance == 1 else (agreed - chance) / (1 - chance)
