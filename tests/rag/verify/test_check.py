from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.verify.check import EvidenceSpan, Finding, check_answer, cited_numbers, examine_answer

HEAD = "澄泽传动股份有限公司\n澄泽传动股份有限公司2024年年度报告\n第二节 主要财务指标\n"
TABLE = (
    "单位:万元\n项目 | 2024年 | 2023年\n营业收入 | 31,207.88 | 19,759.57\n营业成本 | 20,114.02 | 13,006.45\n"
    "净利润 | 2,310.66 | -1,402.18\n毛利率(%) | 35.55 | 34.18"
)
PROSE = (
    "2024年,公司营业收入为31,207.88万元,较2023年的19,759.57万元增长57.94%。"
    "2022年、2023年和2024年,公司研发费用分别为1,100.20万元、1,350.40万元和1,871.35万元。"
)


def verdicts(
    statement: str, quote: str, context: str = "", question: str = ""
) -> list[tuple[str, str]]:
    checks = check_answer(statement, [EvidenceSpan(1, quote, context or quote)], question=question)
    return [(check.claim, check.verdict) for check in checks]


def reasons(statement: str, quote: str, context: str = "", question: str = "") -> set[str]:
    spans = [EvidenceSpan(1, quote, context or quote)]
    return {f.reason for f in examine_answer(statement, spans, question=question)} - {""}


@pytest.mark.parametrize(
    "statement",
    [
        "2024年营业收入为31,207.88万元。[1]",
        "2024年营业收入约3.12亿元[1]。",
        "2023年净利润为-1,402.18万元。[1]",
        "2023年净亏损1,402.18万元。[1]",
        "2024年毛利率为35.55%。[1]",
        "营业收入 | 2024年 | 31,207.88万元 [1]",
        "2024年营收为31,207.88万元。[1]",
        "2024年末,营业收入31,207.88万元较2023年增长57.94%。[1]",
    ],
)
def test_what_a_table_states_is_supported(statement: str) -> None:
    found = verdicts(statement, TABLE, HEAD + TABLE)
    assert found
    assert {verdict for _, verdict in found} <= {"supported", "computed"}


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("2024年营业收入为31,207.89万元。[1]", "not stated"),
        ("2024年营业收入为31,207.88亿元。[1]", "not stated"),
        ("2024年营业收入为31,207.88元。[1]", "not stated"),
        ("2024年营业收入为-31,207.88万元。[1]", "sign"),
        ("2023年净利润为1,402.18万元。[1]", "sign"),
        ("2023年营业收入为31,207.88万元。[1]", "period"),
        ("2024年营业成本为31,207.88万元。[1]", "subject"),
        ("2022年营业收入为31,207.88万元。[1]", "period"),
        ("2024年毛利率为34.18%。[1]", "period"),
        ("砚溪食品股份有限公司2024年营业收入为31,207.88万元。[1]", "not stated"),
    ],
)
def test_one_altered_thing_is_caught_with_its_reason(statement: str, reason: str) -> None:
    assert reason in reasons(statement, TABLE, HEAD + TABLE)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("2024年营业收入同比增长57.94%。[1]", ""),
        ("2024年营业收入同比下降57.94%。[1]", "sign"),
        ("2023年营业收入为31,207.88万元。[1]", "period"),
        ("2023年营业收入为19,759.57万元。[1]", ""),
        ("2023年研发费用为1,350.40万元。[1]", ""),
        ("2023年研发费用为1,871.35万元。[1]", "period"),
        ("2022年和2024年研发费用分别为1,100.20万元和1,871.35万元。[1]", ""),
        ("2022年和2024年研发费用分别为1,871.35万元和1,100.20万元。[1]", "period"),
        ("2024年研发费用为31,207.88万元。[1]", "subject"),
    ],
)
def test_prose_is_read_with_its_periods_and_sequences(statement: str, reason: str) -> None:
    assert reasons(statement, PROSE, HEAD + PROSE) == ({reason} if reason else set())


def test_a_list_without_named_periods_keeps_its_order() -> None:
    source = "报告期各期,公司销售费用分别为501.20万元、633.70万元和702.15万元。"
    assert not reasons("各期销售费用为501.20万元、633.70万元和702.15万元。[1]", source)
    assert reasons("各期销售费用为633.70万元、501.20万元和702.15万元。[1]", source) == {"subject"}


