"""Files built to harm the reader are refused before any library opens them."""

from __future__ import annotations

import contextlib
import io
import re
import stat
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from rag.errors import LoadError, UnsafeDocument
from rag.load import safety
from rag.load.base import Loaded
from rag.load.csv import load_csv
from rag.load.docx import load_docx
from rag.load.html import load_html
from rag.load.markdown import load_markdown
from rag.load.xlsx import load_xlsx

EVERYTHING = re.compile("")


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def document(folder: Path, extra: dict[str, bytes], *, drop: str = "") -> Path:
    """A real DOCX with members added or replaced."""
    buffer = io.BytesIO()
    word = docx.Document()
    word.add_paragraph("正文")
    word.save(buffer)
    with zipfile.ZipFile(buffer) as file:
        members = {name: file.read(name) for name in file.namelist() if name != drop}
    return archive(folder / "a.docx", members | extra)


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = document(tmp_path, {"word/media/a.xml": b"\0" * (90 << 20)})
    with pytest.raises(UnsafeDocument, match="zip bomb"):
        load_docx(path)


def test_many_members_that_unpack_to_too_much_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "MOST_UNPACKED", 1 << 20)
    noise = zlib.compress(b"x" * 100) * 10_000
    path = archive(tmp_path / "a.docx", {f"a{n}.bin": noise for n in range(10)})
    with pytest.raises(UnsafeDocument, match="unpacks"):
        safety.read_members(path, EVERYTHING)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
    ],
)
def test_xml_entities_and_document_types_are_refused(
    tmp_path: Path, prolog: str, encoding: str
) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?>{prolog}<a>&c;</a>'.encode(encoding)
    with pytest.raises(UnsafeDocument, match="document type or entities"):
        load_docx(document(tmp_path, {"word/document.xml": body}))


@pytest.mark.parametrize(
    "name", ["../../evil.xml", "/etc/cron.d/x", "a/../../b", "..\\..\\b", "C:\\x"]
)
def test_path_tricks_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafeDocument, match="do not open it"):
        load_docx(document(tmp_path, {name: b"x"}))


def test_links_inside_an_archive_are_refused(tmp_path: Path) -> None:
    path = document(tmp_path, {})
    with zipfile.ZipFile(path, "a") as file:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    with pytest.raises(UnsafeDocument, match="link"):
        load_docx(path)


@pytest.mark.parametrize("load", [load_docx, load_xlsx])
@pytest.mark.parametrize(
    "extra",
    [
        {"word/vbaProject.bin": b"x"},
        {"xl/macrosheets/sheet1.xml": b"<a/>"},
        {
            "[Content_Types].xml": b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
        },
    ],
)
def test_macros_are_refused(
    tmp_path: Path, load: Callable[[Path], Loaded], extra: dict[str, bytes]
) -> None:
    with pytest.raises(UnsafeDocument, match="macros"):
        load(document(tmp_path, extra))


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.docx", {"word/document.xml": b"<a>" + b"x" * 3_000_000 + b"</a>"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.index(mark) + offset
        data[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    with pytest.raises(LoadError):
        safety.read_members(path, EVERYTHING)


def test_encrypted_archives_say_so(tmp_path: Path) -> None:
    path = document(tmp_path, {})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(LoadError, match="encrypted"):
        load_docx(path)


def test_a_workbook_with_too_many_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.load.xlsx.MOST_CELLS", 50)
    workbook = openpyxl.Workbook()
    for _ in range(20):
        workbook.active.append([1, 2, 3])
    workbook.save(tmp_path / "a.xlsx")
    with pytest.raises(LoadError, match="cells"):
        load_xlsx(tmp_path / "a.xlsx")


def test_sizes_folders_and_missing_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_bytes(b"1234567890")
    with pytest.raises(UnsafeDocument, match=r"big\.csv: is 10 bytes, more than 5"):
        safety.check_size(tmp_path / "big.csv", most=5)
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(LoadError, match="not a file"):
            safety.check_size(path, most=5)


def test_tables_that_span_millions_of_cells_are_refused(tmp_path: Path) -> None:
    html = tmp_path / "a.html"
    html.write_text("<table>" + "<tr><td colspan=999>a<td>b" * 8000 + "</table>", encoding="utf-8")
    far = openpyxl.Workbook()
    for number in range(1, 900):
        far.active.cell(number, number, "x")
    for number in range(900, 9000):
        far.active.cell(number, 1, "y")
    far.save(tmp_path / "a.xlsx")
    for load, path in ((load_html, html), (load_xlsx, tmp_path / "a.xlsx")):
        with pytest.raises(UnsafeDocument, match="cells"):
            load(path)


@pytest.mark.parametrize(
    ("load", "text"),
    [
        (load_markdown, "*a " * 30_000),
        (load_markdown, "<!--" * 100_000 + "x"),
        (load_markdown, "[a](" * 30_000),
        (load_html, "<style>" + ".a," * 100_000 + "</style><p>x"),
        (load_html, "<table>" + "<td>" * 30_000),
        (load_html, "<!--" * 100_000),
        (load_csv, '"a' * 100_000),
    ],
)
def test_endless_marks_take_no_endless_time(
    tmp_path: Path, load: Callable[[Path], Loaded], text: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    started = time.process_time()
    with contextlib.suppress(LoadError):
        load(path)
    assert time.process_time() - started < 10
