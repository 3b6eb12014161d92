from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.index.catalog import Catalog
from rag.ingest import complete_vectors, diagnose, read_filings, repair
from rag.types import Passage, Progress


class MemoryVectors:
    """Vectors in a dict, with a switch that fails like a killed process."""

    def __init__(self) -> None:
        self.kept: dict[str, np.ndarray[Any, Any]] = {}
        self.fail_after: int | None = None

    def add(self, passages: Sequence[Passage], vectors: np.ndarray[Any, Any]) -> None:
        for passage, vector in zip(passages, vectors, strict=True):
            if self.fail_after is not None and len(self.kept) >= self.fail_after:
                raise RuntimeError("killed")
            self.kept[passage.id] = vector

    def delete(self, ids: Sequence[str]) -> None:
        for i in ids:
            self.kept.pop(i, None)

    def existing(self, ids: Sequence[str]) -> set[str]:
        return set(ids) & set(self.kept)


class Encoder:
    """Counts what it is asked to embed."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str], done: Callable[[int], None]) -> np.ndarray[Any, Any]:
        self.texts += texts
        done(len(texts))
        return np.ones((len(texts), 3), dtype=np.float32)


def write(folder: Path, name: str, figure: str) -> Path:
    path = folder / name
    path.write_text(
        f"澄海样例股份有限公司2024年年度报告\n2024年营业收入为{figure}万元。\n", encoding="utf-8"
    )
    return path


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "home" / "catalog.sqlite3")


def test_the_same_file_twice_changes_nothing(tmp_path: Path, catalog: Catalog) -> None:
    path = write(tmp_path, "a.txt", "1,234.50")
    first = read_filings([path], catalog)
    second = read_filings([path], catalog)
    assert (len(first.added), len(second.added), len(second.unchanged)) == (1, 0, 1)
    assert catalog.count() == (1, first.passages)


def test_a_changed_file_replaces_its_old_self(tmp_path: Path, catalog: Catalog) -> None:
    path = write(tmp_path, "a.txt", "1,234.50")
    read_filings([path], catalog)
    write(tmp_path, "a.txt", "9,876.00")
    report = read_filings([path], catalog)
    assert len(report.replaced) == 1
    assert catalog.count()[0] == 1
    assert catalog.lexical(["1234.5"], 3) == []
    assert catalog.lexical(["9876"], 3)


def test_one_bad_file_in_a_folder_does_not_stop_the_others(
    tmp_path: Path, catalog: Catalog
) -> None:
    write(tmp_path, "a.txt", "1.00")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c.txt").write_bytes(bytes(range(256)) * 8)
    write(tmp_path, "d.txt", "2.00")
    report = read_filings([tmp_path], catalog)
    assert len(report.added) == 2
    assert sorted(Path(f.source).name for f in report.failed) == ["b.txt", "c.txt"]
    assert all(f.source in f.reason for f in report.failed)


def test_a_missing_path_and_an_unknown_format_are_listed_with_the_reason(
    tmp_path: Path, catalog: Catalog
) -> None:
    odd = tmp_path / "a.xyz"
    odd.write_text("x")
    report = read_filings([tmp_path / "none", odd], catalog)
    assert "no such file or folder" in report.failed[0].reason
    assert "no loader for .xyz" in report.failed[1].reason


def test_vectors_are_made_once(tmp_path: Path, catalog: Catalog) -> None:
    read_filings([write(tmp_path, "a.txt", "1.00")], catalog)
    vectors, encoder = MemoryVectors(), Encoder()
    assert complete_vectors(catalog, vectors, encoder) == len(encoder.texts) > 0
    assert complete_vectors(catalog, vectors, encoder) == 0
    assert diagnose(catalog, set(vectors.kept))["missing"] == 0


def test_what_a_killed_run_stored_is_not_embedded_again(tmp_path: Path, catalog: Catalog) -> None:
    for n in range(6):
        read_filings([write(tmp_path, f"{n}.txt", f"{n}.50")], catalog)
    vectors, encoder = MemoryVectors(), Encoder()
    vectors.fail_after = 3
    with pytest.raises(RuntimeError, match="killed"):
        complete_vectors(catalog, vectors, encoder)
    vectors.fail_after = None
    again = Encoder()
    complete_vectors(catalog, vectors, again)
    assert len(again.texts) == catalog.count()[1] - 3
    state = diagnose(catalog, set(vectors.kept))
    assert (state["missing"], state["orphans"], state["pending"]) == (0, 0, 0)


def test_removed_filings_take_their_vectors_along(tmp_path: Path, catalog: Catalog) -> None:
    report = read_filings([write(tmp_path, "a.txt", "1.00")], catalog)
    vectors = MemoryVectors()
    complete_vectors(catalog, vectors, Encoder())
    catalog.remove(report.added[0].id)
    complete_vectors(catalog, vectors, Encoder())
    assert vectors.kept == {}


def test_repair_brings_lost_and_stray_vectors_into_agreement(
    tmp_path: Path, catalog: Catalog
) -> None:
    read_filings([write(tmp_path, "a.txt", "1.00")], catalog)
    vectors = MemoryVectors()
    complete_vectors(catalog, vectors, Encoder())
    vectors.kept.popitem()
    vectors.kept["stray"] = np.ones(3)
    repair(catalog, vectors, set(vectors.kept))
    complete_vectors(catalog, vectors, Encoder())
    state = diagnose(catalog, set(vectors.kept))
    assert (state["missing"], state["orphans"], state["pending"]) == (0, 0, 0)


def test_progress_tells_filings_and_passages(tmp_path: Path, catalog: Catalog) -> None:
    seen: list[Progress] = []
    read_filings([write(tmp_path, "a.txt", "1.00")], catalog, progress=seen.append)
    complete_vectors(catalog, MemoryVectors(), Encoder(), progress=seen.append)
    assert [p.stage for p in seen[:1] + seen[-1:]] == ["reading", "embedding"]
    assert seen[-1].passages_done == seen[-1].passages_total == catalog.count()[1]
    assert seen[-1].filings_done == 1
