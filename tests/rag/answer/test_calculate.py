"""The tool computes over figures that the sources state, in decimals, and over nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.calculate import calculated, calculator
from rag.answer.sources import Shown
from rag.answer.written import Task, verified
from rag.retrieve.query import understand
from tests.rag.answer.sources import FILING, shown

TABLE = """\
主要财务数据
单位:万元
项目 | 2022年 | 2021年
甲产品收入 | 31,207.88 | 19,759.57
净利润 | 19,155.76 | 15,000.10
经营活动现金流量净额 | -24,023.29 | 1,000.00
毛利率 | 35.60% | 36.26%"""
PROSE = "2022年采购金额为5,812.94万元。采购数量为47.50吨。2022年海外收入为1.2亿元。员工共112人。"
ENGLISH = "Revenue was $315.4 million in 2022 and $280.0 million in 2021. Cash was $1.2 billion."
SOURCES: tuple[Shown, ...] = (shown(1, TABLE), shown(2, PROSE), shown(3, ENGLISH))


@pytest.mark.parametrize(
    ("expression", "line"),
    [
        (
            "(31,207.88[1] - 19,759.57[1]) / 19,759.57[1]",
            "(31,207.88 − 19,759.57) ÷ 19,759.57 = 57.94%[1]",
        ),
        (
            "(31207.88 - 19759.57) / 19759.57 * 100",
            "(31207.88 − 19759.57) ÷ 19759.57 = 57.94%[1]",
        ),
        ("\uff0831,207.88[1]−19,759.57[1]\uff09÷19,759.57[1]×100%", "(31,207.88 − 19,759.57) ÷ 19,759.57 = 57.94%[1]"),
        ("31,207.88【1】 - 19,759.57【1】", "31,207.88 − 19,759.57 = 11,448.31万元[1]"),
        ("19,155.76[1] - (-24,023.29[1])", "19,155.76 − (−24,023.29) = 43,179.05万元[1]"),
        ("(31,207.88[1] + 19,759.57[1]) / 2", "(31,207.88 + 19,759.57) ÷ 2 = 25,483.73万元[1]"),
        ("31,207.88[1] + 1.2亿元[2]", "31,207.88万元 + 1.2亿元 = 43,207.88万元[1][2]"),
        ("31,207.88万元[1] * 35.60%[1]", "31,207.88万元 × 35.60% = 11,110.01万元[1]"),
        ("35.60%[1] - 36.26%[1]", "35.60% − 36.26% = −0.66个百分点[1]"),
        ("5,812.94万元[2] / 47.50吨[2]", "5,812.94万元 ÷ 47.50吨 = 122.38万元/吨[2]"),
        ("19,155.76[1] / 112人[2]", "19,155.76万元 ÷ 112人 = 171.03万元/人[1][2]"),
        ("31,207.88[1] - 31,207.88[1]", "31,207.88 − 31,207.88 = 0万元[1]"),
    ],
)  # fmt: skip
def test_what_the_sources_state_is_computed_and_shown(expression: str, line: str) -> None:
    assert calculated(expression, SOURCES) == line


def test_a_ratio_is_written_as_it_is_asked_for() -> None:
    ratio = "31,207.88[1] / 19,759.57[1]"
    assert calculated(ratio, SOURCES, form="times").endswith("= 1.58倍[1]")
    assert calculated(ratio, SOURCES, form="number").endswith("= 1.58[1]")
    assert calculated(ratio, SOURCES, form="times", english=True).endswith("= 1.58x[1]")


def test_english_amounts_keep_their_sign_and_magnitude() -> None:
    line = calculated("$315.4 million[3] - $280.0 million[3]", SOURCES, english=True)
    assert line == "$315.4 million − $280.0 million = $35.4 million[3]"


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("31,208.88[1] - 19,759.57[1]", "does not state 31,208.88"),
        ("31,207.88[9] - 19,759.57[1]", "source [9] does not state 31,207.88"),
        ("77.7 - 19,759.57", "no source states 77.7"),
        ("31,207.88亿元[1] - 19,759.57[1]", "does not state 31,207.88亿元"),
        ("19,155.76[1] - 24,023.29[1]", "write (-24,023.29)"),
        ("19,155.76[1] - (-15,000.10[1])", "without a minus"),
        ("31,207.88[1] + 112人[2]", "unlike units"),
        ("31,207.88[1] + 35.60%[1]", "unlike units"),
        ("31,207.88[1] * 19,759.57[1]", "unlike units"),
        ("31,207.88[1] / (19,155.76[1] - 19,155.76[1])", "divides by zero"),
        ("31,207.88[1]", "at least two figures"),
        ("", "at least two figures"),
        ("100 / 3", "at least two figures"),
        ("sum(31,207.88[1], 19,759.57[1])", "use + - * /"),
        ("31,207.88[1] ** 19,759.57[1]", "no operand"),
        ("(" * 60 + "31,207.88[1] - 19,759.57[1]" + ")" * 60, "too many brackets"),
        ("31,207.88[1] + " * 40 + "19,759.57[1]", "characters"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(expression: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        calculated(expression, SOURCES)


@pytest.mark.parametrize("arguments", [{}, {"expression": 5}, {"expression": " "}])
def test_a_call_without_an_expression_is_told_what_is_missing(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expression is missing"):
        calculator(SOURCES).run(arguments)


@pytest.mark.parametrize(
    ("expression", "form"),
    [
        ("(31,207.88[1] - 19,759.57[1]) / 19,759.57[1]", "percent"),
        ("(19,759.57[1] - 31,207.88[1]) / 31,207.88[1]", "percent"),
        ("19,155.76[1] - (-24,023.29[1])", "number"),
        ("(31,207.88[1] + 19,759.57[1]) / 2", "number"),
        ("31,207.88[1] / 19,759.57[1]", "times"),
        ("35.60%[1] - 36.26%[1]", "number"),
        ("31,207.88[1] + 1.2亿元[2]", "number"),
        ("5,812.94万元[2] / 47.50吨[2]", "number"),
        ("19,155.76[1] / 112人[2]", "number"),
    ],
)
@pytest.mark.parametrize("lead", ["", "结果为"])
def test_a_line_put_into_a_draft_passes_as_computed_with_its_operands_cited(
    expression: str, form: str, lead: str
) -> None:
    line = calculated(expression, SOURCES, form=form)
    query = understand("样例股份的结果是多少?", [FILING])
    found = verified(Task(query, "zh", SOURCES), f"{lead}{line}。")
    assert found.failures == ()
    assert found.draft.checks[-1].verdict == "computed"
    quotes = " ".join(citation.quote for citation in found.draft.citations)
    for operand in ("31,207.88", "19,759.57", "24,023.29", "1.2亿元", "47.50吨", "112人"):
        if operand in line.split("=")[0]:
            assert operand in quotes


@given(st.text(alphabet="0123456789.,+-*/()[]% 万元亿v=", max_size=40))
def test_no_expression_does_worse_than_a_refusal(expression: str) -> None:
    try:
        line = calculated(expression, SOURCES)
    except ValueError:
        return
    assert " = " in line
    assert line.endswith("]")
