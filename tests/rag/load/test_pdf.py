"""PDF: text in reading order, labels, tables, places. The files are drawn here, in points."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from rag.errors import EmptyDocument, LoadError, MissingExtra
from rag.load import ocr
from rag.load.characters import meant
from rag.load.pdf import load_pdf, locate, render
from rag.load.pdf.prose import block_of, body_of, pieces_of
from rag.load.pdf.ruled import ruled_grids
from rag.load.pdf.scans import page_from, page_list
from rag.load.pdf.spans import Span, line_of
from rag.types import Block, Heading, Paragraph, Table

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))
WIDTH, HEIGHT = 595.0, 842.0
Draw = Callable[[Canvas], None]


def made(
    path: Path, *pages: Draw, size: tuple[float, float] = (WIDTH, HEIGHT), **options: object
) -> Path:
    canvas = Canvas(str(path), pagesize=size, **options)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def write(
    canvas: Canvas, x: float, y: float, text: str, *, font: str = SONG, size: float = 12
) -> None:
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def prose(
    canvas: Canvas, lines: Sequence[str], *, top: float = 760, x: float = 90, step: float = 20
) -> None:
    for number, line in enumerate(lines):
        write(canvas, x, top - step * number, line)


def grid(
    canvas: Canvas,
    rows: Sequence[Sequence[str]],
    xs: Sequence[float],
    *,
    top: float = 700,
    high: float = 24,
    sides: bool = True,
) -> float:
    """Draw cells with rules between them and return the table's bottom; "" draws no text."""
    bottom = top - high * len(rows)
    for number in range(len(rows) + 1):
        canvas.line(xs[0], top - high * number, xs[-1], top - high * number)
    for x in xs if sides else xs[1:-1]:
        canvas.line(x, top, x, bottom)
    for number, row in enumerate(rows):
        for x, cell in zip(xs, row, strict=False):
            if cell:
                write(canvas, x + 6, top - high * number - 16, cell, size=10)
    return bottom


def blocks(path: Path) -> list[Block]:
    return [block for page in load_pdf(path).pages for block in page.blocks]


def texts(found: Sequence[Block]) -> list[str]:
    return [block.text for block in found if not isinstance(block, Table)]


def tables(found: Sequence[Block]) -> list[Table]:
    return [block for block in found if isinstance(block, Table)]


FULL = "报告期内公司主要产品的产量和销量均保持稳定增长并且毛利率略有上升其中"


def test_chinese_lines_of_one_paragraph_are_joined_without_spaces(tmp_path: Path) -> None:
    lines = [
        "　　" + FULL[:32],
        FULL[:34],
        FULL[:34],
        "销售收入增加。",
        "　　" + FULL[:32],
        FULL[:34],
        "完毕。",
    ]
    found = texts(blocks(made(tmp_path / "a.pdf", lambda c: prose(c, lines))))
    assert found == [FULL[:32] + FULL[:34] * 2 + "销售收入增加。", FULL[:32] + FULL[:34] + "完毕。"]


def test_english_paragraphs_are_parted_by_gaps_and_keep_their_spaces(tmp_path: Path) -> None:
    line = "The company sells goods in stores and online in many of its markets and"

    def draw(canvas: Canvas) -> None:
        for number, y in enumerate((760, 746, 732, 704, 690)):
            write(
                canvas, 72, y, line if number not in (2, 4) else "grew.", font="Helvetica", size=11
            )

    found = texts(blocks(made(tmp_path / "a.pdf", draw)))
    assert found == [f"{line} {line} grew.", f"{line} grew."]


