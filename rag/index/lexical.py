"""Search by words in the catalog: candidates from FTS5, and what the scores are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.index.memory import PassageTerms, kept
from rag.index.store import Store

COLUMNS = ("head", "section", "caption", "body")
HEAD, SECTION, CAPTION, BODY = 0.4, 0.6, 1.0, 1.0
"""Weights of the columns of the lexical index in BM25."""


_WHOLE = re.compile(r"[\w.\-/%]+")
"""Terms that the tokenizer keeps in one piece, as all of ours are."""


class Lexical(Store):
    """The catalog's index of words."""

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
            if (rows := self._rows(filing)) is not None:
                ranges.append((" AND rowid BETWEEN ? AND ?", rows))
        return ranges

    def _rows(self, filing: str) -> tuple[int, int] | None:
        """The first and the last row of a filing; None where it has no passages."""
        known = self._remembered().rows
        if filing not in known:
            row = self._one(
                "SELECT min(rowid) AS a, max(rowid) AS b FROM passages WHERE filing = ?", (filing,)
            )
            known[filing] = None if row is None or row["a"] is None else (row["a"], row["b"])
        return known[filing]

    def indexed(self, ids: Sequence[str]) -> dict[str, PassageTerms]:
        """The search terms of passages, in the order of their ids; unknown ids are left out."""
        return kept(self._remembered().terms, sorted(ids), self._indexed)

    def _indexed(self, ids: Sequence[str]) -> dict[str, PassageTerms]:
        found: dict[str, PassageTerms] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._all(
                f"SELECT p.id, s.head, s.section, s.caption, s.body FROM passages p"
                f" JOIN search s ON s.rowid = p.rowid WHERE p.id IN ({marks})",
                part,
            )
            found |= {row["id"]: PassageTerms.stored(row[name] for name in COLUMNS) for row in rows}
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
        known = self._remembered().counts
        scope = None if filings is None else tuple(filings)
        if scope not in known:
            where = "" if filings is None else f" WHERE filing IN ({','.join('?' * len(filings))})"
            row = self._one(f"SELECT count(*) AS n FROM passages{where}", filings or ())
            known[scope] = int(row["n"]) if row else 0
        return known[scope]

    def stating(self, terms: Sequence[str], *, filings: Sequence[str]) -> dict[str, set[str]]:
        """Which of the terms stand in each of these filings; filings with none are left out."""
        found: dict[str, set[str]] = {}
        marks = ",".join("?" * len(terms))
        for start in range(0, len(filings), 500):
            part = filings[start : start + 500]
            rows = self._all(
                f"SELECT filing, term FROM vocabulary WHERE term IN ({marks})"
                f" AND filing IN ({','.join('?' * len(part))})",
                (*terms, *part),
            )
            for row in rows:
                found.setdefault(row["filing"], set()).add(row["term"])
        return found
