"""Fitting the learned parts of composed answers: small data, without the learners of the extra."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.questions import Evidence, Question
from eval.trials import answer_fit
from eval.trials.answer_fit import (
    FOLDER,
    FOLDS,
    PARTS,
    Case,
    Judgement,
    Tried,
    by_type,
    case_of,
    crossed,
    curve,
    fitted,
    graded,
    homes,
    judgement,
    paired,
    share_said,
    tried,
    write,
)
from eval.trials.answer_learners import (
    PAIRED,
    Group,
    Outcome,
    Pairs,
    assurance_weights,
    flat_tree,
    operand_weights,
    softmax_weights,
)
from rag.answer import operands, ranking
from rag.answer.trees import ensemble, learned
from rag.chunk import passages_of
from rag.index.catalog import Catalog
from rag.load.files import load
from rag.retrieve.prepare import search_columns
from rag.retrieve.search import Searcher

REPORT = """东浦泵业股份有限公司2024年年度报告

第一节 财务摘要

2024年,公司营业收入为6,300.00万元,上年为5,250.00万元。
公司在册员工共412人,其中研发人员58人。
公司的主要产品为离心泵,在三个省设有仓库。
"""
SOURCE = "2024-dongpu-annual-report.md"


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("fit")
    path = folder / SOURCE
    path.write_text(REPORT, encoding="utf-8")
    catalog = Catalog(folder / "catalog.sqlite3")
    filing = load(path)
    catalog.add(filing, [(p, search_columns(p)) for p in passages_of(filing)])
    yield Searcher(catalog)
    catalog.close()


def question(text: str, answer: str, *must: str, **more: Any) -> Question:
    kind = more.pop("type", "lookup")
    evidence = (Evidence(SOURCE, None, must),)
    groups = tuple((m,) for m in must)
    name = more.pop("id", text)
    return Question(name, text, "zh", kind, answer, must=groups, evidence=evidence, **more)


def case(searcher: Searcher, asked: Question) -> Case:
    return case_of(searcher, asked, "lexical")


REVENUE = question("东浦泵业2024年营业收入是多少?", "6,300.00万元", "6,300.00")
GROWTH = question("东浦泵业2024年营业收入比上年增长百分之几?", "20.00%", "20.00", type="calc")


def test_files_belong_to_the_home_before_them() -> None:
    found = homes(["a=", "1.jsonl", "2.jsonl", "b=3.jsonl"])
    assert found == {
        Path("a"): [Path("1.jsonl"), Path("2.jsonl")],
        Path("b"): [Path("3.jsonl")],
    }


@pytest.mark.parametrize(
    ("arguments", "says"), [(["1.jsonl"], "put HOME="), (["a=", "b=1.jsonl"], "no question file")]
)
def test_a_file_without_a_home_and_a_home_without_a_file_are_refused(
    arguments: list[str], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        homes(arguments)


def test_a_question_is_always_in_the_same_fold(searcher: Searcher) -> None:
    assert case(searcher, REVENUE).fold == case(searcher, REVENUE).fold in range(FOLDS)


def test_each_model_but_the_last_is_fitted_without_its_fold() -> None:
    models = crossed([(n % FOLDS, n) for n in range(10)], sum)
    assert models == [45 - (k + k + FOLDS) for k in range(FOLDS)] + [45]


def test_the_share_of_groups_said_counts_and_a_banned_word_voids_it() -> None:
    asked = question("?", "58人和412人", "58", "412", must_not=("三个省",))
    assert share_said(asked, "研发人员58人") == 0.5
    assert share_said(asked, "412人,其中58人") == 1.0
    assert share_said(asked, "412人,其中58人,在三个省") == 0.0


def test_candidates_that_answer_are_the_relevant_ones(searcher: Searcher) -> None:
    (group,) = graded(case(searcher, REVENUE))
    assert group.targets.max() == 1.0
    assert group.targets.min() == 0.0
    assert group.inputs.shape == (len(group.targets), len(group.names))
    assert tuple(learned("ranking")["names"]) == group.names


def test_an_unanswerable_question_grades_nothing(searcher: Searcher) -> None:
    unanswerable = Question("u", "东浦泵业2019年营业收入是多少?", "zh", "unanswerable", "没有披露")
    assert not list(graded(case(searcher, unanswerable)))


def test_the_pair_that_gives_the_result_is_the_right_one(searcher: Searcher) -> None:
    (pairs,) = paired(case(searcher, GROWTH))
    assert pairs.operation == "growth"
    assert 0 < pairs.group.targets.sum() < len(pairs.group.targets)
    assert not list(paired(case(searcher, REVENUE)))


def test_an_answer_is_tried_with_the_features_that_its_confidence_is_made_of(
    searcher: Searcher,
) -> None:
    made = tried(case(searcher, REVENUE))
    assert made.right
    assert set(made.values) >= set(ranking.SURE) - {""}


def test_the_stored_weights_give_the_confidence_of_the_answerer(searcher: Searcher) -> None:
    asked = case(searcher, REVENUE)
    composed = answer_fit.extractive.composed(asked.query, asked.hits, asked.weight)
    assert composed is not None
    assert judgement(tried(asked), ranking.SURE).confidence == pytest.approx(composed.confidence)


def test_a_lacking_answer_is_never_given(searcher: Searcher) -> None:
    made = Tried(case(searcher, REVENUE), "6,300.00万元", True, True, {})
    judged = judgement(made, {"": 9.0})
    assert judged.confidence == 0.0
    assert not judged.given(0.0)


def test_the_curve_falls_with_the_threshold() -> None:
    unanswerable = Question("u", "?", "zh", "unanswerable", "")
    judged = [
        Judgement(REVENUE, True, 0.72, 20),
        Judgement(GROWTH, False, 0.42, 40),
        Judgement(unanswerable, False, 0.55, 30),
    ]
    rows = curve(judged).splitlines()
    assert "| 0.00 | 0.50 | 0.50 | 0 of 1 | 30 |" in rows
    assert "| 0.60 | 0.50 | 0.00 | 1 of 1 | 20 |" in rows
    assert "| 0.75 | 0.00 | 0.00 | 1 of 1 | 0 |" in rows
    assert "| calc | 1 | 0.00 | 0.00 | 0.00 |" in by_type(judged)


def test_all_parts_are_fitted_on_what_the_others_give(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits = {name: lambda _, name=name: learned(name) for name in PARTS}
    monkeypatch.setattr(answer_fit, "PARTS", fits)
    before = operands.WEIGHTS
    parts, judged = fitted([case(searcher, REVENUE), case(searcher, GROWTH)])
    assert parts == {name: learned(name) for name in PARTS}
    assert {j.asked.id: j.right for j in judged} == {REVENUE.id: True, GROWTH.id: True}
    assert operands.WEIGHTS is before


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    parts = {name: learned(name) for name in PARTS}
    write(parts, tmp_path)
    for name, part in parts.items():
        assert json.loads((tmp_path / f"{name}.json").read_text("utf-8")) == part
        assert (FOLDER / f"{name}.json").is_file()


def test_a_dumped_tree_scores_as_its_dump_says() -> None:
    dump = {
        "split_feature": 1,
        "threshold": 0.5,
        "left_child": {"leaf_value": -1.0},
        "right_child": {
            "split_feature": 0,
            "threshold": 2.0,
            "left_child": {"leaf_value": 0.25},
            "right_child": {"leaf_value": 3.0},
        },
    }
    trees = ensemble({"names": ["a", "b"], "trees": [flat_tree(dump), flat_tree(dump)]})
    rows = [{"a": 9.0, "b": 0.5}, {"a": 2.0, "b": 0.6}, {"a": 2.1, "b": 0.6}]
    assert trees.scores(rows).tolist() == [-2.0, 0.5, 6.0]


def test_a_tree_may_be_one_leaf() -> None:
    trees = ensemble({"names": ["a"], "trees": [flat_tree({"leaf_value": 0.5})]})
    assert trees.scores([{"a": 1.0}]).tolist() == [0.5]


def test_the_softmax_learns_what_the_good_rows_have() -> None:
    rows = np.array([[1.0, 0.0], [0.0, 1.0]])
    weights = softmax_weights([(rows, np.array([1.0, 0.0]))] * 20, ridge=0.1)
    assert weights[0] > 1 > -1 > weights[1]


def test_an_operation_without_questions_has_the_shared_weights() -> None:
    group = Group(
        ("good", "bad", "idle"),
        np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        np.array([1.0, 0.0]),
    )
    fitted_weights = operand_weights([Pairs("growth", group)] * 20)
    assert set(fitted_weights) == set(PAIRED)
    assert fitted_weights["growth"]["good"] > fitted_weights["sum"]["good"] > 0
    assert "idle" not in fitted_weights["growth"]


def test_the_assurance_is_written_for_the_features_as_they_are() -> None:
    pytest.importorskip("sklearn")
    outcomes = [Outcome({"score": 10.0 + n, "same": 1.0}, n >= 10) for n in range(20)]
    weights = assurance_weights(outcomes)
    assert list(weights) == ["", "score", "same"]
    assert weights["score"] > 0 == weights["same"]
    odds = [weights[""] + weights["score"] * o.values["score"] for o in outcomes]
    assert math.isclose(sum(odds) / len(odds), 0.0, abs_tol=0.05)
