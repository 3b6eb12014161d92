"""What a metric is: a name, what it needs, and a pure function from question and result to a score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from eval.questions import Question
from eval.results import Result, Score

Scorer = Callable[[Question, Result], Score]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as the tables show it.

    `needs` says whether it reads the hits or the answer (then a retrieval-only run leaves it out).
    `fault` names, in plain words, what a low value means. `lower_is_better` and `unit` are for
    costs. Quality values lie between 0 and 1 except where `low` says otherwise.
    """

    name: str
    zh: str
    en: str
    score: Scorer
    needs: Literal["hits", "answer"]
    fault: str = ""
    unit: str = ""
    lower_is_better: bool = False
    low: float = 0.0

    @property
    def definition(self) -> str:
        """The first paragraph of the scoring function's docstring."""
        return " ".join((self.score.__doc__ or "").split("\n\n")[0].split())