def test_bold_and_numbered_lines_are_headings(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 72, 780, "Item 7. Results of Operations", font="Helvetica-Bold", size=11)
        for number in range(8):
            write(
                canvas,
                72,
                750 - 14 * number,
                "Revenue rose because more goods were sold in all regions.",
                font="Helvetica",
                size=11,
            )
        write(canvas, 72, 600, "Critical Estimates", font="Helvetica-Bold", size=11)
        write(
            canvas,
            72,
            580,
            "We make estimates when we prepare the statements of the year.",
            font="Helvetica",
            size=11,
        )
        write(canvas, 72, 550, "第三节 公司业务概要")

    found = [b for b in blocks(made(tmp_path / "a.pdf", draw)) if isinstance(b, Heading)]
    assert [(h.text, h.level) for h in found] == [
        ("Item 7. Results of Operations", 2),
        ("Critical Estimates", 5),
        ("第三节 公司业务概要", 1),
    ]


def labelled(
    label: Callable[[int], str], *, header: str = "某某股份有限公司年度报告"
) -> list[Draw]:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            write(canvas, 90, 800, header, size=9)
            prose(canvas, [f"　　第{number}项内容" + FULL[:26], FULL[:34], f"结束{number}。"])
            write(canvas, 280, 30, label(number), size=9)

        return draw

    return [page(number) for number in range(1, 7)]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (lambda n: f"7-2-{n + 3}", "7-2-4"),
        (lambda n: f"第 {n} 页 共 6 页", "第1页"),
        (lambda n: f"Page {n + 10} of 60", "11"),
        (lambda n: f"- {n} -", "1"),
        (lambda n: f"{n} / 6", "1"),
        (lambda n: f"F-{n}", "F-1"),
        (lambda n: ("i", "ii", "iii", "iv", "v", "vi")[n - 1], "i"),
    ],
)
def test_printed_labels_are_kept_and_running_lines_removed(
    tmp_path: Path, printed: Callable[[int], str], expected: str
) -> None:
    loaded = load_pdf(made(tmp_path / "a.pdf", *labelled(printed)))
    assert loaded.pages[0].label == expected
    assert [page.index for page in loaded.pages] == list(range(6))
    assert len({page.label for page in loaded.pages}) == 6
    for page in loaded.pages:
        assert len(page.blocks) == 1
        assert "年度报告" not in texts(page.blocks)[0]


def test_pages_without_printed_labels_are_numbered_as_they_lie(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", *[lambda c: prose(c, ["　　" + FULL])] * 3)
    assert [page.label for page in load_pdf(path).pages] == ["1", "2", "3"]


def test_a_cover_before_page_one_has_no_label_and_a_page_between_gets_its_own(
    tmp_path: Path,
) -> None:
    pages = labelled(lambda n: f"1-1-{n}" if n != 3 else "")
    cover = made(tmp_path / "a.pdf", lambda c: write(c, 200, 500, "招股说明书", size=24), *pages)
    labels = [page.label for page in load_pdf(cover).pages]
    assert labels == [None, "1-1-1", "1-1-2", "1-1-3", "1-1-4", "1-1-5", "1-1-6"]


ROWS = [
    ["项目", "2024年度", "2023年度"],
    ["营业收入", "1,234.56", "1,000.00"],
    ["净利润", "-56.78", "(12.30)"],
    ["毛利率", "34.50%", "-"],
]


@pytest.mark.parametrize("sides", [True, False])
def test_ruled_tables_keep_their_cells_with_open_sides_too(tmp_path: Path, sides: bool) -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas, ["　　主要财务数据如下："], top=760)
        write(canvas, 420, 735, "单位：万元", size=10)
        grid(canvas, ROWS, (80, 220, 360, 500), top=720, sides=sides)

    (table,) = tables(blocks(made(tmp_path / "a.pdf", draw)))
    assert table.header == (("项目", "2024年度", "2023年度"),)
    assert table.rows == tuple(tuple(row) for row in ROWS[1:])
    assert (table.caption, table.unit) == ("主要财务数据如下：", "万元")