def test_from_and_to_are_not_exchanged() -> None:
    source = "公司注册资本由2,000万元增加至6,280万元。"
    assert not reasons("注册资本由2,000万元增至6,280万元。[1]", source)
    assert reasons("注册资本由6,280万元增至2,000万元。[1]", source) == {"subject"}


def test_the_question_says_which_column_was_asked_for() -> None:
    question = "2023年营业收入是多少?"
    assert reasons("31,207.88万元。[1]", TABLE, HEAD + TABLE, question) == {"period"}
    assert not reasons("19,759.57万元。[1]", TABLE, HEAD + TABLE, question)


def test_the_question_says_which_row_was_asked_for() -> None:
    question = "2024年的营业成本?"
    assert reasons("31,207.88万元。[1]", TABLE, HEAD + TABLE, question) == {"subject"}


@pytest.mark.parametrize(
    ("statement", "expression"),
    [
        ("2024年营业成本比2023年增长54.65%。[1]", "(20,114.02 − 13,006.45) ÷ 13,006.45 = 54.65%"),
        ("2024年营业成本比2023年增加7,107.57万元。[1]", "20,114.02 − 13,006.45 = 7,107.57"),
        (
            "2024年营业收入31,207.88万元与2023年19,759.57万元合计50,967.45万元。[1]",
            "31,207.88 + 19,759.57 = 50,967.45",
        ),
        ("2024年毛利率较2023年提高1.37个百分点。[1]", "35.55 − 34.18 = 1.37"),
    ],
)
def test_what_follows_from_cited_figures_is_computed(statement: str, expression: str) -> None:
    checks = check_answer(statement, [EvidenceSpan(3, TABLE, HEAD + TABLE)])
    computed = [check for check in checks if check.verdict == "computed"]
    assert [check.expression for check in computed] == [expression]
    assert computed[0].operands == (3,)
    assert all(check.verdict != "unsupported" for check in checks)


@pytest.mark.parametrize(
    ("statement", "good"),
    [
        ("(31,207.88 − 19,759.57) ÷ 19,759.57 = 57.94%[1]", True),
        ("(31,207.88 − 19,759.57) ÷ 19,759.57 = 58.94%[1]", False),
        ("31,207.88万元 − 20,114.02万元 = 11,093.86万元[1]", True),
        ("(31,207.88 − 19,759.00) ÷ 19,759.00 = 57.94%[1]", False),
    ],
)
def test_a_printed_formula_is_evaluated(statement: str, good: bool) -> None:
    found = dict(verdicts(statement, TABLE, HEAD + TABLE))
    assert ("unsupported" not in found.values()) == good


def test_a_growth_is_not_computed_backwards() -> None:
    assert (
        "unsupported"
        in dict(verdicts("2023年营业成本比2024年增长54.65%。[1]", TABLE, HEAD + TABLE)).values()
    )


def test_a_statement_is_checked_against_what_it_cites() -> None:
    spans = [EvidenceSpan(1, "2024年收入为5.00亿元。"), EvidenceSpan(2, "2024年成本为3.00亿元。")]
    checks = check_answer("2024年收入为5.00亿元[1]。2024年成本为3.00亿元[1]。", spans)
    assert [c.verdict for c in checks if c.kind == "amount"] == ["supported", "unsupported"]
    free = check_answer("2024年成本为3.00亿元。", spans)
    assert [(c.verdict, c.citation) for c in free if c.kind == "amount"] == [("supported", 2)]


