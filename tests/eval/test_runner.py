from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.cache import Cache, key_of
from eval.questions import Question
from eval.results import Given, SystemFailure, result_from_json, result_to_json
from eval.runner import Options, ask_all
from eval.runs import RunError, load_run, save_run, score_results


class Counting:
    """A system that counts its calls and says what its results depend on."""

    def __init__(self, inner: Any, prompts: Mapping[str, str]) -> None:
        self.inner, self.prompts, self.calls = inner, prompts, {"search": 0, "answer": 0}
        self.name, self.workers, self.answers, self.sources = "counting", 3, True, None

    def search(self, question: Question, k: int) -> Any:
        self.calls["search"] += 1
        return self.inner.search(question, k)

    def answer(self, question: Question) -> Given:
        self.calls["answer"] += 1
        if "启衡材料期末" in question.question:
            raise SystemFailure("the model is down; start it")
        given: Given = self.inner.answer(question)
        return given

    def depends_on(self, question: Question, step: str) -> Mapping[str, str]:
        return {"index": "1"} | (dict(self.prompts) if step == "answer" else {})

    def describe(self) -> Mapping[str, Any]:
        return {}

    def close(self) -> None:
        return None


def test_a_rerun_computes_only_what_changed(fake_world: Any, tmp_path: Path) -> None:
    cache, n = Cache(tmp_path), len(fake_world.questions)
    first = Counting(fake_world.system(), {"prompt": "a"})
    ask_all(first, fake_world.questions, Options(), cache=cache)
    again = Counting(fake_world.system(), {"prompt": "a"})
    ask_all(again, fake_world.questions, Options(), cache=cache)
    edited = Counting(fake_world.system(), {"prompt": "b"})
    ask_all(edited, fake_world.questions, Options(), cache=cache)
    assert first.calls == {"search": n, "answer": n}
    assert again.calls == {"search": 0, "answer": 1}, "only the failure is tried again"
    assert edited.calls == {"search": 0, "answer": n}


def test_cached_results_equal_fresh_ones(fake_world: Any, tmp_path: Path) -> None:
    def run() -> list[Any]:
        system = Counting(fake_world.system(), {})
        results = ask_all(system, fake_world.questions, Options(), cache=Cache(tmp_path))
        return [replace(result, seconds={}) for result in results]

    assert run() == run()


def test_a_killed_run_goes_on_where_it_was(fake_world: Any, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    ask_all(Counting(fake_world.system(), {}), fake_world.questions[:10], Options(), cache=cache)
    (tmp_path / "00").mkdir(exist_ok=True)
    rest = Counting(fake_world.system(), {})
    ask_all(rest, fake_world.questions, Options(), cache=cache)
    assert rest.calls["search"] == len(fake_world.questions) - 10


def test_a_cache_file_cut_short_counts_as_absent(tmp_path: Path) -> None:
    cache, key = Cache(tmp_path), key_of({"a": 1})
    cache.put(key, {"x": "值"})
    assert cache.get(key) == {"x": "值"}
    (tmp_path / key[:2] / f"{key}.json").write_text('{"x": ', encoding="utf-8")
    assert cache.get(key) is None


def test_results_come_in_the_order_of_the_questions(fake_world: Any) -> None:
    results = ask_all(
        fake_world.system(), fake_world.questions, Options(repeats=2), cache=Cache(None)
    )
    expected = [(q.id, repeat) for q in fake_world.questions for repeat in (0, 1)]
    assert [(r.question_id, r.repeat) for r in results] == expected


def test_a_failure_is_wrong_not_unscored(fake_world: Any) -> None:
    system = Counting(fake_world.system(), {})
    results = ask_all(system, fake_world.questions, Options(), cache=Cache(None))
    scores = score_results(fake_world.questions, results)
    failed = next(result for result in results if result.error)
    assert failed.error == "the model is down; start it"
    assert scores["correct"][failed.question_id].value == 0
    assert scores["net_score"][failed.question_id].value == -1


def test_retrieval_only_asks_for_no_answer(fake_world: Any) -> None:
    system = Counting(fake_world.system(), {})
    ask_all(system, fake_world.questions, Options(retrieval_only=True), cache=Cache(None))
    assert system.calls["answer"] == 0


def test_repeats_are_averaged(fake_world: Any) -> None:
    question = fake_world.questions[0]
    right = ask_all(fake_world.system(), [question], Options(), cache=Cache(None))[0]
    assert right.given
    wrong = replace(right, given=replace(right.given, text="不清楚[1]。"), repeat=1)
    assert score_results([question], [right, wrong])["correct"][question.id].value == 0.5


def test_two_runs_score_identically(fake_world: Any) -> None:
    assert fake_world.run().digest == fake_world.run().digest


def test_a_run_survives_saving(fake_world: Any, tmp_path: Path) -> None:
    run = fake_world.run()
    save_run(run, tmp_path)
    loaded = load_run(tmp_path)
    assert loaded.digest == run.digest
    assert loaded.results == run.results
    assert loaded.questions == run.questions
    assert [result_from_json(result_to_json(r)) for r in run.results] == list(run.results)


def test_a_missing_or_damaged_run_is_a_stated_problem(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="filings eval run"):
        load_run(tmp_path)
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunError, match="run again"):
        load_run(tmp_path)
