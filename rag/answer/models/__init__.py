"""Who writes the draft: one factory, one module a provider, None for nobody (extractive answers)."""

from __future__ import annotations

import os
from pathlib import Path

from rag.answer.models.base import Noted, Tool, Writer
from rag.errors import SettingsError

__all__ = ["Noted", "Tool", "Writer", "make_writer"]


def make_writer(
    *, provider: str, model: str, base_url: str, llm_gguf: str, timeout: float
) -> Writer | None:
    """The writer that the settings ask for; None: answers are extractive.

    "auto" takes the first that is set up: an endpoint (OPENAI_API_KEY or `base_url`), a GGUF file,
    nobody. The key comes from the environment alone. Nothing is loaded or sent here; what cannot
    work is a :class:`SettingsError`, never a silent step down. `timeout` is in seconds.
    """
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if timeout <= 0:
        raise SettingsError(f"model_timeout is {timeout:g}; give seconds above 0")
    if provider == "auto":
        provider = "openai" if key or base_url else "local" if llm_gguf else "extractive"
    if provider == "openai":
        from rag.answer.models.openai import openai_writer

        return openai_writer(model=model, base_url=base_url, key=key, timeout=timeout)
    if provider == "local":
        if not llm_gguf:
            raise SettingsError(
                "provider is 'local' but no model is named; set FILINGS_LLM_GGUF to a GGUF file, "
                "or run `filings models pull NAME`"
            )
        from rag.answer.models.local import local_writer

        return local_writer(Path(llm_gguf).expanduser(), timeout=timeout)
    if provider == "extractive":
        return None
    raise SettingsError(f"provider is {provider!r}; use auto, openai, local or extractive")
