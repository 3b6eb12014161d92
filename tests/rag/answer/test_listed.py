"""Lists: the rows of a table in one line, where a question asks for them one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answer.judged import Candidate, Question
from rag.answer.listed import LONGEST_LIST, MOST, listed

Read = Callable[..., tuple[Question, list[tuple[Candidate, float]]]]
TABLE = (
    "各产品收入(单位:万元)\n产品 | 2024年 | 2023年\n水表 | 820.40 | 700.15\n"
    "电表 | 615.30 | 640.00\n燃气表 | 410.25 | 390.60\n合计 | 1,845.95 | 1,730.75"
)
CUSTOMERS = (
    "客户 | 销售额(万元) | 占比\n甲城水务 | 520.00 | 12.00%\n乙镇燃气 | 410.00 | 9.50%\n"
    "丙县供电 | 305.00 | 7.10%"
)


def rows(read: Read, question: str, *texts: str) -> str | None:
    asked, order = read(question, *texts)
    made = listed(asked, [candidate for candidate, _ in order])
    return None if made is None else made[1].text


@pytest.mark.parametrize("question", ["2024年各产品的收入是多少?", "2024年有哪些产品,各卖了多少?"])
def test_every_row_is_given_with_the_figure_of_the_asked_column(read: Read, question: str) -> None:
    assert rows(read, question, TABLE) == "水表 820.40万元; 电表 615.30万元; 燃气表 410.25万元"


def test_the_other_year_is_given_where_it_is_asked_for(read: Read) -> None:
    text = rows(read, "2023年各产品的收入是多少?", TABLE)
    assert text == "水表 700.15万元; 电表 640.00万元; 燃气表 390.60万元"


def test_a_list_in_english(read: Read) -> None:
    table = "Segment | 2024\nFrozen | 212.4\nBakery | 170.2\nTotal | 382.6"
    assert rows(read, "List the segments and their sales.", table) == "Frozen 212.4; Bakery 170.2"


def test_the_names_are_given_where_who_is_asked(read: Read) -> None:
    text = rows(read, "公司的前三大客户是谁?", CUSTOMERS)
    assert text is not None
    assert all(name in text for name in ("甲城水务", "乙镇燃气", "丙县供电"))


def test_the_line_rests_on_its_first_to_its_last_row(read: Read) -> None:
    asked, order = read("2024年各产品的收入是多少?", TABLE)
    made = listed(asked, [candidate for candidate, _ in order])
    assert made is not None
    sources, line = made
    quote = line.citation(1).quote
    assert quote.startswith("水表")
    assert quote.endswith("390.60")
    assert len(sources) == 3


@pytest.mark.parametrize("question", ["2024年水表收入是多少?", "2023年和2024年各产品的收入是多少?"])
def test_one_row_or_several_columns_are_no_list(read: Read, question: str) -> None:
    assert rows(read, question, TABLE) is None


def test_a_sentence_is_no_list_of_rows(read: Read) -> None:
    assert rows(read, "公司有哪些仓库?", "公司有城东、城西两处仓库。") is None


def test_rows_of_one_name_are_not_told_apart_by_a_list(read: Read) -> None:
    table = "产品 | 2024年\n水表 | 820.40\n水表 | 615.30"
    assert rows(read, "2024年各产品的收入是多少?", table) is None


def test_a_long_table_is_no_short_line(read: Read) -> None:
    lines = [f"第{chr(0x7532 + n)}类表 | {n + 1}.50" for n in range(MOST + 1)]
    table = "\n".join(["产品 | 2024年", *lines])
    assert rows(read, "2024年各产品的收入是多少?", table) is None


def test_rows_with_long_names_are_no_short_line(read: Read) -> None:
    name = "用于城市供水管网的远传计量装置" * 3
    assert 8 * len(name) > LONGEST_LIST
    lines = [f"{name}{n} | {n + 1}.50" for n in range(8)]
    assert rows(read, "2024年各产品的收入是多少?", "\n".join(["产品 | 2024年", *lines])) is None
