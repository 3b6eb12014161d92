"""A model hub on loopback: serves one file in ranges, with checksums in headers and every trouble."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Hub:
    """`content` under any `/owner/repository/resolve/main/*.gguf`, redirected to `/cdn/` once.

    `stops` are the byte counts after which the next downloads break off; `resumes` tells whether
    ranges are answered; `tells` whether the checksum is in a header; `status` fails every request.
    """

    content: bytes
    stops: list[int] = field(default_factory=list)
    resumes: bool = True
    tells: bool = True
    status: int = 200
    ranges: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a test's output is the test's."""

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        if self.hub.status != 200:
            self._head(self.hub.status, {"Content-Length": "0"})
        elif not self.path.startswith("/cdn/"):
            linked = {"X-Linked-Etag": f'"{self.hub.sha256}"'} if self.hub.tells else {}
            size = {"X-Linked-Size": str(len(self.hub.content))}
            self._head(302, {"Location": "/cdn/file", "Content-Length": "0"} | linked | size)
        else:
            self._send(body=body)

    def _send(self, *, body: bool) -> None:
        asked = self.headers.get("Range", "")
        start = 0
        if body:
            self.hub.ranges.append(asked)
        if self.hub.resumes and (found := re.fullmatch(r"bytes=(\d+)-", asked)):
            start = int(found[1])
        rest = self.hub.content[start:]
        self._head(206 if start else 200, {"Content-Length": str(len(rest))})
        if body:
            stop = self.hub.stops.pop(0) if self.hub.stops else len(rest)
            self.wfile.write(rest[:stop])
            self.close_connection = True

    def _head(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
