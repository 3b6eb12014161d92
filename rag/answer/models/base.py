"""What the answering step knows of a language model: messages in, pieces of text out.

A :class:`Writer` hides who writes (a hosted endpoint, a server on this machine, a GGUF file in this
process). Whatever goes wrong with a model reaches the caller as one :class:`rag.errors.ModelError`
whose line can be shown as it is; the caller then answers without the model and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from prompts import Message
from rag.errors import ModelError

Noted = Callable[[str], None]
"""Takes plain words for the user: a retry under way, a draft that had to be cut."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call: `parameters` is its JSON schema.

    `run` gets the decoded arguments and returns what the model reads; a `ValueError` from it is
    told to the model as the reason, so that it can call again with better arguments.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    run: Callable[[Mapping[str, Any]], str]


class Writer(Protocol):
    """A language model that writes drafts."""

    @property
    def name(self) -> str:
        """Who wrote, for the answer's `model`: "openai:NAME" or "local:FILE"."""

    @property
    def local(self) -> bool:
        """Whether it runs on this machine: short evidence then, and nothing leaves the machine."""

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        tools: Sequence[Tool] = (),
        noted: Noted | None = None,
    ) -> Iterator[str]:
        """The draft, piece by piece; raises :class:`ModelError`, also after the first pieces.

        Reasoning ("<think>…</think>") is left out. A draft that does not end is cut, and `noted`
        told so. Tools are run between the model's turns; a model without tools ignores them.
        """

    def close(self) -> None:
        """Give back connections and memory; the writer is not used afterwards."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure, diagnosed: what to tell, whether trying again may help, and after how long."""

    error: ModelError
    retries: int = 0
    """How many further tries are worth it."""
    wait: float | None = None
    """Seconds that the endpoint asked us to wait (Retry-After)."""
    unsupported: str = ""
    """The request parameter that the endpoint does not take; the request works without it."""


class Cut(Exception):
    """A stream ended without saying that the draft was finished."""
