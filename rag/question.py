"""What a question must be before anything is done with it."""

from __future__ import annotations

from rag.errors import NothingIngested, QuestionError
from rag.retrieve.search import Searcher

LONGEST_QUESTION = 4000
"""Characters."""


def checked_question(question: str) -> str:
    """The question without outer blanks. Raises QuestionError for an empty or overlong one."""
    stripped = question.strip()
    if not stripped:
        raise QuestionError("the question is empty; ask something about the filings")
    if len(stripped) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(stripped):,} characters, the most is {LONGEST_QUESTION:,}; "
            "ask for one thing at a time"
        )
    return stripped


def require_filings(searcher: Searcher) -> None:
    """Raise NothingIngested where there is nothing to search."""
    if searcher.catalog.count()[0] == 0:
        raise NothingIngested("no filings yet; add some with `filings ingest PATH`")
