"""The passages that were found for a question: what comes nearest where it was not answered."""

from __future__ import annotations

from markupsafe import Markup

from rag.index.terms import query_terms
from rag.types import Answer, Hit
from ui.html import act, tag
from ui.render.answer import label_words
from ui.strings import Say

MOST, MOST_REFUSED = 5, 3
SNIPPET = 110
"""Characters of a passage that are shown."""


def nearest_list(answer: Answer, turn: str, say: Say) -> Markup | None:
    """The best passages, one a page, each a button that opens it; folded but under a refusal."""
    cited = {citation.passage_id for citation in answer.citations}
    refused = answer.status == "not_found"
    pages = {
        (hit.passage.filing.id, hit.passage.page_index_at(0)): hit
        for hit in reversed(answer.hits)
        if hit.passage.id not in cited
    }
    hits = sorted(pages.values(), key=lambda hit: hit.rank)[: MOST_REFUSED if refused else MOST]
    if not hits:
        return None
    words = say("nearest.refused") if refused else say("nearest.others", n=len(hits))
    items = [tag("li", _row(hit, answer, turn, say)) for hit in hits]
    return tag(
        "details",
        tag("summary", words),
        tag("ol", *items, class_="fq-sources"),
        class_="fq-nearest",
        id=f"near-{turn}",
        open=refused,
    )


def _row(hit: Hit, answer: Answer, turn: str, say: Say) -> Markup:
    passage = hit.passage
    label = passage.page_at(0)
    return act(
        "near",
        tag("span", passage.filing.title, class_="fq-what"),
        tag("span", label_words(label, say), class_="fq-where"),
        tag("span", snippet(hit, answer.standalone or answer.question), class_="fq-section"),
        data_turn=turn,
        data_rank=hit.rank,
    )


def snippet(hit: Hit, question: str) -> str:
    """The line of a passage that shares most with the question, cut to :data:`SNIPPET`."""
    terms = set(query_terms(question))
    lines = [line.strip() for line in hit.passage.text.splitlines() if line.strip()]
    best = max(lines, key=lambda line: _shared(line, terms), default="")
    words = " ".join(best.replace("|", " ").split())
    return words if len(words) <= SNIPPET else _window(words, terms)


def _shared(line: str, terms: set[str]) -> int:
    folded = line.lower()
    return sum(term in folded for term in terms)


def _window(words: str, terms: set[str]) -> str:
    """The part of a long line that begins a little before the first term of the question."""
    folded = words.lower()
    found = [at for term in terms if (at := folded.find(term)) >= 0]
    start = max(0, min(found, default=0) - 15)
    start = min(start, len(words) - SNIPPET)
    end = start + SNIPPET
    return ("…" if start else "") + words[start:end].strip() + ("…" if end < len(words) else "")
