"""The drawn lines of a page: thin rectangles, strokes and the edges of stroked rectangles."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

from rag.load.pdf.calls import Address, address, bounds_of, objects_of, stroked
from rag.load.pdf.matrix import IDENTITY, Floats, Matrix, apply, boxes_after, times
from rag.load.pdf.spans import Rule, Rules

THICKEST = 3.0
"""Points: a drawn rectangle that is no thicker is a line."""
SHORTEST = 4.0
"""Points: shorter strokes are corners and dots."""
TOUCH = 3.0
"""Points between two strokes that still make one line."""
APART = 1.6
"""Points between lines side by side that are two lines, not one drawn double."""
MOST_SEGMENTS = 5_000
MOST_OBJECTS = 100_000
DEEPEST = 4
_FAR = 1e6
"""More points than any page is wide: keeps groups apart in one sorted row."""

Edges = tuple[float, float, float, float]


@dataclass(slots=True)
class Drawn:
    """What was drawn on a page besides text: tables of (left, bottom, right, top), page space."""

    strokes: list[Floats] = field(default_factory=list)
    images: list[Floats] = field(default_factory=list)
    shapes: int = 0


def drawn(page: Any) -> Drawn:
    """Strokes and images of a page (its raw handle), within forms too."""
    found = Drawn()
    count = min(raw.FPDFPage_CountObjects(page), MOST_OBJECTS)
    _collect(found, objects_of(address(page), count))
    return found


def _collect(
    found: Drawn, objects: list[tuple[Address, int]], matrix: Matrix = IDENTITY, depth: int = 0
) -> None:
    """Add a page's or a form's objects: paths' lines, images' places, inner forms' contents."""
    paths = [item for item, kind in objects if kind == raw.FPDF_PAGEOBJ_PATH]
    images = [item for item, kind in objects if kind == raw.FPDF_PAGEOBJ_IMAGE]
    found.shapes += len(paths)
    found.images.append(_placed(bounds_of(images), matrix))
    boxes = bounds_of(paths)
    thin = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= THICKEST
    found.strokes.append(_placed(boxes[thin], matrix))
    large = [paths[number] for number in np.flatnonzero(~thin).tolist()]
    outlined = itertools.compress(large, stroked(large).tolist())
    sides = [side for path in outlined for side in _sides(path, matrix)]
    found.strokes.append(np.array(sides, dtype=np.float64).reshape(-1, 4))
    if depth >= DEEPEST:
        return
    for item, kind in objects:
        if kind == raw.FPDF_PAGEOBJ_FORM:
            form = _handle(item)
            count = min(raw.FPDFFormObj_CountObjects(form), MOST_OBJECTS)
            inner = times(_matrix_of(form), matrix)
            _collect(found, objects_of(item, max(count, 0), form=True), inner, depth + 1)


def _placed(boxes: Floats, matrix: Matrix) -> Floats:
    return boxes if matrix == IDENTITY else boxes_after(matrix, boxes)


def _handle(item: Address) -> Any:
    return ctypes.cast(item, raw.FPDF_PAGEOBJECT)


def _sides(item: Address, matrix: Matrix) -> Iterator[Edges]:
    """The straight sides of a path."""
    path = _handle(item)
    count = raw.FPDFPath_CountSegments(path)
    if count > MOST_SEGMENTS:
        return
    matrix = times(_matrix_of(path), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = here = (0.0, 0.0)
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = apply(matrix, x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _between(here, point)
        here = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield _between(here, start)
            here = start


def _between(a: tuple[float, float], b: tuple[float, float]) -> Edges:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _matrix_of(item: Any) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def rules_of(strokes: list[Floats], matrix: Matrix) -> Rules:
    """Lines across and down in shown coordinates, pieces that touch merged into one."""
    boxes = np.concatenate([*strokes, np.zeros((0, 4))])
    boxes = boxes_after(matrix, boxes[np.isfinite(boxes).all(axis=1)])
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    across = (high <= THICKEST) & (wide >= SHORTEST) & (wide >= high)
    down = (wide <= THICKEST) & (high >= SHORTEST) & ~across
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    y = (boxes[:, 1] + boxes[:, 3]) / 2
    return Rules(
        merged(np.stack([y, boxes[:, 0], boxes[:, 2]], axis=1)[across]),
        merged(np.stack([x, boxes[:, 1], boxes[:, 3]], axis=1)[down]),
    )


def merged(rows: npt.NDArray[np.float64]) -> tuple[Rule, ...]:
    """Rows (at, start, end) joined where they touch: double lines to one, pieces to a whole."""
    if not len(rows):
        return ()
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    group = np.concatenate([[0], np.cumsum(np.diff(rows[:, 0]) > APART)])
    order = np.lexsort((rows[:, 1], group))
    at, start, end = rows[order].T
    shift = group[order] * _FAR
    reach = np.maximum.accumulate(end + shift)
    opens = np.concatenate([[True], (start + shift)[1:] > reach[:-1] + TOUCH])
    firsts = np.flatnonzero(opens)
    count = np.diff(np.append(firsts, len(at)))
    columns = (
        (np.add.reduceat(at, firsts) / count).tolist(),
        start[firsts].tolist(),
        np.maximum.reduceat(end, firsts).tolist(),
    )
    return tuple(Rule(*row) for row in zip(*columns, strict=True))
