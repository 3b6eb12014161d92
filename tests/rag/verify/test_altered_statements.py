"""The verifier's own figures: 500 correct statements and 500 with one thing changed."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from rag.verify.check import EvidenceSpan, check_answer


def _maker() -> ModuleType:
    path = Path(__file__).with_name("make_cases.py")
    spec = importlib.util.spec_from_file_location("make_cases", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


make_cases = _maker().make_cases


@pytest.mark.parametrize("seed", [20_240_630, 7])
def test_altered_statements_are_caught_and_correct_ones_kept(seed: int) -> None:
    rejected, missed, made = Counter[str](), Counter[str](), Counter[str]()
    for case in make_cases(seed):
        spans = [EvidenceSpan(1, case.quote, case.context)]
        checks = check_answer(case.statement, spans, question=case.question)
        holds = bool(checks) and all(check.verdict != "unsupported" for check in checks)
        made[case.change] += 1
        if case.change and holds:
            missed[case.change] += 1
        if not case.change and not holds:
            rejected[case.statement] += 1
    assert made[""] == 500
    assert sum(made.values()) == 1000
    assert min(count for change, count in made.items() if change) >= 15, made
    assert sum(missed.values()) <= 10, missed
    assert sum(rejected.values()) <= 10, rejected


def test_the_same_seed_makes_the_same_cases() -> None:
    assert make_cases(3, 20) == make_cases(3, 20)
    assert make_cases(3, 20) != make_cases(4, 20)
