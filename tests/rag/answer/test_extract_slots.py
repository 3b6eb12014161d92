"""What a question speaks of is told from the words that only ask."""

from __future__ import annotations

import pytest

from rag.answer.polarity import verdict
from rag.answer.slots import cover, slots_of
from rag.index.terms import terms
from rag.retrieve.query import understand


def share(question: str, text: str) -> float:
    query = understand(question, [])
    slots = slots_of(query, dict.fromkeys((*query.terms, *query.extra), 4.0))
    words = frozenset(terms(text))
    return cover(slots, lambda slot: float(slot.stated_in(words)))


def test_a_sentence_that_states_every_word_covers_the_question() -> None:
    assert share("2024年短期借款是多少?", "2024年,短期借款为12.5万元。") == pytest.approx(1.0)


def test_words_that_only_ask_count_for_nothing() -> None:
    assert share("请问短期借款分别是多少?", "短期借款余额") == pytest.approx(1.0)


def test_an_english_phrase_is_stated_by_its_chinese_form() -> None:
    assert share("What were short-term borrowings?", "短期借款为12.5万元") > 0.9


def test_a_colloquial_word_is_stated_by_the_word_that_filings_use() -> None:
    plain = share("最多募集资金?", "募集资金不超过9,000万元")
    assert plain > share("最多募集资金?", "募集资金9,000万元")


def test_another_measure_covers_less() -> None:
    question = "2024年短期借款是多少?"
    assert share(question, "2024年长期借款为3万元") < share(question, "2024年短期借款为3万元")


@pytest.mark.parametrize(
    ("question", "sentence", "lead"),
    [
        ("是否超过30%?", "占比4%,未超过30%。", "否。"),
        ("Does it exceed 30%?", "占比4%,未超过30%。", "No. "),
        ("有没有超过30%?", "占比4%,未超过30%。", "否。"),
        ("是否不存在减值?", "商誉不存在减值。", ""),
        ("是否超过30%?", "占比为34%。", ""),
        ("收入是多少?", "收入未超过30万元。", ""),
    ],
)
def test_only_a_denial_in_so_many_words_decides(question: str, sentence: str, lead: str) -> None:
    assert verdict(understand(question, []), sentence) == lead