def test_merged_cells_are_filled(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 652, 628, 604):
            canvas.line(80, y, 500, y)
        canvas.line(200, 676, 500, 676)
        for x, top in ((80, 700), (200, 700), (300, 676), (400, 700), (450, 676), (500, 700)):
            canvas.line(x, top, x, 604)
        for x, y, text in (
            (90, 672, "项目"), (220, 684, "2024年"), (420, 684, "2023年"),
            (210, 660, "金额"), (310, 660, "比例"), (405, 660, "金额"), (455, 660, "比例"),
            (90, 636, "甲"), (210, 636, "1.00"), (310, 636, "10%"), (405, 636, "2.00"), (455, 636, "20%"),
            (90, 612, "乙"), (210, 612, "3.00"), (310, 612, "30%"), (405, 612, "4.00"), (455, 612, "40%"),
        ):  # fmt: skip
            write(canvas, x, y, text, size=10)

    (table,) = tables(blocks(made(tmp_path / "a.pdf", draw)))
    assert table.header == (
        ("项目", "2024年", "2024年", "2023年", "2023年"),
        ("项目", "金额", "比例", "金额", "比例"),
    )
    assert table.rows == (
        ("甲", "1.00", "10%", "2.00", "20%"),
        ("乙", "3.00", "30%", "4.00", "40%"),
    )


def test_a_table_over_three_pages_keeps_header_caption_and_unit(tmp_path: Path) -> None:
    xs = (80, 220, 360, 500)

    def first(canvas: Canvas) -> None:
        prose(canvas, ["　　各产品收入如下："], top=200)
        write(canvas, 420, 170, "单位：元", size=10)
        grid(canvas, [["产品", "收入", "成本"], ["产品1", "10.00", "9.00"]], xs, top=160)

    def more(number: int) -> Draw:
        rows = [[f"产品{number}{k}", f"{k}.00", f"{k}.50"] for k in range(3)]
        return lambda canvas: grid(canvas, rows, xs, top=780) and None

    loaded = load_pdf(made(tmp_path / "a.pdf", first, more(2), more(3)))
    found = [tables(page.blocks)[0] for page in loaded.pages]
    assert [table.continued for table in found] == [False, True, True]
    assert {table.header for table in found} == {(("产品", "收入", "成本"),)}
    assert {(table.caption, table.unit) for table in found} == {("各产品收入如下：", "元")}
    assert found[2].rows[0] == ("产品30", "0.00", "0.50")


def test_aligned_figures_without_rules_are_a_table(tmp_path: Path) -> None:
    rows = [
        ("Net earnings", "$", "1,419", "$", "2,454"),
        ("Currency adjustments", "", "(7)", "", "1"),
        ("Hedges", "", "-", "", "(2)"),
        ("Comprehensive income", "$", "1,412", "$", "2,453"),
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 9)
        canvas.drawString(72, 700, "Fiscal Years Ended")
        canvas.drawRightString(400, 700, "January 28, 2023")
        canvas.drawRightString(520, 700, "January 29, 2022")
        canvas.setFont("Helvetica", 9)
        for number, (label, a, first, b, second) in enumerate(rows):
            y = 686 - 12 * number
            canvas.drawString(72, y, label)
            canvas.drawString(330, y, a)
            canvas.drawRightString(395, y, first)
            canvas.drawString(450, y, b)
            canvas.drawRightString(515, y, second)

    (table,) = tables(blocks(made(tmp_path / "a.pdf", draw)))
    assert table.header == (("Fiscal Years Ended", "January 28, 2023", "January 29, 2022"),)
    assert table.rows == (
        ("Net earnings", "$1,419", "$2,454"),
        ("Currency adjustments", "(7)", "1"),
        ("Hedges", "-", "(2)"),
        ("Comprehensive income", "$1,412", "$2,453"),
    )


def test_rows_that_no_rule_parts_are_told_by_their_figures(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, [["名称", "金额"]], (80, 250, 420), top=700)
        canvas.line(80, 616, 420, 616)
        for x in (80, 250, 420):
            canvas.line(x, 676, x, 616)
        for number, (name, value) in enumerate(
            (("甲公司", "1.00"), ("乙公司", "2.00"), ("丙公司", "3.00"))
        ):
            write(canvas, 90, 662 - 18 * number, name, size=10)
            write(canvas, 260, 662 - 18 * number, value, size=10)

    (table,) = tables(blocks(made(tmp_path / "a.pdf", draw)))
    assert table.rows == (("甲公司", "1.00"), ("乙公司", "2.00"), ("丙公司", "3.00"))


