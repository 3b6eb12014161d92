"""The writer against a scripted endpoint: what users and endpoints do to each other."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from prompts import Message, Source, load
from rag.answer.citing import resolve
from rag.answer.models import Tool
from rag.answer.models.chat import ChatWriter
from rag.answer.models.openai import OPENAI, OPENAI_MODEL, openai_writer
from rag.errors import ModelError, SettingsError
from tests.rag.answer.models.endpoint import (
    Endpoint,
    Script,
    broken_json,
    calls,
    cites,
    cut,
    lies,
    never_stops,
    says,
    slow,
    status,
    web_page,
)

KEY = "sk-very-secret-123456"
ASKED = (Message("system", "Be short."), Message("user", "What were sales?"))


class Asked:
    """One draft from a scripted endpoint: what it was, what the user was told, what was waited."""

    def __init__(self, *scripts: Script, timeout: float = 5.0, model: str = "m", **options: Any):
        self.notes: list[str] = []
        self.waits: list[float] = []
        with Endpoint(*scripts) as endpoint:
            made = openai_writer(model=model, base_url=endpoint.url, key=KEY, timeout=timeout)
            writer: ChatWriter = dataclasses.replace(made, pause=self.waits.append)
            self.pieces: list[str] = []
            self.error = ""
            try:
                for piece in writer.stream(ASKED, noted=self.notes.append, **options):
                    self.pieces.append(piece)
            except ModelError as error:
                self.error = str(error)
            self.name, self.url, self.requests = writer.name, endpoint.url, endpoint.requests
            writer.close()
        self.draft = "".join(self.pieces)


def test_a_draft_arrives_piece_by_piece() -> None:
    asked = Asked(says("营业收入为5万元[1]。"))
    assert asked.draft == "营业收入为5万元[1]。"
    assert len(asked.pieces) > 2
    assert asked.error == ""
    assert asked.notes == []


def test_the_request_is_what_any_compatible_server_takes() -> None:
    asked = Asked(says("x"), max_tokens=77)
    assert asked.requests[0]["path"] == "/v1/chat/completions"
    assert asked.requests[0]["body"] == {
        "model": "m",
        "stream": True,
        "max_tokens": 77,
        "temperature": 0.0,
        "messages": [
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": "What were sales?"},
        ],
    }


def test_without_a_model_name_the_endpoint_is_asked_for_its_only_one() -> None:
    asked = Asked(says("x"), model="")
    assert asked.requests[0]["body"]["model"] == "scripted"
    assert asked.name == "openai:scripted"


def test_an_endpoint_with_several_models_is_for_the_user_to_choose_from() -> None:
    with Endpoint(says("x"), models=("small", "large")) as endpoint:
        writer = openai_writer(model="", base_url=endpoint.url, key="", timeout=5)
        with pytest.raises(ModelError, match="small, large; set FILINGS_MODEL"):
            list(writer.stream(ASKED))


def test_a_local_server_needs_no_key_and_counts_as_local() -> None:
    with Endpoint(says("fine")) as endpoint:
        writer = openai_writer(model="m", base_url=endpoint.url, key="", timeout=5)
        assert "".join(writer.stream(ASKED)) == "fine"
        assert writer.local
        assert writer.name == "openai:m"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:11434/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://127.0.0.2/v1", True),
        ("https://models.example.org/v1", False),
        ("http://localhost.example.org/v1", False),
        ("", False),
    ],
)
def test_only_this_machine_is_local(url: str, local: bool) -> None:
    assert openai_writer(model="m", base_url=url, key="k", timeout=5).local is local


def test_a_server_on_this_machine_is_not_asked_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert Asked(says("direct")).draft == "direct"


def test_openai_itself_is_asked_at_its_own_address_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", "https://elsewhere.example.org")
    monkeypatch.setenv("OPENAI_PROXY", "http://127.0.0.1:9")
    writer = openai_writer(model="", base_url="", key=KEY, timeout=5)
    chat: Any = writer.make()
    assert str(chat.root_client.base_url) == f"{OPENAI}/"
    assert writer.name == f"openai:{OPENAI_MODEL}"
    writer.close()


def test_reasoning_is_left_out() -> None:
    assert Asked(says("<think>\n5? 6?\n</think>\n\nSales were 5 [1].")).draft == "Sales were 5 [1]."


def test_nothing_is_traced_even_where_the_surrounding_program_traces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Endpoint(says("x")) as collector:
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", collector.url)
        monkeypatch.setenv("LANGSMITH_API_KEY", "traces")
        assert Asked(says("fine")).draft == "fine"
        assert collector.requests == []


# --- failures ---------------------------------------------------------------------------------


def test_a_wrong_key_is_said_at_once_and_never_shown() -> None:
    asked = Asked(status(401, message=f"Incorrect API key: {KEY}"))
    assert "refused the key (401); check OPENAI_API_KEY" in asked.error
    assert KEY not in asked.error
    assert len(asked.requests) == 1


def test_an_unknown_model_is_named() -> None:
    assert "does not know the model 'm' (404); check FILINGS_MODEL" in Asked(status(404)).error


def test_a_busy_endpoint_is_asked_again_after_the_time_that_it_names() -> None:
    asked = Asked(status(429, {"Retry-After": "3"}), says("fine"))
    assert asked.draft == "fine"
    assert asked.waits == [3.0]
    assert "trying again in 3 s" in asked.notes[0]


def test_without_a_time_the_waits_double_and_end() -> None:
    asked = Asked(status(429))
    assert asked.waits == [0.5, 1.0, 2.0]
    assert "over its rate limit (429)" in asked.error
    assert len(asked.requests) == 4


def test_a_long_wait_is_told_instead_of_waited() -> None:
    asked = Asked(status(429, {"Retry-After": "600"}))
    assert asked.waits == []
    assert "ask again in 600 s" in asked.error


def test_a_used_up_quota_is_not_asked_again() -> None:
    asked = Asked(status(429, {}, code="insufficient_quota"))
    assert "check billing" in asked.error
    assert len(asked.requests) == 1


@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_a_failing_server_is_asked_again(code: int) -> None:
    assert Asked(status(code), says("fine")).draft == "fine"
    asked = Asked(status(code))
    assert f"failed ({code}: " in asked.error
    assert len(asked.requests) == 4


def test_a_server_that_is_down_is_named_with_the_remedy() -> None:
    with Endpoint(says("x")) as gone:
        url = gone.url
    waits: list[float] = []
    made = openai_writer(model="m", base_url=url, key=KEY, timeout=5)
    with pytest.raises(ModelError, match=r"cannot be reached .*; start it") as raised:
        list(dataclasses.replace(made, pause=waits.append).stream(ASKED))
    assert url in str(raised.value)
    assert waits == [0.5]


@pytest.mark.parametrize("pings", [False, True])
def test_a_slow_first_word_is_not_waited_for_for_ever(pings: bool) -> None:
    asked = Asked(slow(1.5, pings=pings), timeout=0.3)
    assert "gave no first word within 0.3 s; use a smaller model" in asked.error
    assert asked.waits == []


def test_silence_in_the_middle_is_told_after_what_came() -> None:
    asked = Asked(slow(1.5, after="Sales were"), timeout=0.3)
    assert asked.draft == "Sales were"
    assert "went silent for 0.3 s" in asked.error


def test_broken_json_is_asked_for_again_once() -> None:
    assert Asked(broken_json, says("fine")).draft == "fine"
    asked = Asked(broken_json)
    assert "sent broken JSON; check that OPENAI_BASE_URL" in asked.error
    assert len(asked.requests) == 2


def test_a_web_page_is_no_model() -> None:
    asked = Asked(web_page)
    assert "no OpenAI-style stream; check that OPENAI_BASE_URL" in asked.error
    assert len(asked.requests) == 1


@pytest.mark.parametrize("abruptly", [False, True])
def test_a_cut_stream_is_an_error_and_no_short_answer(abruptly: bool) -> None:
    asked = Asked(cut("Sales were 1", abruptly=abruptly))
    assert asked.draft == "Sales were 1"
    assert "cut its answer off in the middle; ask again" in asked.error
    assert len(asked.requests) == 1


def test_a_stream_cut_before_the_first_word_is_asked_for_again() -> None:
    assert Asked(cut(""), says("fine")).draft == "fine"


def test_an_error_inside_the_stream_is_reported() -> None:
    def failing(handler: Any) -> None:
        handler.start_stream()
        handler.send_line('data: {"error": {"message": "out of memory on card 0"}}')

    assert "reported: out of memory on card 0" in Asked(failing).error


def test_an_overlong_prompt_names_the_setting() -> None:
    asked = Asked(status(400, message="This model's maximum context length is 512 tokens"))
    assert "too long; lower FILINGS_CONTEXT_TOKENS" in asked.error


@pytest.mark.parametrize(
    ("refusal", "left_out"),
    [
        ({"message": "no", "param": "temperature"}, "temperature"),
        ({"message": "Unsupported parameter: 'max_tokens'"}, "max_tokens"),
        ({"message": "this server does not support tools"}, "tools"),
    ],
)
def test_a_parameter_that_an_endpoint_does_not_take_is_left_out(
    refusal: Mapping[str, str], left_out: str
) -> None:
    asked = Asked(status(400, {}, **refusal), says("fine"), tools=[CALCULATE])
    assert asked.draft == "fine"
    assert left_out in asked.requests[0]["body"]
    assert left_out not in asked.requests[1]["body"]


def test_another_bad_request_is_told_in_one_line() -> None:
    asked = Asked(status(400, message="strange\nrequest " + "x" * 500))
    assert "did not take the request (400: " in asked.error
    assert "\n" not in asked.error
    assert len(asked.error) < 400


def test_an_empty_draft_is_no_answer() -> None:
    assert "wrote no answer (finish reason stop)" in Asked(says("")).error
    assert "turn off its reasoning" in Asked(says("<think>hm", finish="length")).error


def test_a_draft_at_its_limit_of_tokens_is_noted() -> None:
    asked = Asked(says("Sales were 5 [1]. They", finish="length"))
    assert asked.error == ""
    assert "limit of tokens" in asked.notes[0]


@pytest.mark.parametrize(
    ("unit", "why"), [("", "it did not stop"), ("and so on ", "repeated itself")]
)
def test_a_draft_that_never_ends_is_cut(unit: str, why: str) -> None:
    asked = Asked(never_stops(unit), max_tokens=100)
    assert asked.error == ""
    assert len(asked.draft) < 700
    assert why in asked.notes[0]


def test_a_reader_that_goes_away_ends_the_request() -> None:
    with Endpoint(never_stops()) as endpoint:
        writer = openai_writer(model="m", base_url=endpoint.url, key="", timeout=5)
        stream = writer.stream(ASKED)
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert "".join(writer.stream(ASKED, max_tokens=10))  # the writer is free for the next


def test_the_key_stands_in_no_log_and_no_representation(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked = Asked(status(500, message=f"key {KEY}"))
    assert KEY not in asked.error
    assert KEY not in caplog.text
    made = openai_writer(
        model="m", base_url="https://u:pw@models.example.org/v1", key=KEY, timeout=1
    )
    assert KEY not in repr(made)
    assert "pw" not in made.place


# --- tools ------------------------------------------------------------------------------------


def _calculated(arguments: Mapping[str, Any]) -> str:
    if "expression" not in arguments:
        raise ValueError("expression is missing")
    return f"{arguments['expression']} = 5"


CALCULATE = Tool(
    name="calculate",
    description="Computes an expression over figures of the evidence.",
    parameters={"type": "object", "properties": {"expression": {"type": "string"}}},
    run=_calculated,
)


def results(asked: Asked) -> list[str]:
    messages = asked.requests[-1]["body"]["messages"]
    return [message["content"] for message in messages if message["role"] == "tool"]


def test_a_tool_call_is_run_and_its_result_read_by_the_model() -> None:
    asked = Asked(
        calls("calculate", json.dumps({"expression": "a - b"})),
        says("It rose by 5 [1]."),
        tools=[CALCULATE],
    )
    assert asked.draft == "It rose by 5 [1]."
    assert asked.requests[0]["body"]["tools"][0]["function"]["name"] == "calculate"
    assert results(asked) == ["a - b = 5"]


def test_what_is_said_before_a_tool_call_stands_on_a_line_of_its_own() -> None:
    call = calls("calculate", '{"expression": "a"}', after="I will compute it")
    assert (
        Asked(call, says("It is 5 [1]."), tools=[CALCULATE]).draft
        == "I will compute it\nIt is 5 [1]."
    )


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("calculate", '{"expression": "a', "error: the arguments are not valid JSON"),
        ("calculate", "[5]", "error: the arguments are not a JSON object"),
        ("calculate", "{}", "error: expression is missing"),
        ("browse", "{}", "error: there is no tool 'browse'; there are: calculate"),
    ],
)
def test_a_senseless_tool_call_is_told_to_the_model(name: str, arguments: str, told: str) -> None:
    asked = Asked(calls(name, arguments), says("fine"), tools=[CALCULATE])
    assert asked.draft == "fine"
    assert results(asked) == [told]


def test_a_model_that_only_calls_tools_must_answer_in_the_end() -> None:
    asked = Asked(calls("calculate", '{"expression": "a"}'), tools=[CALCULATE])
    assert "only called tools" in asked.error
    assert "tools" not in asked.requests[-1]["body"]


# --- drafts that the next steps must catch ----------------------------------------------------


def test_a_lie_about_every_figure_reaches_the_verifier_as_written() -> None:
    source = Source(1, "Report · page 3", "Sales were 417.5 million in 2024.")
    with Endpoint(lies) as endpoint:
        writer = openai_writer(model="m", base_url=endpoint.url, key="", timeout=5)
        asked = load("answer", "en").render(sources=[source], question="What were sales?")
        cited = resolve("".join(writer.stream(asked)), 1)
    assert cited.statements[0].numbers == (1,)
    assert "417.5" not in cited.text
    assert "740.8" in cited.text


def test_a_citation_to_nowhere_is_taken_out() -> None:
    cited = resolve(Asked(cites(99)).draft, 3)
    assert cited.text == "Sales rose."
    assert cited.unknown == (99,)


# --- settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://models/v1", "http://"])
def test_an_address_that_is_none_is_a_settings_error(url: str) -> None:
    with pytest.raises(SettingsError, match="give an address like"):
        openai_writer(model="m", base_url=url, key="", timeout=5)


def test_openai_itself_needs_a_key() -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        openai_writer(model="m", base_url="", key="", timeout=5)