@pytest.mark.parametrize(
    ("statement", "kind", "verdict"),
    [
        ("董事长为沈砚溪。[1]", "name", "supported"),
        ("董事长为沈砚舟。[1]", "name", "unsupported"),
        ("公司于2024年3月5日设立渚宁云测科技有限公司。[1]", "name", "supported"),
        ("公司于2024年3月5日设立朔川云测科技有限公司。[1]", "name", "unsupported"),
        ("公司于2024年3月6日设立渚宁云测科技有限公司。[1]", "date", "unsupported"),
        ("GX-A101获批。[1]", "code", "supported"),
        ("GX-A102获批。[1]", "code", "unsupported"),
        ("项目称为“云桥计划”。[1]", "name", "supported"),
        ("项目称为“云梯计划”。[1]", "name", "unsupported"),
        ("第六届董事会批准。[1]", "count", "supported"),
        ("第七届董事会批准。[1]", "count", "unsupported"),
        ("公司有三家客户。[1]", "count", "supported"),
        ("公司有4家客户。[1]", "count", "unsupported"),
    ],
)
def test_names_dates_codes_and_counts_are_checked(statement: str, kind: str, verdict: str) -> None:
    source = (
        "董事长为沈砚溪。公司于2024年3月5日设立全资子公司渚宁云测科技有限公司。公司第六届董事会批准了"
        "“云桥计划”,产品GX-A101获批,现有3家客户。"
    )
    checks = check_answer(statement, [EvidenceSpan(1, source)])
    assert verdict in [check.verdict for check in checks if check.kind == kind]


def test_a_figure_of_a_rows_own_name_is_no_claim_of_its_own() -> None:
    source = (
        "单位:万元\n账龄 | 2024年末 | 2023年末\n1年以内 | 500.10 | 400.20\n1-2年 | 30.40 | 20.50"
    )
    assert not reasons("2024年末账龄1-2年的应收账款为30.40万元。[1]", source)
    assert reasons("2024年末账龄1-2年的应收账款为500.10万元。[1]", source) == {"subject"}


def test_glued_rows_are_read_by_the_order_of_their_header() -> None:
    source = "项目2024年2023年2022年\n营业收入31207.8819759.5717000.10"
    assert not reasons("2023年营业收入为19,759.57万元。[1]", source)
    assert reasons("2022年营业收入为19,759.57万元。[1]", source) == {"period"}


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("Net sales were $812.4 million in fiscal 2024. [1]", ""),
        ("Net sales were $812.4 billion in fiscal 2024. [1]", "not stated"),
        ("Net sales were $784.9 million in fiscal 2024. [1]", "period"),
        ("Capital expenditures were $74.9 million in fiscal 2024. [1]", ""),
        ("Net income was $74.9 million in fiscal 2024. [1]", "subject"),
        ("Net sales grew 3.5% in fiscal 2024. [1]", ""),
        ("Net sales declined 3.5% in fiscal 2024. [1]", "not stated"),
        ("Earnings per share were $2.47 in fiscal 2024. [1]", ""),
    ],
)
def test_english_tables_in_millions_are_read(statement: str, reason: str) -> None:
    source = (
        "(in millions, except per share amounts)\n | 2024 | 2023\nNet sales | $ 812.4 | $ 784.9\n"
        "Net income | 51.2 | 47.8\nCapital expenditures | (74.9) | (68.2)\nEarnings per share | $ 2.47 | $ 2.86"
    )
    assert reasons(statement, source) == ({reason} if reason else set())


def test_markers_are_read_as_lists_and_ranges() -> None:
    assert cited_numbers("甲[1][3],乙[2, 5],丙[7-9]。") == [1, 3, 2, 5, 7, 8, 9]


def test_findings_point_at_the_claim_and_its_statement() -> None:
    text = "2024年营业收入为31,207.88万元。[1]2024年营业成本为9.99万元。[1]"
    wrong = [f for f in examine_answer(text, [EvidenceSpan(1, TABLE)]) if f.reason]
    assert [text[f.start : f.end] for f in wrong] == ["9.99万元"]
    assert text[slice(*wrong[0].statement)] == "2024年营业成本为9.99万元。[1]"
    assert isinstance(wrong[0], Finding)


def test_an_answer_without_figures_has_no_checks() -> None:
    assert check_answer("文件没有说明原因。", [EvidenceSpan(1, TABLE)]) == ()
    assert check_answer("", []) == ()


def test_without_evidence_nothing_is_supported() -> None:
    assert [check.verdict for check in check_answer("2024年收入5亿元。", [])] == ["unsupported"] * 2


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("商誉来自甲药物、乙生物、丙泛科和丁生物四家。[1]", "computed"),
        ("商誉来自甲药物、乙生物、丙泛科和丁生物五家。[1]", "unsupported"),
    ],
)
def test_a_count_of_what_was_just_listed_is_counted(statement: str, verdict: str) -> None:
    source = "商誉由收购甲药物、乙生物、丙泛科、丁生物形成。"
    counts = [c for c in check_answer(statement, [EvidenceSpan(1, source)]) if c.kind == "count"]
    assert [check.verdict for check in counts] == [verdict]


