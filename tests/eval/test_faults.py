"""Every metric has a fault that it must notice and name; a healthy system names none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from eval.comparison import compare_runs, named_faults
from eval.gates import Baseline, Gate, pass_gates, question_hash, worst_questions
from eval.metrics import METRICS, metric_named
from eval.questions import Question
from eval.results import Found, Given

Fault = Callable[[Given, Question], Given]


def cited(given: Given, **changes: Any) -> Given:
    return replace(given, citations=tuple(replace(c, **changes) for c in given.citations))


def wrong_page(given: Given, question: Question) -> Given:
    return cited(given, page="1-1-77")


def label_off_by_one(given: Given, question: Question) -> Given:
    """Page labels read from the wrong side of the page: consistent with itself, and wrong."""
    return cited(given, page="1-1-77", passage_page="1-1-77")


def swapped_digits(given: Given, question: Question) -> Given:
    text = re.sub(
        r"(\d)([\d,.]*)(\d)(?=\D*\[1\])", lambda m: m[3] + m[2] + str(9 - int(m[1])), given.text
    )
    return replace(given, text=text)


def lost_sign(given: Given, question: Question) -> Given:
    return replace(given, text=given.text.replace("-", ""))


def wrong_scale(given: Given, question: Question) -> Given:
    return replace(given, text=given.text.replace("万元", "亿元"))


def dropped_citation(given: Given, question: Question) -> Given:
    return replace(given, text=given.text.replace("[1]", ""), citations=())


def dropped_marker(given: Given, question: Question) -> Given:
    return replace(given, text=given.text.replace("[1]", ""))


def idle_citation(given: Given, question: Question) -> Given:
    idle = tuple(
        replace(
            c,
            n=2,
            quote="以董事会公告为准",
            passage="其他事项以董事会公告为准。",
            passage_page=c.page,
        )
        for c in given.citations
    )
    return replace(
        given, text=given.text.replace("[1]", "[1][2]"), citations=given.citations + idle
    )


def wrong_passage(given: Given, question: Question) -> Given:
    return cited(given, quote="其他事项", passage="其他事项以董事会公告为准。")


def never_refuses(given: Given, question: Question) -> Given:
    return replace(
        given, status="answered", text=given.text if given.citations else "约为88.8万元。"
    )


def always_refuses(given: Given, question: Question) -> Given:
    return (
        Given("文件中没有说明。", "not_found") if question.id.endswith(("1", "2", "3")) else given
    )


def rambles(given: Given, question: Question) -> Given:
    return replace(
        given, text=given.text + "此外还应当结合宏观环境、行业周期与监管政策综合研判。" * 3
    )


def long_prompt(given: Given, question: Question) -> Given:
    return replace(given, tokens={"prompt": 4000})


ANSWER_FAULTS: list[tuple[Fault, set[str]]] = [
    (wrong_page, {"citation_validity", "page_exactness"}),
    (label_off_by_one, {"page_exactness"}),
    (swapped_digits, {"correct", "exact_figures", "unsupported_figures", "net_score"}),
    (wrong_scale, {"exact_figures", "correct"}),
    (dropped_citation, {"citation_validity", "citation_recall", "gold_cited"}),
    (dropped_marker, {"citation_recall"}),
    (idle_citation, {"citation_precision"}),
    (wrong_passage, {"gold_cited", "citation_recall", "citation_precision"}),
    (never_refuses, {"refusal_recall", "net_score", "correct"}),
    (always_refuses, {"refusal_precision", "correct", "net_score"}),
    (rambles, {"character_f1", "answer_tokens", "citation_recall"}),
    (long_prompt, {"prompt_tokens"}),
]


def without_lexical(hits: list[Found]) -> list[Found]:
    """Without the lexical half all filings look alike: the right company is a matter of luck."""
    return sorted(hits, key=lambda hit: (hit.pages[0] or "", hit.source), reverse=True)


def one_sided(hits: list[Found]) -> list[Found]:
    return [replace(hit, text=hit.text[:6]) for hit in hits]


def without_labels(hits: list[Found]) -> list[Found]:
    return [replace(hit, pages=("1-1-77",)) for hit in hits]


HIT_FAULTS: list[tuple[Callable[[list[Found]], list[Found]], set[str]]] = [
    (without_lexical, {"recall@5", "recall@10", "mrr", "ndcg@10"}),
    (
        one_sided,
        {
            f"{name}@{n}"
            for n in (1000, 2000, 4000)
            for name in ("coverage", "complete", "answer_in_text")
        },
    ),
    (without_labels, {f"page_coverage@{n}" for n in (1000, 2000, 4000)}),
]


def worse(world: Any, **faults: Any) -> set[str]:
    rows = compare_runs(world.run(), world.run(**faults))
    return {row.metric.name for row in rows if row.difference.verdict == "worse"}


@pytest.mark.parametrize(("fault", "names"), ANSWER_FAULTS)
def test_a_broken_answer_is_noticed(fake_world: Any, fault: Fault, names: set[str]) -> None:
    assert names <= worse(fake_world, break_answer=fault)


@pytest.mark.parametrize(("fault", "names"), HIT_FAULTS)
def test_broken_retrieval_is_noticed(fake_world: Any, fault: Any, names: set[str]) -> None:
    assert names <= worse(fake_world, break_hits=fault)


def test_a_lost_sign_makes_those_answers_wrong(fake_world: Any) -> None:
    run = fake_world.run(break_answer=lost_sign)
    assert [q for q, value in run.values("exact_figures").items() if value < 1] == [
        f"q{i}3" for i in range(6)
    ]
    assert [q for q, value in run.values("correct").items() if value < 1] == [
        f"q{i}3" for i in range(6)
    ]


def test_every_metric_but_time_has_a_fault_that_it_names() -> None:
    named = set().union(*(names for _, names in [*ANSWER_FAULTS, *HIT_FAULTS]))
    assert named == {metric.name for metric in METRICS if metric.unit != "ms"}


def test_slowness_is_noticed(fake_world: Any) -> None:
    old = fake_world.run()
    slow = tuple(replace(r, seconds={k: v * 3 for k, v in r.seconds.items()}) for r in old.results)
    from eval.runs import score_results

    new = replace(old, results=slow, scores=score_results(old.questions, slow))
    verdicts = {row.metric.name: row.difference.verdict for row in compare_runs(old, new)}
    assert verdicts["search_ms"] == verdicts["answer_ms"] == "worse"
    assert verdicts["correct"] == "same"


def test_a_healthy_system_scores_full_marks_and_names_no_fault(fake_world: Any) -> None:
    run = fake_world.run()
    for name in (
        "correct",
        "citation_validity",
        "page_exactness",
        "citation_recall",
        "citation_precision",
        "recall@5",
    ):
        assert set(run.values(name).values()) == {1.0}, name
    assert set(run.values("unsupported_figures").values()) == {0.0}
    assert named_faults(run, fake_world.run()) == []


def test_the_fault_is_named_in_plain_words(fake_world: Any) -> None:
    words = named_faults(fake_world.run(), fake_world.run(break_answer=wrong_page))
    assert any(
        line.startswith("a citation names the wrong page (page_exactness 1.00 → 0.00)")
        for line in words
    )


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (wrong_page, "page_exactness"),
        (swapped_digits, "correct"),
        (never_refuses, "refusal_recall"),
    ],
)
def test_a_gate_fails_with_the_three_worst_questions(
    fake_world: Any, fault: Fault, name: str
) -> None:
    healthy, broken = fake_world.run(), fake_world.run(break_answer=fault)
    metric = metric_named(name)
    assert metric is not None
    baseline = Baseline(
        {m: healthy.values(m) for m in healthy.scores},
        {q.id: question_hash(q) for q in healthy.questions},
    )
    outcomes = pass_gates(broken, [Gate(metric, "drop", 0.02)], baseline)
    assert not outcomes[0].passed
    assert metric.fault in outcomes[0].words
    worst = worst_questions(broken, outcomes, baseline)
    assert len(worst) == 3
    assert all(change.loss == 1 for change in worst)
    assert pass_gates(healthy, [Gate(metric, "drop", 0.02)], baseline)[0].passed
