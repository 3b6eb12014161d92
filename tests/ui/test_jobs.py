from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.errors import AlreadyWriting
from rag.types import Failure
from ui.jobs import KEPT, Jobs


@pytest.fixture
def jobs(workspace: Any) -> Iterator[Jobs]:
    made = Jobs(lambda: workspace)
    yield made
    workspace.hold.set()
    made.close()


def soon(met: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not met() and time.monotonic() < deadline:
        time.sleep(0.01)
    return met()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text("年报")
    return path


def test_an_import_goes_from_reading_over_embedding_to_done(
    jobs: Jobs, workspace: Any, report: Path
) -> None:
    workspace.hold.clear()
    jobs.submit([report])
    assert soon(lambda: jobs.all()[0].stage == "reading" and bool(jobs.all()[0].current))
    assert jobs.busy()
    workspace.hold.set()
    assert soon(lambda: jobs.all()[0].stage == "done")
    assert [ref.title for ref in jobs.all()[0].report.added] == ["report"]  # type: ignore[union-attr]
    assert not jobs.busy()


def test_every_change_moves_the_version_on(jobs: Jobs, report: Path) -> None:
    before = jobs.version
    jobs.submit([report])
    assert soon(lambda: not jobs.busy())
    assert jobs.version > before + 2


def test_a_file_that_cannot_be_read_is_listed_until_dismissed(
    jobs: Jobs, tmp_path: Path, report: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    jobs.submit([empty, report])
    assert soon(lambda: not jobs.busy())
    (failure,) = jobs.failures()
    assert "holds no text" in failure.reason
    jobs.dismiss(failure.source)
    assert jobs.failures() == ()


def test_a_failure_goes_when_the_file_is_read_after_all(jobs: Jobs, report: Path) -> None:
    jobs.fail([Failure(str(report), "was damaged")])
    jobs.submit([report])
    assert soon(lambda: not jobs.busy())
    assert jobs.failures() == ()


def test_a_stated_problem_ends_the_job_and_not_the_worker(
    jobs: Jobs, workspace: Any, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise AlreadyWriting("another import is running; wait for it")

    with monkeypatch.context() as patch:
        patch.setattr(workspace, "ingest", busy)
        jobs.submit([report])
        assert soon(lambda: jobs.all()[-1].stage == "failed")
    assert jobs.all()[-1].problem == "another import is running; wait for it"
    jobs.submit([report])
    assert soon(lambda: jobs.all()[-1].stage == "done")


def test_without_files_only_the_missing_vectors_are_made(jobs: Jobs, workspace: Any) -> None:
    workspace.embedded["f1"] = 3
    jobs.submit(())
    assert soon(lambda: not jobs.busy())
    assert workspace.embedded["f1"] == 40
    assert workspace.ingested == []


def test_only_the_last_finished_jobs_are_remembered(jobs: Jobs, report: Path) -> None:
    for _ in range(KEPT + 3):
        jobs.submit([report])
    assert soon(lambda: not jobs.busy())
    assert len(jobs.all()) == KEPT


def test_what_was_finished_long_ago_is_not_shown_any_more(
    jobs: Jobs, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.submit([report])
    assert soon(lambda: not jobs.busy())
    assert len(jobs.recent()) == 1
    monkeypatch.setattr("ui.jobs.SHOWN_SECONDS", 0.0)
    assert jobs.recent() == ()
