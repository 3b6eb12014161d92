"""What a filing is, read from the document itself: company and its names, kind, date, title.

The file's name and the format's own metadata are hints that count only where the document is
silent or ambiguous; a sidecar `NAME.toml` beside the file overrides everything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rag.errors import LoadError
from rag.load import items
from rag.load.articles import articles
from rag.load.identity import english
from rag.load.identity.aliases import chinese_aliases, english_aliases
from rag.load.identity.company import Source, chinese_company, ticker_of
from rag.load.identity.dates import document_date
from rag.load.identity.definitions import short_forms
from rag.load.identity.kinds import kind_of, version_of
from rag.load.identity.lines import cover_of, end_of, is_english, squeezed, text_of
from rag.load.identity.names import names_in
from rag.load.identity.periods import fiscal_period, periods_of
from rag.load.identity.titles import (
    cover_title,
    english_title,
    first_line,
    full_title,
    heading_title,
    named_by_kind,
)
from rag.types import Page

FORMS = ("10-K", "10-Q", "8-K")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document says that it is; empty where it does not say."""

    title: str = ""
    company: str = ""
    ticker: str = ""
    kind: str = "document"
    date: str = ""
    aliases: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    version: str = ""
    short_forms: Mapping[str, str] = field(default_factory=dict)


def identify(
    pages: Sequence[Page], *, name: str, hints: Mapping[str, str] | None = None
) -> Identity:
    """Read company, names, kind, date, title and version off a document's pages.

    `name` is the file's name without folder; `hints` what the format says of itself (title,
    company, date).
    """
    cover = cover_of(pages)
    printed = cover_title(cover) or heading_title(pages)
    kind = kind_of(printed or first_line(cover), cover, name)
    if kind == "news":
        return _news(pages, cover, name)
    source = _source(pages, printed, name)
    if is_english(cover):
        return _english(source, kind, hints or {})
    return _chinese(source, kind, hints or {})


def _source(pages: Sequence[Page], title: str, name: str) -> Source:
    text = text_of(pages)
    names = names_in(text)
    forms = short_forms(pages, names, text)
    return Source(title, cover_of(pages), end_of(pages), text, Path(name).stem, names, forms)


def _chinese(source: Source, kind: str, hints: Mapping[str, str]) -> Identity:
    company = chinese_company(source) or hints.get("company", "")
    title = full_title(source.title, company) if source.title else ""
    if not title or kind == "financial statements":  # a workbook prints the titles of its sheets
        title = _hinted_title(company, hints) or title or named_by_kind(kind, company, source.text)
    return Identity(
        title=title or source.file,
        company=company,
        ticker=ticker_of(source.cover),
        kind=kind,
        date=_date(source, kind) or hints.get("date", ""),
        aliases=chinese_aliases(company, source),
        periods=periods_of(kind, title, source.text, source.forms),
        version=version_of(source.title, source.cover, kind),
        short_forms=source.forms,
    )


def _english(source: Source, kind: str, hints: Mapping[str, str]) -> Identity:
    head = "\n".join(source.cover)
    first = [first_line(source.cover)]
    company = (
        english.registrant(head, source.text)
        or english.company_in(first, source.text)
        or english.company_in(source.cover[:20], source.text)
        or hints.get("company", "")
    )
    date = _date(source, kind) or hints.get("date", "")
    period = fiscal_period(head)
    title = source.title or first[0] or _hinted_title(company, hints) or source.file
    if kind in FORMS:
        title = english_title(kind, company, period=period, date=date)
    return Identity(
        title=title,
        company=company,
        ticker=ticker_of(source.cover),
        kind=kind,
        date=date,
        aliases=english_aliases(company, source),
        periods=periods_of(kind, head, source.text, source.forms),
        version=version_of(source.title, source.cover, kind),
        short_forms=source.forms,
    )


def _news(pages: Sequence[Page], cover: Sequence[str], name: str) -> Identity:
    """A news page: a company only where all of it is one article about that company."""
    laid = items.with_headlines("news", pages)
    digest = items.is_digest("news", laid)
    found = () if digest else articles(laid)
    heads = [article.headline for article in found if article.headline]
    title = "；".join(heads) or first_line(cover) or Path(name).stem
    one = found[0] if len(found) == 1 else None
    company = (one.full or one.company) if one else ""
    aliases = (one.company,) if one and one.company and one.company != company else ()
    source = _source(pages, title, name)
    return Identity(
        title=title,
        company=company,
        kind="news",
        date=_date(source, "news"),
        aliases=aliases,
        short_forms=source.forms,
    )


def _date(source: Source, kind: str) -> str:
    return document_date(kind, source.cover, source.end, text=source.text, name=source.file)


def _hinted_title(company: str, hints: Mapping[str, str]) -> str:
    """The format's own title where it speaks of this company, else empty."""
    title = hints.get("title", "").strip()
    core = re.sub(r"(?:股份|集团)?(?:有限|责任)+公司$", "", company)
    spoken_of = core and squeezed(core).lower() in squeezed(title).lower()
    return title if spoken_of and title != company else ""


_SIDECAR_KEYS = frozenset({"title", "company", "ticker", "kind", "date", "version", "aliases"})


def with_sidecar(identity: Identity, path: Path) -> Identity:
    """`identity` with what `NAME.toml` beside the file says; LoadError for a wrong sidecar.

    Both `NAME.txt.toml` and `NAME.toml` are looked for, the first first. Keys: title, company,
    ticker, kind, date, version (strings) and aliases (a list of strings).
    """
    sidecar = path.with_name(path.name + ".toml")
    if not sidecar.is_file():
        sidecar = path.with_suffix(".toml")
    if not sidecar.is_file() or sidecar == path:
        return identity
    return replace(identity, **_sidecar_values(sidecar))


def _sidecar_values(sidecar: Path) -> dict[str, Any]:
    try:
        values: dict[str, Any] = tomllib.loads(sidecar.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoadError(f"{sidecar}: not valid TOML ({error}); correct or remove it") from error
    return {key: _checked(key, value, sidecar) for key, value in values.items()}


def _checked(key: str, value: object, sidecar: Path) -> str | tuple[str, ...]:
    if key not in _SIDECAR_KEYS:
        known = ", ".join(sorted(_SIDECAR_KEYS))
        raise LoadError(f"{sidecar}: unknown key {key!r}; known: {known}")
    if key != "aliases":
        if not isinstance(value, str):
            raise LoadError(f"{sidecar}: {key} must be a string in quotes; correct it")
        return value
    if not isinstance(value, list) or not all(isinstance(alias, str) for alias in value):
        raise LoadError(f"{sidecar}: aliases must be a list of strings; correct it")
    return tuple(value)
