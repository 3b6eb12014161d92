"""Answering end to end with a scripted model: nothing false is shown, whatever the model writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from prompts import Message
from rag.answer.models import Noted, Tool
from rag.ask import Asking, last_answer
from rag.chunk import passages_of
from rag.errors import ModelError, NothingIngested, QuestionError
from rag.index.catalog import Catalog
from rag.load.files import load
from rag.retrieve.prepare import search_columns
from rag.retrieve.search import Searcher
from rag.types import Answer, Evidence, Token

TEXT = """\
澄海样例股份有限公司
2024年年度报告

第一节 主要财务数据
2024年营业收入为1,234.50万元,比上年增长12.50%。
2023年营业收入为1,097.33万元。
2024年末存货跌价准备为88.60万元,主要系部分产品临近有效期所致。
公司研发人员共112人。
"""
QUESTION = "澄海样例2024年营业收入是多少?"


class Scripted:
    """A model that writes what it is told to, one draft a call."""

    name, local = "scripted", True

    def __init__(self, *drafts: str, error: str = "") -> None:
        self.drafts, self.error = list(drafts), error
        self.asked: list[Sequence[Message]] = []

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        tools: Sequence[Tool] = (),
        noted: Noted | None = None,
    ) -> Iterator[str]:
        self.asked.append(messages)
        if self.error:
            raise ModelError(self.error)
        draft = self.drafts[min(len(self.asked), len(self.drafts)) - 1]
        yield from (draft[i : i + 7] for i in range(0, len(draft), 7))

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("ask")
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    filing = load(folder / "a.txt")
    catalog = Catalog(folder / "catalog.sqlite3")
    catalog.add(filing, [(p, search_columns(p)) for p in passages_of(filing)])
    return Searcher(catalog)


def ask(searcher: Searcher, writer: Scripted | None, question: str = QUESTION) -> Answer:
    return last_answer(Asking(searcher, writer).stream(question, mode="lexical"))


def test_a_true_statement_is_shown_with_a_verbatim_quote(searcher: Searcher) -> None:
    answer = ask(searcher, Scripted("2024年营业收入为1,234.50万元[1]。"))
    assert answer.status == "answered"
    assert answer.model == "scripted"
    assert "1,234.50" in answer.text
    (citation,) = answer.citations
    assert citation.quote in TEXT
    assert "1,234.50" in citation.quote
    assert all(check.verdict == "supported" for check in answer.checks)


def test_events_come_in_order_evidence_tokens_answer(searcher: Searcher) -> None:
    events = list(
        Asking(searcher, Scripted("营业收入为1,234.50万元[1]。")).stream(QUESTION, mode="lexical")
    )
    assert isinstance(events[0], Evidence)
    assert isinstance(events[-1], Answer)
    assert "".join(e.text for e in events if isinstance(e, Token)) == "营业收入为1,234.50万元[1]。"


@pytest.mark.parametrize(
    "lie",
    [
        "2024年营业收入为1,243.50万元[1]。",
        "2024年营业收入为1,234.50亿元[1]。",
        "2024年营业收入为-1,234.50万元[1]。",
        "2023年营业收入为1,234.50万元[1]。",
        "2024年营业收入为1,097.33万元[1]。",
        "2024年营业收入比上年增长21.50%[1]。",
    ],
)
def test_a_model_that_lies_about_a_figure_never_gets_it_shown(searcher: Searcher, lie: str) -> None:
    writer = Scripted(lie)
    answer = ask(searcher, writer)
    assert len(writer.asked) == 2, "sent back once"
    assert answer.model == "extractive" or answer.status == "not_found"
    for wrong in ("1,243.50", "1,234.50亿", "-1,234.50", "2023年营业收入为1,234.50", "21.50%"):
        assert wrong not in answer.text
    assert all(check.verdict != "unsupported" for check in answer.checks)


def test_a_false_statement_is_taken_out_and_the_true_one_stays(searcher: Searcher) -> None:
    draft = "2024年营业收入为1,234.50万元[1]。研发人员共221人[1]。"
    answer = ask(searcher, Scripted(draft), "澄海样例2024年营业收入和研发人员是多少?")
    assert "1,234.50" in answer.text
    assert "221" not in answer.text
    assert answer.status == "partial"


def test_the_repaired_draft_is_used(searcher: Searcher) -> None:
    answer = ask(
        searcher, Scripted("营业收入为1,999.00万元[1]。", "2024年营业收入为1,234.50万元[1]。")
    )
    assert answer.model == "scripted"
    assert "1,234.50" in answer.text


def test_an_unknown_source_number_is_rejected(searcher: Searcher) -> None:
    answer = ask(searcher, Scripted("2024年营业收入为1,234.50万元[99]。"))
    assert "[99]" not in answer.text
    assert all(c.n <= len(answer.citations) for c in answer.citations)


def test_a_model_that_is_down_leaves_the_composed_answer_and_says_so(searcher: Searcher) -> None:
    answer = ask(searcher, Scripted(error="the model is down; start it"))
    assert answer.model == "extractive"
    assert "1,234.50" in answer.text
    assert "the model is down; start it" in answer.notes


def test_numbers_in_the_text_are_the_citations_numbers(searcher: Searcher) -> None:
    draft = "2024年营业收入为1,234.50万元[1]。研发人员共112人[1]。"
    answer = ask(searcher, Scripted(draft), "2024年营业收入和研发人员各是多少?")
    assert [f"[{c.n}]" in answer.text for c in answer.citations] == [True] * len(answer.citations)


def test_questions_that_are_none_are_stated_errors(searcher: Searcher, tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="empty"):
        ask(searcher, None, "  \n ")
    with pytest.raises(QuestionError, match="10,000 characters"):
        ask(searcher, None, "问" * 10_000)
    with pytest.raises(NothingIngested, match="filings ingest"):
        ask(Searcher(Catalog(tmp_path / "c.sqlite3")), None)


def test_a_refusal_names_what_was_searched(searcher: Searcher) -> None:
    answer = ask(searcher, None, "澄海样例2019年营业收入是多少?")
    assert answer.status == "not_found"
    assert answer.citations == ()
    assert "年度报告" in answer.text
