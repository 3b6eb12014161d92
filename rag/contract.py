"""The JSON of the contract: what `ask`, `search`, `list` and `ingest` print with `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.types import Answer, Citation, FilingRef, FilingState, Hit, IngestReport


def answer_json(answer: Answer) -> dict[str, Any]:
    """{question, text, status, citations, checks, model, timings_ms} and what else is known."""
    return {
        "question": answer.question,
        "text": answer.text,
        "status": answer.status,
        "citations": [_citation(c) for c in answer.citations],
        "checks": [
            {
                "claim": check.claim,
                "verdict": check.verdict,
                "n": check.citation,
                "kind": check.kind,
                "expression": check.expression,
                "operands": list(check.operands),
            }
            for check in answer.checks
        ],
        "model": answer.model,
        "timings_ms": dict(answer.timings),
        "standalone": answer.standalone,
        "notes": list(answer.notes),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "n": citation.n,
        "filing": citation.filing_id,
        "title": citation.title,
        "source": citation.source,
        "page": citation.page,
        "section": list(citation.section),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "passage": citation.passage_id,
        "page_index": citation.page_index,
    }


def hits_json(
    hits: Sequence[Hit], *, explain: bool = False, understood: dict[str, Any] | None = None
) -> dict[str, Any]:
    """{hits: [{rank, score, filing, title, source, page, section, kind, text}]}, and `understood`
    where it is given (`filings search --explain`)."""
    found = {"hits": [_hit(hit, explain) for hit in hits]}
    return found if understood is None else {"understood": understood, **found}


def _hit(hit: Hit, explain: bool) -> dict[str, Any]:
    passage = hit.passage
    row: dict[str, Any] = {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "filing": passage.filing.id,
        "title": passage.filing.title,
        "source": passage.filing.source,
        "page": passage.pages[0] if passage.pages else None,
        "pages": list(passage.pages),
        "section": list(passage.section),
        "kind": passage.kind,
        "text": passage.text,
        "passage": passage.id,
        "repeats": list(hit.repeats),
    }
    if explain:
        row["sources"] = dict(hit.sources)
        row["features"] = {name: round(value, 4) for name, value in hit.features.items()}
    return row


def filings_json(states: Sequence[FilingState]) -> dict[str, Any]:
    """{filings: [...]}: what each filing is, its size and its state."""
    return {"filings": [{**ref_json(s.ref), **_sizes(s)} for s in states]}


def _sizes(state: FilingState) -> dict[str, Any]:
    return {
        "pages": state.pages,
        "passages": state.passages,
        "embedded": state.embedded,
        "characters": state.characters,
        "added": state.added,
    }


def ref_json(ref: FilingRef) -> dict[str, Any]:
    """What a filing is."""
    return {
        "filing": ref.id,
        "title": ref.title,
        "company": ref.company,
        "ticker": ref.ticker,
        "kind": ref.kind,
        "date": ref.date,
        "version": ref.version,
        "periods": list(ref.periods),
        "aliases": list(ref.aliases),
        "source": ref.source,
    }


def report_json(report: IngestReport) -> dict[str, Any]:
    """{added, unchanged, replaced, failed, passages, pending, seconds}."""
    return {
        "added": [ref_json(ref) for ref in report.added],
        "unchanged": [ref_json(ref) for ref in report.unchanged],
        "replaced": [ref_json(ref) for ref in report.replaced],
        "failed": [{"source": f.source, "reason": f.reason} for f in report.failed],
        "passages": report.passages,
        "pending": report.pending,
        "seconds": {name: round(value, 3) for name, value in report.seconds.items()},
    }
