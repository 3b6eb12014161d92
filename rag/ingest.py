"""Ingesting: files become searchable filings at once, their vectors follow in batches.

A kill at any moment loses nothing and repeats nothing: a filing enters the catalog in one
transaction, a batch of vectors is noted as done only after Chroma has it, and what Chroma has
already is not embedded again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from rag.chunk import passages_of
from rag.errors import LoadError
from rag.index.catalog import Catalog
from rag.load.files import content_id, discover, load
from rag.retrieve.prepare import embedding_text, search_columns
from rag.types import Failure, FilingRef, IngestReport, Passage, Progress

BATCH = 1024
"""Passages per insert into Chroma; a kill costs at most the embedding of one batch."""
Reporting = Callable[[Progress], None]


class VectorStore(Protocol):
    """What ingesting needs of the vectors."""

    def add(self, passages: Sequence[Passage], vectors: np.ndarray[Any, Any]) -> None: ...
    def delete(self, ids: Sequence[str]) -> None: ...
    def existing(self, ids: Sequence[str]) -> set[str]: ...


Encode = Callable[[Sequence[str], Callable[[int], None]], np.ndarray[Any, Any]]
"""Texts and a callback for the number done -> (n, dim) float32."""


@dataclass(slots=True)
class _Tally:
    added: list[FilingRef] = field(default_factory=list)
    unchanged: list[FilingRef] = field(default_factory=list)
    replaced: list[FilingRef] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    passages: int = 0


def read_filings(
    paths: Sequence[Path], catalog: Catalog, *, progress: Reporting | None = None
) -> IngestReport:
    """Load, chunk and store files; each is searchable as soon as it is stored.

    A file that cannot be read is listed in `failed` and stops no other. The report's `pending`
    counts the passages of the whole catalog that still need vectors.
    """
    started = time.perf_counter()
    files, failed = discover(paths)
    tally = _Tally(failed=list(failed))
    for done, path in enumerate(files):
        _report(progress, Progress("reading", done, len(files), tally.passages, 0, path.name))
        try:
            _store(path, catalog, tally, _pages_of(progress, done, len(files), path.name))
        except LoadError as error:
            tally.failed.append(Failure(str(path), str(error)))
    _report(progress, Progress("reading", len(files), len(files), tally.passages, 0))
    return IngestReport(
        added=tuple(tally.added),
        unchanged=tuple(tally.unchanged),
        replaced=tuple(tally.replaced),
        failed=tuple(tally.failed),
        passages=tally.passages,
        pending=len(catalog.pending()),
        seconds={"reading": time.perf_counter() - started},
    )


def _pages_of(
    progress: Reporting | None, done: int, files: int, name: str
) -> Callable[[int, int], None]:
    """Shows the pages of a file that takes long (scans) beside its name."""

    def report(page: int, pages: int) -> None:
        _report(
            progress,
            Progress("reading", done, files, page, pages, f"{name}, page {page} of {pages}"),
        )

    return report


def _store(path: Path, catalog: Catalog, tally: _Tally, pages: Callable[[int, int], None]) -> None:
    source = str(path)
    new = content_id(path)
    old = catalog.id_of_source(source)
    if known := next((ref for ref in catalog.refs() if ref.id == new), None):
        tally.unchanged.append(known)
        return
    filing = load(path, progress=pages)
    passages = passages_of(filing)
    catalog.add(filing, [(p, search_columns(p)) for p in passages], replaces=old)
    (tally.replaced if old else tally.added).append(filing.ref)
    tally.passages += len(passages)


def complete_vectors(
    catalog: Catalog, vectors: VectorStore, encode: Encode, *, progress: Reporting | None = None
) -> int:
    """Delete the vectors of filings that left, make those that are missing; returns how many."""
    _delete_doomed(catalog, vectors)
    pending = _not_yet_there(catalog, vectors, catalog.pending())
    total = catalog.count()[1]
    ready = total - len(pending)
    for start in range(0, len(pending), BATCH):
        ids = pending[start : start + BATCH]
        found = catalog.passages(ids)
        passages = [found[i] for i in ids if i in found]
        tell = _teller(catalog, progress, ready + start, total)
        vectors.add(passages, encode([embedding_text(p) for p in passages], tell))
        catalog.mark_embedded(ids)
    _teller(catalog, progress, total, total)(0)
    return len(pending)


def _teller(
    catalog: Catalog, progress: Reporting | None, before: int, total: int
) -> Callable[[int], None]:
    """A callback that adds a batch's own count to what was done before it."""
    if progress is None:
        return lambda done: None
    states = catalog.states()
    full = sum(state.embedded == state.passages for state in states)
    return lambda done: progress(Progress("embedding", full, len(states), before + done, total))


def _delete_doomed(catalog: Catalog, vectors: VectorStore) -> None:
    doomed = catalog.doomed()
    if doomed:
        vectors.delete(doomed)
        catalog.clear_doomed(doomed)


def _not_yet_there(catalog: Catalog, vectors: VectorStore, pending: Sequence[str]) -> list[str]:
    """Pending passages without those whose vectors a killed run had stored already."""
    there = vectors.existing(pending)
    if there:
        catalog.mark_embedded(there)
    return [i for i in pending if i not in there]


def _report(progress: Reporting | None, state: Progress) -> None:
    if progress is not None:
        progress(state)


def diagnose(catalog: Catalog, vector_ids: set[str]) -> Mapping[str, int]:
    """How catalog and vectors differ: vectors missing, and vectors that belong to no passage."""
    embedded = catalog.embedded_ids()
    known = embedded | set(catalog.pending())
    return {
        "passages": len(known),
        "vectors": len(vector_ids),
        "missing": len(embedded - vector_ids),
        "pending": len(known - embedded),
        "orphans": len(vector_ids - known),
    }


def repair(catalog: Catalog, vectors: VectorStore, vector_ids: set[str]) -> None:
    """Make the vectors agree with the catalog: orphans go, lost ones are pending again."""
    embedded = catalog.embedded_ids()
    known = embedded | set(catalog.pending())
    vectors.delete(sorted(vector_ids - known))
    catalog.mark_pending(sorted(embedded - vector_ids))
