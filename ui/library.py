"""What happens in the left column: filters, uploads, removal, correction."""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from rag.errors import LoadError, QuestionError
from rag.load.files import loaders
from rag.types import Failure, FilingState
from ui import show
from ui.desk import Desk
from ui.events import Click, Updates, inform, listen, owner_of
from ui.parts import Parts
from ui.strings import Say
from ui.uploads import forget, stage, within
from ui.view import Place, View, year_of

ARRIVAL_SECONDS = 3.0
"""Gradio moves an upload to its place after it has answered; so long we wait for it."""
CORRECTABLE = ("title", "company", "ticker", "kind", "date")


def wire(parts: Parts, desk: Desk) -> None:
    """Attach the handlers of the left column."""
    handlers = _Library(parts, desk)
    both = [parts.library, parts.composer]
    listen(parts.library, "limit", handlers.limit, parts.view, both)
    listen(parts.composer, "limit", handlers.limit, parts.view, both)
    listen(parts.library, "read", handlers.read, parts.view, [parts.source])
    listen(parts.rail_head, "uploaded", handlers.uploaded, parts.view, both)
    for name in ("remove", "reindex", "save_correction"):
        listen(parts.library, name, getattr(handlers, name), parts.view, [*both, parts.thread])
    for name in ("correct", "cancel", "dismiss"):
        listen(parts.library, name, getattr(handlers, name), parts.view, both)
    parts.timer.tick(
        handlers.tick,
        inputs=[parts.view],
        outputs=[parts.view, *both, parts.thread, parts.next, parts.conversations],
        queue=False,
        show_progress="hidden",
        api_visibility="private",
    )


