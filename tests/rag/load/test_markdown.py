"""Markdown: headings, tables, words without their marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import EmptyDocument
from rag.load.markdown import load_markdown, plain
from rag.types import Heading, Paragraph, Table

TEXT = """---
title: "年度摘要"
date: 2024-12-31
---
# 年度报告 **摘要**

主要数据如下：

| 项目 | 2024年 | 2023年 |
|:-----|-------:|-------:|
| 收入 | **1,000** | 900 |
| a\\|b | - | |

第二部分
--------
一段被折行的
文字继续。

- 第一点
- 第二点

<!-- 看不见 -->
<script>alert(1)</script>
```
代码  保留
```
"""


def test_headings_tables_and_paragraphs_come_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    loaded = load_markdown(tmp_path / "a.md")
    assert loaded.hints == {"title": "年度摘要", "date": "2024-12-31"}
    (page,) = loaded.pages
    assert page.label is None
    assert page.blocks == (
        Heading("年度报告摘要", 1),
        Paragraph("主要数据如下："),
        Table(
            caption="主要数据如下：",
            unit="",
            header=(("项目", "2024年", "2023年"),),
            rows=(("收入", "1,000", "900"), ("a|b", "-", "")),
        ),
        Heading("第二部分", 2),
        Paragraph("一段被折行的文字继续。"),
        Paragraph("- 第一点"),
        Paragraph("- 第二点"),
        Paragraph("代码  保留"),
    )


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("**bold** and *italic* and `code`", "bold and italic and code"),
        ("see [the page](https://example.org/a_b) now", "see the page now"),
        ("![chart](a.png) below", "chart below"),
        ("snake_case_name stays", "snake_case_name stays"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("2*3*4", "2*3*4"),
        ("**收入**增长*显著*", "收入增长显著"),
        ("a footnote* alone", "a footnote* alone"),
        ("a &amp; b<br>c <b>d</b>", "a & b c d"),
        (r"\*not bold\*", "*not bold*"),
    ],
)
def test_marks_are_taken_off_and_words_are_not(marked: str, words: str) -> None:
    assert plain(marked) == words


def test_gb18030_loads_and_empty_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("# 标题\n\n公司上半年收入增加。".encode("gb18030"))
    assert load_markdown(path).pages[0].blocks[0] == Heading("标题", 1)
    path.write_text("<!-- nothing -->", encoding="utf-8")
    with pytest.raises(EmptyDocument):
        load_markdown(path)
