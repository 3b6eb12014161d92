"""What a question was understood as, for people and for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.retrieve.query import Query
from rag.types import FilingRef


def query_json(query: Query, refs: Sequence[FilingRef]) -> dict[str, Any]:
    """Companies with the name that told them, the filings searched (None: all), periods, the form of
    the answer, ideas with the words that may state each, and the text that is embedded."""
    company_of = {ref.id: ref.company for ref in refs}
    return {
        "language": query.language,
        "companies": {company_of.get(i, i): name for i, name in query.companies.items()},
        "filings": None if query.filings is None else list(query.filings),
        "passages_left_out": len(query.left_out),
        "periods": list(query.periods),
        "form": query.form,
        "ideas": [
            {"said": c.said, "weight": c.weight, "forms": [" ".join(form) for form in c.forms]}
            for c in query.concepts
        ],
        "embedded": query.meaning,
    }


def query_lines(explained: Mapping[str, Any]) -> list[str]:
    """The same in a few lines of text."""
    companies = ", ".join(f"{name} ({c})" for c, name in explained["companies"].items())
    filings = explained["filings"]
    searched = "all filings" if filings is None else f"filings {', '.join(filings)}"
    ideas = "; ".join(
        idea["said"] + "".join(f" = {form}" for form in idea["forms"][1:3])
        for idea in explained["ideas"]
    )
    return [
        f"companies: {companies or 'none named'}; searched: {searched}",
        f"periods: {', '.join(explained['periods']) or 'none'}; form: {explained['form']}",
        f"ideas: {ideas or 'none'}",
    ]
