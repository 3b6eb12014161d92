"""What is said when the documents do not state what is asked."""

from __future__ import annotations

from collections.abc import Sequence

from rag.retrieve.lexicon import in_chinese
from rag.types import Hit


def refusal_text(question: str, hits: Sequence[Hit]) -> str:
    """A refusal in the question's language that names what was searched."""
    titles = list(dict.fromkeys(hit.passage.filing.title for hit in hits))[:3]
    if in_chinese(question):
        where = f"已检索:{'、'.join(f'《{t}》' for t in titles)}。" if titles else ""
        return f"所载文件中未载明。{where}"
    where = f" Searched: {'; '.join(titles)}." if titles else ""
    return f"Not stated in these documents.{where}"
