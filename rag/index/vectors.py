"""Vectors in Chroma: the only module that knows Chroma.

The collection remembers which embedder made its vectors and refuses another one. Everything in it
can be made again from the catalog.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from rag.errors import EmbeddingError, SettingsError
from rag.index.nearest import Exact
from rag.index.unchanged import Unchanged
from rag.types import Passage

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ClientAPI

COLLECTION = "passages"
FILES = ("chroma.sqlite3", "chroma.sqlite3-wal")
"""Written whenever vectors come or go; the second only where Chroma keeps a log beside the first."""
EF_SEARCH = 400
"""Breadth of the search in the graph, where there are too many vectors to compare them all."""
EXACT_UP_TO = 30_000
"""Vectors of the filings searched up to which all are compared. Comparing 100,000 takes 15 ms, the graph 8;
and each new process would first read them, for seven seconds and into 400 MB."""
BATCH = 4000
"""Most ids in one call; embedded Chroma takes 5461."""


class Vectors:
    """The vectors of passages: cosine distance, embedded under a folder or on a Chroma server."""

    def __init__(self, *, path: Path, url: str = "", fingerprint: str) -> None:
        self._client = _client(path, url)
        self._fingerprint = fingerprint
        self._most = 0 if url else EXACT_UP_TO  # a server would send them all as text
        self._count = Unchanged([path / name for name in FILES])
        self._collection = self._open()
        self._exact = self._comparing()

    def add(self, passages: Sequence[Passage], vectors: np.ndarray[Any, Any]) -> None:
        """Insert or overwrite the vectors (n, dim) of n passages, with text and metadata."""
        for start in range(0, len(passages), BATCH):
            part = passages[start : start + BATCH]
            self._collection.upsert(
                ids=[p.id for p in part],
                embeddings=vectors[start : start + BATCH],
                documents=[p.text for p in part],
                metadatas=[_metadata(p) for p in part],
            )

    def search(
        self, vector: Sequence[float], k: int, *, filings: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` nearest passages: (passage id, cosine similarity, higher is better)."""
        if filings is not None and not filings:
            return []
        if self._most and (exact := self._exact.search(vector, k, filings, most=self._most)):
            return exact
        where: Any = None
        if filings is not None:
            where = (
                {"filing": filings[0]} if len(filings) == 1 else {"filing": {"$in": list(filings)}}
            )
        found = self._collection.query(
            query_embeddings=[list(vector)], n_results=k, where=where, include=["distances"]
        )
        distances = found["distances"] or [[]]
        return [(i, 1.0 - d) for i, d in zip(found["ids"][0], distances[0], strict=True)]

    def delete(self, ids: Sequence[str]) -> None:
        """Delete vectors; ids that are not there are no error."""
        for start in range(0, len(ids), BATCH):
            self._collection.delete(ids=list(ids[start : start + BATCH]))

    def existing(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that have a vector here."""
        found: set[str] = set()
        if self.count() == 0:
            return found
        for start in range(0, len(ids), BATCH):
            part = list(ids[start : start + BATCH])
            found.update(self._collection.get(ids=part, include=[])["ids"])
        return found

    def ids(self) -> set[str]:
        """The ids of all passages that have a vector here."""
        found: set[str] = set()
        total = self._collection.count()
        for offset in range(0, total, BATCH):
            found.update(self._collection.get(limit=BATCH, offset=offset, include=[])["ids"])
        return found

    def count(self) -> int:
        """How many vectors there are."""
        return int(self._collection.count())

    def reset(self) -> None:
        """Throw all vectors away and take the present embedder as the collection's own."""
        self._client.delete_collection(COLLECTION)
        self._collection = self._open()
        self._exact = self._comparing()

    def _comparing(self) -> Exact:
        return Exact(self._collection, lambda: self._count.of(self.count))

    def _open(self) -> Any:
        collection = self._client.get_or_create_collection(
            COLLECTION,
            metadata={"embedder": self._fingerprint},
            configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
            embedding_function=None,
        )
        made_by = (collection.metadata or {}).get("embedder", self._fingerprint)
        if made_by != self._fingerprint:
            raise EmbeddingError(
                f"the vectors were made by {made_by}, the embedder is now {self._fingerprint}; "
                "set the former again or run `filings doctor --repair` to make them anew"
            )
        return collection


def reset_vectors(*, path: Path, url: str, fingerprint: str) -> Vectors:
    """Drop whatever collection there is, whoever made it, and open an empty one."""
    client = _client(path, url)
    if COLLECTION in {c if isinstance(c, str) else c.name for c in client.list_collections()}:
        client.delete_collection(COLLECTION)
    return Vectors(path=path, url=url, fingerprint=fingerprint)


def _metadata(passage: Passage) -> dict[str, str | int]:
    return {
        "filing": passage.filing.id,
        "company": passage.filing.company,
        "page": passage.pages[0] or "" if passage.pages else "",
        "section": " > ".join(passage.section),
        "kind": passage.kind,
    }


def _client(path: Path, url: str) -> ClientAPI:
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    import chromadb
    import chromadb.config

    settings = chromadb.config.Settings(anonymized_telemetry=False)
    if not url:
        path.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(path=str(path), settings=settings)
    parts = urlparse(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"chroma_url is {url!r}; give http://host:port")
    try:
        return chromadb.HttpClient(
            host=parts.hostname,
            port=parts.port or 8000,
            ssl=parts.scheme == "https",
            settings=settings,
        )
    except ValueError as error:
        raise SettingsError(
            f"no Chroma server answers at {url} ({error}); start it or unset FILINGS_CHROMA_URL"
        ) from error
