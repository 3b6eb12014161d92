from __future__ import annotations

import pytest

from rag.index.terms import query_terms
from rag.retrieve.periods import spelled_periods


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("from january to november 2024", "2024年1-11月"),
        ("jan-sep 2023", "2023年1-9月"),
        ("in the first nine months of 2024", "2024年1-9月"),
        ("for the nine months ended 30 september 2024", "2024年1-9月"),
        ("for the six months ended june 30, 2024", "2024年上半年"),
        ("the half year ended 30 june 2025", "2025年1-6月"),
        ("the year ended 31 december 2023", "2023年"),
        ("at the end of march 2023", "2023年3月末"),
        ("2024's fourth quarter", "2024年第四季度"),
        ("the last quarter of 2022", "2022年第四季度"),
        ("1h24", "2024年上半年"),
        ("q3 '24", "2024年第三季度"),
        ("fy23", "2023年"),
        ("2020 to 2022", "2020年 2021年 2022年"),
        ("between 2019 and 2021", "2019年 2020年 2021年"),
        ("2008到2010年", "2008年 2009年 2010年"),
    ],
)
def test_a_period_has_the_terms_of_the_printed_one(asked: str, printed: str) -> None:
    found = [t for t in query_terms(spelled_periods(asked)) if t[0].isdigit()]
    assert found == query_terms(printed)


@pytest.mark.parametrize(
    "text", ["2024-06-30", "from 1990 to 2024", "in may 2024", "2023年3月至2024年4月", "gst-hg141"]
)
def test_what_is_no_such_period_stays(text: str) -> None:
    assert spelled_periods(text) == text
