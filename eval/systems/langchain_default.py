"""LangChain's default pipeline: RecursiveCharacterTextSplitter 500/100, Chroma, stuffed prompt."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from eval.results import Found, SystemFailure
from eval.systems.framework import Framework, built_once, plain_texts

CHUNK, OVERLAP = 500, 100
BATCH = 1000
PROMPT = (
    "You are an assistant for question-answering tasks. Use the following pieces of retrieved context "
    "to answer the question. If you don't know the answer, just say that you don't know. Use three "
    "sentences maximum and keep the answer concise.\nQuestion: {question}\nContext: {context}\nAnswer:"
)
"""The prompt of LangChain's own retrieval tutorial (hub: rlm/rag-prompt)."""


class LangChainDefault(Framework):
    """What a reader of the LangChain tutorial gets, over the same embedder and model."""

    name = "LangChain default"
    top_k = 4

    def versions(self) -> str:
        names = ("langchain-text-splitters", "langchain-chroma", "chromadb")
        return " ".join(f"{name} {version(name)}" for name in names)

    def open(self, folder: Path) -> None:
        built_once(folder, lambda: self._build(folder))
        self._store = self._chroma(folder)

    def retrieve(self, question: str, k: int) -> list[Found]:
        documents = self._store.similarity_search(question, k=k)
        return [
            Found(d.metadata["source"], d.page_content, (d.metadata.get("page"),), rank)
            for rank, d in enumerate(documents, 1)
        ]

    def prompt(self, question: str, context: str) -> str:
        return PROMPT.format(question=question, context=context)

    def _build(self, folder: Path) -> None:
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
        whole = [
            Document(
                piece.text,
                metadata={"source": piece.source} | ({"page": piece.page} if piece.page else {}),
            )
            for piece in plain_texts(self._documents)
        ]
        chunks, store = splitter.split_documents(whole), self._chroma(folder)
        for start in range(0, len(chunks), BATCH):
            store.add_documents(chunks[start : start + BATCH])

    def _chroma(self, folder: Path) -> Any:
        try:
            from langchain_chroma import Chroma
        except ImportError as error:
            raise SystemFailure(
                "langchain-chroma is missing; pip install 'filings-qa[compare]'"
            ) from error
        return Chroma(
            "default", embedding_function=cast(Any, self.embedder), persist_directory=str(folder)
        )
