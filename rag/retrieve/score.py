"""Lexical scores of candidate passages: BM25F over the ideas of a question instead of its words.

For every form of an idea the share of its terms that a passage has, each by its inverse document
frequency and saturated by BM25; of the forms of one idea the best counts. Term frequencies in the
headings above a passage are added to the body's at a weight of their own (BM25F:
Robertson, Zaragoza and Taylor, CIKM 2004).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rag.index.memory import PassageTerms
from rag.retrieve.concepts import Concept

K1, B = 0.9, 0.7
USUAL_LENGTH = 100
"""Terms of a passage as our chunking makes it."""
SECTION = 1.0
"""How often a term in the headings counts as standing in the body."""
OTHER_FORM = 0.8
"""What another form of an idea counts beside the form that the question uses itself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Ideas made ready: `shares` has for each term what it adds to which form, `idea_of` the idea
    of each form and `weights` the ideas' weights, summing to 1."""

    shares: Mapping[str, Sequence[tuple[int, float]]]
    idea_of: Sequence[int]
    weights: Sequence[float]


def inverse_frequency(passages: int, total: int) -> float:
    """The inverse document frequency of BM25 of a term that stands in `passages` of `total`."""
    return math.log(1 + (total - passages + 0.5) / (passages + 0.5))


def wanted(
    concepts: Sequence[Concept], frequency: Mapping[str, int], total: int, *, english: bool
) -> Wanted:
    """The ideas of which at least one form stands in some passage.

    `frequency` has the passages of each term that occurs at all among the `total` searched. An idea
    weighs as much as its form in the question does, or in an English one its first translation.
    """
    idf = {term: inverse_frequency(n, total) for term, n in frequency.items()}
    rare = inverse_frequency(0, total)
    shares: dict[str, list[tuple[int, float]]] = {}
    idea_of: list[int] = []
    weights: list[float] = []
    for concept in concepts:
        forms = [form for form in concept.forms if any(term in idf for term in form)]
        if not forms:
            continue
        sums = [sum(idf.get(term, rare) for term in form) for form in forms]
        translated = english and len(concept.forms) > 1
        leading = int(translated and len(forms) > 1 and forms[0] == concept.forms[0])
        weight = sums[leading]
        for n, (form, whole) in enumerate(zip(forms, sums, strict=True)):
            value = min(1.0, whole / weight) * (1.0 if n == 0 or translated else OTHER_FORM)
            for term in form:
                share = (len(idea_of), value * idf.get(term, rare) / whole)
                shares.setdefault(term, []).append(share)
            idea_of.append(len(weights))
        weights.append(weight * concept.weight)
    scale = sum(weights) or 1.0
    return Wanted(shares, idea_of, [weight / scale for weight in weights])


def lexical_scores(ideas: Wanted, passages: Iterable[PassageTerms]) -> list[float]:
    """The score of each passage, given its terms."""
    return [_score(ideas, passage) for passage in passages]


def _score(ideas: Wanted, passage: PassageTerms) -> float:
    asked = ideas.shares.__contains__
    counts: dict[str, float] = dict.fromkeys(filter(asked, passage.section), SECTION)
    for term in filter(asked, chain(passage.caption, passage.body)):
        counts[term] = counts.get(term, 0.0) + 1.0
    length = len(passage.caption) + len(passage.body)
    norm = K1 * (1 - B + B * length / USUAL_LENGTH)
    forms: dict[int, float] = {}
    for term, count in counts.items():
        saturated = count * (K1 + 1) / (count + norm)
        for form, share in ideas.shares[term]:
            forms[form] = forms.get(form, 0.0) + share * saturated
    best: dict[int, float] = {}
    for form, score in forms.items():
        idea = ideas.idea_of[form]
        best[idea] = max(best.get(idea, 0.0), score)
    return sum(ideas.weights[idea] * score for idea, score in best.items())
