"""Which passages wait for their vectors, and which vectors wait to be deleted."""

from __future__ import annotations

from collections.abc import Iterable

from rag.index.store import Store


class Pending(Store):
    """The catalog's notes on vectors."""

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
