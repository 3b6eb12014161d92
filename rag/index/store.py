"""The catalog's file: its layout, its connections, and what goes wrong with it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import CatalogError
from rag.index.memory import Memory

VERSION = 2
# Positions are kept (detail = full): without them bm25() cuts every matching row into terms again.
_SCHEMA = """
CREATE TABLE filings (
    id TEXT PRIMARY KEY, source TEXT NOT NULL UNIQUE, title TEXT, company TEXT, ticker TEXT, kind TEXT,
    date TEXT, aliases TEXT, periods TEXT, version TEXT, short_forms TEXT, characters INTEGER, added TEXT
);
CREATE TABLE pages (
    filing TEXT NOT NULL REFERENCES filings(id) ON DELETE CASCADE, position INTEGER, label TEXT, blocks TEXT,
    PRIMARY KEY (filing, position)
) WITHOUT ROWID;
CREATE TABLE passages (
    rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    filing TEXT NOT NULL REFERENCES filings(id) ON DELETE CASCADE,
    pages TEXT, page_starts TEXT, section TEXT, kind TEXT, text TEXT, speaker TEXT, item TEXT,
    embedded INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX passages_filing ON passages(filing);
CREATE INDEX passages_pending ON passages(embedded) WHERE embedded = 0;
CREATE VIRTUAL TABLE search USING fts5(
    head, section, caption, body, tokenize = "unicode61 remove_diacritics 0 tokenchars '.-/%'"
);
CREATE TABLE vocabulary (
    term TEXT, filing TEXT REFERENCES filings(id) ON DELETE CASCADE, passages INTEGER NOT NULL,
    PRIMARY KEY (term, filing)
) WITHOUT ROWID;
CREATE INDEX vocabulary_filing ON vocabulary(filing);
CREATE TABLE doomed (id TEXT PRIMARY KEY);
"""


class Store:
    """One SQLite file. Every thread gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._written = 0
        self._memory = Memory()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._guarded():
            self._prepare()

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _prepare(self) -> None:
        db = self._db()
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            db.execute("PRAGMA journal_mode = WAL")
            with db:
                db.execute("BEGIN IMMEDIATE")
                if db.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in _SCHEMA.split(";\n"):
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            raise CatalogError(
                f"{self.path}: made by another version (layout {version}, this one is {VERSION}); "
                "ingest into a new home folder"
            )

    def _db(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=20)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            self._local.connection = connection
            self._local.seen = None
        return connection

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._guarded(), self._db() as db:
                yield db
        finally:
            self._written += 1

    def _remembered(self) -> Memory:
        """What was read since the catalog last changed; empty after any process has written to it.

        A connection is told of others' changes only, and only in comparison with what itself was
        told before. What was read before a change stays in the memory of before.
        """
        with self._guarded():
            told = self._db().execute("PRAGMA data_version").fetchone()[0]
        seen = (told, self._written)
        if self._local.seen != seen:
            self._local.seen = seen
            self._memory = Memory()
        return self._memory

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise CatalogError(
                f"{self.path}: {error}; run `filings doctor`, or move the file away and ingest again"
            ) from error

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        with self._guarded():
            return self._db().execute(sql, tuple(values)).fetchall()

    def _one(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        rows = self._all(sql, values)
        return rows[0] if rows else None
