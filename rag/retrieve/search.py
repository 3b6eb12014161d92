"""Hybrid search: understand, find by words and by meaning, fuse, rerank, collapse repeats."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from rag.index.catalog import Catalog
from rag.index.terms import terms
from rag.retrieve.features import combined, features
from rag.retrieve.fuse import convex
from rag.retrieve.query import Query, names_of, understand
from rag.types import FilingRef, Hit, Passage

Mode = Literal["hybrid", "lexical", "dense"]
CANDIDATES = 80
LEXICAL_WEIGHT = {"zh": 0.6, "en": 0.45}
"""Share of the lexical list in the fused score, by the question's language."""
EXTRA_WEIGHT = 0.5
"""Weight of words of the other language beside the question's own."""


class Dense(Protocol):
    """Finds passages by meaning."""

    def search(
        self, question: str, k: int, *, filings: Sequence[str] | None
    ) -> list[tuple[str, float]]: ...


Rerank = Callable[[str, Sequence[Passage]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Searcher:
    """Search over a catalog, with vectors and a cross-encoder where there are some."""

    catalog: Catalog
    dense: Dense | None = None
    rerank: Rerank | None = None

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        filings: Sequence[str] | None = None,
        mode: Mode = "hybrid",
    ) -> list[Hit]:
        """The `k` best passages; `filings` limits the search to these ids whatever is asked."""
        query = self.understand(question, filings=filings)
        return self.find(query, k, mode=mode)

    def understand(self, question: str, *, filings: Sequence[str] | None = None) -> Query:
        """The question read against the filings it may be about."""
        refs = self.catalog.refs()
        if filings is not None:
            refs = [ref for ref in refs if ref.id in filings]
        query = understand(question, refs)
        if query.filings is None:
            return replace(query, filings=None if filings is None else tuple(filings))
        return replace(query, filings=tuple(self._with_mentions(query, refs)))

    def _with_mentions(self, query: Query, refs: Sequence[FilingRef]) -> list[str]:
        """Filings of the named companies, and news, which may tell of anybody."""
        news = [ref.id for ref in refs if ref.kind == "news" and ref.id not in query.companies]
        return [*(query.filings or ()), *(i for i in news if self._tells_of(i, query, refs))]

    def _tells_of(self, filing: str, query: Query, refs: Sequence[FilingRef]) -> bool:
        named = [ref for ref in refs if ref.id in query.companies]
        wanted = [n for ref in named for n in names_of(ref)[:4]]
        return any(
            self.catalog.lexical(found, 1, filings=[filing])
            for found in (terms(name) for name in wanted)
            if found
        )

    def find(self, query: Query, k: int, *, mode: Mode = "hybrid") -> list[Hit]:
        """The `k` best passages for a question already understood."""
        lists = self._lists(query, max(CANDIDATES, 2 * k), mode)
        own = LEXICAL_WEIGHT[query.language]
        fused = _scaled(convex(lists, {"lexical": own, "dense": 1.0 - own}))
        passages = self.catalog.passages(list(fused))
        weight = self.weights(query)
        ranks = {name: {i: r for r, (i, _) in enumerate(found, 1)} for name, found in lists.items()}
        hits = []
        for i, passage in passages.items():
            values = features(query, passage, weight)
            sources = {name: rank[i] for name, rank in ranks.items() if i in rank}
            hits.append(Hit(passage, combined(fused[i], values), 0, sources, values))
        hits.sort(key=lambda hit: (-hit.score, hit.passage.id))
        if self.rerank is not None:
            hits = self._reranked(query.text, hits)
        return [replace(hit, rank=n) for n, hit in enumerate(collapse(hits)[:k], 1)]

    def _lists(self, query: Query, k: int, mode: Mode) -> dict[str, list[tuple[str, float]]]:
        lists: dict[str, list[tuple[str, float]]] = {}
        if mode in ("hybrid", "lexical"):
            wanted = [*query.terms, *query.extra]
            lists["lexical"] = self.catalog.lexical(wanted, k, filings=query.filings)
        if mode in ("hybrid", "dense") and self.dense is not None:
            lists["dense"] = self.dense.search(query.text, k, filings=query.filings)
        return lists

    def weights(self, query: Query) -> dict[str, float]:
        """Inverse document frequency of each term (the BM25 form), extra words at a discount."""
        _, total = self.catalog.count()
        frequency = self.catalog.frequencies([*query.terms, *query.extra])
        weight: dict[str, float] = {}
        for term in (*query.terms, *query.extra):
            df = frequency.get(term, 0)
            idf = math.log(1 + (total - df + 0.5) / (df + 0.5))
            weight[term] = idf if term in query.terms else EXTRA_WEIGHT * idf
        return weight

    def _reranked(self, question: str, hits: list[Hit]) -> list[Hit]:
        """The first 40 by the cross-encoder's score, the rest behind them."""
        assert self.rerank is not None
        top, rest = hits[:40], hits[40:]
        scores = self.rerank(question, [hit.passage for hit in top])
        scored = [replace(h, score=float(s)) for h, s in zip(top, scores, strict=True)]
        scored.sort(key=lambda hit: -hit.score)
        return scored + rest


def _scaled(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores moved to 0..1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {i: (s - low) / (high - low) if high > low else 1.0 for i, s in scores.items()}


def collapse(hits: Sequence[Hit]) -> list[Hit]:
    """Near-identical repeats become one hit that lists where else the words stand."""
    kept: list[Hit] = []
    keys: dict[str, int] = {}
    for hit in hits:
        key = "".join(hit.passage.text.split())
        if key in keys:
            first = kept[keys[key]]
            place = f"{hit.passage.filing.title}, {hit.passage.pages[0]}"
            kept[keys[key]] = replace(first, repeats=(*first.repeats, place))
        else:
            keys[key] = len(kept)
            kept.append(hit)
    return kept
