"""Embeddings from an OpenAI-compatible endpoint (OpenAI, DashScope, SiliconFlow, Ollama, vLLM …).

The key comes from OPENAI_API_KEY alone and is never stored or shown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from rag.embed.base import Floats, Progressed, encode_distinct, normalised, well_formed
from rag.errors import EmbeddingError

BATCH = 64
"""Texts in one request to begin with; halved for endpoints that take fewer (DashScope: 10)."""
TIMEOUT = 60.0
RETRIES = 3
"""After 429, 5xx, timeouts and lost connections; the client waits as the endpoint asks, else
longer each time."""
REMEDY = "check FILINGS_EMBEDDER and FILINGS_EMBEDDING_BASE_URL"
TOO_MUCH = (400, 413, 422)
"""Statuses by which endpoints refuse a request with too many texts."""


class EndpointEmbedder:
    """`model` at `base_url` (empty: OPENAI_BASE_URL, else OpenAI's own)."""

    def __init__(
        self, model: str, *, base_url: str = "", timeout: float = TIMEOUT, retries: int = RETRIES
    ) -> None:
        self.model = model
        self._base_url = base_url or os.environ.get("OPENAI_BASE_URL", "")
        self._timeout = timeout
        self._retries = retries
        self._batch = BATCH
        self._dimension = 0

    @property
    def fingerprint(self) -> str:
        """The model's name: an endpoint does not tell a revision."""
        return f"openai:{self.model}"

    @property
    def dimension(self) -> int:
        """Learnt from the first answer; asks for one when there was none yet."""
        if not self._dimension:
            self._request(["dimension"])
        return self._dimension

    def embed_query(self, text: str) -> list[float]:
        return [float(number) for number in self._request([well_formed(text)])[0]]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def encode(self, texts: Sequence[str], *, progress: Progressed | None = None) -> Floats:
        """Documents as an array [len(texts), dimension]."""
        dimension = self.dimension if texts else self._dimension  # nothing asked for nothing
        return encode_distinct(texts, self._documents, dimension=dimension, progress=progress)

    def _documents(self, texts: list[str]) -> Iterator[Floats]:
        start = 0
        while start < len(texts):
            batch = texts[start : start + self._batch]
            try:
                vectors = self._request(batch)
            except _Refused:
                if len(batch) == 1:
                    raise
                self._batch = len(batch) // 2
                continue
            start += len(batch)
            yield vectors

    def _request(self, texts: list[str]) -> Floats:
        import openai

        try:
            # "float": many compatible servers do not know the client's default, base64.
            response = self._client.embeddings.create(
                model=self.model,
                input=[text if text.strip() else "-" for text in texts],  # "" is refused by most
                encoding_format="float",
            )
        except openai.APIError as error:
            raise self._stated(error) from error
        except json.JSONDecodeError as error:
            raise EmbeddingError(f"{self._where} answered with broken JSON; {REMEDY}") from error
        return self._checked(response, len(texts))

    def _checked(self, response: Any, expected: int) -> Floats:
        """The vectors of an answer: endpoints that only look compatible say 200 to anything."""
        try:
            rows = [row.embedding for row in sorted(response.data, key=lambda row: row.index)]
            vectors = np.array(rows, np.float32)
        except (AttributeError, TypeError, ValueError) as error:
            raise EmbeddingError(f"{self._where} answered without embeddings; {REMEDY}") from error
        if vectors.ndim != 2 or len(vectors) != expected:
            raise EmbeddingError(
                f"{self._where} gave {len(rows)} vectors for {expected} texts; {REMEDY}"
            )
        self._dimension = self._dimension or vectors.shape[1]
        if vectors.shape[1] != self._dimension:
            raise EmbeddingError(
                f"{self._where} gave vectors of {vectors.shape[1]} numbers after {self._dimension}; "
                "it serves another model now: choose one and ingest again"
            )
        return normalised(vectors, source=self._where)

    @cached_property
    def _client(self) -> Any:
        import openai

        key = os.environ.get("OPENAI_API_KEY", "")
        if not key and not self._base_url:
            raise EmbeddingError(
                f"{self.fingerprint} needs a key; set OPENAI_API_KEY, or "
                "FILINGS_EMBEDDING_BASE_URL for a local server"
            )
        return openai.OpenAI(
            api_key=key or "none",  # local servers want none, the client wants something
            base_url=self._base_url or None,
            timeout=self._timeout,
            max_retries=self._retries,
        )

    @property
    def _where(self) -> str:
        return f"embedding endpoint {self._base_url or 'of OpenAI'} (model {self.model})"

    def _stated(self, error: Exception) -> EmbeddingError:
        """The client's error in one line with a remedy; what the endpoint said never names the key."""
        import openai

        match error:
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return EmbeddingError(f"{self._where} refuses the key; set OPENAI_API_KEY")
            case openai.RateLimitError():
                told = "is busy or the quota is used up; wait and run the command again"
            case openai.APITimeoutError():
                told = f"did not answer within {self._timeout:g} s; {REMEDY}, or try again later"
            case openai.APIConnectionError():
                told = f"cannot be reached; {REMEDY}"
            case openai.NotFoundError():
                told = f"does not know this model or path; {REMEDY}"
            case openai.APIStatusError() if error.status_code in TOO_MUCH:
                return _Refused(f"{self._where} refuses the text: {_line(error.message)}")
            case openai.APIStatusError() if error.status_code >= 500:
                told = f"failed with status {error.status_code}; try again later"
            case _:
                told = f"failed: {_line(str(error))}; {REMEDY}"
        return EmbeddingError(f"{self._where} {told}")


class _Refused(EmbeddingError):
    """The request was refused for what it holds: too many texts, or one too long."""


def _line(message: str) -> str:
    """The beginning of a message, on one line."""
    return " ".join(message.split())[:200]
