"""What happens in the middle column: which event asks, and editing, judging, copying, exporting."""

from __future__ import annotations

import base64
import json
import logging
import time
from typing import Any

import gradio as gr

from rag.errors import FilingsError
from ui import memo, show
from ui.asking import Asking, turn_of
from ui.desk import Desk
from ui.events import Click, Updates, inform, listen, listen_stream, owner_of
from ui.html import tag
from ui.parts import Parts
from ui.view import View

AT_ONCE = 4
"""Questions that are answered at the same time; others wait in the queue."""

log = logging.getLogger(__name__)


def wire(parts: Parts, desk: Desk) -> None:
    """Attach the handlers of the conversation."""
    asking, chat = Asking(parts, desk), _Chat(parts, desk)
    outputs = [parts.thread, parts.live, parts.next, parts.composer, parts.conversations]
    limits: dict[str, Any] = {"concurrency_limit": AT_ONCE, "concurrency_id": "ask"}
    running = [
        listen_stream(parts.composer, "ask", asking.ask, parts.view, outputs, **limits),
        listen_stream(parts.thread, "ask", asking.ask, parts.view, outputs, **limits),
        listen_stream(parts.next, "ask", asking.ask, parts.view, outputs, **limits),
        listen_stream(parts.thread, "retry", asking.retry, parts.view, outputs, **limits),
        listen_stream(parts.thread, "without", asking.without, parts.view, outputs, **limits),
    ]
    for event in running:
        suggest_after(event, parts, desk)
    listen(parts.composer, "stop", asking.stop, parts.view, outputs, cancels=running)
    listen(parts.thread, "edit", chat.edit, parts.view, [parts.composer])
    listen(parts.composer, "keep", chat.keep, parts.view, [parts.composer])
    listen(parts.thread, "judge", chat.judge, parts.view, [parts.thread])
    listen(parts.thread, "copy", chat.copy, parts.view, [parts.parcel])
    listen(parts.composer, "export", chat.export, parts.view, [parts.parcel])


def suggest_after(event: Any, parts: Parts, desk: Desk) -> None:
    """Once `event` is over, look for questions to go on with and show them."""

    def suggest(view: View, request: gr.Request) -> Updates:
        owner = owner_of(request)
        turns = desk.conversations.turns(owner, view.conversation)
        if turns and turns[-1].answer and turns[-1].id not in desk.live:
            try:
                desk.suggestions.follow(turns[-1].id, turns[-1].answer)
            except FilingsError as error:
                log.warning("no questions to go on with: %s", error)
        return {parts.next: show.followups(desk, view, owner)}

    event.then(
        suggest,
        inputs=[parts.view],
        outputs=[parts.next],
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=1,
        concurrency_id="suggest",
    )


class _Chat:
    """The handlers; each returns what to show anew."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self.parts = parts
        self.desk = desk

    def edit(self, click: Click) -> Updates:
        """Put a turn's question into the box; asking it replaces the turn and what follows."""
        turn = turn_of(self.desk, click)
        view = click.view.with_(editing=turn.id)
        box = show.composer(self.desk, view, prefill=turn.question)
        return {self.parts.view: view, self.parts.composer: box}

    def keep(self, click: Click) -> Updates:
        """Give editing up."""
        view = click.view.with_(editing="")
        return {self.parts.view: view, self.parts.composer: show.composer(self.desk, view)}

    def judge(self, click: Click) -> Updates:
        """Keep a thumb and add a draft for the evaluation."""
        turn, verdict = turn_of(self.desk, click), click.text("verdict")
        if verdict in ("up", "down") and verdict != turn.verdict:
            self.desk.conversations.judge(turn.id, verdict)
            self.desk.drafts.add(turn, verdict, click.text("answer"))
            inform(click.view.say("chat.thanks"))
        return {self.parts.thread: show.thread(self.desk, click.view, click.owner)}

    def copy(self, click: Click) -> Updates:
        """Hand an answer to the clipboard as Markdown with footnotes."""
        turn = turn_of(self.desk, click)
        if turn.answer is None:
            return {}
        text = memo.footnoted(turn.answer, click.view.say)
        return {self.parts.parcel: parcel(copy=text, told=click.view.say("chat.copied"))}

    def export(self, click: Click) -> Updates:
        """Hand the conversation to the download folder as an audit memo."""
        say = click.view.say
        turns = self.desk.conversations.turns(click.owner, click.view.conversation)
        if not any(turn.answer for turn in turns):
            inform(say("chat.export.empty"))
            return {}
        made = memo.memo_of(turns[0].question, turns)
        if click.text("form") == "docx":
            kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            content, name = memo.as_docx(made, say), "memo.docx"
        else:
            kind, name = "text/markdown;charset=utf-8", "memo.md"
            content = memo.as_markdown(made, say).encode()
        encoded = base64.b64encode(content).decode()
        return {self.parts.parcel: parcel(name=name, kind=kind, content=encoded)}


def parcel(**fields: str) -> str:
    """Something for the browser to copy or to save; `nonce` makes each one new."""
    content = json.dumps({**fields, "nonce": time.time_ns()}, ensure_ascii=False)
    return str(tag("div", data_parcel=content, hidden=True))
