"""Token ids of one text without the whole tokenizer, which takes a second to build.

How a text is cut depends only on the pieces that occur in it. Those are looked up, and a tokenizer of
them alone is built for the text in a millisecond or two: the same code cuts both ways, so the ids
are the same. A piece too many among them changes nothing.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from rag.embed.tokenizer import SPACE, build_tokenizer, make_normalizer
from rag.embed.weights import Pieces, Sizes

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
LONGEST = 4000
"""Characters of a text that is cut this way: a long one has too many substrings to look up."""
_WORD = 8
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(_WORD + 1)], np.uint64)
"""Keep the first n bytes of a word of eight."""
_FIRST, _LAST = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
"""Odd, so that multiplying by them loses nothing in 64 bits."""


class PieceIndex:
    """The pieces by a key made of their first and last bytes and their length."""

    def __init__(self, pieces: Pieces) -> None:
        starts = pieces.offsets[:-1].astype(np.int64)
        lengths = np.diff(pieces.offsets).astype(np.int64)
        keys = _keys(pieces.blob, starts, lengths)
        self._longest = int(lengths.max())
        self._ids = np.argsort(keys)
        self._keys = keys[self._ids]

    def within(self, text: str) -> set[int]:
        """Ids of all pieces that occur in a text; others with the same key may be among them."""
        data = text.encode("utf-8")
        starts, lengths = np.meshgrid(np.arange(len(data)), np.arange(1, self._longest + 1))
        inside = starts + lengths <= len(data)
        keys = np.unique(_keys(data, starts[inside], lengths[inside]))
        first = np.searchsorted(self._keys, keys, side="left")
        last = np.searchsorted(self._keys, keys, side="right")
        some = first < last
        rows = [range(a, b) for a, b in zip(first[some], last[some], strict=True)]
        return {int(i) for part in rows for i in self._ids[part.start : part.stop]}


def _keys(data: bytes, starts: Places, lengths: Places) -> Keys:
    """A key for each stretch of bytes; equal stretches have equal keys."""
    words: Keys = np.ndarray(len(data) + 1, "<u8", data + bytes(_WORD), strides=(1,))
    masks = _MASKS[np.minimum(lengths, _WORD)]
    last = starts + np.maximum(lengths - _WORD, 0)
    keys: Keys = (words[starts] & masks) * _FIRST + (words[last] & masks) * _LAST
    return keys + lengths.astype(np.uint64)


class QuickTokens:
    """Cuts one text at a time into the ids that the whole tokenizer gives."""

    def __init__(self, pieces: Pieces, sizes: Sizes) -> None:
        self._pieces = pieces
        self._sizes = sizes
        self._normalizer = make_normalizer()
        specials = (pieces.bos, pieces.pad, pieces.eos, pieces.unk, len(pieces.scores) - 1)
        # An unknown character costs more than the least likely piece, so that one is always there.
        self._always = {*specials, int(pieces.scores.argmin())}
        self._specials = [pieces.piece(i)[0] for i in specials]

    @cached_property
    def _index(self) -> PieceIndex:
        return PieceIndex(self._pieces)

    def ids(self, text: str) -> list[int] | None:
        """Token ids, specials included, cut to the model's length; None for a text that is very long
        or spells a special token, which the whole tokenizer is needed for."""
        if len(text) > LONGEST or any(special in text for special in self._specials):
            return None
        spaced = SPACE + self._normalizer.normalize_str(text).replace(" ", SPACE)
        known = sorted({*self._always, *self._index.within(spaced)})
        few = _some(self._pieces, known)
        found: list[int] = build_tokenizer(few, self._sizes).encode(text).ids
        return [known[i] for i in found]


def _some(pieces: Pieces, known: list[int]) -> Pieces:
    """The pieces of these ids (ascending, specials among them) as a vocabulary of its own."""
    texts = [pieces.piece(i)[0].encode("utf-8") for i in known]
    offsets = np.cumsum([0, *map(len, texts)]).astype(np.uint32)
    bos, eos, pad, unk = (known.index(i) for i in (pieces.bos, pieces.eos, pieces.pad, pieces.unk))
    return Pieces(b"".join(texts), offsets, pieces.scores[known], bos, eos, pad, unk)
