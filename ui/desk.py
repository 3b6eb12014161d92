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

MOST_TABS = 10_000

log = logging.getLogger(__name__)


@dataclass
class Desk:
    """One server's shared parts. `workspace` is replaced when the settings change.

    `reopen` makes a workspace for changed settings; None where settings cannot be changed here.
    `live` has the draft of every turn that is being answered, by the turn's id; `viewing`
    the conversation that each tab shows, for answers that end after their tab has gone to another;
    `starters` the questions made for the last set of filings.
    """

    workspace: Workspace
    settings: Settings
    conversations: Conversations
    drafts: Drafts
    jobs: Jobs = field(init=False)
    reopen: Callable[[Settings], Workspace] | None = None
    live: dict[str, str] = field(default_factory=dict)
    viewing: dict[str, str] = field(default_factory=dict)
    starters: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.jobs = Jobs(lambda: self.workspace)

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

    def look(self, tab: str, conversation: str) -> None:
        """Note which conversation a tab shows; the longest unused tabs are forgotten."""
        self.viewing.pop(tab, None)
        self.viewing[tab] = conversation
        while len(self.viewing) > MOST_TABS:
            self.viewing.pop(next(iter(self.viewing)))

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
        self.conversations.close()
