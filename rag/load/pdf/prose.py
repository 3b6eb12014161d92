"""Lines of running text joined to paragraphs and headings by where they stand.

A paragraph ends where the next line is indented, set off by a gap, in another size or weight, or
where the line itself stops so early that the next word would have fitted.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from rag.load.characters import HYPHEN, is_cjk, joined
from rag.load.outline import heading_level, numbering, toc_entry
from rag.load.pdf.grids import line_text
from rag.load.pdf.spans import Line
from rag.load.prose import ends_sentence
from rag.types import Heading, Paragraph

LONG_LINE = 30
"""Characters of a line that shows where the margins are."""
FEWEST_LONG = 5
SMALLEST = 1.0
"""Points: type is not taken for smaller, whatever a broken font says."""
GAP = 1.3
"""Times the usual distance of lines from which on a paragraph ends."""
INDENT = 0.8
"""Heights of a line that count as an indent."""
BIGGER = 1.15
LONGEST_TITLE = 150
NUMBERED_NOTE, BOLD_TITLE = 4, 5
"""Levels in US filings: a numbered note ("3. Restructuring") stands above its bold titles."""
_NOTES = re.compile(r"^Notes to (?:the )?(?:\w+ )*Financial Statements\b", re.IGNORECASE)
LONGEST_ITALIC = 90
_MARKER = re.compile(r"^(?:[•●▪■◆○□☑❖➢✓⇨→·*†‡–—-]\s|[(（]?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[)）.]\s)")
_RULED_OFF = re.compile(r"^[\s_=.…·*~—–-]{4,}$")
_TITLE_GOES_ON = re.compile(
    r"\b(?:the|of|to|and|for|in|an?|or|by|with|on)$|[,，、与和及的]$", re.IGNORECASE
)
_LEADERS = re.compile(r"[.…·．_-]{4,}")
_NO_TITLE_END = re.compile(r"[。；;，,、：:]\s*$")


@dataclass(frozen=True, slots=True)
class Body:
    """How a document sets its running text: margins, distance of lines, size (points)."""

    left: float
    right: float
    pitch: float
    size: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or heading with its lines, before it becomes a block."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        if len(self.lines) > 1 and all(map(has_cells, self.lines)):
            return " ".join(self._column(k) for k in range(len(self.lines[0].spans)))
        text = ""
        for line in self.lines:
            text = joined(text, line_text(line.spans))
        return text.replace(HYPHEN, "-").strip()

    def _column(self, number: int) -> str:
        """Texts side by side are read each to its end."""
        text = ""
        for line in self.lines:
            text = joined(text, line.spans[number].text)
        return text


def body_of(lines: Iterable[Line], default: Body | None = None) -> Body | None:
    """Margins and usual distances of the long lines.

    Where there are few, `default`; without one the outermost places of all lines, None for none.
    """
    lines = list(lines)
    long = [line for line in lines if len(line.text) >= LONG_LINE]
    if len(long) < FEWEST_LONG:
        if default is not None or not lines:
            return default
        long = lines
    places = Counter(round(line.x0) for line in long).most_common()
    margin = min(x for x, count in places if count >= 0.25 * places[0][1])
    ends = sorted(line.x1 for line in long)
    right = ends[int(0.9 * len(ends))] if len(long) >= FEWEST_LONG else ends[-1]
    size = max(median(line.height for line in long), SMALLEST)
    return Body(float(margin), right, _pitch(lines, right, default) or 1.6 * size, size)


def _pitch(lines: Sequence[Line], right: float, default: Body | None) -> float:
    """The usual distance from a full line to the next, 0 where nothing shows it."""
    steps = [
        b.middle - a.middle
        for a, b in itertools.pairwise(lines)
        if 0 < b.middle - a.middle < 5 * a.height and abs(a.x1 - right) < 3 * a.height
    ]
    if default is not None and len(steps) < 4:
        return default.pitch
    return _most_common(steps) if steps else 0.0


def _most_common(values: Sequence[float]) -> float:
    """The mode of distances, to half a point."""
    half, _ = Counter(round(2 * value) for value in values).most_common(1)[0]
    near = [value for value in values if abs(2 * value - half) <= 1.5]
    return sum(near) / len(near)


def pieces_of(lines: Sequence[Line], body: Body) -> list[Piece]:
    """Lines put together to paragraphs, in order."""
    pieces: list[list[Line]] = []
    for line in lines:
        if _RULED_OFF.match(line.text):
            continue
        if pieces and _goes_on(pieces[-1], line, body):
            pieces[-1].append(line)
        else:
            pieces.append([line])
    return [Piece(tuple(piece)) for piece in pieces]


def _goes_on(piece: Sequence[Line], line: Line, body: Body) -> bool:
    last = piece[-1]
    step = line.middle - last.middle
    if step <= 0 or step > GAP * body.pitch:
        return False
    if last.bold != line.bold or not 1 / 1.25 < line.height / max(last.height, 0.1) < 1.25:
        return False
    if _LEADERS.search(last.text) or _LEADERS.search(line.text):
        return False
    if has_cells(last) or has_cells(line):
        return _cells_go_on(last, line)
    if last.bold and _TITLE_GOES_ON.search(last.text) and abs(_centre(last) - _centre(line)) < 4:
        return True
    if not is_full(last, body, line) and not _wraps_early(last, line, body):
        return False
    return not _starts(piece, line, body)


def has_cells(line: Line) -> bool:
    """Whether a wide gap parts a line's texts, as no gap between words does."""
    if len(line.spans) == 1:
        return False
    pairs = itertools.pairwise(line.spans)
    return any(b.x0 - a.x1 > 2 * line.height for a, b in pairs) and not numbering(line.text)


