"""Rebuild the XLM-R tokenizer of multilingual-e5 from its Unigram pieces, as a `tokenizers` object.

The original normalises with SentencePiece's nmt_nfkc: NFKC with whitespace folded, control
characters dropped and U+FF5E (～, common between Chinese dates) left alone. The rules below say
the same without its compiled map; the only other difference over all of Unicode is 73 rare code
points newer than the map (tests/rag/embed/test_tokenizer.py counts them).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rag.embed.weights import Pieces, Sizes

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

DROPPED = r"[\x{01}-\x{08}\x{0B}\x{0E}-\x{1F}\x{7F}\x{8F}\x{9F}]"
SPACES = r"[\x{00}\x{09}\x{0A}\x{0C}\x{0D}\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"
WIDE_TILDE = "\uff5e"
STAND_IN = "\ue0ff"
"""A private-use character that carries the wide tilde past NFKC."""
SPACE = "▁"
"""What stands for a space in pieces, and in front of a text."""


def build_tokenizer(pieces: Pieces, sizes: Sizes) -> Tokenizer:
    """The fast tokenizer: truncates to the model's positions, wraps in <s> … </s>, does not pad."""
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(pieces.scored), unk_id=pieces.unk))
    tokenizer.normalizer = make_normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")
    bos, eos, pad, unk = (
        pieces.scored[i][0] for i in (pieces.bos, pieces.eos, pieces.pad, pieces.unk)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, pieces.bos), (eos, pieces.eos)],
    )
    mask = pieces.scored[-1][0]
    tokenizer.add_special_tokens(
        [
            *(AddedToken(t, normalized=False) for t in (bos, pad, eos, unk)),
            AddedToken(mask, lstrip=True, normalized=False),
        ]
    )
    tokenizer.enable_truncation(sizes.positions)
    return tokenizer


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer that was saved in a model directory."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))


def make_normalizer() -> Normalizer:
    """What a text goes through before it is cut into pieces."""
    from tokenizers import Regex, normalizers

    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(DROPPED), ""),
            normalizers.Replace(Regex(SPACES), " "),
            normalizers.Replace(WIDE_TILDE, STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(STAND_IN, WIDE_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
