"""The page with the latest evaluation, over a run that is made here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.questions import question_from_json
from eval.results import Score
from eval.runs import Run, save_run
from ui.render.reports import evaluation_page
from ui.report import latest_report
from ui.strings import speaker


@pytest.fixture
def run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of two questions, as `filings eval run` leaves it in the working folder."""
    monkeypatch.chdir(tmp_path)
    rows: list[dict[str, Any]] = [
        {"id": f"q{i}", "question": "？", "lang": "zh", "type": kind, "answer": "1",
         "must": [["1"]], "evidence": [{"source": "a.txt", "quote": "1"}]}
        for i, kind in enumerate(("lookup", "table"))
    ]  # fmt: skip
    questions = tuple(question_from_json(row, "a.jsonl") for row in rows)
    scores = {"correct": {"q0": Score(1.0), "q1": Score(0.0)}}
    made = Run("our <system>", "2025-06-01T10:00:00+00:00", questions, (), scores, {})
    folder = tmp_path / ".filings-eval" / "runs" / "ours-dev"
    save_run(made, folder)
    return folder


def test_the_page_shows_metrics_with_intervals_and_by_type(run_folder: Path) -> None:
    report = latest_report("zh")
    assert report is not None
    page = evaluation_page(report, drafts=0, say=speaker("zh"))
    assert "0.50" in page
    assert "查找" in page
    assert "表格" in page
    assert "ours-dev" in page
    assert "our &lt;system&gt;" in page
    assert "打开完整报告" not in page  # it has not been written


def test_the_full_report_is_offered_where_it_lies(run_folder: Path) -> None:
    (run_folder / "report.html").write_text("<script>1</script>")
    report = latest_report()
    assert report is not None
    assert "evaluation/report" in evaluation_page(report, drafts=0, say=speaker("en"))


def test_without_a_run_the_page_says_which_command_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = evaluation_page(latest_report(), drafts=3, say=speaker("en"))
    assert "filings eval run" in page
    assert "3 drafts" in page
