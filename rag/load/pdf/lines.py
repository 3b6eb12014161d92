"""From spans to lines in reading order, columns of text told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from rag.load.pdf.spans import Line, Span, line_of

Row = npt.NDArray[np.float64]
FEWEST_COLUMN_SPANS = 10
FULLEST_CROSSING = 0.2
"""Part of a page's spans that may cross the gutter between two columns (titles, figures)."""
THINNEST_COLUMN = 0.6
"""Mean length of the spans in a column of prose, as a part of the column's width."""


def lines_of(spans: Iterable[Span]) -> list[Line]:
    """Spans that stand side by side as lines, from top to bottom, each from left to right."""
    groups: list[list[Span]] = []
    band_top = band_bottom = 0.0
    for span in sorted(spans, key=lambda span: span.top + span.bottom):
        overlap = min(span.bottom, band_bottom) - max(span.top, band_top)
        if groups and overlap > 0.5 * min(span.bottom - span.top, band_bottom - band_top):
            groups[-1].append(span)
            if span.bottom - span.top > band_bottom - band_top:
                band_top, band_bottom = span.top, span.bottom
        else:
            groups.append([span])
            band_top, band_bottom = span.top, span.bottom
    return [line_of(group) for group in groups]


def in_columns(spans: Sequence[Span], width: float) -> list[list[Span]]:
    """Spans by the column of prose that they stand in, in reading order; one list for most pages.

    A page has two columns where a gutter in its middle third parts enough spans of prose on both
    sides (long ones, unlike a table's cells) and few cross it; what crosses ends both columns.
    """
    gutter = _gutter(spans, width)
    if gutter is None:
        return [list(spans)]
    crossing = sorted(
        (span for span in spans if span.x0 < gutter < span.x1), key=lambda span: span.top
    )
    result: list[list[Span]] = []
    rest = [span for span in spans if not span.x0 < gutter < span.x1]
    for limit in [*crossing, None]:
        bound = limit.top if limit else float("inf")
        above = [span for span in rest if span.middle < bound]
        rest = [span for span in rest if span.middle >= bound]
        result.append([span for span in above if span.x1 <= gutter])
        result.append([span for span in above if span.x0 >= gutter])
        result.append([limit] if limit else [])
    return [part for part in result if part]


def _gutter(spans: Sequence[Span], width: float) -> float | None:
    if len(spans) < 2 * FEWEST_COLUMN_SPANS:
        return None
    left = np.array([span.x0 for span in spans])
    right = np.array([span.x1 for span in spans])
    candidates = np.linspace(0.36 * width, 0.64 * width, 57)
    crossed = ((left[:, None] < candidates) & (right[:, None] > candidates)).sum(axis=0)
    best = int(crossed.min())
    if best > FULLEST_CROSSING * len(spans):
        return None
    free = candidates[crossed == best]
    gutter = float(free[len(free) // 2])
    return gutter if _prose_beside(left, right, gutter) else None


def _prose_beside(left: Row, right: Row, gutter: float) -> bool:
    for side in (right <= gutter, left >= gutter):
        if side.sum() < FEWEST_COLUMN_SPANS:
            return False
        reach = right[side].max() - left[side].min()
        lengths = (right - left)[side]
        if reach <= 0 or np.mean(lengths) < THINNEST_COLUMN * reach:
            return False
    return True
