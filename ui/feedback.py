"""Thumbs as drafts for the evaluation: one JSON line each, in the question sets' format.

A draft holds what was asked and given; a person fills in the reference before any run uses it.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from eval.draft import append_draft, draft_question
from rag.contract import answer_json
from rag.types import Answer
from ui.conversations import Turn


class Drafts:
    """The file of drafts under the home folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, turn: Turn, verdict: str, reason: str) -> None:
        """Append a draft for a judged turn, one a question; a turn without answer gives none."""
        if turn.answer is not None:
            with self._lock:
                append_draft(draft(turn, turn.answer, verdict, reason), self.path)

    def count(self) -> int:
        """How many drafts there are."""
        if not self.path.is_file():
            return 0
        with self._lock, self.path.open(encoding="utf-8") as file:
            return sum(1 for line in file if line.strip())


def draft(turn: Turn, answer: Answer, verdict: str, reason: str) -> dict[str, Any]:
    """The draft of a question with the judgement: "up" offers the answer given as reference."""
    asked = answer_json(answer) | {"question": answer.standalone or turn.question}
    made = draft_question(asked, note=reason.strip())
    return made | {
        "answer": answer.text if verdict == "up" else "",
        "verdict": verdict,
        "model": answer.model,
        "asked": turn.asked,
    }
