"""The other tab of the left column: conversations, and the bin of deleted ones."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ui.conversations import Conversation
from ui.html import act, tag
from ui.render.icons import icon
from ui.strings import Say


def conversations(listed: Sequence[Conversation], *, current: str, say: Say) -> Markup:
    """The conversations, the latest first; deleted ones below, to be restored."""
    kept = [c for c in listed if not c.deleted and (c.turns or c.id == current)]
    gone = [c for c in listed if c.deleted]
    rows = [_conversation(c, chosen=c.id == current, say=say) for c in kept]
    none = tag("p", say("conversation.none"), class_="fq-muted fq-pad")
    new = act("new", icon("plus"), say("conversation.new"), class_="fq-wide")
    return tag(
        "div",
        new,
        tag("ul", *rows, class_="fq-conversations") if rows else none,
        _bin(gone, say) if gone else None,
    )


def _conversation(conversation: Conversation, *, chosen: bool, say: Say) -> Markup:
    title = conversation.title or say("conversation.untitled")
    rename = act(
        "rename",
        icon("edit"),
        data_conversation=conversation.id,
        data_prompt=say("conversation.rename.ask"),
        data_value=title,
        class_="fq-iconbutton",
        title=say("conversation.rename"),
        aria_label=f"{say('conversation.rename')}: {title}",
    )
    delete = act(
        "delete",
        icon("trash"),
        data_conversation=conversation.id,
        data_confirm=say("conversation.delete.confirm", title=title),
        class_="fq-iconbutton",
        title=say("conversation.delete"),
        aria_label=f"{say('conversation.delete')}: {title}",
    )
    opener = act(
        "open",
        tag("span", title, class_="fq-title"),
        tag("span", say("conversation.turns", n=conversation.turns), class_="fq-about"),
        data_conversation=conversation.id,
        aria_current="true" if chosen else None,
        class_="fq-filing",
    )
    return tag("li", opener, rename, delete, class_="fq-chosen" if chosen else None)


def _bin(gone: Sequence[Conversation], say: Say) -> Markup:
    rows = [
        tag(
            "li",
            tag("span", c.title, class_="fq-title"),
            act("restore", say("conversation.restore"), data_conversation=c.id, class_="fq-quiet"),
        )
        for c in gone
    ]
    return tag(
        "details",
        tag("summary", f"{say('conversation.bin')} ({len(gone)})"),
        tag("ul", *rows),
        class_="fq-bin",
        id="fq-bin",
    )
