from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.arithmetic import (
    ExpressionError,
    average,
    computed,
    difference,
    earlier,
    evaluate,
    explain,
    growth,
    multiple,
    ratio,
    share,
    total,
)
from rag.verify.figures import Figure, find_figures


def figures(text: str) -> tuple[Figure, ...]:
    return find_figures(text)


NEW, OLD = figures("31,207.88万元") + figures("19,759.57万元")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 ÷ 4 − 1", "1.5"),
        ("-(2 - 5) × 2", "6"),
        ("1,234.5 / 0.5", "2469.0"),
        ("(a - b) / b * 100", "50"),
    ],
)
def test_expressions_are_evaluated_in_decimals(expression: str, value: str) -> None:
    assert evaluate(expression, {"a": Decimal(3), "b": Decimal(2)}) == Decimal(value)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "1 +",
        "1 / 0",
        "(1",
        "1)",
        "a ** 2",
        "__import__('os')",
        "x + 1",
        "1 2",
        "a.b",
        "1" * 500,
        "a(1)",
    ],
)
def test_anything_else_is_a_stated_error(expression: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        evaluate(expression, {"a": Decimal(3)})
    assert "\n" not in str(raised.value)


@given(st.text(alphabet="0123456789+-*/().ab ,", max_size=40))
def test_any_text_gives_a_number_or_a_stated_error(expression: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert isinstance(evaluate(expression, {"a": Decimal(3), "b": Decimal("0.5")}), Decimal)


@given(
    a=st.decimals(1, 10**6, places=2),
    b=st.decimals(1, 10**6, places=2),
    c=st.decimals(1, 10**6, places=2),
)
def test_precedence_is_that_of_arithmetic(a: Decimal, b: Decimal, c: Decimal) -> None:
    operands = {"a": a, "b": b, "c": c}
    assert evaluate("a + b * c - a", operands) == a + b * c - a
    assert evaluate("(a + b) * c", operands) == (a + b) * c


@pytest.mark.parametrize(
    ("made", "expression"),
    [
        (growth(NEW, OLD), "(31,207.88 − 19,759.57) ÷ 19,759.57 = 57.94%"),
        (growth(OLD, NEW), "(19,759.57 − 31,207.88) ÷ 31,207.88 = −36.68%"),
        (difference(NEW, OLD), "31,207.88 − 19,759.57 = 11,448.31"),
        (share(OLD, NEW), "19,759.57 ÷ 31,207.88 = 63.32%"),
        (ratio(NEW, OLD), "31,207.88 ÷ 19,759.57 = 1.58"),
        (multiple(NEW, OLD), "31,207.88 ÷ 19,759.57 = 1.58倍"),
        (total((NEW, OLD)), "31,207.88 + 19,759.57 = 50,967.45"),
        (average((NEW, OLD)), "(31,207.88 + 19,759.57) ÷ 2 = 25,483.73"),
        (difference(*figures("35.5%、34.25%")), "35.5 − 34.25 = 1.25"),
        (total(figures("3家、4家")), "3 + 4 = 7"),
        (growth(*figures("5万元,-2万元")), "(5 − (−2)) ÷ 2 = 350.00%"),
        (difference(*figures("1.5亿元,3,000.00万元")), "1.5 − 0.30 = 1.20"),
    ],
)
def test_the_expression_is_shown_as_a_person_writes_it(made: object, expression: str) -> None:
    assert getattr(made, "expression") == expression  # noqa: B009


def test_results_are_in_base_units() -> None:
    assert difference(NEW, OLD).value == Decimal("114483100.00")
    assert difference(NEW, OLD).unit == "元"
    assert difference(*figures("35.5%、34.25%")).unit == "百分点"


def test_an_explanation_names_the_form() -> None:
    assert explain(growth(NEW, OLD)).startswith("增长率")
    assert explain(growth(NEW, OLD), "en").startswith("growth: (31,207.88")


def test_figures_of_different_units_are_never_combined() -> None:
    with pytest.raises(ExpressionError):
        total((NEW, *figures("5%")))
    with pytest.raises(ExpressionError):
        growth(NEW, *figures("0.00万元"))


@pytest.mark.parametrize(
    ("claim", "form"),
    [
        ("57.94%", "growth"),
        ("57.9%", "growth"),
        ("1.14亿元", "difference"),
        ("1.58倍", "multiple"),
        ("63.32%", "share"),
    ],
)
def test_a_figure_that_follows_is_found(claim: str, form: str) -> None:
    made = computed(figures(claim)[0], (NEW, OLD))
    assert made is not None
    assert made.form == form


@pytest.mark.parametrize(
    "claim", ["57.95%", "-57.94%", "57.94", "57.94个百分点", "11,448.32万元", "11,448.31元"]
)
def test_a_figure_that_does_not_follow_is_not(claim: str) -> None:
    assert computed(figures(claim)[0], (NEW, OLD)) is None


def test_a_sum_of_four_is_found_with_its_operands() -> None:
    parts = figures("1.10亿元、2.20亿元、3.30亿元、4.40亿元和9.90亿元")
    made = computed(figures("11.00亿元")[0], parts, ("sum",))
    assert made is not None
    assert made.operands in {(0, 4), (0, 1, 2, 3)}


@given(st.decimals(1, 10**6, places=2), st.decimals(1, 10**6, places=2))
def test_a_growth_rounded_half_up_is_always_recognised(new: Decimal, old: Decimal) -> None:
    made = growth(*figures(f"{new}万元"), *figures(f"{old}万元"))
    claim = made.shown.replace("−", "-")
    found = computed(
        figures(claim.replace(",", ""))[0],
        (*figures(f"{new}万元"), *figures(f"{old}万元")),
        ("growth",),
    )
    assert found is not None or made.shown in ("0.00%", "−0.00%")


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("6.30亿元、5%", "6.30 ÷ (1 + 5%) = 6.00"),
        ("90家、-10%", "90 ÷ (1 − 10%) = 100"),
        ("1,000台、0%", "1,000 ÷ (1 + 0%) = 1,000"),
        ("100.00万元、30%", "100.00 ÷ (1 + 30%) = 76.92"),
    ],
)
def test_what_a_figure_was_before_it_rose_or_fell(text: str, expression: str) -> None:
    assert earlier(*figures(text)).expression == expression


def test_what_was_before_is_in_the_unit_of_the_later_figure() -> None:
    made = earlier(*figures("6.30亿元、5%"))
    assert (made.value, made.unit, made.shown) == (Decimal("600000000"), "元", "6.00")
    assert explain(made).startswith("前期")
    assert explain(made, "en").startswith("before: 6.30")


@pytest.mark.parametrize("text", ["6.30亿元、5万元", "20%、5%", "90家、-100%", "90家、-120%"])
def test_nothing_can_be_taken_back_without_a_rate_that_leaves_something(text: str) -> None:
    with pytest.raises(ExpressionError):
        earlier(*figures(text))


@given(st.decimals(1, 10**6, places=2), st.decimals(-99, 300, places=2))
def test_taking_a_growth_back_gives_the_base(base: Decimal, rate: Decimal) -> None:
    later = base * (1 + rate / 100)
    made = earlier(*figures(f"{later:f}元"), *figures(f"{rate}%"))
    assert made.value == pytest.approx(base)
