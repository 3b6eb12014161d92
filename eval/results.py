"""What a system gave for a question, in the terms of the contract's JSON, and how it is scored.

Nothing here knows `rag`: an HTTP endpoint, a callable or another framework fills the same records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import Any

from rag.errors import FilingsError


class SystemFailure(FilingsError):
    """A system under test that broke or talked nonsense."""


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved text: where it stands (file name, printed page labels) and what it says."""

    source: str
    text: str
    pages: tuple[str | None, ...] = ()
    rank: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation. `passage` is the text that it points into, `passage_page` the page on which that
    text itself says the quote stands; both None where the system does not tell. (The contract's
    JSON has a passage's id, not its text, so an endpoint's citations are held against its hits.)"""

    n: int
    source: str
    page: str | None
    quote: str
    passage: str | None = None
    passage_page: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A system's own verdict on one figure of its answer."""

    claim: str
    verdict: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as given. `tokens` maps "prompt" and "completion" to counts where they are known."""

    text: str
    status: str
    citations: tuple[Cited, ...] = ()
    checks: tuple[Checked, ...] = ()
    model: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return self.status == "not_found"


@dataclass(frozen=True, slots=True)
class Result:
    """All that one question brought: the hits, best first, and the answer (None: not asked for).

    `seconds` holds wall-clock times ("search", "answer") as measured by the runner, `error` the
    one line of a system that failed on this question.
    """

    question_id: str
    hits: tuple[Found, ...] = ()
    given: Given | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """`value` (None: unscored, the metric says nothing here), what was looked at, and why."""

    value: float | None
    answer: str = ""
    explanation: str = ""


UNSCORED = Score(None)


def given_from_json(raw: Mapping[str, Any]) -> Given:
    """An answer from the JSON of `filings ask --json`; SystemFailure where it does not fit."""
    try:
        return Given(
            text=raw["text"],
            status=raw["status"],
            citations=tuple(_cited(value) for value in raw.get("citations", ())),
            checks=tuple(
                Checked(value["claim"], value["verdict"], value.get("n"))
                for value in raw.get("checks", ())
            ),
            model=raw.get("model", ""),
            timings_ms=dict(raw.get("timings_ms", {})),
            tokens=dict(raw.get("tokens", {})),
        )
    except (KeyError, TypeError) as error:
        raise SystemFailure(f"answer does not fit the contract's JSON ({error!r})") from error


def found_from_json(raw: Mapping[str, Any], rank: int) -> Found:
    """A hit from the JSON of `filings search --json`; SystemFailure where it does not fit."""
    try:
        pages = raw.get("pages") or [raw.get("page")]
        return Found(
            source=PurePath(raw["source"]).name,
            text=raw["text"],
            pages=tuple(None if page is None else str(page) for page in pages),
            rank=raw.get("rank", rank),
            title=raw.get("title", ""),
        )
    except (KeyError, TypeError) as error:
        raise SystemFailure(f"hit does not fit the contract's JSON ({error!r})") from error


def _cited(raw: Mapping[str, Any]) -> Cited:
    page = raw.get("page")
    return Cited(
        n=raw["n"],
        source=PurePath(raw["source"]).name,
        page=None if page is None else str(page),
        quote=raw["quote"],
        passage=raw.get("passage_text"),
        passage_page=raw.get("passage_page"),
        title=raw.get("title", ""),
    )


def result_to_json(result: Result) -> dict[str, Any]:
    """A plain dictionary, the reverse of :func:`result_from_json`."""
    raw = asdict(result)
    if result.given is not None:
        raw["given"] = given_to_json(result.given)
    return raw


def given_to_json(given: Given) -> dict[str, Any]:
    """A plain dictionary, the reverse of :func:`given_from_json`."""
    raw = asdict(given)
    for citation in raw["citations"]:
        citation["passage_text"] = citation.pop("passage")
    return raw


def result_from_json(raw: Mapping[str, Any]) -> Result:
    """A result as :func:`result_to_json` wrote it."""
    return Result(
        question_id=raw["question_id"],
        hits=tuple(found_from_json(hit, i) for i, hit in enumerate(raw["hits"], 1)),
        given=given_from_json(raw["given"]) if raw["given"] else None,
        seconds=dict(raw["seconds"]),
        error=raw["error"],
        repeat=raw["repeat"],
    )
