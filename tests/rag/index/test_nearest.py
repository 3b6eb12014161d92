from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rag.index.nearest import Exact


class Collection:
    """As much of a Chroma collection as is read, and how many vectors were handed out."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, np.ndarray[Any, Any]]] = {}
        self.read = 0

    def put(self, filing: str, ids: Sequence[str], seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        for i in ids:
            vector = rng.normal(size=8)
            self.rows[i] = (filing, vector / np.linalg.norm(vector))

    def count(self) -> int:
        return len(self.rows)

    def get(
        self,
        ids: Sequence[str] | None = None,
        where: dict[str, str] | None = None,
        include: Sequence[str] = (),
    ) -> dict[str, Any]:
        filing = where["filing"] if where else None
        wanted = list(self.rows) if ids is None else [i for i in ids if i in self.rows]
        found = [i for i in wanted if filing is None or self.rows[i][0] == filing]
        if "embeddings" in include:
            self.read += len(found)
            return {"ids": found, "embeddings": [self.rows[i][1] for i in found]}
        return {"ids": found}


def brute(collection: Collection, query: list[float], filing: str | None = None) -> list[str]:
    scores = {i: v @ query for i, (f, v) in collection.rows.items() if filing in (None, f)}
    return sorted(scores, key=lambda i: (-scores[i], i))


QUERY = [float(x) for x in np.random.default_rng(9).normal(size=8)]


def filled() -> Collection:
    collection = Collection()
    collection.put("a", [f"a{n}" for n in range(30)], 1)
    collection.put("b", [f"b{n}" for n in range(20)], 2)
    return collection


def exact_over(collection: Collection) -> Exact:
    return Exact(collection, collection.count)


def ids(found: list[tuple[str, float]] | None) -> list[str]:
    assert found is not None
    return [i for i, _ in found]


def test_all_vectors_are_compared() -> None:
    collection = filled()
    assert (
        ids(exact_over(collection).search(QUERY, 5, None, most=100)) == brute(collection, QUERY)[:5]
    )


def test_a_filter_searches_its_filings_alone() -> None:
    collection = filled()
    exact = exact_over(collection)
    assert ids(exact.search(QUERY, 9, ["b"], most=100)) == brute(collection, QUERY, "b")[:9]
    assert set(ids(exact.search(QUERY, 50, ["a", "b"], most=100))) == set(collection.rows)


def test_vectors_are_read_once() -> None:
    collection = filled()
    exact = exact_over(collection)
    for _ in range(3):
        exact.search(QUERY, 5, ["b"], most=100)
    assert collection.read == 20


def test_vectors_known_from_another_scope_are_not_read_again() -> None:
    collection = filled()
    exact = exact_over(collection)
    exact.search(QUERY, 5, ["b"], most=100)
    assert ids(exact.search(QUERY, 5, None, most=100)) == brute(collection, QUERY)[:5]
    assert ids(exact.search(QUERY, 9, ["a"], most=100)) == brute(collection, QUERY, "a")[:9]
    assert collection.read == 50


def test_what_was_added_is_found_and_alone_is_read() -> None:
    collection = filled()
    exact = exact_over(collection)
    exact.search(QUERY, 5, ["b"], most=100)
    collection.put("b", ["b99"], 5)
    assert "b99" in ids(exact.search(QUERY, 50, ["b"], most=100))
    assert collection.read == 21


def test_what_was_removed_is_found_no_more() -> None:
    collection = filled()
    exact = exact_over(collection)
    first = ids(exact.search(QUERY, 5, None, most=100))[0]
    del collection.rows[first]
    assert first not in ids(exact.search(QUERY, 50, None, most=100))


def test_too_many_vectors_are_left_to_the_graph() -> None:
    exact = exact_over(filled())
    assert exact.search(QUERY, 5, None, most=49) is None
    assert exact.search(QUERY, 5, ["a", "b"], most=49) is None
    assert exact.search(QUERY, 5, ["a"], most=49) is not None


def test_equal_vectors_come_in_the_order_of_their_ids() -> None:
    collection = Collection()
    for i in ("c", "a", "b"):
        collection.put("x", [i], 3)
    assert ids(exact_over(collection).search(QUERY, 3, None, most=10)) == ["a", "b", "c"]


def test_a_filing_without_vectors_has_none() -> None:
    assert exact_over(filled()).search(QUERY, 3, ["unknown"], most=10) == []
