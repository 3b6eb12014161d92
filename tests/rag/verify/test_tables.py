"""Table rows as facts: label, column, period and unit."""

from __future__ import annotations

from rag.verify.evidence import EvidenceSpan, read_evidence
from rag.verify.facts import Fact


def facts(text: str, above: str = "") -> list[Fact]:
    context = f"{above}\n{text}" if above else text
    return list(read_evidence(EvidenceSpan(1, text, context)).facts)


def read(text: str, above: str = "") -> list[tuple[str, str, str, tuple[str, ...], str]]:
    return [
        (f.figure.text, f.label.strip(), f.column, f.periods, f"{f.figure.scale:f}{f.figure.unit}")
        for f in facts(text, above)
    ]


def test_a_row_without_its_empty_last_cells_keeps_its_columns() -> None:
    text = (
        "单位:万元\n项目 | 合并 2024年 | 合并 2023年 | 母公司 2024年\n利润总额 | 10.10 | 9.20 | 8.30\n"
        "少数股东损益 | 3.40 | 1.50"
    )
    assert read(text)[-1] == ("1.50", "少数股东损益", "合并 2023年", ("2023",), "10000元")


def test_rows_that_all_lack_a_cell_have_no_columns() -> None:
    text = "序号 | 图形 | 名称 | 数值\n1 | 甲标 | 1,234.50\n2 | 乙标 | 2,345.60"
    assert {column for _, _, column, _, _ in read(text)} == {""}


def test_rates_under_a_unit_line_with_percent_are_percentages() -> None:
    text = "单位:万元、%\n项目 | 2024年末 金额 | 2024年末 占比\n存货 | 500.10 | 12.50"
    assert [unit for *_, unit in read(text)] == ["10000元", "1%"]


def test_money_columns_under_a_unit_line_with_shares_are_money() -> None:
    text = "单位:万元、股\n交易对方 | 现金对价 | 股份数量\n甲药业 | 46,238.82 | 198,639,311"
    assert [unit for *_, unit in read(text)] == ["10000元", "1"]


def test_a_table_of_shares_is_of_shares_in_all_columns() -> None:
    text = "单位:股\n姓名 | 累计买入 | 期末持股数\n甲某 | 2,500 | 696"
    assert {unit for *_, unit in read(text)} == {"1股"}


def test_ranks_take_no_unit_and_the_name_after_them_is_the_rows() -> None:
    text = "单位:万元\n年度 | 排名 | 客户 | 金额\n2024年末 | 3 | 甲公司 | 6,684.15"
    rank, amount = read(text)
    assert rank[4] == "1"
    assert amount == ("6,684.15", "2024年末 甲公司", "金额", ("2024-12-31",), "10000元")


def test_dashes_and_months_are_no_names_and_no_amounts() -> None:
    text = "单位:万元\n账龄 | 2024年末 | 2023年末 | 2022年末\n1年以内 | - | - | 6.63"
    assert read(text)[0][1] == "1年以内"
    assert not read("名称 | 颁布时间 | 部门\n管理办法 | 2017.8 | 某委")


def test_steps_of_years_are_heads() -> None:
    text = "项目 | T年 | T+1年 | 合计(万元)\n建筑工程 | 4,473.00 | 2,982.00 | 7,455.00"
    assert [(column, unit) for _, _, column, _, unit in read(text)] == [
        ("T年", "10000元"), ("T+1年", "10000元"), ("合计(万元)", "10000元"),
    ]  # fmt: skip


def test_a_third_quarter_report_has_a_quarter_and_the_months_so_far() -> None:
    above = "沐岑光电股份有限公司2025年第三季度报告"
    text = (
        "单位:万元\n项目 | 本报告期 金额 | 年初至报告期末 金额 | 年初至报告期末 上年同期\n"
        "营业收入 | 41.27 | 117.94 | 101.22"
    )
    assert [periods for _, _, _, periods, _ in read(text, above)] == [
        ("2025-07/2025-09",), ("2025-01/2025-09",), ("2024-01/2024-09",),
    ]  # fmt: skip


def test_run_together_dates_head_a_run_together_row() -> None:
    text = "项目公司名称2025.6.302024.12.312023.12.31\n甲生物14.1516.3020.36"
    assert [(t, p) for t, _, _, p, _ in read(text)] == [
        ("14.15", ("2025-06-30",)), ("16.30", ("2024-12-31",)), ("20.36", ("2023-12-31",)),
    ]  # fmt: skip


def test_the_periods_that_a_filing_covers_head_no_table() -> None:
    text = "明细如下:\n单位:万元\n应收退货成本121.89120.10"
    assert [periods for *_, periods, _ in read(text, "报告期:2023年、2024年")] == [(), ()]


def test_a_captions_date_is_surmised_for_its_rows() -> None:
    found = facts("截至2025年6月30日,明细如下:\n单位:万元\n应收退货成本121.89")
    assert (found[-1].periods, found[-1].weak) == (("2025-06-30",), True)


def test_a_unit_in_a_rows_name_is_that_rows_alone() -> None:
    text = "项目 2024年 2023年\n葡萄数量(吨) 9,340.24 5,225.82\n葡萄成本(万元) 4,032.38 3,052.55"
    assert [unit for *_, unit in read(text)] == ["1吨", "1吨", "10000元", "10000元"]


def test_words_above_a_row_of_blanks_are_its_columns() -> None:
    text = "单位:万元\n季度 甲智能 乙电子 本公司\n第一季度 42,475.35 31,320.13 6,855.68"
    assert [column for _, _, column, _, _ in read(text)] == ["甲智能", "乙电子", "本公司"]


def test_uneven_heads_are_spread_over_their_years() -> None:
    text = "2024年 2023年 2022年\n项目\n金额 增长率(%) 金额 增长率(%) 金额\n售价 49.99 -0.46 49.71 -12.78 56.73"
    assert [p for _, _, _, p, _ in read(text)] == [("2024",)] * 2 + [("2023",)] * 2 + [("2022",)]


def test_a_row_of_percentages_has_the_periods_of_its_header() -> None:
    text = "项目2024年2023年\n采购金额1.258.93\n占比1.25%2.93%"
    assert [(t, p) for t, _, _, p, _ in read(text)][-2:] == [
        ("1.25%", ("2024",)), ("2.93%", ("2023",)),
    ]  # fmt: skip


def test_an_empty_cell_before_a_figure_is_no_sign_and_no_range() -> None:
    found = facts("单位:万元\n药理毒理3350.00--3350.00\n1.2工程费用1446.52-4.62%")
    assert [(f.figure.text, f.figure.unit) for f in found] == [
        ("3350.00", "元"), ("3350.00", "元"), ("1446.52", "元"), ("4.62%", "%"),
    ]  # fmt: skip
    assert found[1].figure.value == found[0].figure.value


def test_a_number_in_a_run_together_name_stays_in_the_name() -> None:
    found = facts("单位:万元\n未来12个月到期债务合计29817.97")
    assert found[-1].label == "未来12个月到期债务合计"
