"""What each area shows for a tab's view: looked up at the desk, rendered by ui.render."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import UnknownFiling
from rag.retrieve.query import understand
from rag.types import Answer, Citation, FilingRef
from ui import pictures
from ui.conversations import Turn
from ui.desk import Desk
from ui.locate import NO_MARKS, locate
from ui.render import chrome, rail, talks
from ui.render.page import Sheet, empty_pane, source_pane
from ui.render.thread import thread as thread_markup
from ui.starters import followups, starters
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
            starters=() if turns else _starters(desk, view),
            followups=_followups(desk, turns),
            understood=_understood(desk, turns),
        )
    )


def _starters(desk: Desk, view: View) -> list[str]:
    states = view.scope.within(desk.workspace.filings())
    key = tuple(state.ref.id for state in states)
    if key not in desk.starters:
        desk.starters.clear()
        desk.starters[key] = starters(desk.workspace, states)
    return desk.starters[key]


def _followups(desk: Desk, turns: tuple[Turn, ...]) -> list[str]:
    answer = turns[-1].answer if turns else None
    if answer is None:
        return []
    asked = {turn.question for turn in turns}
    return [q for q in followups(desk.workspace, answer) if q not in asked]


def _understood(desk: Desk, turns: tuple[Turn, ...]) -> list[str]:
    answer = turns[-1].answer if turns else None
    if answer is None:
        return []
    return understood(answer, [state.ref for state in desk.workspace.filings()])


def understood(answer: Answer, refs: list[FilingRef]) -> list[str]:
    """The company names and periods that were taken from a question, as they stand in it."""
    question = answer.standalone or answer.question
    query = understand(question, refs)
    words = dict.fromkeys((*query.companies.values(), *query.periods))
    folded = question.lower()
    return [question[at : at + len(w)] for w in words if (at := folded.find(w.lower())) >= 0]


def source(desk: Desk, view: View, owner: str) -> str:
    """The source pane: the page that the view stands on, with the citation's quote marked."""
    place = view.place
    if place is None:
        return str(empty_pane(view.say))
    state = desk.workspace.filing(place.filing)
    page = desk.workspace.page(place.filing, place.page)
    cited = _cited(desk, place, owner)
    quote = cited.citation.quote if cited else ""
    marks = NO_MARKS
    if cited is not None:
        marks = locate(page, quote, before=cited.before, after=cited.after, claim=place.claim)
    sheet = Sheet(
        state=state,
        page=page,
        marks=marks,
        quote=quote,
        section=cited.citation.section if cited else (),
        picture=pictures.picture_of(state, page, quote, marks),
        as_text=view.as_text,
        original=pictures.original_of(state),
    )
    return str(source_pane(sheet, view.say))


@dataclass(frozen=True, slots=True)
class _Cited:
    """A citation and the passage's text around its quote (empty where the passage is gone)."""

    citation: Citation
    before: str = ""
    after: str = ""


def _cited(desk: Desk, place: Place, owner: str) -> _Cited | None:
    """The citation that led here, while a page that its quote stands on is shown."""
    turn = desk.conversations.turn(owner, place.turn) if place.turn else None
    citations = turn.answer.citations if turn and turn.answer else ()
    citation = next((c for c in citations if c.n == place.n), None)
    if citation is None or citation.filing_id != place.filing:
        return None
    try:
        passage = desk.workspace.passage(citation.passage_id)
    except UnknownFiling:
        return _Cited(citation) if place.page == citation.page_index else None
    last = passage.page_index_at(max(citation.start, citation.end - 1))
    if not citation.page_index <= place.page <= max(citation.page_index, last):
        return None
    return _Cited(citation, passage.text[: citation.start], passage.text[citation.end :])
