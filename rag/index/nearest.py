"""Exact nearest neighbours over the vectors of a few filings, held in memory.

Chroma's graph finds most of the nearest and not always the same ones (docs/retrieval.md has the
figures); up to some ten thousand passages the products of all of them are exact, the same in every
process, and quicker. Vectors are read from Chroma once and kept per filing; when the collection
has another version, or another scope is asked for, only what is new is read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
PAGE = 2000
"""Vectors read from Chroma at a time: it hands out lists of doubles, which are large."""
KEPT = 120_000
"""Vectors kept in memory before the scopes used longest ago are let go."""


@dataclass(frozen=True, slots=True)
class _Block:
    """The vectors [n, dimension] of a scope of `size`, read at a version of the collection; none
    where they are too many to compare."""

    ids: tuple[str, ...]
    matrix: Floats | None
    size: int
    at: int | None


class Exact:
    """The vectors of a Chroma collection by filing (None: all of them), read when first needed.

    `version` changes whenever vectors came or went. An id has one vector for ever, so what `known`
    read of the same collection through another client is not read again.
    """

    def __init__(
        self, collection: Any, version: Callable[[], int], *, known: Exact | None = None
    ) -> None:
        self._collection = collection
        self._version = version
        self._blocks: dict[str | None, _Block] = {} if known is None else known._outdated()
        self._lock = threading.Lock()

    def search(
        self, vector: Sequence[float], k: int, filings: Sequence[str] | None, *, most: int
    ) -> list[tuple[str, float]] | None:
        """The `k` nearest, best first, equal ones by id; None where more than `most` vectors would
        have to be compared."""
        scopes: Sequence[str | None] = (None,) if filings is None else list(dict.fromkeys(filings))
        with self._lock:
            version = self._version()
            blocks = [self._block(scope, version, most) for scope in scopes]
        if sum(block.size for block in blocks) > most:
            return None
        query = np.asarray(vector, np.float32)
        return _best([block for block in blocks if block.ids], query, k)

    def _outdated(self) -> dict[str | None, _Block]:
        """All vectors that are known, to be looked over before they are used."""
        with self._lock:
            return {scope: replace(block, at=None) for scope, block in self._blocks.items()}

    def _block(self, scope: str | None, version: int, most: int) -> _Block:
        """The vectors of a scope as the collection has them now."""
        block = self._blocks.get(scope)
        if (
            block is None
            or block.at != version
            or (block.matrix is None and 0 < block.size <= most)
        ):
            block = self._read(scope, version, most)
        self._blocks.pop(scope, None)  # the one used last stands last
        self._blocks[scope] = block
        self._let_go()
        return block

    def _read(self, scope: str | None, version: int, most: int) -> _Block:
        if scope is None and (total := self._collection.count()) > most:
            return _Block((), None, total, version)
        where = None if scope is None else {"filing": scope}
        listed: list[str] = sorted(self._collection.get(where=where, include=[])["ids"])
        if len(listed) > most or not listed:
            return _Block((), None, len(listed), version)
        known: dict[str, Floats] = {}
        for block in self._blocks.values():
            if block.matrix is not None:
                known |= zip(block.ids, block.matrix, strict=True)
        new = [i for i in listed if i not in known]
        for start in range(0, len(new), PAGE):
            got = self._collection.get(ids=new[start : start + PAGE], include=["embeddings"])
            known |= zip(got["ids"], np.asarray(got["embeddings"], np.float32), strict=True)
        present = [i for i in listed if i in known]
        if not present:
            return _Block((), None, 0, version)
        return _Block(tuple(present), np.stack([known[i] for i in present]), len(present), version)

    def _let_go(self) -> None:
        sizes = {scope: len(b.ids) for scope, b in self._blocks.items() if b.matrix is not None}
        while sum(sizes.values()) > KEPT and len(sizes) > 1:
            oldest = next(iter(sizes))
            del sizes[oldest], self._blocks[oldest]


def _best(blocks: Sequence[_Block], query: Floats, k: int) -> list[tuple[str, float]]:
    """The `k` largest products; the order of equal ones does not depend on the blocks."""
    found: list[tuple[str, float]] = []
    for block in blocks:
        assert block.matrix is not None
        # Not `@`: BLAS would share it out to threads, which wait for each other on a busy machine.
        scores = np.vecdot(block.matrix, query)
        if len(scores) > k:
            least = np.partition(scores, len(scores) - k)[len(scores) - k]
            rows = np.flatnonzero(scores >= least)
        else:
            rows = np.arange(len(scores))
        found += [(block.ids[row], float(scores[row])) for row in rows]
    return sorted(found, key=lambda item: (-item[1], item[0]))[:k]
