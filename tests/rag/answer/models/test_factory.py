"""Which writer the settings give, and what is refused instead of guessed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rag.answer.models import Writer, make_writer
from rag.errors import SettingsError


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture
def gguf(tmp_path: Path) -> str:
    path = tmp_path / "tiny-model.gguf"
    path.write_bytes(b"GGUF and more")
    return str(path)


def made(**changes: Any) -> Writer | None:
    settings: dict[str, Any] = {"provider": "auto", "model": "", "base_url": "", "llm_gguf": ""}
    return make_writer(**(settings | {"timeout": 5.0} | changes))


def test_with_nothing_set_up_answers_are_extractive() -> None:
    assert made() is None
    assert made(provider="extractive", base_url="http://127.0.0.1:1/v1") is None


def test_auto_takes_an_endpoint_first_then_a_file(
    gguf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = made(base_url="http://127.0.0.1:1/v1", llm_gguf=gguf)
    assert endpoint is not None
    assert endpoint.name == "openai:127.0.0.1:1"
    file = made(llm_gguf=gguf)
    assert file is not None
    assert file.name == "local:tiny-model"
    assert file.local
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1234567")
    hosted = made(llm_gguf=gguf)
    assert hosted is not None
    assert not hosted.local


def test_a_named_provider_wins_over_what_else_is_set_up(gguf: str) -> None:
    writer = made(provider="local", llm_gguf=gguf, base_url="http://127.0.0.1:1/v1")
    assert writer is not None
    assert writer.name == "local:tiny-model"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"provider": "openai"}, "OPENAI_API_KEY"),
        ({"provider": "local"}, "FILINGS_LLM_GGUF"),
        ({"provider": "local", "llm_gguf": "/nowhere/x.gguf"}, "/nowhere/x.gguf: cannot be read"),
        ({"provider": "magic"}, "use auto, openai, local or extractive"),
        ({"timeout": 0.0}, "seconds above 0"),
        ({"base_url": "models.example.org"}, "give an address like"),
    ],
)
def test_what_cannot_work_is_said_at_once(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        made(**changes)


def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.gguf"
    path.write_text("hello")
    with pytest.raises(SettingsError, match="not a GGUF file; run `filings models pull"):
        made(llm_gguf=str(path))


def test_a_missing_extra_names_the_pip_command(gguf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"pip install 'filings-qa\[local\]'"):
        made(llm_gguf=gguf)


def test_making_a_writer_imports_no_heavy_library() -> None:
    code = (
        "import sys; from rag.answer.models import make_writer;"
        "make_writer(provider='auto', model='', base_url='http://127.0.0.1:1/v1', llm_gguf='',"
        " timeout=5);"
        "print([m for m in ('openai', 'langchain_core', 'httpx', 'xllamacpp') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
