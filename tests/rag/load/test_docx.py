"""DOCX: what stands where, Word's own numbers, merged cells."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from rag.errors import EmptyDocument, LoadError
from rag.load.docx import load_docx
from rag.load.docx_lists import chinese, numeral
from rag.types import Block, Heading, Paragraph, Table


def blocks(document: object, folder: Path) -> list[Block]:
    path = folder / "a.docx"
    document.save(str(path))  # type: ignore[attr-defined]
    (page,) = load_docx(path).pages
    assert page.label is None
    return list(page.blocks)


def test_headings_by_style_number_and_bold_type_keep_their_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("管理层讨论与分析", 2)
    document.add_paragraph("第三节 公司业务概要")
    document.add_paragraph().add_run("营业收入变动原因").bold = True
    document.add_paragraph("报告期内公司实现营业收入一亿元。")
    assert blocks(document, tmp_path) == [
        Heading("管理层讨论与分析", 2),
        Heading("第三节 公司业务概要", 1),
        Heading("营业收入变动原因", 7),
        Paragraph("报告期内公司实现营业收入一亿元。"),
    ]


def test_merged_cells_are_filled_and_the_unit_is_found(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("主要财务数据如下：")
    document.add_paragraph("单位：万元")
    rows = [
        ["项目", "2024年", "", "2023年", ""],
        ["", "金额", "比例", "金额", "比例"],
        ["营业收入", "1,000.00", "100%", "900.00", "100%"],
        ["其中：主营", "800.00", "80%", "700.00", "78%"],
    ]
    table = document.add_table(len(rows), 5)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    for a, b in (((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (0, 4))):
        table.cell(*a).merge(table.cell(*b))
    found = blocks(document, tmp_path)
    assert found[1] == Table(
        caption="主要财务数据如下：",
        unit="万元",
        header=(
            ("项目", "2024年", "2024年", "2023年", "2023年"),
            ("项目", "金额", "比例", "金额", "比例"),
        ),
        rows=(tuple(rows[2]), tuple(rows[3])),
    )
    assert len(found) == 2


def test_numbers_that_word_counts_are_part_of_the_text(tmp_path: Path) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
        "</w:abstractNum>"
    )
    numbering.insert(0, abstract)
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="78"><w:abstractNumId w:val="77"/></w:num>')
    )
    for depth, text in (
        (0, "公司概况"),
        (1, "基本信息"),
        (1, "历史沿革"),
        (0, "财务状况"),
        (1, "资产"),
    ):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="78"/></w:numPr>'
            )
        )
    found = blocks(document, tmp_path)
    assert [block.text for block in found if not isinstance(block, Table)] == [
        "一、公司概况",
        "一.1 基本信息",
        "一.2 历史沿革",
        "二、财务状况",
        "二.1 资产",
    ]


def test_deleted_and_hidden_text_is_left_out_and_inserted_text_kept(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("保留")
    run = paragraph.add_run("隐藏")
    run.font.hidden = True
    for tag, text, inner in (("w:ins", "插入", "w:t"), ("w:del", "删除", "w:delText")):
        paragraph._p.append(
            parse_xml(
                f'<{tag} {nsdecls("w")} w:id="1"><w:r><{inner}>{text}</{inner}></w:r></{tag}>'
            )
        )
    assert blocks(document, tmp_path) == [Paragraph("保留插入")]


def test_header_rows_marked_in_word_are_the_header(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 2)
    for i, row in enumerate((("董事姓名", "任职期间的全部情况说明"), ("甲", "乙"), ("丙", "丁"))):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {}))
    (found,) = blocks(document, tmp_path)
    assert isinstance(found, Table)
    assert found.header == (("董事姓名", "任职期间的全部情况说明"),)


def test_a_table_of_one_column_is_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "提示：本页为框中的说明文字。"
    assert blocks(document, tmp_path) == [Paragraph("提示：本页为框中的说明文字。")]


def test_hints_come_from_the_files_own_properties(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("内容")
    document.core_properties.title = "年度报告"
    document.save(str(tmp_path / "a.docx"))
    assert load_docx(tmp_path / "a.docx").hints["title"] == "年度报告"


def test_empty_and_foreign_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    docx.Document().save(str(path))
    with pytest.raises(EmptyDocument):
        load_docx(path)
    path.write_bytes(b"not a zip at all")
    with pytest.raises(LoadError, match="damaged"):
        load_docx(path)


def test_numerals_are_written_as_word_writes_them() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 21, 101, 110, 1005)] == [
        "一", "十", "十一", "二十", "二十一", "一百零一", "一百一十", "一千零五",
    ]  # fmt: skip
    assert numeral(4, "upperRoman") == "IV"
    assert numeral(28, "lowerLetter") == "bb"
    assert numeral(3, "decimalEnclosedCircle") == "③"
