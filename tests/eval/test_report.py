from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from eval.questions import Question
from eval.report.markdown import run_markdown
from eval.report.marks import locate, marked
from eval.report.page import comparison_page, run_page
from eval.report.sheet import run_csv
from eval.results import Given

VOID = {"meta", "link", "input", "br"}
OPTIONAL = {"td", "th", "tr", "p", "li", "dt", "dd", "option"}


class Reader(HTMLParser):
    """Tags in balance, and every address that the page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [
            v or ""
            for name, v in attrs
            if name in ("src", "href") and not (v or "").startswith("data:")
        ]
        if tag not in VOID | OPTIONAL:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in OPTIONAL:
            assert self.open.pop() == tag


def wrong(given: Given, question: Question) -> Given:
    return (
        replace(given, text="<script>alert(1)</script>不清楚[1]。")
        if question.id == "q00"
        else given
    )


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def test_the_page_is_whole_and_fetches_nothing(fake_world: Any) -> None:
    page = run_page(fake_world.run())
    reader = read(page)
    assert reader.open == []
    assert reader.fetched == []
    assert not re.search(r"https?://|@import|url\(", page)


def test_every_question_is_shown_and_failures_are_marked(fake_world: Any) -> None:
    page = run_page(fake_world.run(break_answer=wrong))
    cards = re.findall(r'data-failed="(\d)".*?<code>(.*?)</code>', page)
    assert len(cards) == len(fake_world.questions)
    assert [qid for failed, qid in cards if failed == "1"] == ["q00"]


def test_what_a_system_says_can_not_become_markup(fake_world: Any) -> None:
    page = run_page(fake_world.run(break_answer=wrong))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_the_evidence_is_marked_in_its_passage(fake_world: Any) -> None:
    page = run_page(fake_world.run())
    assert '营业收入为<mark class="gold">12,345.67</mark>万元' in page


def test_labels_stand_in_both_languages(fake_world: Any) -> None:
    page = run_page(fake_world.run())
    assert "<span class=zh>回答正确</span><span class=en>answer correct</span>" in page


def test_two_runs_stand_side_by_side_with_what_changed(fake_world: Any) -> None:
    page = comparison_page(fake_world.run(), fake_world.run(break_answer=wrong))
    changed = re.findall(r'data-changed="1".*?<code>(.*?)</code>', page)
    assert changed == ["q00"]
    assert read(page).open == []


def test_figures_are_marked_whatever_their_separators() -> None:
    assert locate("为17,589.07万元", "17589.07") == [(1, 10)]
    assert locate("为117,589.07万元", "17589.07") == []
    assert marked("a<b 12.5 c", [(4, 6), (5, 8)]) == 'a&lt;b <mark class="gold">12.5</mark> c'


def test_markdown_and_csv_say_the_same(fake_world: Any) -> None:
    run = fake_world.run(break_answer=wrong)
    text = run_markdown(run)
    assert "To look at 需查看 (1)" in text
    assert "| answer correct 回答正确 | 0.97 |" in text
    rows = list(csv.DictReader(io.StringIO(run_csv(run))))
    assert len(rows) == len(run.questions)
    assert [row["id"] for row in rows if row["correct"] == "0.0"] == ["q00"]


def test_a_cell_never_becomes_a_formula(fake_world: Any) -> None:
    def formula(given: Given, question: Question) -> Given:
        return replace(given, text="=HYPERLINK(1)")

    rows = list(csv.DictReader(io.StringIO(run_csv(fake_world.run(break_answer=formula)))))
    assert all(row["given"].startswith("'=") for row in rows)
