"""What stands around the columns: header, tabs of the left column, composer."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from rag.types import FilingState
from ui.html import act, joined, tag
from ui.render.icons import icon
from ui.strings import Say, kind_words
from ui.view import Scope

PAGES = (("chat", "chat"), ("index", "index"), ("eval", "chart"), ("settings", "gear"))


def header(say: Say, owner: str = "") -> Markup:
    """Name, pages, who is logged in, language, theme, and the switches of the side columns."""
    pages = [
        act(
            "show",
            icon(drawn),
            tag("span", say(f"nav.{page}")),
            data_page=page,
            class_="fq-page",
            aria_current="page" if page == "chat" else None,
        )
        for page, drawn in PAGES
    ]
    return tag(
        "header",
        tag("a", say("skip"), href="#fq-question", class_="fq-skip"),
        _side("library", "library", say),
        tag("h1", say("app.title"), tag("small", say("app.tagline")), class_="fq-brand"),
        tag("nav", *pages, class_="fq-pages", aria_label=say("nav.label")),
        _who(owner, say) if owner else None,
        act(
            "language",
            say("nav.language"),
            class_="fq-quiet",
            aria_label=say("nav.language.label"),
        ),
        tag(
            "button",
            icon("moon"),
            type="button",
            data_local="theme",
            class_="fq-iconbutton",
            title=say("nav.theme"),
            aria_label=say("nav.theme"),
        ),
        _side("source", "source", say),
        class_="fq-header",
    )


def _who(owner: str, say: Say) -> Markup:
    words = say("nav.logout", name=owner)
    name = tag("span", owner, class_="fq-owner")
    return tag(
        "a", name, icon("out"), href="logout", class_="fq-quiet", title=words, aria_label=words
    )


def _side(name: str, drawn: str, say: Say) -> Markup:
    return tag(
        "button",
        icon(drawn),
        type="button",
        data_local=f"toggle-{name}",
        class_="fq-iconbutton",
        title=say(f"nav.{name}"),
        aria_label=say(f"nav.{name}"),
        aria_expanded="true",
    )


def rail_head(say: Say) -> Markup:
    """Tabs for filings and conversations, the drop zone and the search field."""
    tabs = [
        tag(
            "button",
            say(f"library.tab.{name}"),
            type="button",
            role="tab",
            id=f"fq-tab-{name}",
            aria_controls=f"fq-{name}",
            aria_selected="true" if name == "filings" else "false",
            tabindex=0 if name == "filings" else -1,
            data_local="tab",
            data_tab=name,
        )
        for name in ("filings", "conversations")
    ]
    drop = tag(
        "label",
        icon("upload"),
        tag("span", tag("strong", say("library.upload")), tag("small", say("library.upload.hint"))),
        tag(
            "input",
            type="file",
            multiple=True,
            id="fq-upload",
            class_="fq-sr",
            aria_label=say("library.upload"),
            data_sending=say("library.upload.sending", n="{n}"),
        ),
        class_="fq-drop",
        for_="fq-upload",
    )
    search = tag(
        "label",
        icon("search"),
        tag(
            "input",
            type="search",
            id="fq-find",
            placeholder=say("library.search"),
            aria_label=say("library.search"),
            autocomplete="off",
        ),
        class_="fq-find",
    )
    return tag(
        "div",
        tag("div", *tabs, class_="fq-tabs", role="tablist", aria_label=say("library.title")),
        tag("div", drop, search, class_="fq-filingtools"),
        class_="fq-railhead",
    )


def composer(
    states: Sequence[FilingState],
    scope: Scope,
    *,
    prefill: str,
    editing: bool,
    say: Say,
) -> Markup:
    """The question box under the chips of what it is limited to; the style shows the stop button in place of
    the other while an answer is written."""
    send = tag(
        "button",
        icon("send"),
        tag("span", say("chat.send")),
        type="submit",
        class_="fq-primary fq-send",
    )
    stop = act("stop", icon("stop"), tag("span", say("chat.stop")), class_="fq-primary fq-stop")
    box = tag(
        "textarea",
        id="fq-question",
        name="question",
        rows=1,
        maxlength=4000,
        placeholder=say("chat.placeholder"),
        aria_label=say("chat.box"),
        data_prefill=prefill or None,
        data_enter=True,
    )
    note = None
    if editing:
        note = tag(
            "p",
            icon("edit"),
            say("chat.editing"),
            act("keep", say("chat.editing.cancel"), class_="fq-quiet"),
            class_="fq-note",
        )
    return tag(
        "form",
        note,
        tag("div", scope_chips(states, scope, say), _exports(say), class_="fq-composerhead"),
        tag("div", box, send, stop, class_="fq-box-row"),
        tag("p", say("chat.hint"), class_="fq-hint"),
        data_submit="ask",
        class_="fq-composer",
    )


def _exports(say: Say) -> Markup:
    summary = tag("summary", icon("export"), tag("span", say("chat.export")))
    entries = [act("export", say(f"chat.export.{form}"), data_form=form) for form in ("md", "docx")]
    return tag(
        "details", summary, tag("div", *entries), class_="fq-menu fq-exports", id="fq-exports"
    )


def scope_chips(states: Sequence[FilingState], scope: Scope, say: Say) -> Markup:
    """What the next question is limited to, each limit a chip that drops it."""
    if not scope.limited:
        words = say("filter.scope.all", n=len(states))
        return tag("p", say("filter.scope"), " ", tag("strong", words), class_="fq-scope")
    titles = {state.ref.id: state.ref.title for state in states}
    chips = []
    for name in ("company", "year", "kind", "filing"):
        value = getattr(scope, name)
        if value:
            shown = titles.get(value, value) if name == "filing" else kind_words(say, value)
            chips.append(
                act(
                    "limit",
                    shown,
                    icon("close"),
                    data_field=name,
                    data_value="",
                    class_="fq-tagchip fq-on",
                    aria_label=say("filter.drop", name=shown),
                )
            )
    count = say("filter.scope.some", n=len(scope.within(states)))
    words = tag("span", say("filter.scope"), " ", tag("strong", count))
    return tag("div", words, joined(*chips), class_="fq-scope")
