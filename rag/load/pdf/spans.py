"""What stands on a PDF page: spans of text and rules, in points from the page's top left corner.

The layout steps (lines, ruled and aligned tables, prose) see only these types, so a page read by
OCR takes the same way as a page with a text layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""(left, top, right, bottom) in points, top left origin, as the page is shown."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one line with no wide gap between them; y grows downwards."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    bold: bool = False
    italic: bool = False
    first_word: float = 0.0
    """Width of its first word in points: would it have fitted on the line before?"""

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: at `at` (y of a horizontal, x of a vertical one) from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The drawn lines of a page, horizontal and vertical, merged where they touch."""

    across: tuple[Rule, ...] = ()
    down: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class PageText:
    """The contents of one page before any layout.

    `image_share` is the part of the page that images cover (0 to 1), `shapes` counts drawn paths
    (text turned into outlines has thousands), `turned` says that the text runs up or down the
    page and the coordinates were turned to make it readable.
    """

    width: float
    height: float
    spans: tuple[Span, ...]
    rules: Rules = Rules()
    image_share: float = 0.0
    shapes: int = 0
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Spans side by side, left to right; made by :func:`line_of`, which fills the rest in.

    `height` and `middle` are those of the tallest span: superscripts and dots do not count.
    """

    spans: tuple[Span, ...]
    x0: float
    top: float
    x1: float
    bottom: float
    height: float
    middle: float
    bold: bool
    italic: bool
    text: str


def line_of(spans: Sequence[Span]) -> Line:
    """A line of spans, put in order from left to right."""
    if len(spans) == 1:
        one = spans[0]
        return Line(
            (one,), one.x0, one.top, one.x1, one.bottom, one.bottom - one.top,
            (one.top + one.bottom) / 2, one.bold, one.italic, one.text,
        )  # fmt: skip
    ordered = tuple(sorted(spans, key=lambda span: span.x0))
    tallest = max(ordered, key=lambda span: span.bottom - span.top)
    return Line(
        ordered,
        ordered[0].x0,
        min(span.top for span in ordered),
        max(span.x1 for span in ordered),
        max(span.bottom for span in ordered),
        tallest.bottom - tallest.top,
        (tallest.top + tallest.bottom) / 2,
        all(span.bold for span in ordered),
        all(span.italic for span in ordered),
        " ".join(span.text for span in ordered),
    )
