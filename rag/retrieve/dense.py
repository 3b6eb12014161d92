"""Search by meaning: the question's vector against the passages' vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol


class Nearest(Protocol):
    """What dense search needs of the vectors."""

    def search(
        self, vector: Sequence[float], k: int, *, filings: Sequence[str] | None
    ) -> list[tuple[str, float]]: ...


RECENT = 32
"""Questions whose vectors are kept: one about several companies is searched once for each."""


@dataclass(frozen=True)
class DenseSearch:
    """Embeds a question and finds its nearest passages; both parts are opened at first use."""

    vectors: Callable[[], Nearest]
    embed_query: Callable[[str], Sequence[float]]

    def search(
        self, question: str, k: int, *, filings: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first."""
        return self.vectors().search(self._embedded(question), k, filings=filings)

    @cached_property
    def _embedded(self) -> Callable[[str], Sequence[float]]:
        return lru_cache(RECENT)(self.embed_query)
