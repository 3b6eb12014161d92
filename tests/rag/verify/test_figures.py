from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.figures import Figure, find_figures, same_value, states


def only(text: str) -> Figure:
    figures = find_figures(text)
    assert len(figures) == 1, figures
    return figures[0]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.58亿元", "158000000", "元"),
        ("15,800 万元", "158000000", "元"),
        ("３,２００.５０万元", "32005000", "元"),
        ("5百万美元", "5000000", "美元"),
        ("12千元", "12000", "元"),
        ("人民币3,000元", "3000", "元"),
        ("20.91元/股", "20.91", "元/股"),
        ("3,000万股", "30000000", "股"),
        ("-\n13218.07万元", "-132180700", "元"),
        ("负500万元", "-5000000", "元"),
        ("(1,234.56)万元", "-12345600", "元"),
        ("$5.2 million", "5200000", "美元"),
        ("US$3bn", "3000000000", "美元"),
        ("$(12.5) million", "-12500000", "美元"),
        ("-$4.5M", "-4500000", "美元"),
        ("RMB 1.5 billion", "1500000000", "元"),
        ("€300 thousand", "300000", "欧元"),
        ("两亿元", "200000000", "元"),
        ("57.94%", "57.94", "%"),
        ("百分之五", "5", "%"),
        ("-5.2 percent", "-5.2", "%"),
        ("3.2个百分点", "3.2", "百分点"),
        ("25 basis points", "0.25", "百分点"),
        ("2.5倍", "2.5", "倍"),
        ("3.1x", "3.1", "倍"),
        ("1,234人", "1234", "人"),
        ("三家", "3", "家"),
        ("12个月", "12", "月"),
        ("4.46 万种", "44600", "个"),
        ("1,200 employees", "1200", "人"),
        ("3万吨", "30000", "吨"),
        ("第六届", "6", "第届"),
    ],
)
def test_a_figure_has_its_value_in_base_units(text: str, value: str, unit: str) -> None:
    figure = only(text)
    assert (figure.value, figure.unit) == (Decimal(value), unit)
    assert figure.text == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2024年6月30日", "2024-06-30"),
        ("2024 年 6 月 30 日", "2024-06-30"),
        ("2024-06-30", "2024-06-30"),
        ("2024.6.30", "2024-06-30"),
        ("2024/6/30", "2024-06-30"),
        ("二〇二五年九月六日", "2025-09-06"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("June 30, 2024", "2024-06-30"),
        ("30 June 2024", "2024-06-30"),
        ("Jan. 5, 2024", "2024-01-05"),
        ("2024年6月", "2024-06"),
        ("2024年1-6月", "2024-01/2024-06"),
        ("2024年1月至6月", "2024-01/2024-06"),
        ("2024年上半年", "2024-01/2024-06"),
        ("2024年前三季度", "2024-01/2024-09"),
        ("2024年第三季度", "2024-07/2024-09"),
        ("2024年1-12月", "2024"),
        ("2024年度", "2024"),
        ("FY2023", "2023"),
        ("fiscal 2023", "2023"),
        ("Q1 2024", "2024-01/2024-03"),
        ("third quarter of 2024", "2024-07/2024-09"),
        ("six months ended June 30, 2024", "2024-01/2024-06"),
        ("first half of 2024", "2024-01/2024-06"),
        ("2023年末", "2023-12-31"),
        ("2023年年底", "2023-12-31"),
        ("6月30日", "--06-30"),
        ("1-6月", "--01/--06"),
        ("2024", "2024"),
    ],
)
def test_a_date_has_one_canonical_form(text: str, canonical: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.unit, figure.text) == ("date", canonical, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GST-HG141", "GSTHG141"),
        ("BAT1806注射液", "BAT1806"),
        ("300765.SZ", "300765.SZ"),
        ("XYZH/2024HZAA1B0198", "XYZH/2024HZAA1B0198"),
        ("函字[2023]200Z0352 号", "函字[2023]200Z0352号"),
        ("证券代码:300765", "300765"),
        ("COVID-19", "COVID19"),
    ],
)
def test_codes_are_told_from_numbers(text: str, code: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.unit) == ("code", code)


@pytest.mark.parametrize(
    "text",
    [
        "见第2.1.3节",
        "一家公司",
        "统一管理",
        "千家万户",
        "[1][2]",
        "1. 概述",
        "(1)概述",
        "1st",
        "十分重要",
        "1、概述",
    ],
)
def test_what_is_not_certainly_a_figure_is_left_out(text: str) -> None:
    assert find_figures(text) == ()


def test_a_list_shares_the_unit_that_ends_it() -> None:
    found = find_figures("分别为 9,735.81、10,255.11 和 9,820.00 万元")
    assert [str(f.value) for f in found] == ["97358100.00", "102551100.00", "98200000.00"]
    assert {f.unit for f in found} == {"元"}


