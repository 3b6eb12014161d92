"""From pdfium's characters to spans: words with their boxes, cut at wide gaps and at rules.

Only the first and the last character of each word are asked for their boxes (a call into pdfium
costs as much as extracting a character); a word that a drawn line crosses is looked at character
by character.
"""

from __future__ import annotations

import ctypes
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

from rag.load.characters import HYPHEN, meant
from rag.load.pdf.calls import (
    Address,
    address,
    character_boxes,
    character_codes,
    font_flags,
    font_name,
    fonts_at,
)
from rag.load.pdf.matrix import Floats, Matrix, boxes_after
from rag.load.pdf.spans import Rule, Span

Limits = npt.NDArray[np.int64]
"""One (start, end) a row, end exclusive, in characters of the page's text."""
Styles = tuple[list[bool], list[bool]]
"""Of characters: which are bold, which italic."""
Row = npt.NDArray[np.float64]
_IS_SPACE = np.array([chr(code).isspace() for code in range(0x3002)])
"""By code point; no space has a higher one than the last."""
WIDEST_GAP = 0.9
"""Heights of the text between two words of one span."""
CUT_GAP = 1.0
"""Points between two characters (beyond their own widths) through which a cell border may run."""
_BOLD_NAME = re.compile(
    rb"bold|black|heavy|simhei|stheiti|-?demi|\xba\xda\xcc\xe5|\xe9\xbb\x91\xe4\xbd\x93"
)
_ITALIC_NAME = re.compile(rb"italic|oblique")
_FORCE_BOLD = 1 << 18


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a page: `text[start:end]` for each of `limits`, with boxes (left, top, right, bottom) as shown.

    `first` and `last` are the boxes of a word's first and last characters.
    """

    text: str
    limits: Limits
    first: Floats
    last: Floats

    def after(self, matrix: Matrix) -> Words:
        """The same words with their boxes moved by `matrix`."""
        first, last = boxes_after(matrix, self.first), boxes_after(matrix, self.last)
        return Words(self.text, self.limits, first, last)

    def quarter_turns(self) -> int:
        """1 when most words run up the page, -1 when they run down, 0 when they are upright."""
        long = self.limits[:, 1] - self.limits[:, 0] >= 3
        if long.sum() < 5:
            return 0
        across = (
            self.last[long, :2] - self.first[long, :2] + self.last[long, 2:] - self.first[long, 2:]
        ) / 2
        upright = np.abs(across[:, 0]) >= np.abs(across[:, 1])
        if upright.mean() >= 0.4:
            return 0
        return 1 if np.median(across[~upright, 1]) < 0 else -1


def characters(textpage: Any, count: int) -> str:
    """The page's text with exactly one character for each of pdfium's indices."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(memoryview(buffer)[: max(written - 1, 0)]).decode("utf-16-le", errors="ignore")
    if len(text) == count:
        return text
    codes = character_codes(address(textpage), count)
    return "".join(chr(c) if 0 < c < 0xD800 or 0xDFFF < c < 0x110000 else "\ufffd" for c in codes)


