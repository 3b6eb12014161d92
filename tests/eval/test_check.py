from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.check import absent_files, check_files, check_questions
from eval.draft import append_draft, draft_question
from eval.questions import Evidence, Question, QuestionSetError, load_questions

PAGES = {"a.txt": [("第1页", "营业收入为17,589.07万元"), ("第2页", "毛利率31.20%，职工1,204人")]}
GOOD = Question(
    "q1", "甲公司2024年营业收入是多少？", "zh", "lookup", "为17,589.07万元。", must=(("17589.07",),),
    evidence=(Evidence("a.txt", "第1页", ("17,589.07",)),),
)  # fmt: skip


def problems(*questions: Question) -> list[str]:
    return [p.what for p in check_questions(questions, PAGES.get)]


def test_a_good_question_has_no_problem() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"evidence": (Evidence("a.txt", "第2页", ("17,589.07",)),)}, "it is on 第1页"),
        ({"evidence": (Evidence("a.txt", "第1页", ("18,000.00",)),)}, "nor anywhere"),
        ({"evidence": (Evidence("a.txt", "第9页", ("1",)),)}, "no page 第9页"),
        ({"evidence": (Evidence("a.txt", "第1页"),)}, "neither figures nor quote"),
        ({"evidence": ()}, "no evidence"),
        ({"must": ()}, "no must"),
        ({"must": (("17,589.70",),)}, "own reference answer fails"),
        ({"must_not": ("17589.07",)}, "own reference answer fails"),
        ({"type": "unanswerable"}, "near miss"),
        ({"lang": "fr"}, "lang"),
        ({"split": "train"}, "split"),
        ({"answer": ""}, "no reference answer"),
    ],
)
def test_each_mistake_is_found(change: dict[str, Any], said: str) -> None:
    assert any(said in what for what in problems(replace(GOOD, **change)))


def test_double_ids_and_near_duplicates_are_found() -> None:
    twin = replace(GOOD, id="q2", question="甲公司2024年的营业收入是多少?")
    other_year = replace(GOOD, id="q3", question="甲公司2023年营业收入是多少？")
    assert problems(GOOD, twin) == ["nearly the same question as q1"]
    assert problems(GOOD, other_year) == []
    assert problems(GOOD, GOOD).count("id stands more than once") == 2


def test_the_same_words_after_another_history_are_another_question() -> None:
    left = replace(GOOD, question="那2023年呢？", history=(("乙公司的净利润是多少？", "3亿元"),))
    right = replace(
        GOOD, id="q2", question="那2023年呢？", history=(("丙公司的研发人员有多少？", "12人"),)
    )
    assert problems(left, right) == []


def test_files_that_are_not_at_hand_are_counted_not_blamed() -> None:
    absent = replace(GOOD, evidence=(Evidence("b.pdf", "3", ("1",)),))
    assert problems(absent) == []
    assert absent_files([absent], PAGES.get) == {"b.pdf": 1}


def test_a_broken_file_is_a_problem_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{", encoding="utf-8")
    questions, found = check_files([tmp_path / "bad.jsonl"])
    assert questions == []
    assert "not JSON" in str(found[0])


ANSWER = {
    "question": "甲公司的商誉是多少？", "text": "为1.2亿元[1]。", "status": "answered",
    "citations": [{"n": 1, "source": "/x/a.txt", "page": "第7页", "quote": "商誉1.2亿元"}],
}  # fmt: skip


def test_a_thumbs_down_becomes_a_draft_that_no_run_uses(tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    draft = draft_question(ANSWER, note="应为减值后的数")
    assert append_draft(draft, path)
    assert not append_draft(draft, path), "the same question is drafted once"
    assert draft["shown"] == [{"source": "a.txt", "page": "第7页", "text": "商誉1.2亿元"}]
    with pytest.raises(QuestionSetError, match="no question"):
        load_questions([path])


def test_a_completed_draft_is_a_question(tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    done = draft_question(ANSWER) | {
        "answer": "1.1亿元", "must": [["1.1亿"]],
        "evidence": [{"source": "a.txt", "page": "第7页", "figures": ["1.1"]}],
    }  # fmt: skip
    del done["draft"]
    path.write_text(json.dumps(done, ensure_ascii=False), encoding="utf-8")
    assert load_questions([path])[0].question == ANSWER["question"]


def test_a_draft_needs_a_question() -> None:
    with pytest.raises(QuestionSetError, match="--question"):
        draft_question({"question": " "})
