"""The date of a document."""

from __future__ import annotations

import pytest

from rag.load.identity.dates import document_date, in_name, points


def date(kind: str, cover: list[str], end: list[str] | None = None, name: str = "x") -> str:
    last = end if end is not None else cover
    return document_date(kind, cover, last, text="\n".join([*cover, *last]), name=name)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("二〇二五年九月六日", "2025-09-06"),
        ("二○二五年九月", "2025-09"),
        ("二零二五年一月", "2025-01"),
        ("2007年 6 月29 日", "2007-06-29"),
        ("2025-08-21", "2025-08-21"),
        ("August 21, 2025", "2025-08-21"),
        ("21 August 2025", "2025-08-21"),
    ],
)
def test_dates_are_read_in_every_spelling(text: str, iso: str) -> None:
    assert [found for _, _, found in points(text)] == [iso]


def test_a_date_with_the_zero_as_a_circle_or_letter_is_read_alone_on_a_line() -> None:
    assert date("announcement", ["甲乙公告"], ["二○二五年九月六日"]) == "2025-09-06"
    assert date("announcement", ["甲乙公告"], ["二Ｏ二五年九月六日"]) == "2025-09-06"


def test_a_spaced_out_date_line_is_read() -> None:
    assert date("prospectus", ["甲乙", "2 0 2 5 年 6 月"]) == "2025-06"


def test_the_date_of_disclosure_counts_before_others() -> None:
    cover = ["甲乙2025年第三季度报告", "证券代码：600999 披露日期：2025年10月30日"]
    assert date("interim report", cover) == "2025-10-30"


def test_the_date_of_an_8k_is_that_of_its_report() -> None:
    cover = [
        "FORM 8-K",
        "Date of report (Date of earliest event reported): May 20, 2022 (May 18, 2022)",
    ]
    assert date("8-K", cover) == "2022-05-20"


def test_dates_of_events_in_the_text_are_not_the_documents() -> None:
    lines = ["甲乙公告", "公司于2024年1月2日签约。", "预计发行日期：2024年3月5日"]
    assert date("announcement", lines) == ""


def test_a_signature_page_without_day_leaves_the_month_of_the_cover() -> None:
    assert date("restructuring report", ["甲乙报告书", "二零二五年一月"], ["年 月 日"]) == "2025-01"


def test_the_file_name_fills_in_only_what_the_document_leaves_open() -> None:
    assert date("news", ["甲乙"], name="2026-06-news") == "2026-06"
    assert date("prospectus", ["甲乙", "二〇二五年六月"], name="2025-06-18-甲乙") == "2025-06-18"
    assert date("prospectus", ["甲乙", "二〇二五年六月"], name="2024-甲乙") == "2025-06"


def test_the_most_precise_date_of_a_file_name_counts() -> None:
    assert in_name("SHOP_2022_8K_dated-2022-05-20") == "2022-05-20"
    assert in_name("2025-shop") == "2025"
    assert in_name("no date 123456") == ""
