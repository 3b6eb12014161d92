"""Any sentence-transformers model, by name or folder, on CUDA or MPS where there is one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.embed.base import Floats, Progressed, encode_distinct, normalised, well_formed
from rag.embed.cores import physical_cores
from rag.errors import EmbeddingError

STEP = 256
"""Texts between two reports of progress; within them the library batches by length."""
BATCH = {"cuda": 128, "mps": 64, "cpu": 16}

E5_PROMPTS = {"query": "query: ", "document": "passage: "}
E5_INSTRUCT_PROMPTS = {
    "query": "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
    "document": "",
}


class SentenceEmbedder:
    """A model with its own prompts; e5 models, which come without, get those they were trained with."""

    def __init__(self, name: str, *, device: str | None = None) -> None:
        self.name = name
        self._device = device

    @cached_property
    def fingerprint(self) -> str:
        """The name and the revision from the hub, or for a folder a digest of what is in it."""
        folder = Path(self.name)
        if folder.is_dir():
            return f"{folder.name}@{_folder_digest(folder)}"
        revision = getattr(self._model[0].auto_model.config, "_commit_hash", None)
        return f"{self.name}@{(revision or 'unknown')[:12]}"

    @cached_property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    def embed_query(self, text: str) -> list[float]:
        vectors = self._model.encode_query([well_formed(text)], show_progress_bar=False)
        return [float(number) for number in normalised(vectors, source=self.name)[0]]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def encode(self, texts: Sequence[str], *, progress: Progressed | None = None) -> Floats:
        """Documents as an array [len(texts), dimension]."""
        return encode_distinct(texts, self._documents, dimension=self.dimension, progress=progress)

    def _documents(self, texts: list[str]) -> Iterator[Floats]:
        batch = BATCH.get(self._model.device.type, BATCH["cpu"])
        for start in range(0, len(texts), STEP):
            vectors = self._model.encode_document(
                texts[start : start + STEP], batch_size=batch, show_progress_bar=False
            )
            yield normalised(vectors, source=self.name)

    @cached_property
    def _model(self) -> Any:
        import torch

        model = _load(self.name, self._device)
        if model.device.type == "cpu":
            torch.set_num_threads(physical_cores())
        if not any(model.prompts.values()):
            model.prompts |= prompts_for(self.name)
        return model


def prompts_for(name: str) -> dict[str, str]:
    """The prompts of e5-family models, told by the name; none for others."""
    last = Path(name).name.lower()
    if not re.search(r"(^|[-_])e5([-_]|$)", last):
        return {}
    return E5_INSTRUCT_PROMPTS if re.search("instruct|mistral", last) else E5_PROMPTS


def _load(name: str, device: str | None) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        try:
            # What is there already needs no network, and no wait for one that is not there.
            return SentenceTransformer(name, device=device, local_files_only=True)
        except OSError:
            return SentenceTransformer(name, device=device)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EmbeddingError(
            f"embedding model {name!r} cannot be loaded ({reason}); check the name and the network, or give a folder"
        ) from error


def _folder_digest(folder: Path) -> str:
    """Of the names and sizes of all files, and the contents of the small ones and both ends of the weights."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 20))
            file.seek(max(0, size - (1 << 20)))
            digest.update(file.read())
    return digest.hexdigest()[:12]
