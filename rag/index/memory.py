"""What was read from the catalog since it last changed, kept so that it is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from sys import intern
from typing import TypeVar

from rag.types import FilingRef, Passage

KEPT = 20_000
"""Passages kept in memory, and as many passages' terms; when there are more, all are let go."""

Value = TypeVar("Value")


Terms = tuple[str, ...]


@dataclass(frozen=True)
class PassageTerms:
    """The search terms of a passage by column, in order, with repeats. Equal terms of all passages
    are one string, so that a passage takes a kilobyte or two, and terms are compared quickly."""

    head: Terms
    section: Terms
    caption: Terms
    body: Terms

    @classmethod
    def stored(cls, columns: Iterable[str]) -> PassageTerms:
        """From the columns as they are stored, space-separated."""
        return cls(*(tuple(map(intern, column.split())) for column in columns))

    @cached_property
    def figures(self) -> frozenset[str]:
        """The terms of the body that begin with a digit."""
        return frozenset(term for term in self.body if term[0].isdigit())

    def states(self, term: str) -> bool:
        """Whether a term stands in any column."""
        return any(term in column for column in (self.body, self.caption, self.section, self.head))


@dataclass(slots=True)
class Memory:
    """What is kept, by id: of filings all of it, of passages up to `KEPT`; `counts` has the passages
    of the filings that were searched together."""

    refs: list[FilingRef] = field(default_factory=list)
    short_forms: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, tuple[int, int] | None] = field(default_factory=dict)
    counts: dict[tuple[str, ...] | None, int] = field(default_factory=dict)
    terms: dict[str, PassageTerms] = field(default_factory=dict)
    passages: dict[str, Passage] = field(default_factory=dict)


def kept(
    known: dict[str, Value],
    ids: Sequence[str],
    read: Callable[[list[str]], Mapping[str, Value]],
) -> dict[str, Value]:
    """The values of these ids in their order, `read` where they are not known yet; ids for which
    nothing is read are left out."""
    found = {i: value for i in ids if (value := known.get(i)) is not None}
    if missing := [i for i in ids if i not in found]:
        new = read(missing)
        if len(known) + len(new) > KEPT:
            known.clear()
        known.update(new)
        found |= new
    return {i: found[i] for i in ids if i in found}
