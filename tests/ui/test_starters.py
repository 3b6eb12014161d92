from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.types import Answer
from ui.starters import candidates, near
from ui.suggest import Suggestions, _varied, answered


@pytest.fixture
def suggestions(workspace: Any, tmp_path: Path) -> Iterator[Suggestions]:
    (tmp_path / "ui").mkdir()
    made = Suggestions(lambda: workspace, tmp_path / "ui" / "starters.json", busy=lambda: False)
    yield made
    made.close()


def settled(suggestions: Suggestions, workspace: Any, *, least: int = 1) -> list[str]:
    """The starters, once so many filings have been looked at."""
    refs = [state.ref for state in workspace.filings()]
    suggestions.starters(refs, "zh")
    deadline = time.monotonic() + 5
    while suggestions.version < least and time.monotonic() < deadline:
        time.sleep(0.01)
    return suggestions.starters(refs, "zh")


def test_questions_come_from_the_filings_own_tables(workspace: Any) -> None:
    found = [c.question for c in candidates(workspace, workspace.filing("f1"))]
    assert found[:2] == ["测试1 2024年的营业收入是多少？", "测试1 2024年的研发费用是多少？"]


def test_only_questions_that_are_answered_are_offered(
    suggestions: Suggestions, workspace: Any
) -> None:
    workspace.refused = ("研发费用",)
    found = settled(suggestions, workspace, least=2)
    assert "测试1 2024年的营业收入是多少？" in found
    assert not any("研发费用" in question for question in found)
    assert len(found) == len(set(found)) <= 4


def test_what_was_found_is_there_at_the_next_start(
    suggestions: Suggestions, workspace: Any, tmp_path: Path
) -> None:
    found = settled(suggestions, workspace, least=2)
    workspace.hold.clear()  # nothing can be answered now
    again = Suggestions(lambda: workspace, tmp_path / "ui" / "starters.json", busy=lambda: True)
    assert again.starters([state.ref for state in workspace.filings()], "zh") == found
    workspace.hold.set()


def test_a_damaged_file_of_starters_is_made_anew(workspace: Any, tmp_path: Path) -> None:
    (tmp_path / "starters.json").write_text("[broken")
    made = Suggestions(lambda: workspace, tmp_path / "starters.json", busy=lambda: False)
    assert settled(made, workspace, least=2)


def test_an_answer_from_elsewhere_does_not_count(workspace: Any) -> None:
    first = next(candidates(workspace, workspace.filing("f1")))
    assert answered(workspace, first)
    assert not answered(workspace, replace(first, filing="f2"))
    assert not answered(workspace, replace(first, words="another row"))


def test_a_model_is_not_asked_for_suggestions(workspace: Any) -> None:
    workspace.model_name = "gpt-x"
    first = next(candidates(workspace, workspace.filing("f1")))
    assert answered(workspace, replace(first, page=1))
    assert not answered(workspace, replace(first, page=0))
    assert workspace.asked == []


def test_without_filings_there_is_nothing_to_suggest(
    suggestions: Suggestions, workspace: Any
) -> None:
    workspace.refs.clear()
    assert suggestions.starters([], "zh") == []


def test_what_follows_stands_beside_what_was_cited(workspace: Any) -> None:
    found = [c.question for c in near(workspace, workspace.answer("营业收入？"))]
    assert "测试1 2024年的研发费用是多少？" in found
    assert not any("营业收入" in question for question in found)


def test_after_a_refusal_the_nearest_pages_are_asked_for(workspace: Any) -> None:
    hits = tuple(workspace.search("成本", 2))
    refused = Answer("成本？", "未载明", "not_found", hits=hits)
    assert "测试1 2024年的营业收入是多少？" in [c.question for c in near(workspace, refused)]


def test_nothing_follows_from_a_filing_that_is_gone(workspace: Any) -> None:
    answer = workspace.answer("营业收入？")
    workspace.refs.clear()
    assert list(near(workspace, answer)) == []


def test_follow_ups_are_given_up_while_others_wait(workspace: Any, tmp_path: Path) -> None:
    made = Suggestions(lambda: workspace, tmp_path / "s.json", busy=lambda: True)
    import ui.suggest

    patience, ui.suggest.PATIENCE = ui.suggest.PATIENCE, 0.05
    try:
        assert made.follow("t", workspace.answer("营业收入？")) == []
    finally:
        ui.suggest.PATIENCE = patience
    assert made.followups("t") == []


def test_different_measures_come_before_a_second_question_for_the_same() -> None:
    asked = ["甲2024年的营业收入是多少？", "乙2024年的营业收入是多少？", "甲2024年的净利润是多少？"]
    assert _varied(asked) == [asked[0], asked[2], asked[1]]
