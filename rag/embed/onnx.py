"""Run the e5 encoder in ONNX Runtime: many texts at once, one text per core at a time.

A text of 40 tokens keeps a core as busy as a batch would (measured: docs/embedding.md), so texts
are neither padded nor batched: no work is wasted, and a vector never depends on what its text was
embedded with, as it would when a whole batch is quantised by one scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.embed.cores import physical_cores
from rag.embed.graph import INPUT, FloatDense, Int8Dense, build_encoder
from rag.embed.modeldir import PASSAGE_PREFIX, cache_folder, make_once
from rag.embed.tokenizer import build_tokenizer
from rag.embed.tokens import QuickTokens
from rag.embed.weights import Floats, PackedModel
from rag.errors import EmbeddingError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LAYOUT = 1
"""Raise this when a graph changes: files in the cache are named after it."""

CALIBRATION = (
    "报告期内，公司实现营业收入12,345.67万元，同比增长8.9%，归属于上市公司股东的净利润为-1,234,567.89元。",
    "（一）应收账款坏账准备的计提是否充分",
    "项目 | 2024年度 | 2023年度 | 2022年度\n毛利率 | 23.4% | 25.1% | 27.0%",
    "请发行人说明：（1）主要客户的基本情况；（2）收入确认政策是否符合企业会计准则的规定。",
    "董事会认为，上述关联交易定价公允，不存在损害中小股东利益的情形。",
    "本次发行股票不超过2,500万股，每股面值1.00元，募集资金拟投资于年产3,000吨项目。",
    "The recoverable amount of the unit was 3,210 thousand at 31 December 2024.",
    "Net sales decreased 3.2% to $1.5 billion; see Note 7 to the consolidated statements.",
)
"""Texts of our own in the manner of filings: they show which channels are outliers."""


class TextInputs:
    """Turns a text into the encoder's input: the sum of word, position and type embeddings."""

    def __init__(self, model: PackedModel) -> None:
        self._model = model
        hidden = model.sizes.hidden
        self._words = model.matrix("emb.word", hidden)
        first_type = model.vector("emb.type")[:hidden]
        self._positions = model.vector("emb.pos").reshape(-1, hidden) + first_type

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The whole tokenizer, for many texts: it takes a second to build."""
        return build_tokenizer(self._model.pieces, self._model.sizes)

    @cached_property
    def _quick(self) -> QuickTokens:
        return QuickTokens(self._model.pieces, self._model.sizes)

    def tokens(self, text: str) -> list[int]:
        """Token ids, specials included, cut to the model's length."""
        ids: list[int] = self.tokenizer.encode(text).ids
        return ids

    def tokens_of_one(self, text: str) -> list[int]:
        """The same ids, mostly without the whole tokenizer."""
        return self._quick.ids(text) or self.tokens(text)

    def embedded(self, ids: Sequence[int]) -> Floats:
        """float32 [1, tokens, hidden]."""
        summed: Floats = self._words.rows(np.asarray(ids)) + self._positions[: len(ids)]
        return summed[None]


class OnnxEncoder:
    """Vectors of texts that carry their prefix already; `quantised=False` computes in float32."""

    def __init__(
        self, model: PackedModel, *, cache: Path | None = None, quantised: bool = True
    ) -> None:
        self.inputs = TextInputs(model)
        self._session = _opened(_graph_file(model, self.inputs, cache, quantised=quantised))

    def vectors(self, texts: Sequence[str]) -> Iterator[Floats]:
        """The normalised vector [hidden] of each text, in the order given."""
        _ = self.inputs.tokenizer  # built once, before several threads want it
        with ThreadPoolExecutor(physical_cores()) as pool:
            yield from pool.map(lambda text: self._vector(self.inputs.tokens(text)), texts)

    def vector(self, text: str) -> Floats:
        """The normalised vector [hidden] of one text, the same as among others; starts quicker."""
        return self._vector(self.inputs.tokens_of_one(text))

    def _vector(self, ids: Sequence[int]) -> Floats:
        vector: Floats = self._session.run(None, {INPUT: self.inputs.embedded(ids)})[0][0]
        return vector


def measure_ranges(model: PackedModel, inputs: TextInputs) -> dict[str, Floats]:
    """The largest magnitude of each channel of each multiplied value, over `CALIBRATION`."""
    dense = FloatDense(probe=True)
    session = _session(build_encoder(model, dense))
    ranges: dict[str, Floats] = {}
    for text in CALIBRATION:
        feed = {INPUT: inputs.embedded(inputs.tokens(PASSAGE_PREFIX + text))}
        values = session.run(list(dense.probes.values()), feed)
        for key, value in zip(dense.probes, values, strict=True):
            largest = np.abs(value[0]).max(axis=0)
            ranges[key] = np.maximum(ranges.get(key, largest), largest)
    return ranges


def _graph_file(
    model: PackedModel, inputs: TextInputs, cache: Path | None, *, quantised: bool
) -> Path:
    """The graph, made on first use: 22 MB in int8, 85 MB in float32."""

    def fill(folder: Path) -> None:
        dense = Int8Dense(measure_ranges(model, inputs)) if quantised else FloatDense()
        (folder / "encoder.onnx").write_bytes(build_encoder(model, dense))

    kind = "int8" if quantised else "float32"
    name = f"multilingual-e5-small-{model.digest}-{kind}-{LAYOUT}"
    return make_once(cache_folder(cache) / name, fill) / "encoder.onnx"


def _opened(path: Path) -> Any:
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # type: ignore[import-untyped]

    try:
        return _session(str(path))
    except (state.InvalidProtobuf, state.InvalidArgument, state.InvalidGraph, state.Fail) as error:
        raise EmbeddingError(f"{path}: damaged; delete {path.parent} and run again") from error


def _session(graph: bytes | str) -> Any:
    """One thread per run: the texts are what runs in parallel."""
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
