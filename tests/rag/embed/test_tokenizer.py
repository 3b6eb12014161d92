from __future__ import annotations

import struct
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer

from rag.embed.tokenizer import build_tokenizer
from rag.embed.weights import PackedModel

SHARED = Path(__file__).parents[4] / "shared" / "filings"


@pytest.fixture(scope="module")
def tokenizer(packed: PackedModel) -> Tokenizer:
    return build_tokenizer(packed.pieces, packed.sizes)


def pieces(tokenizer: Tokenizer, text: str) -> list[str]:
    return tokenizer.encode(text).tokens


def test_a_text_is_wrapped_in_the_special_tokens(tokenizer: Tokenizer) -> None:
    encoding = tokenizer.encode("营业收入")
    assert encoding.tokens[0] == "<s>"
    assert encoding.tokens[-1] == "</s>"
    assert (encoding.ids[0], encoding.ids[-1]) == (0, 2)


def test_wide_digits_become_plain_ones_and_the_wide_tilde_stays(tokenizer: Tokenizer) -> None:
    assert pieces(tokenizer, "１７，５８９") == pieces(tokenizer, "17,589")
    assert "～" in "".join(pieces(tokenizer, "1月～6月"))


def test_white_space_of_any_kind_and_length_is_one_space(tokenizer: Tokenizer) -> None:
    assert pieces(tokenizer, "a\u3000\t \n b\u200b\ufeffc") == pieces(tokenizer, "a b c")


def test_control_characters_are_dropped(tokenizer: Tokenizer) -> None:
    assert pieces(tokenizer, "营业\x07收\x1f入") == pieces(tokenizer, "营业收入")


def test_a_long_text_is_cut_to_the_length_of_the_model(tokenizer: Tokenizer) -> None:
    assert len(tokenizer.encode("收入。" * 1000).ids) == 512
    assert tokenizer.encode("收入。" * 1000).tokens[-1] == "</s>"


def test_normalisation_is_the_models_own_save_for_74_rare_code_points(
    tokenizer: Tokenizer, weights: Path
) -> None:
    """Every code point that either changes, against the map that the file itself carries."""
    table = normalisation_map(weights)
    changed = {c for c in map(chr, range(0x110000)) if unicodedata.normalize("NFKC", c) != c}
    unlike = [
        character
        for character in sorted(changed | table.keys())
        if tokenizer.normalizer.normalize_str(character) != table.get(character, character)
    ]
    # Newer than the map: U+32FF, four Latin letters, and modifier letters of Unicode 14 and later.
    assert len(unlike) <= 74
    assert all(ord(c) >= 0x10780 or c in "\u32ff\ua7f1\ua7f2\ua7f3\ua7f4\uab69" for c in unlike)
    assert "～" in changed - set(unlike)


def normalisation_map(weights: Path) -> dict[str, str]:
    """Character -> replacement, from the packed file."""
    data = weights.read_bytes()
    start = 4 + struct.calcsize("<I7ifi")
    count, *_, blob = struct.unpack_from("<5iQ", data, start)
    start += struct.calcsize("<5iQ") + 4 * (count + 1) + 4 * count + blob
    (entries,) = struct.unpack_from("<i", data, start)
    start += 8
    table = {}
    for _ in range(entries):
        code, length = struct.unpack_from("<IB", data, start)
        codes = struct.unpack_from(f"<{length}I", data, start + 5)
        table[chr(code)] = "".join(map(chr, codes))
        start += 5 + 4 * length
    return table


def test_token_counts_of_real_filings_equal_the_engines(tokenizer: Tokenizer, engine: Any) -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared/filings is not here")
    checked = 0
    for path in sorted(SHARED.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for start in range(0, len(text), 6000):
            piece = text[start : start + 300]
            assert len(tokenizer.encode("passage: " + piece).ids) == engine.token_count(piece)
            checked += 1
    assert checked > 100
