"""From a click in the browser to a handler in Python, with errors as notices.

An area is one `gr.HTML` whose buttons carry `data-act`; the script in assets/app.js turns a click
into the event of that name. A handler gets a :class:`Click` and returns what to show where.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from markupsafe import Markup, escape

from rag.errors import FilingsError
from ui.strings import STRINGS, Say
from ui.view import View

Updates = dict[Any, Any]
"""Component -> its new value."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Click:
    """What was clicked: `data` are the button's data- attributes or the form's fields.

    `owner` is who is logged in, `tab` names the browser tab. The data come from the browser and are checked by the handlers like any other input.
    """

    view: View
    owner: str
    data: Mapping[str, Any]
    tab: str = ""

    def text(self, name: str) -> str:
        """A field as text, "" where it is missing."""
        value = self.data.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A field as a whole number, 0 where it is none."""
        try:
            return int(self.data.get(name, 0))
        except (TypeError, ValueError):
            return 0


Handler = Callable[[Click], Updates]
Streamer = Callable[[Click], Iterator[Updates]]


def area(elem_id: str, acts: Sequence[str] = (), *, html: Markup | str = "") -> gr.HTML:
    """A part of the page whose buttons send the events named in `acts`."""
    script = f"window.fq.area(element, trigger, watch, upload, {json.dumps(list(acts))});"
    return gr.HTML(str(html), elem_id=elem_id, js_on_load=script, apply_default_css=False)


def listen(
    source: gr.HTML,
    name: str,
    handler: Handler,
    view: gr.State,
    outputs: Sequence[Any],
    **options: Any,
) -> Any:
    """Run `handler` on the event `name` of an area; the outputs it leaves out stay as they are."""

    def run(current: View, request: gr.Request, event: gr.EventData) -> Updates:
        try:
            return handler(_click(current, request, event)) or {view: current}
        except FilingsError as error:
            notify(error, current.say)
        except Exception:
            log.exception("handling of %s broke", name)
            notify(FilingsError(current.say("notice.unexpected")), current.say)
        return {view: current}

    return _attach(source, name, run, view, outputs, options)


def listen_stream(
    source: gr.HTML,
    name: str,
    handler: Streamer,
    view: gr.State,
    outputs: Sequence[Any],
    **options: Any,
) -> Any:
    """The same for a handler that shows several states one after the other."""

    def run(current: View, request: gr.Request, event: gr.EventData) -> Iterator[Updates]:
        try:
            yield from handler(_click(current, request, event))
        except FilingsError as error:
            notify(error, current.say)
            yield {view: current}
        except Exception:
            log.exception("handling of %s broke", name)
            notify(FilingsError(current.say("notice.unexpected")), current.say)
            yield {view: current}

    return _attach(source, name, run, view, outputs, options)


def _attach(
    source: gr.HTML,
    name: str,
    run: Any,
    view: gr.State,
    outputs: Sequence[Any],
    options: dict[str, Any],
) -> Any:
    chosen = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "concurrency_limit": 8,
    } | options
    return getattr(source, name)(run, inputs=[view], outputs=[view, *outputs], **chosen)


def _click(view: View, request: gr.Request, event: gr.EventData) -> Click:
    tab = str(getattr(request, "session_hash", None) or "")
    return Click(view, owner_of(request), event._data or {}, tab)


def notify(error: FilingsError, say: Say) -> None:
    """Show a stated problem as a notice; its text is escaped, since it may quote a file's name."""
    keys = (f"error.{kind.__name__}" for kind in type(error).__mro__)
    title = say(next((key for key in keys if key in STRINGS), "notice.title"))
    # The toast's own heading is Gradio's and not translated; ours stands in the message.
    gr.Warning(f"<strong>{escape(title)}</strong><br>{escape(str(error))}", title=title)


def inform(message: str) -> None:
    """Show that something was done."""
    gr.Info(str(escape(message)), duration=4, title="✓")


def owner_of(request: gr.Request | None) -> str:
    """The name of who is logged in, "" without a login."""
    return str(getattr(request, "username", None) or "")
