"""A draft: text with [n] markers, the citations behind them, the checks, and its status."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Check, Citation, Status


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is handed out; `missing` names parts of the question left open."""

    text: str
    status: Status
    citations: tuple[Citation, ...] = ()
    checks: tuple[Check, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
