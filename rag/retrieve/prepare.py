"""What of a passage is indexed: its own words, its headings, and whose filing it stands in.

A passage's text never carries a synthetic header; title, company and section are added here, for
the indexes alone.
"""

from __future__ import annotations

from rag.index.terms import terms
from rag.types import Passage


def search_columns(passage: Passage) -> dict[str, str]:
    """Search terms by column of the lexical index, space-separated."""
    ref = passage.filing
    head = " ".join((ref.company, *ref.aliases[:4], ref.title, passage.item))
    return {
        "head": " ".join(dict.fromkeys(terms(head))),
        "section": " ".join(terms(" ".join(passage.section[-3:]))),
        "body": " ".join(terms(passage.text)),
    }


def embedding_text(passage: Passage) -> str:
    """The text that is embedded: company, the last headings, then the passage."""
    ref = passage.filing
    whose = passage.item or (ref.aliases[0] if ref.aliases else ref.company) or ref.title[:30]
    section = " ".join(passage.section[-2:])
    return "\n".join(part for part in (f"{whose} {section}".strip(), passage.text) if part)
