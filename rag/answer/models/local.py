"""A GGUF file in this process: no server, no key, nothing leaves the machine (extra "local")."""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answer.models.base import Fault
from rag.answer.models.chat import ChatWriter
from rag.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from rag.answer.models.gguf import GgufChat


def local_writer(path: Path, *, timeout: float) -> ChatWriter:
    """A writer over the model in a GGUF file, which is loaded with the first draft.

    Raises :class:`SettingsError` when the file is not there or not GGUF, or when the extra is not
    installed.
    """
    _check(path)
    model = _Loaded(path)
    return ChatWriter(
        label=lambda: f"local:{path.stem}",
        place=f"the local model {path.name}",
        local=True,
        make=model.chat,
        diagnose=lambda error: _diagnosed(error, path),
        timeout=timeout,
        release=model.unload,
        refused={"tools"},
    )


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read ({error.strerror}); correct FILINGS_LLM_GGUF or run "
            "`filings models pull NAME`"
        ) from error
    if magic != b"GGUF":
        raise SettingsError(f"{path}: not a GGUF file; run `filings models pull NAME` to get one")
    if importlib.util.find_spec("xllamacpp") is None:
        raise SettingsError(
            "a GGUF model needs llama.cpp, which is not installed; run: pip install 'filings-qa[local]'"
        )


class _Loaded:
    """The chat model of one file, made once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._chat: GgufChat | None = None
        self._making = threading.Lock()

    def chat(self) -> GgufChat:
        from rag.answer.models.gguf import GgufChat

        with self._making:
            if self._chat is None:
                self._chat = GgufChat(path=self._path)
            return self._chat

    def unload(self) -> None:
        if self._chat is not None:
            self._chat.unload()


def _diagnosed(error: Exception, path: Path) -> Fault:
    said = " ".join(str(error).split())[:160] or type(error).__name__
    if "context size" in said:
        return Fault(
            ModelError(
                f"the local model {path.name} finds the question and its evidence too long; "
                "lower FILINGS_CONTEXT_TOKENS"
            )
        )
    if "init server" in said:
        return Fault(
            ModelError(
                f"{path}: llama.cpp cannot load this model; fetch it again with "
                "`filings models pull NAME`, or take a smaller one"
            )
        )
    return Fault(ModelError(f"the local model {path.name} failed ({said}); try another GGUF file"))
