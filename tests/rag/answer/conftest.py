"""Questions with the ranked candidates of a few passages that a test writes itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from rag.answer.judged import Candidate, Question, candidates, question_of
from rag.answer.ranking import ranked
from rag.retrieve.query import understand
from rag.types import FilingRef, Hit, Passage

Order = list[tuple[Candidate, float]]
Read = Callable[..., tuple[Question, Order]]


@pytest.fixture
def read() -> Read:
    """`read(question, text, …, companies=(…))`: a text with " | " in it is a table. `companies`
    say whose filing each text stands in; all are of one by default."""

    def reading(
        question: str, *texts: str, companies: Sequence[str] = ()
    ) -> tuple[Question, Order]:
        whose = list(companies) or ["青萍仪表"] * len(texts)
        refs = {
            name: FilingRef(
                f"f{i}", f"{name}2024年年度报告", name, "", "annual_report", "2024", "q"
            )
            for i, name in enumerate(dict.fromkeys(whose))
        }
        hits = []
        for n, (text, name) in enumerate(zip(texts, whose, strict=True), 1):
            kind = "table" if " | " in text else "text"
            passage = Passage(f"p{n}", refs[name], ("1",), ("经营情况",), kind, text)
            hits.append(Hit(passage, 1 / n, n))
        asked = question_of(understand(question, list(refs.values())), {})
        return asked, ranked(asked, candidates(asked, hits))

    return reading
