"""Line icons, drawn here so that none comes from the network."""

from __future__ import annotations

from markupsafe import Markup

_PATHS = {
    "library": "M4 5h4v14H4zM10 5h4v14h-4zM16.5 5.5l3.8-.9 3.2 13.6-3.8.9z",
    "source": "M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7",
    "chat": "M4 5h16v11H10l-5 4v-4H4z",
    "send": "M4 12l16-8-6 16-2.5-6.5z",
    "stop": "M7 7h10v10H7z",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "retry": "M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7",
    "edit": "M4 20l1-4L16.5 4.5l3 3L8 19z",
    "up": "M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 2.5V9H20l-2 11H7",
    "down": "M7 13V4H4v9zM7 13l4 8c1.5 0 2.5-1 2.5-2.5V15H20L18 4H7",
    "export": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "upload": "M12 16V5M7 9l5-5 5 5M5 20h14",
    "trash": "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
    "close": "M6 6l12 12M18 6L6 18",
    "left": "M15 5l-7 7 7 7",
    "right": "M9 5l7 7-7 7",
    "moon": "M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z",
    "plus": "M12 5v14M5 12h14",
    "check": "M5 13l4.5 4.5L19 7",
    "alert": "M12 4l9 16H3zM12 10v4M12 17v.5",
    "open": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
    "search": "M11 18a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM16 16l5 5",
    "gear": "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1",
    "index": "M4 7c0-4 16-4 16 0s-16 4-16 0zM4 7v10c0 4 16 4 16 0V7M4 12c0 4 16 4 16 0",
    "chart": "M4 20V4M4 20h16M8 16v-5M13 16V8M18 16v-8",
    "out": "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
    "pin": "M12 21v-7M8 4h8l-1 6 3 4H6l3-4z",
}


def icon(name: str) -> Markup:
    """An icon as inline SVG, hidden from screen readers; the button around it has the words."""
    return Markup(
        '<svg class="fq-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>'
    ).format(_PATHS[name])
