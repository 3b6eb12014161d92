"""Markers of every style become [n]; statements know their sources; nothing unknown is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.citing import Cited, is_refusal, numbers_in, resolve


def plain(cited: Cited) -> list[tuple[str, tuple[int, ...]]]:
    return [(statement.text, statement.numbers) for statement in cited.statements]


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[1]", (1,)),
        ("[1, 3]", (1, 3)),
        ("[1，3、4]", (1, 3, 4)),
        ("[1-3]", (1, 2, 3)),
        ("[1–3, 5]", (1, 2, 3, 5)),
        ("[3-1]", (1, 2, 3)),
        ("［１］", (1,)),
        ("【1】", (1,)),
        ("【１、２】", (1, 2)),
        ("[^2]", (2,)),
        ("[[2]]", (2,)),
        ("[1][3]", (1, 3)),
        ("[1] [3]", (1, 3)),
        ("[来源2]", (2,)),
        ("【来源：1、来源2】", (1, 2)),
        ("[source 1, source 4]", (1, 4)),
        ("[Sources 1 and 2]", (1, 2)),
        ("[资料1至3]", (1, 2, 3)),
        ("[#5]", (5,)),
        ("【3†L1-L5】", (3,)),
        ("[1][1]", (1,)),
    ],
)
def test_markers_of_every_style_are_read(marker: str, numbers: tuple[int, ...]) -> None:
    cited = resolve(f"营业收入为5万元{marker}。", 5)
    assert plain(cited) == [("营业收入为5万元。", numbers)]
    assert cited.text == "营业收入为5万元" + "".join(f"[{n}]" for n in numbers) + "。"


def test_a_range_in_words_is_spelt_out() -> None:
    assert numbers_in("1, 3-5") == (1, 3, 4, 5)


@pytest.mark.parametrize(
    "text",
    [
        "证监许可[2024]12号",
        "〔2024〕3号",
        "(1)",
        "第【】条",
        "[a]",
        "[1.5]",
        "【1季度】",
        "[12345]",
    ],
)
def test_what_is_no_marker_stays(text: str) -> None:
    cited = resolve(f"见{text}", 5)
    assert cited.text == f"见{text}"
    assert cited.statements[0].numbers == ()


def test_unknown_numbers_are_taken_out_and_counted() -> None:
    cited = resolve("Sales rose [1, 99]. Costs fell [0][7].", 3)
    assert plain(cited) == [("Sales rose.", (1,)), ("Costs fell.", ())]
    assert cited.text == "Sales rose [1]. Costs fell."
    assert cited.unknown == (99, 0, 7)


def test_an_unknown_number_in_brackets_inside_brackets_is_taken_out_too() -> None:
    cited = resolve("收入为5万元【[33]52】。", 3)
    assert cited.text == "收入为5万元。"
    assert cited.unknown == (33, 52)


def test_a_range_beyond_the_sources_keeps_what_exists() -> None:
    cited = resolve("收入增长[2-4]。", 3)
    assert cited.statements[0].numbers == (2, 3)
    assert cited.unknown == (4,)


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        ("收入5万元。[1]利润3万元。[2]", "收入5万元[1]。利润3万元[2]。"),
        ("Sales rose.[1] Costs fell. [2]", "Sales rose [1]. Costs fell [2]."),
        ("名称为“新门店”[1]。", "名称为“新门店”[1]。"),
        ("他说“增长。”[1]", "他说“增长[1]。”"),
        ("Margin fell (5%) [1].", "Margin fell (5%) [1]."),
        ("收入5万元\n[1]", "收入5万元[1]"),
        ("收入5万元。\n\n[1][2]", "收入5万元[1][2]。"),
    ],
)
def test_markers_stand_before_the_closing_punctuation(draft: str, text: str) -> None:
    assert resolve(draft, 2).text == text


def test_markers_inside_a_sentence_keep_their_place() -> None:
    cited = resolve("2023年为5万元[1]，2024年为6万元[2]。", 2)
    assert cited.text == "2023年为5万元[1]，2024年为6万元[2]。"
    assert plain(cited) == [("2023年为5万元，2024年为6万元。", (1, 2))]


def test_clauses_with_their_own_markers_are_statements_of_their_own() -> None:
    assert plain(resolve("A为5万元[1]；B为6万元[2]。", 2)) == [
        ("A为5万元；", (1,)),
        ("B为6万元。", (2,)),
    ]
    assert plain(resolve("A为5万元；B为6万元[1][2]。", 2)) == [("A为5万元；B为6万元。", (1, 2))]


def test_markers_in_front_belong_to_what_follows() -> None:
    assert plain(resolve("[1] Sales rose. [2] Costs fell.", 2)) == [
        ("Sales rose.", (1,)),
        ("Costs fell.", (2,)),
    ]


def test_points_in_figures_and_abbreviations_end_no_sentence() -> None:
    draft = "Sales were 5.25 million at Orlan Inc. [1] They fell vs. 2023 in the U.S. market [2]."
    assert plain(resolve(draft, 2)) == [
        ("Sales were 5.25 million at Orlan Inc.", (1,)),
        ("They fell vs. 2023 in the U.S. market.", (2,)),
    ]


def test_numbering_and_bullets_are_no_part_of_a_statement() -> None:
    cited = resolve("1. Sales rose [1]\n2. Costs fell [2]\n- 利润为3万元[1]\n（3）员工12人[2]", 2)
    assert [text for text, _ in plain(cited)] == [
        "Sales rose",
        "Costs fell",
        "利润为3万元",
        "员工12人",
    ]
    assert cited.text.splitlines()[1] == "2. Costs fell [2]"


def test_offsets_point_at_the_statement_with_its_markers() -> None:
    cited = resolve("- A为5万元。[1] B为6万元[2]。\n合计11万元", 2)
    shown = [cited.text[s.start : s.end] for s in cited.statements]
    assert [text.strip() for text in shown] == ["A为5万元[1]。", "B为6万元[2]。", "合计11万元"]


@pytest.mark.parametrize(
    "draft",
    [
        "NOT_IN_DOCUMENTS",
        " NOT_IN_DOCUMENTS。",
        "`NOT_IN_DOCUMENTS` [1]",
        "NOT IN DOCUMENTS",
        "Not_in_the_documents.",
    ],
)
def test_the_refusal_word_is_a_refusal_however_it_is_dressed(draft: str) -> None:
    assert is_refusal(draft)
    assert resolve(draft, 1) == Cited("", (), refused=True)


@pytest.mark.parametrize("draft", ["", "  \n", "[1]", "…", "<think>hm</think>"])
def test_a_draft_that_states_nothing_is_a_refusal(draft: str) -> None:
    assert resolve(draft, 1).refused


def test_the_refusal_word_beside_a_statement_is_dropped() -> None:
    cited = resolve("收入为5万元[1]。\nNOT_IN_DOCUMENTS", 1)
    assert not cited.refused
    assert cited.text == "收入为5万元[1]。"


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("未提及：净利润", "净利润"),
        ("未提及：净利润。", "净利润"),
        ("净利润：未提及：净利润", "净利润"),
        ("Missing: net profit", "net profit"),
        ("- missing: net profit [1]", "net profit"),
        ("资料中没有2020年的数据。", "资料中没有2020年的数据。"),
        ("The sources do not state net profit.", "The sources do not state net profit."),
    ],
)
def test_parts_that_the_model_names_as_missing_are_no_statements(line: str, part: str) -> None:
    cited = resolve(f"收入为5万元[1]。\n{line}", 1)
    assert cited.missing == (part,)
    assert plain(cited) == [("收入为5万元。", (1,))]


def test_nothing_missing_is_not_a_missing_part() -> None:
    assert resolve("收入为5万元[1]。\n未提及：无", 1).missing == ()


def test_what_is_said_twice_stands_once() -> None:
    assert resolve("好[1]。好[1]。好[2]。", 2).text == "好[1]。"


def test_reasoning_a_lead_in_and_bold_marks_are_left_out() -> None:
    draft = "<think>5 or 6? [2]</think>\n答案：**5万元**[1]"
    assert resolve(draft, 2).text == "5万元[1]"


@given(st.text(alphabet="ab5。.；;\n []【】1239-,、“”()", max_size=60), st.integers(0, 3))
def test_any_draft_gives_known_numbers_and_true_offsets(draft: str, count: int) -> None:
    cited = resolve(draft, count)
    for statement in cited.statements:
        assert all(1 <= number <= count for number in statement.numbers)
        marked = cited.text[statement.start : statement.end]
        assert len(marked) >= len(statement.text)
    assert cited.refused == (not cited.statements)
    assert all(not 1 <= number <= count for number in cited.unknown)


@given(st.text(alphabet="ab5。.；\n [1][2]【】3-,", max_size=50))
def test_no_unknown_number_is_left_in_the_text(draft: str) -> None:
    assert resolve(resolve(draft, 3).text, 3).unknown == ()
