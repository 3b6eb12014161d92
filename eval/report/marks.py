"""Marking spans in a text for the page: figures whatever their separators, quotes verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

Span = tuple[int, int]


def locate(text: str, needle: str) -> list[Span]:
    """Where `needle` stands in `text`; separators within figures and white space do not count."""
    wanted = [c for c in needle if not c.isspace() and c not in ",，"]
    if not wanted:
        return []
    pattern = r"[\s,，]*".join(re.escape(c) for c in wanted)
    before = r"(?<![\d.])" if wanted[0].isdigit() else ""
    after = r"(?!\d)" if wanted[-1].isdigit() else ""
    return [match.span() for match in re.finditer(before + pattern + after, text, re.IGNORECASE)]


def marked(text: str, spans: Iterable[Span], kind: str = "gold") -> str:
    """`text` as HTML with each span in a <mark>; overlapping spans become one."""
    pieces, at = [], 0
    for start, end in merged(spans):
        pieces += [
            escape(text[at:start]),
            f'<mark class="{kind}">',
            escape(text[start:end]),
            "</mark>",
        ]
        at = end
    return "".join([*pieces, escape(text[at:])])


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, with those that touch or overlap joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
