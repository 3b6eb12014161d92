"""Verdicts on composed answers."""

from rag.answer.draft import Draft
from rag.answer.settled import settled
from rag.types import Check, Citation

ROW = "净利润（万元） | 18,360.00 | 15,180.00"
CITED = Citation(1, "p", "f", "年报", "a.txt", "3", (), ROW, 0, len(ROW))


def draft(text: str) -> Draft:
    return Draft(text, "answered", (CITED,))


def unsupported(claim: str) -> Check:
    return Check("amount", claim, "unsupported")


def test_the_result_of_a_shown_expression_is_computed_from_its_quoted_operands() -> None:
    text = "差额：18,360.00 − 15,180.00 = 3,180.00[1]"
    made = settled(unsupported("3,180.00"), draft(text))
    assert (made.verdict, made.operands) == ("computed", (1, 1))
    assert made.expression == "18,360.00 - 15,180.00 = 3,180.00"


def test_a_result_that_the_expression_does_not_give_stays_unsupported() -> None:
    text = "差额：18,360.00 − 15,180.00 = 3,190.00[1]"
    assert settled(unsupported("3,190.00"), draft(text)).verdict == "unsupported"


def test_an_expression_over_figures_that_nothing_quotes_stays_unsupported() -> None:
    text = "差额：18,361.00 − 15,180.00 = 3,181.00[1]"
    assert settled(unsupported("3,181.00"), draft(text)).verdict == "unsupported"


def test_a_figure_that_the_quote_prints_is_supported() -> None:
    made = settled(unsupported("15,180.00"), draft("净利润: 15,180.00万元[1]"))
    assert (made.verdict, made.citation) == ("supported", 1)


def test_a_figure_of_no_quote_stays_unsupported() -> None:
    assert settled(unsupported("15,181.00"), draft("15,181.00[1]")).verdict == "unsupported"
