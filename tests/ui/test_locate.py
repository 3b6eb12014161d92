from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.types import Heading, Page, Paragraph, Table
from ui.locate import locate, parts_of, says

TABLE = Table(
    "利润表",
    "万元",
    (("项目", "2024年", "2023年"),),
    (("营业收入", "15,800.00", "14,000.00"), ("净利润", "1,200.50", "（90.00）")),
)
PAGE = Page("7", 0, (Heading("一、概况", 1), Paragraph("公司主营 泵阀，客户为水厂。"), TABLE))


def marked(page: Page, quote: str, **options: str) -> list[str]:
    marks = locate(page, quote, **options)
    return [text[a:b] for part, text in parts_of(page) for a, b in marks.spans.get(part, ())]


def test_a_quote_in_prose_is_marked_whole_though_its_lines_were_joined() -> None:
    assert marked(PAGE, "公司主营泵阀，客户为水厂。") == ["公司主营 泵阀，客户为水厂。"]


def test_a_table_row_is_marked_cell_by_cell() -> None:
    assert marked(PAGE, "净利润 | 1,200.50 | （90.00）") == ["净利润", "1,200.50", "（90.00）"]


def test_rows_under_a_repeated_header_are_marked_with_it() -> None:
    marks = locate(PAGE, "利润表\n单位:万元\n项目 | 2024年 | 2023年\n净利润 | 1,200.50 | （90.00）")
    assert marks.covered == 1.0
    assert marks.rows(2) == {1}


def test_the_occurrence_with_the_right_words_around_it_is_chosen() -> None:
    page = Page("1", 0, (Paragraph("甲产品售价为十元。"), Paragraph("乙产品售价为十元。")))
    marks = locate(page, "售价为十元。", before="乙产品", after="")
    assert {part[0] for part in marks.spans} == {1}


def test_of_a_quote_that_crosses_the_page_the_part_here_is_marked() -> None:
    page = Page("1", 0, (Paragraph("其余款项将在工程竣工验收"),))
    marks = locate(page, "其余款项将在工程竣工验收合格后三十日内支付。")
    assert marked(page, "其余款项将在工程竣工验收合格后三十日内支付。") == [
        "其余款项将在工程竣工验收"
    ]
    assert 0.4 < marks.covered < 0.7


def test_a_quote_that_is_not_here_marks_nothing() -> None:
    assert not locate(PAGE, "完全无关的另一句话").spans
    assert not locate(Page(None, 0, ()), "营业收入").spans


def test_the_cell_of_a_figure_is_found_in_another_unit() -> None:
    marks = locate(PAGE, "营业收入 | 15,800.00 | 14,000.00", claim="1.58亿元")
    assert marks.cells == {(2, 0, 1)}


def test_the_cell_of_a_negative_figure_is_found() -> None:
    marks = locate(PAGE, "净利润 | 1,200.50 | （90.00）", claim="-90万元")
    assert marks.cells == {(2, 1, 2)}


def test_a_figure_outside_the_marked_rows_names_no_cell() -> None:
    assert not locate(PAGE, "净利润 | 1,200.50 | （90.00）", claim="15,800.00").cells


def test_a_cell_with_another_value_does_not_say_the_figure() -> None:
    assert says("15,800.00", "1.58亿元", "万元")
    assert not says("15,800.00", "1.58亿元", "元")
    assert not says("15,800.00", "-1.58亿元", "万元")


@given(st.text(alphabet="甲乙丙丁12 ,|\n", min_size=1, max_size=40), st.data())
def test_any_piece_of_a_paragraph_is_covered(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    marks = locate(Page("1", 0, (Paragraph(text),)), quote)
    if quote.replace("|", "").strip():
        assert marks.covered == 1.0
        assert all(0 <= a < b <= len(text) for spans in marks.spans.values() for a, b in spans)
