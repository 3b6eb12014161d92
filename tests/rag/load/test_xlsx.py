"""XLSX: sheets as pages, shown values, merged and hidden cells."""

from __future__ import annotations

import datetime as dt
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from rag.errors import EmptyDocument, LoadError
from rag.load.number_format import moment, shown
from rag.load.xlsx import load_xlsx
from rag.types import Heading, Paragraph, Table


def saved(workbook: openpyxl.Workbook, folder: Path) -> Path:
    path = folder / "a.xlsx"
    workbook.save(path)
    return path


def sheet_of(rows: list[list[object]], title: str = "利润表") -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    workbook.active.title = title
    for row in rows:
        workbook.active.append(row)
    return workbook


def test_a_sheet_is_a_page_with_title_unit_table_and_note(tmp_path: Path) -> None:
    workbook = sheet_of(
        [
            ["合并利润表", None, None],
            [None, None, "单位：元"],
            ["项目", "2024年度", "2023年度"],
            ["营业收入", 1234567.891, 987654],
            ["毛利率", 0.3456, 0.3],
            [],
            ["注：以上数据未经审计，请投资者注意投资风险。"],
        ]
    )
    sheet = workbook.active
    sheet.merge_cells("A1:C1")
    for cell in ("B4", "C4"):
        sheet[cell].number_format = "#,##0.00"
    for cell in ("B5", "C5"):
        sheet[cell].number_format = "0.00%"
    (page,) = load_xlsx(saved(workbook, tmp_path)).pages
    assert page.label == "利润表"
    assert page.blocks == (
        Heading("合并利润表", 1),
        Table(
            caption="合并利润表",
            unit="元",
            header=(("项目", "2024年度", "2023年度"),),
            rows=(("营业收入", "1,234,567.89", "987,654.00"), ("毛利率", "34.56%", "30.00%")),
            scope="合并",
        ),
        Paragraph("注：以上数据未经审计，请投资者注意投资风险。"),
    )


def test_hidden_sheets_rows_and_columns_are_left_out(tmp_path: Path) -> None:
    workbook = sheet_of(
        [["项目", "草稿", "金额"], ["收入", 1, 10.5], ["隐藏行", 2, 20.5], ["成本", 3, 30.5]]
    )
    workbook.active.row_dimensions[3].hidden = True
    workbook.active.column_dimensions["B"].hidden = True
    for state in ("hidden", "veryHidden"):
        other = workbook.create_sheet(state)
        other.append(["看不见", 1])
        other.sheet_state = state
    second = workbook.create_sheet("附表")
    second.append(["名称", "数量"])
    second.append(["甲", 5])
    pages = load_xlsx(saved(workbook, tmp_path)).pages
    assert [(page.label, page.index) for page in pages] == [("利润表", 0), ("附表", 1)]
    (table,) = pages[0].blocks
    assert isinstance(table, Table)
    assert (*table.header, *table.rows) == (("项目", "金额"), ("收入", "10.5"), ("成本", "30.5"))


def test_merged_headers_and_labels_are_filled(tmp_path: Path) -> None:
    workbook = sheet_of(
        [
            ["地区", "2024年", None, "2023年", None],
            [None, "金额", "占比", "金额", "占比"],
            ["华东", 1.5, 2.5, 3.5, 4.5],
            [None, 5.5, 6.5, 7.5, 8.5],
        ]
    )
    for area in ("A1:A2", "B1:C1", "D1:E1", "A3:A4"):
        workbook.active.merge_cells(area)
    ((table,),) = [page.blocks for page in load_xlsx(saved(workbook, tmp_path)).pages]
    assert isinstance(table, Table)
    assert table.header == (
        ("地区", "2024年", "2024年", "2023年", "2023年"),
        ("地区", "金额", "占比", "金额", "占比"),
    )
    assert [row[0] for row in table.rows] == ["华东", "华东"]


