"""What stands before the web server: host names on loopback, a login for everything else.

Gradio asks for a login on its pages and on most routes, but not on the MCP endpoint and not on the
routes that we add. This layer shows the login page in its place and asks on every other path, and
takes the login's cookie or HTTP basic credentials (for programs).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse

from ui.login import login_page

Scope = MutableMapping[str, Any]
_OPEN = ("/login", "/favicon.ico", "/robots.txt", "/gradio_api/startup-events")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
)


class Guard:
    """ASGI middleware. `hosts` are the accepted Host names (None: any), `check` tells whether a
    name and password fit (None: no login)."""

    def __init__(
        self,
        app: Any,
        *,
        hosts: frozenset[str] | None = None,
        check: Callable[[str, str], bool] | None = None,
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.check = check
        self._tokens: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, or answer it with 400 (host) or 401 (login)."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if self.hosts is not None and _host(connection) not in self.hosts:
            refusal = PlainTextResponse("this server answers to localhost only\n", 400)
            await refusal(scope, receive, send)
        elif connection.url.path == "/" and not self._may_enter(connection, scope):
            page = login_page(connection.headers.get("accept-language", ""))
            plain = {"Cache-Control": "no-store"}
            await HTMLResponse(page, headers=plain)(scope, receive, _with_headers(send))
        elif not self._may_pass(connection, scope):
            asks = {"WWW-Authenticate": 'Basic realm="filings-qa"'}
            if not connection.url.path.startswith("/gradio_api/mcp"):
                asks = {}  # a browser would show its own dialog over the login page
            await PlainTextResponse("log in first\n", 401, headers=asks)(scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(send))

    def _may_pass(self, connection: HTTPConnection, scope: Scope) -> bool:
        path = connection.url.path
        return path.startswith(_OPEN) or self._may_enter(connection, scope)

    def _may_enter(self, connection: HTTPConnection, scope: Scope) -> bool:
        """Whether there is no login, or the request brings one."""
        if self.check is None or _logged_in(connection):
            return True
        name, password = _credentials(connection)
        if not name or not self.check(name, password):
            return False
        self._log_in(name, scope)
        return True

    def _log_in(self, name: str, scope: Scope) -> None:
        """Give the request the cookie that a login would have given, for Gradio's own check."""
        app = scope["app"]
        token = self._tokens.setdefault(name, secrets.token_urlsafe(16))
        app.tokens[token] = name
        cookie = f"access-token-unsecure-{app.cookie_id}={token}".encode()
        scope["headers"] = [*scope["headers"], (b"cookie", cookie)]


def _credentials(connection: HTTPConnection) -> tuple[str, str]:
    """Name and password of HTTP basic authentication, empty where there are none."""
    kind, _, encoded = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password


def _host(connection: HTTPConnection) -> str:
    host = connection.headers.get("host", "")
    return host[: host.index("]") + 1].strip("[]") if host.startswith("[") else host.split(":")[0]


def _logged_in(connection: HTTPConnection) -> bool:
    """Whether the request carries the cookie of a login."""
    app = connection.scope["app"]
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return any(connection.cookies.get(name) in app.tokens for name in names)


def _with_headers(send: Any) -> Any:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        await send(message)

    return sending
