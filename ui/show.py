"""What each area shows for a tab's view: looked up at the desk, rendered by ui.render."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from rag.errors import UnknownFiling
from rag.types import Citation, Hit
from ui import pictures
from ui.conversations import Turn
from ui.desk import Desk
from ui.locate import NO_MARKS, locate
from ui.render import chrome, rail, talks
from ui.render.page import Sheet, empty_pane, source_pane
from ui.render.thread import next_questions
from ui.render.thread import thread as thread_markup
from ui.understood import Word, words_of
from ui.view import Place, View


def library(desk: Desk, view: View) -> str:
    """The filings under their filters, with imports and failures; or the form for a filing."""
    states = desk.workspace.filings()
    for state in states:
        if state.ref.id == view.correcting:
            return str(rail.correction_form(state, view.say))
    return str(
        rail.library(
            states,
            scope=view.scope,
            jobs=desk.jobs.recent(),
            failures=desk.jobs.failures(),
            say=view.say,
        )
    )


def conversations(desk: Desk, view: View, owner: str) -> str:
    """The list of conversations."""
    listed = desk.conversations.listed(owner)
    return str(talks.conversations(listed, current=view.conversation, say=view.say))


def composer(desk: Desk, view: View, *, prefill: str = "") -> str:
    """The question box with its scope."""
    states = desk.workspace.filings()
    return str(
        chrome.composer(
            states,
            view.scope,
            prefill=prefill,
            editing=bool(view.editing),
            say=view.say,
        )
    )


def thread(desk: Desk, view: View, owner: str, *, with_live: bool = False) -> str:
    """The conversation. A turn that is being answered is left to the live area, but after a
    reload (`with_live`) there is no one who writes there, and its draft is shown as it is."""
    turns = desk.conversations.turns(owner, view.conversation)
    turns = tuple(turn for turn in turns if with_live or turn.id not in desk.live)
    return str(
        thread_markup(
            turns,
            say=view.say,
            conversation=view.conversation,
            starters=() if turns else starters(desk, view),
            understood=_understood(desk, turns),
            live=desk.live if with_live else {},
        )
    )


def starters(desk: Desk, view: View) -> list[str]:
    """Questions to start from, of the filings within the scope."""
    states = view.scope.within(desk.workspace.filings())
    return desk.suggestions.starters([state.ref for state in states], view.lang)


def followups(desk: Desk, view: View, owner: str) -> str:
    """What could be asked next, as far as it is known already."""
    turns = desk.conversations.turns(owner, view.conversation)
    if not turns or turns[-1].id in desk.live:
        return ""
    asked = {turn.question for turn in turns}
    found = [q for q in desk.suggestions.followups(turns[-1].id) if q not in asked]
    return str(next_questions(found, view.say))


def _understood(desk: Desk, turns: tuple[Turn, ...]) -> list[Word]:
    answer = turns[-1].answer if turns else None
    if answer is None:
        return []
    return words_of(answer, [state.ref for state in desk.workspace.filings()])


def source(desk: Desk, view: View, owner: str) -> str:
    """The source pane: the page that the view stands on, with the citation's quote marked."""
    place = view.place
    if place is None:
        return str(empty_pane(view.say))
    state = desk.workspace.filing(place.filing)
    page = desk.workspace.page(place.filing, place.page)
    cited = _cited(desk, place, owner)
    marks = NO_MARKS
    if cited is not None:
        marks = locate(page, cited.quote, before=cited.before, after=cited.after, claim=place.claim)
    sheet = Sheet(
        state=state,
        page=page,
        marks=marks,
        quote=cited.quote if cited else "",
        section=cited.section if cited else (),
        picture=pictures.picture_of(state, page, cited.quote if cited else "", marks),
        as_text=view.as_text,
        original=pictures.original_of(state),
    )
    return str(source_pane(sheet, view.say))


@dataclass(frozen=True, slots=True)
class _Cited:
    """What is marked, and the passage's text around it (empty where the passage is gone)."""

    quote: str
    section: tuple[str, ...]
    before: str = ""
    after: str = ""


def _cited(desk: Desk, place: Place, owner: str) -> _Cited | None:
    """What led here, a citation or a found passage, while a page that it stands on is shown."""
    turn = desk.conversations.turn(owner, place.turn) if place.turn else None
    answer = turn.answer if turn else None
    for hit in answer.hits if answer and place.rank else ():
        if hit.rank == place.rank and hit.passage.filing.id == place.filing:
            return _found(hit, place.page)
    for citation in answer.citations if answer and not place.rank else ():
        if citation.n == place.n and citation.filing_id == place.filing:
            return _quoted(desk, citation, place.page)
    return None


def _found(hit: Hit, page: int) -> _Cited | None:
    """The part of a found passage that stands on a page, which is all of it for most."""
    starts = [*hit.passage.page_starts, (len(hit.passage.text), -1)]
    for (start, index), (end, _) in pairwise(starts):
        if index == page:
            return _Cited(hit.passage.text[start:end].strip(), hit.passage.section)
    return None


def _quoted(desk: Desk, citation: Citation, page: int) -> _Cited | None:
    try:
        passage = desk.workspace.passage(citation.passage_id)
    except UnknownFiling:
        here = page == citation.page_index
        return _Cited(citation.quote, citation.section) if here else None
    last = passage.page_index_at(max(citation.start, citation.end - 1))
    if not citation.page_index <= page <= max(citation.page_index, last):
        return None
    before, after = passage.text[: citation.start], passage.text[citation.end :]
    return _Cited(citation.quote, citation.section, before, after)
