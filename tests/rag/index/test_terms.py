from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.terms import query_terms, terms, without_periods


@pytest.mark.parametrize("written", ["17,589.07", "17589.07", "１７５８９.０７", "17,589.070"])
def test_a_figure_has_one_form_however_it_is_written(written: str) -> None:
    assert terms(written) == ["17589.07"]


@pytest.mark.parametrize(
    "written",
    [
        "2024年6月30日",
        "2024-06-30",
        "2024.6.30",
        "2024 年 6 月 30 日",
        "30 June 2024",
        "June 30, 2024",
    ],
)
def test_a_date_has_one_form_however_it_is_written(written: str) -> None:
    assert "2024-06-30" in terms(written)
    assert "2024" in terms(written)


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2024年上半年", "2024h1"),
        ("24年上半年", "2024h1"),
        ("2024年1-6月", "2024h1"),
        ("2024年半年度", "2024h1"),
        ("the first half of 2024", "2024h1"),
        ("H1 2024", "2024h1"),
        ("2024年下半年", "2024h2"),
        ("2023年1-3月", "2023m3"),
        ("2023年一季度", "2023m3"),
        ("the first quarter of 2023", "2023m3"),
        ("2023年前三季度", "2023m9"),
        ("2023年1月-9月", "2023m9"),
        ("2023年第四季度", "2023q4"),
        ("Q4 2023", "2023q4"),
        ("2024年前11个月", "2024m11"),
        ("2024年7-12月", "2024m7-12"),
        ("2022年末", "2022-12-31"),
        ("2022年度末", "2022-12-31"),
        ("at the end of 2022", "2022-12-31"),
        ("2023年6月末", "2023-06-30"),
        ("FY2023", "2023"),
    ],
)
def test_a_period_has_one_form_in_both_languages(written: str, period: str) -> None:
    assert period in terms(written)


def test_a_span_of_years_that_is_no_date_stays_what_it_is() -> None:
    assert "2025" not in terms("锁定期为25年")


def test_a_code_stays_whole() -> None:
    assert terms("QX-B27片")[:1] == ["qx-b27"]


def test_no_bigram_bridges_a_year_and_the_word_after_it() -> None:
    assert terms("2024年利润") == ["2024", "利润"]


def test_words_that_only_ask_are_no_terms() -> None:
    assert query_terms("请问2024年营业收入是多少?") == ["2024", "营业", "业收", "收入"]


def test_a_single_character_that_joins_words_is_no_term_of_a_question() -> None:
    assert "和" not in query_terms("甲乙 和 丙丁")


def test_a_text_can_be_read_without_its_periods() -> None:
    assert without_periods("2024年上半年营业收入").strip() == "营业收入"


@given(st.text())
def test_any_text_gives_terms_without_blanks(text: str) -> None:
    assert all(term and not term.isspace() and " " not in term for term in terms(text))


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_thousands_separators_never_change_a_figure(whole: int, cents: int) -> None:
    assert terms(f"{whole:,}.{cents:02d}") == terms(f"{whole}.{cents:02d}")
