"""Question sets: JSON Lines in the contract's format, read into frozen dataclasses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import FilingsError

Type = str
TYPES: tuple[Type, ...] = (
    "lookup", "table", "multi", "calc", "compare", "list", "reason", "yesno", "unanswerable",
)  # fmt: skip
SPLITS = ("dev", "test")
LANGUAGES = ("zh", "en")
DEFAULT_FOLDER = Path("data/qa")


class QuestionSetError(FilingsError):
    """A question set that cannot be read: names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place that states what the answer needs.

    `source` is the file's name, `page` its printed label (None where the file has none). Either
    `figures`, as printed there, or a short `quote` tells which span of the page is meant.
    """

    source: str
    page: str | None
    figures: tuple[str, ...] = ()
    quote: str = ""

    @property
    def spans(self) -> tuple[str, ...]:
        """What must be read for this evidence to count as seen."""
        return self.figures or (self.quote,)


@dataclass(frozen=True, slots=True)
class Question:
    """One question with all that is needed to judge an answer to it.

    `must`: groups of accepted alternatives, every group needed. `must_not`: what makes an answer
    wrong. `near`: for an unanswerable question the places that almost answer it. `origin` says
    which file and line it came from.
    """

    id: str
    question: str
    lang: str
    type: Type
    answer: str
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    history: tuple[tuple[str, str], ...] = ()
    split: str = "dev"
    near: tuple[Evidence, ...] = ()
    tags: tuple[str, ...] = ()
    origin: str = field(default="", compare=False)

    @property
    def answerable(self) -> bool:
        return self.type != "unanswerable"

    @property
    def document(self) -> str:
        """The file it is about (its first evidence, else its near miss, else its own id)."""
        places = self.evidence or self.near
        return places[0].source if places else f"({self.id})"


def load_questions(files: Sequence[Path] = (), split: str = "all") -> tuple[Question, ...]:
    """Read JSON Lines files (by default all of `data/qa`), keeping one `split` ("all": every one).

    Drafts (lines with "draft": true) are left out. Raises QuestionSetError for a line that does
    not fit the format, and when no question is left.
    """
    paths = list(files) or sorted(DEFAULT_FOLDER.glob("*.jsonl"))
    if not paths:
        raise QuestionSetError(
            f"{DEFAULT_FOLDER}: no *.jsonl question set; name one with --questions"
        )
    questions = [question for path in paths for question in read_file(path)]
    _refuse_double_ids(questions)
    kept = tuple(q for q in questions if split in ("all", q.split))
    if not kept:
        raise QuestionSetError(
            f"no question of split {split!r} in {len(paths)} file(s); try --split all"
        )
    return kept


def read_file(path: Path) -> list[Question]:
    """The finished questions of one file; drafts are left out."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise QuestionSetError(
            f"{path}: no question source {path.suffix!r}; use {', '.join(READERS)}"
        )
    try:
        records = list(reader(path))
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{path}: cannot be read ({error}); check the path") from error
    return [
        question_from_json(raw, f"{path.name}:{number}")
        for number, raw in records
        if not raw.get("draft")
    ]


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, JSON object) of each line that is not blank."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            yield number, _parse(line, f"{path}:{number}")


READERS: Mapping[str, Callable[[Path], Iterable[tuple[int, dict[str, Any]]]]] = {
    ".jsonl": read_json_lines,
}
"""Question sources by extension: each gives (line or row, the contract's JSON object)."""


def question_from_json(raw: Mapping[str, Any], where: str = "") -> Question:
    """A question from its JSON object; QuestionSetError names what is missing or malformed."""
    for name in ("id", "question", "lang", "type", "answer"):
        if not isinstance(raw.get(name), str) or (not raw[name] and name != "answer"):
            raise QuestionSetError(f"{where}: {name!r} is missing or no text; add it")
    if raw["type"] not in TYPES:
        raise QuestionSetError(f"{where}: type {raw['type']!r} is unknown; use {', '.join(TYPES)}")
    try:
        return Question(
            **{name: raw[name] for name in ("id", "question", "lang", "type", "answer")},
            must=tuple(_texts(group) for group in raw.get("must", ())),
            must_not=_texts(raw.get("must_not", ())),
            evidence=_places(raw.get("evidence", ())),
            history=tuple((str(asked), str(told)) for asked, told in raw.get("history", ())),
            split=raw.get("split", "dev"),
            near=_places(raw.get("near", ())),
            tags=_texts(raw.get("tags", ())),
            origin=where,
        )
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise QuestionSetError(
            f"{where}: {raw['id']}: malformed ({error}); see data/qa/README.md"
        ) from error


def _parse(line: str, where: str) -> dict[str, Any]:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionSetError(f"{where}: not JSON ({error.msg}); correct that line") from error
    if not isinstance(raw, dict):
        raise QuestionSetError(f"{where}: not a JSON object; one question a line")
    return raw


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError(f"{values!r} should be a list")
    return tuple(str(value) for value in values)


def _places(values: Iterable[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    if isinstance(values, Mapping):
        values = [values]
    return tuple(
        Evidence(
            source=Path(value["source"]).name,
            page=None if value.get("page") is None else str(value["page"]),
            figures=_texts(value.get("figures", ())),
            quote=value.get("quote", ""),
        )
        for value in values
    )


def _refuse_double_ids(questions: Iterable[Question]) -> None:
    seen: dict[str, str] = {}
    for question in questions:
        if question.id in seen:
            raise QuestionSetError(
                f"{question.origin}: id {question.id!r} is also at {seen[question.id]}; rename one"
            )
        seen[question.id] = question.origin