def test_boxes_joined_by_arrows_are_no_table_of_cells(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for number, name in enumerate(("股东大会", "董事会", "总经理", "财务部", "生产部")):
            x, y = 80 + 90 * number, 700 - 60 * number
            canvas.rect(x, y, 80, 30)
            write(canvas, x + 10, y + 10, name, size=10)
            canvas.line(x + 80, y + 15, x + 120, y + 15)
            canvas.line(x + 120, y + 15, x + 120, y - 30)

    found = blocks(made(tmp_path / "a.pdf", draw))
    assert not any(isinstance(block, Heading) for block in found)
    assert all(table.glued for table in tables(found))


def test_two_columns_of_prose_are_read_one_after_the_other(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(14):
            y = 760 - 16 * number
            write(canvas, 60, y, f"左栏第{number:02d}行" + FULL[:14])
            write(canvas, 310, y - 5, f"右栏第{number:02d}行" + FULL[:14])

    text = "".join(texts(blocks(made(tmp_path / "a.pdf", draw))))
    assert text.index("左栏第13行") < text.index("右栏第00行")


def test_pages_on_their_side_are_read_as_shown(tmp_path: Path) -> None:
    def rotated(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        grid(canvas, ROWS, (80, 220, 360, 500), top=400)

    def drawn_upwards(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        grid(canvas, ROWS, (80, 220, 360, 500), top=400)

    for name, draw in (("a", rotated), ("b", drawn_upwards)):
        (table,) = tables(blocks(made(tmp_path / f"{name}.pdf", draw)))
        assert (*table.header, *table.rows) == tuple(tuple(row) for row in ROWS)


def test_a_sentence_over_the_page_break_is_marked_open(tmp_path: Path) -> None:
    def first(canvas: Canvas) -> None:
        prose(canvas, ["　　" + FULL[:32], FULL[:34], FULL[:34]], top=200)

    loaded = load_pdf(
        made(tmp_path / "a.pdf", first, lambda c: prose(c, ["完成。", "　　" + FULL[:32], "。"]))
    )
    assert loaded.pages[0].blocks[-1] == Paragraph(
        "报告期" + FULL[3:32] + FULL[:34] * 2, open_end=True
    )


@pytest.mark.parametrize("password", ["secret"])
def test_an_encrypted_file_says_so(tmp_path: Path, password: str) -> None:
    path = made(
        tmp_path / "a.pdf", lambda c: prose(c, [FULL]), encrypt=StandardEncryption(password)
    )
    with pytest.raises(LoadError, match="encrypted"):
        load_pdf(path)


def test_cut_off_empty_and_foreign_files_are_refused_by_name(tmp_path: Path) -> None:
    whole = made(tmp_path / "a.pdf", *labelled(str)).read_bytes()
    for name, data, words in (
        ("cut.pdf", whole[: len(whole) // 2], "cut off"),
        ("empty.pdf", b"", "empty"),
        ("word.pdf", b"PK\x03\x04" + b"0" * 4000, "not begin as a PDF"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(LoadError, match=words) as error:
            load_pdf(tmp_path / name)
        assert name in str(error.value)
        assert "\n" not in str(error.value)


def test_a_file_without_a_word_is_an_empty_document(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", lambda c: c.line(0, 0, 50, 50))
    with pytest.raises(EmptyDocument):
        load_pdf(path)


def test_scans_without_the_extra_name_it_and_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    path = made(tmp_path / "a.pdf", lambda c: prose(c, [FULL]), *[scan] * 2)
    with pytest.raises(MissingExtra, match=r"page 2-3: .*filings-qa\[ocr\]"):
        load_pdf(path)


def scan(canvas: Canvas) -> None:
    """A page that is the picture of another page."""
    from reportlab.lib.utils import ImageReader

    page = io.BytesIO()
    inner = Canvas(page, pagesize=(WIDTH, HEIGHT))
    inner.setFont("Helvetica", 20)
    for number in range(8):
        inner.drawString(
            72, 760 - 40 * number, f"Operating revenue of region {number} rose by 12.5 percent"
        )
    inner.save()
    with pdfium.PdfDocument(page.getvalue()) as document:
        picture = document[0].render(scale=2).to_pil()
    canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)


@pytest.mark.slow
def test_only_scanned_pages_are_read_by_ocr_with_progress(tmp_path: Path) -> None:
    if not ocr.available():
        pytest.skip("the extra ocr is not installed")
    steps: list[tuple[int, int]] = []
    path = made(tmp_path / "a.pdf", lambda c: prose(c, ["　　" + FULL]), scan)
    loaded = load_pdf(path, progress=lambda done, total: steps.append((done, total)))
    assert "region 7 rose by 12.5 percent" in " ".join(texts(loaded.pages[1].blocks))
    assert FULL in texts(loaded.pages[0].blocks)[0]
    assert steps == [(1, 2), (2, 2)]


def test_progress_counts_every_page_once(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    load_pdf(made(tmp_path / "a.pdf", *labelled(str)), progress=lambda d, t: steps.append((d, t)))
    assert steps == [(number, 6) for number in range(1, 7)]


def covered(path: Path, index: int, boxes: Sequence[tuple[float, float, float, float]]) -> str:
    """What pdfium reads inside boxes given from the shown page's top left corner (unrotated)."""
    with pdfium.PdfDocument(path) as document:
        page = document[index]
        high = page.get_height()
        textpage = page.get_textpage()
        found = [
            textpage.get_text_bounded(x0 + 1, high - bottom + 1, x1 - 1, high - top - 1)
            for x0, top, x1, bottom in boxes
        ]
        return "".join("".join(found).split())


def test_a_quotation_is_covered_line_by_line(tmp_path: Path) -> None:
    lines = ["　　" + FULL[:32], FULL[:34], "销售收入增加12.5%。", "　　其他情况说明。"]
    path = made(tmp_path / "a.pdf", lambda c: prose(c, lines))
    quote = FULL[20:34] + "销售收入增加12.5%"
    boxes = locate(path, 0, quote)
    assert len(boxes) == 2
    assert covered(path, 0, boxes).replace(" ", "") == quote
    assert locate(path, 0, "此处没有的内容") == []


def test_a_row_of_a_table_and_the_part_of_a_quotation_on_this_page_are_found(
    tmp_path: Path,
) -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, ROWS, (80, 220, 360, 500), top=720)
        prose(canvas, ["　　" + FULL[:30]], top=500)

    path = made(tmp_path / "a.pdf", draw)
    assert covered(path, 0, locate(path, 0, "净利润 | -56.78 | (12.30)")) == "净利润-56.78(12.30)"
    over_the_page = FULL[10:30] + "在下一页继续"
    assert covered(path, 0, locate(path, 0, over_the_page)) == FULL[10:30]


def test_boxes_follow_the_page_as_it_is_shown(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        write(canvas, 100, 700, "旋转页面上的引文")

    path = made(tmp_path / "a.pdf", draw)
    ((left, top, right, bottom),) = locate(path, 0, "旋转页面上的引文")
    assert 0 <= left < right <= HEIGHT
    assert 0 <= top < bottom <= WIDTH
    assert bottom - top > right - left


def test_a_page_is_drawn_as_png_and_missing_pages_are_named(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", lambda c: prose(c, [FULL]))
    assert render(path, 0, scale=0.5).startswith(b"\x89PNG")
    for call in (
        lambda: render(path, 3),
        lambda: render(path, 0, scale=500),
        lambda: locate(path, -1, "x"),
    ):
        with pytest.raises(LoadError):
            call()


def test_pages_are_drawn_while_documents_are_loaded(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", *labelled(str))
    with ThreadPoolExecutor(8) as pool:
        drawn = [pool.submit(render, path, number % 6) for number in range(24)]
        loaded = [pool.submit(load_pdf, path) for _ in range(6)]
        assert {len(done.result().pages) for done in loaded} == {6}
        assert all(done.result() for done in drawn)


def shared(name: str) -> Path:
    """A real filing beside the checkout, else the test is skipped."""
    found = sorted((Path(__file__).parents[4] / "shared" / "pdfs").glob(name))
    if not found:
        pytest.skip(f"no {name} beside the checkout")
    return found[0]


@pytest.mark.slow
def test_a_long_prospectus_keeps_labels_tables_and_all_its_text() -> None:
    path = shared("*招股意向书.pdf")
    loaded = load_pdf(path)
    assert [page.label for page in loaded.pages] == [None, *(f"1-1-{n}" for n in range(1, 317))]
    found = tables([block for page in loaded.pages for block in page.blocks])
    assert len(found) > 200
    assert sum(table.continued for table in found) > 40
    lost = total = 0
    with pdfium.PdfDocument(path) as document:
        for page in loaded.pages:
            bare = Counter(
                c for c in document[page.index].get_textpage().get_text_range() if c.isalnum()
            )
            said = Counter(c for block in page.blocks for c in words_of(block))
            lost += sum((bare - said).values())
            total += sum(bare.values())
    assert lost < 0.02 * total


def words_of(block: Block) -> str:
    if isinstance(block, Table):
        cells = [cell for row in (*block.header, *block.rows) for cell in row]
        return "".join([block.caption, block.unit, *cells])
    return block.text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["*招股意向书.pdf", "*10K.pdf"])
def test_loading_is_at_least_a_third_as_fast_as_bare_extraction(name: str) -> None:
    path = shared(name)

    def bare() -> None:
        with pdfium.PdfDocument(path) as document:
            for index in range(len(document)):
                document[index].get_textpage().get_text_range()

    def seconds(run: Callable[[], object]) -> float:
        started = time.process_time()
        run()
        return time.process_time() - started

    pairs = [(seconds(bare), seconds(lambda: load_pdf(path))) for _ in range(5)]
    assert median(loaded / plain for plain, loaded in pairs) < 3


def test_lines_of_a_scan_become_cells() -> None:
    texts = tuple(
        ocr.ReadText(text, (x, y, x + 60, y + 20), 0.9)
        for text, x, y in (
            ("项目", 20, 20),
            ("金额", 220, 20),
            ("收入", 20, 60),
            ("1,000.00", 220, 60),
        )
    )
    across = tuple((10.0, y, 390.0, y + 2) for y in (10.0, 50.0, 90.0))
    down = tuple((x, 10.0, x + 2, 92.0) for x in (10.0, 200.0, 388.0))
    page = page_from(ocr.ReadImage(texts, (*across, *down), (400, 600)), 2.0)
    (grid_found,), rest = ruled_grids(page.spans, page.rules)
    assert rest == []
    assert grid_found.rows == (("项目", "金额"), ("收入", "1,000.00"))
    assert (page.width, page.height) == (200, 300)


def test_page_numbers_are_listed_as_a_person_would() -> None:
    assert page_list([1, 3, 4, 5, 9]) == "1, 3-5, 9"


def test_type_without_a_height_stops_nothing() -> None:
    flat = [
        line_of([Span("Words of a font that states no height at all", 72, y, 300, y)])
        for y in (100, 120)
    ]
    body = body_of(flat)
    assert body is not None
    assert [block_of(piece, body) for piece in pieces_of(flat, body)]


def test_font_artefacts_become_what_a_reader_types() -> None:
    assert meant("⾦额 合计\x01ﬁnal") == "金额合计final"
    assert meant("第十一节 管理层讨论与分析") == "第十一节 管理层讨论与分析"
    assert meant("\uf0b7 item") == "• item"
