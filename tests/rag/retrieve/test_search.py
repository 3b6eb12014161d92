from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.chunk import passages_of
from rag.errors import EmbeddingError
from rag.index.catalog import Catalog
from rag.retrieve.explain import query_json, query_lines
from rag.retrieve.prepare import search_columns
from rag.retrieve.search import Searcher
from rag.types import Block, Filing, FilingRef, Heading, Page, Paragraph, Passage, Table


def filing(name: str, company: str, *blocks: Block, kind: str = "prospectus") -> Filing:
    short = company.removesuffix("股份有限公司")
    about = FilingRef(name, f"{company}报告", company, "", kind, "2024", f"{name}.txt", (short,))
    return Filing(about, (Page("1", 0, blocks),), {})


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(
        block
        for n, text in enumerate(texts)
        for block in (Heading(f"{n + 1}、节", 4), Paragraph(text))
    )


SALES = Table(
    "各产品收入情况如下:",
    "万元",
    (("产品", "2024年", "2023年"),),
    (("减速器", "512.30", "498.70"), ("轴承", "77.10", "70.20")),
)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    for one in (
        filing("a", "澄海样例股份有限公司", *paragraphs(
            "2024年末,公司货币资金为1,234.50万元。", "公司毛利率为33.10%。", "董事会由七名董事组成。"), SALES),
        filing("b", "临江光学股份有限公司", *paragraphs(
            "公司毛利率为21.70%。", "公司员工共305人。", "毛利率变动的主要原因是原材料涨价。")),
    ):  # fmt: skip
        catalog.add(one, [(p, search_columns(p)) for p in passages_of(one)])
    return catalog


def texts(hits: Sequence[object]) -> list[str]:
    return [hit.passage.text for hit in hits]  # type: ignore[attr-defined]


def test_a_word_that_people_say_finds_what_the_filing_prints(catalog: Catalog) -> None:
    hits = Searcher(catalog).search("澄海样例账上现金有多少?")
    assert "1,234.50" in hits[0].passage.text


def test_an_english_question_finds_the_chinese_passage(catalog: Catalog) -> None:
    hits = Searcher(catalog).search("What was the gross margin of Linjiang?")
    assert "21.70%" in hits[0].passage.text


def test_the_company_named_is_the_only_one_searched(catalog: Catalog) -> None:
    hits = Searcher(catalog).search("临江光学的毛利率是多少?")
    assert {hit.passage.filing.id for hit in hits} == {"b"}


def test_each_of_two_companies_has_its_share_of_the_first_hits(catalog: Catalog) -> None:
    hits = Searcher(catalog).search("澄海样例和临江光学谁的毛利率高?")
    assert {hit.passage.filing.id for hit in hits[:2]} == {"a", "b"}


def test_a_row_is_found_by_its_label_and_the_header_above_it(catalog: Catalog) -> None:
    hits = Searcher(catalog).search("澄海样例2024年减速器收入")
    assert hits[0].passage.kind == "table"


def test_a_filing_given_by_the_caller_limits_whatever_is_asked(catalog: Catalog) -> None:
    hits = Searcher(catalog).search("临江光学的毛利率", filings=["a"])
    assert {hit.passage.filing.id for hit in hits} == {"a"}


def test_hits_are_ranked_from_one_and_say_who_found_them(catalog: Catalog) -> None:
    hits = Searcher(catalog).search("毛利率")
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert all(hit.sources and "lexical" in hit.features for hit in hits)


def test_identical_passages_become_one_hit_that_lists_the_other_place(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "c.sqlite3")
    one = filing(
        "a", "澄海样例股份有限公司", *paragraphs("公司毛利率为33.10%。", "公司毛利率为33.10%。")
    )
    catalog.add(one, [(p, search_columns(p)) for p in passages_of(one)])
    hits = Searcher(catalog).search("澄海样例的毛利率")
    assert len(hits) == 1
    assert hits[0].repeats


def test_passages_that_differ_in_a_figure_are_no_repeats(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "c.sqlite3")
    one = filing(
        "a", "澄海样例股份有限公司", *paragraphs("公司毛利率为33.10%。", "公司毛利率为33.20%。")
    )
    catalog.add(one, [(p, search_columns(p)) for p in passages_of(one)])
    assert len(Searcher(catalog).search("澄海样例的毛利率")) == 2


def test_a_sentence_that_ends_in_a_colon_brings_what_it_introduces(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "c.sqlite3")
    table = Table("", "", (("名称", "面积"),), (("库房", "10.50"), ("泵站", "22.25")))
    one = filing(
        "a", "澄海样例股份有限公司", Paragraph("尚有2处房屋未办理权利证书,具体如下:"), table,
        Heading("二、其他", 3), Paragraph("房屋均用于生产。"),
    )  # fmt: skip
    catalog.add(one, [(p, search_columns(p)) for p in passages_of(one)])
    found = texts(Searcher(catalog).search("澄海样例没办产权证的房屋", k=2))
    assert "22.25" in "".join(found)


