"""Refusing files built to harm the reader: bombs, entities, path tricks, macros, endless sizes.

The archive formats (DOCX, XLSX) are read member by member before any library sees them: sizes
that the archive declares are not believed, and XML with a document type is refused, because only
that can define entities or name outside files.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import EmptyDocument, LoadError, UnsafeDocument

MOST_TEXT_BYTES = 64 << 20
"""Of an HTML, Markdown or CSV file."""
MOST_ARCHIVE_BYTES = 256 << 20
"""Of a DOCX or XLSX file as it lies on disk."""
MOST_UNPACKED = 512 << 20
"""Bytes to which all members of an archive may unpack."""
MOST_XML = 128 << 20
"""Bytes to which one XML member may unpack."""
MOST_MEMBERS = 10_000
HIGHEST_RATIO = 250
"""Times its packed size to which a large member may unpack; office sheets stay below 60."""
SMALL_MEMBER = 4 << 20
"""Bytes up to which the ratio does not matter."""
_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCTYPES = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_MACRO = re.compile(r"vbaproject|vbadata|macrosheets/|dialogsheets/", re.IGNORECASE)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)


def in_words(error: Exception) -> str:
    """The first line of what a library says, short enough for a message of one line."""
    return " ".join(str(error).split())[:160] or type(error).__name__


@contextmanager
def within_limits(path: Path) -> Iterator[None]:
    """State what grew beyond all measure inside as an UnsafeDocument that names the file."""
    try:
        yield
    except (OverflowError, RecursionError, MemoryError) as error:
        raise UnsafeDocument(f"{path}: {in_words(error)}; split the document") from error


def check_size(path: Path, *, most: int) -> int:
    """Size of a file in bytes.

    Raises LoadError where it cannot be read, EmptyDocument where it is empty, UnsafeDocument where
    it is larger than `most`.
    """
    try:
        if not path.is_file():
            raise LoadError(f"{path}: is not a file; check the path")
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as error:
        raise LoadError(
            f"{path}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error
    if size == 0:
        raise EmptyDocument(f"{path}: is empty; download or export it again")
    if size > most:
        raise UnsafeDocument(f"{path}: is {size:,} bytes, more than {most:,}; split it")
    return size


def read_members(path: Path, wanted: re.Pattern[str]) -> dict[str, bytes]:
    """Check a DOCX or XLSX through and return the members whose names match `wanted`.

    Raises UnsafeDocument for a bomb, a path trick, an entity or a macro; LoadError for what is no
    such archive, is damaged or encrypted.
    """
    check_size(path, most=MOST_ARCHIVE_BYTES)
    with path.open("rb") as file:
        if file.read(8) == _OLE:
            raise LoadError(
                f"{path}: is encrypted or in the old binary format; save it without a password "
                "as .docx or .xlsx"
            )
    try:
        with zipfile.ZipFile(path) as archive:
            return _members(path, archive, wanted)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise LoadError(
            f"{path}: is damaged ({in_words(error)}); download or export it again"
        ) from error
    except (ValueError, RuntimeError, OverflowError, UnicodeDecodeError) as error:
        raise LoadError(
            f"{path}: is no archive that can be read ({in_words(error)}); save it again"
        ) from error


def _members(path: Path, archive: zipfile.ZipFile, wanted: re.Pattern[str]) -> dict[str, bytes]:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise UnsafeDocument(f"{path}: holds {len(members):,} files; it is no office document")
    for member in members:
        _check_name(path, member)
    kept: dict[str, bytes] = {}
    total = 0
    for member in members:
        is_xml = member.filename.lower().endswith((".xml", ".rels"))
        data = _unpacked(path, archive, member, MOST_UNPACKED - total)
        total += len(data)
        if is_xml:
            _check_xml(path, member.filename, data)
        if wanted.search(member.filename):
            kept[member.filename] = data
    return kept


def _check_name(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        raise UnsafeDocument(f"{path}: holds a file named {name!r}; do not open it")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UnsafeDocument(f"{path}: holds a link ({name!r}); do not open it")
    if member.flag_bits & 1:
        raise LoadError(f"{path}: is encrypted; save it without a password")
    if _MACRO.search(name):
        raise UnsafeDocument(f"{path}: holds macros; save it as .docx or .xlsx without them")


def _unpacked(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """A member's bytes, counted while they are unpacked: declared sizes may lie."""
    limit = min(room, MOST_XML if member.filename.lower().endswith((".xml", ".rels")) else room)
    chunks: list[bytes] = []
    size = 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit or size > max(SMALL_MEMBER, HIGHEST_RATIO * member.compress_size):
                raise UnsafeDocument(
                    f"{path}: {member.filename} unpacks to far more than it should (a zip bomb?); "
                    "do not open it"
                )
            chunks.append(chunk)
    return b"".join(chunks)


def _check_xml(path: Path, name: str, data: bytes) -> None:
    if any(mark in data for mark in _DOCTYPES):
        raise UnsafeDocument(f"{path}: {name} defines a document type or entities; do not open it")
    if name == "[Content_Types].xml" and _MACRO_TYPE.search(data):
        raise UnsafeDocument(f"{path}: holds macros; save it as .docx or .xlsx without them")
