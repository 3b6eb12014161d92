from __future__ import annotations

from typing import Any

from ui.starters import followups, starters


def test_questions_to_start_from_come_from_the_filings_own_tables(workspace: Any) -> None:
    found = starters(workspace, workspace.filings())
    assert "测试1 2024年的营业收入是多少？" in found
    assert any(question.startswith("测试2") for question in found)
    assert len(found) == len(set(found)) <= 4


def test_without_filings_there_is_nothing_to_suggest(workspace: Any) -> None:
    workspace.refs.clear()
    assert starters(workspace, workspace.filings()) == []


def test_what_follows_stands_beside_what_was_cited(workspace: Any) -> None:
    answer = workspace.answer("营业收入？")
    found = followups(workspace, answer)
    assert "测试1 2024年的研发费用是多少？" in found
    assert not any("营业收入" in question for question in found)


def test_nothing_follows_from_a_filing_that_is_gone(workspace: Any) -> None:
    answer = workspace.answer("营业收入？")
    workspace.refs.clear()
    assert followups(workspace, answer) == []
