from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.cache import Cache
from eval.gates import GateError, read_gates
from eval.judge import agreement, judge_results, parse_verdict
from eval.questions import Question
from eval.runs import score_results

ASKED = Question("q", "?", "zh", "lookup", "17,589.07万元")


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("CORRECT\n数值一致", 1.0),
        ("**WRONG**\nunit differs", 0.0),
        ("REFUSED\n", 0.0),
        ("I think it is correct.", None),
        ("", None),
        ("CORRECTNESS is hard to say", None),
    ],
)
def test_a_reply_without_a_verdict_is_unscored_never_zero(reply: str, value: float | None) -> None:
    assert parse_verdict(reply, ASKED).value == value


def test_judging_is_cached_and_its_agreement_is_told(fake_world: Any, tmp_path: Path) -> None:
    calls = []

    def ask(messages: Any) -> str:
        calls.append(messages)
        return "mumble" if len(calls) == 1 else ("WRONG" if len(calls) % 4 == 0 else "CORRECT")

    run = fake_world.run()
    cache = Cache(tmp_path)
    judged = judge_results(run.questions, run.results, ask, model="m", cache=cache)
    again = judge_results(run.questions, run.results, ask, model="m", cache=cache)
    assert judged == again
    answered = [r for r in run.results if r.given and not r.given.refused]
    assert len(calls) == len(answered)
    assert judged.unparsed == 1
    found = agreement(judged, score_results(run.questions, run.results))
    assert found.compared == len(answered) - 1
    assert found.kappa == pytest.approx(0.0), "the rules say all are right: agreement is chance"


def test_the_judge_can_not_gate(tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    path.write_text("[floor]\njudge = 0.9\n", encoding="utf-8")
    with pytest.raises(GateError, match="no metric 'judge' that may gate"):
        read_gates(path)
