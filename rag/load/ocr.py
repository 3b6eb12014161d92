"""Reading page images with RapidOCR (Chinese and English; its wheels carry the models).

The extra `ocr` brings it. Images are straightened and, where the text stands on its side, turned
before they are read; drawn lines are found in the image, so that a scanned table has its cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import LoadError, MissingExtra
from rag.load.safety import in_words

Image = npt.NDArray[np.uint8]
"""Height x width x 3 (RGB)."""
Edges = tuple[float, float, float, float]
"""(left, top, right, bottom) in pixels."""
LOOSE = 0.15
"""Part of a recognised box's height that is padding, at its top and at its bottom."""
LEAST_SCORE = 0.5
STEEPEST = 3.0
"""Degrees by which a scan is looked at for being askew."""
DARK = 150
SHORTEST_LINE = 1 / 30
"""Of the image's longer side: shorter strokes belong to characters."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """A piece of text on an image: where it stands and how sure the reader is (0 to 1)."""

    text: str
    box: Edges
    score: float


@dataclass(frozen=True, slots=True)
class ReadImage:
    """What an image says: texts, the drawn lines, and its (width, height) after turning."""

    texts: tuple[ReadText, ...]
    lines: tuple[Edges, ...]
    size: tuple[int, int]


ImageReader = Callable[[Image], ReadImage]


def available() -> bool:
    """Whether the extra `ocr` is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def image_reader(what: str) -> ImageReader:
    """A reader of images; `what` (file and pages) opens the error where the extra is missing.

    Raises MissingExtra without the extra `ocr`, LoadError where its models cannot be loaded.
    """
    if not available():
        raise MissingExtra(f"{what}: needs OCR; install it with: pip install 'filings-qa[ocr]'")
    from rapidocr import RapidOCR

    try:
        engine = RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False})
    except Exception as error:
        raise LoadError(
            f"{what}: OCR does not start ({in_words(error)}); reinstall filings-qa[ocr]"
        ) from error

    def read(image: Image) -> ReadImage:
        return _read(engine, _straightened(image))

    return read


def _read(engine: Any, image: Image) -> ReadImage:
    texts = _texts(engine, image)
    if _on_its_side(texts):
        turned = [np.ascontiguousarray(np.rot90(image, k)) for k in (1, 3)]
        sides = [(_texts(engine, other), other) for other in turned]
        texts, image = max(sides, key=lambda side: sum(t.score * len(t.text) for t in side[0]))
    height, width = image.shape[:2]
    return ReadImage(texts, _drawn_lines(image), (width, height))


def _texts(engine: Any, image: Image) -> tuple[ReadText, ...]:
    result = engine(image[:, :, ::-1])
    if result.boxes is None or not result.txts:
        return ()
    found = []
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        left, top = np.asarray(corners).min(axis=0).tolist()
        right, bottom = np.asarray(corners).max(axis=0).tolist()
        pad = LOOSE * (bottom - top)
        if score >= LEAST_SCORE and text.strip():
            found.append(
                ReadText(text.strip(), (left, top + pad, right, bottom - pad), float(score))
            )
    return tuple(found)


def _on_its_side(texts: tuple[ReadText, ...]) -> bool:
    """Whether most boxes are higher than wide, as lines of text never are."""
    shapes = [(t.box[3] - t.box[1]) > 1.5 * (t.box[2] - t.box[0]) for t in texts if len(t.text) > 1]
    return len(shapes) >= 3 and sum(shapes) > 0.6 * len(shapes)


def _straightened(image: Image) -> Image:
    """The image turned by the few degrees that its lines are askew."""
    import cv2

    scale = 700 / max(image.shape[:2])
    small = cv2.cvtColor(cv2.resize(image, None, fx=scale, fy=scale), cv2.COLOR_RGB2GRAY)
    ink = (small < DARK).astype(np.uint8) * 255
    if not ink.any():
        return image
    angles = np.arange(-STEEPEST, STEEPEST + 0.01, 0.25)
    angle = max(angles, key=lambda degrees: (_sharpness(ink, degrees), -abs(degrees)))
    if abs(angle) < 0.3:
        return image
    return np.asarray(_rotated(image, float(angle), 255))


def _sharpness(ink: npt.NDArray[np.uint8], degrees: float) -> float:
    """How clearly rows of ink and rows of paper alternate at an angle."""
    rows = _rotated(ink, float(degrees), 0).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _rotated(image: Any, degrees: float, paper: int) -> Any:
    import cv2

    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(image, matrix, (width, height), borderValue=(paper,) * 3)


def _drawn_lines(image: Image) -> tuple[Edges, ...]:
    """Straight lines across and down that are longer than any stroke of a character."""
    import cv2

    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    ink = (gray < DARK).astype(np.uint8)
    length = max(int(max(image.shape[:2]) * SHORTEST_LINE), 20)
    found: list[Edges] = []
    for shape in ((length, 1), (1, length)):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
        _, _, stats, _ = cv2.connectedComponentsWithStats(
            cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
        )
        for left, top, width, height, _ in stats[1:].tolist():
            if min(width, height) <= length // 4:
                found.append((left, top, left + width, top + height))
    return tuple(found)
