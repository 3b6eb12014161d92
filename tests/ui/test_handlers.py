"""Handlers by themselves: what they change, and what they refuse from a browser that lies."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rag.errors import FilingsError, LoadError, QuestionError, SettingsError, UnknownFiling
from rag.settings import Settings
from ui.asking import Asking
from ui.desk import Desk
from ui.events import Click
from ui.library import _Library, write_sidecar
from ui.pages import _Pages
from ui.source import _Pane
from ui.talking import _Talks
from ui.view import Place, Scope, View

PARTS: Any = SimpleNamespace(
    **{
        name: name
        for name in (
            "view", "library", "composer", "thread", "live", "next", "source", "conversations",
            "index", "evaluation", "settings", "parcel",
        )
    }
)  # fmt: skip


REQUEST: Any = SimpleNamespace(username="", session_hash="t1")


@pytest.fixture
def desk(workspace: Any, settings: Settings) -> Iterator[Desk]:
    made = Desk.open(workspace, settings, lambda changed: workspace)
    yield made
    made.close()


def click(view: View | None = None, owner: str = "", tab: str = "t1", **data: Any) -> Click:
    return Click(view or View(), owner, data, tab)


def asked(desk: Desk, question: str = "营业收入？", **options: Any) -> View:
    """Ask a question through the handler and return the view after it."""
    steps = list(Asking(PARTS, desk).ask(click(question=question, **options)))
    view = steps[0]["view"]
    assert isinstance(view, View)
    return view


def test_a_limit_that_no_filing_has_is_dropped(desk: Desk) -> None:
    library = _Library(PARTS, desk)
    assert library.limit(click(field="company", value="<b>"))["view"].scope == Scope()
    assert library.limit(click(field="company", value="测试公司1号"))["view"].scope.company
    assert library.limit(click(field="owner", value="x")) == {}


def test_a_new_limit_lets_go_of_a_single_filing(desk: Desk) -> None:
    view = View(scope=Scope(filing="f1"))
    scope = _Library(PARTS, desk).limit(click(view, field="year", value="2024"))["view"].scope
    assert scope == Scope(year="2024")


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", ""])
def test_only_uploads_are_taken_over(
    desk: Desk, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.library.ARRIVAL_SECONDS", 0.0)
    with pytest.raises(LoadError, match="上传没有到达"):
        _Library(PARTS, desk).uploaded(click(files=[{"path": path, "name": "passwd.txt"}]))
    assert Path("/etc/passwd").exists()


@pytest.mark.parametrize("item", ["text", {"path": 3, "name": "a"}, {"name": "a.txt"}, None])
def test_uploads_in_another_shape_are_refused(desk: Desk, item: Any) -> None:
    with pytest.raises(QuestionError):
        _Library(PARTS, desk).uploaded(click(files=[item]))


def test_details_are_corrected_beside_the_file_and_read_again(
    desk: Desk, workspace: Any, tmp_path: Path
) -> None:
    file = tmp_path / "report.txt"
    file.write_text("年报")
    workspace.refs["f1"] = replace(workspace.refs["f1"], source=str(file))
    given = {"title": '新"标题', "company": "测试公司1号", "ticker": "", "kind": "", "date": "2025"}
    _Library(PARTS, desk).save_correction(click(filing="f1", **given))
    sidecar = tomllib.loads((tmp_path / "report.txt.toml").read_text(encoding="utf-8"))
    assert sidecar == {"title": '新"标题', "date": "2025"}
    deadline = time.monotonic() + 5
    while desk.jobs.busy() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert workspace.ingested == [file]


def test_the_form_for_details_stays_while_an_import_goes_on(
    desk: Desk, workspace: Any, tmp_path: Path
) -> None:
    file = tmp_path / "report.txt"
    file.write_text("年报")
    workspace.refs["f1"] = replace(workspace.refs["f1"], source=str(file))
    library = _Library(PARTS, desk)
    view = library.correct(click(filing="f1"))["view"]
    desk.jobs.fail([])
    assert "save_correction" in library.tick(view, REQUEST)["library"]
    assert "save_correction" not in library.cancel(click(view))["library"]


def test_what_a_sidecar_says_already_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    (tmp_path / "a.txt.toml").write_text(
        'aliases = ["甲", "乙"]\ntitle = "old"\n', encoding="utf-8"
    )
    write_sidecar(file, {"title": "new"})
    read = tomllib.loads((tmp_path / "a.txt.toml").read_text(encoding="utf-8"))
    assert read == {"aliases": ["甲", "乙"], "title": "new"}


def test_a_file_that_is_gone_is_not_removed_for_indexing_it_again(
    desk: Desk, workspace: Any
) -> None:
    with pytest.raises(LoadError, match="nowhere"):
        _Library(PARTS, desk).reindex(click(filing="f1"))
    assert "f1" in workspace.refs


def test_a_citation_of_somebody_else_does_not_open(desk: Desk) -> None:
    view = asked(desk, owner="ann")
    (turn,) = desk.conversations.turns("ann", view.conversation)
    assert "1-2" in _Pane(PARTS, desk).cite(click(owner="ann", turn=turn.id, n="1"))["source"]
    for owner, n in (("bob", "1"), ("ann", "7"), ("ann", "x")):
        with pytest.raises(UnknownFiling, match="出处已不在"):
            _Pane(PARTS, desk).cite(click(owner=owner, turn=turn.id, n=n))


def test_turning_stays_within_the_filing(desk: Desk) -> None:
    view = View(place=Place("f1", 1))
    for wanted, page in (("99", 2), ("-3", 0), ("junk", 0), ("2", 2)):
        assert _Pane(PARTS, desk).turn_page(click(view, page=wanted))["view"].place.page == page
    assert _Pane(PARTS, desk).turn_page(click(page="1")) == {}


def test_a_question_of_one_user_is_no_history_for_another(desk: Desk, workspace: Any) -> None:
    first = asked(desk, owner="ann")
    asked(desk, "再问？", view=first, owner="bob")
    assert workspace.asked[-1][1] == ()
    assert len(desk.conversations.turns("ann", first.conversation)) == 1


def test_a_follow_up_brings_the_answered_turns_along(desk: Desk, workspace: Any) -> None:
    view = asked(desk)
    asked(desk, "那成本呢？", view=view)
    assert [question for question, _ in workspace.asked[-1][1]] == ["营业收入？"]


@pytest.mark.parametrize("question", ["", "   ", "长" * 4001])
def test_a_question_that_is_none_leaves_no_turn(desk: Desk, question: str) -> None:
    with pytest.raises(QuestionError):
        asked(desk, question)
    assert desk.conversations.listed("") == ()


def test_without_filings_the_notice_says_what_to_do(desk: Desk, workspace: Any) -> None:
    workspace.refs.clear()
    with pytest.raises(FilingsError, match="No filings yet"):
        asked(desk, view=View(lang="en"))


def test_an_answer_that_ends_after_its_tab_has_moved_on_does_not_disturb_it(desk: Desk) -> None:
    asking, talks = Asking(PARTS, desk), _Talks(PARTS, desk)
    steps = asking.ask(click(question="营业收入？"))
    view = next(steps)["view"]
    talks.new(click(view))
    rest = list(steps)
    assert all("thread" not in step for step in rest)
    (turn,) = desk.conversations.turns("", view.conversation)
    assert turn.answer is not None


def test_a_stop_keeps_the_draft(desk: Desk, workspace: Any) -> None:
    workspace.pause = 0.1  # longer than the time between two redraws
    asking = Asking(PARTS, desk)
    steps = asking.ask(click(question="营业收入？"))
    view = next(steps)["view"]
    next(steps)
    next(steps)
    asking.stop(click(view))
    (turn,) = desk.conversations.turns("", view.conversation)
    assert "1.58亿元" in turn.draft
    steps.close()
    (turn,) = desk.conversations.turns("", view.conversation)
    assert (turn.answer, bool(turn.draft)) == (None, True)


def test_settings_are_written_and_applied(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("FILINGS_MODEL", "FILINGS_PROVIDER", "OPENAI_BASE_URL", "FILINGS_MODEL_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    given = {"provider": "extractive", "model": "m", "context_tokens": "0", "model_timeout": "60",
             "answer_language": "auto", "base_url": ""}  # fmt: skip
    _Pages(PARTS, desk).save(click(**given))
    saved = tomllib.loads((tmp_path / "filings.toml").read_text())
    assert saved == {"provider": "extractive", "model": "m", "model_timeout": 60.0}
    assert (desk.settings.model, desk.settings.provider) == ("m", "extractive")


def test_settings_cannot_be_changed_where_others_log_in(desk: Desk) -> None:
    desk.reopen = None
    with pytest.raises(SettingsError, match=r"filings\.toml"):
        _Pages(PARTS, desk).save(click(model="x"))


def test_a_provider_that_is_none_is_refused_before_anything_is_written(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FILINGS_PROVIDER", raising=False)
    given = {"provider": "evil", "answer_language": "auto", "model_timeout": "120"}
    with pytest.raises(SettingsError, match="provider"):
        _Pages(PARTS, desk).save(click(**given))
    assert not (tmp_path / "filings.toml").exists()


def finished(desk: Desk) -> None:
    """Wait until nobody is being answered."""
    deadline = time.monotonic() + 5
    while desk.live and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_tab_that_is_closed_does_not_end_its_answer(desk: Desk, workspace: Any) -> None:
    workspace.hold.clear()
    steps = Asking(PARTS, desk).ask(click(question="营业收入？"))
    view = next(steps)["view"]
    steps.close()
    workspace.hold.set()
    finished(desk)
    (turn,) = desk.conversations.turns("", view.conversation)
    assert turn.answer is not None


def test_a_tab_that_is_loaded_again_sees_its_answer_come(desk: Desk, workspace: Any) -> None:
    from ui.app import first_view

    workspace.hold.clear()
    steps = Asking(PARTS, desk).ask(click(question="营业收入？"))
    conversation = next(steps)["view"].conversation
    view = first_view({"lang": "zh", "conversation": conversation}, desk, "")
    (turn,) = desk.conversations.turns("", conversation)
    assert view.watching == turn.id
    library = _Library(PARTS, desk)
    assert "正在作答" in library.tick(view, REQUEST)["thread"]
    workspace.hold.set()
    finished(desk)
    shown = library.tick(view, REQUEST)
    assert "部分有据" in shown["thread"]
    assert shown["view"].watching == ""


def test_a_word_taken_out_asks_again_without_what_was_asked_before(
    desk: Desk, workspace: Any
) -> None:
    view = asked(desk, "测试1 2024年营业收入是多少？")
    view = asked(desk, "测试1 2023年净利润是多少？", view=view)
    last = desk.conversations.turns("", view.conversation)[-1]
    asking = Asking(PARTS, desk)
    list(asking.without(click(view, turn=last.id, word="2023年")))
    assert workspace.asked[-1][:2] == ("测试1净利润是多少？", ())
    assert len(desk.conversations.turns("", view.conversation)) == 2


def test_the_only_measure_taken_out_leaves_the_question_to_the_reader(
    desk: Desk, workspace: Any
) -> None:
    view = asked(desk, "测试1 2024年营业收入是多少？")
    (turn,) = desk.conversations.turns("", view.conversation)
    count = len(workspace.asked)
    (step,) = Asking(PARTS, desk).without(click(view, turn=turn.id, word="营业收入"))
    assert step["view"].editing == turn.id
    assert "2024年是多少" in step["composer"]
    assert len(workspace.asked) == count


def test_the_nearest_passages_of_a_refusal_open_their_pages(desk: Desk) -> None:
    view = asked(desk, "没有的数据？", owner="ann")
    (turn,) = desk.conversations.turns("ann", view.conversation)
    pane = _Pane(PARTS, desk)
    shown = pane.near(click(owner="ann", turn=turn.id, rank="1"))
    assert "fq-hit" in shown["source"]
    with pytest.raises(UnknownFiling):
        pane.near(click(owner="bob", turn=turn.id, rank="1"))
    with pytest.raises(UnknownFiling):
        pane.near(click(owner="ann", turn=turn.id, rank="9"))
