"""Who may come in: hashed passwords, and a pause after wrong ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from rag.errors import SettingsError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SHORTEST_PASSWORD = 8
TRIES, PAUSE = 10, 60.0
"""After this many wrong passwords for a name, it has to wait this many seconds."""
_COST = {"n": 2**14, "r": 8, "p": 1}


def hash_password(password: str) -> str:
    """`scrypt$salt$hash` in base64; SettingsError for one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise SettingsError(
            f"the password is too short; use {SHORTEST_PASSWORD} characters or more"
        )
    salt = os.urandom(16)
    return f"scrypt${_text(salt)}${_text(_scrypt(password, salt))}"


def fits(password: str, stored: str) -> bool:
    """Whether a password is the one that was hashed."""
    kind, salt, wanted = [*stored.split("$"), "", ""][:3]
    if kind != "scrypt":
        return False
    given = _scrypt(password, base64.b64decode(salt))
    return hmac.compare_digest(given, base64.b64decode(wanted))


def read_users(path: Path) -> dict[str, str]:
    """Users of a password file, one `name:hash` a line. SettingsError names a wrong line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read ({error.strerror}); make it with"
            f" `filings ui --add-user NAME --password-file {path}`"
        ) from error
    users: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            name, _, stored = line.partition(":")
            if not stored.startswith("scrypt$"):
                raise SettingsError(
                    f"{path}, line {number}: no hashed password; add the user with"
                    f" `filings ui --add-user {name or 'NAME'} --password-file {path}`"
                )
            users[name.strip()] = stored.strip()
    if not users:
        raise SettingsError(f"{path}: names no user; add one with `filings ui --add-user NAME`")
    return users


def add_user(path: Path, name: str, password: str) -> None:
    """Add a user to a password file, or change the password; the file is for its owner alone."""
    if not name.strip() or ":" in name:
        raise SettingsError(f"{name!r} cannot be a user's name; leave out colons")
    users = read_users(path) if path.exists() and path.read_text().strip() else {}
    users[name.strip()] = hash_password(password)
    path.touch(mode=0o600, exist_ok=True)
    path.write_text("".join(f"{n}:{stored}\n" for n, stored in users.items()), encoding="utf-8")


class Gate:
    """Checks names and passwords. Unknown names cost as much time as known ones."""

    def __init__(
        self, users: Mapping[str, str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._users = dict(users)
        self._clock = clock
        self._wrong: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._nobody = hash_password("nobody has this password")

    def __call__(self, name: str, password: str) -> bool:
        """Whether `name` may come in with `password`."""
        count, last = self._wrong.get(name, (0, 0.0))
        if count >= TRIES and self._clock() - last < PAUSE:
            return False
        good = fits(password, self._users.get(name, self._nobody)) and name in self._users
        with self._lock:
            if good:
                self._wrong.pop(name, None)
            else:
                again = count + 1 if self._clock() - last < PAUSE or count < TRIES else 1
                self._wrong[name] = (again, self._clock())
                if len(self._wrong) > 10_000:
                    self._wrong.pop(next(iter(self._wrong)))
        return good


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, **_COST)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
