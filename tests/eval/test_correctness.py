from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eval.metrics.correctness import character_f1, correct, exact_figures, f1
from eval.metrics.refusal import net_score, refusal_precision, refusal_recall

Ask = Callable[..., Any]
REVENUE: dict[str, Any] = {"answer": "营业收入为17,589.07万元。", "must": (("17589.07", "1.76亿"),)}


@pytest.mark.parametrize(
    "text",
    [
        "2024年营业收入17,589.07万元[1]。",
        "营业收入为 17589.07 万元",
        "营业收入为1.758907亿元",
        "营业收入约1.76亿元",
        "Revenue was RMB 175.8907 million.",
        "| 营业收入 | 17,589.07 |",
    ],
)
def test_the_same_amount_in_any_spelling_is_correct(ask: Ask, text: str) -> None:
    assert correct(*ask(text, **REVENUE)).value == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("营业收入为117,589.07万元", "does not say"),
        ("营业收入为17,589.07亿元", "does not say"),
        ("营业收入为17,589.70万元", "does not say"),
        ("营业收入见[17589]", "does not say"),
    ],
)
def test_another_amount_is_wrong(ask: Ask, text: str, why: str) -> None:
    score = correct(*ask(text, **REVENUE))
    assert score.value == 0
    assert why in score.explanation


def test_every_group_is_needed_and_nothing_banned_may_stand(ask: Ask) -> None:
    fields: dict[str, Any] = {
        "answer": "",
        "must": (("增长", "上升"), ("12.5%",)),
        "must_not": ("11.8%",),
    }
    assert correct(*ask("同比上升12.50%", **fields)).value == 1
    assert correct(*ask("同比上升", **fields)).value == 0
    assert "says 11.8%" in correct(*ask("同比增长12.5%，原为11.8%", **fields)).explanation


def test_an_alternative_with_a_sign_needs_it(ask: Ask) -> None:
    fields: dict[str, Any] = {"answer": "-12.5%", "must": (("-12.5%",),)}
    assert correct(*ask("同比-12.5%", **fields)).value == 1
    assert correct(*ask("同比12.5%", **fields)).value == 0


def test_refusing_is_correct_only_where_there_is_no_answer(ask: Ask) -> None:
    silent: dict[str, Any] = {"type": "unanswerable"}
    assert correct(*ask("未披露", status="not_found", **silent)).value == 1
    assert correct(*ask("为12.5万元", **silent)).value == 0
    assert correct(*ask("未披露", status="not_found", **REVENUE)).value == 0


def test_exact_figures_want_sign_and_unit(ask: Ask) -> None:
    fields: dict[str, Any] = {
        "answer": "净利润下降12.5%，亏损310.25万元",
        "must": (("12.5%",), ("310.25",)),
    }
    assert exact_figures(*ask("净利润-12.5%，为-310.25万元", **fields)).value == 1
    assert exact_figures(*ask("净利润增长12.5%，亏损310.25万元", **fields)).value == 0.5
    assert exact_figures(*ask("净利润下降12.5%，亏损310.25亿元", **fields)).value == 0.5
    assert exact_figures(*ask("未披露", status="not_found", **fields)).value is None


def test_character_f1_by_hand() -> None:
    # 营业收入 and 营业利润 share 营 and 业: precision and recall are both 2/4.
    assert f1("营业收入", "营业利润") == 0.5
    assert f1("营业收入。", "营业收入") == 1
    assert f1("甲", "乙") == 0


def test_character_f1_ignores_markers(ask: Ask) -> None:
    assert character_f1(*ask("收入增长[1]。", answer="收入增长")).value == 1


@pytest.mark.parametrize(
    ("text", "status", "kind", "net", "recall", "precision"),
    [
        ("17,589.07万元", "answered", "lookup", 1, None, None),
        ("18,000万元", "answered", "lookup", -1, None, None),
        ("没有说明", "not_found", "lookup", 0, None, 0),
        ("没有说明", "not_found", "unanswerable", 1, 1, 1),
        ("18,000万元", "answered", "unanswerable", -1, 0, None),
    ],
)
def test_the_refusal_table(
    ask: Ask,
    text: str,
    status: str,
    kind: str,
    net: float,
    recall: float | None,
    precision: float | None,
) -> None:
    question, result = ask(text, status=status, type=kind, **REVENUE)
    assert net_score(question, result).value == net
    assert refusal_recall(question, result).value == recall
    assert refusal_precision(question, result).value == precision
