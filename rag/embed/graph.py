"""The BERT encoder of e5 as an ONNX graph, in float32 or int8.

Input: the summed word, position and type embeddings of one text, [1, tokens, hidden]. First
output: its vector, [1, hidden], mean-pooled and normalised. The word table stays outside: its rows
are unpacked from the weights file as they are needed, which saves 384 MB.

How matrices are multiplied is a :class:`Dense`, so that float32 and int8 share the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from rag.embed.onnxfile import MICROSOFT, Graph, Shape
from rag.embed.weights import Floats, PackedModel

INPUT = "embedded"
WEIGHT_LEVELS = 110
"""Largest int8 weight. Not 127: CPUs without VNNI add two products in 16 bits, where a pair of the
largest would be cut off. Of 96, 110 and 127 this came closest to float32."""


class Dense(Protocol):
    """How the graph multiplies by a weight matrix."""

    probes: dict[str, str]
    """Values that the graph gives out as well, by the key of :meth:`prepare`."""

    def prepare(self, graph: Graph, x: str, *, key: str) -> str:
        """Called once for each value that is multiplied; `key` names it ("l0.attention")."""

    def multiply(self, graph: Graph, x: str, *, name: str, weights: Floats, key: str) -> str:
        """The prepared x [1, tokens, in] times `weights` [out, in] transposed."""


class FloatDense:
    """Plain float32. With `probe` every multiplied value becomes an output, for calibration."""

    def __init__(self, *, probe: bool = False) -> None:
        self.probes: dict[str, str] = {}
        self._probe = probe

    def prepare(self, graph: Graph, x: str, *, key: str) -> str:
        if self._probe:
            self.probes[key] = x
        return x

    def multiply(self, graph: Graph, x: str, *, name: str, weights: Floats, key: str) -> str:
        return graph.node("MatMul", [x, graph.constant(name, weights.T)])


class Int8Dense:
    """Weights int8 with a scale per output, inputs uint8 with a scale per text.

    One or two channels of every input are far larger than the rest, and would leave the others a
    few of the 256 levels. `ranges` (largest magnitude of each channel, by key) tells which: they
    are divided by a factor before quantisation and their weights multiplied by it, after
    SmoothQuant (Xiao et al. 2023, arXiv:2211.10438).
    """

    def __init__(self, ranges: Mapping[str, Floats]) -> None:
        self.probes: dict[str, str] = {}
        self._factors = {key: outlier_factors(largest) for key, largest in ranges.items()}

    def prepare(self, graph: Graph, x: str, *, key: str) -> str:
        inverse = (1 / self._factors[key]).astype(np.float32)
        return graph.node("Mul", [x, graph.constant(f"{key}.inverse", inverse)])

    def multiply(self, graph: Graph, x: str, *, name: str, weights: Floats, key: str) -> str:
        scaled = weights * self._factors[key]
        largest = np.maximum(np.abs(scaled).max(axis=1), np.finfo(np.float32).tiny)
        scales = (largest / WEIGHT_LEVELS).astype(np.float32)
        levels = np.rint(scaled / scales[:, None]).astype(np.int8)
        inputs = [
            x,
            graph.constant(name, levels.T),
            graph.constant(f"{name}.scale", scales),
            graph.constant(f"{name}.zero", np.zeros(len(scales), np.int8)),
        ]
        return graph.node("DynamicQuantizeMatMul", inputs, domain=MICROSOFT)


def outlier_factors(largest: Floats, quantile: float = 0.95) -> Floats:
    """By how much each channel exceeds the `quantile` of all of them; 1 where it does not."""
    factors: Floats = np.maximum(1.0, largest / np.quantile(largest, quantile)).astype(np.float32)
    return factors


def build_encoder(model: PackedModel, dense: Dense) -> bytes:
    """The ONNX file; `dense` decides the arithmetic."""
    graph = Graph()
    norm = _norm(graph, model, "emb.ln")
    x = graph.node("LayerNormalization", [INPUT, *norm], axis=-1, epsilon=model.sizes.epsilon)
    for number in range(model.sizes.layers):
        layer = _Layer(graph, model, dense, number)
        x = layer.feed_forward(layer.attention(x))
    mean = graph.node("ReduceMean", [x], axes=[1], keepdims=0)
    vector = graph.node("LpNormalization", [mean], axis=-1, p=2)
    outputs: dict[str, Shape] = {vector: (1, model.sizes.hidden)}
    outputs |= {value: (1, "tokens", f"width of {key}") for key, value in dense.probes.items()}
    return graph.serialize({INPUT: (1, "tokens", model.sizes.hidden)}, outputs)


class _Layer:
    """One layer: self-attention, then the two dense steps, each added to its input."""

    def __init__(self, graph: Graph, model: PackedModel, dense: Dense, number: int) -> None:
        self.graph, self.model, self.dense, self.name = graph, model, dense, f"l{number}"

    def attention(self, x: str) -> str:
        key = f"{self.name}.attention"
        prepared = self.dense.prepare(self.graph, x, key=key)
        parts = [self._multiply(prepared, part, key=key) for part in ("q", "k", "v")]
        biases = np.concatenate([self._vector(f"{part}.b") for part in ("q", "k", "v")])
        context = self.graph.node(
            "MultiHeadAttention",
            [*parts, self.graph.constant(f"{key}.bias", biases)],
            domain=MICROSOFT,
            num_heads=self.model.sizes.heads,
        )
        key = f"{self.name}.context"
        projected = self._multiply(self.dense.prepare(self.graph, context, key=key), "ao", key=key)
        return self._add(x, projected, bias="ao.b", norm="aln")

    def feed_forward(self, x: str) -> str:
        key = f"{self.name}.inner"
        inner = self._multiply(self.dense.prepare(self.graph, x, key=key), "fi", key=key)
        bias = self.graph.constant(f"{key}.bias", self._vector("fi.b"))
        active = self.graph.node("BiasGelu", [inner, bias], domain=MICROSOFT)
        key = f"{self.name}.output"
        outer = self._multiply(self.dense.prepare(self.graph, active, key=key), "fo", key=key)
        return self._add(x, outer, bias="fo.b", norm="oln")

    def _vector(self, part: str) -> Floats:
        return self.model.vector(f"{self.name}.{part}")

    def _multiply(self, x: str, part: str, *, key: str) -> str:
        sizes = self.model.sizes
        columns = sizes.inner if part == "fo" else sizes.hidden
        name = f"{self.name}.{part}.w"
        weights = self.model.matrix(name, columns).floats()
        return self.dense.multiply(self.graph, x, name=name, weights=weights, key=key)

    def _add(self, x: str, change: str, *, bias: str, norm: str) -> str:
        inputs = [
            x,
            change,
            *_norm(self.graph, self.model, f"{self.name}.{norm}"),
            self.graph.constant(f"{self.name}.{bias}", self._vector(bias)),
        ]
        epsilon = self.model.sizes.epsilon
        return self.graph.node("SkipLayerNormalization", inputs, domain=MICROSOFT, epsilon=epsilon)


def _norm(graph: Graph, model: PackedModel, name: str) -> tuple[str, str]:
    """The scale and shift of a layer normalisation."""
    scale, shift = f"{name}.w", f"{name}.b"
    return graph.constant(scale, model.vector(scale)), graph.constant(shift, model.vector(shift))
