"""Ask again only when files have changed, and know who changed them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

SETTLED = 100_000_000
"""Nanoseconds after which a second change shows in a file's time: clocks of file systems are coarse."""

State = tuple[tuple[int, int], ...]


class Unchanged:
    """A number that holds as long as some files do: counting the vectors of a large collection takes
    longer than finding the nearest, and looking at its files takes microseconds."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._last: tuple[State, int] | None = None

    def of(self, ask: Callable[[], int]) -> int:
        """What `ask` says, or said when the files were as they are now."""
        state = self._state()
        if self._last is not None and self._last[0] == state:
            return self._last[1]
        answer = ask()
        settled = state and max(state)[0] < time.time_ns() - SETTLED
        self._last = (state, answer) if settled else None
        return answer

    def quiet(self) -> float:
        """Seconds since the last change; none without the files."""
        state = self._state()
        return (time.time_ns() - max(state)[0]) / 1e9 if state else 0.0

    def _state(self) -> State:
        """Time and size of each file that there is."""
        found = []
        for file in self._files:
            with suppress(FileNotFoundError):
                stat = file.stat()
                found.append((stat.st_mtime_ns, stat.st_size))
        return tuple(found)


class Writes:
    """A file with one byte for each write to a store: whether others have written is seen from its
    size, in microseconds, and no write is lost however many processes append."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known = 0
        self.catch_up()

    def catch_up(self) -> None:
        """Take all writes until now as known."""
        self._known = self._total()

    def add(self) -> None:
        """Note a write of one's own, which is known."""
        with self._file.open("ab") as file:
            file.write(b".")
        self._known += 1

    def by_others(self) -> bool:
        """Whether there were writes that are not known."""
        return self._total() != self._known

    def _total(self) -> int:
        try:
            return self._file.stat().st_size
        except FileNotFoundError:
            return 0
