from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest

from rag.types import Answer, Check, Citation
from ui.conversations import Turn
from ui.feedback import Drafts
from ui.memo import as_docx, as_markdown, footnoted, memo_of
from ui.record import file_hash, program, prompt_version, record_of
from ui.strings import speaker

ZH, EN = speaker("zh"), speaker("en")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text("年报")
    return path


def answered(source: Path | str, **changes: str) -> Turn:
    cited = Citation(
        1, "p", "f", "甲公司年报", str(source), "12", ("第一节", "一"), "收入 | 15\n成本 | 9", 0, 9
    )
    answer = Answer(
        "收入？",
        "收入为15万元[1]。",
        "answered",
        citations=(cited,),
        checks=(Check("amount", "15万元", "computed", None, "10 + 5", (1,)),),
        model="gpt-x",
        **changes,  # type: ignore[arg-type]
    )
    return Turn("t", "收入？", answer, "", "2024", "2025-06-01T00:00:00+00:00", "")


def test_an_answer_is_copied_with_footnotes(source: Path) -> None:
    turn = answered(source)
    assert turn.answer is not None
    text = footnoted(turn.answer, ZH)
    assert text.startswith("收入为15万元[^1]。\n\n[^1]: 甲公司年报")
    assert "第 12 页" in text
    assert "“收入 | 15 成本 | 9”" in text


def test_a_memo_has_what_an_auditor_needs(source: Path) -> None:
    text = as_markdown(memo_of("收入？", [answered(source, standalone="甲公司收入？")]), ZH)
    digest = hashlib.sha256("年报".encode()).hexdigest()
    for needed in (
        "收入？", "甲公司收入？", "有据", "收入为15万元[1]。", "第 12 页", "第一节 › 一", "> 成本 | 9",
        digest, "gpt-x", prompt_version("收入？"), "2025-06-01", "10 + 5", "2024",
    ):  # fmt: skip
        assert needed in text


def test_the_prompt_version_follows_the_language_of_the_question() -> None:
    assert prompt_version("收入？").startswith("answer.zh ")
    assert prompt_version("Revenue?").startswith("answer.en ")


def test_an_extractive_answer_names_no_prompt(source: Path) -> None:
    turn = answered(source)
    assert turn.answer is not None
    plain = Answer("?", "x", "answered")
    text = as_markdown(memo_of("?", [Turn("t", "?", plain, "", "", "2025", "")]), EN)
    assert "Prompt version: none" in text


def test_unanswered_turns_are_left_out(source: Path) -> None:
    memo = memo_of("x", [Turn("t", "没答", None, "draft", "", "2025", ""), answered(source)])
    assert "没答" not in as_markdown(memo, ZH)


def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    assert file_hash(str(tmp_path / "gone.txt")) == ""
    text = as_markdown(memo_of("x", [answered(tmp_path / "gone.txt")]), EN)
    assert "no longer there" in text


def test_the_record_is_that_of_the_answer_not_of_the_export(source: Path) -> None:
    from dataclasses import replace

    turn = answered(source)
    assert turn.answer is not None
    record = record_of(turn.answer)
    assert (record["prompt"], record["program"]) == (prompt_version("收入？"), program())
    turn = replace(turn, record=dict(record) | {"prompt": "answer.zh 0123456789ab"})
    source.write_text("改过的年报")
    text = as_markdown(memo_of("x", [turn]), EN)
    assert "answer.zh 0123456789ab" in text
    assert hashlib.sha256("年报".encode()).hexdigest() in text
    assert "changed or moved" in text


def test_the_word_document_holds_answer_quotes_and_hashes(source: Path) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    document = docx.Document(io.BytesIO(as_docx(memo_of("收入？", [answered(source)]), ZH)))
    words = "\n".join(p.text for p in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "收入为15万元[1]。" in words
    assert "成本 | 9" in words
    assert hashlib.sha256("年报".encode()).hexdigest() in cells
    assert "由原文计算 10 + 5" in cells


def test_a_thumb_becomes_a_draft_once(source: Path, tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "ui" / "drafts.jsonl")
    assert drafts.count() == 0
    for _ in range(2):
        drafts.add(answered(source), "down", " wrong year ")
    (line,) = drafts.path.read_text(encoding="utf-8").splitlines()
    draft = json.loads(line)
    assert (draft["draft"], draft["question"], draft["lang"]) == (True, "收入？", "zh")
    assert (draft["verdict"], draft["note"], draft["answer"]) == ("down", "wrong year", "")
    assert draft["shown"][0]["source"] == "report.txt"
    assert drafts.count() == 1


def test_a_thumb_up_offers_the_answer_as_reference(source: Path, tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts.jsonl")
    drafts.add(answered(source), "up", "")
    assert json.loads(drafts.path.read_text())["answer"] == "收入为15万元[1]。"
