"""A small invented world: six companies, their filings, questions, and a system that can be broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from eval.cache import Cache
from eval.metrics import METRICS
from eval.questions import Evidence, Question
from eval.results import Cited, Found, Given, Result
from eval.runner import Options, ask_all
from eval.runs import Run, score_results

NAMES = ("星泽机电", "澜川药业", "启衡材料", "穆远食品", "拓岭矿业", "青禾软件")


def facts(i: int) -> list[tuple[str, str, str]]:
    """(what is asked, figure with unit, sentence) of company i, one to a page."""
    name = NAMES[i]
    revenue, margin, staff = (
        f"{12_345.67 + 1_111.11 * i:,.2f}",
        f"{21.35 + i:.2f}",
        f"{1_204 + 37 * i:,}",
    )
    loss = f"{310.25 + 17.5 * i:.2f}"
    return [
        (
            f"{name}2024年营业收入是多少？",
            f"{revenue}万元",
            f"{name}2024年营业收入为{revenue}万元。",
        ),
        (f"{name}2024年综合毛利率是多少？", f"{margin}%", f"{name}2024年综合毛利率为{margin}%。"),
        (f"{name}期末员工总数有多少？", f"{staff}人", f"{name}期末员工总数为{staff}人。"),
        (f"{name}海外业务的净利润是多少？", f"-{loss}万元", f"{name}海外业务净利润为-{loss}万元。"),
    ]


def world() -> tuple[list[Found], list[Question]]:
    """All pages (each a passage) and all questions, six of which have no answer."""
    pages, questions = [], []
    for i, name in enumerate(NAMES):
        source = f"filing-{i}.txt"
        for j, (asked, figure, sentence) in enumerate(facts(i)):
            page = f"1-1-{j + 1}"
            pages.append(Found(source, sentence, (page,), title=name))
            number = figure.strip("-万元人%")
            questions.append(
                Question(
                    f"q{i}{j}", asked, "zh", "lookup", sentence, must=((number if figure[0] != "-" else figure,),),
                    evidence=(Evidence(source, page, (number,)),),
                )
            )  # fmt: skip
        pages.append(Found(source, f"{name}的其他事项以董事会公告为准。", ("1-1-9",), title=name))
        near = (Evidence(source, "1-1-1", quote="2024年营业收入"),)
        asked = f"{name}2019年研发人员奖金是多少？"
        questions.append(Question(f"q{i}9", asked, "zh", "unanswerable", "文件未披露。", near=near))
    return pages, questions


def pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


@dataclass
class FakeSystem:
    """Finds pages by shared character pairs and answers with the sentence of the first one.

    `break_hits` and `break_answer` put a fault into it.
    """

    pages: list[Found]
    known: Mapping[str, str]
    break_hits: Callable[[list[Found]], list[Found]] = lambda hits: hits
    break_answer: Callable[[Given, Question], Given] = lambda given, question: given
    name: str = "fake"
    workers: int = 4
    answers: bool = True
    sources: frozenset[str] | None = None

    def search(self, question: Question, k: int) -> tuple[Found, ...]:
        asked = pairs(question.question)
        ranked = sorted(self.pages, key=lambda page: -len(asked & pairs(page.text)))
        return tuple(replace(hit, rank=i) for i, hit in enumerate(self.break_hits(ranked)[:k], 1))

    def answer(self, question: Question) -> Given:
        if "2019" in question.question:
            given = Given("文件中没有说明。", "not_found", model="fake")
        else:
            hit = self.search(question, 1)[0]
            cited = Cited(1, hit.source, hit.pages[0], hit.text, hit.text, hit.pages[0])
            given = Given(
                f"{hit.text}[1]", "answered", (cited,), model="fake", tokens={"prompt": 100}
            )
        return self.break_answer(given, question)

    def depends_on(self, question: Question, step: str) -> Mapping[str, str]:
        return {}

    def describe(self) -> Mapping[str, Any]:
        return {}

    def close(self) -> None:
        return None


def make_run(system: FakeSystem, questions: list[Question], **options: Any) -> Run:
    """A scored run of `system`; times are set to fixed values so that they can be compared."""
    results = ask_all(system, questions, Options(**options), cache=Cache(None))
    timed = tuple(replace(r, seconds={"search": 0.01, "answer": 0.1}) for r in results)
    return Run(
        "fake",
        "2026-01-01T00:00:00+00:00",
        tuple(questions),
        timed,
        score_results(questions, timed, METRICS),
        {},
    )


@dataclass
class World:
    pages: list[Found]
    questions: list[Question]

    def system(self, **faults: Any) -> FakeSystem:
        return FakeSystem(self.pages, {}, **faults)

    def run(self, **faults: Any) -> Run:
        return make_run(self.system(**faults), self.questions)


@pytest.fixture
def fake_world() -> World:
    return World(*world())


@pytest.fixture
def ask() -> Callable[..., tuple[Question, Result]]:
    """Build a question and a result for one metric's test."""

    def build(
        text: str = "", *, hits: tuple[Found, ...] = (), status: str = "answered",
        citations: tuple[Cited, ...] = (), **fields: Any,
    ) -> tuple[Question, Result]:  # fmt: skip
        values = {
            "id": "q",
            "question": "问？",
            "lang": "zh",
            "type": "lookup",
            "answer": "",
        } | fields
        return Question(**values), Result("q", hits, Given(text, status, citations))

    return build
