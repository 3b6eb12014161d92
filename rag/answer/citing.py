"""From a draft to statements with their source numbers: markers read, checked and made alike.

Models write [1], [1][3], [1, 3], [1-3], ［１］, 【1】, [^1], [来源1] or [source 1]. All of them become
`[1][3]`, before the closing punctuation when they stood behind it. A number that no source has is
taken out and counted, never shown. A document number (〔2024〕12号, [2024]) is no marker.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

_NAME = r"(?:(?:来源|资料|文献|出处|引用|证据|sources?|references?|refs?\.?)\s*)?[:：#^]?\s*"
_NUMBER = r"[0-9０-９]{1,3}(?:†[^\]】］]{0,40})?"
_SEPARATOR = r"\s*(?:[,，、;；~～–—－‑-]|至|和|及|and|&)\s*"
_INSIDE = rf"{_NAME}{_NUMBER}(?:{_SEPARATOR}{_NAME}{_NUMBER})*"
MARKER = re.compile(rf"\s*(?:\[\[?|［|【)\s*(?P<inside>{_INSIDE})\s*(?:\]\]?|］|】)", re.IGNORECASE)
"""A citation marker of any style, with the white space before it."""
_BARE = MARKER.pattern.replace("?P<inside>", "")

_ENDERS, _QUOTES = "。！？!?；;.", '”’」』"'
_ABBREVIATED = "".join(
    rf"(?<!\b{word})"
    for word in ("No", "Inc", "Ltd", "Co", "Corp", "Mr", "Mrs", "Dr", "vs", "approx")
)
_END = re.compile(
    rf"(?:[。！？!?；;]+|{_ABBREVIATED}(?<!\b[A-Z])\.(?=\s*$|\s+[A-Z“\"(])"
    rf"|\.(?={_BARE}))[{_QUOTES}]*"
)
_PARTS = re.compile(
    rf"(?P<body>.*?)(?P<before>(?:[{_ENDERS}]+[{_QUOTES}]*)?)(?P<cited>(?:{_BARE})*)"
    rf"\s*(?P<after>[{_ENDERS}]*)\s*",
    re.DOTALL | re.IGNORECASE,
)
_BULLET = re.compile(
    r"\s*(?:[-*•·]\s+|\(?\d{1,2}[.)]\s+|[（(]\d{1,2}[)）]\s*|\d{1,2}、\s*|#{1,4}\s+)?"
)
_LEAD = re.compile(r"^\s*(?:最终)?(?:答案|回答|final answer|answer)\s*[:：]\s*", re.IGNORECASE)
_MISSING = re.compile(
    r"^\W*(?:[^，。：:]{1,12}[:：]\s*)?(?:未提及|未说明|未披露|缺少|缺失|missing|not stated)\s*[:：]\s*(?P<part>.+)$",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"^(?:(?:所给|提供的|上述|以上|现有)?(?:资料|来源|文档)(?:中|里|内)?(?:并)?(?:没有|未|无)"
    r"|(?:the )?(?:given |provided )?(?:sources?|documents?|context) (?:do|does) not )",
    re.IGNORECASE,
)
_NOTHING = ("无", "没有", "none", "nothing", "n/a")
_REFUSAL = re.compile(r"[\W_]*NOT[\s_]*IN[\s_]*(?:THE[\s_]*)?DOCUMENTS?[\W_]*", re.IGNORECASE)
_DEEPEST = 8
"""Brackets inside brackets that are worth taking apart."""
_WORD = re.compile(r"[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its markers; `Cited.text[start:end]` is the same with them."""

    text: str
    start: int
    end: int
    numbers: tuple[int, ...]
    """Source numbers, each once, in the order cited; empty where the model forgot them."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A draft as read: `text` is its statements with markers in one style.

    `unknown` holds every number that no source has, as often as it was cited; `missing` the parts
    of the question that the model says the sources lack; `refused` tells that nothing is stated.
    """

    text: str
    statements: tuple[Statement, ...]
    unknown: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class _Sentence:
    plain: str
    marked: str
    numbers: tuple[int, ...]
    unknown: tuple[int, ...]
    new_line: bool


def is_refusal(draft: str) -> bool:
    """Whether a draft is the refusal word of the prompts and nothing else."""
    return _REFUSAL.fullmatch(MARKER.sub("", draft)) is not None


def resolve(draft: str, count: int) -> Cited:
    """Read a draft that was written over sources 1 to `count`.

    Left out: the refusal word beside statements, "Answer:" in front, bold marks, and what is said a
    second time in the same words.
    """
    cited = _resolved(draft, count)
    for _ in range(_DEEPEST):
        # Taking a marker out of brackets inside brackets can leave another one behind.
        again = _resolved(cited.text, count)
        if not again.unknown:
            break
        missing, unknown = cited.missing + again.missing, cited.unknown + again.unknown
        cited = replace(again, missing=missing, unknown=unknown)
    return cited


