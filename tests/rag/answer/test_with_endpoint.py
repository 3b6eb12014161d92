"""Answers through `Workspace` with a scripted endpoint: whatever the model does, nothing false is
shown, and what it leaves out or must not compute by itself is done by us."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.build import Workspace
from rag.settings import Settings
from rag.types import Answer, Token
from tests.rag.answer.models.endpoint import (
    Endpoint,
    Handler,
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

REPORT = """\
澄海样例股份有限公司
2024年年度报告

第一节 主要财务数据
2024年营业收入为1,234.50万元。
2023年营业收入为1,097.33万元。
2024年研发人员共112人。
2024年末存货跌价准备为88.60万元,主要系部分产品临近有效期所致。
2024年净利润为203.40万元。
"""
INCOME = "澄海样例2024年营业收入是多少?"
GROWTH = "澄海样例2024年营业收入比2023年增长百分之几?"
TWO = "澄海样例2024年营业收入和净利润各是多少?"
YEARS = "澄海样例2023年和2024年营业收入分别是多少?"

Ask = Callable[..., "Asked"]


class Asked:
    """An answer, what the endpoint was asked for it, and the tokens that were streamed."""

    def __init__(self, home: Path, question: str, *scripts: Script, timeout: float = 5.0) -> None:
        with Endpoint(*scripts) as endpoint:
            settings = Settings(
                home=home,
                provider="openai",
                model="m",
                base_url=endpoint.url,
                model_timeout=timeout,
            )
            workspace = Workspace(settings)
            events = list(workspace.stream_answer(question, mode="lexical"))
            workspace.close()
            self.requests = endpoint.requests
        self.streamed = "".join(e.text for e in events if isinstance(e, Token))
        assert isinstance(events[-1], Answer)
        self.answer: Answer = events[-1]
        self.text = self.answer.text

    def prompt(self, request: int) -> str:
        """All that a request asked, as one text."""
        messages = self.requests[request]["body"]["messages"]
        return "\n".join(str(message["content"]) for message in messages)

    @property
    def results(self) -> list[str]:
        """What the model was told of its tool calls, in the last request."""
        messages = self.requests[-1]["body"]["messages"]
        return [message["content"] for message in messages if message["role"] == "tool"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("endpoint")
    (folder / "a.txt").write_text(REPORT, encoding="utf-8")
    workspace = Workspace(Settings(home=folder / "home", provider="extractive"))
    workspace.ingest([folder / "a.txt"], defer_vectors=True)
    workspace.close()
    return folder / "home"


@pytest.fixture
def ask(home: Path) -> Ask:
    return lambda question, *scripts, **options: Asked(home, question, *scripts, **options)


def sound(asked: Asked) -> None:
    """What holds of every answer: true quotes, markers that resolve, no figure in doubt, and no
    figure that the report does not print unless it is shown how it was computed."""
    answer = asked.answer
    assert all(c.quote in REPORT for c in answer.citations)
    numbers = {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)}
    assert numbers == {c.n for c in answer.citations}
    assert all(check.verdict != "unsupported" for check in answer.checks)
    computed = " ".join(check.expression for check in answer.checks)
    for figure in re.findall(r"\d[\d,]*\.\d+", answer.text):
        assert figure in REPORT or figure in computed
    if answer.status != "not_found":
        assert answer.citations


# --- what an endpoint does ----------------------------------------------------------------------


def test_a_true_draft_streams_and_stands(ask: Ask) -> None:
    asked = ask(INCOME, says("2024年营业收入为1,234.50万元[1]。"))
    assert asked.streamed == "2024年营业收入为1,234.50万元[1]。"
    assert asked.answer.model == "openai:m"
    assert asked.answer.status == "answered"
    assert len(asked.requests) == 1
    sound(asked)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (status(401), "refused the key (401)"),
        (status(429, {"Retry-After": "0"}), "rate limit (429)"),
        (status(429, {"Retry-After": "600"}), "ask again in 600 s"),
        (status(500), "500"),
        (broken_json, "/v1"),
        (web_page, "sent no OpenAI-style stream"),
        (cut("2024年营业收入为1,2"), "cut its answer off"),
        (cut("2024年营业收入为9,999.99万元[1]。", abruptly=True), "cut its answer off"),
        (slow(3.0), "gave no first word"),
        (slow(3.0, after="2024年营业收入为9,999.99万元"), "went silent"),
        (says(""), "wrote no answer"),
        (says("<think>hm", finish="length"), "wrote no answer"),
    ],
)
def test_an_endpoint_that_fails_leaves_the_composed_answer_and_says_so(
    ask: Ask, script: Script, told: str
) -> None:
    asked = ask(INCOME, script, timeout=0.6)
    assert asked.answer.model == "extractive"
    assert "1,234.50" in asked.text
    assert "9,999.99" not in asked.text
    assert any(told in note for note in asked.answer.notes), asked.answer.notes
    sound(asked)


def test_a_busy_endpoint_is_asked_again(ask: Ask) -> None:
    busy = status(429, {"Retry-After": "0"})
    asked = ask(INCOME, busy, says("2024年营业收入为1,234.50万元[1]。"))
    assert asked.answer.model == "openai:m"
    sound(asked)


def test_a_failure_in_the_repair_round_leaves_the_composed_answer(ask: Ask) -> None:
    asked = ask(INCOME, says("2024年营业收入为7,777.77万元[1]。"), status(500))
    assert "7,777.77" not in asked.text
    assert "1,234.50" in asked.text
    sound(asked)


def test_a_failure_in_the_repair_round_leaves_what_was_sound_in_the_first(ask: Ask) -> None:
    draft = "2024年营业收入为1,234.50万元[1]。研发人员共221人[1]。"
    asked = ask(INCOME, says(draft), status(401))
    assert asked.answer.model == "openai:m"
    assert "1,234.50" in asked.text
    assert "221" not in asked.text
    assert any("401" in note for note in asked.answer.notes)
    sound(asked)


# --- what a model does --------------------------------------------------------------------------


@pytest.mark.parametrize("question", [INCOME, GROWTH, TWO, YEARS])
def test_of_a_model_that_lies_about_every_figure_nothing_is_shown(ask: Ask, question: str) -> None:
    asked = ask(question, lies)
    assert len(asked.requests) == 2, "sent back once"
    assert asked.answer.model == "extractive"
    sound(asked)


def test_a_source_that_was_never_given_is_not_shown(ask: Ask) -> None:
    asked = ask(INCOME, cites(99, "2024年营业收入为1,234.50万元"))
    assert "[99]" not in asked.text
    sound(asked)


def test_a_lie_with_a_source_that_was_never_given_is_not_shown(ask: Ask) -> None:
    asked = ask(INCOME, cites(99, "2024年营业收入为6,543.21万元"))
    assert "6,543.21" not in asked.text
    sound(asked)


@pytest.mark.parametrize("unit", ["", "营业收入为5,555.55万元[1]。"])
def test_a_model_that_never_stops_is_cut_and_checked(ask: Ask, unit: str) -> None:
    asked = ask(INCOME, never_stops(unit))
    assert "5,555.55" not in asked.text
    assert any("draft was cut" in note for note in asked.answer.notes)
    sound(asked)


def test_a_refusal_with_the_figure_in_sight_gives_way_to_the_composed_answer(ask: Ask) -> None:
    asked = ask(INCOME, says("NOT_IN_DOCUMENTS"))
    assert asked.answer.model == "extractive"
    assert "1,234.50" in asked.text
    assert len(asked.requests) == 1
    sound(asked)


def test_a_draft_that_lost_its_only_figure_gives_way_to_the_composed_answer(ask: Ask) -> None:
    asked = ask(INCOME, says("公司披露了2024年营业收入[1]。营业收入为7,777.77万元[1]。"))
    assert asked.answer.model == "extractive"
    assert "1,234.50" in asked.text
    sound(asked)


def test_a_refusal_where_the_documents_are_silent_stays_one(ask: Ask) -> None:
    asked = ask("澄海样例2019年在欧洲的海运保险费是多少?", says("NOT_IN_DOCUMENTS"))
    assert asked.answer.status == "not_found"


def test_the_place_of_the_composed_answer_is_the_first_source(ask: Ask) -> None:
    asked = ask("澄海样例2024年研发人员有多少人?", says("研发人员共112人[1]。"))
    first = re.findall(r'<source n="1"[^>]*>\n(.*?)\n</source>', asked.prompt(0), re.DOTALL)[-1]
    assert "112人" in first
    sound(asked)


# --- completeness -------------------------------------------------------------------------------


def test_a_draft_that_covers_one_of_two_is_sent_back_with_the_missing_part_named(ask: Ask) -> None:
    both = "2024年营业收入为1,234.50万元,净利润为203.40万元[1]。"
    asked = ask(TWO, says("2024年营业收入为1,234.50万元[1]。"), says(both))
    assert asked.prompt(0).endswith("(逐项回答: 营业收入; 净利润)")
    assert "没有回答: 净利润" in asked.prompt(1)
    assert "203.40" in asked.text
    assert asked.answer.status == "answered"
    sound(asked)


def test_false_figures_and_missing_parts_share_one_round(ask: Ask) -> None:
    asked = ask(TWO, says("2024年营业收入为1,234.50万元[1]。研发人员共221人[1]。"))
    assert len(asked.requests) == 2
    assert "没有回答: 净利润" in asked.prompt(1)
    assert "221人: not stated" in asked.prompt(1)
    assert "221" not in asked.text
    sound(asked)


def test_what_the_model_still_leaves_out_is_filled_from_the_evidence(ask: Ask) -> None:
    asked = ask(TWO, says("2024年营业收入为1,234.50万元[1]。"))
    assert len(asked.requests) == 2
    assert asked.answer.model == "openai:m"
    assert "203.40" in asked.text
    assert any("净利润" in note for note in asked.answer.notes)
    sound(asked)


def test_a_period_that_is_left_out_is_filled_too(ask: Ask) -> None:
    asked = ask(YEARS, says("2024年营业收入为1,234.50万元[1]。"))
    assert "1,097.33" in asked.text
    sound(asked)


def test_a_part_that_the_documents_do_not_state_is_named_as_missing(ask: Ask) -> None:
    question = "澄海样例2024年营业收入和海运保险费各是多少?"
    asked = ask(question, says("2024年营业收入为1,234.50万元[1]。"))
    assert asked.answer.status == "partial"
    assert "未载明: 海运保险费" in asked.text
    assert any("海运保险费" in note for note in asked.answer.notes)
    sound(asked)


def test_a_part_that_the_model_names_as_missing_is_told(ask: Ask) -> None:
    question = "澄海样例2024年营业收入和海运保险费各是多少?"
    asked = ask(question, says("2024年营业收入为1,234.50万元[1]。\n未提及:海运保险费"))
    assert asked.answer.status == "partial"
    assert asked.text.count("海运保险费") == 1
    sound(asked)


def test_a_part_that_the_model_wrongly_names_as_missing_is_not_told(ask: Ask) -> None:
    asked = ask(INCOME, says("2024年营业收入为1,234.50万元[1]。\n未提及:营业收入"))
    assert asked.answer.status == "answered"
    assert "未载明" not in asked.text


def test_talk_beside_the_answer_is_left_out_without_a_second_round(ask: Ask) -> None:
    asked = ask(INCOME, says("2024年营业收入为1,234.50万元[1]。希望这些信息对您有所帮助!"))
    assert len(asked.requests) == 1
    assert asked.answer.status == "answered"
    assert "希望" not in asked.text


# --- arithmetic ---------------------------------------------------------------------------------


def test_the_tool_is_offered_where_something_is_to_be_computed_and_nowhere_else(ask: Ask) -> None:
    draft = says("2024年营业收入为1,234.50万元[1]。")
    offered = ask(GROWTH, draft).requests[0]["body"]["tools"]
    assert [tool["function"]["name"] for tool in offered] == ["calculate"]
    assert "tools" not in ask(INCOME, draft).requests[0]["body"]


def test_a_result_of_the_tool_stands_as_computed(ask: Ask) -> None:
    def reads_and_writes(handler: Handler) -> None:
        says(f"增长率为{handler.body['messages'][-1]['content']}。")(handler)

    expression = "(1,234.50[1] - 1,097.33[1]) / 1,097.33[1]"
    asked = ask(
        GROWTH, calls("calculate", json.dumps({"expression": expression})), reads_and_writes
    )
    assert asked.results == ["(1,234.50 − 1,097.33) ÷ 1,097.33 = 12.50%[1]"]
    assert "(1,234.50 − 1,097.33) ÷ 1,097.33 = 12.50%[1]" in asked.text
    assert ("12.50%", "computed") in [(c.claim, c.verdict) for c in asked.answer.checks]
    assert len(asked.requests) == 2
    sound(asked)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('{"expression": "(9,999.00[1] - 1,097.33[1]) / 1,097.33[1]"}', "does not state 9,999.00"),
        ('{"expression": "1,234.50[7] - 1,097.33[1]"}', "source [7] does not state 1,234.50"),
        ('{"expression": "1,234.50[1] - 112人[1]"}', "unlike units"),
        ('{"expression": "1,234.50[1] - 1,0', "not valid JSON"),
        ('{"expression": 5}', "expression is missing"),
        ('{"sum": "1,234.50[1]"}', "expression is missing"),
        ('{"expression": "__import__(1,234.50[1], 1,097.33[1])"}', "error:"),
    ],
)
def test_a_call_over_what_no_source_states_is_refused_and_nothing_false_shown(
    ask: Ask, arguments: str, told: str
) -> None:
    lie = says("增长率为(9,999.00 − 1,097.33) ÷ 1,097.33 = 811.21%[1]。")
    asked = ask(GROWTH, calls("calculate", arguments), lie)
    told_of = [m["content"] for m in asked.requests[1]["body"]["messages"] if m["role"] == "tool"]
    assert told in told_of[0]
    assert "811.21" not in asked.text
    sound(asked)


def test_talk_before_a_call_is_left_out(ask: Ask) -> None:
    call = calls("calculate", '{"expression": "1,234.50[1] - 1,097.33[1]"}', after="我来计算一下")
    asked = ask(GROWTH, call, says("增长率为(1,234.50-1,097.33)/1,097.33=12.50%[1]。"))
    assert "我来" not in asked.text
    assert "12.50%" in asked.text
    assert len(asked.requests) == 2
    sound(asked)


def test_a_model_that_only_calls_the_tool_leaves_the_composed_answer(ask: Ask) -> None:
    asked = ask(GROWTH, calls("calculate", '{"expression": "1,234.50[1] - 1,097.33[1]"}'))
    assert asked.answer.model == "extractive"
    assert any("only called tools" in note for note in asked.answer.notes)
    sound(asked)


def test_an_endpoint_that_knows_no_tools_is_asked_without_them(ask: Ask) -> None:
    refuses = status(400, message="tools is not supported", param="tools")
    draft = "2024年营业收入为1,234.50万元,2023年营业收入为1,097.33万元[1]。"
    asked = ask(GROWTH, refuses, says(draft))
    assert "tools" not in asked.requests[-1]["body"]
    assert "= 12.50%" in asked.text
    sound(asked)


def test_what_a_model_gives_the_figures_for_is_computed_by_us(ask: Ask) -> None:
    draft = "2024年营业收入为1,234.50万元,2023年营业收入为1,097.33万元[1]。"
    asked = ask(GROWTH, says(draft))
    assert len(asked.requests) == 1, "a calculation is no reason for a second round"
    assert "(1,234.50 − 1,097.33) ÷ 1,097.33 = 12.50%" in asked.text
    made = [check for check in asked.answer.checks if check.claim == "12.50%"]
    assert [check.verdict for check in made] == ["computed"]
    assert made[0].operands
    sound(asked)


@pytest.mark.parametrize(
    "line",
    [
        "增长率为(1,234.50-1,097.33)/1,097.33×100%=12.50%[1]。",
        "营业收入由1,097.33万元增至1,234.50万元,增长12.50%[1]。",
    ],
)
def test_a_models_own_arithmetic_stands_where_it_is_right(ask: Ask, line: str) -> None:
    asked = ask(GROWTH, says(line))
    assert asked.answer.model == "openai:m"
    assert ("12.50%", "computed") in [(c.claim, c.verdict) for c in asked.answer.checks]
    sound(asked)


@pytest.mark.parametrize(
    "line",
    [
        "增长率为(1,234.50-1,097.33)/1,097.33×100%=21.50%[1]。",
        "增长率为(1,234.50-1,079.33)/1,079.33=14.38%[1]。",
        "营业收入由1,097.33万元增至1,234.50万元,增长13.50%[1]。",
    ],
)
def test_a_models_own_arithmetic_is_removed_where_it_is_wrong(ask: Ask, line: str) -> None:
    asked = ask(GROWTH, says(line))
    for wrong in ("21.50", "14.38", "13.50", "1,079.33"):
        assert wrong not in asked.text
    sound(asked)
