"""From use to test: an answer that somebody marked as wrong becomes the draft of a question.

The draft holds what was asked, given and shown. A person fills in the reference answer, `must` and
`evidence`, and takes "draft" out; until then no run uses it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from eval.questions import QuestionSetError


def draft_question(
    asked: Mapping[str, Any], *, shown: Sequence[Mapping[str, Any]] = (), note: str = ""
) -> dict[str, Any]:
    """A draft from an answer (the JSON of `filings ask --json`, with an optional "history") and the
    passages `shown` (the JSON of `filings search --json`; else what the answer cites)."""
    if not str(asked.get("question", "")).strip():
        raise QuestionSetError("no question to draft from; give --question or an answer's JSON")
    question = str(asked["question"]).strip()
    history = [list(turn) for turn in asked.get("history", ())]
    return {
        "draft": True,
        "id": f"draft-{hashlib.sha256(json.dumps([question, history]).encode()).hexdigest()[:8]}",
        "question": question,
        "lang": "zh" if any("\u4e00" <= c <= "\u9fff" for c in question) else "en",
        "type": "lookup",
        "answer": "",
        "must": [],
        "must_not": [],
        "evidence": [],
        "history": history,
        "split": "dev",
        "note": note,
        "given": {"text": asked.get("text", ""), "status": asked.get("status", "")},
        "shown": [_passage(place) for place in (shown or asked.get("citations", ()))],
    }


def append_draft(draft: Mapping[str, Any], path: Path) -> bool:
    """Add `draft` as a line to `path`; False when a question with its id is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if any(json.loads(line)["id"] == draft["id"] for line in lines if line.strip()):
        return False
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(draft, ensure_ascii=False) + "\n")
    return True


def _passage(place: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "source": PurePath(str(place.get("source", ""))).name,
        "page": place.get("page"),
        "text": place.get("text") or place.get("quote", ""),
    }
