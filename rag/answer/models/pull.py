"""`filings models pull NAME`: a GGUF file from a hub, resumed where it stopped, checked at the end.

The hub's address is FILINGS_MODEL_HUB (a mirror, a server of your own). It serves files as
`{hub}/{owner}/{repository}/resolve/main/{file}` and tells a file's SHA-256 in a header, as Hugging
Face and its mirrors do; a plain file server does as well when the checksum is given.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from rag.errors import ModelError, SettingsError

if TYPE_CHECKING:
    import httpx

HUB = "https://huggingface.co"
NAMES = {
    "qwen2.5-0.5b": "Qwen/Qwen2.5-0.5B-Instruct-GGUF/qwen2.5-0.5b-instruct-q4_k_m.gguf",
    "qwen2.5-1.5b": "Qwen/Qwen2.5-1.5B-Instruct-GGUF/qwen2.5-1.5b-instruct-q4_k_m.gguf",
    "qwen2.5-3b": "Qwen/Qwen2.5-3B-Instruct-GGUF/qwen2.5-3b-instruct-q4_k_m.gguf",
    "qwen3-4b": "Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf",
    "qwen3-8b": "Qwen/Qwen3-8B-GGUF/Qwen3-8B-Q4_K_M.gguf",
}
"""Short names of models that answer in Chinese and English, smallest first."""

Pulled = Callable[[int, int], None]
"""Called with (bytes there, bytes in all; 0 when the hub does not tell)."""

_PATH = re.compile(r"[\w.-]+/[\w.-]+/(?:[\w.-]+/)*[\w.-]+\.gguf", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TRIES = 5
_REDIRECTS = 5
_PATIENCE = 60.0
"""Seconds without a byte before a connection counts as lost."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    url: str
    target: Path
    sha256: str
    size: int
    """Bytes; 0 when the hub does not tell."""

    @property
    def part(self) -> Path:
        """Where the bytes gather; named after the checksum, so that another version starts anew."""
        return self.target.with_name(f"{self.target.name}.{self.sha256[:12]}.part")


def pull(
    name: str, folder: Path, *, hub: str = "", sha256: str = "", progress: Pulled | None = None
) -> Path:
    """Fetch a model into `folder` and return its path; at once when it is there already.

    `name` is one of :data:`NAMES` or `owner/repository/file.gguf`. `sha256` overrides the hub's own
    word; without either nothing is fetched, for a file that nobody vouches for cannot be checked.
    Raises :class:`SettingsError` for a name or address, :class:`ModelError` for the hub.
    """
    path = NAMES.get(name.lower(), name)
    if not _PATH.fullmatch(path) or ".." in path:
        raise SettingsError(
            f"no model is called {name!r}; use {', '.join(NAMES)} or owner/repository/file.gguf"
        )
    base = (hub or os.environ.get("FILINGS_MODEL_HUB", "") or HUB).rstrip("/")
    if urlsplit(base).scheme not in ("http", "https"):
        raise SettingsError(f"FILINGS_MODEL_HUB is {base!r}; give an address like {HUB}")
    with _client() as client, _stated(base):
        wanted = _asked(client, base, path, folder=folder, sha256=sha256.lower())
        if not (wanted.target.is_file() and _digest(wanted.target) == wanted.sha256):
            _fetch(client, wanted, progress or (lambda _done, _total: None))
    return wanted.target


def _client() -> httpx.Client:
    import httpx

    return httpx.Client(timeout=httpx.Timeout(_PATIENCE, connect=15.0))


@contextmanager
def _stated(hub: str) -> Iterator[None]:
    """Failures of the network and of the disk as stated errors."""
    import httpx

    try:
        yield
    except httpx.HTTPError as error:
        raise ModelError(
            f"the model hub {hub} cannot be reached ({error or type(error).__name__}); check the "
            "network or set FILINGS_MODEL_HUB to a mirror, then run the same command to resume"
        ) from error
    except OSError as error:
        raise ModelError(
            f"{error.filename or 'the model file'} cannot be written ({error.strerror}); make room "
            "or choose another FILINGS_HOME, then run the same command to resume"
        ) from error


def _asked(client: httpx.Client, base: str, path: str, *, folder: Path, sha256: str) -> _Wanted:
    """Ask the hub about a file: its checksum and size stand in the answer or in a redirect's."""
    owner, repository, file = path.split("/", 2)
    url = f"{base}/{owner}/{repository}/resolve/main/{file}"
    at, size = url, 0
    for _ in range(_REDIRECTS):
        reply = client.head(at, headers={"Accept-Encoding": "identity"})
        if reply.status_code >= 400:
            raise ModelError(_refusal(reply.status_code, base, path))
        linked = reply.headers.get("x-linked-etag", "") or reply.headers.get("etag", "")
        told = linked.removeprefix("W/").strip('"').lower()
        sha256 = sha256 or (told if _SHA256.fullmatch(told) else "")
        size = int(reply.headers.get("x-linked-size", 0)) or size
        if not reply.is_redirect:
            size = size or int(reply.headers.get("content-length", 0))
            break
        at = urljoin(at, reply.headers["location"])
    if not _SHA256.fullmatch(sha256):
        raise ModelError(
            f"{base} does not tell the checksum of {file}; give it: "
            f"`filings models pull {path} --sha256 DIGEST`"
        )
    return _Wanted(url, folder / Path(file).name, sha256, size)


def _refusal(status: int, base: str, path: str) -> str:
    if status in (401, 403):
        return f"the model hub {base} does not give {path} to everybody ({status}); use another"
    if status == 404:
        return f"the model hub {base} has no {path} (404); check the name on the hub's page"
    return f"the model hub {base} failed ({status}); run the same command later to resume"


def _fetch(client: httpx.Client, wanted: _Wanted, progress: Pulled) -> None:
    import httpx

    wanted.target.parent.mkdir(parents=True, exist_ok=True)
    for left in reversed(range(_TRIES)):
        try:
            _receive(client, wanted, progress)
            break
        except httpx.TransportError:
            if not left:
                raise
    if _digest(wanted.part) != wanted.sha256:
        wanted.part.unlink()
        raise ModelError(
            f"{wanted.target.name} arrived damaged (its SHA-256 is not {wanted.sha256}); it was "
            "deleted, run the same command again"
        )
    wanted.part.replace(wanted.target)


def _receive(client: httpx.Client, wanted: _Wanted, progress: Pulled) -> None:
    """Append what is still missing; a hub that does not resume sends all of it again."""
    there = wanted.part.stat().st_size if wanted.part.is_file() else 0
    if wanted.size and there >= wanted.size:
        return
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={there}-"} if there else {})
    with client.stream("GET", wanted.url, headers=headers, follow_redirects=True) as reply:
        if reply.status_code == 416:
            return  # nothing is left to send; the checksum tells whether that is so
        if reply.status_code >= 400:
            raise ModelError(_refusal(reply.status_code, wanted.url, wanted.target.name))
        resumed = reply.status_code == 206
        done = there if resumed else 0
        with wanted.part.open("ab" if resumed else "wb") as file:
            for block in reply.iter_raw():
                file.write(block)
                done += len(block)
                progress(done, wanted.size)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
