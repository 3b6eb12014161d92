from __future__ import annotations

from typing import Any

import pytest

from rag.errors import UnknownFiling
from ui.asking import limit_of
from ui.strings import speaker
from ui.view import Scope, year_of


def test_without_limits_every_filing_is_asked(workspace: Any) -> None:
    assert limit_of(Scope(), workspace.filings(), speaker("en")) is None
    assert Scope().words(workspace.filings(), speaker("zh")) == ""


def test_limits_are_resolved_to_the_filings_that_fit_all_of_them(workspace: Any) -> None:
    states = workspace.filings()
    assert limit_of(Scope(company="测试公司2号"), states, speaker("en")) == "f2"
    assert limit_of(Scope(year="2025"), states, speaker("en")) == "f1"
    assert limit_of(Scope(kind="prospectus", year="2024"), states, speaker("en")) == "f2"
    assert limit_of(Scope(filing="f1"), states, speaker("en")) == "f1"


def test_limits_that_leave_nothing_are_a_stated_problem(workspace: Any) -> None:
    with pytest.raises(UnknownFiling, match="drop one"):
        limit_of(Scope(kind="prospectus", year="2025"), workspace.filings(), speaker("en"))


def test_a_scope_is_told_in_words(workspace: Any) -> None:
    scope = Scope(company="测试公司1号", year="2025", kind="annual report")
    assert scope.words(workspace.filings(), speaker("zh")) == "测试公司1号 · 2025 · 年度报告"


def test_the_year_is_the_dates_where_no_period_is_named(workspace: Any) -> None:
    assert [year_of(state) for state in workspace.filings()] == ["2025", "2024"]
