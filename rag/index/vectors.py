"""Vectors in Chroma: the only module that knows Chroma.

The collection remembers which embedder made its vectors and refuses another one. Everything in it
can be made again from the catalog.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlparse

from filelock import FileLock, Timeout

from rag.errors import EmbeddingError, SettingsError
from rag.index.nearest import Exact
from rag.index.unchanged import Unchanged, Writes
from rag.types import Passage

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ClientAPI
    from chromadb.config import Settings

T = TypeVar("T")
_OPENING = threading.Lock()  # Chroma's table of clients belongs to the process

COLLECTION = "passages"
FILES = ("chroma.sqlite3", "chroma.sqlite3-wal")
"""Written whenever vectors come or go; the second only where Chroma keeps a log beside the first."""
WRITES, LOCK = "writes", "writes.lock"
QUIET = 2.0
"""Seconds without a change after which a write that was not noted is taken for dead."""
TRIES = 3
"""Times that a read is tried before it fails: another process may write between opening and reading."""
EF_SEARCH = 400
"""Breadth of the search in the graph, where there are too many vectors to compare them all."""
EXACT_UP_TO = 30_000
"""Vectors of the filings searched up to which all are compared. Comparing 100,000 takes 15 ms, the graph 8;
and each new process would first read them, for seven seconds and into 400 MB."""
BATCH = 4000
"""Most ids in one call; embedded Chroma takes 5461."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class _Opened:
    """The collection through one client. Whoever searches keeps it while it searches, and with the
    last one the client goes."""

    client: ClientAPI
    collection: Any
    exact: Exact


