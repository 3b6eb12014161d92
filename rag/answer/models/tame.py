"""What is taken out of a model's stream before anyone sees it: its reasoning, and endless text."""

from __future__ import annotations

_OPEN, _CLOSE = "<think>", "</think>"
_UNIT = 120
"""The longest piece of text whose repetition counts, in characters."""
_LOOPED = 200
"""Repeated characters that make a loop; a rule of dashes or a short list stays below."""
CHARACTERS_A_TOKEN = 6
"""More than any tokenizer averages: what is longer ignores the limit of tokens that it was given."""


class Thoughts:
    """Leaves out a reasoning block at the start of a stream, whatever way it is cut in pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking: bool | None = None
        self._begun = False

    def visible(self, piece: str) -> str:
        """The part of `piece` (and of what was held back before it) that is no reasoning."""
        self._held += piece
        if self._thinking is None:
            start = self._held.lstrip()
            if len(start) < len(_OPEN) and _OPEN.startswith(start):
                return ""
            self._thinking = start.startswith(_OPEN)
        if self._thinking:
            _, closed, self._held = self._held.rpartition(_CLOSE)
            if not closed:
                return ""
            self._thinking = False
        return self._released()

    def rest(self) -> str:
        """What was still held back when the stream ended (nothing when it ended in thought)."""
        return "" if self._thinking else self._released()

    def _released(self) -> str:
        text, self._held = self._held, ""
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        return text


class Runaway:
    """Tells when a draft has to be cut: longer than its tokens can be, or going in circles."""

    def __init__(self, max_tokens: int) -> None:
        self._limit = max_tokens * CHARACTERS_A_TOKEN
        self._length = 0
        self._checked = 0
        self._tail = ""

    def reason(self, piece: str) -> str:
        """Empty while all is well, else why the draft ends with this piece."""
        self._length += len(piece)
        self._tail = (self._tail + piece)[-4 * _UNIT :]
        if self._length > self._limit:
            return "it did not stop"
        if self._length - self._checked >= 32:
            self._checked = self._length
            if looping(self._tail):
                return "it repeated itself"
        return ""


def looping(text: str) -> bool:
    """Whether `text` ends in the same words four times or more (200 characters at least)."""
    for unit in range(1, _UNIT + 1):
        span = max(_LOOPED, 4 * unit)
        if len(text) >= span and text[-span:-unit] == text[-span + unit :]:
            return True
    return False
