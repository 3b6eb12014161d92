"""The layout: three columns and the pages beside them, each part an area of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.events import area
from ui.view import View


@dataclass(frozen=True)
class Parts:
    """Every component that handlers show something in."""

    view: gr.State
    boot: gr.JSON
    timer: gr.Timer
    header: gr.HTML
    rail_head: gr.HTML
    library: gr.HTML
    conversations: gr.HTML
    thread: gr.HTML
    live: gr.HTML
    next: gr.HTML
    composer: gr.HTML
    source: gr.HTML
    index: gr.HTML
    evaluation: gr.HTML
    settings: gr.HTML
    parcel: gr.HTML
    """Unseen: hands text to the clipboard and files to the download folder."""

    def shown(self) -> list[Any]:
        """All areas, for handlers that show everything anew."""
        names = (
            "header", "rail_head", "library", "conversations", "thread", "live", "next",
            "composer", "source", "index", "evaluation", "settings",
        )  # fmt: skip
        return [getattr(self, name) for name in names]


def lay_out() -> Parts:
    """Build the components inside the current `gr.Blocks`."""
    view = gr.State(View())
    boot = gr.JSON(visible=False)
    timer = gr.Timer(2.0)
    header = area("fq-header", ("show", "language"))
    with gr.Row(elem_id="fq-main"):
        with gr.Column(elem_id="fq-rail"):
            rail_head = area("fq-railhead", ("uploaded",))
            library = area(
                "fq-filings",
                (
                    "limit",
                    "read",
                    "remove",
                    "reindex",
                    "correct",
                    "save_correction",
                    "cancel",
                    "dismiss",
                ),
            )
            conversations = area("fq-conversations", ("new", "open", "rename", "delete", "restore"))
        with gr.Column(elem_id="fq-chat"):
            with gr.Column(elem_id="fq-scroll"):
                thread = area(
                    "fq-thread",
                    ("ask", "cite", "near", "copy", "retry", "edit", "judge", "without"),
                )
                live = area("fq-live")
                next_ = area("fq-next", ("ask",))
            composer = area("fq-composer", ("ask", "stop", "limit", "export", "keep"))
        with gr.Column(elem_id="fq-source"):
            source = area("fq-sourcepane", ("turn_page", "go_to", "view_as"))
    index = area("fq-index", ("check_up", "show"))
    evaluation = area("fq-eval")
    settings = area("fq-settings", ("save_settings",))
    parcel = area("fq-parcel")
    return Parts(
        view=view, boot=boot, timer=timer, header=header, rail_head=rail_head, library=library,
        conversations=conversations, thread=thread, live=live, next=next_, composer=composer, source=source,
        index=index, evaluation=evaluation, settings=settings, parcel=parcel,
    )  # fmt: skip
