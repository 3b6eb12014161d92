"""A GGUF file as a LangChain chat model: llama.cpp in this process, through `xllamacpp`.

llama.cpp answers through a server object, which also listens on a random loopback port. That port
takes a key made at random for this process, so that nobody else on the machine can use it.
"""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

Handed = Mapping[str, Any] | Exception | None
"""From llama.cpp's thread: a piece of the reply, what went wrong, or None at the end."""


class GgufError(RuntimeError):
    """llama.cpp's own words for what it could not do."""


class GgufChat(BaseChatModel):
    """Chat with the model in a GGUF file; loaded at the first question, one question at a time."""

    path: Path
    context: int = 8192
    """Tokens of prompt and draft together."""
    _loading: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self) -> str:
        return "gguf"

    @cached_property
    def _server(self) -> Any:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self.path)
        params.n_ctx = self.context
        params.n_parallel = 1
        params.verbosity = 0
        params.enable_reasoning = 0
        params.ui = False
        params.api_keys = [secrets.token_urlsafe(32)]
        return xllamacpp.Server(params)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        request: dict[str, Any] = {
            "messages": convert_to_openai_messages(messages),
            "stream": True,
        }
        request |= {name: kwargs[name] for name in ("max_tokens", "temperature") if name in kwargs}
        if stop:
            request["stop"] = stop
        for piece in _handed(self._loaded(), request):
            chunk = _chunk(piece)
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _loaded(self) -> Any:
        with self._loading:
            return self._server

    def unload(self) -> None:
        """Give the model's memory back; the next question loads it again."""
        with self._loading:
            self.__dict__.pop("_server", None)


def _handed(server: Any, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The pieces of a reply as llama.cpp makes them; it stops when the caller does."""
    pieces: queue.Queue[Handed] = queue.Queue()
    stopped = threading.Event()
    worker = threading.Thread(
        target=_answer, args=(server, request, pieces, stopped), name="filings-gguf", daemon=True
    )
    worker.start()
    try:
        while (piece := pieces.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        stopped.set()


def _answer(
    server: Any,
    request: Mapping[str, Any],
    pieces: queue.Queue[Handed],
    stopped: threading.Event,
) -> None:
    def take(piece: Mapping[str, Any]) -> bool:
        pieces.put(piece)
        return stopped.is_set()  # true makes llama.cpp stop

    try:
        handle: Callable[..., Any] = server.handle_chat_completions
        handle(dict(request), take)
        pieces.put(None)
    except Exception as error:  # noqa: BLE001 - handed over and raised in the reader's thread
        pieces.put(error)


def _chunk(piece: Mapping[str, Any]) -> ChatGenerationChunk:
    if "choices" not in piece:
        error = piece.get("error", piece)
        raise GgufError(str(error.get("message", error) if isinstance(error, Mapping) else error))
    choice = piece["choices"][0] if piece["choices"] else {}
    reason = choice.get("finish_reason")
    message = AIMessageChunk(
        content=choice.get("delta", {}).get("content") or "",
        response_metadata={"finish_reason": reason} if reason else {},
    )
    return ChatGenerationChunk(message=message)
