"""A GGUF file in process: against a stand-in for llama.cpp, and against the real one (marked llm)."""

from __future__ import annotations

import os
import sys
import threading
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from prompts import Message, Source, load
from rag.answer.models.local import local_writer
from rag.errors import ModelError

ASKED = (Message("system", "Be short."), Message("user", "What were sales?"))


class Llama:
    """What `xllamacpp` looks like from here; `pieces` is what its model says."""

    def __init__(self, pieces: list[Mapping[str, Any]], *, fails: str = "") -> None:
        self.pieces, self.fails = pieces, fails
        self.params: Any = None
        self.requests: list[dict[str, Any]] = []
        self.handed = 0
        self.stopped = threading.Event()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = types.ModuleType("xllamacpp")
        module.CommonParams = lambda: types.SimpleNamespace(  # type: ignore[attr-defined]
            model=types.SimpleNamespace()
        )
        module.Server = self.load  # type: ignore[attr-defined]
        module.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]
        monkeypatch.setitem(sys.modules, "xllamacpp", module)

    def load(self, params: Any) -> Llama:
        if self.fails:
            raise RuntimeError(self.fails)
        self.params = params
        return self

    def handle_chat_completions(
        self, request: dict[str, Any], take: Callable[[Mapping[str, Any]], bool]
    ) -> None:
        self.requests.append(request)
        for piece in self.pieces:
            self.handed += 1
            if take(piece):
                self.stopped.set()
                return


def piece(text: str | None, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": text}, "finish_reason": finish, "index": 0}]}


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF")
    return path


def test_the_model_in_the_file_writes(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    llama = Llama([piece(None), piece("收入为"), piece("5万元[1]。"), piece("", "stop")])
    llama.install(monkeypatch)
    writer = local_writer(gguf, timeout=5)
    assert "".join(writer.stream(ASKED, max_tokens=33)) == "收入为5万元[1]。"
    assert writer.name == "local:tiny"
    assert llama.requests[0]["max_tokens"] == 33
    assert llama.requests[0]["messages"][1] == {"role": "user", "content": "What were sales?"}


def test_its_loopback_port_is_closed_to_everybody_else(
    gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    llama = Llama([piece("x"), piece("", "stop")])
    llama.install(monkeypatch)
    list(local_writer(gguf, timeout=5).stream(ASKED))
    assert len(llama.params.api_keys[0]) > 30


def test_the_file_is_loaded_once_for_many_drafts(
    gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    llama = Llama([piece("x"), piece("", "stop")])
    loads: list[Any] = []
    llama.install(monkeypatch)
    monkeypatch.setattr(sys.modules["xllamacpp"], "Server", lambda p: loads.append(p) or llama)
    writer = local_writer(gguf, timeout=5)
    for _ in range(3):
        list(writer.stream(ASKED))
    assert len(loads) == 1


def test_a_reader_that_goes_away_stops_the_model(
    gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    llama = Llama([piece(f"word{i * i} ") for i in range(100_000)])
    llama.install(monkeypatch)
    text = "".join(local_writer(gguf, timeout=5).stream(ASKED, max_tokens=20))
    assert len(text) < 200
    assert llama.stopped.wait(5)
    assert llama.handed < 100_000


@pytest.mark.parametrize(
    ("fails", "answer", "says"),
    [
        ("Failed to init server, please check", {}, "llama.cpp cannot load this model; fetch it"),
        ("out of memory", {}, "failed (out of memory); try another GGUF file"),
        (
            "",
            {"error": {"message": "request (9 tokens) exceeds the available context size"}},
            "too long; lower FILINGS_CONTEXT_TOKENS",
        ),
        ("", {"error": "strange"}, "failed (strange)"),
    ],
)
def test_failures_are_stated_in_one_line(
    gguf: Path, monkeypatch: pytest.MonkeyPatch, fails: str, answer: dict[str, Any], says: str
) -> None:
    Llama([answer], fails=fails).install(monkeypatch)
    with pytest.raises(ModelError) as raised:
        list(local_writer(gguf, timeout=5).stream(ASKED))
    assert says in str(raised.value)
    assert "tiny.gguf" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.llm
@pytest.mark.timeout(600)
def test_a_real_small_model_answers_a_lookup_with_its_source() -> None:
    pytest.importorskip("xllamacpp", reason="needs the extra local")
    if not os.environ.get("FILINGS_TEST_GGUF"):
        pytest.skip("FILINGS_TEST_GGUF names no GGUF file")
    writer = local_writer(Path(os.environ["FILINGS_TEST_GGUF"]), timeout=300)
    source = Source(1, "星澜装备2024年年度报告 · 第15页", "2024年末在职员工1,286人。")
    asked = load("answer", "zh").render(sources=[source], question="星澜装备2024年末有多少员工？")
    draft = "".join(writer.stream(asked, max_tokens=60))
    writer.close()
    assert "1,286" in draft
    assert "[1]" in draft
