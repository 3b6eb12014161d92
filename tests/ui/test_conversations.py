from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import CatalogError
from rag.types import Answer, Check, Citation, FilingRef, Hit, Passage
from ui.conversations import Conversations

CITED = Citation(1, "p", "f", "年报", "a.txt", "7-2", ("第一节", "一"), "收入 | 15", 3, 10, 4)
ANSWER = Answer(
    "收入多少？",
    "为15万元[1]。",
    "partial",
    citations=(CITED,),
    checks=(Check("amount", "15万元", "computed", 1, "10 + 5", (1, 1)),),
    model="m",
    timings={"search": 1.5},
    standalone="公司收入多少？",
    notes=("note",),
    hits=(
        Hit(
            Passage(
                "p", FilingRef("f", "年报", "甲", "1", "annual report", "2025", "a.txt", ("乙",)),
                ("7-2", None), ("第一节",), "text", "收入 15", ((0, 4), (3, 5)),
            ),
            0.5,
            1,
        ),
    ),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "ui" / "conversations.sqlite3")


def test_a_conversation_survives_a_restart_with_its_citations(store: Conversations) -> None:
    conversation = store.start("ann", "收入多少？")
    turn = store.ask(conversation, "收入多少？", scope="2024")
    store.complete(turn, ANSWER)
    store.close()
    again = Conversations(store.path)
    (found,) = again.turns("ann", conversation)
    assert found.answer == ANSWER
    assert (found.question, found.scope) == ("收入多少？", "2024")


def test_a_question_whose_answer_was_interrupted_is_still_there(store: Conversations) -> None:
    conversation = store.start("", "a")
    turn = store.ask(conversation, "a")
    store.stop(turn, "half an ans")
    (found,) = store.turns("", conversation)
    assert (found.answer, found.draft) == (None, "half an ans")


def test_a_late_stop_does_not_undo_an_answer(store: Conversations) -> None:
    turn = store.ask(store.start("", "a"), "a")
    store.complete(turn, ANSWER)
    store.stop(turn, "draft")
    found = store.turn("", turn)
    assert found is not None
    assert (found.answer, found.draft) == (ANSWER, "")


def test_nobody_sees_or_changes_the_conversations_of_another(store: Conversations) -> None:
    conversation = store.start("ann", "a")
    turn = store.ask(conversation, "a")
    assert store.turns("bob", conversation) == ()
    assert store.turn("bob", turn) is None
    assert not store.owns("bob", conversation)
    store.delete("bob", conversation)
    store.rename("bob", conversation, "x")
    assert [c.title for c in store.listed("ann") if not c.deleted] == ["a"]
    assert store.listed("bob") == ()


def test_deleting_only_marks_and_restoring_brings_back(store: Conversations) -> None:
    conversation = store.start("", "a")
    store.delete("", conversation)
    assert not store.owns("", conversation)
    assert store.listed("")[0].deleted
    store.restore("", conversation)
    assert store.owns("", conversation)


def test_cutting_removes_a_turn_and_all_after_it(store: Conversations) -> None:
    conversation = store.start("", "a")
    turns = [store.ask(conversation, question) for question in "abc"]
    store.cut(conversation, turns[1])
    assert [turn.question for turn in store.turns("", conversation)] == ["a"]
    store.ask(conversation, "d")
    assert [turn.question for turn in store.turns("", conversation)] == ["a", "d"]


def test_cutting_with_a_turn_of_another_conversation_changes_nothing(store: Conversations) -> None:
    mine, other = store.start("", "a"), store.start("", "b")
    store.ask(mine, "a")
    foreign = store.ask(other, "b")
    store.cut(mine, foreign)
    assert len(store.turns("", mine)) == 1


def test_titles_are_shortened_and_never_empty(store: Conversations) -> None:
    conversation = store.start("", "long " * 50)
    store.rename("", conversation, "   ")
    assert len(store.listed("")[0].title) == 60
    store.rename("", conversation, " new  name ")
    assert store.listed("")[0].title == "new name"


def test_a_file_that_is_no_database_is_a_stated_problem(tmp_path: Path) -> None:
    file = tmp_path / "conversations.sqlite3"
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(CatalogError, match="move this file away"):
        Conversations(file)


def test_a_file_of_the_first_layout_is_read_on(store: Conversations) -> None:
    conversation = store.start("", "a")
    store.complete(store.ask(conversation, "a"), ANSWER)
    with store._write() as db:
        db.execute("ALTER TABLE turns DROP COLUMN record")
    store.close()
    again = Conversations(store.path)
    (found,) = again.turns("", conversation)
    assert (found.answer, dict(found.record)) == (ANSWER, {})


def test_the_record_of_an_answer_is_kept_with_it(store: Conversations) -> None:
    turn = store.ask(store.start("", "a"), "a")
    store.complete(turn, ANSWER, {"prompt": "answer.zh 1", "hashes": {"a.txt": "00"}})
    found = store.turn("", turn)
    assert found is not None
    assert found.record["hashes"] == {"a.txt": "00"}
