"""A model's answer in a real browser: the whole path, with a scripted OpenAI-compatible endpoint."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.rag.answer.models.endpoint import Endpoint, Handler

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

REPORT = Path(__file__).parents[2] / "data" / "filings" / "2024-yunlan-annual-report.txt"
QUESTION = "云岚传动2024年营业收入是多少？"


FIGURE = re.compile(r'<source n="(\d+)"[^>]*>(?:(?!</source>).)*?营业收入 \| ([\d,.]+)', re.DOTALL)


def reads_and_says(gate: threading.Event) -> Callable[[Handler], None]:
    """States the figure of the first source that has it, and one that no source has; waits for
    the gate between the two."""

    def script(handler: Handler) -> None:
        found = FIGURE.search(str(handler.body["messages"][-1]["content"]))
        assert found, "the prompt shows no row with the figure"
        handler.start_stream()
        for character in f"2024年营业收入为{found[2]}元[{found[1]}]。":
            handler.send_chunk({"content": character})
        gate.wait(30)
        handler.send_chunk({"content": f"另有租金收入777,777.77万元[{found[1]}]。"})
        handler.send_chunk({}, "stop")
        handler.send_line("data: [DONE]")

    return script


def test_tokens_of_a_model_are_seen_to_stream_and_its_figures_are_checked(
    serve_real: Any, tab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-scripted-0000")
    gate = threading.Event()
    with Endpoint(reads_and_says(gate)) as endpoint:
        model = {"provider": "openai", "base_url": endpoint.url, "model": "scripted"}
        with serve_real(tmp_path / "home", [REPORT], **model) as served:
            page = tab(served.url)
            page.fill("#fq-question", QUESTION)
            page.press("#fq-question", "Enter")
            page.wait_for_selector(".fq-live .fq-answer >> text=2024年营业收入为")
            draft = page.inner_text(".fq-live")
            assert "草稿，尚未核对" in draft
            assert "777,777.77" not in draft  # it has not been sent yet
            gate.set()
            page.wait_for_selector(".fq-status", timeout=60_000)
            turn = page.locator(".fq-turn").last
            assert turn.locator("button.fq-figure.fq-supported").count() >= 1
            assert turn.locator(".fq-figure.fq-supported", has_text="777,777.77").count() == 0
            turn.locator("button.fq-figure.fq-supported").last.click()
            page.wait_for_selector(".fq-paper tr.fq-hit")
            assert re.search(r"\d", page.input_value("#fq-goto"))
            assert "sk-scripted-0000" not in page.content()
        assert endpoint.requests
