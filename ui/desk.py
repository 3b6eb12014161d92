"""Everything that the event handlers share: the workspace, the stores and the running imports."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import FilingsError
from rag.settings import Settings
from rag.types import FilingState
from ui.conversations import Conversations
from ui.feedback import Drafts
from ui.jobs import Jobs
from ui.protocol import Workspace
from ui.suggest import Suggestions
from ui.turnstile import Turnstile

MOST_TABS = 10_000

log = logging.getLogger(__name__)


@dataclass
class Desk:
    """One server's shared parts. `workspace` is replaced when the settings change.

    `reopen` makes a workspace for changed settings; None where settings cannot be changed here.
    `turnstile` lets programs in, `live` has the draft of every turn that is being answered, by the turn's id; `viewing`
    the conversation that each tab shows, for answers that end after their tab has gone to another.
    """

    workspace: Workspace
    settings: Settings
    conversations: Conversations
    drafts: Drafts
    jobs: Jobs = field(init=False)
    reopen: Callable[[Settings], Workspace] | None = None
    live: dict[str, str] = field(default_factory=dict)
    turnstile: Turnstile = field(default_factory=Turnstile)
    viewing: dict[str, str] = field(default_factory=dict)
    suggestions: Suggestions = field(init=False)

    def __post_init__(self) -> None:
        self.jobs = Jobs(lambda: self.workspace)
        self.suggestions = Suggestions(
            lambda: self.workspace,
            self.settings.home / "ui" / "starters.json",
            busy=lambda: bool(self.live or self.turnstile.inside) or self.jobs.busy(),
        )

    @classmethod
    def open(
        cls,
        workspace: Workspace,
        settings: Settings,
        reopen: Callable[[Settings], Workspace] | None = None,
    ) -> Desk:
        """A desk over a workspace, its own files under the settings' home folder."""
        folder = settings.home / "ui"
        return cls(
            workspace,
            settings,
            Conversations(folder / "conversations.sqlite3"),
            Drafts(folder / "drafts.jsonl"),
            reopen=reopen,
        )

    @property
    def uploads(self) -> Path:
        """Where uploaded files are kept."""
        return self.settings.home / "uploads"

    @property
    def version(self) -> int:
        """Grows with every change of what the left column and the welcome show."""
        return self.jobs.version + self.suggestions.version

    def look(self, tab: str, conversation: str) -> None:
        """Note which conversation a tab shows; the longest unused tabs are forgotten."""
        self.viewing.pop(tab, None)
        self.viewing[tab] = conversation
        while len(self.viewing) > MOST_TABS:
            self.viewing.pop(next(iter(self.viewing)))

    def running(self, owner: str, conversation: str) -> str:
        """The turn of a conversation that is being answered, "" where none is."""
        turns = self.conversations.turns(owner, conversation)
        return next((turn.id for turn in turns if turn.id in self.live), "")

    def pending(self) -> list[FilingState]:
        """Filings whose vectors are not all there."""
        return [state for state in self.workspace.filings() if state.embedded < state.passages]

    def warm(self) -> None:
        """Load what the first question needs, so that nobody waits for it."""
        try:
            if self.workspace.filings():
                self.workspace.search("warm", 1)
        except FilingsError as error:
            log.warning("could not prepare the search: %s", error)

    def close(self) -> None:
        """End the imports and close the stores; the workspace belongs to the caller."""
        self.jobs.close()
        self.suggestions.close()
        self.conversations.close()
