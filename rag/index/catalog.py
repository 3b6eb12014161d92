"""The catalog: the one truth about filings, their pages and passages, in SQLite with FTS5.

A filing, its pages, its passages and their search terms enter in one transaction, so a filing is
searchable when it is there at all. Vectors are only remembered as done or not done here; ids of
vectors to delete wait in a table of their own until Chroma has let them go.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from rag.errors import UnknownFiling
from rag.index.lexical import COLUMNS, Lexical
from rag.index.memory import kept
from rag.index.pending import Pending
from rag.index.rows import (
    filing_ref,
    page_from_json,
    page_json,
    passage_from_row,
    passage_row,
    ref_row,
)
from rag.types import Filing, FilingRef, FilingState, Page, Passage


class Catalog(Lexical, Pending):
    """The catalog in one SQLite file. Every thread gets a connection of its own."""

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
        memory = self._remembered()
        if not memory.refs:
            rows = self._all("SELECT * FROM filings ORDER BY rowid")
            memory.refs = [filing_ref(row) for row in rows]
        return list(memory.refs)

    def short_forms(self, filing_id: str) -> dict[str, str]:
        """Short forms that a filing defines, each with what it stands for."""
        known = self._remembered().short_forms
        if filing_id not in known:
            row = self._one("SELECT short_forms FROM filings WHERE id = ?", (filing_id,))
            known[filing_id] = dict(json.loads(row["short_forms"])) if row else {}
        return dict(known[filing_id])

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
        return kept(self._remembered().passages, ids, self._passages)

    def _passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        found: dict[str, Passage] = {}
        refs = {ref.id: ref for ref in self.refs()}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            marks = ",".join("?" * len(part))
            for row in self._all(f"SELECT * FROM passages WHERE id IN ({marks})", part):
                if row["filing"] in refs:  # else it came or went between the two readings
                    found[row["id"]] = passage_from_row(row, refs[row["filing"]])
        return found

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

    def count(self) -> tuple[int, int]:
        """(filings, passages)."""
        row = self._one(
            "SELECT (SELECT count(*) FROM filings) AS f, (SELECT count(*) FROM passages) AS p"
        )
        return (int(row["f"]), int(row["p"])) if row else (0, 0)

    def check(self) -> list[str]:
        """Problems that SQLite finds in the file; empty when it is sound."""
        rows = self._all("PRAGMA quick_check")
        return [row[0] for row in rows if row[0] != "ok"]


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
