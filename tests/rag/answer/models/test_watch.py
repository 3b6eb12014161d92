"""A stream that may block anywhere is read with patience, in a thread of its own."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Iterator

import pytest

from rag.answer.models.watch import Silence, watched

WHO = contextvars.ContextVar("WHO", default="nobody")


def test_pieces_pass_in_order() -> None:
    assert list(watched(lambda: range(50), timeout=1, total=5)) == list(range(50))


def test_silence_before_the_first_piece_and_after_it_are_told_apart() -> None:
    with pytest.raises(Silence) as raised:
        list(watched(lambda: (time.sleep(1) for _ in range(2)), timeout=0.05, total=5))
    assert not raised.value.begun

    def late() -> Iterator[int]:
        yield 1
        time.sleep(1)

    with pytest.raises(Silence) as raised:
        list(watched(late, timeout=0.05, total=5))
    assert raised.value.begun


def test_a_trickle_cannot_go_on_for_ever() -> None:
    def trickle() -> Iterator[int]:
        while True:
            time.sleep(0.01)
            yield 1

    began = time.monotonic()
    with pytest.raises(Silence):
        list(watched(trickle, timeout=1, total=0.1))
    assert time.monotonic() - began < 1


def test_errors_of_the_source_are_raised_here() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise KeyError("choices")

    pieces = watched(broken, timeout=1, total=5)
    assert next(pieces) == 1
    with pytest.raises(KeyError, match="choices"):
        next(pieces)


def test_a_caller_that_stops_closes_the_source() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                time.sleep(0.005)
                yield 1
        finally:
            closed.set()

    pieces = watched(endless, timeout=1, total=5)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert closed.wait(2)


def test_the_source_sees_nothing_of_the_callers_context() -> None:
    WHO.set("tracer")
    assert list(watched(lambda: [WHO.get()], timeout=1, total=5)) == ["nobody"]
