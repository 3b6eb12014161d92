"""Follow-up questions made into questions that stand alone, by rules or by a model.

History is (question, answer) pairs, oldest first. Earlier follow-ups are resolved first, so that
"那2023年呢？" and then "净利润呢？" build on each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from prompts import language_of, load
from rag.answer.citing import MARKER
from rag.answer.followup import chinese, english
from rag.answer.followup.slots import periods_in, year_of
from rag.answer.models.base import Writer

Turns = Sequence[tuple[str, str]]

_MEMORY = 6
"""Turns that a follow-up can lean on; older ones have been folded into their followers."""
_ANSWER = 200
"""Characters of an earlier answer that a model is shown."""
_LONGEST = 300
"""Characters of a rewritten question; what is longer is no question."""
_LEAD = re.compile(
    r"^(?:改写后的问题|改写|问题|追问|question|rewritten question)\s*[:：]\s*", re.IGNORECASE
)
_POINTING = re.compile(
    r"那么|那|呢|它|该|其|上年|去年|前一年|上述|请问|的|是|多少|什么|如何|吗|[？?，。、\s]"
    r"|\b(?:what|how|about|and|the|it|its|that|this|was|were|is|are|did|in|for|of|year|before|why|much)\b",
    re.IGNORECASE,
)


def standalone(question: str, history: Turns, *, companies: Sequence[str] = ()) -> str:
    """The question with company, period and measure filled in from the conversation, by rules.

    `companies` are the names that may be meant (full names, short names, tickers); without them
    names are guessed from how they are written. A question that stands alone comes back unchanged.
    """
    before, answer = "", ""
    for asked, answered in [*history[-_MEMORY:], (question, "")]:
        before = _resolved(asked, before, answer, companies) if before else asked.strip()
        answer = answered
    return before if history else question


def standalone_by_model(
    question: str, history: Turns, *, writer: Writer, companies: Sequence[str] = ()
) -> str:
    """The same, rewritten by a model where its rewriting keeps to what was said, else by rules.

    A rewriting is refused when it is no single question, loses words of the follow-up, or brings in
    a year that nobody named. Raises :class:`rag.errors.ModelError`.
    """
    if not history:
        return question
    by_rules = standalone(question, history, companies=companies)
    language = language_of(question if language_of(question) == "zh" else history[-1][0] + question)
    said = ("问：", "答：") if language == "zh" else ("Q: ", "A: ")
    lines = [
        label + text[:_ANSWER]
        for asked, answered in history[-_MEMORY:]
        for label, text in zip(said, (asked, MARKER.sub("", answered)), strict=True)
        if text.strip()
    ]
    messages = load("condense", language).render(history=lines, question=question)
    draft = "".join(writer.stream(messages, max_tokens=120))
    rewritten = _LEAD.sub("", draft.strip().partition("\n")[0]).strip(' 　"“”*`')
    return rewritten if _faithful(rewritten, question, history, by_rules) else by_rules


def _resolved(question: str, before: str, answer: str, companies: Sequence[str]) -> str:
    han = language_of(question) == "zh" or (
        language_of(before) == "zh" and not re.search(r"[a-z]{3}", question)
    )
    resolved = chinese.resolved if han else english.resolved
    return resolved(question, before, answer, companies)


def _faithful(rewritten: str, question: str, history: Turns, by_rules: str) -> bool:
    """Whether a rewriting adds nothing of its own and leaves nothing of the follow-up out."""
    if not rewritten or len(rewritten) > _LONGEST:
        return False
    named = {year for text in _texts(question, history, by_rules) for year in _years(text)}
    if not _years(rewritten) <= named or not _years(by_rules) <= _years(rewritten):
        return False
    words = {word.lower() for word in re.findall(r"[a-zA-Z]{3,}|\d+", _POINTING.sub(" ", question))}
    runs = re.findall(r"[\u3400-\u9fff]{2,}", _POINTING.sub(" ", question))
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    kept = sum(part in rewritten.lower() for part in words | pairs)
    return kept >= 0.6 * len(words | pairs)


def _texts(question: str, history: Turns, by_rules: str) -> list[str]:
    return [question, by_rules, *(text for turn in history for text in turn)]


def _years(text: str) -> set[str]:
    return {year for span in periods_in(text) if (year := year_of(span.text))}
