"""Short forms that a document defines."""

from __future__ import annotations

from rag.load.identity.definitions import short_forms
from rag.load.identity.lines import text_of
from rag.load.identity.names import names_in
from rag.types import Block, Heading, Page, Paragraph, Table


def forms(*blocks: Block) -> dict[str, str]:
    pages = (Page(None, 0, blocks),)
    text = text_of(pages)
    return short_forms(pages, names_in(text), text)


def test_a_glossary_row_defines_each_of_its_short_forms() -> None:
    table = Table(
        "", "", (("公司、甲乙新材", "指", "甲乙材料股份有限公司"),), (("VC", "指", "碳酸亚乙烯酯"),)
    )
    found = forms(table)
    assert found == {
        "公司": "甲乙材料股份有限公司",
        "甲乙新材": "甲乙材料股份有限公司",
        "VC": "碳酸亚乙烯酯",
    }


def test_glued_lines_define_inside_a_glossary_only() -> None:
    line = Paragraph("发行人、甲乙水务指甲乙智能水务股份有限公司")
    assert forms(Heading("第一节 释义", 1), line)["甲乙水务"] == "甲乙智能水务股份有限公司"
    assert forms(Heading("第二节 概览", 1), line) == {}


def test_a_spaced_line_defines_anywhere_but_a_sentence_does_not() -> None:
    assert forms(Paragraph("报告期 指 2022年度、2023年度")) == {"报告期": "2022年度、2023年度"}
    assert forms(Heading("释义", 1), Paragraph("除非文意另有所指，下列简称具有如下含义：")) == {}
    assert forms(Heading("释义", 1), Paragraph("行业指数为一百点")) == {}


def test_a_bracket_defines_all_that_it_quotes() -> None:
    found = forms(
        Paragraph("甲乙生物股份有限公司（以下简称“甲乙生物”“发行人”或“公司”）会同保荐人回复。")
    )
    assert found == dict.fromkeys(("甲乙生物", "发行人", "公司"), "甲乙生物股份有限公司")


def test_what_stands_in_front_of_the_full_name_is_cut() -> None:
    text = "公司为4笔贷款和江东甲乙纸业有限公司(以下简称“甲乙纸业”)的贷款担保。"
    assert forms(Paragraph(text))["甲乙纸业"] == "江东甲乙纸业有限公司"


def test_a_document_and_a_project_can_be_called_short() -> None:
    found = forms(Paragraph("贵所《关于甲乙的审核问询函》（以下简称“问询函”）收悉。"))
    assert found == {"问询函": "《关于甲乙的审核问询函》"}


def test_parties_called_by_their_seat_at_the_table_are_left_out() -> None:
    assert (
        forms(Paragraph("甲乙有限公司（以下简称“甲方”）与丙丁有限公司（以下简称“乙方”）签约。"))
        == {}
    )


def test_english_definitions_name_the_company_but_not_we() -> None:
    text = 'PART I Overview Ordwell Tool, Inc. ("Ordwell", the "Company", "we") makes tools.'
    found = forms(Paragraph(text), Paragraph("Ordwell Tool, Inc. grew. Ordwell Tool, Inc. sells."))
    assert found == {"Ordwell": "Ordwell Tool, Inc.", "Company": "Ordwell Tool, Inc."}