def test_years_in_a_list_and_in_a_range_are_dates() -> None:
    found = find_figures("2020、2021 和 2022 年度,2023-2025年")
    assert [f.unit for f in found] == ["2020", "2021", "2022", "2023", "2025"]


def test_a_range_is_not_a_minus_sign() -> None:
    assert [f.value for f in find_figures("5%-10%,30-50人")] == [5, 10, 30, 50]


def test_glued_cells_are_told_apart_at_their_second_decimal() -> None:
    assert [f.number for f in find_figures("合计1207.703.84")] == [
        Decimal("1207.70"),
        Decimal("3.84"),
    ]


def test_brackets_are_minus_in_a_cell_and_a_remark_in_a_sentence() -> None:
    assert [f.value for f in find_figures("甲 | (31.5) | (4.2%)")] == [
        Decimal("-31.5"),
        Decimal("-4.2"),
    ]
    assert [f.value for f in find_figures("收入5亿元(57.94%)")] == [500000000, Decimal("57.94")]


@pytest.mark.parametrize(
    ("stated", "claimed"),
    [
        ("1.58亿元", "15,800万元"),
        ("1.58亿", "15,800万元"),
        ("63,291.55万元", "6.33亿元"),
        ("57.94%", "57.9%"),
        ("29,876人", "约3万人"),
        ("2.96亿元", "近3亿元"),
        ("2.96亿元", "超2.9亿元"),
        ("2024年6月30日", "2024年6月"),
        ("2024年6月30日", "6月30日"),
        ("5.2 percent", "5.2%"),
        ("三家", "3家"),
    ],
)
def test_a_claim_may_be_the_rounded_form_of_what_is_stated(stated: str, claimed: str) -> None:
    assert states(only(stated), only(claimed))


@pytest.mark.parametrize(
    ("stated", "claimed"),
    [
        ("6.33亿元", "63,291.55万元"),
        ("63,291.55万元", "6.32亿元"),
        ("5.2%", "-5.2%"),
        ("5.2%", "5.2个百分点"),
        ("5.2%", "5.2"),
        ("5.2", "5.2万元"),
        ("500万元", "500元"),
        ("500万元", "500万美元"),
        ("3家", "3人"),
        ("2024年6月", "2024年6月30日"),
        ("2024年1-6月", "2024年"),
        ("2023年末", "2023年6月30日"),
        ("GST-HG141", "GST-HG131"),
        ("2.94亿元", "约3.0亿元"),
    ],
)
def test_sign_factor_unit_and_precision_are_never_forgiven(stated: str, claimed: str) -> None:
    assert not states(only(stated), only(claimed))


def test_same_value_is_exact() -> None:
    assert same_value(only("1.58亿元"), only("15,800万元"))
    assert not same_value(only("63,291.55万元"), only("6.33亿元"))
    assert not same_value(only("5.2%"), only("5.2"))


numbers = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False, allow_infinity=False)


@given(
    number=numbers,
    scale=st.sampled_from([("元", 1), ("万元", 10**4), ("亿元", 10**8), ("千元", 1000)]),
)
def test_any_printed_amount_is_read_back(number: Decimal, scale: tuple[str, int]) -> None:
    figure = only(f"{number:,}{scale[0]}")
    assert figure.value == number * scale[1]


@given(number=numbers)
def test_full_width_digits_and_separators_change_nothing(number: Decimal) -> None:
    wide = f"{number:,}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.,"})
    assert only(f"{wide}万元").value == only(f"{number:,}万元").value


@given(day=st.dates(min_value=date(1990, 1, 1), max_value=date(2049, 12, 31)))
def test_every_way_of_writing_a_day_is_the_same_day(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    written = [
        f"{y}年{m}月{d}日",
        f"{y}-{m:02}-{d:02}",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{day:%B} {d}, {y}",
    ]
    assert {only(text).unit for text in written} == {day.isoformat()}


@given(
    st.text(
        alphabet="公司收入元万亿%0123456789.,-()[]年月日第一三十家 |\n约$mK\uff10\uff0c",
        max_size=80,
    )
)
def test_spans_are_verbatim_ordered_and_apart(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert end <= figure.start < figure.end
        assert figure.text == text[figure.start : figure.end]
        end = figure.end


@given(number=numbers, places=st.integers(0, 4))
def test_the_correctly_rounded_claim_is_stated_and_the_next_one_is_not(
    number: Decimal, places: int
) -> None:
    stated = only(f"{number}万元")
    rounded = (number / 10**4).quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
    if rounded > 0:
        assert states(stated, only(f"{rounded}亿元"))
    assert not states(stated, only(f"{rounded + 2 * Decimal(1).scaleb(-places)}亿元"))
