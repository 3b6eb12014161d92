from __future__ import annotations

import pytest

from rag.retrieve.lexicon import english_ideas, entries, is_loose, synonyms


def chinese(text: str) -> set[str]:
    return {form for _, forms in english_ideas(text) for form in forms}


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("Which acquired companies does the goodwill come from?", "商誉"),
        ("net cash inflow from operating activities", "经营活动产生的现金流量净额"),
        ("How was capitalisation of R&D handled?", "资本化"),
        ("Who is the board secretary?", "董事会秘书"),
        ("the winning bid price", "中标价"),
        ("deductible losses were pledged as collateral", "抵押"),
        ("the auditors' qualified opinion", "保留意见"),
        ("a double-blind, placebo-controlled trial", "双盲"),
        ("lock-up of the shares", "锁定期"),
        ("disposing of a subsidiary", "出售"),
    ],
)
def test_an_english_question_brings_the_chinese_word(asked: str, printed: str) -> None:
    assert printed in chinese(asked)


def test_an_inflected_verb_is_known_by_its_base() -> None:
    assert chinese("terminating") == chinese("terminate")
    assert chinese("stipulated") == chinese("stipulates")


def test_british_and_american_spellings_are_one() -> None:
    assert chinese("amortisation") == chinese("amortization")
    assert chinese("recognised") == chinese("recognized")
    assert chinese("direct labour") == chinese("direct labor")


def test_the_longest_phrase_counts() -> None:
    assert [said for said, _ in english_ideas("net profit margin")] == ["net profit margin"]


def test_a_word_of_general_use_is_told_from_a_term_of_finance() -> None:
    assert is_loose("agreed")
    assert not is_loose("gross margin")


def test_loose_words_are_not_said_to_mean_the_same() -> None:
    strict = {form for english, _ in entries() for form in english}
    assert "gross margin" in strict
    assert "board secretary" not in strict


def test_every_line_of_the_word_lists_is_whole() -> None:
    assert all(all(forms) for pair in entries() for forms in pair)
    assert all(others and form not in others for form, others in synonyms().items())
