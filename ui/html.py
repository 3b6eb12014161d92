"""HTML by functions: whatever is not markup already is escaped, so filings' text cannot be markup."""

from __future__ import annotations

from markupsafe import Markup, escape

Child = Markup | str | int | None
Attribute = str | int | bool | None

VOID = frozenset({"input", "img", "br", "hr", "meta"})


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """An element. Text children and attribute values are escaped; None and False leave out.

    `class_` stands for class, `for_` for for, and `data_act` for data-act; True is a bare attribute.
    """
    start = Markup("<") + name + _written(attributes) + Markup(">")
    if name in VOID:
        return start
    return start + joined(*children) + Markup("</") + name + Markup(">")


def joined(*children: Child) -> Markup:
    """Children one after the other; None is nothing."""
    return Markup("").join(escape(child) for child in children if child is not None)


def act(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """A button that sends the event `name` with its data- attributes to the area around it."""
    return tag("button", *children, type="button", data_act=name, **attributes)


def hidden_text(text: str) -> Markup:
    """Text for screen readers alone."""
    return tag("span", text, class_="fq-sr")


def _written(attributes: dict[str, Attribute]) -> Markup:
    parts = Markup("")
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        name = key.rstrip("_").replace("_", "-")
        parts += Markup(" ") + name
        if value is not True:
            parts += Markup('="') + escape(value) + Markup('"')
    return parts
