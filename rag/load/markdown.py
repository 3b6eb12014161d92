"""Markdown: its headings, pipe tables and paragraphs, without the marks that set them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.errors import EmptyDocument
from rag.load.base import Loaded, Progressed
from rag.load.captions import captioned
from rag.load.decode import decode
from rag.load.grid import cleaned
from rag.load.prose import join_parts
from rag.load.safety import MOST_TEXT_BYTES, check_size
from rag.types import Block, Heading, Page, Paragraph, Table

_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_DIVIDER = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_UNSEEN = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_IMAGE = re.compile(r"!\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_LINK = re.compile(
    r"\[([^\[\]]{1,500})\](?:\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)|\[[^\[\]]{0,200}\])"
)
_MARK = re.compile(r"\*{1,3}|_{1,3}|~~|`+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_HELD = 0xE000
"""Private-use place where an escaped sign waits while marks are taken off."""
_FRONT = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|date|author|company)\s*:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)


def load_markdown(path: Path, *, progress: Progressed | None = None) -> Loaded:
    """Load a Markdown file as one page without a label; front matter gives hints.

    Raises EmptyDocument for one without text, UnsafeDocument for one too large, LoadError for one
    that cannot be read.
    """
    check_size(path, most=MOST_TEXT_BYTES)
    text = decode(path.read_bytes(), name=str(path))
    hints: dict[str, str] = {}
    if front := _FRONT.match(text):
        hints = dict(_FIELD.findall(front[1]))
        text = text[front.end() :]
    blocks = blocks_of(text)
    if not blocks:
        raise EmptyDocument(f"{path}: has no text; remove it or export it again")
    if progress:
        progress(1, 1)
    return Loaded((Page(None, 0, tuple(blocks)),), hints)


def blocks_of(text: str) -> list[Block]:
    """Headings, paragraphs and tables of a Markdown text."""
    lines = _UNSEEN.sub("", _without_comments(text)).split("\n")
    blocks: list[Block] = []
    for kind, part in _parts(lines):
        if kind == "table":
            _add_table(blocks, part)
        elif kind.startswith("h"):
            if title := plain(" ".join(part)):
                blocks.append(Heading(title, int(kind[1])))
        elif words := _paragraph(part, verbatim=kind == "code"):
            blocks.append(Paragraph(words))
    return blocks


def _without_comments(text: str) -> str:
    """Without <!-- … -->; one that is never closed goes on to the end."""
    parts: list[str] = []
    start = 0
    while (opening := text.find("<!--", start)) >= 0:
        parts.append(text[start:opening])
        closing = text.find("-->", opening + 4)
        start = closing + 3 if closing >= 0 else len(text)
    return "".join([*parts, text[start:]])


def _parts(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Runs of lines: "h1" to "h6", "table", "code" or "text"."""
    held: list[str] = []
    i = 0
    while i < len(lines):
        line = lines[i]
        kind, part, end = _special(lines, i)
        if not kind and held and line.strip() and (under := _UNDERLINE.match(line)):
            yield ("h1" if under[1][0] == "=" else "h2"), held
            held, i = [], i + 1
            continue
        if kind or not line.strip() or _ITEM.match(line) or _RULE.match(line):
            if held:
                yield "text", held
            held = []
        if kind:
            yield kind, part
            i = end
            continue
        if line.strip() and not _RULE.match(line):
            held.append(line)
        i += 1
    if held:
        yield "text", held


def _special(lines: Sequence[str], i: int) -> tuple[str, list[str], int]:
    """(kind, lines, next) of a heading, table or fence that opens at line `i`; kind "" for none."""
    if match := _HEADING.match(lines[i]):
        return f"h{len(match[1])}", [match[2] or ""], i + 1
    if match := _FENCE.match(lines[i]):
        end = i + 1
        while end < len(lines) and not lines[end].strip().startswith(match[1]):
            end += 1
        return "code", list(lines[i + 1 : end]), end + 1
    if (
        "|" in lines[i]
        and i + 1 < len(lines)
        and _DIVIDER.match(lines[i + 1])
        and "-" in lines[i + 1]
    ):
        end = i + 2
        while end < len(lines) and "|" in lines[end] and lines[end].strip():
            end += 1
        return "table", list(lines[i:end]), end
    return "", [], i


def _add_table(blocks: list[Block], lines: Sequence[str]) -> None:
    rows = [_cells(line) for line in (lines[0], *lines[2:])]
    width = max(map(len, rows))
    full = [row + ("",) * (width - len(row)) for row in rows]
    header = (full[0],) if any(full[0]) else ()
    if width < 2:
        blocks.extend(Paragraph(row[0]) for row in full if row[0])
        return
    table, used = captioned(Table("", "", header, tuple(full[1:])), blocks)
    if used:
        blocks.pop()
    blocks.append(table)


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a table's line; a bar after a backslash is text."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return tuple(plain(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", inner))


def _paragraph(lines: Sequence[str], *, verbatim: bool) -> str:
    if verbatim:
        return "\n".join(lines).strip()
    text = ""
    for line in lines:
        text = join_parts(text, plain(re.sub(r"^\s*(?:>\s?)+", "", line)))
    return text


def plain(text: str) -> str:
    """Words without the marks of Markdown and HTML: emphasis, links, images, tags, escapes."""
    text = _ESCAPE.sub(lambda match: chr(_HELD + ord(match[1])), text)
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = re.sub(r"<br\s*/?>", " ", text, flags=re.IGNORECASE)
    text = _TAG.sub("", text)
    text = _without_marks(text)
    text = re.sub(r"[\ue000-\ue07f]", lambda match: chr(ord(match[0]) - _HELD), text)
    return cleaned(html.unescape(text))


def _without_marks(text: str) -> str:
    """Without the pairs of marks around emphasised words and code; a mark alone is text."""
    gone: list[tuple[int, int]] = []
    waiting: dict[str, list[tuple[int, int]]] = {}
    for match in _MARK.finditer(text):
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        inside = before.isalnum() and after.isalnum()
        if inside and (match[0][0] == "_" or (before.isdigit() and after.isdigit())):
            continue
        opened = waiting.setdefault(match[0], [])
        if opened and before and not before.isspace():
            gone += [opened.pop(), (start, end)]
        elif after and not after.isspace():
            opened.append((start, end))
    parts, last = [], 0
    for start, end in sorted(gone):
        parts.append(text[last:start])
        last = end
    return "".join([*parts, text[last:]])
