from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from rag.embed.endpoint import EndpointEmbedder
from rag.errors import EmbeddingError

TEXTS = [f"text {i}" for i in range(150)]


@pytest.fixture
def embedder(endpoint: Any) -> EndpointEmbedder:
    return EndpointEmbedder("fake", base_url=endpoint.url, timeout=5, retries=0)


def failing(endpoint: Any, status: int, message: str = "no") -> None:
    endpoint.reply = lambda texts: (status, {"error": {"message": message}})


def answered_with(endpoint: Any, rows: list[dict[str, Any]]) -> None:
    endpoint.reply = lambda texts: (200, {"object": "list", "data": rows, "model": "fake"})


def test_texts_go_in_batches_and_come_back_in_order(
    endpoint: Any, embedder: EndpointEmbedder
) -> None:
    vectors = embedder.encode(TEXTS)
    sizes = [len(request["input"]) for request in endpoint.requests]
    assert max(sizes) == 64
    alone = np.array([embedder.embed_query(text) for text in (TEXTS[0], TEXTS[149])])
    assert np.allclose(vectors[[0, 149]], alone)


def test_the_key_comes_from_the_environment(endpoint: Any, embedder: EndpointEmbedder) -> None:
    embedder.embed_query("a")
    assert endpoint.keys == ["Bearer sk-secret-of-the-test"]


def test_without_key_and_endpoint_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(EmbeddingError, match="set OPENAI_API_KEY"):
        EndpointEmbedder("m").embed_query("a")


def test_a_local_server_needs_no_key(endpoint: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
    assert len(EndpointEmbedder("m").embed_query("a")) == 8


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "refuses the key; set OPENAI_API_KEY"),
        (403, "refuses the key"),
        (404, "does not know this model"),
        (429, "wait and run the command again"),
        (500, "failed with status 500; try again later"),
        (503, "failed with status 503"),
        (400, "refuses the text: .*no"),
    ],
)
def test_each_refusal_is_one_line_with_its_remedy(
    status: int, remedy: str, endpoint: Any, embedder: EndpointEmbedder
) -> None:
    failing(endpoint, status)
    with pytest.raises(EmbeddingError, match=remedy) as error:
        embedder.encode(["a"])
    assert "\n" not in str(error.value)


def test_the_key_is_in_no_message_even_when_the_endpoint_repeats_it(
    endpoint: Any, embedder: EndpointEmbedder
) -> None:
    failing(endpoint, 401, "Incorrect API key provided: sk-secret-of-the-test")
    with pytest.raises(EmbeddingError) as error:
        embedder.embed_query("a")
    assert "sk-secret" not in str(error.value)


def test_a_busy_endpoint_is_asked_again(endpoint: Any) -> None:
    good = endpoint.reply
    replies = iter([(429, {"error": {"message": "busy"}})])
    endpoint.reply = lambda texts: next(replies, None) or good(texts)
    embedder = EndpointEmbedder("fake", base_url=endpoint.url, retries=1)
    assert len(embedder.embed_query("a")) == 8
    assert len(endpoint.requests) == 2


def test_batches_shrink_for_an_endpoint_that_takes_few_texts(
    endpoint: Any, embedder: EndpointEmbedder
) -> None:
    good = endpoint.reply
    refusal = (400, {"error": {"message": "batch size should not be larger than 10"}})
    endpoint.reply = lambda texts: good(texts) if len(texts) <= 10 else refusal
    assert embedder.encode(TEXTS).shape == (150, 8)
    refused = [request for request in endpoint.requests if len(request["input"]) > 10]
    assert len(refused) == 3  # 64, 32, 16, and then never again


def test_a_slow_endpoint_is_given_up_in_time(endpoint: Any) -> None:
    endpoint.delay = 1.0
    embedder = EndpointEmbedder("fake", base_url=endpoint.url, timeout=0.2, retries=0)
    start = time.perf_counter()
    with pytest.raises(EmbeddingError, match=r"did not answer within 0\.2 s"):
        embedder.embed_query("a")
    assert time.perf_counter() - start < 0.9


def test_an_endpoint_that_is_down_is_a_stated_error() -> None:
    embedder = EndpointEmbedder("fake", base_url="http://127.0.0.1:9/v1", retries=0)
    with pytest.raises(EmbeddingError, match="cannot be reached"):
        embedder.embed_query("a")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"index": 0, "embedding": [1.0, 2.0]}, {"index": 1, "embedding": [1.0, 2.0]}],
        [{"index": 0, "embedding": "text"}],
        [{"index": 0, "embedding": []}],
        [{"index": 0, "embedding": [0.0, 0.0]}],
        [{"index": 0, "embedding": [None, 1.0]}],
        [{"index": 0}],
    ],
)
def test_nonsense_with_status_200_is_a_stated_error(
    rows: list[dict[str, Any]], endpoint: Any, embedder: EndpointEmbedder
) -> None:
    answered_with(endpoint, rows)
    with pytest.raises(EmbeddingError, match="embedding endpoint"):
        embedder.embed_query("a")


@pytest.mark.parametrize("body", [b"<html>", b"{", b"null", b'"text"'])
def test_a_body_that_is_no_answer_is_a_stated_error(
    body: bytes, endpoint: Any, embedder: EndpointEmbedder
) -> None:
    endpoint.reply = lambda texts: (200, body)
    with pytest.raises(EmbeddingError, match="embedding endpoint"):
        embedder.embed_query("a")


def test_vectors_of_another_dimension_later_are_refused(
    endpoint: Any, embedder: EndpointEmbedder
) -> None:
    embedder.embed_query("a")
    answered_with(endpoint, [{"index": 0, "embedding": [1.0, 2.0, 3.0]}])
    with pytest.raises(EmbeddingError, match="vectors of 3 numbers after 8"):
        embedder.embed_query("b")


def test_no_texts_make_no_request(endpoint: Any, embedder: EndpointEmbedder) -> None:
    assert embedder.embed_documents([]) == []
    assert endpoint.requests == []
