"""What else stands beside a figure: rows, columns, clauses and periods that a claim may confuse."""

from __future__ import annotations

import pytest

from rag.verify.check import EvidenceSpan, examine_answer

HEAD = "渚宁储能股份有限公司\n渚宁储能股份有限公司2024年年度报告\n"


def reasons(statement: str, source: str, question: str = "") -> set[str]:
    spans = [EvidenceSpan(1, source, HEAD + source)]
    return {f.reason for f in examine_answer(statement, spans, question=question)} - {""}


def test_a_figure_given_to_two_things_is_not_the_same_said_again() -> None:
    source = "收购资产总额为804.65万元,负债总额为606.12万元,净额为198.53万元。"
    wrong = "收购资产总额为606.12万元,负债总额为606.12万元。[1]"
    assert reasons(wrong, source) == {"subject"}
    assert not reasons("收购资产总额为804.65万元(即8,046,500元)。[1]", source)


def test_a_list_that_repeats_a_figure_is_out_of_order() -> None:
    source = "近三年,公司运费分别为601.50万元、537.21万元和612.59万元。"
    assert reasons("近三年运费分别为601.50万元、601.50万元和612.59万元。[1]", source) == {"subject"}


def test_a_change_is_no_level_where_the_level_stands_beside_it() -> None:
    source = "2024年,公司经营现金流净额为-2,755.30万元,较上年减少8,860.76万元。"
    assert reasons("2024年经营现金流净额为-8,860.76万元。[1]", source) == {"subject"}
    assert reasons("经营现金流净额较上年减少2,755.30万元。[1]", source)
    assert not reasons("2024年经营现金流净额为-2,755.30万元,比上年少8,860.76万元。[1]", source)


def test_an_operand_of_a_formula_is_no_level() -> None:
    source = "海外订单为2.60亿元,同比增长183%。"
    assert "subject" not in reasons("2.60亿元除以(1+183%)。[1]", source)


def test_what_is_only_compared_with_is_not_the_result() -> None:
    assert reasons(
        "Gross profit was $147.6 million. [1]",
        "Gross profit was $159.3 million, compared with $147.6 million.",
    ) == {"subject"}
    source = "6月15日,公司股价报收16.90元/股,较32.76元/股的发行价接近腰斩。"
    assert reasons("6月15日股价报收32.76元/股。[1]", source) == {"subject"}
    assert not reasons("发行价为32.76元/股。[1]", source)


def test_a_part_is_not_the_whole() -> None:
    source = "公司供热企业共有185家,其中152家为造纸企业。"
    assert reasons("公司供热企业共有152家。[1]", source) == {"subject"}
    assert not reasons("公司供热企业中有152家造纸企业。[1]", source)


def test_sentences_alike_but_for_a_word_are_told_apart() -> None:
    source = (
        "处于成熟期且有重大支出的,现金分红在利润分配中的比例最低应达到40%。\n"
        "处于成长期且有重大支出的,现金分红在利润分配中的比例最低应达到20%。"
    )
    good = "处于成长期且有重大支出的,现金分红在利润分配中的比例最低应达到20%。[1]"
    assert not reasons(good, source)
    assert reasons(good.replace("20%", "40%"), source) == {"subject"}


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("设备:投资占比为19.89%。[1]", ""),
        ("设备:投资占比为100.00%。[1]", "subject"),
        ("土建(投资占比):31.31%。[1]", ""),
        ("设备(投资占比):31.31%。[1]", "subject"),
    ],
)
def test_a_name_before_a_colon_or_in_front_of_the_column_counts(
    statement: str, reason: str
) -> None:
    source = (
        "单位:万元\n项目 | 投资金额 | 投资占比(%)\n土建 | 14,910.00 | 31.31\n"
        "设备 | 9,471.00 | 19.89\n投资合计 | 47,625.00 | 100.00"
    )
    assert reasons(statement, source) == ({reason} if reason else set())


def test_a_share_within_a_rows_name_tells_it_apart() -> None:
    source = (
        "单位:万元\n交易对方 | 标的 | 现金对价\n甲药业 | 丙公司60.84%股权 | 46,238.82\n"
        "乙药业 | 丙公司15.38%股权 | 11,689.59"
    )
    assert not reasons("丙公司15.38%股权的现金对价为11,689.59万元。[1]", source)
    assert reasons("丙公司15.38%股权的现金对价为46,238.82万元。[1]", source) == {"subject"}


def test_rows_numbered_with_circles_or_one_digit_are_named_by_their_words() -> None:
    source = (
        "单位:万元\n项目 | 公式 | 金额\n可支配资金 | ② | 98,111.20\n现金分红 | ⑥ | 16,491.03\n"
        "1 车间 | ⑦ | 89.60\n2 车间 | ⑧ | 44.80"
    )
    assert not reasons("现金分红金额为16,491.03万元。[1]", source)
    assert reasons("现金分红金额为98,111.20万元。[1]", source) == {"subject"}
    assert reasons("2 车间金额为89.60万元。[1]", source) == {"subject"}


def test_a_row_of_the_same_amount_with_another_sign_is_another_row() -> None:
    source = "单位:万元\n项目 | 更正金额\n资本化金额 | -3,586.56\n费用化金额 | 3,586.56"
    assert not reasons("费用化金额的更正金额为3,586.56万元。[1]", source)
    assert reasons("费用化金额的更正金额为-3,586.56万元。[1]", source)


