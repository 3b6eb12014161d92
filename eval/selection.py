"""Which questions a run asks: those about filings that the system holds, all or a fixed sample."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence

from eval.questions import Question, QuestionSetError
from eval.systems.base import System

NAMED = 3
"""Absent filings that are named."""


def at_hand(questions: Sequence[Question], system: System) -> tuple[Question, ...]:
    """The questions whose filings `system` holds, where it says which; the rest is told on stderr.

    A question that names no place is kept only if its whole file's filings are there: asked of an
    empty index it would be refused, and that would count as right.
    """
    if system.sources is None:
        return tuple(questions)
    needed = {q.id: {item.source for item in (*q.evidence, *q.near)} for q in questions}
    absent = {qid for qid, files in needed.items() if not files <= system.sources}
    partial = {_file_of(q) for q in questions if q.id in absent}
    absent |= {q.id for q in questions if not needed[q.id] and _file_of(q) in partial}
    if absent:
        missing = sorted(set().union(*(needed[qid] for qid in absent)) - system.sources)
        named = ", ".join(missing[:NAMED]) + (", …" if len(missing) > NAMED else "")
        words = f"{len(absent)} questions about {len(missing)} filings not in the index ({named})"
        print(f"left out: {words}", file=sys.stderr)
    if len(absent) == len(questions):
        raise QuestionSetError(
            "none of the questions is about a filing in the index; give --documents PATH"
        )
    return tuple(question for question in questions if question.id not in absent)


def _file_of(question: Question) -> str:
    return question.origin.partition(":")[0]


def sample(questions: Sequence[Question], limit: int) -> tuple[Question, ...]:
    """`limit` of the questions (0: all), chosen by a hash of their ids: the same ones each time."""
    if not 0 < limit < len(questions):
        return tuple(questions)
    ranked = sorted(questions, key=lambda q: hashlib.sha256(q.id.encode()).hexdigest())
    chosen = {question.id for question in ranked[:limit]}
    return tuple(question for question in questions if question.id in chosen)
