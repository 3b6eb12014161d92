"""Embedded Chroma, as it is, with other processes that write to the same folder."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from rag.errors import EmbeddingError
from rag.index import vectors as module
from rag.index.vectors import Vectors, reset_vectors
from rag.types import FilingRef, Passage

ROOT = Path(__file__).parents[3]
DIMENSION = 16
QUERY = [1.0] + [0.0] * (DIMENSION - 1)
OTHER = """
import sys
from pathlib import Path
from tests_vectors import add, open_at
from rag.index.vectors import reset_vectors
path, *steps = sys.argv[1:]
vectors = None if steps[0] == "reset" else open_at(Path(path))
for step in steps:
    match step[0]:
        case "+": add(vectors, step[1:].split(","))
        case "-": vectors.delete(step[1:].split(","))
        case "!": vectors._opened.collection.upsert(ids=[step[1:]], embeddings=[[1.0] + [0.0] * 15])
        case _: reset_vectors(path=Path(path), url="", fingerprint="another")
"""


def add(vectors: Vectors, ids: list[str]) -> None:
    """Vectors at random, the same for an id in every process."""
    ref = FilingRef("f", "t", "c", "", "annual report", "2024", "s")
    passages = [
        Passage(id=i, filing=ref, pages=("1",), section=(), kind="text", text=i) for i in ids
    ]
    rows = np.array(
        [np.random.default_rng(list(i.encode())).normal(size=DIMENSION) for i in ids], np.float32
    )
    vectors.add(passages, rows / np.linalg.norm(rows, axis=1, keepdims=True))


def open_at(path: Path) -> Vectors:
    return Vectors(path=path, fingerprint="x")


def other(path: Path, *steps: str, wait: bool = True) -> subprocess.Popen[bytes]:
    """Another process: "+a,b" adds, "-a" deletes, "!a" adds like a process that was killed before it
    could note so, "reset" makes the collection another embedder's."""
    code = OTHER.replace("tests_vectors", Path(__file__).stem)
    search_in = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path), *steps], env={**os.environ, "PYTHONPATH": search_in}
    )
    if wait:
        assert process.wait() == 0
    return process


def found(vectors: Vectors, filings: list[str] | None = None) -> set[str]:
    return {i for i, _ in vectors.search(QUERY, 9, filings=filings)}


@pytest.fixture(params=["compared", "graph"])
def vectors(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Vectors:
    if request.param == "graph":
        monkeypatch.setattr(module, "EXACT_UP_TO", 0)
    opened = open_at(tmp_path)
    add(opened, ["a", "b"])
    assert found(opened) == {"a", "b"}
    return opened


@contextmanager
def reopenings(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    times: list[int] = []
    before = vectors._open

    def counted() -> object:
        times.append(1)
        return before()

    monkeypatch.setattr(vectors, "_open", counted)
    yield times


def test_what_another_process_added_is_found(vectors: Vectors, tmp_path: Path) -> None:
    other(tmp_path, "+c,d")
    assert found(vectors) == {"a", "b", "c", "d"}
    assert found(vectors, ["f"]) == {"a", "b", "c", "d"}
    assert vectors.existing(["c", "e"]) == {"c"}


def test_what_another_process_removed_is_not(vectors: Vectors, tmp_path: Path) -> None:
    other(tmp_path, "-a,b")
    assert found(vectors) == found(vectors, ["f"]) == set()


@pytest.mark.slow
def test_as_many_added_as_removed_are_noticed(vectors: Vectors, tmp_path: Path) -> None:
    other(tmp_path, "-a", "+c")
    assert found(vectors) == {"b", "c"}


@pytest.mark.slow
def test_own_writes_beside_those_of_others_are_found(
    vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other(tmp_path, "+c")
    add(vectors, ["d"])
    vectors.delete(["a"])
    assert found(vectors) == {"b", "c", "d"}
    with reopenings(vectors, monkeypatch) as times:
        add(vectors, ["e"])
        vectors.delete(["b"])
        assert found(vectors) == {"c", "d", "e"}
    assert not times


@pytest.mark.slow
def test_a_write_of_a_killed_process_is_found(
    vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUIET", 0.2)
    other(tmp_path, "!c")
    time.sleep(0.3)
    assert found(vectors) == {"a", "b", "c"}


def test_a_process_that_only_opens_is_no_reason_to_open_anew(
    vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reopenings(vectors, monkeypatch) as times:
        second = open_at(tmp_path)
        for _ in range(3):
            assert found(vectors) == found(second) == {"a", "b"}
    assert not times


def test_two_that_are_open_in_one_process_see_each_other(vectors: Vectors, tmp_path: Path) -> None:
    second = open_at(tmp_path)
    add(second, ["c"])
    assert found(vectors) == {"a", "b", "c"}
    vectors.delete(["a"])
    assert found(second) == {"b", "c"}


def test_after_a_reset_there_is_nothing_and_then_what_was_added(vectors: Vectors) -> None:
    vectors.reset()
    assert found(vectors) == set()
    add(vectors, ["c"])
    assert found(vectors) == {"c"}


@pytest.mark.slow
def test_a_reset_by_another_embedder_is_told_to_all(vectors: Vectors, tmp_path: Path) -> None:
    other(tmp_path, "reset")
    for _ in range(2):
        with pytest.raises(EmbeddingError, match="made by another"):
            found(vectors)
    made = reset_vectors(path=tmp_path, url="", fingerprint="x")
    add(made, ["c"])
    assert found(vectors) == found(made) == {"c"}


@pytest.mark.slow
def test_searches_meanwhile_do_not_fail(vectors: Vectors, tmp_path: Path) -> None:
    writing = other(
        tmp_path, *(f"{sign}{n}" for n in range(30) for sign in ("+", "+x", "-x")), wait=False
    )

    def searching() -> int:
        done = 0
        while writing.poll() is None:
            assert len(found(vectors)) >= 2
            done += 1
        return done

    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(searching) for _ in range(3)]
    assert all(each.result() for each in running)
    assert writing.returncode == 0
    assert vectors.ids() == {"a", "b", *map(str, range(30))}
    assert len(found(vectors)) == 9


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts files in /proc")
def test_clients_that_nobody_uses_any_more_close_their_files(tmp_path: Path) -> None:
    vectors, second = open_at(tmp_path), open_at(tmp_path)
    gc.disable()
    try:
        counts = []
        for n in range(10):
            add(second if n % 2 else vectors, [str(n)])
            assert len(found(vectors)) == len(found(second)) == min(9, n + 1)
            counts.append(len(os.listdir("/proc/self/fd")))
    finally:
        gc.enable()
    assert max(counts[5:]) <= max(counts[:5]) + 2


def test_looking_for_changes_takes_no_time(vectors: Vectors) -> None:
    time.sleep(0.15)
    vectors.search(QUERY, 1)
    start = time.process_time()
    for _ in range(1000):
        vectors._current()
    assert time.process_time() - start < 0.2
