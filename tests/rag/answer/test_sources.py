"""What a model reads: the composed answer's places first, titles once, pieces of a passage together."""

from __future__ import annotations

from dataclasses import replace

from rag.answer.evidence import Piece
from rag.answer.sources import read_for, shown_sources
from rag.retrieve.query import understand
from rag.types import Citation, Hit, Passage
from tests.rag.answer.sources import FILING

ONE = Passage(
    "p1", FILING, ("1",), ("收入",), "text", "2022年收入为5.20亿元。2021年收入为4.80亿元。"
)
TWO = Passage("p2", FILING, ("2",), ("人员",), "text", "公司共有员工112人。办公室在三楼。")
HITS = (Hit(ONE, 1.0, 1), Hit(TWO, 0.5, 2))
QUERY = understand("样例股份2022年收入是多少?", [FILING])


def piece(passage: Passage, text: str, score: float = 1.0) -> Piece:
    start = passage.text.index(text)
    return Piece(passage, start, start + len(text), score, score)


def test_the_best_sentences_come_first() -> None:
    pieces = read_for(QUERY, HITS, dict.fromkeys(QUERY.terms, 1.0))
    assert pieces[0].text == "2022年收入为5.20亿元。"
    assert {p.text for p in pieces} >= {"2021年收入为4.80亿元。", "公司共有员工112人。"}


def test_the_places_of_the_composed_answer_come_before_all_others_and_once() -> None:
    text = "公司共有员工112人。"
    citation = Citation(1, "p2", "f1", "t", "s", "2", (), text, 0, len(text))
    gone = replace(citation, n=2, passage_id="elsewhere")
    pieces = read_for(QUERY, HITS, dict.fromkeys(QUERY.terms, 1.0), (citation, gone))
    assert pieces[0].text == text
    assert [p.text for p in pieces].count(text) == 1


def test_pieces_of_a_passage_stand_together_in_reading_order_and_its_title_once() -> None:
    pieces = (
        piece(ONE, "2021年收入为4.80亿元。"),
        piece(TWO, "公司共有员工112人。"),
        piece(ONE, "2022年收入为5.20亿元。"),
    )
    first, second = shown_sources(pieces, 500)
    assert first.text == "2022年收入为5.20亿元。 … 2021年收入为4.80亿元。"
    assert first.source.origin == "样例股份2022年年度报告 · 收入 · 1"
    assert second.source.origin == "样例股份 · 人员 · 2"


def test_what_does_not_fit_is_left_out_but_never_the_best() -> None:
    pieces = (piece(ONE, "2022年收入为5.20亿元。"), piece(TWO, "公司共有员工112人。"))
    assert [shown.passage.id for shown in shown_sources(pieces, 1)] == ["p1"]


def test_an_item_of_a_news_page_is_named() -> None:
    item = replace(TWO, item="乙样例")
    (shown,) = shown_sources((piece(item, "公司共有员工112人。"),), 100)
    assert "乙样例" in shown.source.origin
