from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_inputs import shared

from rag.load.text import load_text, pages_of
from rag.types import Heading, Paragraph, Passage


def texts(text: str, kind: type[Heading] | type[Paragraph]) -> list[str]:
    return [b.text for page in pages_of(text) for b in page.blocks if isinstance(b, kind)]


def test_indented_lines_are_joined_into_paragraphs_without_spaces_between_han_characters() -> None:
    text = (
        "    一、公司情况\n\n"
        "    公司成立于 2003 年,主要从事精密传动部件的研发、生产和销售,产品用于工程机械和\n"
        "风电设备,报告期内主营业务没有发生变化,客户主要分布在华东和华南地区,海外收入\n"
        "占比较低。\n\n"
        "    第二段另起一行,说明公司的组织结构和人员情况以及内部控制的建立和运行情况等内\n"
        "容。\n"
    )
    assert texts(text, Heading) == ["一、公司情况"]
    found = texts(text, Paragraph)
    assert len(found) == 2
    assert "工程机械和风电设备" in found[0]
    assert found[0].endswith("占比较低。")


def test_wrapped_lines_without_indent_are_joined_until_the_sentence_ends() -> None:
    lines = ["公司主要从事精密传动部件的研发、生产和销售,产品用于工程机械和风电设"] * 30
    text = "\n".join(f"{line}\n备{n}。" for n, line in enumerate(lines))
    found = texts(text, Paragraph)
    assert len(found) == 30
    assert found[3].endswith("风电设备3。")


def test_headings_listed_in_the_contents_stand_above_the_others() -> None:
    text = (
        "目录\n3.关于采购 ........ 2\n4.关于销售 ........ 3\n正文从这里开始说明有关情况。\n"
        "3.关于采购\n一、采购情况\n本段说明采购情况。\n4.关于销售\n本段说明销售情况。\n"
    )
    levels = {
        b.text: b.level for page in pages_of(text) for b in page.blocks if isinstance(b, Heading)
    }
    assert levels["3.关于采购"] < levels["一、采购情况"]


def test_placeholders_of_tables_that_an_export_took_out_do_not_show() -> None:
    assert "TABLE" not in "".join(
        texts("第一段说明。\n<|TABLE_0001_0000.xlsx|>\n第二段说明。", Paragraph)
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "单位:万元",
                "项目 | 2024年 |",
                "收入12.00",
                "一、情况",
                "第1页",
                "说明。",
                "",
                "   a   b   1.00",
            ]
        ),
        max_size=30,
    )
)
def test_no_arrangement_of_lines_breaks_the_loader_or_loses_words(lines: list[str]) -> None:
    text = "\n".join(lines)
    shown = str(pages_of(text))
    for word in ("收入12.00", "一、情况"):
        if word in lines:
            assert word in shown


FILINGS = {
    "2023-haoyuan-convertible-bond-inquiry-opinion.txt": ("7-2-1", "7-2-126", 126),
    "2025-cosunter-inquiry-reply-accountant.txt": ("第1页", "第141页", 141),
    "2025-cspc-innovation-restructuring-report.txt": (None, "2-1-514", 515),
}


@pytest.mark.parametrize("name", FILINGS)
def test_real_exports_are_paged_by_their_printed_labels(name: str) -> None:
    pages = load_text(shared("filings", name)).pages
    first, last, count = FILINGS[name]
    assert (pages[0].label, pages[-1].label, len(pages)) == (first, last, count)


def raw_pages(path: Path, label: re.Pattern[str], *, before: bool) -> dict[str, str]:
    """An independent, naive cut of an export at its labels, whose side is given by hand."""
    text = path.read_text(encoding="utf-8")
    marks = list(label.finditer(text))
    found = {}
    for i, mark in enumerate(marks):
        if before:
            end = marks[i + 1].start() if i + 1 < len(marks) else len(text)
            found[mark[1]] = text[mark.end() : end]
        else:
            found[mark[1]] = text[marks[i - 1].end() if i else 0 : mark.start()]
    return found


def tokens(passage: Passage) -> list[re.Match[str]]:
    """Words and figures that stand unbroken in the export: a table's wrapped cells are joined and
    its head may be repeated from the page before, so of a table only the last row's figures."""
    if passage.kind == "table":
        return list(re.finditer(r"\d[\d,]*\.\d+", passage.text[passage.text.rfind("\n") + 1 :]))
    return list(re.finditer(r"[\u4e00-\u9fff]{5,8}|\d[\d,]*\.\d+", passage.text))


SIDES = {
    "2023-haoyuan-convertible-bond-inquiry-opinion.txt": (r"^\s*(7-2-\d{1,3})\s*$", False),
    "2025-cosunter-inquiry-reply-accountant.txt": (r"^(第\d{1,3}页)", False),
    "2025-cspc-innovation-restructuring-report.txt": (r"^(2-1-\d{1,3})\s*$", True),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SIDES)
def test_thirty_quotes_of_each_real_filing_stand_on_the_printed_page(name: str) -> None:
    from rag.chunk import passages_of
    from rag.load.files import load

    path = shared("filings", name)
    pattern, before = SIDES[name]
    truth = raw_pages(path, re.compile(pattern, re.M), before=before)
    passages = [p for p in passages_of(load(path)) if p.pages[0] in truth and len(tokens(p)) > 1]
    chosen = passages[:: len(passages) // 30][:30]
    assert len(chosen) == 30
    for passage in chosen:
        last = passage.text.rfind("\n") + 1 if passage.kind == "table" else 0
        pages = [truth[passage.page_at(last + t.start()) or ""] for t in tokens(passage)]
        whole = [re.sub(r"\s", "", page) for page in pages]
        found = [t[0] in page for t, page in zip(tokens(passage), whole, strict=True)]
        assert sum(found) >= 0.7 * len(found), passage
