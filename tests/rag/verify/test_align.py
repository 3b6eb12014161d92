from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.align import align

TABLE = "单位:万元\n项目 | 2024年 | 2023年\n营业收入 | 31,207.88 | 19,759.57\n营业成本 | 20,114.02 | 13,006.45"
PROSE = (
    "公司于2019年设立研发中心。2024年公司实现营业收入3.12亿元,同比增长57.94%。"
    "增长主要来自关节模组放量。研发人员为421人,占员工总数的20.56%。"
)
ENGLISH = (
    "Backlog was $412.7 million at year end. Voluntary turnover fell to 8.4% in fiscal 2024. "
    "The credit agreement requires a leverage ratio of no more than 3.50 to 1.00."
)


def quoted(statement: str, *passages: str) -> str | None:
    found = align(statement, passages)
    return passages[found[0]][found[1] : found[2]] if found else None


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("2024年营业收入为31,207.88万元。[1]", "营业收入 | 31,207.88 | 19,759.57"),
        ("营业成本由13,006.45万元增至20,114.02万元", "营业成本 | 20,114.02 | 13,006.45"),
        ("同比增长57.94%", "2024年公司实现营业收入3.12亿元,同比增长57.94%。"),
        ("研发人员有421人", "研发人员为421人,占员工总数的20.56%。"),
        ("增长的主要来源是关节模组放量", "增长主要来自关节模组放量。"),
        ("Turnover was 8.4%.", "Voluntary turnover fell to 8.4% in fiscal 2024."),
        ("The leverage ratio may not exceed 3.50 to 1.00", None),
    ],
)
def test_the_sentence_or_row_that_says_it_is_found(statement: str, expected: str | None) -> None:
    found = quoted(statement, TABLE, PROSE, ENGLISH)
    if expected is None:
        expected = "The credit agreement requires a leverage ratio of no more than 3.50 to 1.00."
    assert found == expected


def test_rows_that_each_add_a_figure_are_quoted_together() -> None:
    found = quoted("营业收入31,207.88万元,营业成本20,114.02万元", TABLE, PROSE)
    assert found == "营业收入 | 31,207.88 | 19,759.57\n营业成本 | 20,114.02 | 13,006.45"


@pytest.mark.parametrize(
    "statement",
    ["公司计划在海外新建三座工厂", "存货为9,999.99万元", "The board approved a dividend.", ""],
)
def test_what_no_passage_says_is_not_attributed(statement: str) -> None:
    assert align(statement, [TABLE, PROSE, ENGLISH]) is None


def test_two_places_that_say_it_equally_are_ambiguous() -> None:
    passages = ["甲产品的销量增长来自新客户。", "乙产品的销量增长来自新客户。"]
    assert align("产品的销量增长来自新客户", passages) is None


def test_the_same_words_in_two_passages_are_quoted_from_the_first() -> None:
    assert align(
        "增长主要来自关节模组放量", ["增长主要来自关节模组放量。", "增长主要来自关节模组放量。"]
    ) == (0, 0, 13)


@given(st.text(max_size=60), st.lists(st.text(max_size=120), max_size=4))
def test_offsets_always_lie_within_their_passage(statement: str, passages: list[str]) -> None:
    found = align(statement, passages)
    if found is not None:
        index, start, end = found
        assert 0 <= start < end <= len(passages[index])
