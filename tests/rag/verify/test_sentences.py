from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.sentences import split_clauses, split_sentences


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入为1.5亿元。利润为3万元。", ["收入为1.5亿元。", "利润为3万元。"]),
        (
            "他问\uff1a“是否合规\uff1f”答复\uff1a是\uff01",
            ["他问\uff1a“是否合规\uff1f”", "答复\uff1a是\uff01"],
        ),
        ("合规吗?是。", ["合规吗?", "是。"]),
        ("收入增长3.2%。[1][2]成本下降。 [3]", ["收入增长3.2%。[1][2]", "成本下降。 [3]"]),
        ("见《是否续聘\uff1f的公告》。完。", ["见《是否续聘\uff1f的公告》。", "完。"]),
        ("甲\uff08简称“甲”。下同\uff09为股东。", ["甲\uff08简称“甲”。下同\uff09为股东。"]),
        ("收入、成本、毛利、费用如下", ["收入、成本、毛利、费用如下"]),
        ("1. 公司概况\n2.1. 业务", ["1. 公司概况", "2.1. 业务"]),
        ("优力?注射液上市", ["优力?注射液上市"]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_chinese_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Revenue was $1.5 million. Costs fell.", ["Revenue was $1.5 million.", "Costs fell."]),
        ("See No. 5 of Acme Inc. for detail.", ["See No. 5 of Acme Inc. for detail."]),
        (
            "It was bought by Acme Inc. The price is 5.",
            ["It was bought by Acme Inc.", "The price is 5."],
        ),
        (
            "The U.S. market grew. Why? Nobody asked!",
            ["The U.S. market grew.", "Why?", "Nobody asked!"],
        ),
        ("J. Smith signed on Jan. 5, 2024.", ["J. Smith signed on Jan. 5, 2024."]),
        ("Sales rose 5.2%. [1] Margin fell. [2]", ["Sales rose 5.2%. [1]", "Margin fell. [2]"]),
        ("Sales were 2024. In 2023 they were 5.", ["Sales were 2024.", "In 2023 they were 5."]),
        ("1. Overview of the business", ["1. Overview of the business"]),
    ],
)
def test_english_sentences_do_not_end_at_abbreviations(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_each_table_row_is_a_unit_of_its_own() -> None:
    assert pieces("项目 | 2024年 | 2023年\n收入 | 1.00 | 2.00\n成本 | 3.00 | 4.00") == [
        "项目 | 2024年 | 2023年",
        "收入 | 1.00 | 2.00",
        "成本 | 3.00 | 4.00",
    ]


def test_a_minus_sign_at_the_end_of_a_line_keeps_its_digits() -> None:
    assert pieces("现金流量净额为-\n13218.07万元。下降。") == [
        "现金流量净额为-\n13218.07万元。",
        "下降。",
    ]


def test_an_empty_cell_shown_as_a_dash_does_not_swallow_the_next_row() -> None:
    assert pieces("甲 | -\n1 | 2") == ["甲 | -", "1 | 2"]


def test_a_hard_wrapped_english_line_goes_on() -> None:
    text = (
        "The company recognises revenue when control of the\ngoods passes to the customer. It does."
    )
    assert len(pieces(text)) == 2


def test_clauses_end_at_semicolons_and_sentences_do_not() -> None:
    text = "甲公司为5万元\uff1b乙公司为6万元。"
    assert len(split_sentences(text)) == 1
    assert [text[a:b] for a, b in split_clauses(text)] == ["甲公司为5万元\uff1b", "乙公司为6万元。"]


@given(st.text(alphabet="公司收入。!?;.,[]()《》“”1230 \n-|NoInc$%", max_size=120))
def test_spans_are_ordered_and_lose_nothing_but_blanks(text: str) -> None:
    spans = split_sentences(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].strip()
