"""Fetching a model: resumed, checked, never half there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.answer.models.pull import NAMES, pull
from rag.errors import ModelError, SettingsError
from tests.rag.answer.models.hub import Hub

NAME = "someone/some-model/tiny-q4.gguf"
CONTENT = b"GGUF" + bytes(range(256)) * 400


def test_a_model_arrives_whole_with_progress(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with Hub(CONTENT) as hub:
        path = pull(
            NAME, tmp_path, hub=hub.url, progress=lambda done, total: seen.append((done, total))
        )
    assert path == tmp_path / "tiny-q4.gguf"
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert os.listdir(tmp_path) == ["tiny-q4.gguf"]


def test_a_model_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    with Hub(CONTENT) as hub:
        pull(NAME, tmp_path, hub=hub.url)
        pull(NAME, tmp_path, hub=hub.url)
        assert hub.ranges == [""]


def test_a_broken_connection_is_taken_up_where_it_broke(tmp_path: Path) -> None:
    with Hub(CONTENT, stops=[1000, 5000]) as hub:
        path = pull(NAME, tmp_path, hub=hub.url)
        assert hub.ranges == ["", "bytes=1000-", "bytes=6000-"]
    assert path.read_bytes() == CONTENT


def test_the_next_run_resumes_what_the_last_left(tmp_path: Path) -> None:
    with Hub(CONTENT, stops=[100] * 5) as hub:
        with pytest.raises(ModelError, match="run the same command to resume"):
            pull(NAME, tmp_path, hub=hub.url)
        assert not (tmp_path / "tiny-q4.gguf").exists()
        assert pull(NAME, tmp_path, hub=hub.url).read_bytes() == CONTENT
        assert hub.ranges[-1] == "bytes=500-"


def test_a_hub_that_cannot_resume_sends_everything_again(tmp_path: Path) -> None:
    with Hub(CONTENT, stops=[1000], resumes=False) as hub:
        assert pull(NAME, tmp_path, hub=hub.url).read_bytes() == CONTENT


def test_a_damaged_file_is_deleted_and_told(tmp_path: Path) -> None:
    with Hub(CONTENT) as hub, pytest.raises(ModelError, match="arrived damaged"):
        pull(NAME, tmp_path, hub=hub.url, sha256="0" * 64)
    assert os.listdir(tmp_path) == []


def test_another_version_does_not_continue_the_old_one(tmp_path: Path) -> None:
    with Hub(CONTENT, stops=[1000] * 5) as old, pytest.raises(ModelError):
        pull(NAME, tmp_path, hub=old.url)
    with Hub(CONTENT[::-1]) as new:
        assert pull(NAME, tmp_path, hub=new.url).read_bytes() == CONTENT[::-1]
        assert new.ranges == [""]


def test_without_a_checksum_nothing_is_fetched(tmp_path: Path) -> None:
    with Hub(CONTENT, tells=False) as hub:
        with pytest.raises(ModelError, match="--sha256"):
            pull(NAME, tmp_path, hub=hub.url)
        assert hub.ranges == []
        assert pull(NAME, tmp_path, hub=hub.url, sha256=hub.sha256.upper()).is_file()


def test_the_hub_is_a_setting_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Hub(CONTENT) as hub:
        monkeypatch.setenv("FILINGS_MODEL_HUB", hub.url + "/")
        path = pull(next(iter(NAMES)), tmp_path)
    assert path.name.endswith(".gguf")


@pytest.mark.parametrize(
    ("status", "says"), [(404, "check the name"), (403, "use another"), (503, "later to resume")]
)
def test_a_refusing_hub_is_told_with_the_remedy(tmp_path: Path, status: int, says: str) -> None:
    with Hub(CONTENT, status=status) as hub, pytest.raises(ModelError, match=says):
        pull(NAME, tmp_path, hub=hub.url)


def test_a_hub_that_is_down_is_told_with_the_remedy(tmp_path: Path) -> None:
    with Hub(CONTENT) as hub:
        url = hub.url
    with pytest.raises(ModelError, match="set FILINGS_MODEL_HUB to a mirror"):
        pull(NAME, tmp_path, hub=url)


@pytest.mark.parametrize(
    "name", ["", "unknown", "a/b", "a/b/c.bin", "../../etc/x.gguf", "a/../b.gguf", "/a/b/c.gguf"]
)
def test_a_name_that_is_none_is_refused_before_anything_is_asked(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=r"qwen2\.5-0\.5b"):
        pull(name, tmp_path, hub="http://127.0.0.1:1")


def test_a_hub_without_an_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FILINGS_MODEL_HUB is 'mirror'"):
        pull(NAME, tmp_path, hub="mirror")