def _resolved(draft: str, count: int) -> Cited:
    sentences: list[_Sentence] = []
    missing: list[str] = []
    unknown: list[int] = []
    for line in _lines(draft):
        for number, piece in enumerate(_sentences(line)):
            sentence = _read(piece, count, new_line=number == 0)
            unknown += sentence.unknown
            if part := _missing(sentence.plain):
                missing.append(part)
            elif not _REFUSAL.fullmatch(sentence.plain) and not _said(sentence, sentences):
                sentences.append(sentence)
    missing = [part for part in missing if part.lower() not in _NOTHING]
    text, statements = _joined(sentences)
    return Cited(text, statements, tuple(unknown), tuple(missing), refused=not statements)


def numbers_in(marker: str) -> tuple[int, ...]:
    """The source numbers that a marker names: "[1, 3-5]" gives 1, 3, 4, 5."""
    inside = re.sub(r"†[^,;、]*", "", unicodedata.normalize("NFKC", marker))
    numbers: list[int] = []
    for part in re.split(r"[,;、&和及]|and", inside):
        found = [int(digits) for digits in re.findall(r"\d+", part)]
        numbers += range(min(found), max(found) + 1) if len(found) == 2 else found
    return tuple(dict.fromkeys(numbers))


def _lines(draft: str) -> list[str]:
    """The lines with something in them; one of markers alone belongs to the line before it."""
    lines: list[str] = []
    draft = _LEAD.sub("", draft.rpartition("</think>")[2].replace("**", ""))
    for line in draft.splitlines():
        if lines and not _WORD.search(MARKER.sub("", line)):
            lines[-1] += line.strip()
        elif _WORD.search(line):
            lines.append(line.rstrip())
    return lines


def _sentences(line: str) -> Iterator[str]:
    """The sentences of a line, each with the markers behind it.

    A semicolon ends one only where markers tell that the clause before it has its own source. In a
    line that starts with a marker and does not end with one, markers stand before what they cite.
    """
    leading = MARKER.match(line) and not line.rstrip(_ENDERS + " ").endswith(("]", "］", "】"))
    start = 0
    for found in _END.finditer(line):
        end = found.end()
        while not leading and (marker := MARKER.match(line, end)):
            end = marker.end()
        piece = line[start:end]
        weak = found[0][0] in "；;" and not MARKER.search(piece)
        if end > start and not weak and _LETTER.search(MARKER.sub("", piece)):
            yield piece
            start = end
    if line[start:].strip():
        yield line[start:]


def _read(piece: str, count: int, *, new_line: bool) -> _Sentence:
    """A sentence with its markers in our style, and without them."""
    known: list[int] = []
    unknown: list[int] = []
    space = "" if _HAN.search(piece) else " "

    def ours(marker: re.Match[str]) -> str:
        numbers = numbers_in(marker["inside"])
        kept = [number for number in numbers if 1 <= number <= count]
        known.extend(kept)
        unknown.extend(number for number in numbers if number not in kept)
        return (space if kept else "") + "".join(f"[{number}]" for number in kept)

    parts = _PARTS.fullmatch(piece)
    assert parts is not None  # every part of the pattern may be empty
    body, cited = MARKER.sub(ours, parts["body"]), MARKER.sub(ours, parts["cited"])
    cited = "".join(dict.fromkeys(re.findall(r"\[\d+\]", cited)))
    ending = parts["before"] or parts["after"]
    plain = MARKER.sub("", parts["body"]) + ending
    return _Sentence(
        plain=_BULLET.sub("", plain, count=1).strip(),
        marked=(body.rstrip() + space + cited + ending if cited else body + ending),
        numbers=tuple(dict.fromkeys(known)),
        unknown=tuple(unknown),
        new_line=new_line,
    )


def _missing(plain: str) -> str:
    if found := _MISSING.match(plain):
        return found["part"].strip(" 。.;；")
    return plain if _SILENT.match(plain) else ""


def _said(sentence: _Sentence, before: list[_Sentence]) -> bool:
    return not _WORD.search(sentence.plain) or any(
        sentence.plain == other.plain for other in before
    )


def _joined(sentences: list[_Sentence]) -> tuple[str, tuple[Statement, ...]]:
    """The text of all sentences, and where in it each one stands."""
    text = ""
    statements = []
    for sentence in sentences:
        marked = sentence.marked.strip()
        if text:
            gap = len(sentence.marked) - len(sentence.marked.lstrip())
            text += "\n" if sentence.new_line else sentence.marked[:gap]
        bullet = _BULLET.match(marked)
        start = len(text) + (bullet.end() if bullet else 0)
        text += marked
        statements.append(Statement(sentence.plain, start, len(text), sentence.numbers))
    return text, tuple(statements)
