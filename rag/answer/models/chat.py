"""A writer over any LangChain chat model: time-outs, retries, tool calls, runaway drafts."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prompts import Message
from rag.answer.models.base import Cut, Fault, Noted, Tool
from rag.answer.models.tame import Runaway, Thoughts
from rag.answer.models.turns import as_langchain, finish_reason, merged, results, schema
from rag.answer.models.watch import Silence, watched
from rag.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

_TOOL_ROUNDS = 3
"""Rounds of tool calls before the model must answer in words."""
_TOTAL = 5
"""A whole draft may take this many times the patience for one piece."""
_LONGEST_WAIT = 30.0
"""Seconds: an endpoint that asks for more is reported instead of waited for."""
_FIRST_WAIT = 0.5
"""Seconds before the second try; doubled for each further one."""

Reply = Generator[str, None, "AIMessageChunk | None"]
"""Yields the visible text, returns the whole message."""


@dataclass(frozen=True, slots=True)
class _Request:
    turns: tuple[BaseMessage, ...]
    max_tokens: int
    tools: tuple[Tool, ...]


@dataclass(frozen=True)
class ChatWriter:
    """Drives the chat model that `make` gives and turns its failures into stated errors.

    `diagnose` knows the vendor's exceptions, `place` is what the errors call the model. `timeout`
    is the patience in seconds for the first piece and between pieces; `pause` waits between tries.
    """

    label: Callable[[], str]
    place: str
    local: bool
    make: Callable[[], BaseChatModel]
    diagnose: Callable[[Exception], Fault]
    timeout: float
    release: Callable[[], None] = lambda: None
    pause: Callable[[float], None] = time.sleep
    refused: set[str] = field(default_factory=set, repr=False)
    """Request parameters that the model does not take: found out once, then left out."""

    @property
    def name(self) -> str:
        """Who writes, as the answer tells it."""
        return self.label()

    def close(self) -> None:
        """Give back connections and memory."""
        self.release()

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 512,
        tools: Sequence[Tool] = (),
        noted: Noted | None = None,
    ) -> Iterator[str]:
        """See :meth:`rag.answer.models.base.Writer.stream`."""
        tell = noted or (lambda _: None)
        turns = as_langchain(messages)
        for left in reversed(range(_TOOL_ROUNDS + 1)):
            request = _Request(tuple(turns), max_tokens, tuple(tools) if left else ())
            reply = yield from self._persistently(request, tell)
            if reply is None or not reply.tool_call_chunks:
                return
            if str(reply.text).strip():
                yield "\n"  # what it said before its call is no part of what follows
            turns = [*turns, reply, *results(reply, tools)]
        raise ModelError(f"{self.place} only called tools and wrote nothing; use another model")

    def _persistently(self, request: _Request, tell: Noted) -> Reply:
        """One reply, tried again where that may help; never once text has been shown."""
        tries = 0
        while True:
            shown: list[str] = []
            try:
                return (yield from self._once(request, shown, tell))
            except ModelError:
                raise
            except Exception as error:
                fault = self._fault(error)
                if fault.unsupported and fault.unsupported not in self.refused:
                    self.refused.add(fault.unsupported)
                    continue
                wait = _FIRST_WAIT * 2**tries if fault.wait is None else fault.wait
                if shown or tries >= fault.retries or wait > _LONGEST_WAIT:
                    raise fault.error from error
            tries += 1
            tell(f"{self.place}: no answer yet, trying again in {wait:g} s")
            self.pause(wait)

    def _once(self, request: _Request, shown: list[str], tell: Noted) -> Reply:
        thoughts, runaway = Thoughts(), Runaway(request.max_tokens)
        chunks: list[AIMessageChunk] = []
        chat = self.make()  # loading a library or a model is not the model being slow
        pieces = watched(
            lambda: self._chunks(chat, request), timeout=self.timeout, total=self.timeout * _TOTAL
        )
        for chunk in pieces:
            chunks.append(chunk)
            text = str(chunk.text)
            if seen := thoughts.visible(text):
                shown.append(seen)
                yield seen
            if why := runaway.reason(text):
                tell(f"{self.place}: the draft was cut because {why}")
                return None
        if rest := thoughts.rest():
            shown.append(rest)
            yield rest
        return self._finished(chunks, shown, tell)

    def _chunks(self, chat: BaseChatModel, request: _Request) -> Iterator[AIMessageChunk]:
        """The model's own stream; runs in the thread of `watched`, hidden from any tracer."""
        from langsmith import tracing_context

        options: dict[str, Any] = {"max_tokens": request.max_tokens, "temperature": 0.0}
        if request.tools:
            options["tools"] = [schema(tool) for tool in request.tools]
        taken = {name: value for name, value in options.items() if name not in self.refused}
        with tracing_context(enabled=False):
            yield from chat.stream(list(request.turns), **taken)

    def _finished(
        self, chunks: Sequence[AIMessageChunk], shown: Sequence[str], tell: Noted
    ) -> AIMessageChunk | None:
        """The whole reply, once it is sure that the model ended it by itself."""
        reason = finish_reason(chunks)
        if not reason:
            raise Cut
        if reason == "content_filter":
            raise ModelError(f"{self.place} withheld its answer (content filter); ask otherwise")
        reply = merged(chunks)
        called = reply is not None and reply.tool_call_chunks
        if not called and not "".join(shown).strip():
            raise ModelError(
                f"{self.place} wrote no answer (finish reason {reason}); "
                "turn off its reasoning or use another model"
            )
        if reason == "length":
            tell(f"{self.place}: the draft reached its limit of tokens and ends early")
        return reply

    def _fault(self, error: Exception) -> Fault:
        if isinstance(error, Silence):
            when = "went silent for" if error.begun else "gave no first word within"
            return Fault(
                ModelError(
                    f"{self.place} {when} {error.seconds:g} s; use a smaller model or raise "
                    "FILINGS_MODEL_TIMEOUT"
                )
            )
        if isinstance(error, Cut):
            return Fault(
                ModelError(f"{self.place} cut its answer off in the middle; ask again"), retries=1
            )
        return self.diagnose(error)
