"""Our own system under test: a real workspace over two small invented filings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.cli import standalone
from eval.metrics.citations import citation_problem
from eval.questions import Evidence, Question
from eval.results import SystemFailure
from eval.systems import make_system
from eval.systems.ours import Ours
from rag.settings import Settings
from rag.types import Citation

PAGES = (
    "砺岩机械股份有限公司2024年年度报告\n\n第1页\n\n一、经营情况\n\n砺岩机械2024年营业收入为23,456.78万元，同比增长11.20%。\n\n第2页\n\n"
    "二、研发情况\n\n砺岩机械2024年研发费用为1,987.65万元，研发人员共312人。\n\n第3页\n"
)
OTHER = "湖澄纸业股份有限公司2024年年度报告\n\n湖澄纸业2024年营业收入为8,765.43万元，员工总数为905人。\n"
ASKED = Question(
    "q", "砺岩机械2024年研发费用是多少？", "zh", "lookup", "1,987.65万元", must=(("1987.65",),),
    evidence=(Evidence("liyan.txt", None, ("1,987.65",)),),
)  # fmt: skip


@pytest.fixture
def filings(tmp_path: Path) -> Path:
    folder = tmp_path / "filings"
    folder.mkdir()
    (folder / "liyan.txt").write_text(PAGES, encoding="utf-8")
    (folder / "hucheng.txt").write_text(OTHER, encoding="utf-8")
    return folder


@pytest.fixture
def lexical(filings: Path, tmp_path: Path) -> Iterator[Ours]:
    settings = Settings(home=tmp_path / "home", provider="extractive")
    system = make_system(
        "ours", settings, documents=[filings], mode="lexical", work=tmp_path / "work"
    )
    assert isinstance(system, Ours)
    yield system
    system.close()


def test_hits_carry_file_name_pages_and_readable_text(lexical: Ours) -> None:
    hits = lexical.search(ASKED, 5)
    assert hits[0].source == "liyan.txt"
    assert "1,987.65" in hits[0].text
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert lexical.sources == {"liyan.txt", "hucheng.txt"}


def test_results_depend_on_prompts_only_where_answers_are_concerned(lexical: Ours) -> None:
    search, answer = lexical.depends_on(ASKED, "search"), lexical.depends_on(ASKED, "answer")
    assert not any(name.startswith("prompt") for name in search)
    assert any(name.endswith(".zh.md") for name in answer)
    assert not any(name.endswith(".en.md") for name in answer)
    assert not any("home" in name for name in answer)


def test_an_index_is_made_once(filings: Path, tmp_path: Path, lexical: Ours) -> None:
    settings = Settings(home=tmp_path / "home", provider="extractive")
    again = make_system(
        "ours", settings, documents=[filings], mode="lexical", work=tmp_path / "work"
    )
    assert again.describe()["index"] == lexical.describe()["index"]
    assert len(list((tmp_path / "work").iterdir())) == 1
    again.close()


def test_a_citation_is_held_against_the_catalog(lexical: Ours) -> None:
    hit = lexical._workspace.search(ASKED.question, k=1, mode="lexical")[0]
    passage = hit.passage
    start = passage.text.index("1,987.65")
    good = Citation(
        1, passage.id, passage.filing.id, "", passage.filing.source, passage.page_at(start), (), "1,987.65", start, start + 8
    )  # fmt: skip
    assert citation_problem(lexical._cited(good), ()) == ""
    from dataclasses import replace

    assert citation_problem(lexical._cited(replace(good, quote="1,987.66")), ())
    assert citation_problem(lexical._cited(replace(good, page="第99页")), ())
    assert citation_problem(lexical._cited(replace(good, passage_id="none")), ())


def test_a_file_that_cannot_be_ingested_stops_the_run(filings: Path, tmp_path: Path) -> None:
    (filings / "empty.txt").write_text("", encoding="utf-8")
    settings = Settings(home=tmp_path / "home", provider="extractive")
    with pytest.raises(SystemFailure, match=r"empty\.txt"):
        make_system("ours", settings, documents=[filings], mode="lexical", work=tmp_path / "work")


def test_questions_about_absent_filings_are_left_out_and_named(
    filings: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    base: dict[str, Any] = {
        "lang": "zh",
        "split": "dev",
        "answer": "1,987.65万元",
        "must": [["1987.65"]],
    }
    records = [
        base | {"id": "here", "type": "lookup", "question": ASKED.question, "evidence": [{"source": "liyan.txt", "page": None, "figures": ["1,987.65"]}]},
        base | {"id": "there", "type": "lookup", "question": "别处？", "evidence": [{"source": "gone.txt", "page": None, "figures": ["1"]}]},
        {"id": "nowhere", "lang": "zh", "type": "unanswerable", "question": "没有？", "answer": "未披露"},
    ]  # fmt: skip
    (tmp_path / "set.jsonl").write_text("\n".join(json.dumps(r) for r in records), encoding="utf-8")
    code = standalone(
        [
            "run",
            "--questions",
            "set.jsonl",
            "--documents",
            str(filings),
            "--mode",
            "lexical",
            "--json",
        ]
    )
    printed = capsys.readouterr()
    assert code == 0
    found = json.loads(printed.out)["scores"]["coverage@1000"]
    assert (found["mean"], found["n"]) == (1.0, 1)
    assert "left out: 2 questions about 1 filings not in the index (gone.txt)" in printed.err


@pytest.mark.slow
def test_a_whole_run_with_answers_is_the_same_twice(filings: Path, tmp_path: Path) -> None:
    from eval.cache import Cache
    from eval.runner import Options, ask_all
    from eval.runs import score_results

    settings = Settings(home=tmp_path / "home", provider="extractive")
    scores = []
    for _ in range(2):
        system = make_system("ours", settings, documents=[filings], work=tmp_path / "work")
        results = ask_all(system, [ASKED], Options(), cache=Cache(None))
        scored = score_results([ASKED], results)
        scores.append(
            {
                name: by["q"].value
                for name, by in scored.items()
                if not name.endswith("_ms") and "q" in by
            }
        )
        system.close()
    assert scores[0] == scores[1]
    assert scores[0]["correct"] == scores[0]["citation_validity"] == 1
