from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.embed.e5 import E5Small
from rag.embed.graph import outlier_factors
from rag.embed.modeldir import model_folder
from rag.embed.onnx import OnnxEncoder, TextInputs, measure_ranges
from rag.embed.weights import read_packed
from rag.errors import EmbeddingError

TEXTS = ["passage: revenue 2024 营业收入", "passage: b", "passage: " + "longer than 48 tokens " * 9]


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray((a * b).sum(axis=1))


def test_the_float_graph_is_the_bert_model_of_transformers(tiny_file: Path, cache: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = read_packed(tiny_file)
    ours = np.stack(list(OnnxEncoder(model, quantised=False).vectors(TEXTS)))
    theirs = SentenceTransformer(str(model_folder(model, cache)), device="cpu").encode(TEXTS)
    assert np.abs(ours - theirs).max() < 1e-5


def test_the_float_graph_on_the_wheels_weights_is_the_wheels_engine(
    exact: OnnxEncoder, engine: Any
) -> None:
    texts = ["2024年度营业收入为12,345.67万元", "Gross margin fell to 23.4% in FY2023."]
    ours = np.stack(list(exact.vectors(["passage: " + text for text in texts])))
    assert cosines(ours, engine.passage(texts)).min() > 0.999


def test_int8_stays_close_to_float(exact: OnnxEncoder, e5: E5Small) -> None:
    texts = [f"第{i}项：存货跌价准备期末余额为{i * 137}万元，占比{i}%。" for i in range(6)]
    reference = np.stack(list(exact.vectors(["passage: " + text for text in texts])))
    assert cosines(reference, e5.encode(texts)).min() > 0.995


def test_the_quantised_graph_is_made_once(tiny_file: Path, tmp_path: Path) -> None:
    model = read_packed(tiny_file)
    OnnxEncoder(model, cache=tmp_path)
    (made,) = tmp_path.glob("*/encoder.onnx")
    written = made.stat().st_mtime_ns
    OnnxEncoder(model, cache=tmp_path)
    assert made.stat().st_mtime_ns == written


@pytest.mark.parametrize("kept", [0, 1000])
def test_a_damaged_graph_in_the_cache_is_a_stated_error(
    kept: int, tiny_file: Path, tmp_path: Path
) -> None:
    model = read_packed(tiny_file)
    OnnxEncoder(model, cache=tmp_path)
    (made,) = tmp_path.glob("*/encoder.onnx")
    made.write_bytes(made.read_bytes()[:kept])
    with pytest.raises(EmbeddingError, match="damaged; delete"):
        OnnxEncoder(model, cache=tmp_path)


def test_every_multiplied_value_is_calibrated(tiny_file: Path) -> None:
    model = read_packed(tiny_file)
    ranges = measure_ranges(model, TextInputs(model))
    steps = ("attention", "context", "inner", "output")
    assert set(ranges) == {f"l{layer}.{step}" for layer in range(2) for step in steps}
    assert ranges["l0.output"].shape == (128,)


def test_outlier_channels_are_brought_down_and_others_left() -> None:
    largest = np.array([1.0] * 39 + [55.0], np.float32)
    factors = outlier_factors(largest)
    assert factors[:39] == pytest.approx(1.0)
    assert factors[39] > 10
