from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.figures import canonical, contains, fold, has_figure, plain_number, split_run
from eval.quantities import find, quantities, same_quantity


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("营业收入为17,589.07万元", "17589.07"),
        ("营业收入为１７，５８９．０７万元", "17,589.07"),
        ("占比12.50%", "12.5%"),
        ("占比12.5％", "12.50%"),
        ("净利润 -24,023.29 万元", "24023.29"),
        ("2024 年 6 月 30 日", "2024年6月30日"),
        ("产品代码 GST-HG141", "gst-hg141"),
        ("合计 | 1,234 | 5,678", "1234"),
        ("Net income fell to $ 9.1 million", "9.1 million"),
    ],
)
def test_a_figure_is_found_whatever_its_spelling(text: str, needle: str) -> None:
    assert contains(text, needle)


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("营业收入为117,589.07万元", "17589.07"),
        ("营业收入为17,589.071万元", "17589.07"),
        ("占比2.5%", "12.5%"),
        ("共 100，200 两个编号", "100200"),
        ("2024年", "202"),
        ("see the note", "no"),
        ("unchanged", "changed"),
    ],
)
def test_a_figure_is_not_found_inside_another_one(text: str, needle: str) -> None:
    assert not contains(text, needle)


@pytest.mark.parametrize(
    ("text", "needle", "found"),
    [
        ("净利润-12.5万元", "-12.5", True),
        ("净利润-12.5万元", "12.5", False),
        ("净利润(12.5)万元", "-12.5", True),
        ("计提坏账准备(12.5)，", "-12.5", False),
        ("2022年-2024年", "2024", True),
        ("区间为10%-12.5%", "12.5%", True),
        ("现金流量净额 | −15,535.53 |", "-15535.53", True),
    ],
)
def test_signs_count_when_asked_for(text: str, needle: str, found: bool) -> None:
    assert contains(text, needle, signed=True) is found


def test_glued_cells_of_two_decimals_are_told_apart() -> None:
    assert split_run("176.9730.405.0016.45") == ["176.97", "30.40", "5.00", "16.45"]
    assert has_figure("合计176.9730.405.0016.45", "30.40")
    assert not has_figure("合计176.9730.405.0016.45", "73.04")


def test_long_figures_are_found_in_runs_that_cannot_be_told_apart() -> None:
    assert has_figure("-12-271964653.135761", "1964653.13")
    assert not has_figure("12071964653", "1964653")


def test_the_sign_in_the_question_set_does_not_hide_a_figure() -> None:
    assert has_figure("投资收益|15,535.53|", "-15,535.53")


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_separators_never_matter(value: object) -> None:
    grouped, plain = f"{value:,.2f}", f"{value:.2f}"
    assert plain_number(grouped) == plain_number(plain)
    assert contains(f"金额为{grouped}元", plain)


@given(st.text(max_size=80))
def test_canonical_and_fold_take_any_text(text: str) -> None:
    assert isinstance(canonical(text, signed=True), str)
    assert fold(fold(text)) == fold(fold(fold(text)))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1.58亿元", "15,800万元"),
        ("15800万元", "人民币1.58亿"),
        ("RMB 175.89 million", "17,589万元"),
        ("下降12.5%", "-12.5%"),
        ("亏损310.25万元", "净利润为-310.25万元"),
        ("12.5个百分点", "12.5 percentage points"),
    ],
)
def test_the_same_quantity_in_other_words(left: str, right: str) -> None:
    assert same_quantity(quantities(left)[0], quantities(right)[0])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("15,800万元", "15,800亿元"),
        ("15,800万元", "15,800万美元"),
        ("增长12.5%", "下降12.5%"),
        ("12.5%", "12.5个百分点"),
        ("1.58亿元", "1.6亿元"),
    ],
)
def test_another_sign_scale_or_unit_is_another_quantity(left: str, right: str) -> None:
    assert not same_quantity(quantities(left)[0], quantities(right)[0])


def test_a_fall_to_a_value_is_not_negative() -> None:
    assert [q.value > 0 for q in quantities("毛利率下降至12.5%，同比下降3.2个百分点")] == [
        True,
        False,
    ]


def test_a_bare_cell_matches_by_its_digits() -> None:
    assert find(quantities("17,589.07万元")[0], quantities("| 17589.07 |"))


def test_a_cell_in_yuan_is_the_same_amount_as_a_scaled_one() -> None:
    assert same_quantity(quantities("17,589.07万元")[0], quantities("175,890,700.00")[0])
    assert not same_quantity(quantities("17,589.07万元")[0], quantities("17,589,070.00")[0])


def test_the_cells_of_a_glued_row_are_quantities_of_their_own() -> None:
    assert [q.number for q in quantities("终端6640.9220.03%5107.2518.30%")] == [
        "6640.92",
        "20.03",
        "5107.25",
        "18.3",
    ]
