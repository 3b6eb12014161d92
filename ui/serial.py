"""Answers to JSON and back, so that a conversation keeps its citations over a restart.

The hits are left out: they are whole passages, and what an answer rests on is in its citations.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rag.types import Answer, Check, Citation


def to_json(answer: Answer) -> str:
    """One JSON document with everything but the hits."""
    fields = {
        "question": answer.question,
        "text": answer.text,
        "status": answer.status,
        "citations": [asdict(citation) for citation in answer.citations],
        "checks": [asdict(check) for check in answer.checks],
        "model": answer.model,
        "timings": dict(answer.timings),
        "standalone": answer.standalone,
        "notes": answer.notes,
    }
    return json.dumps(fields, ensure_ascii=False)


def from_json(text: str) -> Answer:
    """The answer of :func:`to_json`; KeyError or TypeError where the text is something else."""
    raw: Mapping[str, Any] = json.loads(text)
    return Answer(
        question=raw["question"],
        text=raw["text"],
        status=raw["status"],
        citations=tuple(_citation(item) for item in raw["citations"]),
        checks=tuple(_check(item) for item in raw["checks"]),
        model=raw["model"],
        timings=raw["timings"],
        standalone=raw["standalone"],
        notes=tuple(raw["notes"]),
    )


def _citation(raw: dict[str, Any]) -> Citation:
    return Citation(**{**raw, "section": tuple(raw["section"])})


def _check(raw: dict[str, Any]) -> Check:
    return Check(**{**raw, "operands": tuple(raw["operands"])})
