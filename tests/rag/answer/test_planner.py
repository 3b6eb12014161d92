"""What is computed, of which figures; and what is stated already or cannot be told is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answer.judged import Candidate, Question
from rag.answer.planner import plan, total_row

Read = Callable[..., tuple[Question, list[tuple[Candidate, float]]]]
TABLE = (
    "各产品收入(单位:万元)\n产品 | 2024年 | 2023年\n水表 | 820.40 | 700.15\n"
    "电表 | 615.30 | 640.00\n合计 | 1,435.70 | 1,340.15"
)


def expression(read: Read, question: str, *texts: str) -> str | None:
    asked, order = read(question, *texts)
    made = plan(asked, order)
    return None if made is None else made.computation.expression


@pytest.mark.parametrize(
    ("question", "text", "shown"),
    [
        ("按增速倒推,上一年的订单金额是多少?", "2024年,公司订单金额为6.30亿元,同比增长5%。", "6.30 ÷ (1 + 5%) = 6.00"),
        ("按降幅反推,公司原来有多少门店?", "2024年末,公司门店为90家,比上年末减少10%。", "90 ÷ (1 − 10%) = 100"),
        ("What were the implied sales a year earlier?", "Sales were $84 million, an increase of 20%.", "84 ÷ (1 + 20%) = 70"),
        ("What were the implied sales a year earlier?", "Sales were $90 million, a decline of 10%.", "90 ÷ (1 − 10%) = 100"),
    ],
)  # fmt: skip
def test_a_figure_is_taken_back_to_what_it_was(
    read: Read, question: str, text: str, shown: str
) -> None:
    assert expression(read, question, text) == shown


def test_a_share_is_no_rise_to_take_back(read: Read) -> None:
    text = "2024年,公司收入为5.00亿元,毛利率为35.00%。"
    assert expression(read, "按增速倒推,公司上一年的收入是多少?", text) is None


def test_growth_is_the_later_year_over_the_earlier(read: Read) -> None:
    question = "电表收入2024年比2023年的增长率是多少?"
    assert expression(read, question, TABLE) == "(615.30 − 640.00) ÷ 640.00 = −3.86%"


def test_two_things_that_are_named_are_added_and_the_total_row_is_not_taken(read: Read) -> None:
    table = TABLE.replace("合计", "燃气表 | 10.00 | 9.00\n合计")
    asked, order = read("2024年水表和电表的收入合计是多少?", table)
    assert total_row(asked, [candidate for candidate, _ in order]) is None
    assert expression(read, asked.query.text, table) == "820.40 + 615.30 = 1,435.70"


def test_the_row_that_adds_up_a_table_is_taken_where_all_of_it_is_asked_for(read: Read) -> None:
    asked, order = read("2024年各产品收入总共多少?", TABLE)
    row = total_row(asked, [candidate for candidate, _ in order])
    assert row is not None
    assert row.text.startswith("合计")


@pytest.mark.parametrize("question", ["2024年水表收入是多少?", "2024年电表收入比水表少多少?"])
def test_no_total_row_is_taken_for_another_operation(read: Read, question: str) -> None:
    asked, order = read(question, TABLE)
    assert total_row(asked, [candidate for candidate, _ in order]) is None


def test_a_table_without_a_total_has_no_total_row(read: Read) -> None:
    asked, order = read("2024年各产品收入总共多少?", TABLE.rsplit("\n", 1)[0])
    assert total_row(asked, [candidate for candidate, _ in order]) is None


def test_a_rate_that_is_stated_is_not_computed(read: Read) -> None:
    stated = "2024年,水表收入增长率为17.18%。"
    assert expression(read, "2024年水表收入增长率是多少?", stated, TABLE) is None


def test_nothing_is_computed_where_no_operation_is_asked_for(read: Read) -> None:
    assert expression(read, "2024年水表收入是多少?", TABLE) is None
    assert expression(read, "水表收入差多少?") is None


def test_money_and_people_are_never_combined(read: Read) -> None:
    texts = ("2024年,公司收入为30.00万元。", "2024年,公司员工为12人。")
    assert expression(read, "收入和员工的差额是多少?", *texts) is None


def test_a_difference_in_percentage_points_is_asked_for_as_a_percentage(read: Read) -> None:
    text = "2023年末,公司负债率为47.35%;2024年末,公司负债率为42.80%。"
    question = "公司负债率2024年末比2023年末下降了几个百分点?"
    assert expression(read, question, text) == "42.80 − 47.35 = −4.55"


def test_every_line_shows_an_operand_and_the_last_the_expression(read: Read) -> None:
    asked, order = read("2024年水表的收入比电表多多少?", TABLE)
    made = plan(asked, order)
    assert made is not None
    texts = [line.text for line in made.lines]
    assert len(texts) == len(made.candidates) == 2
    assert texts[0] == "水表: 2024年 820.40万元"
    assert texts[1].endswith("820.40 − 615.30 = 205.10")


def test_a_share_is_that_of_one_year(read: Read) -> None:
    shown = expression(read, "水表占总收入的比重是多少?", TABLE)
    assert shown is None or shown.startswith("820.40 ÷ 1,435.70")
