"""What the frameworks' default pipelines share here: plain text in, the same embedder and model.

They differ from filings-qa in how they cut, find and prompt, and in nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cache import key_of
from eval.provenance import code_hash
from eval.questions import Question
from eval.results import Found, Given
from eval.systems.base import Step
from rag.embed import Embedder, make_embedder
from rag.settings import Settings

REFUSALS = re.compile(
    r"don'?t know|do(?:es)? not (?:know|mention|provide|contain|state|specify)|not (?:mentioned|provided|specified)"
    r"|no information|cannot (?:be )?(?:determined?|find|answer)|不知道|没有(?:提供|提及|提到|说明|披露)"
    r"|未(?:提供|提及|提到|说明|披露)|无法(?:确定|回答|得知)",
    re.IGNORECASE,
)
"""How a model says that it does not know; a default pipeline has no status of its own."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of plain text and where it comes from; `page` as the loader gives it."""

    source: str
    page: str | None
    text: str


def plain_texts(documents: Sequence[Path]) -> Iterator[Text]:
    """The files below `documents` as such pipelines read them: a text file whole, without page
    labels; other formats page by page."""
    from eval.pages import page_text
    from rag.load.decode import read_text
    from rag.load.files import discover, load

    paths, _ = discover(documents)
    for path in paths:
        if path.suffix.lower() in (".txt", ".text", ".md"):
            yield Text(path.name, None, read_text(path))
        else:
            for page in load(path).pages:
                yield Text(path.name, page.label, page_text(page))


class Framework:
    """A default pipeline: `retrieve` finds chunks, `prompt` makes the model's message of them."""

    workers = 1
    name = "framework"
    top_k = 4
    """Chunks that the default pipeline shows to the model."""

    def __init__(self, settings: Settings, documents: Sequence[Path], work: Path) -> None:
        from rag.answer.models import make_writer

        self._settings, self._documents = settings, documents
        self._writer = make_writer(
            provider=settings.provider,
            model=settings.model,
            base_url=settings.base_url,
            llm_gguf=settings.llm_gguf,
            timeout=settings.model_timeout,
        )
        self.answers = self._writer is not None
        self.embedder: Embedder = make_embedder(
            settings.embedder, base_url=settings.embedding_base_url
        )
        self.sources: frozenset[str] | None = frozenset(_sources(documents))
        self._on = {
            "documents": _fingerprint(documents),
            "embedder": settings.embedder,
            "versions": self.versions(),
            "code": code_hash(("eval/systems", "rag/embed", "rag/load")),
        }
        self._folder = work / f"{type(self).__name__.lower()}-{key_of(self._on)[:16]}"
        self.open(self._folder)

    def versions(self) -> str:
        """The framework's packages with their versions."""
        raise NotImplementedError

    def open(self, folder: Path) -> None:
        """Open the index in `folder`, making it if it is not complete."""
        raise NotImplementedError

    def retrieve(self, question: str, k: int) -> list[Found]:
        """The k best chunks, best first."""
        raise NotImplementedError

    def prompt(self, question: str, context: str) -> str:
        """The framework's own question-answering prompt."""
        raise NotImplementedError

    def search(self, question: Question, k: int) -> tuple[Found, ...]:
        return tuple(self.retrieve(question.question, k))

    def answer(self, question: Question) -> Given:
        from prompts import Message

        assert self._writer is not None
        context = "\n\n".join(hit.text for hit in self.retrieve(question.question, self.top_k))
        turns = [
            message
            for asked, told in question.history
            for message in (Message("user", asked), Message("assistant", told))
        ]
        messages = [*turns, Message("user", self.prompt(question.question, context))]
        text = "".join(self._writer.stream(messages)).strip()
        status = "not_found" if REFUSALS.search(text) else "answered"
        return Given(text, status, model=self._writer.name)

    def depends_on(self, question: Question, step: Step) -> Mapping[str, str]:
        if step == "search":
            return self._on
        model = self._writer.name if self._writer else ""
        return self._on | {"model": model, "base_url": self._settings.base_url}

    def describe(self) -> Mapping[str, Any]:
        return {"index": self._on, "top_k": self.top_k, "model": self._writer and self._writer.name}

    def close(self) -> None:
        if self._writer:
            self._writer.close()


def built_once(folder: Path, build: Callable[[], None]) -> None:
    """Call `build` unless an earlier call finished for `folder`; a killed one starts again."""
    import shutil

    done = folder / "complete"
    if done.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build()
    done.touch()


def _sources(documents: Sequence[Path]) -> list[str]:
    from rag.load.files import discover

    return [path.name for path in discover(documents)[0]]


def _fingerprint(documents: Sequence[Path]) -> str:
    from rag.load.files import content_id, discover

    return key_of({"files": sorted(content_id(path) for path in discover(documents)[0])})[:16]
