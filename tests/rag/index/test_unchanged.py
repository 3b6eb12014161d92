from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.index.unchanged import SETTLED, Unchanged


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.write_text("a")
    age(path, 10)
    return path


def age(path: Path, seconds: float) -> None:
    then = time.time_ns() - int(seconds * 1e9)
    os.utime(path, ns=(then, then))


def counting() -> Callable[[], int]:
    """Answers 1, 2, 3…"""
    asked: list[int] = []

    def ask() -> int:
        asked.append(0)
        return len(asked)

    return ask


def test_as_long_as_a_file_is_the_same_it_is_asked_once(file: Path) -> None:
    known, ask = Unchanged([file, file.with_name("none")]), counting()
    assert [known.of(ask) for _ in range(3)] == [1, 1, 1]


def test_a_change_of_time_or_size_and_a_new_file_ask_again(file: Path) -> None:
    log = file.with_name("log")
    known, ask = Unchanged([file, log]), counting()
    known.of(ask)
    age(file, 5)
    assert known.of(ask) == 2
    file.write_text("ab")
    age(file, 5)
    assert known.of(ask) == 3
    log.write_text("")
    age(log, 5)
    assert known.of(ask) == 4


def test_a_file_written_just_now_may_change_again_within_one_tick_of_its_clock(file: Path) -> None:
    known, ask = Unchanged([file]), counting()
    age(file, SETTLED / 1e9 / 10)
    assert [known.of(ask) for _ in range(2)] == [1, 2]


def test_without_the_files_it_is_always_asked(tmp_path: Path) -> None:
    known, ask = Unchanged([tmp_path / "none"]), counting()
    assert [known.of(ask) for _ in range(2)] == [1, 2]
