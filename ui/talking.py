"""What happens in the list of conversations: new, open, rename, delete, restore."""

from __future__ import annotations

from ui import show
from ui.desk import Desk
from ui.events import Click, Updates, listen
from ui.parts import Parts


def wire(parts: Parts, desk: Desk) -> None:
    """Attach the handlers of the list."""
    talks = _Talks(parts, desk)
    columns = [parts.conversations, parts.thread, parts.live, parts.next, parts.composer]
    for name in ("new", "open", "rename", "delete", "restore"):
        listen(parts.conversations, name, getattr(talks, name), parts.view, columns)


class _Talks:
    """The handlers; each returns what to show anew."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self.parts = parts
        self.desk = desk

    def _talk(self, click: Click, conversation: str) -> Updates:
        watching = self.desk.running(click.owner, conversation)
        view = click.view.with_(conversation=conversation, editing="", watching=watching)
        self.desk.look(click.tab, conversation)
        return {
            self.parts.view: view,
            self.parts.conversations: show.conversations(self.desk, view, click.owner),
            self.parts.thread: show.thread(self.desk, view, click.owner, with_live=True),
            self.parts.live: "",
            self.parts.next: show.followups(self.desk, view, click.owner),
            self.parts.composer: show.composer(self.desk, view),
        }

    def new(self, click: Click) -> Updates:
        """Start afresh; the conversation is made with its first question."""
        return self._talk(click, "")

    def open(self, click: Click) -> Updates:
        """Show a conversation of the same user."""
        wanted = click.text("conversation")
        return self._talk(click, wanted if self._owns(click, wanted) else "")

    def _owns(self, click: Click, conversation: str) -> bool:
        return self.desk.conversations.owns(click.owner, conversation)

    def rename(self, click: Click) -> Updates:
        """Give a conversation the title that was asked for."""
        title = click.text("answer")
        self.desk.conversations.rename(click.owner, click.text("conversation"), title)
        return self._talk(click, click.view.conversation)

    def delete(self, click: Click) -> Updates:
        """Move a conversation to the bin."""
        gone = click.text("conversation")
        self.desk.conversations.delete(click.owner, gone)
        return self._talk(click, "" if gone == click.view.conversation else click.view.conversation)

    def restore(self, click: Click) -> Updates:
        """Take a conversation out of the bin and open it."""
        wanted = click.text("conversation")
        self.desk.conversations.restore(click.owner, wanted)
        return self._talk(click, wanted if self._owns(click, wanted) else "")
