"""Answers composed without a model: what is stated is shown and cited, the rest is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag.answer.extractive import Composed, compose, composed
from rag.chunk import passages_of
from rag.index.catalog import Catalog
from rag.load.files import load
from rag.retrieve.prepare import search_columns
from rag.retrieve.search import Searcher
from rag.types import Hit

REPORT = """北岭电机股份有限公司2024年年度报告

第一节 财务摘要

2024年,公司营业收入为8,640.50万元,较2023年的7,200.00万元有所增长,主要系海外订单增加所致。
报告期内,2022年、2023年和2024年综合毛利率分别为31.20%、33.45%和35.10%。
公司共有3处厂房尚未办理产权证书,具体如下:
一号仓库、二号锅炉房和门卫室。
截至2024年末,财务性投资占归母净资产的比例为4.25%,未超过30%,不存在持有较大财务性投资的情形。

第二节 分产品情况

各产品收入如下:

单位:万元

| 产品 | 2024年 | 2023年 |
| --- | --- | --- |
| 伺服电机 | 5,100.20 | 4,000.00 |
| 减速器 | 2,310.30 | 2,150.00 |
| 其他 | 1,230.00 | 1,050.00 |
"""


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("filings")
    path = folder / "2024-beiling-annual-report.md"
    path.write_text(REPORT, encoding="utf-8")
    catalog = Catalog(folder / "catalog.sqlite3")
    filing = load(path)
    catalog.add(filing, [(p, search_columns(p)) for p in passages_of(filing)])
    return Searcher(catalog)


def found(searcher: Searcher, question: str) -> tuple[Composed, Sequence[Hit]]:
    query = searcher.understand(question)
    hits = searcher.find(query, 10, mode="lexical")
    made = composed(query, hits, searcher.weights(query), neighbours=searcher.catalog.neighbours)
    assert made is not None
    return made, hits


def shown(searcher: Searcher, question: str) -> str:
    made, _ = found(searcher, question)
    return made.lead + "\n".join(line.text for line in made.lines)


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        ("北岭电机2024年营业收入是多少?", ["8,640.50"]),
        ("北岭电机2022年至2024年综合毛利率分别是多少?", ["31.20%", "33.45%", "35.10%"]),
        ("北岭电机2024年减速器收入是多少?", ["2,310.30万元"]),
        ("北岭电机2024年营业收入为什么增长?", ["海外订单增加"]),
        ("北岭电机哪3处厂房未办理产权证书?", ["锅炉房", "门卫室"]),
    ],
)
def test_what_the_filing_states_is_shown(
    searcher: Searcher, question: str, stated: list[str]
) -> None:
    text = shown(searcher, question)
    assert all(part in text for part in stated), text


def test_a_cell_of_the_asked_period_is_shown_without_the_other_period(searcher: Searcher) -> None:
    text = shown(searcher, "北岭电机2024年减速器收入是多少?").split("\n")[0]
    assert "2,150.00" not in text


def test_the_growth_between_two_years_is_computed_with_its_expression(searcher: Searcher) -> None:
    text = shown(searcher, "北岭电机伺服电机2024年收入比2023年的增长率是多少?")
    assert "(5,100.20 − 4,000.00) ÷ 4,000.00 = 27.51%" in text


def test_two_things_asked_are_answered_in_a_line_each(searcher: Searcher) -> None:
    text = shown(searcher, "北岭电机2024年营业收入是多少,有几处厂房未办理产权证书?")
    assert "8,640.50" in text
    assert "3处厂房" in text


def test_one_thing_asked_is_answered_without_its_neighbours(searcher: Searcher) -> None:
    made, _ = found(searcher, "北岭电机2024年减速器收入是多少?")
    assert len(made.lines) == 1


def test_a_sum_of_two_rows_is_computed_and_shows_both(searcher: Searcher) -> None:
    text = shown(searcher, "北岭电机2024年伺服电机和减速器的收入合计是多少?")
    assert "5,100.20 + 2,310.30 = 7,410.50" in text


def test_a_denial_in_so_many_words_leads_with_no(searcher: Searcher) -> None:
    text = shown(searcher, "北岭电机的财务性投资是否超过归母净资产的30%?")
    assert text.startswith("否。")
    assert "4.25%" in text


def test_every_line_of_an_answer_is_cited_with_a_verbatim_quote(searcher: Searcher) -> None:
    made, _ = found(searcher, "北岭电机2024年营业收入是多少?")
    for n, line in enumerate(made.lines, 1):
        citation = line.citation(n)
        assert citation.quote == line.passage.text[citation.start : citation.end]
        assert citation.quote.strip()


def test_a_question_about_something_else_is_refused(searcher: Searcher) -> None:
    query = searcher.understand("北岭电机董事长的学历是什么专业?")
    hits = searcher.find(query, 10, mode="lexical")
    draft = compose(query, hits, searcher.weights(query))
    assert (draft.status, draft.text) == ("not_found", "")


def test_nothing_found_is_a_refusal(searcher: Searcher) -> None:
    query = searcher.understand("北岭电机2024年营业收入是多少?")
    assert compose(query, [], {}).status == "not_found"


def test_the_measure_of_another_period_is_less_sure_than_that_of_the_asked(
    searcher: Searcher,
) -> None:
    asked, _ = found(searcher, "北岭电机2024年减速器收入是多少?")
    other, _ = found(searcher, "北岭电机2019年减速器收入是多少?")
    assert asked.confidence > other.confidence


def test_words_of_a_regulators_question_rank_behind_the_reply(searcher: Searcher) -> None:
    query = searcher.understand("北岭电机2024年营业收入是多少?")
    hits = searcher.find(query, 10, mode="lexical")
    weight = searcher.weights(query)
    asked = [replace(h, passage=replace(h.passage, speaker="question")) for h in hits]
    plain, doubtful = composed(query, hits, weight), composed(query, asked, weight)
    assert plain is not None
    assert doubtful is not None
    assert plain.confidence > doubtful.confidence