class Vectors:
    """The vectors of passages: cosine distance, embedded under a folder or on a Chroma server.

    Embedded Chroma reads its graph once and is not told of what other processes write: asked for the
    vector of theirs it fails. So the client is opened anew when others have written. A client that is
    opened completes unfinished writes, also one that is just under way elsewhere, into the same files:
    so nobody opens while another writes. Safe to use from several threads.
    """

    def __init__(self, *, path: Path, url: str = "", fingerprint: str) -> None:
        self._path, self._url, self._fingerprint = path, url, fingerprint
        self._most = 0 if url else EXACT_UP_TO  # a server would send them all as text
        self._lock = (
            threading.RLock()
        )  # held to open and to write, as is the next between processes
        self._alone = _alone(path, url)
        self._written = 0
        self._writes = Writes(path / WRITES)
        self._counted = Unchanged([path / name for name in FILES])
        self._count: int | None = None
        self._opened = self._open()

    def add(self, passages: Sequence[Passage], vectors: np.ndarray[Any, Any]) -> None:
        """Insert or overwrite the vectors (n, dim) of n passages, with text and metadata."""
        for start in range(0, len(passages), BATCH):
            part = passages[start : start + BATCH]
            with self._writing() as collection:
                collection.upsert(
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
        return self._read(lambda opened: self._nearest(opened, vector, k, filings))

    def _nearest(
        self, opened: _Opened, vector: Sequence[float], k: int, filings: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        if self._most:
            exact = opened.exact.search(vector, k, filings, most=self._most)
            if exact is not None:
                return exact
        where: Any = None
        if filings is not None:
            where = (
                {"filing": filings[0]} if len(filings) == 1 else {"filing": {"$in": list(filings)}}
            )
        found = opened.collection.query(
            query_embeddings=[list(vector)], n_results=k, where=where, include=["distances"]
        )
        distances = found["distances"] or [[]]
        return [(i, 1.0 - d) for i, d in zip(found["ids"][0], distances[0], strict=True)]

    def delete(self, ids: Sequence[str]) -> None:
        """Delete vectors; ids that are not there are no error."""
        for start in range(0, len(ids), BATCH):
            with self._writing() as collection:
                collection.delete(ids=list(ids[start : start + BATCH]))

    def existing(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that have a vector here."""

        def find(opened: _Opened) -> set[str]:
            found: set[str] = set()
            if opened.collection.count() == 0:
                return found
            for start in range(0, len(ids), BATCH):
                part = list(ids[start : start + BATCH])
                found.update(opened.collection.get(ids=part, include=[])["ids"])
            return found

        return self._read(find)

    def ids(self) -> set[str]:
        """The ids of all passages that have a vector here."""

        def find(opened: _Opened) -> set[str]:
            found: set[str] = set()
            for offset in range(0, opened.collection.count(), BATCH):
                page = opened.collection.get(limit=BATCH, offset=offset, include=[])
                found.update(page["ids"])
            return found

        return self._read(find)

    def count(self) -> int:
        """How many vectors there are."""
        return self._read(lambda opened: int(opened.collection.count()))

    def reset(self) -> None:
        """Throw all vectors away and take the present embedder as the collection's own."""
        with self._writing():
            self._opened.client.delete_collection(COLLECTION)
            self._opened = self._open()

    def _read(self, read: Callable[[_Opened], T]) -> T:
        """What `read` finds. Where another process writes at this very moment, it is tried again."""
        from chromadb.errors import InternalError, NotFoundError

        opened = self._opened
        for _ in range(0 if self._url else TRIES):
            try:
                opened = self._current()
                return read(opened)
            except (InternalError, NotFoundError):
                self._instead_of(opened)
        return read(self._opened)

    def _current(self) -> _Opened:
        """The collection, opened anew if others have written. While somebody opens it or writes, what
        was there before is searched: nobody waits."""
        if not self._url and self._lock.acquire(blocking=False):
            try:
                if self._changed():
                    with self._alone.acquire(timeout=0):
                        self._opened = self._open()
            except Timeout:
                pass
            finally:
                self._lock.release()
        return self._opened

    def _changed(self) -> bool:
        """Whether others have written. The time of Chroma's file alone does not tell: every process
        that opens it writes to it, and two would for ever open it anew because of each other. A
        write that was killed is not noted, but told by the count: once its file is quiet, for
        a write that is under way is not to be read yet."""
        if self._writes.by_others():
            return True
        count = self._counted.of(lambda: int(self._opened.collection.count()))
        if self._count is None:
            self._count = count
        return count != self._count and self._counted.quiet() > QUIET

    def _instead_of(self, failed: _Opened) -> None:
        with self._lock, self._alone:
            if self._opened is failed:
                self._opened = self._open()

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """The collection, to be written to."""
        with self._lock, self._alone:
            opened = self._current()
            try:
                yield opened.collection
            finally:
                self._written += 1
                self._count = None
                if not self._url:
                    self._writes.add()

    def _open(self) -> _Opened:
        with self._lock, self._alone:
            writes = Writes(self._path / WRITES)  # before opening: what comes later is not known
            client, stop = _client(self._path, self._url)
            collection = self._collection(client)
            collection.count()  # completes unfinished writes
            before: _Opened | None = getattr(self, "_opened", None)
            same = before is not None and before.collection.id == collection.id
            known = before.exact if before is not None and same else None
            opened = _Opened(
                client, collection, Exact(collection, lambda: self._written, known=known)
            )
            weakref.finalize(opened, stop).atexit = False
            self._writes, self._count = writes, None
            return opened

    def _collection(self, client: ClientAPI) -> Any:
        collection = client.get_or_create_collection(
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
    with _alone(path, url):
        client, stop = _client(path, url)
        if COLLECTION in {c if isinstance(c, str) else c.name for c in client.list_collections()}:
            client.delete_collection(COLLECTION)
        stop()
        if not url:
            Writes(path / WRITES).add()
    return Vectors(path=path, url=url, fingerprint=fingerprint)


def _alone(path: Path, url: str) -> Any:
    """Held between processes by who opens or writes; a server does that by itself."""
    if url:
        return nullcontext()
    path.mkdir(parents=True, exist_ok=True)
    return FileLock(path / LOCK)


def _metadata(passage: Passage) -> dict[str, str | int]:
    return {
        "filing": passage.filing.id,
        "company": passage.filing.company,
        "page": passage.pages[0] or "" if passage.pages else "",
        "section": " > ".join(passage.section),
        "kind": passage.kind,
    }


def _client(path: Path, url: str) -> tuple[ClientAPI, Callable[[], None]]:
    """A client that is nobody else's, and what ends it."""
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    import chromadb.config

    settings = chromadb.config.Settings(anonymized_telemetry=False)
    if not url:
        return _embedded(path, settings)
    return _remote(url, settings), lambda: None


def _embedded(path: Path, settings: Settings) -> tuple[ClientAPI, Callable[[], None]]:
    """Chroma would hand the graph that it has in memory to every later client of the same folder, so
    it is made to forget its clients; they go on working."""
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    path.mkdir(parents=True, exist_ok=True)
    with _OPENING:
        SharedSystemClient.clear_system_cache()
        client: Any = chromadb.PersistentClient(path=str(path), settings=settings)
        stop: Callable[[], None] = client._system.stop
        SharedSystemClient.clear_system_cache()
    return client, stop


def _remote(url: str, settings: Settings) -> ClientAPI:
    import chromadb

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
