"""Quotes of real passages are found on the pages that they are cited to, in every format."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.settings import Settings
from rag.types import Passage
from rag.verify.sentences import split_sentences
from ui.locate import locate

SAMPLES = Path(__file__).parents[2] / "data" / "filings"
PER_FORMAT = 40


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from rag.build import Workspace

    workspace = Workspace(Settings(home=tmp_path_factory.mktemp("marks")))
    workspace.ingest([SAMPLES], defer_vectors=True)
    yield workspace
    workspace.close()


def quotes_of(passage: Passage) -> Iterator[tuple[int, int]]:
    """What an answer may cite of a passage: its sentences, or a table's lines."""
    if passage.kind == "text":
        yield from split_sentences(passage.text)
        return
    start = 0
    for line in passage.text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def covered(library: Any, passage: Passage, start: int, end: int) -> float:
    """The share of a quote that is marked on its page and, if it runs on, on the next one."""
    first, last = passage.page_index_at(start), passage.page_index_at(max(start, end - 1))
    share = 0.0
    for index in range(first, last + 1):
        page = library.page(passage.filing.id, index)
        marks = locate(
            page, passage.text[start:end], before=passage.text[:start], after=passage.text[end:]
        )
        share += marks.covered
    return share


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".txt", ".pdf", ".docx", ".xlsx", ".html"])
def test_marks_cover_at_least_95_percent_of_every_quote(library: Any, suffix: str) -> None:
    states = [s for s in library.filings() if s.ref.source.endswith(suffix)]
    if not states:
        pytest.skip(f"no loadable {suffix} among the samples")
    passages = [p for s in states for p in library.catalog.passages_of(s.ref.id)]
    all_quotes = [(p, a, b) for p in passages for a, b in quotes_of(p) if p.text[a:b].strip()]
    chosen = random.Random(7).sample(all_quotes, min(PER_FORMAT, len(all_quotes)))
    lost = [
        (p.text[a:b], share) for p, a, b in chosen if (share := covered(library, p, a, b)) < 0.95
    ]
    assert lost == []
