from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.load.pagination import find_labels, label_side, paginate, running_lines, without_running

BODY = "本段说明公司的生产、采购和销售情况,与上年相比没有重大变化。" * 5


def export(labels: list[str], *, before: bool, contents: str = "", cover: str = "") -> str:
    pages = [f"第{n}段。{BODY}" for n in range(1, len(labels) + 1)]
    parts = [cover + contents]
    for label, page in zip(labels, pages, strict=True):
        parts += [label, page] if before else [page, label]
    return "\n".join(parts)


def test_labels_below_their_pages_are_told_by_the_text_before_the_first() -> None:
    text = export([f"7-2-{n}" for n in range(1, 9)], before=False)
    pages = paginate(text)
    assert [p.label for p in pages] == [f"7-2-{n}" for n in range(1, 9)]
    assert "第3段" in pages[2].text


def test_labels_above_their_pages_are_told_by_the_text_after_the_last() -> None:
    text = export([f"2-1-{n}" for n in range(1, 9)], before=True, cover="封面\n")
    pages = paginate(text)
    assert pages[0].label is None
    assert next(p for p in pages if "第3段" in p.text).label == "2-1-3"


def test_the_table_of_contents_outweighs_what_stands_outside() -> None:
    headings = {3: "一、采购情况", 5: "二、销售情况", 7: "三、研发情况"}
    contents = "\n".join(f"{title} ........ {page}" for page, title in headings.items())
    parts = ["很长的封面说明。" * 60, contents]
    for n in range(1, 9):
        parts += [f"2-1-{n}", headings.get(n, ""), f"第{n}段。{BODY}"]
    text = "\n".join(parts)
    labels = find_labels(text)
    assert label_side(text, labels) == "before"


def test_a_label_glued_to_the_text_after_it_is_told_by_the_count() -> None:
    labels = [f"2-1-{n}" for n in range(1, 13)]
    pages = [f"{2020 + n}年的情况如下。{BODY}" for n in range(12)]
    text = "封面\n" + "\n".join(label + page for label, page in zip(labels, pages, strict=True))
    found = paginate(text)
    assert [p.label for p in found if p.label] == labels
    assert found[-1].text.startswith("2031年")


def test_a_last_page_without_a_label_gets_the_one_that_follows() -> None:
    text = (
        export([f"第{n}页" for n in range(1, 6)], before=False, contents="一、情况说明 1-6\n")
        + "\n末页。"
        + BODY
    )
    assert paginate(text)[-1].label == "第6页"


def test_rows_numbered_from_one_are_no_page_labels() -> None:
    rows = "\n".join(f"{n}\n产品{n}的单价" for n in range(1, 30))
    assert find_labels(BODY * 3 + "\n" + rows) == ()


def test_the_page_total_at_the_very_end_is_dropped() -> None:
    text = export([f"7-2-{n}" for n in range(1, 9)], before=False) + "8"
    assert paginate(text)[-1].label == "7-2-8"
    assert len(paginate(text)) == 8


def test_running_headers_go_and_the_glued_rest_of_the_line_stays() -> None:
    pages = paginate(export([f"第{n}页报告编号0132号" for n in range(1, 8)], before=False))
    running = running_lines(pages[1:])
    assert running == ("报告编号0132号",)
    assert "报告编号" not in without_running(pages[2].text, running)
    assert "第3段" in without_running(pages[2].text, running)


@given(st.text(max_size=400))
def test_pages_together_hold_the_whole_text_of_whatever_comes(text: str) -> None:
    kept = "".join(page.text for page in paginate(text))
    assert len(kept) <= len(text)
    if not find_labels(text):
        assert kept == text.replace("\f", "")
