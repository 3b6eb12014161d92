"""What every embedder promises.

`embed_documents` and `embed_query` are LangChain's `Embeddings` interface, so an embedder can be
handed to anything that takes one; `encode` gives the same vectors as an array and tells how far it
is. Vectors are float32 of length 1: the dot product is the cosine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from rag.errors import EmbeddingError

Floats = npt.NDArray[np.float32]
Progressed = Callable[[int], None]
"""Called with the number of texts done so far."""


class Embedder(Protocol):
    """Turns texts into vectors; documents and queries may be prepared differently."""

    @property
    def fingerprint(self) -> str:
        """Model, revision and quantisation: vectors of unequal fingerprints must not be mixed."""

    @property
    def dimension(self) -> int:
        """The length of every vector."""

    def encode(self, texts: Sequence[str], *, progress: Progressed | None = None) -> Floats:
        """Documents as an array [len(texts), dimension]; equal texts are computed once."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Documents as lists."""

    def embed_query(self, text: str) -> list[float]:
        """One query."""


def encode_distinct(
    texts: Sequence[str],
    vectors_of: Callable[[list[str]], Iterable[Floats]],
    *,
    dimension: int,
    progress: Progressed | None = None,
) -> Floats:
    """Embed every distinct text once, longest first, and give equal texts the same vector.

    `vectors_of` takes the distinct texts and yields arrays [n, dimension] that follow each other;
    `progress` counts all texts, repeats included, and ends at `len(texts)`.
    """
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(well_formed(text), []).append(place)
    distinct = sorted(places, key=len, reverse=True)
    result = np.zeros((len(texts), dimension), np.float32)
    computed = done = 0
    for batch in vectors_of(distinct) if distinct else ():
        for text, vector in zip(distinct[computed:], batch, strict=False):
            result[places[text]] = vector
            done += len(places[text])
        computed += len(batch)
        if progress is not None:
            progress(done)
    return result


def well_formed(text: str) -> str:
    """The text without lone surrogates and NUL, which neither tokenizers nor JSON take."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


def normalised(vectors: npt.NDArray[np.generic], *, source: str) -> Floats:
    """Vectors [n, dimension] scaled to length 1; :class:`EmbeddingError` for one that cannot be."""
    array = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths == 0).any():
        raise EmbeddingError(f"{source} gave a vector of zeros or of no numbers; try another model")
    scaled: Floats = array / lengths
    return scaled
