"""Questions that are offered: only such as the filings have been found to answer.

Made in the background, one at a time and while nobody waits for an answer. What was found is kept
beside the index, so that the next start offers it at once, and is then tried again.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from queue import SimpleQueue

from prompts import language_of
from rag.errors import FilingsError, UnknownFiling
from rag.types import Answer, Citation, FilingRef
from ui.protocol import Workspace
from ui.starters import Candidate, candidates, near

MOST_STARTERS, MOST_FOLLOWUPS = 4, 3
PER_FILING, TRIED = 2, 8
"""Starters wanted of a filing, and how many candidates are tried for them."""
MOST_FILINGS = 8
"""Filings of a scope that starters are made of."""
PATIENCE = 3.0
"""Seconds that follow-up questions wait for others' answers before they are given up."""
KEPT_TURNS = 500

log = logging.getLogger(__name__)


class Suggestions:
    """Starters by filing and follow-ups by turn; `version` grows with every new starter."""

    def __init__(
        self, workspace: Callable[[], Workspace], path: Path, busy: Callable[[], bool]
    ) -> None:
        self._workspace = workspace
        self._path = path
        self._busy = busy
        self._lock = threading.Lock()
        self._ready: dict[str, list[str]] = _read(path)
        self._asked: set[str] = set()
        self._following: dict[str, list[str]] = {}
        self._wanted: SimpleQueue[str | None] = SimpleQueue()
        self.version = 0
        threading.Thread(target=self._work, name="filings-starters", daemon=True).start()

    def starters(self, refs: Sequence[FilingRef], lang: str) -> list[str]:
        """What is known so far for these filings, one of each in turn, the reader's language
        first; filings not yet looked at are put into the queue."""
        chosen = sorted(refs, key=lambda ref: language_of(ref.company + ref.title) != lang)
        chosen = chosen[:MOST_FILINGS]
        with self._lock:
            new = [ref.id for ref in chosen if ref.id not in self._asked]
            self._asked.update(new)
            each = [self._ready.get(ref.id, []) for ref in chosen]
        for filing in new:
            self._wanted.put(filing)
        mixed = dict.fromkeys(q for round_ in zip_longest(*each) for q in round_ if q)
        return _varied(list(mixed))[:MOST_STARTERS]

    def followups(self, turn: str) -> list[str]:
        """What was found for a turn, nothing where :meth:`follow` has not been called."""
        return self._following.get(turn, [])

    def follow(self, turn: str, answer: Answer) -> list[str]:
        """Find questions to go on with after an answer; slow (some answers are made)."""
        if turn not in self._following:
            if not self._wait(PATIENCE):
                return []
            found = self._good(near(self._workspace(), answer), MOST_FOLLOWUPS, TRIED)
            with self._lock:
                self._following[turn] = found
                while len(self._following) > KEPT_TURNS:
                    self._following.pop(next(iter(self._following)))
        return self._following[turn]

    def close(self) -> None:
        """End the worker after what it is doing."""
        self._wanted.put(None)

    def _work(self) -> None:
        while (filing := self._wanted.get()) is not None:
            try:
                self._make(filing)
            except UnknownFiling:
                continue  # removed before its turn came
            except FilingsError as error:
                log.warning("no starter questions: %s", error)
            except Exception:
                log.exception("making starter questions broke")

    def _make(self, filing: str) -> None:
        self._wait(None)
        state = self._workspace().filing(filing)
        found = self._good(candidates(self._workspace(), state), PER_FILING, TRIED)
        with self._lock:
            if self._ready.get(filing) != found:
                self._ready[filing] = found
                self.version += 1
                _write(self._path, self._ready)

    def _wait(self, seconds: float | None) -> bool:
        """Wait while others are answered, at most `seconds`; whether it is quiet now."""
        end = time.monotonic() + seconds if seconds is not None else float("inf")
        while self._busy() and time.monotonic() < end:
            time.sleep(0.1)
        return not self._busy()

    def _good(self, found: Iterable[Candidate], most: int, tried: int) -> list[str]:
        good: list[str] = []
        seen: set[str] = set()
        for candidate in found:
            if len(good) == most or len(seen) == tried:
                break
            if candidate.question not in seen and answered(self._workspace(), candidate):
                good.append(candidate.question)
            seen.add(candidate.question)
        return good


def _varied(questions: list[str]) -> list[str]:
    """Questions for different measures before a second one for the same."""
    first: dict[str, str] = {}
    for question in questions:
        first.setdefault(re.split("的|“", question)[-1], question)
    again = [question for question in questions if question not in first.values()]
    return [*first.values(), *again]


def answered(workspace: Workspace, candidate: Candidate) -> bool:
    """Whether a question is answered from where it was taken. A model is not asked: there it
    counts that the page is found among the first passages."""
    if workspace.model_name != "extractive":
        hits = workspace.search(candidate.question, 5)
        pages = {(h.passage.filing.id, index) for h in hits for _, index in h.passage.page_starts}
        return (candidate.filing, candidate.page) in pages
    answer = workspace.answer(candidate.question)
    return answer.status == "answered" and any(_rests(c, candidate) for c in answer.citations)


def _rests(citation: Citation, candidate: Candidate) -> bool:
    """Whether a citation is from the row or the section that was asked for."""
    if citation.filing_id != candidate.filing:
        return False
    wanted = _bare(candidate.words)
    return wanted in _bare(citation.quote) or wanted in _bare("".join(citation.section))


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


def _read(path: Path) -> dict[str, list[str]]:
    """What the last start found; nothing where the file is missing or damaged: it is made anew."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): [str(q) for q in v] for k, v in kept.items() if isinstance(v, list)}


def _write(path: Path, ready: dict[str, list[str]]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(ready, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)
