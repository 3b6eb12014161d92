"""What a DOCX file's styles say: which are headings, which are numbered, which are bold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"^(?:heading|标题)\s*(\d)$", re.IGNORECASE)
_TITLE = re.compile(r"^(?:title|标题)$", re.IGNORECASE)
_BODY_LEVEL = 9


@dataclass(slots=True)
class Styles:
    """By style id: the heading level, the (list, depth) of its numbering, whether it is bold."""

    level: dict[str, int] = field(default_factory=dict)
    number: dict[str, tuple[str, int]] = field(default_factory=dict)
    bold: set[str] = field(default_factory=set)


def styles_of(root: Any) -> Styles:
    """The styles of a parsed `styles.xml` (or of an empty element), what is inherited included."""
    styles = Styles()
    parents: dict[str, str] = {}
    for style in root.iterfind(f"{W}style"):
        key = style.get(f"{W}styleId", "")
        parents[key] = value(style, "basedOn")
        level = _level(value(style, "name"), value(style.find(f"{W}pPr"), "outlineLvl"))
        if level is not None:
            styles.level[key] = level
        if (number := number_of(style.find(f"{W}pPr"))) is not None:
            styles.number[key] = number
        if is_on(style.find(f"{W}rPr"), "b"):
            styles.bold.add(key)
    for key in parents:
        _inherit(styles, key, parents)
    return styles


def _level(name: str, outline: str) -> int | None:
    """1 to 9 for a heading's style, by its name or its outline level."""
    if match := _HEADING.match(name):
        return int(match[1]) or None
    if _TITLE.match(name):
        return 1
    return int(outline) + 1 if outline.isdecimal() and int(outline) < _BODY_LEVEL else None


def _inherit(styles: Styles, key: str, parents: dict[str, str]) -> None:
    seen = {key}
    parent = parents.get(key, "")
    while parent and parent not in seen:
        seen.add(parent)
        if parent in styles.level:
            styles.level.setdefault(key, styles.level[parent])
        if parent in styles.number:
            styles.number.setdefault(key, styles.number[parent])
        if parent in styles.bold:
            styles.bold.add(key)
        parent = parents.get(parent, "")


def value(parent: Any, name: str) -> str:
    """The `w:val` of a child element; empty where parent or child is missing."""
    found = parent.find(f"{W}{name}") if parent is not None else None
    return "" if found is None else str(found.get(f"{W}val", ""))


def is_on(parent: Any, name: str) -> bool:
    """Whether a switch is set: present, and not with a value that turns it off."""
    found = parent.find(f"{W}{name}") if parent is not None else None
    return found is not None and found.get(f"{W}val", "true") not in ("0", "false", "off")


def number_of(properties: Any) -> tuple[str, int] | None:
    """(list, depth) of a numbered paragraph's or style's properties."""
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None
    depth = value(found, "ilvl")
    return value(found, "numId"), min(int(depth), 99) if depth.isdecimal() else 0
