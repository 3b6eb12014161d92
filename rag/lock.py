"""One writer at a time: a lock file under the home folder that a second writer meets at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import AlreadyWriting


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Hold the write lock, or raise AlreadyWriting without waiting. A killed writer lets go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise AlreadyWriting(
            f"another process is writing to {path.parent}; wait until it has finished, "
            "or stop it and try again (nothing is lost)"
        ) from error
    try:
        yield
    finally:
        lock.release()