def _cells_go_on(last: Line, line: Line) -> bool:
    """Texts side by side that go on below: one of them plainly, and each under its own."""
    if len(last.spans) != len(line.spans) or not (has_cells(last) and has_cells(line)):
        return False
    pairs = list(zip(last.spans, line.spans, strict=True))
    if any(below.x0 > above.x1 or above.x0 > below.x1 for above, below in pairs):
        return False
    return any(
        below.text[0].islower() or _TITLE_GOES_ON.search(above.text) for above, below in pairs
    )


def _wraps_early(last: Line, line: Line, body: Body) -> bool:
    """A sentence plainly not over at a line that stops somewhat early (ragged setting)."""
    if body.right - last.x1 > 0.3 * (body.right - body.left) or ends_sentence(last.text):
        return False
    return line.text[0].islower() or (last.text[-1] in ",;-" and line.text[0].isascii())


def _centre(line: Line) -> float:
    return (line.x0 + line.x1) / 2


def _starts(piece: Sequence[Line], line: Line, body: Body) -> bool:
    """Whether a line opens a paragraph by its indent or its number."""
    last = piece[-1]
    indent = INDENT * body.size
    if line.x0 > last.x0 + indent:
        hanging = len(piece) == 1 and _MARKER.match(last.text) and line.x0 < last.x0 + 5 * body.size
        return not hanging
    if line.x0 < last.x0 - indent:
        return len(piece) > 1
    if line.x0 > body.left + indent and is_cjk(line.text[0]):
        return True
    if _MARKER.match(line.text):
        return True
    return ends_sentence(last.text) and numbering(line.text) is not None


def is_full(last: Line, body: Body, following: Line) -> bool:
    """Whether the first word of `following` would not have fitted at the end of `last`."""
    return body.right - last.x1 < _needed(following) + 0.2 * body.size


def _needed(line: Line) -> float:
    """Points that the first word of a line takes (a Han character breaks off by itself)."""
    text = line.spans[0].text
    if is_cjk(text[0]):
        return 1.8 * line.height
    word = re.match(r"[^\s\u2e80-\uffef]+", text)
    length = len(word[0]) if word else 1
    if word and length < len(text) and is_cjk(text[length]):
        return (0.55 * length + 1.5) * line.height
    return line.spans[0].first_word + 0.3 * line.height


def block_of(piece: Piece, body: Body) -> Heading | Paragraph:
    """A heading where number, weight or size says so, else a paragraph."""
    text = piece.text
    if _LEADERS.search(text) and toc_entry(text):
        return Paragraph(_LEADERS.sub(" …… ", text))
    level = _level(piece, text, body)
    return Paragraph(text) if level is None else Heading(text, level)


def _level(piece: Piece, text: str, body: Body) -> int | None:
    bold = all(line.bold for line in piece.lines)
    big = max(line.height for line in piece.lines) / body.size
    level = heading_level(text) if len(piece.lines) == 1 or bold or big > BIGGER else None
    if level is not None and level > 3 and text.endswith(".") and not bold:
        level = None
    if level is not None:
        return NUMBERED_NOTE if level == 5 and bold and not any(map(is_cjk, text)) else level
    if not _is_title(piece, text):
        return None
    if bold or big > BIGGER:
        found = numbering(text)
        return found.level if found else _style_level(text, big)
    italic = len(piece.lines) == 1 and piece.lines[0].italic
    short = text[0].isupper() and len(text) <= LONGEST_ITALIC
    return BOLD_TITLE + 1 if italic and short else None


def _is_title(piece: Piece, text: str) -> bool:
    """Whether a piece has the shape of a title: short, in words, no sentence, no cells."""
    if len(text) > LONGEST_TITLE or len(piece.lines) > 3 or _NO_TITLE_END.search(text):
        return False
    if any(map(has_cells, piece.lines)):
        return False
    words = re.search(r"[^\W\d_]{2}", text)
    if any(map(is_cjk, text)):
        return bool(words)
    sentence = text.endswith(".") and len(piece.lines) > 1
    return bool(words) and not text[0].islower() and not sentence


def _style_level(text: str, big: float) -> int:
    """Levels for headings without a number: large type stands above, bold type below numbers."""
    if big > 1.4:
        return 1
    if big > BIGGER:
        return 3
    if _NOTES.match(text):
        return NUMBERED_NOTE - 1
    return 7 if any(map(is_cjk, text)) else BOLD_TITLE
