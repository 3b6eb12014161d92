from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.statistics import compare, estimate, kappa, paired_p, sign_flip_p


def test_an_interval_holds_its_mean_and_is_the_same_every_time() -> None:
    values, documents = [1.0, 0.0, 1.0, 1.0, 0.5, 0.0], ["a", "a", "b", "b", "c", "c"]
    first = estimate(values, documents)
    assert first is not None
    assert first == estimate(values, documents)
    assert first.low <= first.mean <= first.high
    assert (first.n, first.documents) == (6, 3)


def test_resampling_documents_is_wider_than_resampling_questions() -> None:
    """Twenty questions that agree within each of four documents are four observations."""
    values = [1.0] * 5 + [0.0] * 5 + [1.0] * 5 + [0.0] * 5
    clustered = estimate(values, ["a"] * 5 + ["b"] * 5 + ["c"] * 5 + ["d"] * 5)
    single = estimate(values, [str(i) for i in range(20)])
    assert clustered is not None
    assert single is not None
    assert clustered.high - clustered.low > 1.5 * (single.high - single.low)


def test_the_interval_is_the_percentile_bootstrap() -> None:
    """For independent questions about half right, close to the normal interval."""
    values = [1.0, 0.0] * 100
    found = estimate(values, [str(i) for i in range(200)])
    assert found is not None
    assert found.high - 0.5 == pytest.approx(1.96 * math.sqrt(0.25 / 200), abs=0.008)


def test_three_of_three_is_not_certain() -> None:
    found = estimate([1.0] * 3, ["a", "b", "c"])
    assert found is not None
    assert found.low == pytest.approx(0.025 ** (1 / 3))
    assert found.high == 1
    none = estimate([0.0] * 3, ["a", "b", "c"])
    assert none is not None
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 3))


def test_no_values_have_no_estimate() -> None:
    assert estimate([], []) is None


def test_the_sign_flip_test_is_mcnemar_for_right_and_wrong() -> None:
    # 8 lost, 1 won: two-sided binomial, 2 * (1 + 9) / 2**9.
    assert sign_flip_p([-1.0] * 8 + [1.0] + [0.0] * 30) == pytest.approx(20 / 512)
    assert sign_flip_p([0.0, 0.0]) == 1


def test_few_changes_are_tried_exactly() -> None:
    # |sum| >= 0.75 is reached by +++ and --- only: 2 of 8 patterns.
    assert sign_flip_p([0.5, 0.2, 0.05]) == pytest.approx(0.25)


def test_many_changes_are_sampled_close_to_the_exact_p() -> None:
    deltas = [0.5, 0.25, -0.25, 1.0, 0.5, -0.5, 0.25, 0.75, 0.5, -0.25, 0.5, 0.25, 1.0, -0.5, 0.25]
    patterns = np.array(list(product((-1, 1), repeat=len(deltas))))
    exact = float(np.mean(np.abs(patterns @ np.abs(deltas)) >= abs(sum(deltas)) - 1e-9))
    assert sign_flip_p(deltas) == pytest.approx(exact, abs=0.01)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=1, max_size=12))
def test_p_is_a_probability_and_does_not_know_the_sides(deltas: list[float]) -> None:
    p = sign_flip_p(deltas)
    assert 0 < p <= 1
    assert p == pytest.approx(sign_flip_p([-d for d in deltas]))


def scored(values: list[float]) -> dict[str, float]:
    return {f"q{i:02}": value for i, value in enumerate(values)}


def about(n: int, documents: int = 10) -> dict[str, str]:
    return {f"q{i:02}": f"d{i % documents}" for i in range(n)}


def test_a_clear_loss_is_worse_and_a_clear_win_better() -> None:
    good, bad = scored([1.0] * 30), scored([0.0] * 12 + [1.0] * 18)
    lost, won = compare(good, bad, about(30)), compare(bad, good, about(30))
    assert lost is not None
    assert won is not None
    assert (lost.verdict, won.verdict) == ("worse", "better")
    assert lost.mean == pytest.approx(-0.4)
    assert lost.changed == 12


def test_for_a_cost_less_is_better() -> None:
    found = compare(
        scored([10.0] * 20), scored([5.0] * 20), about(20), margin=1, lower_is_better=True
    )
    assert found is not None
    assert found.verdict == "better"


def test_two_lost_of_six_are_too_few_to_tell() -> None:
    found = compare(scored([1.0] * 6), scored([0.0, 0.0, 1.0, 1.0, 1.0, 1.0]), about(6, 6))
    assert found is not None
    assert found.verdict == "too few questions to tell"
    assert found.needed > 6


def test_nothing_changed_is_the_same() -> None:
    found = compare(scored([1.0, 0.0] * 10), scored([1.0, 0.0] * 10), about(20))
    assert found is not None
    assert (found.verdict, found.p, found.mean) == ("same", 1.0, 0.0)


def test_a_tiny_change_among_many_is_the_same() -> None:
    old = [1.0, 0.0] * 100
    found = compare(
        scored([*old[:-1], 1.0]), scored(old), {f"q{i:02}": f"d{i % 40}" for i in range(200)}
    )
    assert found is not None
    assert found.verdict == "same"


def test_scores_on_one_side_only_count_there() -> None:
    """Eighteen new refusals, all wrong, beside six that were right before and after."""
    old = {f"q{i:02}": 1.0 for i in range(6)}
    new = old | {f"q{i:02}": 0.0 for i in range(6, 24)}
    found = compare(old, new, about(24, 6))
    assert found is not None
    assert found.mean == pytest.approx(-0.75)
    assert found.verdict == "worse"


def test_the_general_test_agrees_with_the_paired_one() -> None:
    before, after = np.array([1.0] * 20), np.array([0.0] * 6 + [1.0] * 14)
    exact = paired_p(before, after)
    with_gap = paired_p(np.append(before, np.nan), np.append(after, np.nan))
    assert exact == pytest.approx(2 / 2**6)
    assert with_gap == pytest.approx(exact, abs=0.01)


def test_nothing_in_common_has_no_difference() -> None:
    assert compare({}, scored([1.0]), about(1)) is None


def test_kappa_by_hand() -> None:
    # 6 of 8 agree; both say yes half of the time: (0.75 - 0.5) / 0.5.
    left = [True, True, True, True, False, False, False, False]
    right = [True, True, True, False, False, False, False, True]
    assert kappa(left, right) == pytest.approx(0.5)
    assert kappa([True, True], [True, True]) is None
    assert kappa([], []) is None
