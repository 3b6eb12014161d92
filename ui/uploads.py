"""Uploaded files become files under the home folder, archives are unpacked with limits.

An upload never overwrites another: each lies in a folder named by its content, so a file that only
shares its name with an older one is a filing of its own.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rag.errors import LoadError, UnsafeDocument, UnsupportedFormat
from ui.strings import Say, speaker

MEGABYTE = 1024 * 1024
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


@dataclass(frozen=True, slots=True)
class Limits:
    """What one upload may hold. Sizes in bytes; `ratio` is unpacked to packed size."""

    files: int = 200
    file_bytes: int = 200 * MEGABYTE
    total_bytes: int = 1024 * MEGABYTE
    ratio: int = 200


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is taken (known suffixes, limits), and the language that a refusal is told in."""

    suffixes: frozenset[str]
    limits: Limits
    say: Say

    @property
    def known(self) -> str:
        return ", ".join(sorted(self.suffixes))


def stage(
    files: Sequence[tuple[Path, str]],
    folder: Path,
    *,
    suffixes: frozenset[str],
    limits: Limits = LIMITS,
    say: Say | None = None,
) -> tuple[list[Path], list[tuple[str, LoadError]]]:
    """Take uploaded files into `folder`: the new paths, and (name, error) for each refused one.

    `files` pairs where an upload lies with the name that its user gave it. Archives (.zip) give
    their members of a known suffix; other members are passed over. Nothing of an archive that
    breaks a limit is kept. `say` is the language of the errors, English if not given.
    """
    rules = _Rules(suffixes, limits, say or speaker("en"))
    if len(files) > limits.files:
        raise UnsafeDocument(rules.say("upload.many", files=len(files), most=limits.files))
    taken: list[Path] = []
    refused: list[tuple[str, LoadError]] = []
    for path, given in files:
        name = safe_name(given)
        try:
            if name.lower().endswith(".zip"):
                taken += _unpack(path, name, folder, rules)
            else:
                taken.append(_take(path, name, folder, rules))
        except LoadError as error:
            refused.append((name, error))
    return taken, refused


def safe_name(name: str) -> str:
    """The last part of a name without characters that a file system or a shell gives meaning to."""
    last = PurePosixPath(name.replace("\\", "/")).name
    cleaned = _UNFIT.sub("_", last).strip(" .")
    stem, dot, suffix = cleaned.rpartition(".")
    return f"{stem[:100]}{dot}{suffix[:20]}" if dot else cleaned[:100] or "upload"


def _take(path: Path, name: str, folder: Path, rules: _Rules) -> Path:
    if Path(name).suffix.lower() not in rules.suffixes:
        raise UnsupportedFormat(rules.say("upload.type", name=name, known=rules.known))
    if path.stat().st_size > rules.limits.file_bytes:
        megabytes = rules.limits.file_bytes // MEGABYTE
        raise UnsafeDocument(rules.say("upload.large", name=name, mb=megabytes))
    return _store(path.read_bytes(), name, folder)


def _store(content: bytes, name: str, folder: Path) -> Path:
    place = folder / hashlib.sha256(content).hexdigest()[:16]
    target = place / safe_name(name)
    if not target.is_file():
        place.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(target.suffix + ".part")
        part.write_bytes(content)
        part.replace(target)
    return target


def _unpack(path: Path, name: str, folder: Path, rules: _Rules) -> list[Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = list(_members(archive, name, rules))
            _check(members, name, rules)
            room = rules.limits.total_bytes
            contents: list[tuple[str, bytes]] = []
            for member in members:
                content = _read(archive, member, name, rules, room)
                room -= len(content)
                contents.append((decoded_name(member), content))
        return [_store(content, title, folder) for title, content in contents]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise LoadError(rules.say("upload.zip.broken", name=name, error=error)) from error


def _members(archive: zipfile.ZipFile, name: str, rules: _Rules) -> Iterator[zipfile.ZipInfo]:
    found = False
    for member in archive.infolist():
        title = decoded_name(member)
        parts = PurePosixPath(title.replace("\\", "/")).parts
        if member.is_dir() or "__MACOSX" in parts or parts[-1].startswith("."):
            continue
        if stat.S_ISLNK(member.external_attr >> 16) or ".." in parts or title.startswith("/"):
            raise UnsafeDocument(rules.say("upload.zip.outside", name=name, member=title))
        if PurePosixPath(title).suffix.lower() in rules.suffixes:
            found = True
            yield member
    if not found:
        raise UnsupportedFormat(rules.say("upload.zip.none", name=name, known=rules.known))


def _check(members: Sequence[zipfile.ZipInfo], name: str, rules: _Rules) -> None:
    """Refuse by what the archive says of itself, before anything is unpacked."""
    limits, say = rules.limits, rules.say
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > limits.files:
        raise UnsafeDocument(
            say("upload.zip.many", name=name, files=len(members), most=limits.files)
        )
    if total > limits.total_bytes:
        megabytes = limits.total_bytes // MEGABYTE
        raise UnsafeDocument(say("upload.zip.large", name=name, mb=megabytes))
    if total > limits.ratio * max(packed, 1) and total > MEGABYTE:
        raise UnsafeDocument(say("upload.zip.ratio", name=name, ratio=limits.ratio))


def _read(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, rules: _Rules, room: int
) -> bytes:
    """A member's content; what it says of its size is not trusted."""
    limit = min(rules.limits.file_bytes, room)
    with archive.open(member) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise UnsafeDocument(
            rules.say(
                "upload.zip.member", name=name, member=decoded_name(member), mb=limit // MEGABYTE
            )
        )
    return content


def decoded_name(member: zipfile.ZipInfo) -> str:
    """A member's name; archives made on Chinese Windows keep names in GB18030 without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename


def within(path: Path, folder: Path) -> bool:
    """Whether `path` is a file inside `folder`, links resolved."""
    real = path.resolve()
    return real.is_file() and real.is_relative_to(folder.resolve())


def forget(source: str, folder: Path) -> None:
    """Delete an uploaded file's copy once its filing is removed; other files are left alone."""
    path = Path(source)
    if within(path, folder):
        shutil.rmtree(path.resolve().parent)
