"""Placing PDF coordinates on the page as it is shown (PDF 32000-1:2008, 8.3.3 and 7.7.3.3)."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Matrix = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): x' = a·x + c·y + e, y' = b·x + d·y + f."""
Floats = npt.NDArray[np.float64]
IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def shown(box: tuple[float, float, float, float], rotation: int) -> Matrix:
    """From page space to points from the shown page's top left corner, y downwards.

    `box` is the page's visible (left, bottom, right, top), `rotation` its /Rotate in degrees.
    """
    left, bottom, right, top = box
    if rotation == 90:
        return 0.0, 1.0, 1.0, 0.0, -bottom, -left
    if rotation == 180:
        return -1.0, 0.0, 0.0, 1.0, right, -bottom
    if rotation == 270:
        return 0.0, -1.0, -1.0, 0.0, top, right
    return 1.0, 0.0, 0.0, -1.0, -left, top


def turn(quarters: int, width: float, height: float) -> Matrix:
    """Turn a shown page so that text running up (1) or down (-1) it runs to the right."""
    if quarters == 1:
        return 0.0, 1.0, -1.0, 0.0, height, 0.0
    return 0.0, -1.0, 1.0, 0.0, 0.0, width


def apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    """The point (x, y) after `m`."""
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner` first, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def boxes_after(m: Matrix, boxes: Floats) -> Floats:
    """Boxes, one (left, bottom, right, top) a row, as (left, top, right, bottom) after `m`."""
    xa = m[0] * boxes[:, 0] + m[2] * boxes[:, 1] + m[4]
    ya = m[1] * boxes[:, 0] + m[3] * boxes[:, 1] + m[5]
    xb = m[0] * boxes[:, 2] + m[2] * boxes[:, 3] + m[4]
    yb = m[1] * boxes[:, 2] + m[3] * boxes[:, 3] + m[5]
    return np.stack(
        [np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(xa, xb), np.maximum(ya, yb)], axis=1
    )
