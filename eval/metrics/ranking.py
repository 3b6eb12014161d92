"""Ranking metrics, with gold by document, page and span (never by a system's own chunk ids).

An evidence item is *found at rank r* when its spans all stand in the first r hits from its file
and page. Overlapping chunks that repeat an item therefore earn nothing twice, and an item split
over two chunks is found at the second.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from eval.metrics.base import Metric
from eval.metrics.coverage import spans_found
from eval.questions import Evidence, Question
from eval.results import UNSCORED, Found, Result, Score

CUTOFFS = (5, 10)


def item_rank(item: Evidence, hits: Sequence[Found]) -> int | None:
    """The rank (from 1) at which the last span of `item` is found; None when some never is.

    A hit counts when it is from the item's file and covers its page; hits or items without page
    labels are judged by file and span.
    """
    missing = set(item.spans)
    for rank, hit in enumerate(hits, 1):
        strict = any(page is not None for page in hit.pages)
        missing -= set(spans_found(item, [hit], strict=strict))
        if not missing:
            return rank
    return None


def item_ranks(question: Question, hits: Sequence[Found]) -> list[int | None]:
    """:func:`item_rank` of each evidence item."""
    return [item_rank(item, hits) for item in question.evidence]


def recall_at(ranks: Sequence[int | None], k: int) -> float:
    """Share of the items found among the first `k` hits (Manning et al. 2008, section 8.4)."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """1 / rank of the first item found, 0 when none is (Voorhees 1999)."""
    found = [rank for rank in ranks if rank is not None]
    return 1 / min(found) if found else 0.0


def ndcg_at(ranks: Sequence[int | None], k: int) -> float:
    """Discounted gain of the items found among the first `k` hits, over the best possible one hit
    an item (Järvelin & Kekäläinen 2002, binary gains, log2(rank + 1)); capped at 1, since one hit
    may hold several items."""
    gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank is not None and rank <= k)
    ideal = sum(1 / math.log2(i + 2) for i in range(min(len(ranks), k)))
    return min(1.0, gain / ideal)


def recall(question: Question, result: Result, k: int) -> Score:
    """Share of the evidence items found among the first k hits, by document, page and span."""
    ranks = item_ranks(question, result.hits)
    return _scored(ranks, recall_at(ranks, k) if ranks else None)


def mrr(question: Question, result: Result) -> Score:
    """Reciprocal of the rank at which the first evidence item is found, by document, page, span."""
    ranks = item_ranks(question, result.hits)
    return _scored(ranks, reciprocal_rank(ranks) if ranks else None)


def ndcg(question: Question, result: Result, k: int) -> Score:
    """Normalised discounted cumulative gain over the first k hits, gains by evidence item."""
    ranks = item_ranks(question, result.hits)
    return _scored(ranks, ndcg_at(ranks, k) if ranks else None)


def _scored(ranks: Sequence[int | None], value: float | None) -> Score:
    if value is None:
        return UNSCORED
    shown = ", ".join("–" if rank is None else str(rank) for rank in ranks)
    return Score(
        value, f"ranks {shown}", "" if None not in ranks else "evidence not among the hits"
    )


def _recall_metric(k: int) -> Metric:
    def score(question: Question, result: Result) -> Score:
        return recall(question, result, k)

    score.__doc__ = recall.__doc__
    return Metric(
        f"recall@{k}", f"召回率@{k}", f"recall@{k}", score, "hits",
        f"the evidence is not among the first {k} hits",
    )  # fmt: skip


def _ndcg_metric(k: int) -> Metric:
    def score(question: Question, result: Result) -> Score:
        return ndcg(question, result, k)

    score.__doc__ = ndcg.__doc__
    return Metric(
        f"ndcg@{k}",
        f"nDCG@{k}",
        f"nDCG@{k}",
        score,
        "hits",
        "the evidence ranks low",
    )


METRICS = (
    *(_recall_metric(k) for k in CUTOFFS),
    Metric("mrr", "倒数排名(MRR)", "MRR", mrr, "hits", "the evidence ranks low"),
    _ndcg_metric(10),
)
