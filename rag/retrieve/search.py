"""Hybrid search: understand, find by words and by meaning, fuse, adjust, collapse repeats, share out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal, Protocol

from rag.index.catalog import Catalog
from rag.index.memory import PassageTerms
from rag.retrieve.features import adjustment, features
from rag.retrieve.fuse import convex
from rag.retrieve.names import named
from rag.retrieve.news import news_about
from rag.retrieve.query import Query, understand
from rag.retrieve.repeats import collapse
from rag.retrieve.score import Wanted, inverse_frequency, lexical_scores, wanted
from rag.retrieve.shares import by_company, with_every_year
from rag.types import FilingRef, Hit, Passage

Mode = Literal["hybrid", "lexical", "dense"]
CANDIDATES = 200
"""Passages that each retriever proposes; all of them are scored by words."""
DENSE_WEIGHT = {"zh": 0.1, "en": 0.2}
"""Share of the dense list in the fused score, by the question's language."""
EXTRA_WEIGHT = 0.5
"""Weight of words of the other language beside the question's own (see `Searcher.weights`)."""
RERANKED = 40
POSTINGS, FEWEST_TERMS = 15_000, 6
"""Candidates come from terms with so many postings together; the commonest words of a question
propose nothing in a large corpus, but all of them count in the scores."""
INTRODUCING = 3
"""Among so many first hits, one that ends in a colon brings what it introduces."""


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
        query = understand(question, refs, self._short_forms(question, refs))
        if query.filings is None:
            return replace(query, filings=None if filings is None else tuple(filings))
        news, left_out = news_about(self.catalog, query.companies, refs)
        return replace(query, filings=(*query.filings, *news), left_out=left_out)

    def _short_forms(
        self, question: str, refs: Sequence[FilingRef]
    ) -> dict[str, Mapping[str, str]]:
        """What the filings define that the question is about."""
        about = list(named(question, refs)) or [ref.id for ref in refs if len(refs) == 1]
        return {i: self.catalog.short_forms(i) for i in about}

    def find(self, query: Query, k: int, *, mode: Mode = "hybrid") -> list[Hit]:
        """The `k` best passages for a question already understood; each of several companies gets
        its own share of them."""
        shares = [self._found(part, k, mode) for part in by_company(query)]
        hits = [hit for rank in zip_longest(*shares) for hit in rank if hit is not None]
        unique = {hit.passage.id: hit for hit in reversed(hits)}
        ordered = list(dict.fromkeys(hit.passage.id for hit in hits))
        return [replace(unique[i], rank=n) for n, i in enumerate(ordered[:k], 1)]

    def _found(self, query: Query, k: int, mode: Mode) -> list[Hit]:
        """The `k` best passages, best first, without near-identical repeats."""
        ideas, lists = self._lists(query, max(CANDIDATES, 2 * k), mode)
        terms = self.catalog.indexed(list(dict.fromkeys(i for f in lists.values() for i, _ in f)))
        if mode != "dense":
            scores = lexical_scores(ideas, terms.values())
            lists["lexical"] = sorted(zip(terms, scores, strict=True), key=lambda item: -item[1])
        share = DENSE_WEIGHT[query.language]
        fused = convex(lists, {"lexical": 1.0 - share, "dense": share})
        best = sorted(fused, key=lambda i: (-fused[i], i))[: 2 * max(k, RERANKED)]
        hits = self._adjusted(query, {i: fused[i] for i in best}, lists, terms)
        if self.rerank is not None:
            hits = self._reranked(query.text, hits)
        shown = with_every_year(collapse(hits, terms), query, terms)[:k]
        return self._with_what_follows(shown)[:k]

    def _with_what_follows(self, hits: list[Hit]) -> list[Hit]:
        """Behind each of the first hits that ends in a colon, the passage that it introduces."""
        ordered: dict[str, Hit] = {}
        by_id = {hit.passage.id: hit for hit in hits}
        for n, hit in enumerate(hits):
            ordered.setdefault(hit.passage.id, hit)
            if n < INTRODUCING and hit.passage.text.rstrip().endswith((":", "：")):
                near = self.catalog.neighbours(hit.passage.id)
                for passage in near[-1:] if near[-1].id != hit.passage.id else []:
                    follows = Hit(passage, hit.score, 0, {}, {"introduced": 1.0})
                    ordered.setdefault(passage.id, by_id.get(passage.id, follows))
        return list(ordered.values())

    def _lists(
        self, query: Query, k: int, mode: Mode
    ) -> tuple[Wanted, dict[str, list[tuple[str, float]]]]:
        """The ideas of a question, and what each retriever proposes for it, both at the same time:
        embedding and comparing vectors takes as long as the index of words, outside of Python."""
        lists: dict[str, list[tuple[str, float]]] = {}
        with ThreadPoolExecutor(1) as beside:
            dense = self.dense if mode != "lexical" else None
            near = dense and beside.submit(dense.search, query.meaning, k, filings=query.filings)
            total = self.catalog.passage_count(query.filings)
            every = list(dict.fromkeys(t for c in query.concepts for form in c.forms for t in form))
            frequency = self.catalog.frequencies(every, filings=query.filings)
            ideas = wanted(query.concepts, frequency, total, english=query.language == "en")
            if mode != "dense":
                lists["lexical"] = self.catalog.lexical(rarest(frequency), k, filings=query.filings)
            if near:
                lists["dense"] = near.result()
        for name, found in lists.items() if query.left_out else ():
            lists[name] = [(i, score) for i, score in found if i not in query.left_out]
        return ideas, lists

    def _adjusted(
        self,
        query: Query,
        fused: Mapping[str, float],
        lists: Mapping[str, Sequence[tuple[str, float]]],
        terms: Mapping[str, PassageTerms],
    ) -> list[Hit]:
        """Hits by fused score and features, best first."""
        ranks = {name: {i: r for r, (i, _) in enumerate(found, 1)} for name, found in lists.items()}
        raw = {name: dict(found) for name, found in lists.items()}
        hits = []
        for i, passage in self.catalog.passages(list(fused)).items():
            values = features(query, passage, frozenset(filter(terms[i].states, query.periods)))
            score = fused[i] + adjustment(values)
            sources = {name: rank[i] for name, rank in ranks.items() if i in rank}
            values |= {name: scores[i] for name, scores in raw.items() if i in scores}
            hits.append(Hit(passage, score, 0, sources, values))
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))

    def weights(self, query: Query) -> dict[str, float]:
        """Inverse document frequency of each term (the BM25 form), extra words at a discount."""
        _, total = self.catalog.count()
        frequency = self.catalog.frequencies([*query.terms, *query.extra])
        own = set(query.terms)
        return {
            term: inverse_frequency(frequency.get(term, 0), total)
            * (1.0 if term in own else EXTRA_WEIGHT)
            for term in (*query.terms, *query.extra)
        }

    def _reranked(self, question: str, hits: list[Hit]) -> list[Hit]:
        """The first hits by the cross-encoder's score, the rest behind them."""
        assert self.rerank is not None
        top, rest = hits[:RERANKED], hits[RERANKED:]
        scores = self.rerank(question, [hit.passage for hit in top])
        scored = [replace(h, score=float(s)) for h, s in zip(top, scores, strict=True)]
        scored.sort(key=lambda hit: -hit.score)
        return scored + rest


def rarest(frequency: Mapping[str, int]) -> list[str]:
    """The terms that propose candidates: the rarest, as long as their postings stay few."""
    chosen: list[str] = []
    read = 0
    for term, passages in sorted(frequency.items(), key=lambda item: item[1]):
        read += passages
        if read > POSTINGS and len(chosen) >= FEWEST_TERMS:
            break
        chosen.append(term)
    return chosen
