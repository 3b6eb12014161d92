from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from eval.metrics.citations import citation_validity
from eval.questions import Question
from eval.results import Result, SystemFailure
from eval.systems import make_system
from eval.systems.function import JsonSystem
from eval.systems.http import http_system
from rag.settings import Settings

QUESTION = Question(
    "q", "收入是多少？", "zh", "lookup", "12.5万元", must=(("12.5",),), history=(("问", "答"),)
)
REPLY = {
    "question": "收入是多少？", "text": "12.5万元[1]", "status": "answered", "model": "m", "timings_ms": {"search": 3},
    "citations": [{"n": 1, "filing": "f", "title": "t", "source": "/in/a.txt", "page": "第3页", "section": [], "quote": "收入12.5万元"}],
    "checks": [{"claim": "12.5万元", "verdict": "supported", "n": 1}],
    "hits": [{"rank": 1, "score": 1.0, "source": "/in/a.txt", "page": "第3页", "text": "本年收入12.5万元。"}],
}  # fmt: skip


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert asked == {"question": QUESTION.question, "history": [["问", "答"]]}
        body = {"/ok": json.dumps(REPLY), "/nonsense": "<html>", "/list": "[]"}.get(self.path)
        self.send_response(200 if body else 500)
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, format: str, *args: Any) -> None:
        return None


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_endpoint_that_answers_the_contracts_json_is_a_system(endpoint: str) -> None:
    system = http_system(f"{endpoint}/ok")
    [hit] = system.search(QUESTION, 5)
    given = system.answer(QUESTION)
    assert (hit.source, hit.pages) == ("a.txt", ("第3页",))
    assert (given.text, given.citations[0].page, given.checks[0].verdict) == (
        "12.5万元[1]",
        "第3页",
        "supported",
    )
    assert citation_validity(QUESTION, Result("q", (hit,), given)).value == 1


@pytest.mark.parametrize("path", ["/nonsense", "/list", "/down"])
def test_an_endpoint_that_talks_nonsense_is_a_stated_failure(endpoint: str, path: str) -> None:
    with pytest.raises(SystemFailure, match=path):
        http_system(endpoint + path).search(QUESTION, 5)


def test_an_endpoint_that_is_down_is_a_stated_failure() -> None:
    with pytest.raises(SystemFailure, match="check that the endpoint is up"):
        http_system("http://127.0.0.1:9/ask", timeout=2).search(QUESTION, 5)


def test_one_call_serves_search_and_answer() -> None:
    calls = []

    def ask(question: str, history: Any) -> dict[str, Any]:
        calls.append(question)
        return REPLY

    system = JsonSystem("toy", ask)
    system.search(QUESTION, 5)
    system.answer(QUESTION)
    assert len(calls) == 1


@pytest.mark.parametrize(
    "broken", [{"text": "x"}, {"text": "x", "status": "answered", "citations": [{}]}]
)
def test_an_answer_that_does_not_fit_the_contract_is_a_stated_failure(
    broken: dict[str, Any],
) -> None:
    with pytest.raises(SystemFailure, match="contract"):
        JsonSystem("toy", lambda question, history: broken).answer(QUESTION)


class Letters:
    """An embedder that counts a few characters: enough to tell the toy filings apart."""

    fingerprint = "letters"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        counts = [text.count(c) + 0.01 for c in "甲乙丙收入利润人"]
        length = sum(c * c for c in counts) ** 0.5
        return [c / length for c in counts]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["langchain", "llamaindex"])
def test_a_frameworks_default_pipeline_is_a_system(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip({"langchain": "langchain_chroma", "llamaindex": "llama_index.core"}[name])
    monkeypatch.setattr("eval.systems.framework.make_embedder", lambda *a, **k: Letters())
    filings = tmp_path / "filings"
    filings.mkdir()
    for company in "甲乙丙":
        (filings / f"{company}.txt").write_text(
            f"{company}公司收入12.5万元。\n" * 60, encoding="utf-8"
        )
    settings = Settings(home=tmp_path / "home", provider="extractive")
    for _ in range(2):  # the second time the index is there already
        system = make_system(name, settings, documents=[filings], work=tmp_path / "work")
        hits = system.search(Question("q", "乙公司的收入？", "zh", "lookup", ""), 3)
        assert [hit.rank for hit in hits] == [1, 2, 3][: len(hits)]
        assert hits[0].source == "乙.txt"
        assert not system.answers, "no model is configured"
        assert system.sources == {"甲.txt", "乙.txt", "丙.txt"}
        system.close()
