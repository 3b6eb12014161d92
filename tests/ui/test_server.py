"""The server as programs meet it: API, MCP, logins, host names, addresses of files."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.errors import ModelError, SettingsError
from ui.app import Serving, head
from ui.auth import hash_password


@pytest.fixture(scope="module")
def open_server(
    serve: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    with serve(tmp_path_factory.mktemp("open"), mcp=True) as served:
        yield served


@pytest.fixture(scope="module")
def locked(serve: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    users = {"ann": hash_password("good password")}
    with serve(tmp_path_factory.mktemp("locked"), users=users, mcp=True) as served:
        yield served


def client_of(served: Any, **options: Any) -> Any:
    from gradio_client import Client

    return Client(served.url, verbose=False, **options)


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def call_tool(url: str, name: str, arguments: dict[str, Any], headers: dict[str, str]) -> str:
    """Call an MCP tool as a client does: initialise, list, call; the text of its result."""
    import asyncio

    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def talk() -> str:
        endpoint = url + "gradio_api/mcp/"
        async with (
            streamablehttp_client(endpoint, headers=headers) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name for tool in (await session.list_tools()).tools}
            assert tools == {"search", "ask"}
            result = await session.call_tool(name, arguments)
            return str(result.content[0].text)  # type: ignore[union-attr]

    return asyncio.run(talk())


def test_the_api_answers_in_the_contracts_json(open_server: Any) -> None:
    given = client_of(open_server).predict("营业收入？", "", "f2", api_name="/ask")
    assert given["status"] == "partial"
    assert given["citations"][0]["page"] == "1-2"
    assert given["checks"][0] | {"verdict": "supported", "n": 1} == given["checks"][0]
    assert open_server.workspace.asked[-1][2] == "f2"


def test_the_api_searches(open_server: Any) -> None:
    found = client_of(open_server).predict("营业收入", 1, "", "", api_name="/search")
    assert [hit["filing"] for hit in found["hits"]] == ["f1"]


def test_only_the_two_endpoints_are_public(open_server: Any) -> None:
    api = client_of(open_server).view_api(return_format="dict")
    assert set(api["named_endpoints"]) == {"/ask", "/search"}
    assert api["unnamed_endpoints"] == {}


def test_a_stated_problem_reaches_the_program_as_its_one_line(open_server: Any) -> None:
    open_server.workspace.problem = ModelError("the endpoint is down; start it and ask again")
    try:
        with pytest.raises(Exception, match="the endpoint is down; start it and ask again"):
            client_of(open_server).predict("?", "", "", api_name="/ask")
    finally:
        open_server.workspace.problem = None


def test_mcp_offers_search_and_ask(open_server: Any) -> None:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    text = call_tool(open_server.url, "ask", {"question": "营业收入？"}, {})
    assert json.loads(text)["citations"][0]["page"] == "1-2"


def test_mcp_asks_for_the_login(locked: Any) -> None:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    assert httpx.post(locked.url + "gradio_api/mcp/", json={}).status_code == 401
    text = call_tool(locked.url, "search", {"question": "收入"}, basic("ann", "good password"))
    assert json.loads(text)["hits"]


@pytest.mark.parametrize(
    "path",
    [
        "config",
        "gradio_api/info",
        "gradio_api/openapi.json",
        "filings/f1/original",
        "filings/f1/pages/0.png",
        "gradio_api/file=/etc/passwd",
        "gradio_api/mcp/",
        "gradio_api/heartbeat/x",
    ],
)
def test_nothing_is_told_without_the_login(locked: Any, path: str) -> None:
    assert httpx.get(locked.url + path).status_code == 401
    assert httpx.get(locked.url + path, headers=basic("ann", "wrong password")).status_code == 401


def test_the_login_page_shows_nothing_of_the_library(locked: Any) -> None:
    page = httpx.get(locked.url)
    assert page.status_code == 200
    assert 'type="password"' in page.text
    assert "测试公司" not in page.text
    assert "gradio" not in page.text.lower()
    assert page.headers["cache-control"] == "no-store"


def test_a_login_opens_the_api_and_a_wrong_password_does_not(locked: Any) -> None:
    given = client_of(locked, auth=("ann", "good password")).predict("?", "", "", api_name="/ask")
    assert given["status"] == "partial"
    with pytest.raises(Exception, match=r"(?i)auth|log"):
        client_of(locked, auth=("ann", "bad password"))


def test_another_host_name_is_refused_on_loopback(open_server: Any) -> None:
    headers = {"Host": "evil.example"}
    assert httpx.get(open_server.url, headers=headers).status_code == 400
    assert httpx.get(open_server.url).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["etc/passwd", "gradio_api/file=/etc/passwd", "gradio_api/file=../../etc/passwd",
     "filings/f1/original", "filings/..%2f..%2fetc%2fpasswd/original", "filings/none/pages/0.png",
     "filings/f1/pages/0.png", "filings/f1/pages/-1.png", "static/../../../etc/passwd"],
)  # fmt: skip
def test_no_path_of_the_machine_is_served(open_server: Any, path: str) -> None:
    answer = httpx.get(open_server.url + path)
    assert answer.status_code in (403, 404, 422)
    assert "root:" not in answer.text


def test_an_original_is_served_by_its_id_and_cannot_run_scripts(
    open_server: Any, tmp_path: Path
) -> None:
    from dataclasses import replace

    workspace = open_server.workspace
    for key, name in (("f8", "报告.html"), ("f9", "report.txt")):
        path = tmp_path / name
        path.write_text("<script>1</script>")
        workspace.refs[key] = replace(workspace.refs["f1"], id=key, source=str(path))
    try:
        page = httpx.get(open_server.url + "filings/f8/original")
        assert page.headers["content-type"] == "application/octet-stream"
        assert page.headers["content-disposition"].startswith("attachment")
        text = httpx.get(open_server.url + "filings/f9/original")
        assert text.headers["content-type"].startswith("text/plain")
    finally:
        del workspace.refs["f8"], workspace.refs["f9"]


def test_another_host_needs_users_unless_said_otherwise_on_purpose() -> None:
    with pytest.raises(SettingsError, match="--anyone"):
        Serving(host="0.0.0.0")
    assert not Serving(host="0.0.0.0", anyone=True).local
    assert not Serving(users={"ann": "x"}).local
    assert Serving().local


def test_the_page_brings_its_style_and_script_with_it() -> None:
    own = head()
    assert "<style>" in own
    assert "http://" not in own
    assert "https://" not in own
    assert "@import" not in own
    assert "url(" not in own


def test_the_full_evaluation_runs_apart_from_the_interface(
    open_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ui.routes

    report = tmp_path / "report.html"
    monkeypatch.setattr(ui.routes, "latest_report", lambda: None)
    assert httpx.get(open_server.url + "evaluation/report").status_code == 404
    report.write_text("<p>报告</p>", encoding="utf-8")

    class Found:
        full = report

    monkeypatch.setattr(ui.routes, "latest_report", lambda: Found)
    given = httpx.get(open_server.url + "evaluation/report")
    assert given.text == "<p>报告</p>"
    assert given.headers["content-security-policy"].startswith("sandbox ")
