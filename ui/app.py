"""The web interface: `build` makes it over a workspace, `launch` serves it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before gradio is imported

import gradio as gr
from starlette.middleware import Middleware

from rag.errors import MissingExtra, SettingsError
from rag.settings import Settings
from ui import api, chat, library, pages, show, source, strings, talking
from ui.auth import LOOPBACK, Gate
from ui.desk import Desk
from ui.events import owner_of
from ui.guard import Guard
from ui.parts import Parts, lay_out
from ui.protocol import Workspace
from ui.render import chrome
from ui.render.page import empty_pane
from ui.routes import add_routes
from ui.uploads import LIMITS
from ui.view import Place, View

QUEUE = 64
"""Events that may wait; more are told that the server is busy."""
FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]

ACCENT = "#0b5a6a"
"""Of the login page, which is Gradio's own; everything else is in assets/base.css."""


@dataclass(frozen=True, slots=True)
class Serving:
    """How the interface is served. `users` maps names to hashed passwords.

    Another host than loopback needs users, unless `anyone` says that everybody may come in.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    users: Mapping[str, str] | None = None
    anyone: bool = False
    mcp: bool = False
    root_path: str = ""

    def __post_init__(self) -> None:
        if self.host not in LOOPBACK and not self.users and not self.anyone:
            raise SettingsError(
                f"host {self.host} can be reached by others and no user is set; give --user or"
                " --password-file, or --anyone if everybody on the network may use it"
            )

    @property
    def local(self) -> bool:
        """Whether only people at this machine, without a login, use it."""
        return self.host in LOOPBACK and not self.users


def build(
    workspace: Workspace,
    settings: Settings | None = None,
    *,
    reopen: Callable[[Settings], Workspace] | None = None,
) -> gr.Blocks:
    """The interface over an open workspace. `settings` default to the workspace's own; with
    `reopen` they can be changed in the browser. The blocks carry their desk as `.desk`."""
    own = settings or getattr(workspace, "settings", None) or Settings.load()
    desk = Desk.open(workspace, own, reopen)
    with gr.Blocks(title="filings-qa", analytics_enabled=False, fill_width=True) as blocks:
        parts = lay_out()
        for area in (library, talking, chat, source, pages):
            area.wire(parts, desk)
        api.wire(desk)
        _wire_whole(blocks, parts, desk)
    blocks.desk = desk
    blocks.queue(max_size=QUEUE, default_concurrency_limit=8)
    return blocks


def _wire_whole(blocks: gr.Blocks, parts: Parts, desk: Desk) -> None:
    """What shows everything: the first load, and a change of language."""

    def load(boot: Any, request: gr.Request) -> dict[Any, Any]:
        boot = boot if isinstance(boot, dict) else {}
        owner = owner_of(request)
        view = first_view(boot, desk, owner)
        return _everything(parts, desk, view, owner)

    def language(current: View, request: gr.Request) -> dict[Any, Any]:
        view = current.with_(lang="en" if current.lang == "zh" else "zh")
        # The pages beside the chat are made when they are opened; one may be open now.
        return _everything(parts, desk, view, owner_of(request)) | {
            parts.index: pages.index_html(desk, view),
            parts.evaluation: pages.evaluation_html(desk, view),
            parts.settings: pages.settings_html(desk, view),
        }

    outputs = [parts.view, *parts.shown()]
    hidden = {"show_progress": "hidden", "api_visibility": "private"}
    loaded = blocks.load(load, [parts.boot], outputs, js="() => [window.fq.boot()]", **hidden)
    chat.suggest_after(loaded, parts, desk)
    parts.header.language(language, [parts.view], outputs, **hidden)


def first_view(boot: Mapping[str, Any], desk: Desk, owner: str) -> View:
    """The view of a tab that has just been opened; `boot` is what the browser remembers."""
    lang = strings.language(str(boot.get("lang") or ""))
    conversation = str(boot.get("conversation") or "")
    if not desk.conversations.owns(owner, conversation):
        conversation = ""
    watching = desk.running(owner, conversation)
    return View(lang=lang, conversation=conversation, watching=watching)


def _everything(parts: Parts, desk: Desk, view: View, owner: str) -> dict[Any, Any]:
    view = view.with_(seen=desk.version)
    known = {state.ref.id for state in desk.workspace.filings()}
    if isinstance(view.place, Place) and view.place.filing not in known:
        view = view.with_(place=None)
    say = view.say
    head = str(chrome.header(say, owner))
    return {
        parts.view: view,
        parts.header: head.replace("<header", f'<header data-lang="{view.lang}"', 1),
        parts.rail_head: str(chrome.rail_head(say)),
        parts.library: show.library(desk, view),
        parts.conversations: show.conversations(desk, view, owner),
        parts.thread: show.thread(desk, view, owner, with_live=True),
        parts.live: "",
        parts.next: show.followups(desk, view, owner),
        parts.composer: show.composer(desk, view),
        parts.source: show.source(desk, view, owner) if view.place else str(empty_pane(say)),
    }


def launch(
    workspace: Workspace,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    block: bool = True,
    reopen: Callable[[Settings], Workspace] | None = None,
    **serving: Any,
) -> tuple[gr.Blocks, str]:
    """Serve the interface and return it with its address; with `block` not before it ends.

    `serving` are the other fields of :class:`Serving`. Missing vectors are completed in the
    background. Settings can be changed in the browser only where nobody else can log in.
    """
    how = Serving(host=host, port=port, **serving)
    blocks = build(workspace, reopen=reopen if how.local else None)
    gate = Gate(how.users) if how.users else None
    hosts = LOOPBACK if how.host in LOOPBACK else None
    if how.mcp:
        _require_mcp()
    app, url, _ = blocks.launch(
        server_name=how.host,
        server_port=how.port,
        auth=gate,
        mcp_server=how.mcp,
        root_path=how.root_path or None,
        max_file_size=LIMITS.file_bytes,
        app_kwargs={
            "middleware": [Middleware(Guard, hosts=hosts, check=gate)],
            "docs_url": None,
            "redoc_url": None,
        },
        theme=gr.themes.Base(font=FONTS, font_mono=["ui-monospace", "monospace"]).set(
            button_primary_background_fill=ACCENT, button_primary_background_fill_hover=ACCENT
        ),
        head=head(),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        show_error=False,
        quiet=True,
        prevent_thread_lock=True,
    )
    add_routes(app, blocks.desk)
    if how.mcp:
        api.speak_json(blocks)
    threading.Thread(target=blocks.desk.warm, name="filings-warm", daemon=True).start()
    if blocks.desk.pending():
        blocks.desk.jobs.submit(())
    if block:
        blocks.block_thread()
    return blocks, url


def _require_mcp() -> None:
    try:
        import mcp  # noqa: F401
    except ImportError as error:
        raise MissingExtra('--mcp needs the MCP package: pip install "filings-qa[mcp]"') from error


def head() -> str:
    """The page's own style and script, inlined so that nothing else has to be fetched."""
    assets = resources.files("ui") / "assets"
    css = "\n".join(
        (assets / name).read_text(encoding="utf-8") for name in ("base.css", "parts.css")
    )
    script = (assets / "app.js").read_text(encoding="utf-8")
    return f"<style>{css}</style><script>{script}</script>"
