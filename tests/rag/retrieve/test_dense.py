from __future__ import annotations

from collections.abc import Sequence

from rag.retrieve.dense import DenseSearch


class Recorder:
    """Stands in for the vectors."""

    def __init__(self) -> None:
        self.searched: list[tuple[Sequence[float], Sequence[str] | None]] = []

    def search(
        self, vector: Sequence[float], k: int, *, filings: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        self.searched.append((vector, filings))
        return []


def test_a_question_searched_in_several_filings_is_embedded_once() -> None:
    vectors = Recorder()
    embedded: list[str] = []

    def embed(text: str) -> list[float]:
        embedded.append(text)
        return [float(len(text))]

    dense = DenseSearch(lambda: vectors, embed)
    for filing in ("a", "b"):
        dense.search("毛利率", 5, filings=[filing])
    dense.search("净利润是多少", 5, filings=None)
    assert embedded == ["毛利率", "净利润是多少"]
    assert vectors.searched == [([3.0], ["a"]), ([3.0], ["b"]), ([6.0], None)]
