from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings
from ui.auth import fits, read_users
from ui.cli import PASSWORD_VARIABLE, add_parser


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    return parser.parse_args(["ui", *words])


def test_loopback_is_the_default() -> None:
    arguments = parsed()
    assert (arguments.host, arguments.port, arguments.mcp, arguments.user) == (
        "127.0.0.1",
        7860,
        False,
        None,
    )


def test_a_user_is_added_with_a_hashed_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "long enough")
    arguments = parsed("--add-user", "ann", "--password-file", str(tmp_path / "users"))
    assert arguments.run(arguments, Settings(home=tmp_path)) == 0
    assert fits("long enough", read_users(tmp_path / "users")["ann"])


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("--add-user", "ann"), "--password-file"),
        (("--host", "0.0.0.0"), "--anyone"),
        (("--user", "ann"), PASSWORD_VARIABLE),
        (("--password-file", "missing"), "--add-user"),
    ],
)
def test_what_is_not_set_up_is_said_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], remedy: str
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    arguments = parsed(*words)
    with pytest.raises(SettingsError, match=remedy):
        arguments.run(arguments, Settings(home=tmp_path))


def test_the_command_line_does_not_import_gradio() -> None:
    code = "import sys, ui.cli; sys.exit('gradio' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
