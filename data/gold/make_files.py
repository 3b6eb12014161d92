"""Writes the Word and Excel files of the gold tables: `python data/gold/make_files.py`.

All of it is invented. The files show what the sample filings do not: accounting formats, two tables
on a sheet, hidden columns and sheets, merged headers over nothing, brackets for negatives.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import docx
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

FILES = Path(__file__).parent / "files"
INVENTED = "本文件为虚构样例，公司与数字均系杜撰，仅供测试。"
Rows = tuple[tuple[str | float | datetime.date | None, ...], ...]

NOTES: Rows = (
    ("科目", "期末余额", "期初余额"),
    ("应收票据", "1,204.50", "986.00"),
    ("其中：银行承兑汇票", "1,004.50", "786.00"),
    ("减：坏账准备", "(12.05)", "(9.86)"),
    ("合计", "1,192.45", "976.14"),
)
REGIONS: Rows = (
    ("区域", "2025年度", "<", "2024年度", "<"),
    ("^", "台数", "单价（元）", "台数", "单价（元）"),
    ("北部", "320", "18,500.00", "287", "18,900.00"),
    ("南部", "145", "17,250.50", "-", "-"),
    ("合计", "465", "不适用", "287", "不适用"),
)
REVENUE: Rows = (
    ("", "2025", "2024"),
    ("Services", "$1,210", "$1,095"),
    ("Licences", "640", "702"),
    ("Total revenue", "$1,850", "$1,797"),
)
CHANGES: Rows = (
    ("事项", "变更前", "变更后"),
    ("注册资本", "3,000.00万元", "4,500.00万元"),
    ("员工人数", "212", "265"),
)
BALANCES: Rows = (
    ("项目", datetime.date(2025, 6, 30), datetime.date(2024, 12, 31), "内部备注"),
    ("货币资金", 1250, 980.5, "不公开"),
    ("存货", 3407.25, 2966.1, "不公开"),
    ("递延收益", -120.4, -98, "不公开"),
    ("资产总计", 4536.85, 3848.6, "不公开"),
)
STAFF: Rows = (("部门", "人数", "占比"), ("研发", 48, 0.375), ("生产", 80, 0.625), ("合计", 128, 1))
SEGMENTS: Rows = (
    ("Segment", "FY2025", "<", "FY2024", "<"),
    ("^", "Revenue", "Margin", "Revenue", "Margin"),
    ("Pumps", 812.4, 0.412, 790, 0.403),
    ("Valves", 305, 0.289, 311.6, 0.301),
    ("Total", 1117.4, 0.378, 1101.6, 0.374),
)


def word() -> None:
    """Write ledger.docx."""
    document = docx.Document()
    document.add_heading("砚溪机械有限公司附注摘录", 1)
    document.add_paragraph(INVENTED)
    for lead, rows in (
        ("（一）应收票据\n单位：千元", NOTES),
        ("各区域销售情况如下：", REGIONS),
        ("Revenue by type (in thousands)", REVENUE),
        ("工商变更情况如下表所示：", CHANGES),
    ):
        for line in lead.split("\n"):
            document.add_paragraph(line)
        _word_table(document, rows)
    document.save(str(FILES / "ledger.docx"))


def _word_table(document: docx.document.Document, rows: Rows) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text == "<":
                table.cell(r, c).merge(table.cell(r, c - 1))
            elif text == "^":
                table.cell(r, c).merge(table.cell(r - 1, c))
            else:
                table.cell(r, c).text = str(text)


def workbook() -> None:
    """Write ledger.xlsx."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "附注"
    sheet["A1"] = "砚溪机械有限公司合并资产负债表（虚构样例）"
    sheet["A2"] = "单位：万元"
    _fill(sheet, 3, BALANCES, "#,##0.00_);(#,##0.00)")
    for cell in (sheet["B3"], sheet["C3"]):
        cell.number_format = 'yyyy"年"m"月"d"日"'
    sheet.column_dimensions["D"].hidden = True
    sheet["A10"] = "员工构成"
    sheet["A11"] = "单位：人"
    _fill(sheet, 12, STAFF, "General")
    for row in range(13, 16):
        sheet.cell(row, 3).number_format = "0.00%"
    segments = book.create_sheet("Segments")
    segments["A1"] = "Segment information ($ in millions)"
    _fill(segments, 2, SEGMENTS, "#,##0.0")
    for row in range(4, 7):
        segments.cell(row, 3).number_format = segments.cell(row, 5).number_format = "0.0%"
    secret = book.create_sheet("draft")
    secret["A1"] = 99999
    secret.sheet_state = "hidden"
    book.save(str(FILES / "ledger.xlsx"))


def _fill(sheet: Worksheet, top: int, rows: Rows, number_format: str) -> None:
    for r, row in enumerate(rows, start=top):
        for c, value in enumerate(row, start=1):
            if value == "<":
                sheet.merge_cells(start_row=r, end_row=r, start_column=c - 1, end_column=c)
            elif value == "^":
                sheet.merge_cells(start_row=r - 1, end_row=r, start_column=c, end_column=c)
            else:
                sheet.cell(r, c, value).number_format = number_format


if __name__ == "__main__":
    word()
    workbook()
