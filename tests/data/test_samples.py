"""The sample filings agree with themselves, and the questions about them with the filings.

Pages are cut here by the plainest means, sharing no code with the loaders.
"""

from __future__ import annotations

import html
import json
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
FILINGS, HOSTILE = DATA / "filings", DATA / "hostile"
PDF = "2025-lingzhou-port-half-year-report.pdf"
DOCX = "2024-qingheli-raised-funds-report.docx"
XLSX = "2024-daiyu-financial-statements.xlsx"

LABELS = {
    "2024-yunlan-annual-report.txt": (r"第\d+页", "below"),
    "2024-shuoting-annual-report-injected.txt": (r"第\d+页", "below"),
    "2025-qihe-inquiry-reply.txt": (r"8-1-\d+", "below"),
    "2025-murong-prospectus.txt": (r"1-1-\d+", "below"),
    "2024-tallowmere-10k.txt": (r"\d+", "below"),
    "2025-shuochuan-restructuring-report.txt": (r"2-1-\d+", "above"),
}
"""How a text sample prints its page labels, and whether they stand above or below their page."""


def figure(text: str) -> Decimal:
    return Decimal(text.replace(",", "").strip("%"))


def cut(text: str, label: str, where: str) -> dict[str | None, str]:
    """The pages of a text by printed label; what stands before the first label above is a cover."""
    parts = re.split(rf"^[ ]*({label})[ ]*$", text, flags=re.MULTILINE)
    labels, bodies = parts[1::2], parts[::2]
    return dict(zip(labels, bodies[1:] if where == "above" else bodies, strict=False))


def path_of(source: str) -> Path:
    return next(folder / source for folder in (FILINGS, HOSTILE) if (folder / source).exists())


def pages_of(source: str) -> dict[str | None, str]:
    path = path_of(source)
    if path.suffix == ".pdf":
        return pdf_pages(path)
    if path.suffix == ".xlsx":
        return sheets(path)
    if path.suffix == ".docx":
        return {None: docx_text(path)}
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return {None: html.unescape(re.sub(r"<[^>]+>", " ", text))}
    return cut(text, *LABELS[source]) if source in LABELS else {None: text}


def pdf_pages(path: Path) -> dict[str | None, str]:
    pdfium = pytest.importorskip("pypdfium2")
    with pdfium.PdfDocument(path) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return {text.split()[-1]: text for text in texts}


