"""Time-outs on a stream that may block anywhere: the source is read in a thread of its own.

A read time-out of the HTTP client is not enough: an endpoint that sends keep-alive comments, or a
model in this process that is still reading its prompt, blocks without any byte being missed.
"""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Piece = TypeVar("Piece")


class Silence(Exception):
    """Nothing came for `seconds`; `begun` tells whether something had come before."""

    def __init__(self, seconds: float, *, begun: bool) -> None:
        super().__init__(f"nothing for {seconds:g} s")
        self.seconds = seconds
        self.begun = begun


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


_END = object()


def watched(
    source: Callable[[], Iterable[Piece]], *, timeout: float, total: float
) -> Iterator[Piece]:
    """What `source()` yields, or :class:`Silence` after `timeout` seconds without a piece.

    `total` seconds bound the whole stream. Errors of the source are raised here. When the caller
    stops early the source is closed at its next piece. The thread starts from an empty context:
    no tracer or callback of a surrounding program sees what is read.
    """
    pieces: queue.Queue[object] = queue.Queue()
    stopped = threading.Event()
    reader = threading.Thread(
        target=contextvars.Context().run,
        args=(_read, source, pieces, stopped),
        name="filings-model",
        daemon=True,
    )
    reader.start()
    try:
        yield from _pieces(pieces, timeout, time.monotonic() + total)
    finally:
        stopped.set()


def _read(
    source: Callable[[], Iterable[Piece]], pieces: queue.Queue[object], stopped: threading.Event
) -> None:
    try:
        stream = iter(source())
        for piece in stream:
            if stopped.is_set():
                break
            pieces.put(piece)
        close = getattr(stream, "close", None)
        if close is not None:
            close()
        pieces.put(_END)
    except Exception as error:  # noqa: BLE001 - handed over and raised in the caller's thread
        pieces.put(_Failed(error))


def _pieces(pieces: queue.Queue[object], timeout: float, deadline: float) -> Iterator[Piece]:
    begun = False
    while True:
        patience = min(timeout, deadline - time.monotonic())
        try:
            piece = pieces.get(timeout=max(patience, 0.001))
        except queue.Empty:
            raise Silence(timeout, begun=begun) from None
        if piece is _END:
            return
        if isinstance(piece, _Failed):
            raise piece.error
        begun = True
        yield piece  # type: ignore[misc]
