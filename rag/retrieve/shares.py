"""Everything that a question asks about gets its share of the first hits: companies, and periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.index.memory import PassageTerms
from rag.retrieve.query import Query
from rag.types import Hit

FIRST = 4
"""Among so many hits each year asked for is to be stated."""
LOOKED_AT = 25
"""So far down a passage is looked for that states a missing year."""


def by_company(query: Query) -> list[Query]:
    """A question about several companies as one for each; news stays with all of them."""
    groups: dict[str, list[str]] = {}
    for filing, name in query.companies.items():
        groups.setdefault(name, []).append(filing)
    if len(groups) < 2:
        return [query]
    others = [i for i in query.filings or () if i not in query.companies]
    return [replace(query, filings=(*ids, *others)) for ids in groups.values()]


def with_every_year(
    hits: Sequence[Hit], query: Query, terms: Mapping[str, PassageTerms]
) -> list[Hit]:
    """Of several years asked for, one that none of the first hits states brings its best hit forward."""
    years = [period for period in query.periods if len(period) == 4]
    if len(years) < 2:
        return list(hits)
    first, rest = list(hits[:FIRST]), list(hits[FIRST:])
    for year in years:
        if any(terms[hit.passage.id].states(year) for hit in first):
            continue
        found = next((h for h in rest[:LOOKED_AT] if terms[h.passage.id].states(year)), None)
        if found is not None:
            rest.remove(found)
            first.append(found)
    return first + rest