def word_limits(text: str) -> Limits:
    """(start, end) of each word: what spaces part, and the hyphen at a line's end."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    solid, hyphen = np.zeros((2, len(codes) + 2), dtype=np.bool_)
    solid[1:-1] = ~_IS_SPACE[np.minimum(codes, len(_IS_SPACE) - 1)]
    hyphen[1:-1] = (codes == 0x02) | (codes == ord(HYPHEN))
    starts = solid[1:-1] & (~solid[:-2] | hyphen[:-2])
    ends = solid[1:-1] & (~solid[2:] | hyphen[1:-1])
    return np.stack([np.flatnonzero(starts), np.flatnonzero(ends) + 1], axis=1)


def words_of(textpage: Address, text: str, limits: Limits, matrix: Matrix) -> Words:
    """Words with boxes in shown coordinates."""
    starts, ends = limits[:, 0], limits[:, 1]
    first = character_boxes(textpage, starts.tolist())
    last = first.copy()
    several = ends - starts > 1
    last[several] = character_boxes(textpage, (ends[several] - 1).tolist())
    return Words(text, limits, boxes_after(matrix, first), boxes_after(matrix, last))


def limits_at_rules(
    words: Words, down: Sequence[Rule], boxes: Callable[[int, int], Floats]
) -> Limits | None:
    """New limits where a vertical rule runs between two characters of a word, None if nowhere.

    A rule that runs through a character is no cell border for it: the text overflows its cell.
    """
    crossing = _crossing(words, down)
    if not crossing:
        return None
    limits: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(words.limits.tolist()):
        cuts = sorted(_cuts(boxes(start, end), crossing[number])) if number in crossing else []
        edges = [start, *(start + cut for cut in cuts), end]
        limits.extend(itertools.pairwise(edges))
    return (
        np.array(limits, dtype=np.int64).reshape(-1, 2) if len(limits) > len(words.limits) else None
    )


def _crossing(words: Words, down: Sequence[Rule]) -> dict[int, list[float]]:
    """Word number -> the x of each rule that crosses it."""
    found: dict[int, list[float]] = {}
    middle = (words.first[:, 1] + words.first[:, 3]) / 2
    for rule in down:
        hit = (words.first[:, 0] + 1.5 < rule.at) & (rule.at < words.last[:, 2] - 1.5)
        hit &= (rule.start < middle) & (middle < rule.end)
        for number in np.flatnonzero(hit).tolist():
            found.setdefault(number, []).append(rule.at)
    return found


def _cuts(boxes: Floats, rules: Sequence[float]) -> set[int]:
    """Characters (from the word's start) before which a rule stands in a gap."""
    cuts = set()
    for number in range(1, len(boxes)):
        left, right = boxes[number - 1, 2], boxes[number, 0]
        if right - left >= CUT_GAP and any(left - 1 <= at <= right + 1 for at in rules):
            cuts.add(number)
    return cuts


def spans_of(
    words: Words, down: Sequence[Rule], styles: Callable[[list[int], list[int]], Styles]
) -> tuple[Span, ...]:
    """Words put together to spans; `styles(starts, ends)` tells which are bold, which italic."""
    if not len(words.limits):
        return ()
    left, right = words.first[:, 0], words.last[:, 2]
    top = np.minimum(words.first[:, 1], words.last[:, 1])
    bottom = np.maximum(words.first[:, 3], words.last[:, 3])
    opens = np.flatnonzero(np.concatenate([[True], _breaks(words, left, right, down)]))
    closes = np.append(opens[1:], len(left))
    begins, ends = words.limits[opens, 0].tolist(), words.limits[closes - 1, 1].tolist()
    columns = (
        left[opens], np.minimum.reduceat(top, opens), right[closes - 1],
        np.maximum.reduceat(bottom, opens),
    )  # fmt: skip
    return tuple(
        map(
            Span,
            [meant(words.text[start:end]) for start, end in zip(begins, ends, strict=True)],
            *(column.tolist() for column in columns),
            *styles(begins, ends),
            (right - left)[opens].tolist(),
        )
    )


def _breaks(words: Words, left: Row, right: Row, down: Sequence[Rule]) -> npt.NDArray[np.bool_]:
    """For each pair of neighbouring words, whether they belong to different spans."""
    newlines = np.array([m.start() for m in re.finditer(r"[\r\n]", words.text)], dtype=np.int64)
    starts, ends = words.limits[:, 0], words.limits[:, 1]
    height = words.first[:, 3] - words.first[:, 1]
    tall = np.maximum(height[1:], height[:-1])
    gap = left[1:] - right[:-1]
    middle = (words.first[:, 1] + words.first[:, 3]) / 2
    breaks = np.searchsorted(newlines, starts[1:]) > np.searchsorted(newlines, ends[:-1])
    breaks |= (gap > WIDEST_GAP * tall) | (gap < -0.5 * tall)
    breaks |= np.abs(middle[1:] - middle[:-1]) > 0.35 * tall
    for rule in down:
        between = (right[:-1] - 1 <= rule.at) & (rule.at <= left[1:] + 1)
        breaks |= between & (rule.start < middle[1:]) & (middle[1:] < rule.end)
    return breaks


def span_styles(textpage: Address, text: str, starts: list[int], ends: list[int]) -> Styles:
    """Which spans are bold (by font, or drawn with an outline too) and which italic.

    The first and the last character tell; where they differ (a heading's number is often in
    another font than its words) one in the middle decides.
    """
    first, last = fonts_at(textpage, starts), fonts_at(textpage, [end - 1 for end in ends])
    unsure = [k for k, pair in enumerate(zip(first, last, strict=True)) if pair[0] != pair[1]]
    middles = [_inside(text, starts[k], ends[k]) for k in unsure]
    for k, middle in zip(unsure, fonts_at(textpage, middles), strict=True):
        first[k] = middle
    known = {font: _style(font) for font in {font for font, _ in first} if font}
    styles = [known.get(font, (False, False)) for font, _ in first]
    outlined = raw.FPDF_TEXTRENDERMODE_FILL_STROKE
    bold = [heavy or mode == outlined for (heavy, _), (_, mode) in zip(styles, first, strict=True)]
    return bold, [slanted for _, slanted in styles]


def _inside(text: str, start: int, end: int) -> int:
    """A character near the middle that is no space."""
    middle = (start + end) // 2
    return middle if not text[middle].isspace() else middle + 1


def _style(font: Address) -> tuple[bool, bool]:
    name = font_name(font)
    bold = bool(font_flags(font) & _FORCE_BOLD or _BOLD_NAME.search(name))
    return bold, bool(_ITALIC_NAME.search(name))
