from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import EmptyDocument, LoadError, UnsupportedFormat
from rag.load.decode import decode, read_text

TEXT = "澄海样例公司2024年营业收入为1,234.50万元,比上年增长。\n第二行\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_in_any_usual_encoding_reads_the_same(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(TEXT.encode(encoding))
    assert read_text(file) == TEXT


def test_a_binary_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(LoadError, match=r"a\.txt") as raised:
        read_text(file)
    assert isinstance(raised.value, UnsupportedFormat) or "save it as UTF-8" in str(raised.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(" \n\n")
    with pytest.raises(EmptyDocument, match="is empty"):
        read_text(file)


def test_a_missing_file_names_itself(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"none\.txt: cannot be read"):
        read_text(tmp_path / "none.txt")


def test_line_ends_and_hard_spaces_are_normalised() -> None:
    assert decode(b"a\r\nb\rc\xc2\xa0d") == "a\nb\nc d"


def test_broken_utf16_with_a_mark_is_a_stated_error() -> None:
    with pytest.raises(LoadError, match="byte order mark"):
        decode(b"\xff\xfe\x00\xd8\x00")
