"""Answers to JSON and back, so that a conversation keeps its citations over a restart.

Of the hits the best few are kept whole: a refusal shows them as what comes nearest, also when their
filing has been removed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rag.types import Answer, Check, Citation, FilingRef, Hit, Passage

KEPT_HITS = 5


def to_json(answer: Answer) -> str:
    """One JSON document with everything, of the hits the first :data:`KEPT_HITS`."""
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
        "hits": [_kept(hit) for hit in answer.hits[:KEPT_HITS]],
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
        hits=tuple(_hit(item) for item in raw.get("hits", ())),  # older records have none
    )


def _kept(hit: Hit) -> dict[str, Any]:
    return {"passage": asdict(hit.passage), "score": hit.score, "rank": hit.rank}


def _hit(raw: dict[str, Any]) -> Hit:
    return Hit(_passage(raw["passage"]), raw["score"], raw["rank"])


def _passage(raw: dict[str, Any]) -> Passage:
    filing = raw["filing"]
    lists = {name: tuple(filing[name]) for name in ("aliases", "periods")}
    return Passage(
        **{
            **raw,
            "filing": FilingRef(**{**filing, **lists}),
            "pages": tuple(raw["pages"]),
            "section": tuple(raw["section"]),
            "page_starts": tuple((start, page) for start, page in raw["page_starts"]),
        }
    )


def _citation(raw: dict[str, Any]) -> Citation:
    return Citation(**{**raw, "section": tuple(raw["section"])})


def _check(raw: dict[str, Any]) -> Check:
    return Check(**{**raw, "operands": tuple(raw["operands"])})