class FixedDense:
    """Stands in for the vectors: always finds the same passages."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = ids

    def search(
        self, question: str, k: int, *, filings: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        return [(i, 0.9 - 0.1 * n) for n, i in enumerate(self.ids)][:k]


def test_a_passage_that_only_the_vectors_find_is_among_the_hits(catalog: Catalog) -> None:
    odd = next(p for p in catalog.passages_of("b") if "305人" in p.text)
    hits = Searcher(catalog, FixedDense([odd.id])).search("临江光学的毛利率")
    hit = next(hit for hit in hits if hit.passage.id == odd.id)
    assert hit.sources["dense"] == 1


def test_dense_search_alone_uses_the_vectors_alone(catalog: Catalog) -> None:
    ids = [p.id for p in catalog.passages_of("b")]
    hits = Searcher(catalog, FixedDense(ids)).search("临江光学的毛利率", mode="dense")
    assert [hit.passage.id for hit in hits] == ids


def test_a_reranker_decides_the_order_of_the_first_hits(catalog: Catalog) -> None:
    def longest(question: str, passages: Sequence[Passage]) -> list[float]:
        return [float(len(p.text)) for p in passages]

    hits = Searcher(catalog, rerank=longest).search("临江光学毛利率")
    lengths = [len(text) for text in texts(hits)]
    assert lengths == sorted(lengths, reverse=True)


def test_news_that_names_the_company_is_searched_as_well(catalog: Catalog) -> None:
    news = filing("n", "", Paragraph("临江光学宣布毛利率提升。"), kind="news")
    catalog.add(news, [(p, search_columns(p)) for p in passages_of(news)])
    searched = Searcher(catalog).understand("临江光学的毛利率").filings
    assert searched == ("b", "n")


def test_an_item_of_the_news_that_tells_of_others_is_left_out(catalog: Catalog) -> None:
    news = filing(
        "n", "", *paragraphs("临江光学宣布提升良率。", "某厂的毛利率为9.90%。"), kind="news"
    )
    own, others = passages_of(news)
    items = [replace(own, item="临江光学的消息"), replace(others, item="某厂的消息")]
    catalog.add(news, [(p, search_columns(p)) for p in items])
    searcher = Searcher(catalog, FixedDense([others.id, own.id]))
    assert searcher.understand("临江光学的毛利率").left_out == {others.id}
    found = {hit.passage.id for hit in searcher.search("临江光学的毛利率", 50)}
    assert own.id in found
    assert others.id not in found


def test_a_statement_that_was_taken_for_a_heading_is_found(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "c.sqlite3")
    text = "(五)股利分配情况:经股东大会审议通过,在提取法定公积金和公益金之后,以总股本为基数,向全体股东每股派发现金红利0.35元,合计派发1,234.56万元"
    one = filing("a", "澄海样例股份有限公司", Heading(text, 4), Paragraph("股利已于当年派发。"))
    catalog.add(one, [(p, search_columns(p)) for p in passages_of(one)])
    assert "1,234.56" in texts(Searcher(catalog).search("澄海样例每股派发多少"))[0]


def test_news_of_nobody_asked_for_is_not_searched(catalog: Catalog) -> None:
    news = filing("n", "", Paragraph("某厂的毛利率为9.90%。"), kind="news")
    catalog.add(news, [(p, search_columns(p)) for p in passages_of(news)])
    assert Searcher(catalog).understand("临江光学的毛利率").filings == ("b",)


def test_what_was_understood_can_be_shown(catalog: Catalog) -> None:
    query = Searcher(catalog).understand("What was the gross margin of Linjiang in 2024?")
    told = query_json(query, catalog.refs())
    assert told["companies"] == {"临江光学股份有限公司": "linjiang"}
    assert told["filings"] == ["b"]
    assert told["periods"] == ["2024"]
    (margin,) = (idea for idea in told["ideas"] if idea["said"] == "gross margin")
    assert "毛利 利率" in margin["forms"]
    assert any("linjiang" in line for line in query_lines(told))


def test_nothing_named_is_shown_as_such(catalog: Catalog) -> None:
    told = query_json(Searcher(catalog).understand("毛利率是多少"), catalog.refs())
    assert told["filings"] is None
    assert "none named; searched: all filings" in query_lines(told)[0]


def test_term_weights_follow_a_filing_that_leaves(catalog: Catalog) -> None:
    assert catalog.frequencies(["毛利"]) == {"毛利": 3}
    catalog.remove("b")
    assert catalog.frequencies(["毛利"]) == {"毛利": 1}
    assert catalog.frequencies(["305"]) == {}


def test_what_goes_wrong_with_the_vectors_is_told(catalog: Catalog) -> None:
    class Broken:
        def search(
            self, question: str, k: int, *, filings: Sequence[str] | None
        ) -> list[tuple[str, float]]:
            raise EmbeddingError("no vectors")

    with pytest.raises(EmbeddingError, match="no vectors"):
        Searcher(catalog, Broken()).search("临江光学的毛利率")
    assert Searcher(catalog, Broken()).search("临江光学的毛利率", mode="lexical")
