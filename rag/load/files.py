"""Files into filings: find the loader by extension and content, then read what the filing is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from rag.errors import EmptyDocument, LoadError, UnsupportedFormat
from rag.load.base import Loader, Progressed
from rag.load.identify import identify, with_sidecar
from rag.load.items import with_headlines
from rag.types import Failure, Filing, FilingRef

ID_LENGTH = 16


LOADERS: Mapping[str, str] = {
    ".txt": "rag.load.text:load_text",
    ".text": "rag.load.text:load_text",
    ".pdf": "rag.load.pdf.document:load_pdf",
    ".docx": "rag.load.docx:load_docx",
    ".xlsx": "rag.load.xlsx:load_xlsx",
    ".html": "rag.load.html:load_html",
    ".htm": "rag.load.html:load_html",
    ".md": "rag.load.markdown:load_markdown",
    ".markdown": "rag.load.markdown:load_markdown",
    ".csv": "rag.load.csv:load_csv",
}
"""Extension (lower case, with dot) -> module and function; imported when a file needs it."""
PAGED = frozenset({".pdf"})
"""Extensions whose loaders take long on many pages and tell how far they are."""
_NOT_FILINGS = frozenset(
    {"readme.md", "changelog.md", "license.md", "license.txt", "contributing.md"}
)
"""Files that stand beside documents in a folder and tell about them; named themselves, they load."""


def loaders() -> tuple[str, ...]:
    """The extensions that can be loaded."""
    return tuple(LOADERS)


def _loader(path: Path) -> Loader:
    place = LOADERS.get(path.suffix.lower())
    if place is None:
        raise UnsupportedFormat(
            f"{path}: no loader for {path.suffix or 'a file without extension'}; "
            f"known: {', '.join(sorted(LOADERS))}"
        )
    module, _, name = place.partition(":")
    found: Loader = getattr(import_module(module), name)
    return found


def load(path: Path, *, progress: Progressed | None = None) -> Filing:
    """Read a file as a filing; `progress` is told (pages read, pages in all) where that takes long.

    Raises LoadError and its kinds, naming file, reason and remedy.
    """
    loader = _loader(path)
    loaded = loader(path, progress=progress) if path.suffix.lower() in PAGED else loader(path)
    if not any(page.blocks for page in loaded.pages):
        raise EmptyDocument(f"{path}: holds no text; remove it or export the document again")
    found = with_sidecar(identify(loaded.pages, name=path.name, hints=loaded.hints), path)
    ref = FilingRef(
        id=content_id(path),
        title=found.title,
        company=found.company,
        ticker=found.ticker,
        kind=found.kind,
        date=found.date,
        source=str(path),
        aliases=found.aliases,
        periods=found.periods,
        version=found.version,
    )
    return Filing(ref, with_headlines(ref.kind, loaded.pages), found.short_forms)


def content_id(path: Path) -> str:
    """A hash of a file's bytes and of its sidecar's; LoadError where it cannot be read."""
    digest = hashlib.sha256()
    try:
        digest.update(path.read_bytes())
        for sidecar in (path.with_name(path.name + ".toml"), path.with_suffix(".toml")):
            if sidecar.is_file() and sidecar != path:
                digest.update(sidecar.read_bytes())
    except OSError as error:
        raise LoadError(
            f"{path}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error
    return digest.hexdigest()[:ID_LENGTH]


def discover(paths: Sequence[Path]) -> tuple[list[Path], list[Failure]]:
    """The files to ingest, in a fixed order, and the paths that cannot be.

    A folder is searched below itself; hidden files, sidecars and formats without a loader are
    passed over there, while a file that is named itself must be one that can be loaded.
    """
    files: list[Path] = []
    failed: list[Failure] = []
    for path in paths:
        if path.is_dir():
            try:
                files += sorted(_below(path))
            except OSError as error:
                failed.append(
                    Failure(str(path), f"{path}: folder cannot be read ({error.strerror})")
                )
        elif path.exists():
            files.append(path)
        else:
            failed.append(Failure(str(path), f"{path}: no such file or folder; check the path"))
    return list(dict.fromkeys(files)), failed


def _below(folder: Path) -> Iterator[Path]:
    def stop(error: OSError) -> None:
        raise error

    for root, folders, names in os.walk(folder, onerror=stop):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(root, name)
            hidden = name.startswith((".", "~$")) or name.lower() in _NOT_FILINGS
            if not hidden and path.suffix.lower() in LOADERS:
                yield path
