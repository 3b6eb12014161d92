"""News may tell of anybody: which of its items name the companies that a question names."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rag.index.catalog import Catalog
from rag.index.memory import Terms
from rag.index.terms import terms
from rag.retrieve.names import names_of
from rag.types import FilingRef


def news_about(
    catalog: Catalog, companies: Collection[str], refs: Sequence[FilingRef]
) -> tuple[list[str], frozenset[str]]:
    """(ids of the news that name one of the companies, given by the ids of their filings; the
    passages in them whose item does not)."""
    names = [set(terms(name)) for ref in refs if ref.id in companies for name in names_of(ref)]
    names = [name for name in names if name]
    news = [ref.id for ref in refs if ref.kind == "news" and ref.id not in companies]
    if not names or not news:
        return [], frozenset()
    stated = catalog.stating(sorted(set().union(*names)), filings=news)
    admitted = [i for i in news if any(name <= stated.get(i, set()) for name in names)]
    others = [i for filing in admitted for i in _of_others(catalog, filing, names)]
    return admitted, frozenset(others)


def _of_others(catalog: Catalog, filing: str, names: Sequence[set[str]]) -> list[str]:
    """The passages of the items that name none of the companies; passages of one item have one head."""
    items: dict[Terms, list[str]] = {}
    about: set[Terms] = set()
    indexed = catalog.indexed([passage.id for passage in catalog.passages_of(filing)])
    for i, passage in indexed.items():
        items.setdefault(passage.head, []).append(i)
        if any(all(map(passage.states, name)) for name in names):
            about.add(passage.head)
    return [i for head, ids in items.items() if head not in about for i in ids]
