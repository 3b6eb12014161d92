"""What every loader promises: a path in, pages of blocks out, stated errors otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rag.types import Page


@dataclass(frozen=True, slots=True)
class Loaded:
    """The pages of a file, with what the format itself says about it.

    `hints` may hold title, company, date (from a PDF's or DOCX's own metadata); they weigh less
    than what the document prints.
    """

    pages: tuple[Page, ...]
    hints: Mapping[str, str] = field(default_factory=dict)


Progressed = Callable[[int, int], None]
"""Called with (pages done, pages in all) by loaders that take long."""

Loader = Callable[..., Loaded]
"""Takes a path; those of `rag.load.files.PAGED` take `progress` as well."""