class _Library:
    """The handlers; each returns what to show anew."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self.parts = parts
        self.desk = desk

    def _shown(self, view: View) -> Updates:
        view = view.with_(seen=self.desk.version)
        return {
            self.parts.view: view,
            self.parts.library: show.library(self.desk, view),
            self.parts.composer: show.composer(self.desk, view),
        }

    def tick(self, view: View, request: gr.Request) -> Updates:
        """Every other second: show what has moved on, imports, suggestions and an answer that
        this tab does not follow itself (it was loaded again, or another tab asked)."""
        owner = owner_of(request)
        shown = self._watched(view, owner)
        view = shown.get(self.parts.view, view)
        if view.seen != self.desk.version:
            shown |= self._shown(view)
            if not self.desk.conversations.owns(owner, view.conversation):
                shown[self.parts.thread] = show.thread(self.desk, view, owner)
        # The view is left alone where nothing has changed: another handler may be changing it.
        return shown or {self.parts.library: gr.skip()}

    def _watched(self, view: View, owner: str) -> Updates:
        if not view.watching:
            return {}
        updates = {self.parts.thread: show.thread(self.desk, view, owner, with_live=True)}
        if view.watching not in self.desk.live:
            view = view.with_(watching="")
            updates |= {
                self.parts.view: view,
                self.parts.next: show.followups(self.desk, view, owner),
                self.parts.conversations: show.conversations(self.desk, view, owner),
            }
        return updates

    def limit(self, click: Click) -> Updates:
        """Set or drop one limit of the scope; values that no filing has are dropped."""
        name, value = click.text("field"), click.text("value")
        if name not in ("company", "kind", "year", "filing"):
            return {}
        if value and value not in _values(self.desk.workspace.filings(), name):
            value = ""
        changed: dict[str, str] = {name: value}
        if name != "filing":
            changed["filing"] = ""
        return self._shown(click.view.with_(scope=replace(click.view.scope, **changed)))

    def read(self, click: Click) -> Updates:
        """Open the first page of a filing."""
        view = click.view.with_(place=Place(click.text("filing"), 0))
        return {self.parts.view: view, self.parts.source: show.source(self.desk, view, click.owner)}

    def uploaded(self, click: Click) -> Updates:
        """Take uploaded files over and start their import."""
        files = [_arrived(item, click.view.say) for item in click.data.get("files", ())]
        suffixes = frozenset(loaders())
        paths, refused = stage(files, self.desk.uploads, suffixes=suffixes, say=click.view.say)
        for path, _ in files:
            path.unlink(missing_ok=True)
        self.desk.jobs.fail([Failure(name, str(error)) for name, error in refused])
        if paths:
            self.desk.jobs.submit(paths)
        return self._shown(click.view)

    def remove(self, click: Click) -> Updates:
        """Remove a filing, and our copy of it if it was uploaded."""
        state = self.desk.workspace.filing(click.text("filing"))
        self.desk.workspace.remove(state.ref.id)
        forget(state.ref.source, self.desk.uploads)
        inform(click.view.say("library.removed", title=state.ref.title))
        scope = click.view.scope
        if scope.filing == state.ref.id:
            scope = replace(scope, filing="")
        view = click.view.with_(scope=scope)
        return self._shown(view) | {self.parts.thread: show.thread(self.desk, view, click.owner)}

    def reindex(self, click: Click) -> Updates:
        """Read a filing's file again and make its vectors anew."""
        state = self._with_file(click)
        self.desk.workspace.remove(state.ref.id)
        self.desk.jobs.submit([Path(state.ref.source)])
        return self._shown(click.view)

    def _with_file(self, click: Click) -> FilingState:
        state = self.desk.workspace.filing(click.text("filing"))
        if not Path(state.ref.source).is_file():
            raise LoadError(click.view.say("library.reindex.gone", source=state.ref.source))
        return state

    def correct(self, click: Click) -> Updates:
        """Show the form for a filing's details."""
        return self._shown(click.view.with_(correcting=self._with_file(click).ref.id))

    def save_correction(self, click: Click) -> Updates:
        """Write the details beside the file and read it again with them."""
        state = self._with_file(click)
        given = {name: click.text(name).strip() for name in CORRECTABLE}
        changed = {k: v for k, v in given.items() if v and v != getattr(state.ref, k)}
        if changed:
            write_sidecar(Path(state.ref.source), changed)
            self.desk.jobs.submit([Path(state.ref.source)])
            inform(click.view.say("correct.saved"))
        return self._shown(click.view.with_(correcting=""))

    def cancel(self, click: Click) -> Updates:
        """Back from the form to the list."""
        return self._shown(click.view.with_(correcting=""))

    def dismiss(self, click: Click) -> Updates:
        """Forget a failure."""
        self.desk.jobs.dismiss(click.text("source"))
        return {self.parts.library: show.library(self.desk, click.view)}


def _values(states: list[FilingState], name: str) -> set[str]:
    if name == "year":
        return {year_of(state) for state in states}
    return {getattr(state.ref, {"filing": "id"}.get(name, name)) for state in states}


def _arrived(item: Any, say: Say) -> tuple[Path, str]:
    """An uploaded file and its name; only what Gradio's upload route has stored is taken."""
    path, name = (item.get("path"), item.get("name")) if isinstance(item, Mapping) else (None, None)
    if not isinstance(path, str) or not isinstance(name, str):
        raise QuestionError(say("upload.empty"))
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while not Path(path).is_file() and time.monotonic() < deadline:
        time.sleep(0.05)
    if not within(Path(path), Path(get_upload_folder())):
        raise LoadError(say("upload.lost", name=name))
    return Path(path), name


def write_sidecar(source: Path, changes: Mapping[str, str]) -> None:
    """Set details in `NAME.toml` beside a file; what stands there already is kept."""
    sidecar = source.with_name(source.name + ".toml")
    values: dict[str, Any] = {}
    try:
        if sidecar.is_file():
            values = tomllib.loads(sidecar.read_text(encoding="utf-8"))
        lines = [
            f"{k} = {json.dumps(v, ensure_ascii=False)}"
            for k, v in (values | dict(changes)).items()
        ]
        sidecar.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LoadError(f"{sidecar}: cannot be written ({error}); check the folder") from error
