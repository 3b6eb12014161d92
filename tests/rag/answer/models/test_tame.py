"""Reasoning is left out and endless text is noticed, however the stream is cut in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.models.tame import Runaway, Thoughts, looping


def visible(pieces: list[str]) -> str:
    thoughts = Thoughts()
    return "".join(thoughts.visible(piece) for piece in pieces) + thoughts.rest()


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Sales were 5.", "Sales were 5."),
        ("<think>5? 6?</think>\n\nSales were 5.", "Sales were 5."),
        ("\n <think></think>Yes.", "Yes."),
        ("<think>never ends", ""),
        ("<0.05", "<0.05"),
        ("<thin paper>", "<thin paper>"),
        ("<th", "<th"),
        ("Say <think>aloud</think>.", "Say <think>aloud</think>."),
        ("", ""),
    ],
)
def test_only_a_reasoning_block_at_the_start_is_left_out(text: str, seen: str) -> None:
    assert visible([text]) == seen
    assert visible(list(text)) == seen


@given(st.text(alphabet="<>/think a.\n", max_size=40), st.integers(1, 7))
def test_the_cuts_between_pieces_do_not_matter(text: str, size: int) -> None:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert visible(pieces) == visible([text])


@pytest.mark.parametrize("unit", ["a", "and so on ", "净利润为3万元[1]。", "x" * 99 + "y"])
def test_the_same_words_again_and_again_are_a_loop(unit: str) -> None:
    assert looping("Sales rose. " + unit * (500 // len(unit)))


@pytest.mark.parametrize(
    "text",
    [
        "-" * 80,
        "".join(f"{year}年营业收入为{year * 7 % 1000}万元[1]。" for year in range(1990, 2025)),
        "short",
    ],
)
def test_rules_and_lists_are_no_loop(text: str) -> None:
    assert not looping(text)


def test_a_draft_longer_than_its_tokens_has_run_away() -> None:
    runaway = Runaway(max_tokens=10)
    assert runaway.reason("a fine short sentence, ") == ""
    assert runaway.reason("followed by far more words than ten tokens hold") == "it did not stop"
