"""Hard-wrapped lines joined into paragraphs and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load.columns import width_of
from rag.load.outline import REPLY_MARK, heading_level, numbering
from rag.types import Heading, Paragraph

_ENDS = re.compile(r"[。！？!?;；:：…][\"”’」』)）】》]*\s*$|[.][\"”’)]?\s*$")
_GOES_ON = re.compile(r"[,，、(（《“‘:及和与或的为至-]\s*$")
_NOTE = re.compile(r"^\s*(?:注\s*\d{0,2}\s*[:：]|资料来源|数据来源|Notes?:|Source:)")
_HAN_OR_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]")


_OF_TITLE = re.compile(r"^\s*[及与和、或][^，。；]{1,20}$")
"""What a chapter's title goes on with on its second line ("及有关中介机构声明")."""
SHORTEST_WRAPPED = 60
"""Display columns that a wrapped line has at the least, where the export's width is unknown."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How an export wraps its lines: `base` indent, `width` of a full line (0: not wrapped)."""

    base: int
    width: int
    indented: bool
    piped: bool = False
    """Whether the export separates cells with "|", so that nothing is glued."""


def shape_of(lines: Sequence[str], *, indented: bool) -> Shape:
    """Read base indent and full width (display columns) off the longest lines."""
    filled = [line for line in lines if line.strip()]
    if not filled:
        return Shape(0, 0, indented)
    if not indented:
        return Shape(0, _wrap_width(filled), indented)
    widths = [width_of(line.rstrip()) for line in filled]
    full = max(widths)
    long = [line for line, width in zip(filled, widths, strict=True) if width >= 0.75 * full]
    base = min((_indent(line) for line in long), default=0)
    return Shape(base, full, indented)


def _wrap_width(lines: Sequence[str]) -> int:
    """The width at which lines without an end mark stop, where many stop at the same width."""
    wordy = [line for line in lines if re.search(r"[,，、]", line) and not _ENDS.search(line)]
    open_ends = [width for width in map(width_of, wordy) if 40 < width <= 120]
    if len(open_ends) < 20:
        return 0
    counts = Counter(width // 4 for width in open_ends)
    peak = max(counts, key=lambda k: sum(counts[k + d] for d in (-1, 0, 1)))
    near = sum(counts[peak + d] for d in (-1, 0, 1))
    return 4 * peak + 3 if near >= 0.38 * len(open_ends) else 0


def _indent(line: str) -> int:
    return width_of(line) - width_of(line.lstrip(" \t　"))


def paragraphs(lines: Sequence[str], shape: Shape) -> list[Heading | Paragraph]:
    """Join wrapped lines; each heading and each paragraph becomes one block."""
    blocks: list[Heading | Paragraph] = []
    buffer: list[str] = []

    def flush() -> None:
        if buffer:
            blocks.append(_block(join_lines(buffer)))
            buffer.clear()

    after_blank = False
    for line in lines:
        if not line.strip():
            after_blank = True
            continue
        if buffer and not _continues(buffer, line, shape, after_blank=after_blank):
            flush()
        buffer.append(line)
        after_blank = False
    flush()
    return blocks


def _continues(buffer: Sequence[str], line: str, shape: Shape, *, after_blank: bool) -> bool:
    previous = buffer[-1].rstrip()
    if _NOTE.match(line) or REPLY_MARK.match(line) or REPLY_MARK.match(buffer[0]):
        return False
    if shape.indented:
        full = width_of(previous) >= 0.8 * shape.width
        if _starts_heading(line) and (not full or _ENDS.search(previous)):
            return False
        if not full and heading_level(join_lines(buffer)) is not None:
            return False
        return _continues_indented(previous, line, shape, after_blank=after_blank)
    if after_blank and _stands_alone(buffer, shape):
        return False
    return _continues_flow(buffer, previous, line, shape)


def _stands_alone(buffer: Sequence[str], shape: Shape) -> bool:
    """A single short line above a blank one, which no wrapping ended."""
    short = width_of(buffer[0]) < (shape.width - 12 if shape.width else SHORTEST_WRAPPED)
    return len(buffer) == 1 and short and not _GOES_ON.search(buffer[0])


def _continues_indented(previous: str, line: str, shape: Shape, *, after_blank: bool) -> bool:
    """A new paragraph is indented; a line at the base indent goes on with the one before."""
    if _indent(line) >= shape.base + 3:
        return False
    if after_blank and _ENDS.search(previous):
        return False
    return not after_blank or width_of(previous) >= 0.8 * shape.width


def _continues_flow(buffer: Sequence[str], previous: str, line: str, shape: Shape) -> bool:
    """Without indents: a sentence without its end goes on, unless a heading stands complete."""
    if _GOES_ON.search(previous) and not _ENDS.search(previous):
        return True
    if _ENDS.search(previous):
        return False
    if _starts_heading(line):
        return False
    if _OF_TITLE.match(line) and _is_chapter(buffer):
        return True
    width = width_of(previous)
    if heading_level(join_lines(buffer)) is not None:
        return bool(shape.width) and abs(width - shape.width) <= 7
    if shape.width and width < shape.width - 12:
        return False
    return width >= 40 or (not shape.width and width >= 60)


def _is_chapter(buffer: Sequence[str]) -> bool:
    found = numbering(buffer[0])
    return found is not None and found.style == "chapter" and len(buffer) == 1


def _starts_heading(line: str) -> bool:
    found = numbering(line)
    return found is not None and (found.level <= 6 and heading_level(line) is not None)


def join_lines(lines: Sequence[str]) -> str:
    """Wrapped lines as one text: no space where Han characters meet, one between words."""
    text = ""
    for line in lines:
        part = re.sub(r"[ \t　]+", " ", line.strip())
        text = join_parts(text, part)
    return text


def join_parts(left: str, right: str) -> str:
    """Two wrapped parts joined; a hyphen at a word's break stays as printed."""
    if not left or not right:
        return left + right
    if _HAN_OR_WIDE.match(left[-1]) or _HAN_OR_WIDE.match(right[0]) or left[-1] in "-–/":
        return left + right
    if left[-1].isdigit() and right[0] in ",.%％":
        return left + right
    if left[-1] in ",.(" and right[0].isdigit() and left[-2:-1].isdigit():
        return left + right
    return f"{left} {right}"


def _block(text: str) -> Heading | Paragraph:
    level = heading_level(text)
    if re.fullmatch(r"目\s*录", text):
        text = "目录"
    if level is not None and not REPLY_MARK.match(text):
        return Heading(text, level)
    return Paragraph(text)


def ends_sentence(text: str) -> bool:
    """Whether a text ends with a mark that closes a sentence."""
    return bool(_ENDS.search(text))
