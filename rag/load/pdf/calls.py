"""pdfium's functions that are called once per character or drawn object, bound for speed.

ctypes makes an object for every pointer it passes and lets go of the interpreter lock around every
call; a page has thousands of calls that take half a microsecond each. Bound with plain addresses
and with the lock kept, they cost half as much (measured on a 10-K: 0.65 instead of 1.4
microseconds for a character's box).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

Address = int
FLAT = 0.1
"""Points: a character's box that is lower has no height."""
FAR = 1e5
"""Points beyond which no page reaches: what stands for infinity in damaged files."""
Table = npt.NDArray[np.float64]


def _bound(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    place = ctypes.cast(function, ctypes.c_void_p).value
    bound: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(place or 0)
    return bound


_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int
_loose_box = _bound(raw.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
_tight_box = _bound(raw.FPDFText_GetCharBox, _INT, _ADDRESS, _INT, *[_ADDRESS] * 4)
_code = _bound(raw.FPDFText_GetUnicode, ctypes.c_uint, _ADDRESS, _INT)
_text_object = _bound(raw.FPDFText_GetTextObject, _ADDRESS, _ADDRESS, _INT)
_font = _bound(raw.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
_mode = _bound(raw.FPDFTextObj_GetTextRenderMode, _INT, _ADDRESS)
_font_name = _bound(
    raw.FPDFFont_GetBaseFontName, ctypes.c_size_t, _ADDRESS, _ADDRESS, ctypes.c_size_t
)
_font_flags = _bound(raw.FPDFFont_GetFlags, _INT, _ADDRESS)
_page_object = _bound(raw.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
_form_object = _bound(raw.FPDFFormObj_GetObject, _ADDRESS, _ADDRESS, ctypes.c_ulong)
_kind = _bound(raw.FPDFPageObj_GetType, _INT, _ADDRESS)
_bounds = _bound(raw.FPDFPageObj_GetBounds, _INT, *[_ADDRESS] * 5)
_draw_mode = _bound(raw.FPDFPath_GetDrawMode, _INT, _ADDRESS, _ADDRESS, _ADDRESS)


def address(handle: Any) -> Address:
    """The address behind one of pypdfium2's raw handles."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def character_boxes(textpage: Address, indices: Sequence[int]) -> Table:
    """One row (left, bottom, right, top) per character, as high as its font; page space.

    A font that states no height yields flat boxes: those characters get the box of their ink.
    """
    rows = np.zeros((len(indices), 4), np.float32)
    start = rows.ctypes.data
    places = range(start, start + 16 * len(indices), 16)
    _run(map(_loose_box, repeat(textpage), indices, places))
    boxes = np.nan_to_num(rows[:, [0, 3, 2, 1]].astype(np.float64), posinf=FAR, neginf=-FAR)
    flat = np.flatnonzero(np.abs(boxes[:, 3] - boxes[:, 1]) < FLAT)
    if len(flat):
        boxes[flat] = _ink_boxes(textpage, [indices[k] for k in flat.tolist()])
    return boxes


def _ink_boxes(textpage: Address, indices: Sequence[int]) -> Table:
    rows = np.zeros((len(indices), 4), np.float64)
    start, stop = rows.ctypes.data, rows.ctypes.data + 32 * len(indices)
    left, bottom, right, top = (range(start + 8 * k, stop + 8 * k, 32) for k in range(4))
    _run(map(_tight_box, repeat(textpage), indices, left, right, bottom, top))
    return np.nan_to_num(rows, posinf=FAR, neginf=-FAR)


def character_codes(textpage: Address, count: int) -> list[int]:
    """The code points of characters 0 to `count`."""
    return list(map(_code, repeat(textpage), range(count)))


def fonts_at(textpage: Address, indices: Sequence[int]) -> list[tuple[Address, int]]:
    """Font (0 where unknown) and text rendering mode of characters."""
    objects = [item or 0 for item in map(_text_object, repeat(textpage), indices)]
    fonts = [_font(item) or 0 if item else 0 for item in objects]
    modes = [_mode(item) if item else 0 for item in objects]
    return list(zip(fonts, modes, strict=True))


def font_name(font: Address) -> bytes:
    """A font's name as the file spells it (any encoding), lower case; empty where unknown."""
    buffer = ctypes.create_string_buffer(128)
    _font_name(font, ctypes.addressof(buffer), 128)
    return buffer.value.lower()


def font_flags(font: Address) -> int:
    """A font's descriptor flags (PDF 32000-1, table 123)."""
    return int(_font_flags(font))


def objects_of(holder: Address, count: int, *, form: bool = False) -> list[tuple[Address, int]]:
    """(address, kind) of a page's or form's drawn objects, text left out."""
    items = list(map(_form_object if form else _page_object, repeat(holder), range(count)))
    kinds = map(_kind, items)
    return [
        (item, kind)
        for item, kind in zip(items, kinds, strict=True)
        if item and kind != raw.FPDF_PAGEOBJ_TEXT
    ]


def bounds_of(objects: Sequence[Address]) -> Table:
    """One row (left, bottom, right, top) per object; zeros for one without bounds."""
    rows = np.zeros((len(objects), 4), np.float32)
    start, stop = rows.ctypes.data, rows.ctypes.data + 16 * len(objects)
    columns = (range(start + 4 * i, stop + 4 * i, 16) for i in range(4))
    _run(map(_bounds, objects, *columns))
    return rows.astype(np.float64)


def stroked(paths: Sequence[Address]) -> npt.NDArray[np.bool_]:
    """Whether each path is drawn with a stroke (else only filled, or not at all)."""
    modes = np.zeros((len(paths), 2), np.int32)
    start, stop = modes.ctypes.data, modes.ctypes.data + 8 * len(paths)
    _run(map(_draw_mode, paths, range(start, stop, 8), range(start + 4, stop + 4, 8)))
    return np.asarray(modes[:, 1] != 0)


def _run(calls: Iterable[Any]) -> None:
    """Make the calls for what they write, not for what they return."""
    for _ in calls:
        pass
