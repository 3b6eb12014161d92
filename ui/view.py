"""What one browser tab looks at: language, conversation, filters, source page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from rag.types import FilingState
from ui.strings import Say, kind_words, speaker


@dataclass(frozen=True, slots=True)
class Scope:
    """What the questions are limited to; empty values do not limit."""

    company: str = ""
    kind: str = ""
    year: str = ""
    filing: str = ""

    @property
    def limited(self) -> bool:
        """Whether anything is set."""
        return bool(self.company or self.kind or self.year or self.filing)

    def fits(self, state: FilingState) -> bool:
        """Whether a filing is within the scope."""
        ref = state.ref
        return (
            (not self.filing or ref.id == self.filing)
            and (not self.company or ref.company == self.company)
            and (not self.kind or ref.kind == self.kind)
            and (not self.year or year_of(state) == self.year)
        )

    def within(self, states: Sequence[FilingState]) -> list[FilingState]:
        """The filings within the scope."""
        return [state for state in states if self.fits(state)]

    def words(self, states: Sequence[FilingState], say: Say) -> str:
        """The scope in words, for the record; empty where nothing is limited."""
        titles = [state.ref.title for state in states if state.ref.id == self.filing]
        parts = (self.company, self.year, kind_words(say, self.kind), *titles)
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Place:
    """The page in the source pane; `turn` and `n` name the citation that led there, or `turn` and
    `rank` the passage that was found."""

    filing: str
    page: int
    turn: str = ""
    n: int = 0
    claim: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """The state of a tab. `editing` is the turn whose question is being changed, `correcting` the
    filing whose details are, `watching` one that is being answered and that no event of this tab
    shows, `seen` the version of imports and suggestions that is shown."""

    lang: str = "zh"
    conversation: str = ""
    scope: Scope = field(default_factory=Scope)
    place: Place | None = None
    as_text: bool = False
    editing: str = ""
    correcting: str = ""
    watching: str = ""
    seen: int = -1

    def with_(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        return replace(self, **changes)

    @property
    def say(self) -> Say:
        """The strings in this tab's language."""
        return speaker(self.lang)


def year_of(state: FilingState) -> str:
    """The year that a filing is filed under: its reporting period's if it names one, else its date's."""
    periods = [period for period in state.ref.periods if period[:4].isdigit()]
    return periods[-1][:4] if periods else state.ref.date[:4]
