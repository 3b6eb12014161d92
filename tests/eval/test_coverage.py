from __future__ import annotations

from eval.metrics.coverage import answer_coverage, coverage, is_covered, within_budget
from eval.questions import Evidence, Question
from eval.results import Found

ITEM = Evidence("a.txt", "7-2-15", ("4,464.00", "982.00"))
QUESTION = Question(
    "q",
    "?",
    "zh",
    "table",
    "",
    must=(("4464",), ("982",)),
    evidence=(ITEM, Evidence("a.txt", "7-2-16", quote="新建三车间")),
)


def hit(text: str, page: str = "7-2-15", source: str = "a.txt") -> Found:
    return Found(source, text, (page,))


def test_the_last_hit_is_cut_at_the_budget() -> None:
    read = within_budget([hit("甲" * 600), hit("乙" * 600), hit("丙")], 1000)
    assert [len(h.text) for h in read] == [600, 400]


def test_figures_may_be_spread_over_hits_of_the_right_file() -> None:
    assert is_covered(ITEM, [hit("面积 4464 平方米"), hit("金额982万元")])
    assert not is_covered(ITEM, [hit("面积4,464.00"), hit("982.00", source="b.txt")])


def test_half_of_the_evidence_is_half_the_coverage() -> None:
    score = coverage(QUESTION, [hit("4,464.00平方米，982.00万元")], 1000)
    assert score.value == 0.5
    assert "新建三车间" in score.explanation


def test_evidence_beyond_the_budget_is_not_covered() -> None:
    hits = [hit("前" * 999 + "4,464.00 982.00 新建三车间")]
    assert coverage(QUESTION, hits, 1000).value == 0
    assert coverage(QUESTION, hits, 2000).value == 1


def test_the_strict_variant_wants_the_page() -> None:
    hits = [hit("4,464.00 982.00", page="7-2-14"), hit("新建三车间", page="7-2-16")]
    assert coverage(QUESTION, hits, 1000).value == 1
    assert coverage(QUESTION, hits, 1000, strict=True).value == 0.5


def test_a_hit_over_two_pages_covers_both() -> None:
    both = Found("a.txt", "4,464.00 982.00 新建三车间", ("7-2-15", "7-2-16"))
    assert coverage(QUESTION, [both], 1000, strict=True).value == 1


def test_answer_coverage_wants_an_alternative_of_every_group() -> None:
    assert answer_coverage(QUESTION, [hit("4464平方米和982万元")], 1000).value == 1
    assert answer_coverage(QUESTION, [hit("4464平方米")], 1000).value == 0


def test_glued_integer_cells_of_a_row_are_seen() -> None:
    item = Evidence("a.txt", "第67页", ("112", "91", "76", "75"))
    assert is_covered(item, [hit("期末研发人员数量757691112", "第67页")])
    assert not is_covered(item, [hit("期末研发人员数量757691113", "第67页")])


def test_a_question_without_evidence_is_unscored() -> None:
    assert coverage(Question("q", "?", "zh", "unanswerable", ""), [], 1000).value is None
