"""The prompt files and their loader."""

from __future__ import annotations

from typing import get_args

import pytest

from prompts import REFUSAL, Language, Message, PromptError, Role, Source, language_of, load, parse

FILES = [(role, lang) for role in get_args(Role) for lang in get_args(Language)]
VALUES = {
    "sources": [Source(1, "Annual report · page 3", "Sales were 5.")],
    "text": "What were sales?",
    "lines": ["one", "two"],
}
GOOD = "---\nquestion: text\n---\n# system\nBe short.\n\n# user\n{{question}}\n"


@pytest.mark.parametrize(("role", "lang"), FILES)
def test_every_role_loads_and_renders_in_every_language(role: Role, lang: Language) -> None:
    prompt = load(role, lang)
    messages = prompt.render(**{name: VALUES[kind] for name, kind in prompt.variables.items()})
    assert messages[0].role == "system"
    assert messages[-1].role == "user"
    assert not any("{{" in message.content for message in messages)


@pytest.mark.parametrize(("role", "lang"), FILES)
def test_the_stable_part_stands_first_and_the_last_turn_holds_all_variables(
    role: Role, lang: Language
) -> None:
    *stable, last = load(role, lang).turns
    assert not any("{{" in turn.content for turn in stable)
    for name in load(role, lang).variables:
        assert "{{" + name + "}}" in last.content


@pytest.mark.parametrize("lang", get_args(Language))
@pytest.mark.parametrize("role", ["answer", "repair", "condense"])
def test_the_question_is_the_last_thing_a_model_reads(role: Role, lang: Language) -> None:
    assert load(role, lang).turns[-1].content.endswith("{{question}}")


@pytest.mark.parametrize("lang", get_args(Language))
@pytest.mark.parametrize("role", ["answer", "repair"])
def test_writing_roles_name_the_refusal_word_and_distrust_their_sources(
    role: Role, lang: Language
) -> None:
    system = load(role, lang).turns[0].content
    assert REFUSAL in system
    assert "data" in system or "数据" in system


@pytest.mark.parametrize(("role", "lang"), FILES)
def test_prompts_stay_short_for_small_machines(role: Role, lang: Language) -> None:
    characters = sum(len(turn.content) for turn in load(role, lang).turns)
    assert characters < (600 if lang == "zh" else 1400)


@pytest.mark.parametrize("lang", get_args(Language))
def test_the_example_in_the_answer_prompt_looks_like_a_rendered_source(lang: Language) -> None:
    prompt = load("answer", lang)
    shown = prompt.render(sources=[Source(1, "A", "b")], question="q")
    fence = shown[-1].content.splitlines()[0]
    assert fence.split(" from=")[0] in prompt.turns[1].content
    assert "\n</source>" in prompt.turns[1].content


def test_values_stand_as_given_and_are_not_substituted_again() -> None:
    prompt = parse(GOOD.replace("question: text", "question: text\nx: text") + "{{x}}", name="t")
    last = prompt.render(question="what is {{x}}?", x="secret")[-1].content
    assert last == "what is {{x}}?\nsecret"


def test_lines_become_a_list_of_single_lines() -> None:
    prompt = parse(GOOD.replace("question: text", "question: lines"), name="t")
    assert prompt.render(question=["a\nb", "c"])[-1].content == "- a b\n- c"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("{{question}}", "{{questoin}}"), "uses questoin"),
        (GOOD.replace("{{question}}", ""), "uses nothing"),
        (GOOD.replace("question: text\n", "question: text\nextra: text\n"), "declares extra"),
        (GOOD.replace(": text", ": number"), "use lines, sources, text"),
        ("# user\n{{question}}\n", "between --- lines"),
        ("---\nquestion: text\n---\n{{question}}\n", "under # system"),
        (GOOD.replace("# system", "Hello\n# system"), "under # system"),
    ],
)
def test_a_prompt_file_that_does_not_fit_together_is_refused(text: str, says: str) -> None:
    with pytest.raises(PromptError, match=says):
        parse(text, name="t")


def test_render_wants_exactly_the_declared_variables() -> None:
    prompt = load("decompose", "en")
    with pytest.raises(PromptError, match="needs question"):
        prompt.render()
    with pytest.raises(PromptError, match="given other, question"):
        prompt.render(question="q", other="x")


@pytest.mark.parametrize("value", ["plain text", [("1", "a", "b")]])
def test_sources_must_be_sources_so_that_nothing_goes_in_unfenced(value: object) -> None:
    with pytest.raises(PromptError, match="sources must be sources"):
        load("answer", "en").render(sources=value, question="q")  # type: ignore[arg-type]


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(PromptError, match=r"no prompt poet\.en"):
        load("poet", "en")  # type: ignore[arg-type]


def test_the_hash_changes_with_the_wording_and_not_with_line_ends() -> None:
    one = parse(GOOD, name="t")
    assert one.hash == parse(GOOD.replace("\n", "\r\n"), name="t").hash
    assert one.hash != parse(GOOD.replace("short", "brief"), name="t").hash
    assert one.turns[0] == Message("system", "Be short.")


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("营业收入是多少？", "zh"),
        ("What were sales?", "en"),
        ("Orlan的ROE?", "zh"),
        ("2024?", "en"),
    ],
)
def test_the_language_of_a_question(question: str, lang: Language) -> None:
    assert language_of(question) == lang
