from __future__ import annotations

from rag.index.memory import PassageTerms
from rag.index.terms import terms
from rag.retrieve.concepts import Concept, concepts_of, period_forms
from rag.retrieve.score import lexical_scores, wanted


def forms(text: str, *, english: bool = False) -> dict[str, list[tuple[str, ...]]]:
    return {c.said: list(c.forms) for c in concepts_of(text, english=english)}


def row(text: str, section: str = "", caption: str = "") -> PassageTerms:
    return PassageTerms(*(tuple(terms(part)) for part in ("", section, caption, text)))


def scores(
    concepts: tuple[Concept, ...], *rows: PassageTerms, english: bool = False
) -> list[float]:
    frequency: dict[str, int] = {}
    for passage in rows:
        for term in {*passage.section, *passage.caption, *passage.body}:
            frequency[term] = frequency.get(term, 0) + 1
    return lexical_scores(wanted(concepts, frequency, len(rows) + 20, english=english), rows)


def test_what_people_say_brings_what_filings_print() -> None:
    assert tuple(terms("营业收入")) in forms("营收有多少")["营收"]


def test_an_english_measure_brings_its_chinese_form() -> None:
    assert (
        tuple(terms("毛利率")) in forms("What was the gross margin?", english=True)["gross margin"]
    )


def test_every_term_of_a_question_belongs_to_an_idea() -> None:
    covered = {
        t for c in concepts_of("某产品2024年毛利率", english=False) for f in c.forms for t in f
    }
    assert {"某产", "产品", "2024", "毛利", "利率"} <= covered


def test_a_half_year_may_be_printed_as_the_balance_date() -> None:
    assert period_forms("2024h1") == (("2024-06-30",),)
    assert ("2023h1",) in period_forms("2023-06-30")


def test_a_single_quarter_may_stand_in_a_row_under_its_year() -> None:
    assert period_forms("2023q4") == (tuple(terms("第四季度")),)


def test_a_month_brings_its_last_day() -> None:
    assert period_forms("2025-06") == (("2025-06-30",),)


def test_a_passage_with_the_printed_form_beats_one_with_half_of_the_words() -> None:
    asked = concepts_of("账上现金", english=False)
    exact, partial = scores(asked, row("货币资金为12.5万元"), row("现金流量表的编制"))
    assert exact > partial


def test_two_forms_of_one_idea_count_once() -> None:
    asked = concepts_of("营收", english=False)
    once, twice = scores(asked, row("营业收入12.5"), row("营业收入12.5 销售收入"))
    assert twice < once * 1.1


def test_the_heading_above_counts_for_a_passage() -> None:
    asked = concepts_of("存货周转率", english=False)
    under, elsewhere = scores(
        asked, row("2024年为3.5次", section="存货周转率"), row("2024年为3.5次")
    )
    assert under > elsewhere


def test_a_question_of_which_nothing_occurs_scores_nothing() -> None:
    asked = concepts_of("毛利率", english=False)
    assert scores(asked, row("董事会会议")) == [0.0]
