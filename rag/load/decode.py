"""Bytes to text: UTF-8, UTF-16 and GB18030 as Chinese exports come; what is no text is refused."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from rag.errors import EmptyDocument, LoadError, UnsupportedFormat

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_COMMON_HAN = set("的一是在有不为和人公司年月日本元中国大于上对业及与")


def read_text(path: Path) -> str:
    """The text of a file with `\\n` line ends.

    Raises EmptyDocument for a file without text, UnsupportedFormat for a binary file, LoadError
    for one that cannot be read or decoded.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LoadError(
            f"{path}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error
    text = decode(data, name=str(path))
    if not text.strip():
        raise EmptyDocument(f"{path}: is empty; remove it or export the document again")
    return text


def decode(data: bytes, *, name: str = "the file") -> str:
    """Decode by byte order mark, else UTF-8, else UTF-16 without a mark, else GB18030."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _clean(_strict(data, encoding, name), name)
    for encoding in ("utf-8", *_unmarked_utf16(data), "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _clean(text, name)
    raise LoadError(
        f"{name}: is neither UTF-8, UTF-16 nor GB18030 text; save it as UTF-8 and try again"
    )


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LoadError(
            f"{name}: its byte order mark says {encoding} but byte {error.start} is not; "
            "save it as UTF-8 and try again"
        ) from error


def _unmarked_utf16(data: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark shows as common characters only under one byte order."""
    sample = data[: 8192 - len(data) % 2] if len(data) % 2 else data[:8192]
    best = ""
    best_share = 0.0
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, errors="ignore")
        known = sum(c in _COMMON_HAN or (c.isascii() and c.isprintable()) for c in text)
        share = known / max(len(text), 1)
        if share > best_share:
            best, best_share = encoding, share
    return (best,) if best_share > 0.15 and b"\0" in sample else ()


def _clean(text: str, name: str) -> str:
    """Refuse binary content; normalise line ends and the spaces that exports scatter."""
    sample = text[:65536]
    if sample and len(_CONTROL.findall(sample)) > max(2, len(sample) // 200):
        raise UnsupportedFormat(
            f"{name}: is a binary file, not text; give it its real extension (.pdf, .docx …)"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).replace("\ufeff", "").replace("\u00a0", " ")
