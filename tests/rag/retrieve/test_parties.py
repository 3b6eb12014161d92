from __future__ import annotations

from rag.index.terms import terms
from rag.retrieve.concepts import concepts_of
from rag.retrieve.parties import parties, with_parties
from rag.retrieve.query import understand
from rag.types import FilingRef

TARGET = "澄海百味食品有限公司"
FORMS = {
    "标的公司": TARGET, "澄海百味": TARGET, "本公司": "临江光学股份有限公司",
    "临江光学": "临江光学股份有限公司", "交易对方": "百味控股",
}  # fmt: skip
REF = FilingRef("b", "报告书", "临江光学股份有限公司", "", "report", "", "b.txt", ("临江光学",))


def test_short_forms_of_one_full_form_are_one_party() -> None:
    assert parties(FORMS, ["临江光学"]) == [("标的公司", "澄海百味")]


def test_the_name_of_the_target_also_finds_its_role() -> None:
    query = understand("临江光学收购的澄海百味2023年收入", [REF], {"b": FORMS})
    idea = next(c for c in query.concepts if c.said == "澄海百味")
    assert tuple(terms("标的公司")) in idea.forms


def test_the_role_also_finds_the_name() -> None:
    query = understand("临江光学的标的公司2023年收入是多少", [REF], {"b": FORMS})
    idea = next(c for c in query.concepts if c.said == "标的公司")
    assert tuple(terms("澄海百味")) in idea.forms


def test_the_role_in_english_also_finds_the_name() -> None:
    query = understand("Revenue of the target company of 临江光学?", [REF], {"b": FORMS})
    assert any(tuple(terms("澄海百味")) in c.forms for c in query.concepts)


def test_the_pieces_of_the_name_leave_when_it_becomes_one_idea() -> None:
    before = concepts_of("澄海百味收入", english=False)
    after = with_parties(before, "澄海百味收入", [("标的公司", "澄海百味")])
    assert "海百" in {c.said for c in before}
    assert "海百" not in {c.said for c in after}
