"""What the loaders recover of tables, pages and sections, against gold written by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import pytest

from eval.trials.structure import (
    GOLD,
    GoldPlace,
    GoldTable,
    Outcome,
    gold_places,
    gold_tables,
    plain,
    present,
    results,
    section_outcome,
    share,
    table_outcome,
)
from rag.types import Table

LEAST = {"space": 0.95, "pipe": 0.95, "glued": 0.95, "pdf": 0.95, "docx": 0.95, "xlsx": 0.95,
         "html": 0.95, "pages": 1.0, "sections": 0.95}  # fmt: skip
OWN = ("docx", "xlsx", "html")


@cache
def found() -> Mapping[str, list[Outcome]]:
    return results()


def gold(rows: tuple[tuple[str, ...], ...], **more: str) -> GoldTable:
    header = ("项目", "2024年", "2023年")
    return GoldTable(
        "a.txt", more.get("format", "pipe"), "1", 1, more.get("unit", ""), rows, header
    )


@pytest.mark.parametrize("kind", OWN)
def test_tables_of_our_own_files_are_read_cell_by_cell(kind: str) -> None:
    assert share(results(kind)[kind]) >= LEAST[kind]


@pytest.mark.slow
@pytest.mark.parametrize("kind", LEAST)
def test_structure_is_recovered_as_well_as_we_claim(kind: str) -> None:
    if not all(present(table.source) for table in gold_tables()):
        pytest.skip("the shared documents are not all here (set FILINGS_SHARED)")
    assert share(found()[kind]) >= LEAST[kind]


def test_the_gold_is_as_large_as_we_claim_and_well_formed() -> None:
    tables = gold_tables()
    assert len(tables) >= 60
    assert {table.format for table in tables} == set(LEAST) - {"pages", "sections"}
    for table in tables:
        widths = {len(row) for row in (*table.rows, *([table.header] if table.header else []))}
        assert len(widths) == 1 or table.format == "glued", table
    assert len({(p.source, p.page) for p in gold_places(GOLD / "pages.txt")}) >= 60
    sections = gold_places(GOLD / "sections.txt")
    assert len(sections) >= 100
    assert len({place.source for place in sections}) >= 6


def test_the_gold_holds_no_sentences() -> None:
    lines = [cell for table in gold_tables() for row in table.rows for cell in row]
    assert not any(re.search(r"。.", cell) for cell in lines)
    assert all(len(place.words) <= 40 for place in gold_places(GOLD / "sections.txt"))


def test_a_wrong_cell_a_shifted_row_and_a_wrong_unit_are_counted() -> None:
    expected = gold((("收入", "12.00", "10.00"), ("成本", "8.00", "7.00")), unit="万元")
    header = (("项目", "2024年", "2023年"),)
    good = Table("", "万元", header, (("收入", "12.00", "10.00"), ("成本", "8.00", "7.00")))
    shifted = Table("", "元", header, (("收入", "12.00", "10.00"), ("成本", "", "8.00", "7.00")))
    assert table_outcome(expected, [good]).right == table_outcome(expected, [good]).total == 10
    outcome = table_outcome(expected, [shifted])
    assert (outcome.right, outcome.total) == (7, 10)
    assert table_outcome(expected, []).right == 0


def test_a_label_merged_over_columns_may_stand_in_any_of_them() -> None:
    expected = gold((("合计", "<", "20.00"),))
    for row in (("合计", "", "20.00"), ("", "合计", "20.00"), ("合计", "合计", "20.00")):
        table = Table("", "", (("项目", "2024年", "2023年"),), (row,))
        assert table_outcome(expected, [table]).wrong == ()


def test_a_glued_row_is_whole_only_in_one_row() -> None:
    expected = gold((("原材料12.0010.00",), ("合计20.0018.00",)), format="glued")
    whole = Table("", "", (), (("原材料12.0010.00",), ("合计20.0018.00",)), glued=True)
    torn = Table("", "", (), (("原材料12.00",), ("10.00",), ("合计20.0018.00",)), glued=True)
    assert table_outcome(expected, [whole]).right == 2
    assert table_outcome(expected, [torn]).right == 1


def test_a_path_with_a_heading_too_few_or_too_many_is_wrong() -> None:
    source = "data/filings/2025-murong-prospectus.txt"
    right = GoldPlace(source, "1-1-7", 7, "11,862.37", ("第四节", "一、"))
    assert section_outcome(right).right == 1
    for path in (("第四节",), ("第四节", "一、", "（一）"), ("第四节", "二、")):
        assert section_outcome(GoldPlace(source, "1-1-7", 7, "11,862.37", path)).right == 0


def test_texts_are_compared_without_spaces_beside_chinese() -> None:
    assert plain("2023 年 1-3 月") == "2023年1-3月"
    assert plain("$ 1,874") == "$1,874"
    assert plain("Net  sales") == "Net sales"
