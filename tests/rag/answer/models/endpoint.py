"""A scripted OpenAI-compatible endpoint on loopback: each request is answered by the next script.

    with Endpoint(says("Sales were 5 [1]."), status(429, {"Retry-After": "0"})) as endpoint:
        …  # endpoint.url, endpoint.requests

A script is a function that gets the handler and answers one request. The last one answers every
further request too. No test needs anything but the standard library to use it.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Script = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request; `body` is its decoded JSON."""

    protocol_version = "HTTP/1.1"
    body: dict[str, Any]
    server: _Server

    def do_GET(self) -> None:
        models = [{"id": name, "object": "model"} for name in self.server.models]
        self.send_json(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        seen = self.server.requests
        seen.append({"body": self.body, "headers": dict(self.headers), "path": self.path})
        scripts = self.server.scripts
        scripts[min(len(seen), len(scripts)) - 1](self)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a test's output is the test's."""

    def send_json(
        self, code: int, document: object, headers: Mapping[str, str] | None = None
    ) -> None:
        data = json.dumps(document).encode()
        self.send_response(code)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def start_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def send_line(self, line: str) -> bool:
        """Write a line of the stream; false once the client has gone."""
        try:
            self.wfile.write(line.encode() + b"\n\n")
            self.wfile.flush()
        except OSError:
            return False
        return True

    def send_chunk(self, delta: Mapping[str, Any], finish: str | None = None) -> bool:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "scripted",
            "choices": [choice],
        }
        return self.send_line("data: " + json.dumps(chunk, ensure_ascii=False))

    @property
    def prompt(self) -> str:
        """All that the request asked, as one text."""
        return "\n".join(str(message.get("content")) for message in self.body["messages"])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    scripts: Sequence[Script]
    models: Sequence[str]
    requests: list[dict[str, Any]]


class Endpoint:
    """The server; `requests` holds what was asked (body, headers, path), in order."""

    def __init__(self, *scripts: Script, models: Sequence[str] = ("scripted",)) -> None:
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.scripts = scripts
        self._server.models = models
        self._server.requests = []
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def requests(self) -> list[dict[str, Any]]:
        return self._server.requests

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def says(text: str, *, finish: str | None = "stop", every: int = 4) -> Script:
    """Streams `text`, `every` characters a piece."""

    def script(handler: Handler) -> None:
        handler.start_stream()
        handler.send_chunk({"role": "assistant", "content": ""})
        for start in range(0, len(text), every):
            handler.send_chunk({"content": text[start : start + every]})
        handler.send_chunk({}, finish)
        handler.send_line("data: [DONE]")

    return script


def calls(name: str, arguments: str, *, after: str = "") -> Script:
    """Calls a tool with `arguments` (JSON, or what a confused model takes for it); says `after`
    first."""

    def script(handler: Handler) -> None:
        handler.start_stream()
        if after:
            handler.send_chunk({"content": after})
        head = {"index": 0, "id": "call_1", "type": "function"}
        half = len(arguments) // 2
        for part in (
            {"name": name, "arguments": arguments[:half]},
            {"arguments": arguments[half:]},
        ):
            handler.send_chunk({"tool_calls": [head | {"function": part}]})
            head = {"index": 0}
        handler.send_chunk({}, "tool_calls")
        handler.send_line("data: [DONE]")

    return script


def status(code: int, headers: Mapping[str, str] | None = None, /, **error: Any) -> Script:
    """Answers with an HTTP error; `error` goes into the body's error object."""
    told = {"message": f"scripted {code}", "type": "scripted"} | error
    return lambda handler: handler.send_json(code, {"error": told}, headers)


def broken_json(handler: Handler) -> None:
    """A stream whose second line is half a JSON document."""
    handler.start_stream()
    handler.send_chunk({"role": "assistant", "content": ""})
    handler.send_line('data: {"choices": [{"delta": {"content": "12')
    handler.send_line("data: [DONE]")


def web_page(handler: Handler) -> None:
    """A 200 with a page for people, as a wrong address gives it."""
    data = b"<html><body>Welcome</body></html>"
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def cut(text: str, *, abruptly: bool = False) -> Script:
    """Streams `text` and goes away without a finish reason; `abruptly` in the middle of a chunk."""

    def script(handler: Handler) -> None:
        if not abruptly:
            handler.start_stream()
            handler.send_chunk({"content": text})
            return
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.send_chunk({"content": text})
        handler.close_connection = True

    return script


def never_stops(unit: str = "") -> Script:
    """Streams until the client goes away: `unit` again and again, or ever new words."""

    def script(handler: Handler) -> None:
        handler.start_stream()
        number = 0
        while (
            handler.send_chunk({"content": unit or f"word{number * number} "}) and number < 50_000
        ):
            number += 1

    return script


def slow(seconds: float, text: str = "late", *, pings: bool = False, after: str = "") -> Script:
    """Says `after` at once, then nothing (or only keep-alive comments) for `seconds`."""

    def script(handler: Handler) -> None:
        handler.start_stream()
        if after:
            handler.send_chunk({"content": after})
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.02)
            if pings and not handler.send_line(": ping"):
                return
        handler.send_chunk({"content": text})
        handler.send_chunk({}, "stop")
        handler.send_line("data: [DONE]")

    return script


def lies(handler: Handler) -> None:
    """Repeats the evidence with every digit of every figure changed, cited to [1]."""
    evidence = re.findall(r'<source n="1"[^>]*>\n(.*?)\n</source>', handler.prompt, re.DOTALL)
    false = re.sub(r"\d", lambda digit: str((int(digit[0]) + 3) % 10), evidence[-1])
    says(f"{false.splitlines()[0]} [1]。")(handler)


def cites(number: int, text: str = "Sales rose") -> Script:
    """One statement with a citation to a source that was never given."""
    return says(f"{text} [{number}].")
