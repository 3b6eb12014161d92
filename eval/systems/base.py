"""What a system under test is: anything that finds texts for a question and answers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from eval.questions import Question
from eval.results import Found, Given

Step = Literal["search", "answer"]
Mode = Literal["hybrid", "lexical", "dense"]


class System(Protocol):
    """A system under test. Methods may be called from several threads, up to `workers`.

    `search` gives hits best first, at most `k`. `answer` gives an answer or a refusal. Both raise
    a FilingsError for what they cannot do.
    """

    name: str
    workers: int
    answers: bool
    """False for a system that only retrieves."""
    sources: frozenset[str] | None
    """File names of the filings that it holds; None where it does not say."""

    def search(self, question: Question, k: int) -> tuple[Found, ...]: ...

    def answer(self, question: Question) -> Given: ...

    def depends_on(self, question: Question, step: Step) -> Mapping[str, str]:
        """All that the step's result for this question depends on, besides the question: equal
        mappings promise equal results, so the cached one may be used. Empty: never cache."""
        ...

    def describe(self) -> Mapping[str, Any]:
        """Settings, model, index fingerprint, prompt hashes: for the run's record. No secrets."""
        ...

    def close(self) -> None: ...
