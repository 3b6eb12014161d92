"""The catalog: the one truth about filings, their pages and passages, in SQLite with FTS5.

A filing, its pages, its passages and their search terms enter in one transaction, so a filing is
searchable when it is there at all. Vectors are only remembered as done or not done here; ids of
vectors to delete wait in a table of their own until Chroma has let them go.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import CatalogError, UnknownFiling
from rag.index.rows import (
    filing_ref,
    page_from_json,
    page_json,
    passage_from_row,
    passage_row,
    ref_row,
)
from rag.types import Filing, FilingRef, FilingState, Page, Passage

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
COLUMNS = ("head", "section", "caption", "body")
HEAD, SECTION, CAPTION, BODY = 0.4, 0.6, 1.0, 1.0
"""Weights of the columns of the lexical index in BM25."""


_WHOLE = re.compile(r"[\w.\-/%]+")
"""Terms that the tokenizer keeps in one piece, as all of ours are."""


class Catalog:
    """The catalog in one SQLite file. Every thread gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._guarded():
            self._prepare()

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def add(
        self,
        filing: Filing,
        passages: Sequence[tuple[Passage, Mapping[str, str]]],
        *,
        replaces: str | None = None,
    ) -> None:
        """Store a filing with its passages, each with its search terms by column.

        The terms are space-separated strings under "head", "section" and "body". With `replaces`
        the filing of that id leaves in the same transaction.
        """
        with self._write() as db:
            if replaces is not None:
                _delete(db, replaces)
            db.execute(
                "INSERT INTO filings VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (*ref_row(filing), sum(len(p.text) for p, _ in passages), _now()),
            )
            db.executemany(
                "INSERT INTO pages VALUES (?,?,?,?)",
                ((filing.id, page.index, page.label, page_json(page)) for page in filing.pages),
            )
            _count_terms(db, filing.id, (columns for _, columns in passages))
            for passage, columns in passages:
                cursor = db.execute(
                    "INSERT INTO passages(id, filing, pages, page_starts, section, kind, text, speaker, item)"
                    " VALUES (?,?,?,?,?,?,?,?,?)",
                    passage_row(passage),
                )
                db.execute(
                    "INSERT INTO search(rowid, head, section, caption, body) VALUES (?,?,?,?,?)",
                    (cursor.lastrowid, *(columns[name] for name in COLUMNS)),
                )

    def remove(self, filing_id: str) -> None:
        """Forget a filing; its vectors are listed for deletion. Raises UnknownFiling."""
        self.ref(filing_id)
        with self._write() as db:
            _delete(db, filing_id)

    def ref(self, filing_id: str) -> FilingRef:
        """What a filing is. Raises UnknownFiling."""
        row = self._one("SELECT * FROM filings WHERE id = ?", (filing_id,))
        if row is None:
            raise UnknownFiling(f"no filing {filing_id!r}; `filings list` shows the ids")
        return filing_ref(row)

    def refs(self) -> list[FilingRef]:
        """All filings, in the order of their ingest."""
        return [filing_ref(row) for row in self._all("SELECT * FROM filings ORDER BY rowid")]

    def short_forms(self, filing_id: str) -> dict[str, str]:
        """Short forms that a filing defines, each with what it stands for."""
        row = self._one("SELECT short_forms FROM filings WHERE id = ?", (filing_id,))
        return dict(json.loads(row["short_forms"])) if row else {}

    def states(self) -> list[FilingState]:
        """All filings with their sizes and how many of their passages have vectors."""
        rows = self._all(
            "SELECT f.*, (SELECT count(*) FROM pages WHERE filing = f.id) AS page_count,"
            " (SELECT count(*) FROM passages WHERE filing = f.id) AS passage_count,"
            " (SELECT count(*) FROM passages WHERE filing = f.id AND embedded) AS embedded_count"
            " FROM filings f ORDER BY f.rowid"
        )
        return [
            FilingState(
                ref=filing_ref(row),
                pages=row["page_count"],
                passages=row["passage_count"],
                embedded=row["embedded_count"],
                characters=row["characters"],
                added=row["added"],
            )
            for row in rows
        ]

    def id_of_source(self, source: str) -> str | None:
        """The id of the filing ingested from `source`, or None."""
        row = self._one("SELECT id FROM filings WHERE source = ?", (source,))
        return str(row["id"]) if row else None

    def page(self, filing_id: str, index: int) -> Page:
        """A page by its index from 0. Raises UnknownFiling where there is none."""
        row = self._one("SELECT * FROM pages WHERE filing = ? AND position = ?", (filing_id, index))
        if row is None:
            self.ref(filing_id)
            raise UnknownFiling(f"filing {filing_id} has no page {index}")
        return page_from_json(row["label"], row["position"], row["blocks"])

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by id, in the order of `ids`; unknown ids are left out."""
        found: dict[str, Passage] = {}
        refs: dict[str, FilingRef] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            marks = ",".join("?" * len(part))
            for row in self._all(f"SELECT * FROM passages WHERE id IN ({marks})", part):
                if row["filing"] not in refs:
                    refs[row["filing"]] = self.ref(row["filing"])
                found[row["id"]] = passage_from_row(row, refs[row["filing"]])
        return {i: found[i] for i in ids if i in found}

    def passages_of(self, filing_id: str) -> list[Passage]:
        """All passages of a filing in reading order. Raises UnknownFiling."""
        ref = self.ref(filing_id)
        rows = self._all("SELECT * FROM passages WHERE filing = ? ORDER BY rowid", (filing_id,))
        return [passage_from_row(row, ref) for row in rows]

    def neighbours(self, passage_id: str, reach: int = 1) -> list[Passage]:
        """The passages of the same filing within `reach` places, in reading order, itself included."""
        row = self._one("SELECT rowid, filing FROM passages WHERE id = ?", (passage_id,))
        if row is None:
            return []
        ref = self.ref(row["filing"])
        rows = self._all(
            "SELECT * FROM passages WHERE filing = ? AND rowid BETWEEN ? AND ? ORDER BY rowid",
            (row["filing"], row["rowid"] - reach, row["rowid"] + reach),
        )
        return [passage_from_row(r, ref) for r in rows]

    def lexical(
        self, terms: Sequence[str], k: int, *, filings: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` best passages for any of the terms: (passage id, BM25 score, higher is better)."""
        whole = [term for term in terms if _WHOLE.fullmatch(term)]
        if not whole or (filings is not None and not filings):
            return []
        match = " OR ".join(f'"{term}"' for term in whole)
        found: list[tuple[str, float]] = []
        for where, values in self._row_ranges(filings):
            rows = self._all(
                "SELECT p.id, f.score FROM (SELECT rowid,"
                f" bm25(search, {HEAD}, {SECTION}, {CAPTION}, {BODY}) AS score FROM search"
                f" WHERE search MATCH ?{where} ORDER BY score LIMIT ?) f"
                " JOIN passages p ON p.rowid = f.rowid ORDER BY f.score",
                (match, *values, k),
            )
            found += [(row["id"], -row["score"]) for row in rows]
        found.sort(key=lambda item: -item[1])
        return found[:k]

    def _row_ranges(self, filings: Sequence[str] | None) -> list[tuple[str, tuple[int, ...]]]:
        """Conditions on the rows of `search`: a filing's passages lie side by side, as they were
        stored in one transaction, so a range of rows is the filing."""
        if filings is None:
            return [("", ())]
        ranges: list[tuple[str, tuple[int, ...]]] = []
        for filing in filings:
            row = self._one(
                "SELECT min(rowid) AS a, max(rowid) AS b FROM passages WHERE filing = ?", (filing,)
            )
            if row is not None and row["a"] is not None:
                ranges.append((" AND rowid BETWEEN ? AND ?", (row["a"], row["b"])))
        return ranges

    def indexed(self, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """The search terms of passages by column, as they were stored; unknown ids are left out."""
        found: dict[str, dict[str, str]] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._all(
                f"SELECT p.id, s.head, s.section, s.caption, s.body FROM passages p"
                f" JOIN search s ON s.rowid = p.rowid WHERE p.id IN ({marks})",
                part,
            )
            found |= {row["id"]: {name: row[name] for name in COLUMNS} for row in rows}
        return found

    def frequencies(
        self, terms: Sequence[str], *, filings: Sequence[str] | None = None
    ) -> dict[str, int]:
        """In how many passages (of these filings) each term occurs; terms in none are left out."""
        found: dict[str, int] = {}
        within = "" if filings is None else f" AND filing IN ({','.join('?' * len(filings))})"
        for start in range(0, len(terms), 500):
            part = terms[start : start + 500]
            rows = self._all(
                "SELECT term, sum(passages) AS n FROM vocabulary"
                f" WHERE term IN ({','.join('?' * len(part))}){within} GROUP BY term",
                (*part, *(filings or ())),
            )
            found |= {row["term"]: int(row["n"]) for row in rows}
        return found

    def passage_count(self, filings: Sequence[str] | None = None) -> int:
        """How many passages there are (in these filings)."""
        where = "" if filings is None else f" WHERE filing IN ({','.join('?' * len(filings))})"
        row = self._one(f"SELECT count(*) AS n FROM passages{where}", filings or ())
        return int(row["n"]) if row else 0

    def count(self) -> tuple[int, int]:
        """(filings, passages)."""
        row = self._one(
            "SELECT (SELECT count(*) FROM filings) AS f, (SELECT count(*) FROM passages) AS p"
        )
        return (int(row["f"]), int(row["p"])) if row else (0, 0)

    def pending(self) -> list[str]:
        """Ids of the passages that still wait for their vectors, in the order of their ingest."""
        return [
            row["id"]
            for row in self._all("SELECT id FROM passages WHERE embedded = 0 ORDER BY rowid")
        ]

    def mark_embedded(self, ids: Iterable[str]) -> None:
        """Note that these passages have their vectors."""
        with self._write() as db:
            db.executemany("UPDATE passages SET embedded = 1 WHERE id = ?", ((i,) for i in ids))

    def mark_all_pending(self) -> None:
        """Note that no passage has a vector (the vectors are to be made anew)."""
        with self._write() as db:
            db.execute("UPDATE passages SET embedded = 0")

    def mark_pending(self, ids: Iterable[str]) -> None:
        """Note that these passages lack their vectors."""
        with self._write() as db:
            db.executemany("UPDATE passages SET embedded = 0 WHERE id = ?", ((i,) for i in ids))

    def embedded_ids(self) -> set[str]:
        """Ids of the passages that have their vectors."""
        return {row["id"] for row in self._all("SELECT id FROM passages WHERE embedded = 1")}

    def doomed(self) -> list[str]:
        """Ids whose vectors are to be deleted."""
        return [row["id"] for row in self._all("SELECT id FROM doomed")]

    def clear_doomed(self, ids: Iterable[str]) -> None:
        """Note that these vectors are gone."""
        with self._write() as db:
            db.executemany("DELETE FROM doomed WHERE id = ?", ((i,) for i in ids))

    def check(self) -> list[str]:
        """Problems that SQLite finds in the file; empty when it is sound."""
        rows = self._all("PRAGMA quick_check")
        return [row[0] for row in rows if row[0] != "ok"]

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
        return connection

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._guarded(), self._db() as db:
            yield db

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


def _delete(db: sqlite3.Connection, filing_id: str) -> None:
    """Take a filing out; the vectors of its passages are noted for deletion."""
    db.execute(
        "INSERT OR IGNORE INTO doomed SELECT id FROM passages WHERE filing = ?", (filing_id,)
    )
    db.execute(
        "DELETE FROM search WHERE rowid IN (SELECT rowid FROM passages WHERE filing = ?)",
        (filing_id,),
    )
    db.execute("DELETE FROM filings WHERE id = ?", (filing_id,))


def _count_terms(db: sqlite3.Connection, filing: str, columns: Iterable[Mapping[str, str]]) -> None:
    """Note in how many passages of a filing each term stands."""
    counts: Counter[str] = Counter()
    for row in columns:
        counts.update({term for name in COLUMNS[1:] for term in row[name].split()})
    db.executemany(
        "INSERT INTO vocabulary VALUES (?, ?, ?)",
        ((term, filing, n) for term, n in counts.items()),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
