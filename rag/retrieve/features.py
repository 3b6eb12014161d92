"""What counts for or against a passage beside its words and its meaning."""

from __future__ import annotations

from collections.abc import Mapping

from rag.load.outline import OPINION
from rag.retrieve.query import Query
from rag.types import Passage

CONTENTS = "目录"
WEIGHTS: Mapping[str, float] = {"contents": -3.0, "question": -0.5, "opinion": -0.2, "period": 0.2}
"""What each feature adds to the fused score, which is in standard deviations."""


def features(query: Query, passage: Passage, stated: frozenset[str]) -> dict[str, float]:
    """Feature name -> value in 0..1; `stated` are the periods asked for that
    the passage or what stands above it states."""
    asked = query.periods
    return {
        "contents": float(passage.section[-1:] == (CONTENTS,)),
        "question": float(passage.speaker == "question"),
        "opinion": float(any(OPINION.search(heading) for heading in passage.section)),
        "period": sum(p in stated for p in asked) / len(asked) if asked else 0.0,
    }


def adjustment(found: Mapping[str, float]) -> float:
    """The sum of the weighted features."""
    return sum(WEIGHTS.get(name, 0.0) * value for name, value in found.items())
