"""What happens in the right column: citations open their page, pages are turned."""

from __future__ import annotations

from dataclasses import replace

from rag.errors import QuestionError, UnknownFiling
from ui import show
from ui.desk import Desk
from ui.events import Click, Updates, listen
from ui.parts import Parts
from ui.view import Place, View


def wire(parts: Parts, desk: Desk) -> None:
    """Attach the handlers of the source pane."""
    pane = _Pane(parts, desk)
    for name in ("cite", "near"):
        handler = getattr(pane, name)
        listen(parts.thread, name, handler, parts.view, [parts.source], concurrency_limit=None)
    for name in ("turn_page", "go_to", "view_as"):
        listen(
            parts.source,
            name,
            getattr(pane, name),
            parts.view,
            [parts.source],
            concurrency_limit=None,
        )


class _Pane:
    """The handlers; each returns the pane anew."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self.parts = parts
        self.desk = desk

    def _shown(self, view: View, owner: str) -> Updates:
        return {self.parts.view: view, self.parts.source: show.source(self.desk, view, owner)}

    def cite(self, click: Click) -> Updates:
        """Open the page of a citation, and the cell of the figure that was clicked."""
        turn = self.desk.conversations.turn(click.owner, click.text("turn"))
        n = click.number("n")
        found = [c for c in (turn.answer.citations if turn and turn.answer else ()) if c.n == n]
        if not turn or not found:
            raise UnknownFiling(click.view.say("source.gone"))
        citation = found[0]
        place = Place(citation.filing_id, citation.page_index, turn.id, n, click.text("claim"))
        return self._shown(click.view.with_(place=place), click.owner)

    def near(self, click: Click) -> Updates:
        """Open the page of a passage that was found, whole marked."""
        turn = self.desk.conversations.turn(click.owner, click.text("turn"))
        rank = click.number("rank")
        found = [h for h in (turn.answer.hits if turn and turn.answer else ()) if h.rank == rank]
        if not turn or not found:
            raise UnknownFiling(click.view.say("source.gone"))
        passage = found[0].passage
        place = Place(passage.filing.id, passage.page_index_at(0), turn.id, rank=rank)
        return self._shown(click.view.with_(place=place), click.owner)

    def turn_page(self, click: Click) -> Updates:
        """Go to a page by its index; the citation's mark stays on its own page."""
        return self._go(click, click.number("page"))

    def _go(self, click: Click, index: int) -> Updates:
        place = click.view.place
        if place is None:
            return {}
        last = self.desk.workspace.filing(place.filing).pages - 1
        index = max(0, min(index, last))
        moved = replace(place, page=index)
        return self._shown(click.view.with_(place=moved), click.owner)

    def go_to(self, click: Click) -> Updates:
        """Go to a page by its printed label, or by its place in the file."""
        place, wanted = click.view.place, click.text("label").strip()
        if place is None or not wanted:
            return {}
        count = self.desk.workspace.filing(place.filing).pages
        for index in range(count):
            label = self.desk.workspace.page(place.filing, index).label
            if label and label.strip().lower() == wanted.lower():
                return self._go(click, index)
        if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= count:
            return self._go(click, int(wanted) - 1)
        raise QuestionError(click.view.say("source.nopage", label=wanted, n=count))

    def view_as(self, click: Click) -> Updates:
        """Show pages as images or as text."""
        return self._shown(click.view.with_(as_text=click.text("mode") == "text"), click.owner)
