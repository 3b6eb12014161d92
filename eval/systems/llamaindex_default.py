"""LlamaIndex's plain pipeline: VectorStoreIndex with its default SentenceSplitter (1024/200)."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.results import Found, SystemFailure
from eval.systems.framework import Framework, built_once, plain_texts
from rag.embed import Embedder


class LlamaIndexDefault(Framework):
    """What `VectorStoreIndex.from_documents` and its query engine give, same embedder and model."""

    name = "LlamaIndex default"
    top_k = 2

    def versions(self) -> str:
        try:
            return f"llama-index-core {version('llama-index-core')}"
        except ImportError as error:
            raise SystemFailure(
                "llama-index-core is missing; pip install 'filings-qa[compare]'"
            ) from error

    def open(self, folder: Path) -> None:
        from llama_index.core import StorageContext, load_index_from_storage

        embedding = _adapter(self.embedder)
        built_once(folder, lambda: self._build(folder, embedding))
        storage = StorageContext.from_defaults(persist_dir=str(folder))
        self._index: Any = load_index_from_storage(storage, embed_model=embedding)

    def retrieve(self, question: str, k: int) -> list[Found]:
        nodes = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [
            Found(n.metadata["source"], n.get_content(), (n.metadata.get("page"),), rank)
            for rank, n in enumerate(nodes, 1)
        ]

    def prompt(self, question: str, context: str) -> str:
        from llama_index.core.prompts.default_prompts import DEFAULT_TEXT_QA_PROMPT

        return str(DEFAULT_TEXT_QA_PROMPT.format(context_str=context, query_str=question))

    def _build(self, folder: Path, embedding: Any) -> None:
        from llama_index.core import Document, VectorStoreIndex

        documents = [
            Document(text=piece.text, metadata={"source": piece.source, "page": piece.page})
            for piece in plain_texts(self._documents)
        ]
        index = VectorStoreIndex.from_documents(documents, embed_model=embedding)
        index.storage_context.persist(persist_dir=str(folder))


def _adapter(embedder: Embedder) -> Any:
    from llama_index.core.embeddings import BaseEmbedding

    class Adapter(BaseEmbedding):  # type: ignore[misc]  # untyped where the extra is absent
        def _get_text_embedding(self, text: str) -> list[float]:
            return embedder.embed_documents([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return embedder.embed_documents(texts)

        def _get_query_embedding(self, query: str) -> list[float]:
            return embedder.embed_query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return embedder.embed_query(query)

    return Adapter(embed_batch_size=256)
