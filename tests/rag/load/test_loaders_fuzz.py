"""No mutation of a file makes a loader crash, hang or eat memory: it loads, or says why not."""

from __future__ import annotations

import io
import re
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from rag.errors import FilingsError
from rag.load.base import Loaded
from rag.load.csv import load_csv
from rag.load.docx import load_docx
from rag.load.html import load_html
from rag.load.markdown import load_markdown
from rag.load.pdf import load_pdf, locate
from rag.load.text import load_text
from rag.load.xlsx import load_xlsx

LONGEST_SECONDS = 20
MOST_BYTES = 2 << 30
QUICK, MANY = 15, 2000
"""Files of each format in the usual run, and of all formats together in the long one."""

Mutation = tuple[str, float, float, bytes]
MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["set", "insert", "delete", "repeat", "cut", "swap"]),
        st.floats(0, 1),
        st.floats(0, 1),
        st.one_of(
            st.binary(min_size=1, max_size=12),
            st.sampled_from(
                [b"<", b"]]>", b"\0", b"\xff\xfe", b"9" * 12, b"-1", b"/Rotate 90", b"endobj", b"<w:tbl>",
                 b"</table>", b"<td colspan=999999999>", b'r="ZZZ99999"', b"&#x0;", b"|", b'"', b"```", b"<!--"]
            ),
        ),
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip


def mutated(data: bytes, mutations: list[Mutation]) -> bytes:
    for kind, at, to, piece in mutations:
        start = int(at * len(data))
        end = min(len(data), start + 1 + int(to * 200))
        if kind == "set":
            data = data[:start] + piece + data[start + len(piece) :]
        elif kind == "insert":
            data = data[:start] + piece + data[start:]
        elif kind == "delete":
            data = data[:start] + data[end:]
        elif kind == "repeat":
            data = data[:end] + data[start:end] * 20 + data[end:]
        elif kind == "cut":
            data = data[: max(start, 1)] if at > 0.5 else data
        else:
            data = data[:start] + data[end:] + data[start:end]
    return data


@cache
def pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=0)
    for number in range(3):
        canvas.drawString(72, 800, "Annual report")
        for line in range(4):
            canvas.drawString(
                72, 700 - 20 * line, f"Revenue of segment {line} was {line},000.00 in 2024."
            )
        for y in (500, 480, 460):
            canvas.line(72, y, 400, y)
        for x in (72, 200, 400):
            canvas.line(x, 500, x, 460)
        canvas.drawString(80, 485, "Item")
        canvas.drawString(210, 485, "1,234.56")
        canvas.drawString(280, 30, str(number + 1))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@cache
def word() -> bytes:
    document = docx.Document()
    document.add_heading("第一节 概况", 1)
    document.add_paragraph("报告期内收入如下：", style="List Number")
    table = document.add_table(3, 3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row},{column}00.00"
    table.cell(0, 0).merge(table.cell(1, 0))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@cache
def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["项目", "2024年", "2023年"], ["收入", 1.5, 2], ["合计", "=B2", 0.25]):
        book.active.append(row)
    book.active.merge_cells("A5:C5")
    book.active["C3"].number_format = "0.00%"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


HTML = (
    "<html><head><meta charset=utf-8><style>.a{display:none}</style></head><body><h1>公告</h1>"
    "<p><b>一、情况</b></p><table><tr><th rowspan=2>项目</th><th colspan=2>2024年</th></tr>"
    "<tr><th>金额</th><th>比例</th></tr><tr><td>收入</td><td>$</td><td>1,000</td></tr></table>"
    "<pre>a  1\nb  2\n</pre><div class=a>x</div></body></html>"
).encode()
MARKDOWN = "---\ntitle: a\n---\n# 报告\n\n| a | b |\n|---|---|\n| 1 | **2** |\n\n- x [y](z)\n\n```\nc\n```\n".encode()
TEXT = (
    "目录\n一、经营情况 ........ 1\n二、财务 ........ 2\n第1页\n第一节 经营\n一、经营情况\n    报告期内收入如下:\n"
    "                    单位:万元\n  项目        2024年      2023年\n\n  收入      1,000.00      900.00\n\n  合计      1,000.00      900.00\n"
    "第2页\n单位:万元项目2024年度2023年度\n原材料1211.98163.20\n合计1811.98183.20\n如上表所示。\n第3页\n"
    "项目 | 2024年 | 2023年 |\n成本 | 8.00 | 7.00 |\n合计 | 8.00 | |\n(in millions)\n  Sales   $ 1.0   $ 2.0\n  Cost   3.0   4.0\n"
).encode()
CSV = '利润表\n项目,2024年,2023年\n收入,"1,000",900\n'.encode()


