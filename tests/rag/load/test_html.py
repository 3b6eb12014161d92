"""HTML: only what shows, headings, tables of many shapes, charsets."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import EmptyDocument, LoadError
from rag.load.html import load_html
from rag.types import Block, Heading, Paragraph, Table


def blocks(folder: Path, body: str, *, head: str = "", encoding: str = "utf-8") -> list[Block]:
    path = folder / "a.html"
    path.write_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding))
    (page,) = load_html(path).pages
    assert page.label is None
    return list(page.blocks)


def test_scripts_styles_comments_and_hidden_parts_do_not_show(tmp_path: Path) -> None:
    body = (
        "<script>var a = '不应出现';</script><!-- 注释 --><p class='gone'>隐藏一</p>"
        "<div style='DISPLAY: none'>隐藏二</div><p hidden>隐藏三</p><ix:header>隐藏四</ix:header>"
        "<noscript>隐藏五</noscript><template>隐藏六</template><p>可见<span style='visibility:hidden'>隐藏七</span>文字</p>"
    )
    head = "<style>.gone, .other {color: red; display: none}</style><title>标题</title>"
    assert blocks(tmp_path, body, head=head) == [Paragraph("可见文字")]


def test_headings_by_element_number_and_bold_type(tmp_path: Path) -> None:
    body = (
        "<h2>公司公告</h2><p>一、主要内容</p>"
        "<div><span style='font-weight:700'>Liquidity and Capital Resources</span></div>"
        "<p>公司于本年度<b>顺利</b>完成了各项工作。</p>"
    )
    assert blocks(tmp_path, body) == [
        Heading("公司公告", 2),
        Heading("一、主要内容", 3),
        Heading("Liquidity and Capital Resources", 4),
        Paragraph("公司于本年度顺利完成了各项工作。"),
    ]


def test_spans_are_filled_and_caption_and_unit_found(tmp_path: Path) -> None:
    body = (
        "<p>单位：万元</p><table><caption>主要数据</caption>"
        "<tr><th rowspan=2>项目</th><th colspan=2>2024年</th></tr><tr><th>金额</th><th>比例</th></tr>"
        "<tr><td>收入</td><td>1,000</td><td>100%</td></tr>"
        "<tr style='display:none'><td>隐藏</td><td>1</td><td>2</td></tr>"
        "<tr><td>成本</td><td>600</td><td>60%</td></tr></table>"
    )
    assert blocks(tmp_path, body) == [
        Table(
            caption="主要数据",
            unit="万元",
            header=(("项目", "2024年", "2024年"), ("项目", "金额", "比例")),
            rows=(("收入", "1,000", "100%"), ("成本", "600", "60%")),
        )
    ]


def test_signs_in_columns_of_their_own_join_their_figures(tmp_path: Path) -> None:
    body = (
        "<table><tr><td colspan=3></td><td colspan=3><b>2023</b></td><td></td><td colspan=3><b>2022</b></td></tr>"
        "<tr><td colspan=3>Net sales</td><td>$</td><td>1,419</td><td></td><td></td><td>$</td><td>(35</td><td>)</td></tr>"
        "<tr><td colspan=3>Margin</td><td></td><td>9.5</td><td>%</td><td></td><td></td><td>8.1</td><td>%</td></tr>"
        "<tr><td colspan=3>Other</td><td></td><td>&mdash;</td><td></td><td></td><td></td><td>12</td><td></td></tr></table>"
    )
    (table,) = blocks(tmp_path, body)
    assert isinstance(table, Table)
    assert table.header == (("", "2023", "2022"),)
    assert table.rows == (
        ("Net sales", "$1,419", "$(35)"),
        ("Margin", "9.5%", "8.1%"),
        ("Other", "—", "12"),
    )


def test_tables_that_only_place_text_are_text(tmp_path: Path) -> None:
    body = (
        "<table><tr><td>•</td><td>First point</td></tr><tr><td>•</td><td>Second point</td></tr></table>"
        "<table><tr><td><p>一段文字。</p><table><tr><td>名称</td><td>金额</td></tr><tr><td>甲</td><td>1.00</td></tr></table></td></tr></table>"
    )
    found = blocks(tmp_path, body)
    assert found[:3] == [
        Paragraph("• First point"),
        Paragraph("• Second point"),
        Paragraph("一段文字。"),
    ]
    assert isinstance(found[3], Table)
    assert found[3].rows == (("甲", "1.00"),)


def test_page_numbers_beside_page_breaks_are_left_out(tmp_path: Path) -> None:
    body = (
        "<p>正文在前。</p><p>12</p><hr style='page-break-after:always'><p>正文在后。</p><p>2024</p>"
    )
    assert blocks(tmp_path, body) == [
        Paragraph("正文在前。"),
        Paragraph("正文在后。"),
        Paragraph("2024"),
    ]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("gb18030", "gb2312"),
        ("gb18030", ""),
        ("utf-16", ""),
        ("utf-8", "utf-8"),
        ("utf-8", "gb2312"),
        ("big5", "big5"),
    ],
)
def test_every_usual_charset_loads(tmp_path: Path, encoding: str, declared: str) -> None:
    head = f"<meta charset='{declared}'>" if declared else ""
    assert blocks(tmp_path, "<p>公司上半年收入增加一成</p>", head=head, encoding=encoding) == [
        Paragraph("公司上半年收入增加一成")
    ]


def test_a_page_nested_a_thousand_deep_is_read_and_a_deeper_one_refused(tmp_path: Path) -> None:
    body = "<div>" * 1000 + "深处的文字。" + "</div>" * 1000
    assert blocks(tmp_path, body) == [Paragraph("深处的文字。")]
    with pytest.raises(LoadError, match="too deep"):
        blocks(tmp_path, "<div>" * 5000 + "深处的文字。" + "</div>" * 5000)


def test_plain_text_inside_pre_keeps_its_tables(tmp_path: Path) -> None:
    rows = "\n".join(f"Item {n}          {n},000      {n},500" for n in range(1, 6))
    found = blocks(tmp_path, f"<pre>\n                  2023       2022\n{rows}\n</pre>")
    assert any(isinstance(block, Table) for block in found)


def test_pages_without_text_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyDocument):
        blocks(tmp_path, "<script>1</script>")
    with pytest.raises(LoadError):
        load_html(tmp_path / "none.html")
