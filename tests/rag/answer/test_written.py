"""A draft's statements: their sources, their quotes, what is computed from them, what is joined."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.checked import findings_of, without_hundred
from rag.answer.draft import Draft
from rag.answer.parts import parts_of
from rag.answer.written import Task, completed, joined, lines_of, verified
from rag.retrieve.query import understand
from rag.types import Check, Citation
from rag.verify.check import EvidenceSpan
from tests.rag.answer.sources import FILING, shown

FIRST = "车间明细\n单位:万元\n名称 | 面积(㎡) | 金额\n一车间 | 4,464.00 | 982.00\n二车间 | 448.00 | 89.60"
SECOND = "2022年甲产品收入为31,207.88万元。2021年甲产品收入为19,759.57万元。2022年出口12.30%。"
SOURCES = (
    shown(1, "公司新建一车间和二车间,总投资4,320.00万元。"),
    shown(2, FIRST),
    shown(3, SECOND),
)


def task(question: str) -> Task:
    query = understand(question, [FILING])
    return Task(query, query.language, SOURCES, parts_of(query))


def no_filler(_: object) -> None:
    return None


def test_the_right_row_with_the_wrong_number_is_cited_to_its_own_source() -> None:
    found = verified(
        task("一车间的面积和金额各是多少?"), "一车间面积4,464.00平方米,金额982.00万元[1]。"
    )
    assert found.failures == ()
    assert [c.passage_id for c in found.draft.citations] == ["p2"]
    assert "982.00" in found.draft.citations[0].quote


def test_figures_of_several_sources_under_one_wrong_number_are_each_cited_to_their_own() -> None:
    draft = "一车间金额982.00万元,2022年甲产品收入31,207.88万元[1]。"
    found = verified(task("一车间金额和甲产品收入各是多少?"), draft)
    assert found.failures == ()
    assert {c.passage_id for c in found.draft.citations} == {"p2", "p3"}


def test_a_figure_is_not_moved_to_a_source_that_states_it_of_something_else() -> None:
    found = verified(task("净利润是多少?"), "2022年净利润为982.00万元[3]。")
    assert found.draft.text == ""


@pytest.mark.parametrize(
    ("draft", "left"),
    [
        ("一车间金额982.00万元,二车间金额77.70万元[2]。", "一车间金额982.00万元[1]。"),
        ("一车间金额982.00万元(完工率90%)[2]。", "一车间金额982.00万元[1]。"),
        ("一车间金额77.70万元,二车间金额89.60万元[2]。", ""),
        ("金额77.70万元[2]。", ""),
    ],
)
def test_of_a_statement_the_clauses_before_a_wrong_figure_stay(draft: str, left: str) -> None:
    found = verified(task("一车间和二车间的金额各是多少?"), draft)
    assert found.draft.text == left
    assert found.failures, "it is sent back all the same"


def test_a_number_that_no_source_states_is_not_moved_to_another_source() -> None:
    found = verified(task("一车间的金额是多少?"), "一车间金额983.00万元[1]。")
    assert found.draft.text == ""
    assert found.failures


def test_figures_of_one_statement_are_each_quoted_where_they_stand() -> None:
    found = verified(task("甲产品收入?"), "2022年为31,207.88万元,2022年出口12.30%[3]。")
    quotes = [citation.quote for citation in found.draft.citations]
    assert any("31,207.88" in quote for quote in quotes)
    assert any("12.30%" in quote for quote in quotes)


GROWTH = "甲产品收入2022年比2021年增长百分之几?"
BOTH = "2022年甲产品收入为31,207.88万元,2021年甲产品收入为19,759.57万元[3]。"


@pytest.mark.parametrize(
    ("question", "draft", "line"),
    [
        (GROWTH, BOTH, "(31,207.88 − 19,759.57) ÷ 19,759.57 = 57.94%"),
        ("甲产品收入2022年比2021年多多少?", BOTH, "31,207.88 − 19,759.57 = 11,448.31"),
        ("甲产品收入2022年是2021年的几倍?", BOTH, "31,207.88 ÷ 19,759.57 = 1.58倍"),
        ("甲产品2021年和2022年的收入加起来是多少?", BOTH, "31,207.88 + 19,759.57 = 50,967.45"),
        ("甲产品2021年和2022年的收入平均是多少?", BOTH, "(31,207.88 + 19,759.57) ÷ 2 = 25,483.73"),
    ],
)
def test_a_result_is_computed_from_the_figures_of_the_draft(
    question: str, draft: str, line: str
) -> None:
    asked = task(question)
    done = completed(asked, verified(asked, draft), no_filler)
    assert line in done.text
    last = done.checks[-1]
    assert last.verdict == "computed"
    assert set(last.operands) <= {citation.n for citation in done.citations}
    assert done.status == "answered"


@pytest.mark.parametrize(
    ("question", "draft"),
    [
        (GROWTH, "2022年甲产品收入为31,207.88万元[3]。"),
        (GROWTH, "2022年甲产品收入为31,207.88万元,总投资4,320.00万元[3][1]。"),
        ("甲产品收入占总投资的比例是多少?", BOTH + "总投资4,320.00万元[1]。"),
    ],
)
def test_nothing_is_computed_where_the_draft_does_not_decide_the_operands(
    question: str, draft: str
) -> None:
    asked = task(question)
    done = completed(asked, verified(asked, draft), no_filler)
    assert "=" not in done.text


def test_a_filler_is_joined_with_its_own_numbers_and_the_same_place_keeps_its_number() -> None:
    def cited(n: int, start: int) -> Citation:
        return Citation(n, "p", "f", "t", "s", None, (), "q", start, start + 1)

    one = Draft("甲[1]乙[2]", "answered", (cited(1, 0), cited(2, 5)))
    check = Check("amount", "丙", "supported", 2)
    other = Draft("丙[1][2]", "answered", (cited(1, 9), cited(2, 5)), (check,))
    both = joined(one, other, note="added")
    assert both.text == "甲[1]乙[2]\n丙[3][2]"
    assert [c.n for c in both.citations] == [1, 2, 3]
    assert both.checks[0].citation == 2
    assert both.notes == ("added",)


def test_lines_of_an_answer_with_a_figure_in_doubt_fill_nothing() -> None:
    citation = Citation(1, "p", "f", "t", "s", None, (), "q", 0, 1)
    doubtful = Check("amount", "5", "unsupported")
    assert len(list(lines_of(Draft("甲5[1]\n乙", "answered", (citation,))))) == 1
    assert list(lines_of(Draft("甲5[1]", "answered", (citation,), (doubtful,)))) == []


EVIDENCE = (EvidenceSpan(1, SECOND, SECOND),)


@pytest.mark.parametrize(
    ("draft", "sound"),
    [
        ("增长率为(31,207.88 - 19,759.57) / 19,759.57 = 57.94%[1]。", True),
        ("平均收入为(31,207.88+19,759.57)/2=25,483.73万元[1]。", True),
        ("平均收入为(31,207.88+19,759.57)/2=25,483.83万元[1]。", False),
        ("平均收入为(31,207.88+19,759.57)/3=25,483.73万元[1]。", False),
        ("出口为31,207.88 × 12.30% = 3,838.57万元[1]。", True),
        ("出口为31,207.88 × 13.30% = 4,150.65万元[1]。", False),
        ("合计12+13=25[1]。", False),
    ],
)
def test_a_calculation_holds_by_its_operands_and_its_value(draft: str, sound: bool) -> None:
    found = findings_of(draft, EVIDENCE, "")
    assert all(f.check.verdict != "unsupported" for f in found) is sound
    for finding in found:
        assert draft[finding.start : finding.end] == finding.check.claim


def test_times_one_hundred_percent_adds_nothing() -> None:
    assert without_hundred("(5-4)/4×100%=25%") == "(5-4)/4=25%"
    assert without_hundred("持股100%。") == "持股100%。"


COLUMNS = """\
利润表
单位:万元
项目 | 2023年1-3月 | 2022年 | 2021年
信用减值 | 275.10 | 1,225.20 | 447.30
资产减值 | 1,875.40 | 4,337.50 | 2,908.60"""


@pytest.mark.parametrize(
    ("draft", "sound"),
    [
        ("信用减值为1,225.20万元,资产减值为4,337.50万元[1]。", True),
        ("信用减值为275.10万元,资产减值为1,875.40万元[1]。", False),
        ("信用减值为1,225.20万元,资产减值为2,908.60万元[1]。", False),
        ("2023年1-3月信用减值为275.10万元,资产减值为1,875.40万元[1]。", True),
    ],
)
def test_undated_figures_come_from_the_column_of_the_period_that_is_asked(
    draft: str, sound: bool
) -> None:
    found = findings_of(
        draft, (EvidenceSpan(1, COLUMNS, COLUMNS),), "2022年信用减值和资产减值各是多少?"
    )
    assert all(f.check.verdict != "unsupported" for f in found) is sound


@pytest.mark.parametrize(
    ("question", "sound"), [("2022年信用减值是多少?", False), ("信用减值?", True)]
)
def test_a_column_that_nothing_names_is_not_taken_for_the_period_asked(
    question: str, sound: bool
) -> None:
    rows = "净利润 | 406.80 | 155.70\n信用减值 | 275.10 | 1,225.20"
    found = findings_of("信用减值为275.10万元[1]。", (EvidenceSpan(1, rows, rows),), question)
    assert all(f.check.verdict != "unsupported" for f in found) is sound


PIECES = (
    "一车间",
    "金额",
    "982.00万元",
    "977.00万元",
    "31,207.88",
    "19,759.57",
    " ÷ ",
    " − ",
    " = ",
    "57.94%",
)
MARKS = (
    "[1]",
    "[2]",
    "[3]",
    "[99]",
    "。",
    ",",
    "(",
    ")",
    "\n",
    "未提及:利润",
    "×100%",
    "2022年",
    "-",
    " ",
)


@given(st.lists(st.sampled_from(PIECES + MARKS), max_size=14).map("".join))
def test_whatever_is_drafted_only_what_a_source_supports_is_left(draft: str) -> None:
    asked = task("一车间的金额和甲产品收入各是多少?")
    done = completed(asked, verified(asked, draft), no_filler)
    stated = "\n".join(shown.passage.text for shown in SOURCES)
    assert all(check.verdict != "unsupported" for check in done.checks)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", done.text)} <= {c.n for c in done.citations}
    assert all(citation.quote in stated for citation in done.citations)
    assert "977.00" not in done.text
    assert "[99]" not in done.text


def test_words_that_the_cited_source_does_not_have_are_no_answer() -> None:
    found = verified(task("一车间为什么扩建?"), "因为董事会认为海外市场竞争激烈且物流紧张[2]。")
    assert found.draft.text == ""
    assert found.failures, "it is sent back"
    kept = verified(task("公司新建什么?"), "新建了一车间和二车间[1]。")
    assert kept.draft.status == "answered"


@pytest.mark.parametrize(
    ("draft", "sound"),
    [
        ("丙丁戊己庚胶囊2024年销售额为8.30亿元[1]。", False),
        ("辛壬癸子丑片2024年销售额为8.30亿元[1]。", True),
        ("2024年销售额为8.30亿元[1]。", True),
    ],
)
def test_a_name_of_the_question_that_the_evidence_lacks_takes_no_figure_of_another(
    draft: str, sound: bool
) -> None:
    evidence = "辛壬癸子丑片是一种抑制剂,2024年销售额为8.30亿元。"
    question = "丙丁戊己庚胶囊和辛壬癸子丑片2024年卖了多少钱?"
    found = findings_of(draft, (EvidenceSpan(1, evidence, evidence),), question)
    assert all(f.check.verdict != "unsupported" for f in found) is sound


def test_a_glued_cell_of_another_period_is_not_taken_for_the_one_asked() -> None:
    glued = "单位:万元\n项目2025年1-6月2024年度2023年度\n资本化支出2749.164778.184997.26\n"
    spans = (EvidenceSpan(1, glued, glued),)
    wrong = findings_of("资本化支出为2749.16万元[1]。", spans, "2023年资本化支出是多少?")
    assert [f.check.verdict for f in wrong] == ["unsupported"]
    right = findings_of("资本化支出为4997.26万元[1]。", spans, "2023年资本化支出是多少?")
    assert [f.check.verdict for f in right] == ["supported"]
