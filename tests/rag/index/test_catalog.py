from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from rag.chunk import passages_of
from rag.errors import CatalogError, UnknownFiling
from rag.index.catalog import Catalog
from rag.index.memory import kept
from rag.retrieve.prepare import search_columns
from rag.types import Filing, FilingRef, Heading, Page, Paragraph, Table


def sample(name: str, *sentences: str) -> Filing:
    ref = FilingRef(
        name,
        f"{name}报告",
        "澄海样例股份有限公司",
        "",
        "annual report",
        "2024",
        f"{name}.txt",
        ("澄海样例",),
    )
    table = Table("如下:", "万元", (("项目", "2024年"),), (("收入", "12.00"),))
    blocks = (Heading("一、情况", 3), *(Paragraph(s) for s in sentences), table)
    return Filing(ref, (Page("1", 0, blocks),), {"一期项目": "年产100吨项目"})


def stored(catalog: Catalog, filing: Filing, **kwargs: str) -> list[str]:
    passages = passages_of(filing)
    catalog.add(filing, [(p, search_columns(p)) for p in passages], **kwargs)
    return [p.id for p in passages]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite3")


def test_what_is_stored_comes_back_the_same(catalog: Catalog) -> None:
    filing = sample("a", "营业收入为1,234.50万元。")
    ids = stored(catalog, filing)
    assert catalog.ref("a") == filing.ref
    assert catalog.page("a", 0) == filing.pages[0]
    assert list(catalog.passages(ids).values()) == list(passages_of(filing))
    assert catalog.short_forms("a") == {"一期项目": "年产100吨项目"}


def test_a_filing_is_found_in_the_moment_it_is_stored(catalog: Catalog) -> None:
    ids = stored(catalog, sample("a", "营业收入为1,234.50万元。"))
    assert catalog.lexical(["1234.5"], 5)[0][0] == ids[0]
    assert catalog.lexical(["1234.5"], 5, filings=["other"]) == []


def test_a_replaced_filing_leaves_search_and_dooms_its_vectors(catalog: Catalog) -> None:
    old = stored(catalog, sample("a", "营业收入为1,234.50万元。"))
    catalog.mark_embedded(old)
    new = sample("b", "营业收入为9,999.00万元。")
    ids = stored(catalog, Filing(new.ref, new.pages), replaces="a")
    assert catalog.lexical(["1234.5"], 5) == []
    assert catalog.lexical(["9999"], 5)[0][0] == ids[0]
    assert set(catalog.doomed()) == set(old)
    assert [ref.id for ref in catalog.refs()] == ["b"]


def test_removal_forgets_everything(catalog: Catalog) -> None:
    stored(catalog, sample("a", "营业收入为1,234.50万元。"))
    catalog.remove("a")
    assert catalog.count() == (0, 0)
    assert catalog.lexical(["1234.5"], 5) == []
    with pytest.raises(UnknownFiling, match="filings list"):
        catalog.remove("a")


def test_pending_passages_are_those_without_vectors(catalog: Catalog) -> None:
    ids = stored(catalog, sample("a", "甲。", "乙。"))
    catalog.mark_embedded(ids[:1])
    assert catalog.pending() == ids[1:]
    state = catalog.states()[0]
    assert (state.embedded, state.passages) == (1, len(ids))


def test_neighbours_stay_within_the_filing(catalog: Catalog) -> None:
    first = stored(catalog, sample("a", "甲。"))
    second = stored(catalog, sample("b", "乙。"))
    assert [p.id for p in catalog.neighbours(first[-1])] == first[-2:]
    assert [p.id for p in catalog.neighbours(second[0])] == second[:2]


def test_two_threads_read_and_write_at_once(catalog: Catalog) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda n: stored(catalog, sample(f"f{n}", f"第{n}项收入为{n}.50万元。")), range(12)
            )
        )
        counts = list(pool.map(lambda _: catalog.count()[0], range(8)))
    assert counts == [12] * 8


def test_a_damaged_file_is_a_stated_error(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    path.write_bytes(b"not a database, certainly" * 100)
    with pytest.raises(CatalogError, match="ingest again"):
        Catalog(path)


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(CatalogError, match="another version"):
        Catalog(path)


def test_words_of_a_query_are_data_not_syntax(catalog: Catalog) -> None:
    stored(catalog, sample("a", "营业收入为1,234.50万元。"))
    assert catalog.lexical(['" OR body:*', "NEAR(", "收入"], 5)


def test_what_was_read_is_read_again_after_a_change_by_this_thread(catalog: Catalog) -> None:
    ids = stored(catalog, sample("a", "营业收入为1,234.50万元。"))
    assert len(catalog.indexed(ids)) == catalog.passage_count() == len(ids)
    assert [ref.id for ref in catalog.refs()] == ["a"]
    catalog.remove("a")
    assert catalog.indexed(ids) == catalog.passages(ids) == {}
    assert catalog.refs() == []
    assert catalog.passage_count() == 0
    assert catalog.lexical(["1234.5"], 5, filings=["a"]) == []


@pytest.mark.parametrize("elsewhere", ["another thread", "another connection"])
def test_what_was_read_is_read_again_after_a_change_elsewhere(
    elsewhere: str, catalog: Catalog
) -> None:
    old = sample("a", "营业收入为1,234.50万元。")
    ids = stored(catalog, old)
    before = catalog.indexed(ids)
    renamed = Filing(replace(old.ref, company="临江样例股份有限公司"), old.pages, {})
    writer = Catalog(catalog.path) if elsewhere == "another connection" else catalog
    thread = threading.Thread(target=lambda: stored(writer, renamed, replaces="a"))
    thread.start()
    thread.join()
    assert [ref.company for ref in catalog.refs()] == ["临江样例股份有限公司"]
    assert catalog.short_forms("a") == {}
    assert {p.filing.company for p in catalog.passages(ids).values()} == {"临江样例股份有限公司"}
    assert catalog.indexed(ids) != before


def test_a_thread_that_comes_later_reads_what_is_there_now(catalog: Catalog) -> None:
    """Its connection cannot be told of a change before its time, so it trusts nothing older."""
    stored(catalog, sample("a", "营业收入为1,234.50万元。"))
    catalog.refs()
    Catalog(catalog.path).remove("a")
    seen: list[list[FilingRef]] = []
    thread = threading.Thread(target=lambda: seen.append(catalog.refs()))
    thread.start()
    thread.join()
    assert seen == [[]]


def test_terms_come_in_the_order_of_ids_and_unknown_ones_are_left_out(catalog: Catalog) -> None:
    ids = stored(catalog, sample("a", "营业收入为1,234.50万元。", "毛利率为33.10%。"))
    some = catalog.indexed([ids[-1]])
    assert list(catalog.indexed([*reversed(ids), "none"])) == sorted(ids)
    assert catalog.indexed([ids[-1]]) == some


def test_memory_lets_go_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.index.memory.KEPT", 3)
    known: dict[str, int] = {}
    assert kept(known, ["a", "b"], lambda ids: dict.fromkeys(ids, 1)) == {"a": 1, "b": 1}
    assert kept(known, ["b", "c", "d"], lambda ids: dict.fromkeys(ids, 2)) == {
        "b": 1,
        "c": 2,
        "d": 2,
    }
    assert known == {"c": 2, "d": 2}