def test_formulas_show_their_cached_values(tmp_path: Path) -> None:
    path = saved(sheet_of([["项目", "金额"], ["合计", "=1+1"], ["其他", 3]]), tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = re.sub(rb"<v ?/>|<v></v>", b"<v>42.5</v>", members[name])
    with zipfile.ZipFile(path, "w") as archive:
        for key, data in members.items():
            archive.writestr(key, data)
    (table,) = load_xlsx(path).pages[0].blocks
    assert isinstance(table, Table)
    assert table.rows[0] == ("合计", "42.5")


def test_tables_that_empty_rows_part_are_two(tmp_path: Path) -> None:
    workbook = sheet_of(
        [["项目", "金额"], ["收入", 1], [], ["名称", "数量"], ["甲", 2], [], ["乙", 3]]
    )
    found = load_xlsx(saved(workbook, tmp_path)).pages[0].blocks
    assert [table.header for table in found if isinstance(table, Table)] == [
        (("项目", "金额"),),
        (("名称", "数量"),),
    ]
    assert isinstance(found[-1], Table)
    assert found[-1].rows == (("甲", "2"), ("乙", "3"))


@pytest.mark.parametrize(
    ("value", "layout", "expected"),
    [
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567, "#,##0", "1,234,567"),
        (-1234.5, "#,##0.00", "-1,234.50"),
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (-1234.5, "#,##0.00_);[Red]\\(#,##0.00\\)", "(1,234.50)"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (0, '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', "-"),
        (1234.5, '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', "1,234.50"),
        (0.12345, "0.0%", "12.3%"),
        (-1234.5, "$#,##0.00", "-$1,234.50"),
        (12.0, '0.00"万元"', "12.00万元"),
        (1234567, "#,##0,", "1,235"),
        (1.5, "0.0##", "1.5"),
        (True, "General", "TRUE"),
        (dt.datetime(2024, 12, 31), "yyyy-mm-dd", "2024-12-31"),
        (dt.datetime(2024, 12, 31), 'yyyy"年"m"月"', "2024-12"),
        (dt.datetime(2024, 12, 31, 9, 30), "yyyy-m-d h:mm", "2024-12-31 09:30"),
        (dt.datetime(2024, 12, 31, 9, 30), "h:mm", "09:30"),
        (dt.date(2024, 3, 1), "yyyy年m月", "2024-03-01"),
        ("文字", "@", "文字"),
        (1e20, "General", "1e+20"),
    ],
)
def test_values_are_shown_as_a_spreadsheet_shows_them(
    value: object, layout: str, expected: str
) -> None:
    assert shown(value, layout) == expected


def test_workbooks_without_values_and_old_or_encrypted_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyDocument):
        load_xlsx(saved(openpyxl.Workbook(), tmp_path))
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(LoadError, match="encrypted or in the old binary format"):
        load_xlsx(tmp_path / "old.xlsx")


def test_a_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    workbook = sheet_of([["项目", "金额"], ["收入", 1]])
    workbook.active["XFD1048576"] = "远"
    assert load_xlsx(saved(workbook, tmp_path)).pages[0].blocks


@pytest.mark.parametrize(
    ("serial", "layout", "expected"),
    [
        (45657, "yyyy-mm-dd", dt.datetime(2024, 12, 31)),
        (1, "m/d/yyyy", dt.datetime(1900, 1, 1)),
        (45657.5, "yyyy/m/d h:mm", dt.datetime(2024, 12, 31, 12)),
        (45657, "#,##0", None),
        (45657, "General", None),
        (45657, '0.00"days"', None),
        (1e9, "yyyy", None),
    ],
)
def test_serial_numbers_are_dates_under_date_formats_only(
    serial: float, layout: str, expected: dt.datetime | None
) -> None:
    assert moment(serial, layout) == expected


def test_dates_and_texts_of_several_runs_are_read(tmp_path: Path) -> None:
    rich = CellRichText("营业", TextBlock(InlineFont(b=True), "收入"))
    workbook = sheet_of(
        [["项目", "日期"], [rich, dt.date(2024, 12, 31)], ["成本", dt.date(2024, 6, 30)]]
    )
    (table,) = load_xlsx(saved(workbook, tmp_path)).pages[0].blocks
    assert isinstance(table, Table)
    assert table.rows == (("营业收入", "2024-12-31"), ("成本", "2024-06-30"))


def rewritten(path: Path, member: str, old: bytes, new: bytes) -> Path:
    """The workbook with one member changed by hand."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_ranges_over_a_whole_sheet_cost_nothing(tmp_path: Path) -> None:
    path = saved(sheet_of([["项目", "金额"], ["收入", 1.5]]), tmp_path)
    ranges = (
        b'</sheetData><mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>'
        b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'
    )
    path = rewritten(path, "xl/worksheets/sheet1.xml", b"</sheetData>", ranges)
    started = time.monotonic()
    (table,) = load_xlsx(path).pages[0].blocks
    assert time.monotonic() - started < 5
    assert isinstance(table, Table)
    assert table.rows == (("收入", "1.5"),)