def packed(archive: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with its main parts changed, packed again so that its checksums hold."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            hit = name.endswith(
                ("document.xml", "styles.xml", "numbering.xml", "sheet1.xml", "workbook.xml")
            )
            new.writestr(name, change(data) if hit else data)
    return buffer.getvalue()


def inside(archive: bytes, mutations: list[Mutation]) -> bytes:
    """An archive whose main parts are mutated byte by byte."""
    return packed(archive, lambda data: mutated(data, mutations))


VALUES = re.compile(r'(?<==")[^"]*(?=")|(?<=>)[^<]+(?=<)')


def gentle(archive: bytes, mutations: list[Mutation]) -> bytes:
    """An archive whose parts stay well-formed, with other values and texts in them."""

    def other(xml: str) -> str:
        for _, at, to, piece in mutations:
            spans = [m.span() for m in VALUES.finditer(xml)]
            start, end = spans[int(at * (len(spans) - 1))]
            said = re.sub(r'[<>&"\x00-\x1f\x7f-\xff]', "", piece.decode("latin-1"))
            xml = xml[:start] + (said if to < 0.5 else xml[start:end] + said) + xml[end:]
        return xml

    return packed(archive, lambda data: other(data.decode()).encode())


def readable(data: bytes) -> bytes:
    """Without the bytes that make it no text at all, so that the loader reads on."""
    return data.decode("utf-8", "ignore").replace("\0", "").encode()


Maker = Callable[[list[Mutation]], bytes]
FORMATS: dict[str, tuple[Callable[[Path], Loaded], list[Maker]]] = {
    "pdf": (load_pdf, [lambda m: mutated(pdf(), m)]),
    "docx": (
        load_docx,
        [lambda m: mutated(word(), m), lambda m: inside(word(), m), lambda m: gentle(word(), m)],
    ),
    "xlsx": (
        load_xlsx,
        [
            lambda m: mutated(workbook(), m),
            lambda m: inside(workbook(), m),
            lambda m: gentle(workbook(), m),
        ],
    ),
    "html": (load_html, [lambda m: mutated(HTML, m), lambda m: readable(mutated(HTML, m))]),
    "md": (
        load_markdown,
        [lambda m: mutated(MARKDOWN, m), lambda m: readable(mutated(MARKDOWN, m))],
    ),
    "csv": (load_csv, [lambda m: mutated(CSV, m), lambda m: readable(mutated(CSV, m))]),
    "txt": (load_text, [lambda m: mutated(TEXT, m), lambda m: readable(mutated(TEXT * 12, m))]),
}


def check(suffix: str, data: bytes, folder: Path) -> bool:
    """Load a file within the limits; whether it was refused."""
    path = folder / f"a.{suffix}"
    path.write_bytes(data)
    load, _ = FORMATS[suffix]
    started = time.monotonic()
    refusal = None
    try:
        loaded = load(path)
        assert any(page.blocks for page in loaded.pages) or suffix == "txt"
        if suffix == "pdf":
            locate(path, 0, "Revenue of segment 2")
    except FilingsError as error:
        refusal = str(error)
    assert refusal is None or (str(path) in refusal and "\n" not in refusal)
    assert time.monotonic() - started < LONGEST_SECONDS
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 < MOST_BYTES
    return refusal is not None


def fuzz(suffix: str, examples: int, folder: Path) -> tuple[int, int]:
    """Load so many mutated files of a format; returns (how many there were, how many refused)."""
    makers = FORMATS[suffix][1]
    refused: list[bool] = []

    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(mutations=MUTATIONS, which=st.integers(0, 5))
    def run(mutations: list[Mutation], which: int) -> None:
        refused.append(check(suffix, makers[which % len(makers)](mutations), folder))

    run()
    return len(refused), sum(refused)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_few_mutated_files_load_or_are_refused_in_words(suffix: str, tmp_path: Path) -> None:
    fuzz(suffix, QUICK, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_thousand_mutated_files_load_or_are_refused_in_words(tmp_path: Path) -> None:
    share = -(-MANY // len(FORMATS))
    counts = {suffix: fuzz(suffix, share, tmp_path) for suffix in FORMATS}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nfiles and refusals by format: {counts}; peak memory {peak} MB")
    assert sum(files for files, _ in counts.values()) >= MANY