def test_a_figure_said_again_in_another_unit_is_the_same_figure() -> None:
    source = "单位:万元\n项目 | 金额\n拟使用募集资金 | 34,500.00"
    assert not reasons("拟使用募集资金34,500.00万元,即3.45亿元。[1]", source)
    assert reasons("拟使用募集资金34,500.00万元,即3.46亿元。[1]", source) == {"not stated"}


def test_what_was_computed_may_be_built_upon() -> None:
    text = "营业收入合计31,207.88+19,759.57=50,967.45万元,即5.10亿元,比营业成本20,114.02万元多30,853.43万元。[1]"
    found = check_answer(text, [EvidenceSpan(1, TABLE, HEAD + TABLE)])
    assert [check.verdict for check in found].count("computed") == 3
    assert "unsupported" not in [check.verdict for check in found]


def test_an_english_answer_over_a_chinese_source_is_checked_by_its_figures() -> None:
    assert not reasons("Revenue was RMB 312.08 million in 2024. [1]", TABLE, HEAD + TABLE)
    assert reasons("Revenue was RMB 312.09 million in 2024. [1]", TABLE, HEAD + TABLE) == {
        "not stated"
    }
    assert reasons("Revenue was RMB 312.08 million in 2023. [1]", TABLE, HEAD + TABLE) == {"period"}


def test_a_unit_line_of_several_units_leaves_the_cells_open() -> None:
    source = "单位:万元、个、万元/个\n类别 | 金额 | 种类数\n新增 | 15,116.08 | 21,778.00"
    assert not reasons("新增21,778个品类。[1]", source)
    assert reasons("新增21,779个品类。[1]", source) == {"not stated"}


def test_two_header_rows_and_group_rows_are_read() -> None:
    source = (
        "单位:万元\n项目 | 2024年 | 2024年 | 2023年\n | 金额 | 占比(%) | 金额\n流动资产:\n货币资金 | 500.10 | 12.50 | 400.20\n"
        "非流动资产:\n固定资产 | 900.40 | 22.50 | 800.30"
    )
    assert not reasons("2024年固定资产为900.40万元,占22.50%。[1]", source)
    assert reasons("2023年固定资产为900.40万元。[1]", source) == {"period"}
    assert reasons("2024年货币资金为900.40万元。[1]", source) == {"subject"}


PIECES = [
    "营业收入", "2024年", "2023年", "31,207.88", "万元", "500万台", "80,659.67 万元", "合计", "增长", "57.94%", "分别为", "、", "和",
    ",", "。", "[1]", "|", "\n", "=", "÷", "(", ")", "-", "0", "0.00", "1.5亿", "三家", "公司", "较", "由", "至", "差", "平均", "每", "$",
    "million", "in 2024", "第六届", "GX-A101", "“", "”", "单位:万元\n", "百分点", "倍",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=24).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
)
@settings(max_examples=300, deadline=None)
def test_any_answer_over_any_evidence_is_checked_without_failing(
    answer: str, source: str, question: str
) -> None:
    for finding in examine_answer(answer, [EvidenceSpan(1, source, source)], question=question):
        assert 0 <= finding.start < finding.end <= len(answer)
        assert (finding.check.verdict == "unsupported") == bool(finding.reason)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join))
@settings(max_examples=150, deadline=None)
def test_nothing_is_supported_by_empty_evidence(answer: str) -> None:
    assert "supported" not in [c.verdict for c in check_answer(answer, [EvidenceSpan(1, "", "")])]


def test_a_bare_list_answers_the_questions_periods_in_their_order() -> None:
    question = "2022年到2024年的研发费用各是多少?"
    assert not reasons(
        "1,100.20万元、1,350.40万元、1,871.35万元。[1]", PROSE, HEAD + PROSE, question
    )
    swapped = "1,350.40万元、1,100.20万元、1,871.35万元。[1]"
    assert reasons(swapped, PROSE, HEAD + PROSE, question) == {"period"}