def test_rows_that_differ_in_a_character_are_told_apart_by_the_very_words() -> None:
    source = (
        "单位:万元\n项目 | 2023年\n投资活动产生的现金流量净额 | -9,298.63\n"
        "筹资活动产生的现金流量净额 | 36,520.63"
    )
    assert reasons("2023年投资活动产生的现金流量净额为36,520.63万元。[1]", source) == {"subject"}


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("2024年第三季度为56,081.50万元。[1]", ""),
        ("2024年的第三季度收入为57,097.42万元。[1]", "period"),
        ("2023年的第三季度收入为57,097.42万元。[1]", ""),
        ("第三季度的变动金额为-1,015.92万元。[1]", ""),
    ],
)
def test_a_quarter_beside_its_year_is_one_period(statement: str, reason: str) -> None:
    source = (
        "单位:万元\n项目 | 2024年 | 2023年 | 变动金额\n第三季度 | 56,081.50 | 57,097.42 | -1,015.92"
    )
    assert reasons(statement, source) == ({reason} if reason else set())


def test_a_growth_against_the_year_before_is_of_its_own_year() -> None:
    source = "2023年同比增长0.36%,2024年同比增长3.34%。"
    assert not reasons("2024年较上年同期增长3.34%。[1]", source)
    assert reasons("2024年较上年同期增长0.36%。[1]", source) == {"period"}


def test_a_change_states_the_period_that_it_is_measured_from() -> None:
    source = "账面价值较2022年末下降6,021.44万元。"
    assert not reasons("账面价值较2022年末下降6,021.44万元。[1]", source)
    assert reasons("账面价值较2023年末下降6,021.44万元。[1]", source)


def test_a_growth_of_another_year_is_not_computed_from_undated_figures() -> None:
    source = (
        "各期收入分别为14,166.77万元、25,379.09万元和27,341.34万元。2024年收入较上年下跌7.18%。"
    )
    assert not reasons("2024年收入较上年下跌7.18%。[1]", source)
    assert "period" in reasons("2023年收入较上年下跌7.18%。[1]", source)


def test_last_period_in_an_answer_is_the_one_before_the_reports() -> None:
    source = "单位:万元\n项目 | 本期发生额 | 上期发生额\n研发费用 | 1,860.44 | 1,624.70"
    question = "2024年的研发费用和上年相比如何?"
    assert not reasons("研发费用上期发生额为1,624.70万元。[1]", source, question)
    assert reasons("研发费用上期发生额为1,860.44万元。[1]", source, question) == {"period"}


def test_a_cell_without_period_yields_to_the_column_of_the_claimed_one() -> None:
    source = "单位:万元\n产品 | 营业收入 | 毛利率(%) | 上年营业收入\n减速器 | 70,254.18 | 39.50 | 58,916.40"
    assert not reasons("上年减速器的营业收入为58,916.40万元。[1]", source)
    assert reasons("上年减速器的营业收入为70,254.18万元。[1]", source)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("指数涨跌幅为-8.44%。[1]", ""),
        ("指数涨跌幅为8.44%。[1]", "sign"),
        ("指数下跌8.44%。[1]", ""),
    ],
)
def test_ups_and_downs_in_a_name_point_nowhere(statement: str, reason: str) -> None:
    source = "名称 | 停牌前 | 涨跌幅\n指数 | 1,903.87 | -8.44%"
    assert reasons(statement, source) == ({reason} if reason else set())


def test_no_less_than_is_no_fall() -> None:
    source = "公开发行的股份不低于发行后总股本的25%。"
    assert not reasons("公开发行的股份不低于发行后总股本的25%。[1]", source)
    assert reasons("公开发行的股份不低于发行后总股本的-25%。[1]", source) == {"sign"}


def test_increase_and_decrease_columns_are_not_exchanged() -> None:
    source = "单位:万元\n项目 | 本期增加 | 本期减少\n气象站 | 139.16 | -\n码头 | 20.10 | 7.30"
    assert not reasons("气象站本期增加139.16万元。[1]", source)
    assert reasons("气象站本期减少为139.16万元。[1]", source)


def test_more_loss_is_not_less_loss() -> None:
    source = "2024年,公司净利润为-3.32亿元,较上年减少亏损1.78亿元。"
    assert not reasons("2024年较上年减少亏损1.78亿元。[1]", source)
    assert reasons("2024年较上年增加亏损1.78亿元。[1]", source) == {"sign"}


@pytest.mark.parametrize(
    "statement",
    [
        "2024年研发费用约0.19亿元。[1]",
        "研发费用在2024年达到1,860.44万元。[1]",
        "公司2024年投入研发1860.44万元。[1]",
        "2024年研发费用18,604,400元,比2023年多235.74万元。[1]",
        "R&D expense was RMB 18.60 million in 2024. [1]",
    ],
)
def test_other_words_units_and_rounding_stay_accepted(statement: str) -> None:
    source = "单位:万元\n项目 | 2024年 | 2023年\n研发费用 | 1,860.44 | 1,624.70\n管理费用 | 960.10 | 880.20"
    assert not reasons(statement, source)


def test_the_day_over_a_column_is_stated_for_its_rows() -> None:
    source = (
        "截至2025年9月30日,应收账款较多。\n单位:万元\n项目 | 2025年9月30日 | 2024年12月31日\n"
        "应收账款 | 31,706.83 | 28,455.17"
    )
    assert not reasons("2024年12月31日应收账款为28,455.17万元。[1]", source)


def test_blanks_within_an_ordinal_do_not_matter() -> None:
    assert not reasons("按会计准则第38号调整。[1]", "公司按会计准则第 38 号调整。")
    assert reasons("按会计准则第39号调整。[1]", "公司按会计准则第 38 号调整。") == {"not stated"}


def test_a_magnitude_after_a_blank_belongs_to_its_digits() -> None:
    assert not reasons("总值增至33.54万亿元。[1]", "总值由 9.92 万亿元增至 33.54 万亿元。")
