"""For programs: `search` and `ask` as API endpoints and, with --mcp, as MCP tools."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.contract import answer_json, hits_json
from rag.errors import FilingsError
from ui.chat import AT_ONCE
from ui.desk import Desk

MOST_HITS = 50


def wire(desk: Desk) -> None:
    """Add both endpoints to the current `gr.Blocks`. Their docstrings are the tools' descriptions."""

    def search(question: str, k: int = 10, company: str = "", filing: str = "") -> dict[str, Any]:
        """Find the passages of the loaded company filings that bear on a question.

        Args:
            question: What to look for, in Chinese or English.
            k: How many passages, at most 50.
            company: Only filings of this company; empty for all.
            filing: Only the filing of this id; empty for all.

        Returns:
            {"hits": [{rank, score, filing, title, source, page, section, kind, text}]}
        """
        return _stated(
            lambda: hits_json(
                desk.workspace.search(
                    question,
                    max(1, min(k, MOST_HITS)),
                    company=company or None,
                    filing=filing or None,
                )
            )
        )

    def ask(question: str, company: str = "", filing: str = "") -> dict[str, Any]:
        """Answer a question from the loaded company filings, with citations and checked figures.

        Args:
            question: The question, in Chinese or English.
            company: Only filings of this company; empty for all.
            filing: Only the filing of this id; empty for all.

        Returns:
            {question, text, status, citations: [{n, filing, title, source, page, section, quote}],
            checks: [{claim, verdict, n}], model, timings_ms}; status is answered, partial or
            not_found.
        """
        return _stated(
            lambda: answer_json(
                desk.workspace.answer(question, company=company or None, filing=filing or None)
            )
        )

    for function in (search, ask):
        gr.api(
            function,
            api_name=function.__name__,
            concurrency_limit=AT_ONCE,
            concurrency_id="ask",
        )


def _stated(made: Any) -> dict[str, Any]:
    """The result, or a stated problem as an error of the API."""
    try:
        return dict(made())
    except FilingsError as error:
        raise gr.Error(str(error), print_exception=False) from error
