"""How many programs are answered at a time, beside those who sit at the browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import FilingsError


class Busy(FilingsError):
    """More requests than are answered or may wait."""


class Turnstile:
    """Lets `at_once` callers through, makes `waiting` more wait, and turns the others away."""

    def __init__(self, at_once: int = 4, waiting: int = 16, patience: float = 120.0) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._room = threading.BoundedSemaphore(at_once + waiting)
        self._patience = patience
        self._lock = threading.Lock()
        self.inside = 0
        """How many are being answered or wait."""

    @contextmanager
    def through(self) -> Iterator[None]:
        """Wait for a place and hold it; raises Busy."""
        if not self._room.acquire(blocking=False):
            raise Busy("too many requests are waiting; try again in a minute")
        self._count(1)
        try:
            if not self._places.acquire(timeout=self._patience):
                raise Busy(f"no free place within {self._patience:g} s; try again in a minute")
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._count(-1)
            self._room.release()

    def _count(self, change: int) -> None:
        with self._lock:
            self.inside += change
