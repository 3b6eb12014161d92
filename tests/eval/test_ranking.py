from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.ranking import (
    item_rank,
    item_ranks,
    mrr,
    ndcg,
    ndcg_at,
    recall,
    recall_at,
    reciprocal_rank,
)
from eval.questions import Evidence, Question
from eval.results import Found, Result

PAGES = tuple(f"第{i}页" for i in range(12))


def question_about(pages: list[int]) -> Question:
    """One evidence item on each page, told apart by its figure."""
    evidence = tuple(Evidence("a.txt", PAGES[i], (f"{1000 + i}.5",)) for i in pages)
    return Question("q", "?", "zh", "multi", "", evidence=evidence)


def hits_for(order: list[int]) -> tuple[Found, ...]:
    return tuple(Found("a.txt", f"金额{1000 + i}.5万元", (PAGES[i],)) for i in order)


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(range(12)),
    st.sets(st.integers(0, 11), min_size=1, max_size=5),
    st.integers(1, 12),
)
def test_ranking_metrics_agree_with_ir_measures(
    order: list[int], gold: set[int], found: int
) -> None:
    """One item a hit and no repeats is the case that TREC's definitions cover."""
    ir = pytest.importorskip("ir_measures")
    question, result = question_about(sorted(gold)), Result("q", hits_for(order[:found]))
    qrels = [ir.Qrel("q", str(i), 1) for i in gold]
    run = [ir.ScoredDoc("q", str(doc), 100.0 - i) for i, doc in enumerate(order[:found])]
    theirs = ir.calc_aggregate([ir.R @ 5, ir.RR, ir.nDCG @ 10], qrels, run)
    assert recall(question, result, 5).value == pytest.approx(theirs[ir.R @ 5])
    assert mrr(question, result).value == pytest.approx(theirs[ir.RR])
    assert ndcg(question, result, 10).value == pytest.approx(theirs[ir.nDCG @ 10])


def test_overlapping_chunks_earn_an_item_once() -> None:
    question, hits = question_about([3, 7]), hits_for([3, 3, 3, 7])
    assert item_ranks(question, hits) == [1, 4]
    assert recall_at(item_ranks(question, hits), 3) == 0.5


def test_an_item_split_over_two_hits_is_found_at_the_second() -> None:
    item = Evidence("a.txt", "第1页", ("12.5", "13.5"))
    hits = [Found("a.txt", "2023年12.5", ("第1页",)), Found("a.txt", "2024年13.5", ("第1页",))]
    assert item_rank(item, hits) == 2


def test_the_right_figure_on_the_wrong_page_or_in_the_wrong_file_is_not_gold() -> None:
    item = Evidence("a.txt", "第1页", ("12.5",))
    assert (
        item_rank(item, [Found("a.txt", "12.5", ("第2页",)), Found("b.txt", "12.5", ("第1页",))])
        is None
    )


def test_files_without_page_labels_are_judged_by_file_and_span() -> None:
    item = Evidence("news.txt", None, quote="减持计划")
    assert item_rank(item, [Found("news.txt", "公告了减持 计划。", (None,))]) == 1


def test_hand_worked_values() -> None:
    ranks = [2, None, 5]
    assert recall_at(ranks, 5) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranks) == 0.5
    assert ndcg_at([2], 10) == pytest.approx(1 / 1.584962500721156)
    assert reciprocal_rank([None]) == ndcg_at([None], 10) == 0.0


def test_one_hit_with_every_item_is_perfect_and_never_more() -> None:
    assert ndcg_at([1, 1, 1], 10) == 1.0


def test_a_question_without_evidence_is_unscored() -> None:
    empty: Any = Question("q", "?", "zh", "unanswerable", "")
    for metric in (lambda q, r: recall(q, r, 5), mrr, lambda q, r: ndcg(q, r, 10)):
        assert metric(empty, Result("q")).value is None
