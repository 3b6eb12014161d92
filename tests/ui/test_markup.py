"""Everything that filings or users bring is escaped; chips, figures and marks lead where they say."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from rag.types import (
    Answer,
    Check,
    Citation,
    Failure,
    FilingRef,
    FilingState,
    Page,
    Paragraph,
    Table,
)
from ui.conversations import Turn
from ui.html import act, tag
from ui.locate import locate
from ui.render.answer import answer_body, checks_fold, status_line
from ui.render.blocks import page_body
from ui.render.rail import failure_line, filing_row, state_badge
from ui.render.thread import live_turn, thread
from ui.strings import speaker

ZH, EN = speaker("zh"), speaker("en")
ATTACK = "<script>alert(1)</script>\"' onload=x <img src=x onerror=y>"
CITED = Citation(1, "p", "f", "年报", "a.txt", "12", ("第一节",), "收入 | 15", 0, 7)


class Elements(HTMLParser):
    """Collects the elements of a piece of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def acts(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.seen if attrs.get("data-act") == name]


def harmless(markup: str) -> bool:
    elements = Elements(markup).seen
    names = {name for name, _ in elements}
    handlers = [a for _, attrs in elements for a in attrs if a.startswith("on")]
    return not names & {"script", "img", "iframe", "style", "a"} and not handlers


def state(**changes: str) -> FilingState:
    fields = {
        "id": "f1",
        "title": "年报",
        "company": "公司",
        "ticker": "1",
        "kind": "annual report",
        "date": "2025",
        "source": "a.txt",
    } | changes
    return FilingState(FilingRef(**fields), 3, 40, 17, 900, "2025-01-01")  # type: ignore[arg-type]


def test_children_and_attributes_are_escaped_unless_they_are_markup() -> None:
    assert tag("p", "<b>", title='"<') == Markup('<p title="&#34;&lt;">&lt;b&gt;</p>')
    assert tag("p", tag("b", "x")) == "<p><b>x</b></p>"
    assert tag("input", disabled=True, hidden=False, value=None) == "<input disabled>"
    assert act("go", "x", data_n=1) == '<button type="button" data-act="go" data-n="1">x</button>'


@pytest.mark.parametrize("say", [ZH, EN])
def test_a_hostile_filing_is_harmless_in_every_place(say) -> None:  # type: ignore[no-untyped-def]
    hostile = state(title=ATTACK, company=ATTACK, kind=ATTACK, date=ATTACK)
    page = Page(
        ATTACK, 0, (Paragraph(ATTACK), Table(ATTACK, ATTACK, ((ATTACK,),), ((ATTACK, ATTACK),)))
    )
    assert harmless(filing_row(hostile, chosen=True, say=say))
    assert harmless(failure_line(Failure(ATTACK, ATTACK), say))
    assert harmless(page_body(page, locate(page, ATTACK), say))
    assert harmless(live_turn(ATTACK, ATTACK, ATTACK, ATTACK, say=say))


@given(st.text(alphabet="<>&\"'[]1*-|#\n收入", max_size=60))
def test_no_answer_text_becomes_markup_of_its_own(text: str) -> None:
    answer = Answer(
        ATTACK, text + ATTACK, "answered", citations=(CITED,), notes=(ATTACK,), model=ATTACK
    )
    turn = Turn("t", ATTACK, answer, "", ATTACK, "2025", "")
    assert harmless(thread([turn], say=ZH))


def test_a_marker_becomes_a_chip_and_an_unknown_one_stays_text() -> None:
    answer = Answer("?", "收入增长[1]，另有[7]。", "answered", citations=(CITED,))
    found = Elements(answer_body(answer, "t9", ZH))
    assert [(a["data-turn"], a["data-n"]) for a in found.acts("cite")] == [("t9", "1")]
    assert "[7]" in found.words


def test_several_numbers_in_one_marker_become_several_chips() -> None:
    two = Citation(2, "p", "f", "年报", "a.txt", None, (), "x", 0, 1)
    answer = Answer("?", "增长[1, 2]。", "answered", citations=(CITED, two))
    assert [a["data-n"] for a in Elements(answer_body(answer, "t", ZH)).acts("cite")] == ["1", "2"]


