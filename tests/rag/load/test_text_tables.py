from __future__ import annotations

from rag.load.column_table import column_table
from rag.load.glued import glued_region
from rag.load.pipes import pipe_table
from rag.load.tables import flat_header, is_number, render, split_unit, unit_of
from rag.load.text import pages_of
from rag.types import Table

ALIGNED = """\
                                                       拟投入募集
序号              项目                    投资总额
                                                         资金
         年产 100 吨新型
  1                                       1,200.00      1,000.00
         材料建设项目
  2      研发中心                           300.00        250.00

         合计                             1,500.00      1,250.00
""".split("\n")


def test_space_aligned_cells_keep_their_columns_and_wrapped_labels_are_joined() -> None:
    table = column_table(ALIGNED, unit="万元")
    assert table is not None
    assert flat_header(table) == ("序号", "项目", "投资总额", "拟投入募集资金")
    assert table.rows == (
        ("1", "年产 100 吨新型材料建设项目", "1,200.00", "1,000.00"),
        ("2", "研发中心", "300.00", "250.00"),
        ("", "合计", "1,500.00", "1,250.00"),
    )


def test_a_header_over_two_columns_names_both() -> None:
    lines = """\
    项目              2024年                2023年
                 金额      占比        金额      占比
    材料         12.00    60.00%      10.00    50.00%
    人工          8.00    40.00%      10.00    50.00%
""".split("\n")
    table = column_table(lines)
    assert table is not None
    assert flat_header(table) == ("项目", "2024年金额", "2024年占比", "2023年金额", "2023年占比")


def test_pipe_tables_give_merged_header_cells_their_columns_back() -> None:
    table = pipe_table(
        [
            "项目 | 2024年末 | 2023年末 | ||",
            "金额 | 占比 | 金额 | 占比 | |",
            "存款 | 12.00 | 60.00 | 10.00 | 50.00 |",
            "合计 | 20.00 | 100.00 | 20.00 | 100.00 |",
        ]
    )
    assert flat_header(table) == (
        "项目",
        "2024年末 金额",
        "2024年末 占比",
        "2023年末 金额",
        "2023年末 占比",
    )
    assert table.rows[0] == ("存款", "12.00", "60.00", "10.00", "50.00")


def test_a_total_row_with_a_merged_label_goes_back_under_its_columns() -> None:
    table = pipe_table(
        [
            "序号 | 交易对方 | 比例 | 现金 | 股份 |",
            "1 | 甲公司 | 60.00% | 30.00 | 70.00 |",
            "2 | 乙公司 | 40.00% | 20.00 | 40.00 |",
            "合计 | 100.00% | 50.00 | 110.00 | |",
        ]
    )
    assert table.rows[-1] == ("合计", "", "100.00%", "50.00", "110.00")


def test_a_cell_that_runs_down_is_repeated() -> None:
    table = pipe_table(
        [
            "专户 | 序号 | 开户行 | 余额 |",
            "首发募集资金 | 1 | 甲银行 | 30.00 |",
            "2 | 乙银行 | 8.82 | |",
            "3 | 丙银行 | 7.00 | |",
        ]
    )
    assert table.rows[1] == ("首发募集资金", "2", "乙银行", "8.82")
    assert table.rows[2] == ("首发募集资金", "3", "丙银行", "7.00")


def test_glued_rows_are_kept_verbatim_after_a_line_that_leads_in() -> None:
    lines = [
        "公司存货的跌价准备计提情况如下:",
        "单位:万元项目2025年6月末2024年末",
        "原材料1211.98163.20",
        "合计1811.98183.20",
        "如上表所示,公司存货跌价准备计提充分。",
    ]
    assert glued_region(lines, 1) == 4
    page = pages_of("\n".join(lines))[0]
    table = next(block for block in page.blocks if isinstance(block, Table))
    assert table.glued
    assert table.unit == "万元"
    assert table.rows == (
        ("项目2025年6月末2024年末",),
        ("原材料1211.98163.20",),
        ("合计1811.98183.20",),
    )


def test_sentences_with_figures_are_no_glued_rows() -> None:
    lines = [
        "报告期内,公司营业收入分别为38.52万元、42.49万元和44.77万元,",
        "净利润分别为13.07万元和35.28万元。",
    ]
    assert glued_region(lines, 0) == 0


def test_a_table_that_goes_on_over_the_page_break_keeps_caption_unit_and_header() -> None:
    body = "说明文字,与上年相比没有重大变化,公司经营情况正常。" * 6
    first = "单位:万元\n项目 | 2024年 | 2023年 |\n收入 | 12.00 | 10.00 |"
    second = "项目 | 2024年 | 2023年 |\n成本 | 8.00 | 7.00 |"
    text = f"封面\n1-1-1\n{body}\n1-1-2\n{body}\n收入成本情况如下:\n{first}\n1-1-3\n{second}\n{body}\n1-1-4\n{body}"
    page = next(p for p in pages_of(text) if p.label == "1-1-3")
    table = page.blocks[0]
    assert isinstance(table, Table)
    assert table.continued
    assert (table.caption, table.unit) == ("收入成本情况如下:", "万元")
    assert table.header == (("项目", "2024年", "2023年"),)
    assert table.rows == (("成本", "8.00", "7.00"),)


def test_units_are_read_and_never_swallow_the_header() -> None:
    assert unit_of("单位:万元、%") == "万元、%"
    assert unit_of("(in millions, except per share data)") == "in millions, except per share data"
    assert split_unit("单位:万元是否专门供应") == ("万元", "是否专门供应")
    assert unit_of("本单位:负责人") == ""


def test_figures_years_and_dates_are_told_apart() -> None:
    assert all(is_number(cell) for cell in ("1,234.50", "-12.00", "(3.00)", "12.5%", "-", "$1,200"))
    assert not any(is_number(cell) for cell in ("2024年", "2024", "2024.6.30", "合计", ""))


def test_a_table_reads_as_lines_with_its_caption_unit_and_header() -> None:
    table = Table("收入情况如下:", "万元", (("项目", "2024年"),), (("收入", "12.00"), ("", "")))
    assert render(table) == "收入情况如下:\n单位:万元\n项目 | 2024年\n收入 | 12.00"
