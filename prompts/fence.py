"""Fences: whatever comes from a filing, a file name or a user goes into a prompt as data only.

A text cannot close the fence it stands in, open another one, forge a citation marker or write a
chat template's control token: the characters that could are replaced by look-alikes, so that a
model still reads the sentence and every figure in it stays as printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from prompts.hostile import withhold

_ORIGIN_LIMIT = 120
"""Characters of a source's origin line: a file name is no place for a page of text."""

_HIDDEN = frozenset({"Cf", "Cc", "Co", "Cs"})
"""Unicode categories that a reader cannot see: format, control, private use, surrogate."""

# A tag, a comment or a control token starts with "<" and one of these; "<0.05" and "A < B" do not.
_TAG = re.compile(r"[<＜﹤](?=[!?|a-zA-Z\u4e00-\u9fff<＜]|\s*/|\s*source)", re.IGNORECASE)
_TOKEN_END = re.compile(r"(?<=\|)[>＞﹥]")
_BRACKET_TOKEN = re.compile(r"\[(?=\s*/?\s*(?:INST|SYS|AVAILABLE_TOOLS|TOOL_))")
_MARKER = re.compile(
    r"[\[［【]\s*(\^?[0-9０-９]{1,3}(?:\s*[,，、;~–-]\s*[0-9０-９]{1,3})*)\s*[\]］】]"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered piece of evidence: `origin` is what a person would call it (title, section, page)."""

    number: int
    origin: str
    text: str


def neutral(text: str) -> str:
    """`text` with everything that a prompt or a chat template could take for its own replaced.

    Invisible characters (zero-width, direction marks, tag characters) are dropped: they hide words
    from the reader that a model would still read. Figures, units and punctuation stay.
    """
    visible = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _HIDDEN)
    return _BRACKET_TOKEN.sub("(", _TOKEN_END.sub("›", _TAG.sub("‹", visible)))


def fenced(sources: Sequence[Source]) -> str:
    """The sources as numbered fences, in the order given.

    Footnote marks inside a source ("[2]") become "(2)": the only [n] a model sees are ours. What
    speaks to a model (see :mod:`prompts.hostile`) is withheld.
    """
    return "\n".join(_fence(source) for source in sources)


def _fence(source: Source) -> str:
    origin = " ".join(_plain(source.origin).split())[:_ORIGIN_LIMIT].replace('"', "”")
    text = _plain(source.text).strip()
    return f'<source n="{source.number}" from="{origin}">\n{text}\n</source>'


def _plain(text: str) -> str:
    return withhold(_MARKER.sub(r"(\1)", neutral(text)))
