from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.questions import QuestionSetError, load_questions

GOOD = {
    "id": "a-1", "question": "收入是多少？", "lang": "zh", "type": "lookup", "answer": "12.5万元", "must": [["12.5"]],
    "must_not": [], "evidence": [{"source": "in/a.txt", "page": "第3页", "figures": ["12.5"]}],
    "history": [["问", "答"]], "split": "test",
}  # fmt: skip


def write(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "set.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), encoding="utf-8")
    return path


def test_a_question_is_read_with_its_evidence(tmp_path: Path) -> None:
    [question] = load_questions([write(tmp_path, GOOD)])
    assert question.evidence[0].source == "a.txt"
    assert question.evidence[0].spans == ("12.5",)
    assert question.history == (("问", "答"),)
    assert question.document == "a.txt"


def test_a_split_keeps_its_questions(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, GOOD | {"id": "a-2", "split": "dev"})
    assert [q.id for q in load_questions([path], "dev")] == ["a-2"]
    assert len(load_questions([path], "all")) == 2


def test_drafts_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, {"draft": True, "id": "d", "question": "?"})
    assert [q.id for q in load_questions([path])] == ["a-1"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "riddle"}, "riddle"),
        ({"question": ""}, "question"),
        ({"must": ["12.5"]}, "a-1"),
        ({"evidence": [{"page": "1"}]}, "malformed"),
        ({"history": [["one"]]}, "malformed"),
    ],
)
def test_a_malformed_question_is_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(QuestionSetError, match=said):
        load_questions([write(tmp_path, GOOD | change)])


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": ', encoding="utf-8")
    with pytest.raises(QuestionSetError, match=r"set\.jsonl:1"):
        load_questions([path])


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="rename one"):
        load_questions([write(tmp_path, GOOD, GOOD)])


def test_an_empty_split_is_a_stated_problem(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="--split all"):
        load_questions([write(tmp_path, GOOD)], "dev")
