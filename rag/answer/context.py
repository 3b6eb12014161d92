"""A passage as the verifier reads it: under its company, title, reporting periods and headings."""

from __future__ import annotations

from rag.types import Passage


def in_context(passage: Passage) -> str:
    """The passage's text below what gives its words their meaning; the text itself comes last."""
    ref = passage.filing
    whose = passage.item or "、".join((ref.company, *ref.aliases[:3])).strip("、")
    periods = f"报告期:{'、'.join(ref.periods)}" if ref.periods else ""
    above = (whose, ref.title, periods, *passage.section)
    return "\n".join((*(part for part in above if part), passage.text))