def test_a_checked_figure_is_a_button_and_an_unsupported_one_is_only_marked() -> None:
    checks = (Check("amount", "15万元", "supported", 1), Check("amount", "9万元", "unsupported"))
    answer = Answer(
        "?", "为15万元[1]，另9万元，不是115万元。", "partial", citations=(CITED,), checks=checks
    )
    markup = answer_body(answer, "t", ZH)
    claims = [a["data-claim"] for a in Elements(markup).acts("cite") if "data-claim" in a]
    assert claims == ["15万元"]
    assert re.search(r'<span class="fq-figure fq-unsupported"[^>]*>9万元', markup)


def test_a_little_markdown_is_shown_and_links_are_not() -> None:
    text = (
        "## 结论\n- 一\n- **二**\n\n| 项 | 值 |\n|---|---|\n| 收入 | 15 |\n[看](http://x.example)"
    )
    names = [name for name, _ in Elements(answer_body(Answer("?", text, "answered"), "t", ZH)).seen]
    assert {"h4", "ul", "li", "strong", "table", "th", "td"} <= set(names)
    assert "a" not in names


def test_the_status_is_said_in_plain_words() -> None:
    assert "有据" in status_line(Answer("?", "", "answered"), ZH)
    assert "文件中未载明" in status_line(Answer("?", "", "not_found"), ZH)
    assert "Partly supported" in status_line(Answer("?", "", "partial"), EN)
    assert "原文摘录" in status_line(Answer("?", "", "answered"), ZH)
    assert "gpt-x" in status_line(Answer("?", "", "answered", model="gpt-x"), EN)


def test_checks_are_counted_in_the_folded_line_and_computed_ones_show_their_expression() -> None:
    checks = (
        Check("amount", "15万元", "supported", 1),
        Check("percentage", "50%", "computed", None, "(15 - 10) / 10", (1,)),
        Check("amount", "9万元", "unsupported"),
    )
    answer = Answer("?", "", "partial", citations=(CITED,), checks=checks)
    words = Elements(str(checks_fold(answer, "t", ZH))).words
    assert "2 个数字已核对" in words
    assert "1 个数字没有依据" in words
    assert "(15 - 10) / 10" in words
    assert checks_fold(Answer("?", "", "answered"), "t", ZH) is None


def test_the_marked_row_and_cell_of_a_table_carry_their_marks() -> None:
    table = Table("", "万元", (("项目", "2024年"),), (("收入", "15"), ("成本", "10")))
    page = Page("1", 0, (table,))
    markup = page_body(page, locate(page, "收入 | 15", claim="15万元"), ZH)
    assert markup.count('class="fq-hit"') == 1
    assert '<td class="fq-num fq-col fq-cell"><mark>15</mark></td>' in markup
    assert "<mark>收入</mark>" in markup
    assert "<mark>成本" not in markup


def test_a_table_whose_cells_could_not_be_told_apart_is_shown_line_by_line() -> None:
    page = Page("1", 0, (Table("", "", (), (("收入1510",), ("成本98",)), glued=True),))
    markup = page_body(page, locate(page, "收入1510"), ZH)
    assert "<table" not in markup
    assert '<div class="fq-hit"><mark>收入1510</mark></div>' in markup


def test_the_state_of_a_filing_is_said_with_its_share() -> None:
    assert "向量化 42%" in state_badge(state(), ZH)
    ready = FilingState(state().ref, 3, 40, 40, 900, "")
    fresh = FilingState(state().ref, 3, 40, 0, 900, "")
    assert "Ready" in state_badge(ready, EN)
    assert "可检索" in state_badge(fresh, ZH)


def test_an_interrupted_turn_offers_to_be_answered_again() -> None:
    turn = Turn("t", "问？", None, "", "", "2025", "")
    found = Elements(thread([turn], say=ZH))
    assert "这次回答没有完成" in found.words
    assert found.acts("retry")
    assert not found.acts("copy")