def docx_text(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("word/document.xml").decode("utf-8")
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</w:(p|tc)>", "\n", xml)))


def sheets(path: Path) -> dict[str | None, str]:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(path)
    return {sheet.title: "\n".join(shown(cell) for cell in visible(sheet)) for sheet in book}


def visible(sheet: Any) -> list[Any]:
    rows = [i for i in range(1, sheet.max_row + 1) if not sheet.row_dimensions[i].hidden]
    return [cell for i in rows for cell in sheet[i]]


def shown(cell: Any) -> str:
    if isinstance(cell.value, float):
        share = cell.number_format.endswith("%")
        return f"{cell.value:.2%}" if share else f"{cell.value:,.2f}"
    return str(cell.value or "")


def questions() -> list[dict[str, Any]]:
    lines = (DATA / "qa" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def sources() -> list[str]:
    return sorted(
        path.name
        for folder in (FILINGS, HOSTILE)
        for path in folder.iterdir()
        if path.suffix != ".md"
    )


def flat(text: str) -> str:
    return re.sub(r"\s", "", text)


# --- the documents --------------------------------------------------------------------------


@pytest.mark.parametrize("source", sources())
def test_every_sample_says_that_it_is_invented(source: str) -> None:
    # A cover above the first page label belongs to no page, so a text is read whole.
    path = path_of(source)
    pages = pages_of(source).values()
    words = flat(path.read_text(encoding="utf-8") if path.suffix == ".txt" else "".join(pages))
    assert any(mark in words for mark in ("虚构样例", "inventedsample"))


@pytest.mark.parametrize("source", sorted(LABELS))
def test_page_labels_count_on_without_a_gap(source: str) -> None:
    numbers = [int(re.findall(r"\d+", str(label))[-1]) for label in pages_of(source)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 4


@pytest.mark.parametrize("source", [s for s in sorted(LABELS) if "injected" not in s])
def test_headings_stand_on_the_page_that_the_table_of_contents_gives(source: str) -> None:
    pages = pages_of(source)
    numbered = {int(re.findall(r"\d+", str(label))[-1]): text for label, text in pages.items()}
    contents = next(text for text in numbered.values() if text.count("......") > 3)
    entries = re.findall(r"^[ ]*(.+?) ?\.{6,} ?(?:8-1-)?(\d+)$", contents, flags=re.MULTILINE)
    assert len(entries) >= 4
    for heading, number in entries:
        assert flat(heading) in flat(numbered[int(number)])


SUMS = (
    ("2024-yunlan-annual-report.txt", "128,645.37", "70,254.18 33,846.92 20,418.65 4,125.62"),
    ("2024-yunlan-annual-report.txt", "84,257.93", "42,503.78 23,861.08 14,905.61 2,987.46"),
    ("2024-yunlan-annual-report.txt", "128,645.37", "94,213.06 34,432.31"),
    ("2024-yunlan-annual-report.txt", "45,371.24", "18,236.44 9,870.15 7,412.68 5,633.90 4,218.07"),
    ("2024-yunlan-annual-report.txt", "17,632.10", "-1,872.40 3,905.66 5,260.31 10,338.53"),
    ("2024-yunlan-annual-report.txt", "5,136.29", "17,632.10 -15,984.37 3,402.36 86.20"),
    ("2024-yunlan-annual-report.txt", "231,864.08", "38,617.25 41,206.83 30,458.71 68,920.37 52,660.92"),
    ("2024-yunlan-annual-report.txt", "231,864.08", "88,376.72 143,487.36"),
    ("2024-yunlan-annual-report.txt", "209,263.45", "71,748.76 137,514.69"),
    ("2024-yunlan-annual-report.txt", "2,048", "1,186 214 421 96 131"),
    ("2025-yunlan-correction-announcement.txt", "5,136.29", "13,632.10 -15,984.37 7,402.36 86.20"),
    ("2025-qihe-inquiry-reply.txt", "58,216.40", "36,804.15 15,927.63 5,484.62"),
    ("2025-qihe-inquiry-reply.txt", "30,918.77", "20,117.46 7,812.05 2,989.26"),
    ("2025-qihe-inquiry-reply.txt", "31,646.20", "9,815.62 21,830.58"),
    ("2025-qihe-inquiry-reply.txt", "9,815.62", "5,947.30 3,868.32"),
    ("2025-qihe-inquiry-reply.txt", "10,952.32", "3,602.14 2,385.77 4,416.08 548.33"),
    ("2025-qihe-inquiry-reply.txt", "86,500.00", "28,400.00 41,350.00 3,750.00 4,500.00 8,500.00"),
    ("2025-qihe-inquiry-reply.txt", "16,873.05", "15,602.38 914.57 356.10"),
    ("2025-shuochuan-restructuring-report.txt", "168,000.00", "109,200.00 42,000.00 16,800.00"),
    ("2025-shuochuan-restructuring-report.txt", "168,000.00", "117,600.00 50,400.00"),
    ("2025-shuochuan-restructuring-report.txt", "93,208.64", "52,906.73 25,433.18 14,868.73"),
    ("2025-shuochuan-restructuring-report.txt", "118,402.61", "57,162.06 61,240.55"),
    ("2025-shuochuan-restructuring-report.txt", "60,000.00", "50,400.00 7,500.00 2,100.00"),
    ("2025-murong-prospectus.txt", "33152.48", "24316.05 6640.92 2195.51"),
    ("2025-murong-prospectus.txt", "11,868.59", "4,276.67 2,851.11 1,989.15 1,591.32 1,160.34"),
    ("2025-murong-prospectus.txt", "7,050.00", "2,910.24 1,269.00 846.00 620.40 493.50 910.86"),
    ("2025-murong-prospectus.txt", "9,259.79", "3,978.30 2,320.67 2,864.37 96.45"),
    ("2024-tallowmere-10k.txt", "1,774.7", "812.4 643.7 318.6"),
    ("2024-tallowmere-10k.txt", "1,774.7", "798.6 496.9 213.0 266.2"),
    ("2024-tallowmere-10k.txt", "764.7", "325.0 400.0 45.0 -5.3"),
    ("2024-tallowmere-10k.txt", "223.8", "796.2 -162.3 -388.6 -21.5"),
    ("2025-quillhaven-8k-q2.txt", "412,618", "148,543 132,038 107,281 24,756"),
    ("2025-quillhaven-8k-q2.txt", "31,287", "159,272 -123,785 -4,200"),
    ("2025-jichuan-q3-report.html", "117,205.94", "68,440.15 34,716.42 14,049.37"),
    ("2025-jichuan-q3-report.html", "299,322.32", "105,286.94 194,035.38"),
    (DOCX, "88,681.48", "22,000.00 26,000.00 20,000.00 8,681.48 12,000.00"),
    (DOCX, "68,985.89", "21,430.56 15,184.00 17,246.00 3,125.33 12,000.00"),
    (DOCX, "21,541.96", "88,681.48 -68,985.89 1,846.37"),
    (PDF, "186,417.30", "98,206.45 52,873.60 27,419.85 7,917.40"),
    (PDF, "396,030.00", "46,000.00 31,280.00 238,750.00 80,000.00"),
    (PDF, "30,875.44", "28,340.72 2,534.72"),
    (XLSX, "52,637.84", "36,109.56 8,348.98 4,681.45 3,497.85"),
    (XLSX, "9,420.83", "9,106.47 314.36"),
)  # fmt: skip
"""File, printed total and what adds up to it; a minus sign may be words or brackets in print."""


@pytest.mark.parametrize(("source", "total", "parts"), SUMS)
def test_totals_add_up(source: str, total: str, parts: str) -> None:
    words = "".join(pages_of(source).values())
    assert sum(figure(part) for part in parts.split()) == figure(total)
    absent = [part for part in parts.split() if part.lstrip("-") not in words]
    assert not absent


RATIOS = (
    ("2024-yunlan-annual-report.txt", "16.44", "128,645.37 / 110,482.76 - 1"),
    ("2024-yunlan-annual-report.txt", "48.86", "176,320,985.44 / 118,447,260.15 - 1"),
    ("2024-yunlan-annual-report.txt", "46.80", "69,680,000.00 / 148,902,336.57"),
    ("2025-yunlan-correction-announcement.txt", "15.09", "136,320,985.44 / 118,447,260.15 - 1"),
    ("2025-qihe-inquiry-reply.txt", "31.02%", "9,815.62 / 31,646.20"),
    ("2025-qihe-inquiry-reply.txt", "42.35%", "13,402.18 / 31,646.20"),
    ("2025-shuochuan-restructuring-report.txt", "175.01%", "107,179.45 / 61,240.55"),
    ("2025-shuochuan-restructuring-report.txt", "48.65%", "272,497.64 / 560,118.47"),
    ("2025-murong-prospectus.txt", "73.35%", "24316.05 / 33152.48"),
    ("2024-tallowmere-10k.txt", "44.9%", "796.2 / 1,774.7"),
    ("2025-quillhaven-8k-q2.txt", "4.8%", "412.6 / 393.7 - 1"),
    ("2025-jichuan-q3-report.html", "15.60%", "117,205.94 / 101,389.22 - 1"),
    (PDF, "7.06%", "186,417.30 / 174,123.65 - 1"),
    (PDF, "31.53%", "180,739.11 / 137,412.24 - 1"),
    (DOCX, "77.79%", "68,985.89 / 88,681.48"),
)
"""File, printed percentage and how it comes about."""


@pytest.mark.parametrize(("source", "printed", "how"), RATIOS)
def test_percentages_are_right(source: str, printed: str, how: str) -> None:
    words = "".join(pages_of(source).values())
    operands = re.findall(r"[\d,]+\.\d+", how)
    assert all(text in words for text in (printed, *operands))
    value = figure(operands[0]) / figure(operands[1]) - (1 if how.endswith("- 1") else 0)
    places = Decimal(1).scaleb(figure(printed).as_tuple().exponent)  # type: ignore[arg-type]
    assert (value * 100).quantize(places, ROUND_HALF_UP) == figure(printed)


# --- the generated files --------------------------------------------------------------------


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for package in ("reportlab", "docx", "openpyxl"):
        pytest.importorskip(package)
    monkeypatch.syspath_prepend(DATA)
    import make_samples  # type: ignore[import-not-found, unused-ignore]

    module: ModuleType = make_samples
    return module


def test_the_pdf_is_what_its_generator_writes(maker: ModuleType, tmp_path: Path) -> None:
    # Without the Chinese font of the committed file: the text does not depend on it.
    maker.write_pdf(tmp_path / PDF, None)
    again, committed = pdf_pages(tmp_path / PDF), pdf_pages(FILINGS / PDF)
    assert list(again) == list(committed) == ["21", "22", "23", "24", "25", "26"]
    assert {k: flat(v) for k, v in again.items()} == {k: flat(v) for k, v in committed.items()}


def test_the_docx_is_what_its_generator_writes(maker: ModuleType, tmp_path: Path) -> None:
    maker.write_docx(tmp_path / DOCX)
    assert docx_text(tmp_path / DOCX) == docx_text(FILINGS / DOCX)


def test_the_xlsx_is_what_its_generator_writes(maker: ModuleType, tmp_path: Path) -> None:
    maker.write_xlsx(tmp_path / XLSX)
    assert sheets(tmp_path / XLSX) == sheets(FILINGS / XLSX)


def test_generating_twice_gives_the_same_bytes(maker: ModuleType, tmp_path: Path) -> None:
    for write, name in ((maker.write_docx, DOCX), (maker.write_xlsx, XLSX)):
        write(tmp_path / f"1-{name}")
        write(tmp_path / f"2-{name}")
        assert (tmp_path / f"1-{name}").read_bytes() == (tmp_path / f"2-{name}").read_bytes()


def test_the_table_that_crosses_a_page_adds_up(maker: ModuleType) -> None:
    def amounts(row: tuple[str, ...]) -> list[Decimal]:
        return [Decimal(0) if cell == "-" else figure(cell) for cell in row[1:6]]

    rows = [amounts(row) for row in maker.sources.PORT_PROJECTS[1:]]
    assert [sum(column) for column in zip(*rows[:-1], strict=True)] == rows[-1]
    assert all(start + added - moved == end for _, start, added, moved, end in rows)


# --- the questions --------------------------------------------------------------------------


def test_question_ids_are_unique() -> None:
    ids = [question["id"] for question in questions()]
    assert len(ids) == len(set(ids))


def test_the_set_is_as_mixed_as_it_should_be() -> None:
    asked = [q for q in questions() if not q["id"].startswith("inj-")]
    assert len(asked) >= 60
    assert len(questions()) - len(asked) >= 25
    assert sum(q["type"] == "unanswerable" for q in asked) >= 8
    assert sum(bool(q["history"]) for q in asked) >= 5
    assert sum(q["lang"] == "en" for q in questions()) * 4 >= len(questions())
    for kind in {q["type"] for q in asked}:
        assert {q["split"] for q in asked if q["type"] == kind} == {"dev", "test"}


@pytest.mark.parametrize("question", questions(), ids=lambda question: question["id"])
def test_evidence_stands_on_its_page(question: dict[str, Any]) -> None:
    unanswerable = question["type"] == "unanswerable"
    places = question["near"] if unanswerable else question["evidence"]
    assert places
    for place in places:
        page = flat(pages_of(place["source"])[place["page"]])
        spans = [*place.get("figures", ()), *([place["quote"]] if "quote" in place else ())]
        assert spans
        assert [span for span in spans if flat(span) not in page] == []


@pytest.mark.parametrize(
    "question", [q for q in questions() if q["type"] != "unanswerable"], ids=lambda q: q["id"]
)
def test_the_reference_answer_meets_its_own_must(question: dict[str, Any]) -> None:
    answer = flat(question["answer"]).lower()
    missing = [g for g in question["must"] if not any(flat(a).lower() in answer for a in g)]
    assert not missing
    assert [text for text in question["must_not"] if flat(text).lower() in answer] == []


@pytest.mark.parametrize(
    "question", [q for q in questions() if q["id"].startswith("inj-")], ids=lambda q: q["id"]
)
def test_an_injection_question_has_an_injection_to_resist(question: dict[str, Any]) -> None:
    text = flat(path_of(question["evidence"][0]["source"]).read_text(encoding="utf-8"))
    assert question["must_not"]
    assert any(flat(banned) in text for banned in question["must_not"])
