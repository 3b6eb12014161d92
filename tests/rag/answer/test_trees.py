"""Trees are walked as they were learned, and the stored ensemble fits what the ranking gives it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rag.answer.judged import candidates, question_of
from rag.answer.ranking import inputs
from rag.answer.trees import LEAF, Trees, trees
from rag.retrieve.query import understand
from rag.types import FilingRef, Hit, Passage


def stump(feature: int, threshold: float, low: float, high: float) -> tuple[object, ...]:
    return (
        np.array([feature, LEAF, LEAF]),
        np.array([threshold, 0.0, 0.0]),
        np.array([1, 0, 0]),
        np.array([2, 0, 0]),
        np.array([0.0, low, high]),
    )


def of(*nodes: tuple[object, ...], constant: float = 0.0) -> Trees:
    return Trees(("a", "b"), nodes, constant)  # type: ignore[arg-type]


def test_a_value_at_the_threshold_goes_left() -> None:
    model = of(stump(0, 0.5, -1.0, 2.0))
    rows = [{"a": 0.5, "b": 0.0}, {"a": 0.51, "b": 0.0}]
    assert model.scores(rows).tolist() == [-1.0, 2.0]


def test_trees_add_up_with_the_constant() -> None:
    model = of(stump(0, 0.5, -1.0, 2.0), stump(1, 0.0, 10.0, 20.0), constant=0.25)
    assert model.scores([{"a": 1.0, "b": 1.0}]).tolist() == [22.25]


def test_a_deeper_branch_is_followed_to_its_leaf() -> None:
    tree = (
        np.array([0, LEAF, 1, LEAF, LEAF]),
        np.array([0.0, 0.0, 5.0, 0.0, 0.0]),
        np.array([1, 0, 3, 0, 0]),
        np.array([2, 0, 4, 0, 0]),
        np.array([0.0, 1.0, 0.0, 2.0, 3.0]),
    )
    rows = [{"a": -1.0, "b": 9.0}, {"a": 1.0, "b": 4.0}, {"a": 1.0, "b": 6.0}]
    assert of(tree).scores(rows).tolist() == [1.0, 2.0, 3.0]


def test_a_tree_of_one_leaf_gives_every_row_its_value() -> None:
    leaf = (np.array([LEAF]), np.zeros(1), np.zeros(1, int), np.zeros(1, int), np.array([0.5]))
    assert of(leaf).scores([{"a": 0.0, "b": 0.0}] * 3).tolist() == [0.5, 0.5, 0.5]


def test_names_are_read_by_name_and_others_are_left_alone() -> None:
    model = of(stump(1, 0.5, 0.0, 1.0))
    assert model.scores([{"z": 9.0, "b": 1.0, "a": 0.0}]).tolist() == [1.0]
    with pytest.raises(KeyError):
        model.scores([{"a": 1.0}])


def test_no_rows_have_no_scores() -> None:
    assert of(stump(0, 0.5, 0.0, 1.0)).scores([]).shape == (0,)


def test_every_branch_of_the_stored_ensemble_leads_to_a_later_node() -> None:
    model = trees("ranking")
    assert model.nodes
    for feature, threshold, left, right, value in model.nodes:
        assert len({len(feature), len(threshold), len(left), len(right), len(value)}) == 1
        inner = np.flatnonzero(feature != LEAF)
        assert (feature[inner] < len(model.names)).all()
        for branch in (left, right):
            assert ((inner < branch[inner]) & (branch[inner] < len(feature))).all()


def test_the_ranking_gives_the_stored_ensemble_all_that_it_reads() -> None:
    ref = FilingRef(
        "abcd", "青萍仪表2024年年度报告", "青萍仪表", "", "annual_report", "2024", "q.md"
    )
    passage = Passage("abcd:1", ref, ("1",), ("业务",), "text", "2024年水表收入为12.50万元。")
    question = question_of(understand("2024年水表收入是多少?", []), {})
    rows = inputs(question, candidates(question, [Hit(passage, 1.0, 1)]))
    model = trees("ranking")
    assert set(model.names) <= set(rows[0])
    assert math.isfinite(float(model.scores(rows)[0]))
