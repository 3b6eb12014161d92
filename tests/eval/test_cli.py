from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from eval.cli import standalone
from eval.questions import Question

ANSWERER = """
FACTS = {facts!r}
WRONG = {wrong!r}

def ask(question, history):
    if question == "坏":
        raise RuntimeError("no")
    text, source, page, known = FACTS[question]
    hits = [{{"source": source, "page": page, "text": text}}]
    if not known:
        return {{"text": "没有说明", "status": "not_found", "hits": hits}}
    said = "不清楚" if question in WRONG else text
    cite = {{"n": 1, "source": source, "page": page, "quote": text}}
    return {{"text": said + "[1]", "status": "answered", "citations": [cite], "hits": hits, "model": "toy"}}
"""


def write_set(folder: Path, questions: list[Question]) -> Path:
    path = folder / "set.jsonl"
    records = [
        {
            "id": q.id, "question": q.question, "lang": q.lang, "type": q.type, "answer": q.answer, "must": q.must,
            "evidence": [{"source": e.source, "page": e.page, "figures": e.figures} for e in q.evidence], "split": "dev",
        }
        for q in questions
    ]  # fmt: skip
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), encoding="utf-8")
    return path


@pytest.fixture
def work(fake_world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run an eval command in an empty folder with a question set and toy systems."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    write_set(tmp_path, fake_world.questions)
    facts = {
        q.question: (
            q.answer,
            *((q.evidence[0].source, q.evidence[0].page) if q.evidence else ("", None)),
            q.answerable,
        )
        for q in fake_world.questions
    }
    wrong = [q.question for q in fake_world.questions if q.id.endswith("0")]
    (tmp_path / "toy_right.py").write_text(ANSWERER.format(facts=facts, wrong=[]), encoding="utf-8")
    (tmp_path / "toy_wrong.py").write_text(
        ANSWERER.format(facts=facts, wrong=wrong), encoding="utf-8"
    )
    (tmp_path / "gates.toml").write_text(
        "[floor]\ncorrect = 0.9\n[drop]\ncorrect = 0.02\n", encoding="utf-8"
    )
    return lambda *argv: standalone([str(a) for a in argv])


def run_toy(work: Callable[..., int], name: str) -> int:
    return work("run", "--questions", "set.jsonl", "--system", f"toy_{name}:ask", "--out", name)


def test_run_scores_any_callable_and_writes_everything(
    work: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_toy(work, "right") == 0
    assert "answer correct" in capsys.readouterr().out
    assert {p.name for p in (tmp_path / "right").iterdir()} == {
        "run.json",
        "report.html",
        "report.md",
        "scores.csv",
    }
    record = json.loads((tmp_path / "right" / "run.json").read_text(encoding="utf-8"))
    assert record["summary"]["correct"]["mean"] == 1
    assert record["provenance"]["python"]
    assert record["provenance"]["seed"]


def test_what_a_run_leaves_behind_stays_out_of_git(
    work: Callable[..., int], tmp_path: Path
) -> None:
    assert run_toy(work, "right") == 0
    assert (tmp_path / ".filings-eval" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_run_json_prints_one_document(
    work: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        work("run", "--questions", "set.jsonl", "--system", "toy_right:ask", "--out", "r", "--json")
        == 0
    )
    assert json.loads(capsys.readouterr().out)["scores"]["correct"]["mean"] == 1


def test_a_limit_takes_the_same_sample_each_time(work: Callable[..., int], tmp_path: Path) -> None:
    ids = []
    for name in ("one", "two"):
        work(
            "run",
            "--questions",
            "set.jsonl",
            "--system",
            "toy_right:ask",
            "--limit",
            "5",
            "--out",
            name,
        )
        record = json.loads((tmp_path / name / "run.json").read_text(encoding="utf-8"))
        ids.append([q["id"] for q in record["questions"]])
    assert ids[0] == ids[1]
    assert len(ids[0]) == 5


def test_compare_names_the_fault_and_writes_the_page(
    work: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_toy(work, "right")
    run_toy(work, "wrong")
    assert work("compare", "right", "wrong", "--out", "both.html") == 0
    assert "worse: the answer is wrong (correct 1.00 → 0.80)" in capsys.readouterr().out
    assert (tmp_path / "both.html").exists()
    assert work("compare", "right", "wrong", "--json") == 0
    rows = {row["metric"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["correct"]["verdict"] == "worse"


def test_the_gate_passes_fails_and_explains(
    work: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_toy(work, "right")
    assert work("gate", "right", "--gates", "gates.toml", "--update-baseline") == 0
    assert work("gate", "right", "--gates", "gates.toml") == 0
    run_toy(work, "wrong")
    capsys.readouterr()
    code = work(
        "gate", "wrong", "--gates", "gates.toml", "--junit", "junit.xml", "--summary", "summary.md"
    )
    out = capsys.readouterr().out
    assert code == 1
    assert out.count("FAIL") == 2
    assert out.count("\n- q") == 3
    assert "expected: 星泽机电2024年营业收入为12,345.67万元。" in out
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert suite.get("failures") == "2"
    assert "❌" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_the_gate_takes_the_newest_run_and_says_when_there_is_none(
    work: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert work("gate", "--gates", "gates.toml") == 1
    assert "filings eval run" in capsys.readouterr().err
    work("run", "--questions", "set.jsonl", "--system", "toy_right:ask")
    assert work("gate", "--gates", "gates.toml") == 0
    assert "no baseline to compare with" in capsys.readouterr().out


def test_an_edited_question_is_not_held_against_the_baseline(
    work: Callable[..., int], tmp_path: Path, fake_world: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    run_toy(work, "right")
    work("gate", "right", "--gates", "gates.toml", "--update-baseline")
    from dataclasses import replace

    write_set(tmp_path, [replace(q, answer=q.answer + "（已更正）") for q in fake_world.questions])
    run_toy(work, "wrong")
    capsys.readouterr()
    work("gate", "wrong", "--gates", "gates.toml")
    assert "????" in capsys.readouterr().out


def test_check_exits_by_what_it_finds(work: Callable[..., int], tmp_path: Path) -> None:
    assert work("check", "set.jsonl") == 0
    text = (tmp_path / "set.jsonl").read_text(encoding="utf-8")
    (tmp_path / "bad.jsonl").write_text(text.replace("12,345.67", "99,999.99", 1), encoding="utf-8")
    assert work("check", "bad.jsonl") == 1


def test_add_drafts_from_an_answer(work: Callable[..., int], tmp_path: Path) -> None:
    (tmp_path / "answer.json").write_text(
        '{"question": "商誉是多少？", "text": "无", "status": "not_found"}', encoding="utf-8"
    )
    assert work("add", "--from", "answer.json", "--note", "有的", "--to", "drafts.jsonl") == 0
    draft = json.loads((tmp_path / "drafts.jsonl").read_text(encoding="utf-8"))
    assert draft["draft"] is True
    assert draft["note"] == "有的"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("run", "--questions", "none.jsonl"), "none.jsonl"),
        (("run", "--questions", "set.jsonl", "--system", "riddle"), "no system 'riddle'"),
        (("run", "--questions", "set.jsonl", "--system", "toy_right:nope"), "module:function"),
        (
            ("run", "--questions", "set.jsonl", "--system", "toy_right:ask", "--mode", "dense"),
            "--mode dense",
        ),
        (("run", "--questions", "set.jsonl", "--system", "langchain"), "--documents"),
        (("compare", "none", "none"), "no such run"),
        (("gate", "--gates", "none.toml"), "no run yet"),
        (("add", "--to", "d.jsonl"), "--question"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_1(
    work: Callable[..., int], capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], said: str
) -> None:
    assert work(*argv) == 1
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_system_that_breaks_is_told_and_exits_1(
    work: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {
        "id": "b",
        "question": "坏",
        "lang": "zh",
        "type": "lookup",
        "answer": "1",
        "must": [["1"]],
    }
    (tmp_path / "b.jsonl").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    assert work("run", "--questions", "b.jsonl", "--system", "toy_right:ask", "--out", "b") == 1
    assert "toy_right:ask raised RuntimeError: no" in capsys.readouterr().err
