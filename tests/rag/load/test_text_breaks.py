"""What exports tear apart: page breaks, lost headings, columns that run into each other."""

from __future__ import annotations

from pathlib import Path

from rag.chunk import passages_of
from rag.load.column_table import column_table
from rag.load.files import load
from rag.load.glued import glued_region, is_glued, parted
from rag.load.outline import contents_end, heading_level
from rag.load.pipes import pipe_table
from rag.load.tables import flat_header
from rag.load.text import pages_of
from rag.types import Filing, FilingRef, Heading, Paragraph, Passage, Table

BODY = "说明文字,与上年相比没有重大变化,公司经营情况正常。" * 6


def sections(text: str, words: str) -> tuple[str, ...]:
    """The path above the passage with some words."""
    filing = Filing(FilingRef("1", "", "", "", "prospectus", "", "a.txt"), pages_of(text))
    found: list[Passage] = [p for p in passages_of(filing) if words in p.text]
    return found[0].section


def first_table(text: str, page: int = 0) -> Table:
    return next(b for b in pages_of(text)[page].blocks if isinstance(b, Table))


def test_nothing_of_the_text_stands_under_the_table_of_contents() -> None:
    text = (
        "目录\n第一节 释义 ........ 1\n第二节 概览 ........ 3\n四、股本情况\n本段说明股本情况。\n"
    )
    assert sections(text, "本段说明") == ("四、股本情况",)


def test_entries_of_the_contents_that_lost_their_dots_or_are_wrapped_are_no_headings() -> None:
    lines = [
        "一、风险 ................ 1",
        "二、财务报表的编制基础及合并财务报表范围以及与财务会计信息相关的重",
        "大会计政策 ............... 5",
        "三、会计估计 264",
        "四、主要税项 ............... 9",
        "正文从这里开始。",
    ]
    assert contents_end(lines, 0) == 5
    assert not [b for b in pages_of("\n".join(lines))[0].blocks if isinstance(b, Heading)][1:]


def test_a_restart_at_one_shows_that_the_chapter_above_was_lost() -> None:
    text = (
        "第五节 基本情况\n一、设立情况\n本段说明设立。\n二、股本情况\n本段说明股本。\n"
        "一、主营业务\n本段说明业务。\n二、行业情况\n本段说明行业。\n"
    )
    assert sections(text, "本段说明股本") == ("第五节 基本情况", "二、股本情况")
    assert sections(text, "本段说明业务") == ("一、主营业务",)
    assert sections(text, "本段说明行业") == ("二、行业情况",)


def test_brackets_below_circled_numbers_are_told_by_the_document() -> None:
    text = (
        "(1)应收账款\n①余额分析\n1)期初余额\n本段说明期初。\n2)期末余额\n本段说明期末。\n"
        "②账龄分析\n1)一年以内\n本段说明账龄。\n"
    )
    assert sections(text, "本段说明期末") == ("(1)应收账款", "①余额分析", "2)期末余额")
    assert sections(text, "本段说明账龄") == ("(1)应收账款", "②账龄分析", "1)一年以内")


def test_a_chapter_that_is_only_named_and_a_clause_of_a_rule_are_no_headings() -> None:
    assert heading_level("第五节“二、(四)报告期内股权重组”之“2、重组情况”") is None
    assert heading_level("(一)遵循企业会计准则的声明") == 4
    clause = "(二)围绕产业链上下游的产业投资," * 6 + "不界定为财务性投资。"
    assert heading_level(clause) is None
    assert (
        heading_level("(一)结合备货政策、在手订单、产业链发展、同行业公司等," * 4 + "说明合理性。")
        == 4
    )


def test_a_heading_at_the_margin_does_not_go_on_with_the_paragraph_above() -> None:
    text = (
        "    报告期内,三类产品的销量都比上年增加,产能利用率保持在八成以上的水平,库存天\n"
        "数因此下降,其中海外客户的增长最快,占全部收入的比例已经超过四分之一的水平。\n"
        "二、主营业务分析\n1、分产品情况\n    本段说明分产品的情况,各类产品的收入都有增加。\n"
    )
    found = [b.text for b in pages_of(text)[0].blocks if isinstance(b, Heading)]
    assert found == ["二、主营业务分析", "1、分产品情况"]


def test_a_short_line_above_a_blank_one_ends_the_paragraph() -> None:
    text = "公司荣誉一览\n\n本公司在报告期内获得的荣誉列示于本节,其中省级以上的共有十二项。\n"
    found = [b.text for b in pages_of(text)[0].blocks if isinstance(b, Paragraph)]
    assert found[0] == "公司荣誉一览"


def test_caption_and_unit_go_over_a_page_break_to_their_table() -> None:
    table = "项目 | 2024年 | 2023年 |\n收入 | 12.00 | 10.00 |\n成本 | 8.00 | 7.00 |"
    text = f"封面\n1-1-1\n{BODY}\n1-1-2\n{BODY}\n收入成本情况如下:\n单位:万元\n1-1-3\n{table}\n{BODY}\n1-1-4\n{BODY}"
    found = first_table(text, 3)
    assert (found.caption, found.unit) == ("收入成本情况如下:", "万元")


