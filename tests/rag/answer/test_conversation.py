"""Follow-ups made whole by rules and by a model. Every company here is invented."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts import Message
from rag.answer.conversation import standalone, standalone_by_model
from rag.errors import ModelError

COMPANIES = [
    "星澜装备",
    "青禾仪器",
    "北岭纸业",
    "Larkfield",
    "Orlan Shipping",
    "Orlan",
    "云杉生物",
    "云杉生物科技股份有限公司",
    "海棠电缆",
    "石榴籽农业",
    "Tamarind Foods",
    "Bexley Motors",
    "Cobalt Ridge",
    "鹿鸣光电",
    "鹿鸣光电股份有限公司",
    "雁栖重工",
    "松果乳业",
    "Harrow Textiles",
    "Pinecrest Energy",
    "Quillon",
    "Quillon Semiconductor",
    "梧桐精密",
    "梧桐精密制造股份有限公司",
    "碧溪药业",
    "碧溪",
    "长亭物流",
    "Marlow Dairy",
    "Fennimore",
    "Fennimore Holdings",
    "Sable Robotics",
    "白鹭乳业",
    "白鹭乳业集团股份有限公司",
    "沉香木业",
    "寒露医疗",
    "Tolliver Steel",
    "Wexcombe Bank",
    "Wexcombe",
    "霜降材料",
    "霜降材料股份有限公司",
    "清晖乳胶",
    "望舒航运",
    "Ostrander",
    "Ostrander Glass",
    "Pelham Foods",
]

CONVERSATIONS = [
    json.loads(line)
    for line in Path(__file__).with_name("conversations.jsonl").read_text("utf-8").splitlines()
]
"""Each has the first turn and follow-ups, with what their whole question is, or must (not) hold."""


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda found: found["first"][0])
def test_a_conversation_keeps_company_period_and_measure(conversation: dict[str, Any]) -> None:
    history = [tuple(conversation["first"])]
    for turn in conversation["turns"]:
        whole = standalone(turn["question"], history, companies=COMPANIES)
        assert whole == turn.get("whole", whole)
        assert [part for part in turn.get("must", ()) if part.lower() not in whole.lower()] == []
        assert [part for part in turn.get("must_not", ()) if part.lower() in whole.lower()] == []
        history.append((turn["question"], turn.get("answer", "")))


def test_without_history_a_question_is_left_alone() -> None:
    assert standalone(" 那2023年呢？", []) == " 那2023年呢？"


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("星澜装备2024年营业收入是多少？", "那2023年呢？", "星澜装备2023年营业收入是多少？"),
        (
            "北岭纸业股份有限公司2024年末存货余额是多少？",
            "2023年呢？",
            "北岭纸业股份有限公司2023年末存货余额是多少？",
        ),
        ("2024年研发费用是多少？", "占比多少？", "2024年研发费用占比多少？"),
        ("公司的营业收入是多少？", "2023年呢？", "2023年公司的营业收入是多少？"),
        (
            "What were Larkfield's net sales in 2024?",
            "What about gross profit?",
            "What were Larkfield's gross profit in 2024?",
        ),
    ],
)
def test_without_known_names_the_company_is_read_from_the_question(
    before: str, question: str, whole: str
) -> None:
    assert standalone(question, [(before, "")]) == whole


@pytest.mark.parametrize(
    "question",
    [
        "北岭纸业2023年的存货余额是多少？",
        "哪家公司的营业收入最高？",
        "What was Orlan Shipping's net profit in 2023?",
        "Which company has the highest margin?",
        "青禾仪器和星澜装备2022年的净利润分别是多少？",
    ],
)
def test_a_question_that_stands_alone_comes_back_unchanged(question: str) -> None:
    history = [("星澜装备2024年营业收入是多少？", "5万元[1]。")]
    assert standalone(question, history, companies=COMPANIES) == question


@given(
    st.lists(
        st.text(alphabet="那它2024年呢的净利润是多少？为什么和 abc's?,。", max_size=20), max_size=4
    ),
    st.text(alphabet="那它上年2023呢占比多少为什么？ what it's?", max_size=20),
)
def test_no_conversation_whatever_breaks_the_rules(asked: list[str], question: str) -> None:
    whole = standalone(question, [(text, text) for text in asked], companies=["净利", "abc"])
    assert len(whole) < 2000


class Rewriter:
    """A writer that always answers the same; it remembers what it was asked."""

    name, local = "scripted", True

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces
        self.asked: Sequence[Message] = ()

    def stream(self, messages: Sequence[Message], **_: object) -> Iterator[str]:
        self.asked = messages
        if not self.pieces:
            raise ModelError("the model endpoint is down; start it")
        yield from self.pieces

    def close(self) -> None:
        """Nothing to give back."""


HISTORY = [("星澜装备2024年营业收入是多少？", "48,120.55万元[1]。")]


def rewritten(question: str, *pieces: str) -> str:
    return standalone_by_model(question, HISTORY, writer=Rewriter(*pieces), companies=COMPANIES)


def test_a_model_rewrites_the_follow_up() -> None:
    said = "星澜装备2024年的研发人员有多少人？"
    assert rewritten("它的研发人员呢？", "改写后的问题：“", said, "”\n完毕") == said


def test_the_model_sees_the_conversation_without_markers_and_the_question_last() -> None:
    writer = Rewriter("星澜装备2023年营业收入是多少？")
    standalone_by_model("那2023年呢？", HISTORY, writer=writer)
    shown = writer.asked[-1].content
    assert "- 问：星澜装备2024年营业收入是多少？\n- 答：48,120.55万元。" in shown
    assert shown.endswith("那2023年呢？")


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "星澜装备2024年营业收入是多少？",
        "星澜装备2019年研发人员有多少人？",
        "星澜装备研发人员有多少？" + "很多" * 200,
    ],
)
def test_a_rewriting_that_does_not_keep_to_what_was_said_gives_way_to_the_rules(
    nonsense: str,
) -> None:
    assert rewritten("它的研发人员有多少？", nonsense) == "星澜装备2024年的研发人员有多少？"


def test_without_history_no_model_is_asked() -> None:
    assert standalone_by_model("那2023年呢？", [], writer=Rewriter()) == "那2023年呢？"


def test_a_model_that_is_down_is_the_callers_to_handle() -> None:
    with pytest.raises(ModelError, match="is down"):
        rewritten("那2023年呢？")
