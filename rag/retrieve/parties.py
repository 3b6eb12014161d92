"""One party, several names: a filing's 标的公司 is the company that it acquires, under either name.

Filings define short forms; those with the same full form name the same party. A question that uses
one of them finds what the filing says under another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rag.index.terms import normalise, terms
from rag.retrieve.concepts import Concept

Forms = Mapping[str, str]
Party = tuple[str, ...]
_LONGEST = 12
"""Characters of a short form; what is longer is no name that a question would use."""


def parties(forms: Forms, own: Iterable[str]) -> list[Party]:
    """Groups of short forms with the same full form, without the filing's own company."""
    groups: dict[str, list[str]] = {}
    for short, full in forms.items():
        if 2 <= len(short) <= _LONGEST:
            groups.setdefault(full, []).append(normalise(short))
    ours = {normalise(name) for name in own}
    return [tuple(g) for g in groups.values() if len(g) > 1 and not ours & set(g)]


def with_parties(
    concepts: Sequence[Concept], text: str, groups: Sequence[Party]
) -> tuple[Concept, ...]:
    """The ideas of a normalised question, with every name of the parties that it names."""
    for group in groups:
        said = max((name for name in group if name in text), key=len, default="")
        forms = {name: tuple(dict.fromkeys(terms(name))) for name in group}
        if said:
            concepts = _merged(concepts, said, [forms.pop(said), *forms.values()])
        elif any(form in concept.forms for form in forms.values() for concept in concepts):
            concepts = [_extended(concept, tuple(forms.values())) for concept in concepts]
    return tuple(concepts)


def _merged(
    concepts: Sequence[Concept], said: str, forms: Sequence[tuple[str, ...]]
) -> list[Concept]:
    """A party named in the question as one idea, instead of the pieces of its name."""
    pieces = set(forms[0])
    old = [c for c in concepts if c.said == said]
    known = tuple(form for concept in old for form in concept.forms)
    rest = [c for c in concepts if c.said != said and not (set(c.forms[0]) <= pieces)]
    return [*rest, Concept(said, tuple(dict.fromkeys((*forms, *known))))]


def _extended(concept: Concept, forms: tuple[tuple[str, ...], ...]) -> Concept:
    if not set(forms) & set(concept.forms):
        return concept
    return replace(concept, forms=tuple(dict.fromkeys((*concept.forms, *forms))))