def test_a_cell_that_runs_down_over_a_page_break_is_repeated() -> None:
    first = "年度 | 排名 | 客户 | 金额 |\n2023年 | 1 | 甲公司 | 30.00 |\n2 | 乙公司 | 20.00 | |"
    second = "3 | 丙公司 | 10.00 | |\n2024年 | 1 | 丁公司 | 5.00 |\n2 | 戊公司 | 4.00 | |"
    text = f"封面\n1-1-1\n{BODY}\n1-1-2\n{BODY}\n{first}\n1-1-3\n{second}\n{BODY}\n1-1-4\n{BODY}"
    assert first_table(text, 3).rows == (
        ("2023年", "3", "丙公司", "10.00"),
        ("2024年", "1", "丁公司", "5.00"),
        ("2024年", "2", "戊公司", "4.00"),
    )


def test_a_total_stands_under_the_column_that_it_adds_up() -> None:
    table = pipe_table(
        [
            "序号 | 项目 | 面积 | 单价 | 金额 | 依据 |",
            "1 | 净化 | 10.00 | 3.00 | 30.00 | 参考其他车间 |",
            "2 | 安装 | 20.00 | 2.00 | 40.00 | 参考其他车间 |",
            "合计 | 70.00 | ||||",
        ]
    )
    assert table.rows[-1] == ("合计", "", "", "", "70.00", "")


def test_labels_centred_on_several_rows_are_given_to_each() -> None:
    lines = """\
    公司        指标         2024年末      2023年末

              存货余额        208.62        172.69

  甲公司      跌价准备          5.07          4.03

              计提比例         2.85%         2.54%

              存货余额         50.96         41.14

  乙公司      跌价准备          2.58          1.88

              计提比例         5.34%         5.68%
""".split("\n")
    table = column_table(lines)
    assert table is not None
    assert [row[0] for row in table.rows] == ["甲公司"] * 3 + ["乙公司"] * 3


def test_english_titles_between_tables_are_no_rows() -> None:
    text = (
        "    The quarter ended with more cash than the last one and with fewer stores, as was told\n"
        "in May.\n\n"
        "STATEMENTS OF INCOME\n(unaudited; in thousands, except per share amounts)\n"
        "               2025       2024\n  Sales     $ 412.0    $ 393.0\n  Costs       253.0      246.0\n\n"
        "Sales by category (in thousands)\n"
        "  Category     2025       2024\n  Footwear  $ 148.0    $ 137.0\n  Apparel     132.0      133.0\n"
    )
    tables = [b for b in pages_of(text)[0].blocks if isinstance(b, Table)]
    assert [(t.caption, len(t.rows)) for t in tables] == [
        ("STATEMENTS OF INCOME", 2),
        ("Sales by category (in thousands)", 2),
    ]
    assert all("in thousands" in t.unit for t in tables)
    assert flat_header(tables[1]) == ("Category", "2025", "2024")


def test_a_glued_table_needs_no_line_that_leads_in_to_it() -> None:
    lines = ["二、产能情况", "项目2024年度2023年度", "产能140.00120.00", "产量121.80106.32", ""]
    assert glued_region(lines, 1) == 4
    assert is_glued("产能140.00120.00")
    assert not is_glued("占出资额的10.619%,其余部分以现金支付。")


def test_labels_of_parts_do_not_end_a_glued_table() -> None:
    lines = [
        "单位:万元项目资产投资额年折旧",
        "一、前次固定资产",
        "办公设备22.443.54",
        "二、本次固定资产",
        "建筑工程733.3246.44",
    ]
    assert glued_region(lines, 0) == 5


def test_columns_that_run_into_each_other_are_kept_line_by_line() -> None:
    lines = [
        "注册资本序号客户名称企业性质成立时间主要股东主要管理人员",
        "某某医药股份有某某集团董事长:甲,副董事长:",
        "4上市公司1999-3-9504247.0234万有限公司乙、丙、丁",
        "限公司21.58%等",
        "注:只列示持股比例大于5%的股东。",
    ]
    assert glued_region(lines, 0) == 4


def test_a_sentence_that_runs_on_from_the_last_glued_row_is_cut_off() -> None:
    rest = "发行人前次募集资金投资项目已经完成建设并进行商业化的生产"
    lines = ["小计62580.166512.58", f"总计94502.871969.31{rest}", "和销售,新增折旧较少。"]
    assert parted(lines) == [lines[0], "总计94502.871969.31", rest, lines[2]]


def test_loading_a_pdf_tells_how_far_it_is() -> None:
    path = Path(__file__).parents[3] / "data/filings/2025-lingzhou-port-half-year-report.pdf"
    told: list[tuple[int, int]] = []
    load(path, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (6, 6)
