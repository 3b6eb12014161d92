from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings
from ui.pages import changed_settings
from ui.render.reports import settings_page
from ui.settings_file import save
from ui.strings import speaker


def test_only_the_changed_lines_of_the_file_change(tmp_path: Path) -> None:
    file = tmp_path / "filings.toml"
    file.write_text('# mine\nmodel = "old"  # why\nhome = "x"\n')
    save(file, {"model": 'new "one"', "context_tokens": 900})
    text = file.read_text()
    assert text.startswith("# mine\n")
    assert tomllib.loads(text) == {"model": 'new "one"', "home": "x", "context_tokens": 900}


def test_a_missing_file_is_made(tmp_path: Path) -> None:
    save(tmp_path / "filings.toml", {"model_timeout": 30.0})
    assert tomllib.loads((tmp_path / "filings.toml").read_text()) == {"model_timeout": 30.0}


def test_a_file_that_is_not_valid_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "filings.toml"
    file.write_text("model = \n")
    with pytest.raises(SettingsError, match="not valid TOML"):
        save(file, {"model": "x"})
    assert file.read_text() == "model = \n"


def test_only_what_differs_counts_as_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FILINGS_MODEL", raising=False)
    settings = Settings(model="m", context_tokens=0)
    given = {"model": " m ", "context_tokens": "1200", "model_timeout": "120"}
    assert changed_settings(settings, given) == {"context_tokens": 1200}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("context_tokens", "many", "give a number"),
        ("model_timeout", "-1", "from 0 up"),
        ("base_url", "file:///etc", "http"),
        ("base_url", "javascript:alert(1)", "http"),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        changed_settings(Settings(), {name: value})


def test_a_setting_that_the_environment_would_overrule_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FILINGS_MODEL", "fixed")
    with pytest.raises(SettingsError, match="FILINGS_MODEL"):
        changed_settings(Settings(model="fixed"), {"model": "other"})


def test_the_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    page = settings_page(
        Settings(),
        passages=7,
        answers="extractive",
        speed=0.0,
        key_set=True,
        editable=True,
        say=speaker("en"),
    )
    assert "sk-very-secret" not in page
    assert "Key: set in the environment" in page


def test_where_settings_are_locked_nothing_can_be_typed() -> None:
    page = settings_page(
        Settings(),
        passages=7,
        answers="extractive",
        speed=0.0,
        key_set=False,
        editable=False,
        say=speaker("zh"),
    )
    assert "<fieldset disabled>" in page
    assert "对外服务" in page


def test_the_cost_of_another_embedder_is_told_in_passages_and_minutes() -> None:
    page = settings_page(
        Settings(), passages=60_000, answers="m", speed=100.0, key_set=False, editable=True,
        say=speaker("en"),
    )  # fmt: skip
    assert "60,000 passages" in page
    assert "about 10 min" in page
