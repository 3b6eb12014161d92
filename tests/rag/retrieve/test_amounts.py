from __future__ import annotations

import pytest

from rag.retrieve.amounts import amounts, without_amounts
from rag.retrieve.concepts import concepts_of


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("rmb 1.2 billion", {("12",), ("120000",), ("1200000000",)}),
        ("345 million yuan", {("34500",), ("3.45",), ("345000000",)}),
        ("34,500万元", {("34500",), ("3.45",), ("345000000",)}),
        ("12亿元", {("120000",), ("1200",)}),
        ("18 thousand", {("18000",), ("1.8",)}),
    ],
)
def test_an_amount_brings_the_figures_of_other_units(
    said: str, printed: set[tuple[str, ...]]
) -> None:
    ((_, forms),) = amounts(said)
    assert printed <= set(forms)


def test_a_plain_figure_and_a_word_are_no_amounts() -> None:
    assert list(amounts("3 mobile factories, 2024, 万一, q10")) == []


def test_an_amount_is_one_idea_of_a_question() -> None:
    found = {c.said for c in concepts_of("if 345 million yuan is raised", english=True)}
    assert "345 million yuan" in found
    assert not {"345", "million"} & found


def test_the_rest_of_the_text_stays() -> None:
    assert without_amounts("补流34,500万元后的缺口").split() == ["补流", "后的缺口"]
