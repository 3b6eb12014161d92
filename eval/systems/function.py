"""Any Python callable as a system: "module:function", called as function(question, history).

It returns the contract's JSON of `filings ask` as a dictionary; with a key "hits" (the JSON of
`filings search`) its retrieval is scored too.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eval.questions import Question
from eval.results import Found, Given, SystemFailure, found_from_json, given_from_json
from eval.systems.base import Step

Ask = Callable[[str, Sequence[tuple[str, str]]], Mapping[str, Any]]


class JsonSystem:
    """A system that is one call from question to the contract's JSON.

    Search and answer of one question are asked for in one thread, search first, so one call
    serves both. Nothing is cached: only the callable knows what its answers depend on.
    """

    answers = True
    sources: frozenset[str] | None = None

    def __init__(self, name: str, ask: Ask, *, workers: int = 1) -> None:
        self.name, self.workers = name, workers
        self._ask = ask
        self._last = threading.local()

    def search(self, question: Question, k: int) -> tuple[Found, ...]:
        raw = self._ask(question.question, question.history)
        self._last.raw = (question.id, raw)
        hits = raw.get("hits", ())
        return tuple(found_from_json(hit, i) for i, hit in enumerate(hits[:k], 1))

    def answer(self, question: Question) -> Given:
        asked, raw = getattr(self._last, "raw", ("", {}))
        self._last.raw = ("", {})
        return given_from_json(
            raw if asked == question.id else self._ask(question.question, question.history)
        )

    def depends_on(self, question: Question, step: Step) -> Mapping[str, str]:
        return {}

    def describe(self) -> Mapping[str, Any]:
        return {"callable": self.name}

    def close(self) -> None:
        return None


def function_system(target: str) -> JsonSystem:
    """The system for "module:function"; SystemFailure when there is no such callable."""
    module, _, name = target.partition(":")
    try:
        function = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SystemFailure(
            f"{target}: cannot be imported ({error}); give --system module:function"
        ) from error
    return JsonSystem(target, _stated(target, function))


def _stated(target: str, function: Ask) -> Ask:
    """`function` with whatever it raises turned into one stated line."""

    def ask(question: str, history: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
        try:
            raw = function(question, history)
        except Exception as error:
            raise SystemFailure(f"{target} raised {type(error).__name__}: {error}") from error
        if not isinstance(raw, Mapping):
            raise SystemFailure(f"{target} returned {type(raw).__name__}, not a dictionary")
        return raw

    return ask
