"""CSV: separators, charsets, titles above and notes below the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import EmptyDocument, LoadError
from rag.load.csv import load_csv, separator
from rag.types import Heading, Paragraph, Table

TABLE = Table(
    "", "", (("项目", "2024年", "2023年"),), (("收入", "1,000", "900"), ("税, 费", "5", "6"))
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_usual_charset_loads(tmp_path: Path, encoding: str) -> None:
    text = '项目,2024年,2023年\r\n收入,"1,000",900\r\n"税, 费",5,6\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    (page,) = load_csv(tmp_path / "a.csv").pages
    assert page.label is None
    assert page.blocks == (TABLE,)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_separator_is_found(sign: str) -> None:
    text = "\n".join(
        sign.join(row) for row in (("a", "b c", "d"), ("1.5", "2", "3"), ("4", "5", "6"))
    )
    assert separator(text) == sign


def test_title_unit_and_note_are_no_rows(tmp_path: Path) -> None:
    text = "合并利润表\n单位：万元\n项目,2024年,2023年\n收入,10,20\n\n注：以上数据未经审计。\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (page,) = load_csv(tmp_path / "a.csv").pages
    assert page.blocks == (
        Heading("合并利润表", 1),
        Table(
            "合并利润表",
            "万元",
            (("项目", "2024年", "2023年"),),
            (("收入", "10", "20"),),
            scope="合并",
        ),
        Paragraph("注：以上数据未经审计。"),
    )


def test_files_without_values_or_with_a_bomb_of_a_field_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",,\n,,\n", encoding="utf-8")
    with pytest.raises(EmptyDocument):
        load_csv(path)
    path.write_text('a,b\n"' + "x" * 2_000_000 + '",1\n', encoding="utf-8")
    with pytest.raises(LoadError, match="separated values"):
        load_csv(path)
