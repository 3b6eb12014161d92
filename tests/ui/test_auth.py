from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rag.errors import SettingsError
from ui.auth import PAUSE, TRIES, Gate, add_user, fits, hash_password, read_users


def test_a_password_fits_its_own_hash_alone() -> None:
    stored = hash_password("correct horse")
    assert "correct" not in stored
    assert fits("correct horse", stored)
    assert not fits("correct horsE", stored)
    assert hash_password("correct horse") != stored


@pytest.mark.parametrize("stored", ["", "plain", "scrypt$", "md5$x$y"])
def test_what_is_no_hash_fits_nothing(stored: str) -> None:
    assert not fits("anything at all", stored)


def test_short_passwords_are_refused() -> None:
    with pytest.raises(SettingsError, match="8 characters"):
        hash_password("1234567")


def test_users_are_kept_hashed_in_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "users"
    add_user(file, "ann", "first password")
    add_user(file, "李雷", "second password")
    add_user(file, "ann", "third password")
    users = read_users(file)
    assert list(users) == ["ann", "李雷"]
    assert fits("third password", users["ann"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "password" not in file.read_text()


@pytest.mark.parametrize("content", ["ann:plain text\n", "", "# only a comment\n"])
def test_a_file_without_hashed_users_is_refused_with_the_remedy(
    tmp_path: Path, content: str
) -> None:
    file = tmp_path / "users"
    file.write_text(content)
    with pytest.raises(SettingsError, match="--add-user"):
        read_users(file)
    with pytest.raises(SettingsError, match="--add-user"):
        read_users(tmp_path / "none")


def test_the_gate_lets_known_users_in_with_their_password() -> None:
    gate = Gate({"ann": hash_password("good password")})
    assert gate("ann", "good password")
    assert not gate("ann", "bad password")
    assert not gate("bob", "good password")
    assert not gate("bob", "nobody has this password")


def test_after_many_wrong_passwords_a_name_has_to_wait() -> None:
    now = [0.0]
    gate = Gate(
        {"ann": hash_password("good password"), "bob": hash_password("other password")},
        lambda: now[0],
    )
    for _ in range(TRIES):
        assert not gate("ann", "wrong")
    assert not gate("ann", "good password")
    assert gate("bob", "other password")
    now[0] += PAUSE + 1
    assert gate("ann", "good password")
