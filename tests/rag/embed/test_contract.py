"""What every embedder must do, whichever engine is behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.embed.base import Embedder
from rag.embed.e5 import E5Small
from rag.embed.endpoint import EndpointEmbedder
from rag.embed.modeldir import model_folder
from rag.embed.sentence import SentenceEmbedder
from rag.embed.weights import read_packed

TEXTS = ["营业收入 123", "a longer passage about revenue", "营业收入 123", "b", "项目 | 2024"]


@pytest.fixture(scope="module")
def sentence(tiny_file: Path, cache: Path) -> SentenceEmbedder:
    return SentenceEmbedder(str(model_folder(read_packed(tiny_file), cache)), device="cpu")


@pytest.fixture(params=["e5", "sentence", "endpoint"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    made: Any = request.getfixturevalue(request.param)
    if request.param == "endpoint":
        return EndpointEmbedder("fake", base_url=made.url)
    embedder: Embedder = made
    return embedder


def test_each_text_gets_a_vector_of_the_stated_dimension_and_length_one(embedder: Embedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)


def test_equal_texts_get_equal_vectors_and_others_do_not(embedder: Embedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert np.array_equal(vectors[0], vectors[2])
    assert len(np.unique(vectors.round(4), axis=0)) == len(set(TEXTS))


def test_the_same_call_gives_the_same_vectors(embedder: Embedder) -> None:
    assert np.array_equal(embedder.encode(TEXTS), embedder.encode(TEXTS))


def test_a_text_keeps_its_vector_in_other_company_and_order(embedder: Embedder) -> None:
    together = embedder.encode(TEXTS)
    alone = np.concatenate([embedder.encode([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-4
    assert np.abs(together[::-1] - embedder.encode(TEXTS[::-1])).max() < 1e-4


def test_documents_as_lists_are_the_rows_of_the_array(embedder: Embedder) -> None:
    lists = embedder.embed_documents(TEXTS)
    assert isinstance(lists[0][0], float)
    assert np.allclose(np.array(lists), embedder.encode(TEXTS))


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_documents([]) == []
    assert len(embedder.encode([])) == 0


def test_progress_rises_to_the_number_of_texts_repeats_included(embedder: Embedder) -> None:
    texts = [f"passage {i % 70}" for i in range(100)]
    seen: list[int] = []
    embedder.encode(texts, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 100


def test_a_query_is_a_list_of_the_same_dimension_and_length_one(embedder: Embedder) -> None:
    query = embedder.embed_query("营业收入")
    assert len(query) == embedder.dimension
    assert np.linalg.norm(query) == pytest.approx(1.0, abs=1e-4)


def test_odd_texts_are_embedded_all_the_same(embedder: Embedder) -> None:
    odd = ["", " ", "\n\t", "a\0b", "\ud800 lone surrogate", "🀄" * 30, "word " * 2000]
    vectors = embedder.encode(odd)
    assert np.isfinite(vectors).all()
    assert len(embedder.embed_query(odd[4])) == embedder.dimension


@pytest.mark.parametrize("name", ["e5", "sentence"])
def test_a_query_and_a_document_of_the_same_words_differ(
    name: str, request: pytest.FixtureRequest
) -> None:
    embedder = request.getfixturevalue(name)
    cosine = np.dot(embedder.embed_query("营业收入"), embedder.encode(["营业收入"])[0])
    assert cosine < 0.999


def test_fingerprints_tell_embedders_apart_and_stay_the_same(
    e5: E5Small, sentence: SentenceEmbedder, weights: Path, cache: Path
) -> None:
    others = [E5Small(weights, cache=cache, exact=True), EndpointEmbedder("m")]
    prints = [embedder.fingerprint for embedder in (e5, sentence, *others)]
    assert len(set(prints)) == len(prints)
    assert E5Small(weights, cache=cache).fingerprint == e5.fingerprint
    assert SentenceEmbedder(sentence.name).fingerprint == sentence.fingerprint
