"""For programs: `search` and `ask` as API endpoints and, with --mcp, as MCP tools.

They run outside Gradio's queue, because its MCP server would have to log in to reach the queue;
a turnstile of our own keeps them from starving those who sit at the browser.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import gradio as gr

from rag.contract import answer_json, hits_json
from rag.errors import FilingsError
from ui.desk import Desk
from ui.turnstile import Turnstile

MOST_HITS = 50


def wire(desk: Desk) -> None:
    """Add both endpoints to the current `gr.Blocks`. Their docstrings are the tools' descriptions."""
    gate = desk.turnstile

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

        def made() -> dict[str, Any]:
            number = max(1, min(k, MOST_HITS))
            hits = desk.workspace.search(
                question, number, company=company or None, filing=filing or None
            )
            return hits_json(hits)

        return _stated(gate, made)

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

        def made() -> dict[str, Any]:
            answer = desk.workspace.answer(question, company=company or None, filing=filing or None)
            return answer_json(answer)

        return _stated(gate, made)

    for function in (search, ask):
        gr.api(function, api_name=function.__name__, queue=False)


def _stated(gate: Turnstile, made: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The result, or a stated problem as an error of the API."""
    try:
        with gate.through():
            return made()
    except FilingsError as error:
        raise gr.Error(str(error), print_exception=False) from error


def speak_json(blocks: gr.Blocks) -> None:
    """Have MCP tools answer in JSON; Gradio would write the dictionary as Python does."""
    server = blocks.mcp_server_obj

    def as_text(data: list[Any], _root_url: str) -> list[Any]:
        return [
            server.types.TextContent(type="text", text=json.dumps(item, ensure_ascii=False))
            for item in data
        ]

    server.postprocess_output_data = as_text
