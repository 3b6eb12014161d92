"""One text's tokens, cut by the pieces that occur in it, are those of the whole tokenizer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from rag.embed.tokenizer import build_tokenizer
from rag.embed.tokens import LONGEST, PieceIndex, QuickTokens
from rag.embed.weights import PackedModel, Pieces, read_packed

TEXTS = [
    "query: 2024年末存货跌价准备是多少?",
    "query: What gross margin did the company earn on harmonic reducers in FY2024?",
    "query: １７，５８９.07万元 1月～6月",
    "query: 　空  白\t\n \u200b全角",
    "query: ☃𠮷𝔘 an unknown character, and another: \U0001f9ff",
    "query: ………………………………………………",
    "query: ",
    "",
    "公司主营业务收入持续增长。" * 120,
]


@pytest.fixture(scope="module")
def whole(packed: PackedModel) -> Tokenizer:
    return build_tokenizer(packed.pieces, packed.sizes)


@pytest.fixture(scope="module")
def quick(packed: PackedModel) -> QuickTokens:
    return QuickTokens(packed.pieces, packed.sizes)


@pytest.mark.parametrize("text", TEXTS)
def test_ids_are_those_of_the_whole_tokenizer(
    text: str, quick: QuickTokens, whole: Tokenizer
) -> None:
    assert quick.ids(text) == whole.encode(text).ids


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_ids_of_any_text_are_those_of_the_whole_tokenizer(
    text: str, quick: QuickTokens, whole: Tokenizer
) -> None:
    assert quick.ids(text) in (None, whole.encode(text).ids)


def test_a_special_token_spelled_out_and_a_very_long_text_need_the_whole_tokenizer(
    quick: QuickTokens,
) -> None:
    assert quick.ids("query: <mask> of what?") is None
    assert quick.ids("收" * (LONGEST + 1)) is None


def test_the_index_finds_every_piece_of_a_text(tiny_file: Path) -> None:
    pieces: Pieces = read_packed(tiny_file).pieces
    found = {pieces.piece(i)[0] for i in PieceIndex(pieces).within("▁ab1营业")}
    assert found == {"▁", "a", "b", "1", "营", "业"}
