from __future__ import annotations

from rag.retrieve.names import named, names_of, without_names
from rag.retrieve.query import understand
from rag.types import FilingRef


def ref(name: str, company: str, *aliases: str) -> FilingRef:
    return FilingRef(
        name, f"{company}报告", company, "", "prospectus", "2024", f"{name}.txt", aliases
    )


CHENGHAI = ref("a", "澄海样例股份有限公司", "澄海样例", "澄海", "Chenghai Sample")
LINJIANG = ref("b", "临江光学股份有限公司", "临江光学", "临江")
REFS = [CHENGHAI, LINJIANG]


def test_a_short_name_selects_the_filing() -> None:
    assert named("澄海样例的毛利率是多少?", REFS) == {"a": "澄海样例"}


def test_two_companies_select_both_filings() -> None:
    assert set(named("澄海样例和临江光学谁的收入高?", REFS)) == {"a", "b"}


def test_an_english_name_selects_the_filing() -> None:
    assert set(named("What did Chenghai Sample earn?", REFS)) == {"a"}


def test_a_name_in_pinyin_selects_the_filing() -> None:
    assert set(named("How much did Linjiang sell in 2024?", REFS)) == {"b"}


def test_of_two_companies_one_may_be_spelt_in_pinyin() -> None:
    asked = "Who earned more, Chenghai Sample or Linjiang?"
    assert named(asked, REFS) == {"a": "chenghai sample", "b": "linjiang"}


def test_the_place_in_front_of_a_name_does_not_select_it() -> None:
    placed = ref("c", "浙江北岭仪表股份有限公司", "浙江北岭仪表", "北岭仪表")
    assert named("What are its sales in Zhejiang?", [placed]) == {}
    assert named("What are the sales of Beiling?", [placed]) == {"c": "beiling"}


def test_an_english_word_is_not_taken_for_pinyin() -> None:
    change = ref("c", "昌革科技股份有限公司", "昌革")
    assert named("What was the change in revenue?", [change]) == {}


def test_no_company_selects_nothing() -> None:
    query = understand("发行人的毛利率是多少?", REFS)
    assert query.filings is None


def test_the_name_leaves_the_question_with_what_goes_on_of_it() -> None:
    left = without_names("临江光学股份2024年收入", {"b": "临江光学"}, REFS, {})
    assert left.split() == ["2024年收入"]


def test_a_name_inside_a_defined_longer_one_stays() -> None:
    forms = {"a": {"澄海百味": "澄海百味食品有限公司"}}
    left = without_names("澄海百味的收入", {"a": "澄海"}, REFS, forms)
    assert "澄海百味" in left


def test_words_of_a_file_name_that_say_what_it_is_are_no_names() -> None:
    filing = FilingRef("d", "", "", "", "report", "", "2024-wessex-annual-report.pdf")
    assert names_of(filing) == ("wessex",)


def test_a_question_in_english_that_quotes_a_chinese_name_is_english() -> None:
    query = understand("What was the gross margin of 澄海样例 in the first half of 2024?", REFS)
    assert query.language == "en"
    assert query.periods == ("2024", "2024h1")
    assert "毛利率" in query.meaning
