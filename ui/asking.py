"""Answering in the browser: the question's turn, what is written as it comes, what ends it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import gradio as gr

from rag.errors import FilingsError, NothingIngested, UnknownFiling
from rag.question import checked_question
from rag.types import Answer, Evidence, FilingState, Token
from ui import show
from ui.conversations import Turn
from ui.desk import Desk
from ui.events import Click, Updates, inform, notify
from ui.html import tag
from ui.parts import Parts
from ui.record import record_of
from ui.render.thread import live_turn
from ui.strings import Say
from ui.understood import without, words_of
from ui.view import Scope, View

REMEMBERED = 6
"""Turns of a conversation that a follow-up question is read with."""
REDRAW_SECONDS = 0.08

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way: who asked what, for which turn, limited to what."""

    view: View
    owner: str
    tab: str
    turn: str
    question: str
    scope: str
    filing: str | tuple[str, ...] | None
    alone: bool = False
    """Whether the question is read without what was asked before."""


Told = Evidence | Token | FilingsError | None
"""What the answering thread tells the tab that follows it; None ends it."""


class Asking:
    """Asks the workspace for a tab; every step returns what to show anew."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self.parts = parts
        self.desk = desk

    def ask(self, click: Click, *, alone: bool = False) -> Iterator[Updates]:
        """Answer a question: evidence, draft as it is written, verified answer. `alone` is a
        question that must not take a company or period from the turns before it."""
        view, conversations = click.view, self.desk.conversations
        if self._is_busy(click):
            inform(view.say("chat.busy"))
            yield {self.parts.view: view}
            return
        question = checked_question(click.text("question"))
        states = self.desk.workspace.filings()
        if not states:
            raise NothingIngested(view.say("library.empty"))
        filing = limit_of(view.scope, states, view.say)
        conversation = view.conversation
        if not conversations.owns(click.owner, conversation):
            conversation = conversations.start(click.owner, question)
        if view.editing:
            conversations.cut(conversation, view.editing)
        view = view.with_(conversation=conversation, editing="")
        scope = view.scope.words(states, view.say)
        turn = conversations.ask(conversation, question, scope=scope)
        yield from self._follow(
            Asked(view, click.owner, click.tab, turn, question, scope, filing, alone)
        )

    def _is_busy(self, click: Click) -> bool:
        return bool(self.desk.running(click.owner, click.view.conversation))

    def _follow(self, asked: Asked) -> Iterator[Updates]:
        """Show a turn as it is answered. The answer is made in a thread of its own, so that it is
        finished and kept when the tab is closed or loaded again meanwhile."""
        told: SimpleQueue[Told] = SimpleQueue()
        self.desk.live[asked.turn] = ""
        self.desk.look(asked.tab, asked.view.conversation)
        thread = threading.Thread(target=self._answer, args=(asked, told), daemon=True)
        thread.start()
        yield self._begun(asked)
        yield from self._written(asked, told)
        yield self._ended(asked)

    def _answer(self, asked: Asked, told: SimpleQueue[Told]) -> None:
        """Make the answer; whatever ends it, what was written is kept."""
        live = self.desk.live
        try:
            for event in self._events(asked):
                if asked.turn not in live:
                    return  # stopped meanwhile
                if isinstance(event, Answer):
                    self.desk.conversations.complete(asked.turn, event, record_of(event))
                    del live[asked.turn]
                    return
                if isinstance(event, Token):
                    live[asked.turn] += event.text
                told.put(event)
        except FilingsError as error:
            told.put(error)
        except Exception:
            log.exception("answering broke")
            told.put(FilingsError(asked.view.say("notice.unexpected")))
        finally:
            draft = live.pop(asked.turn, None)
            if draft is not None:
                self.desk.conversations.stop(asked.turn, draft)
            told.put(None)

    def _begun(self, asked: Asked) -> Updates:
        view = asked.view
        return {
            self.parts.view: view,
            self.parts.thread: show.thread(self.desk, view, asked.owner),
            self.parts.live: self._live(asked, view.say("chat.searching")),
            self.parts.next: "",
            self.parts.composer: show.composer(self.desk, view),
        }

    def _shows(self, asked: Asked) -> bool:
        """Whether the tab still shows the conversation that it asked in."""
        return self.desk.viewing.get(asked.tab) == asked.view.conversation

    def _live(self, asked: Asked, note: str) -> str:
        draft = self.desk.live.get(asked.turn, "")
        return str(live_turn(asked.question, asked.scope, draft, note, say=asked.view.say))

    def _written(self, asked: Asked, told: SimpleQueue[Told]) -> Iterator[Updates]:
        """Draw what is told, at most every :data:`REDRAW_SECONDS`, but none of it later."""
        note = asked.view.say("chat.searching")
        drawn, news = 0.0, False
        while True:
            try:
                event = told.get(timeout=REDRAW_SECONDS if news else None)
            except Empty:
                event = Token("")
            if event is None:
                return
            if isinstance(event, FilingsError):
                notify(event, asked.view.say)
            elif isinstance(event, Evidence):
                note = asked.view.say("chat.reading", n=len(event.hits))
            news = True
            if time.monotonic() - drawn >= REDRAW_SECONDS and asked.turn in self.desk.live:
                drawn, news = time.monotonic(), False
                if self._shows(asked):
                    yield {self.parts.live: self._live(asked, note)}

    def _events(self, asked: Asked) -> Iterator[Any]:
        turns = self.desk.conversations.turns(asked.owner, asked.view.conversation)
        history = [(turn.question, turn.answer.text) for turn in turns if turn.answer]
        if asked.alone:
            history = []
        return self.desk.workspace.stream_answer(
            asked.question, history[-REMEMBERED:], filing=asked.filing
        )

    def _ended(self, asked: Asked) -> Updates:
        """The finished turn. View and composer may have changed meanwhile and are left alone."""
        view = asked.view
        if not self._shows(asked):
            return {self.parts.live: gr.skip()}
        turn = self.desk.conversations.turn(asked.owner, asked.turn)
        done = ""
        if turn and turn.answer:
            status = view.say(f"status.{turn.answer.status}")
            words = view.say("chat.done", status=status)
            done = str(tag("p", words, class_="fq-sr", role="status", data_done=asked.turn))
        return {
            self.parts.thread: show.thread(self.desk, view, asked.owner),
            self.parts.live: done,
            self.parts.conversations: show.conversations(self.desk, view, asked.owner),
        }

    def stop(self, click: Click) -> Updates:
        """Keep the draft of the running turn and show it as stopped."""
        view = click.view
        for turn in self.desk.conversations.turns(click.owner, view.conversation):
            draft = self.desk.live.pop(turn.id, None)
            if draft is not None:
                self.desk.conversations.stop(turn.id, draft)
        return {
            self.parts.view: view.with_(watching=""),
            self.parts.thread: show.thread(self.desk, view, click.owner),
            self.parts.live: "",
            self.parts.conversations: show.conversations(self.desk, view, click.owner),
        }

    def without(self, click: Click) -> Iterator[Updates]:
        """Ask again without one of the words that were understood in the question; without its
        only measure it asks for nothing, so then it is left to the reader to put another."""
        turn, word = turn_of(self.desk, click), click.text("word")
        whole = (turn.answer.standalone if turn.answer else "") or turn.question
        view = click.view.with_(editing=turn.id)
        refs = [state.ref for state in self.desk.workspace.filings()]
        words = words_of(turn.answer, refs) if turn.answer else []
        left = without(whole, word)
        if [w.text for w in words if w.role == "measure"] == [word] or not left:
            yield {
                self.parts.view: view,
                self.parts.composer: show.composer(self.desk, view, prefill=left or whole),
            }
            return
        yield from self.ask(Click(view, click.owner, {"question": left}, click.tab), alone=True)

    def retry(self, click: Click) -> Iterator[Updates]:
        """Ask a turn's question again in its place."""
        turn = turn_of(self.desk, click)
        view = click.view.with_(editing=turn.id)
        again = Click(view, click.owner, {"question": turn.question}, click.tab)
        yield from self.ask(again)


def turn_of(desk: Desk, click: Click) -> Turn:
    """The turn that was clicked, if it is this user's; UnknownFiling otherwise."""
    turn = desk.conversations.turn(click.owner, click.text("turn"))
    if turn is None:
        raise UnknownFiling(click.view.say("chat.gone"))
    return turn


def limit_of(scope: Scope, states: list[FilingState], say: Say) -> str | tuple[str, ...] | None:
    """The filings that a question is limited to: None for all, an id, or several."""
    if not scope.limited:
        return None
    ids = tuple(state.ref.id for state in scope.within(states))
    if not ids:
        raise UnknownFiling(say("filter.nothing"))
    return ids[0] if len(ids) == 1 else ids
