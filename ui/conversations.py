"""Conversations on disk: one SQLite file, each conversation a list of turns.

A turn is written when its question is asked and completed when the answer is there, so a question
whose answer was interrupted is still known. Deleting only marks; `restore` takes it back.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import CatalogError
from rag.types import Answer
from ui.serial import from_json, to_json

LONGEST_TITLE = 60
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations(
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
    updated TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS turns(
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT, draft TEXT NOT NULL DEFAULT '',
    scope TEXT NOT NULL DEFAULT '', asked TEXT NOT NULL, verdict TEXT NOT NULL DEFAULT '',
    record TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS turns_of ON turns(conversation, position);
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer; `answer` is None while it is missing, `draft` what was stopped.

    `scope` says in words what the question was limited to, `verdict` is "up", "down" or "".
    `record` has what an auditor needs to repeat the answer, as it was when it was given.
    """

    id: str
    question: str
    answer: Answer | None
    draft: str
    scope: str
    asked: str
    verdict: str
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in a list, without its turns."""

    id: str
    title: str
    updated: str
    turns: int
    deleted: bool


class Conversations:
    """The store. Every method may be called from any thread; `owner` is a user's name or ""."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, timeout=10)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.executescript(_SCHEMA)
            _add_what_is_missing(self._db)
        except sqlite3.Error as error:
            raise CatalogError(
                f"{path}: the conversations cannot be opened ({error}); move this file away"
            ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def start(self, owner: str, title: str) -> str:
        """A new conversation; its id."""
        identity = uuid.uuid4().hex
        with self._write() as db:
            db.execute(
                "INSERT INTO conversations(id, owner, title, updated) VALUES (?,?,?,?)",
                (identity, owner, _short(title), _now()),
            )
        return identity

    def ask(self, conversation: str, question: str, *, scope: str = "") -> str:
        """Add a turn that waits for its answer; its id."""
        identity = uuid.uuid4().hex
        with self._write() as db:
            db.execute(
                "INSERT INTO turns(id, conversation, position, question, scope, asked) SELECT"
                " ?, ?, coalesce(max(position), -1) + 1, ?, ?, ? FROM turns WHERE conversation = ?",
                (identity, conversation, question, scope, _now(), conversation),
            )
            _touch(db, conversation)
        return identity

    def complete(self, turn: str, answer: Answer, record: Mapping[str, Any] | None = None) -> None:
        """Store the answer of a turn, with the `record` for its memo."""
        kept = json.dumps(dict(record or {}), ensure_ascii=False)
        with self._write() as db:
            db.execute(
                "UPDATE turns SET answer = ?, draft = '', record = ? WHERE id = ?",
                (to_json(answer), kept, turn),
            )

    def stop(self, turn: str, draft: str) -> None:
        """Keep what was written of an answer that was stopped."""
        with self._write() as db:
            db.execute("UPDATE turns SET draft = ? WHERE id = ? AND answer IS NULL", (draft, turn))

    def judge(self, turn: str, verdict: str) -> None:
        """Keep a thumb: "up", "down" or "" for none."""
        with self._write() as db:
            db.execute("UPDATE turns SET verdict = ? WHERE id = ?", (verdict, turn))

    def cut(self, conversation: str, turn: str) -> None:
        """Remove a turn and all after it (its question is asked anew)."""
        with self._write() as db:
            db.execute(
                "DELETE FROM turns WHERE conversation = ? AND position >="
                " (SELECT position FROM turns WHERE id = ? AND conversation = ?)",
                (conversation, turn, conversation),
            )

    def turns(self, owner: str, conversation: str) -> tuple[Turn, ...]:
        """The turns in order; none where the conversation is unknown or somebody else's."""
        rows = self._all(
            "SELECT t.* FROM turns t JOIN conversations c ON c.id = t.conversation"
            " WHERE c.id = ? AND c.owner = ? ORDER BY t.position",
            (conversation, owner),
        )
        return tuple(_turn(row) for row in rows)

    def turn(self, owner: str, turn: str) -> Turn | None:
        """A turn by its id, if it belongs to `owner`."""
        rows = self._all(
            "SELECT t.* FROM turns t JOIN conversations c ON c.id = t.conversation"
            " WHERE t.id = ? AND c.owner = ?",
            (turn, owner),
        )
        return _turn(rows[0]) if rows else None

    def owns(self, owner: str, conversation: str) -> bool:
        """Whether the conversation exists, belongs to `owner` and is not deleted."""
        sql = "SELECT 1 FROM conversations WHERE id = ? AND owner = ? AND NOT deleted"
        return bool(self._all(sql, (conversation, owner)))

    def listed(self, owner: str) -> tuple[Conversation, ...]:
        """An owner's conversations, the latest first, deleted ones marked."""
        rows = self._all(
            "SELECT c.*, (SELECT count(*) FROM turns WHERE conversation = c.id) AS turns"
            " FROM conversations c WHERE owner = ? ORDER BY updated DESC, rowid DESC",
            (owner,),
        )
        return tuple(
            Conversation(r["id"], r["title"], r["updated"], r["turns"], bool(r["deleted"]))
            for r in rows
        )

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Give a conversation another title."""
        if title.strip():
            self._set(owner, conversation, "title", _short(title))

    def delete(self, owner: str, conversation: str) -> None:
        """Mark a conversation as deleted."""
        self._set(owner, conversation, "deleted", 1)

    def restore(self, owner: str, conversation: str) -> None:
        """Take a deletion back."""
        self._set(owner, conversation, "deleted", 0)

    def _set(self, owner: str, conversation: str, column: str, value: str | int) -> None:
        with self._write() as db:
            db.execute(
                f"UPDATE conversations SET {column} = ? WHERE id = ? AND owner = ?",
                (value, conversation, owner),
            )

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._db:
            yield self._db

    def _all(self, sql: str, values: tuple[str, ...]) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()


def _add_what_is_missing(db: sqlite3.Connection) -> None:
    """Files of the first layout have no records."""
    if "record" not in {row["name"] for row in db.execute("PRAGMA table_info(turns)")}:
        db.execute("ALTER TABLE turns ADD COLUMN record TEXT NOT NULL DEFAULT '{}'")


def _turn(row: sqlite3.Row) -> Turn:
    answer = from_json(row["answer"]) if row["answer"] else None
    return Turn(
        row["id"],
        row["question"],
        answer,
        row["draft"],
        row["scope"],
        row["asked"],
        row["verdict"],
        json.loads(row["record"]),
    )


def _touch(db: sqlite3.Connection, conversation: str) -> None:
    db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (_now(), conversation))


def _short(title: str) -> str:
    title = " ".join(title.split())
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
