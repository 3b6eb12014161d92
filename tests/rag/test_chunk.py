from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunk import TEXT_TOKENS, passages_of
from rag.tokens import count_tokens
from rag.types import Block, Filing, FilingRef, Heading, Page, Paragraph, Table

REF = FilingRef("f1", "样例报告", "澄海样例股份有限公司", "", "annual report", "2024", "a.txt")


def filing(*pages: tuple[str | None, list[Block]], kind: str = "annual report") -> Filing:
    ref = FilingRef("f1", REF.title, REF.company, "", kind, "2024", "a.txt")
    return Filing(
        ref, tuple(Page(label, i, tuple(blocks)) for i, (label, blocks) in enumerate(pages))
    )


def test_a_passage_stays_in_its_section_and_knows_its_path() -> None:
    blocks: list[Block] = [
        Heading("第一节 概况", 1),
        Paragraph("公司成立于2003年。"),
        Heading("一、股本", 3),
        Paragraph("总股本为1,000万股。"),
        Heading("第二节 财务", 1),
        Paragraph("营业收入为500万元。"),
    ]
    found = passages_of(filing(("1", blocks)))
    assert [p.section for p in found] == [
        ("第一节 概况",),
        ("第一节 概况", "一、股本"),
        ("第二节 财务",),
    ]
    assert [p.text for p in found][1] == "总股本为1,000万股。"


def test_a_sentence_over_a_page_break_is_whole_and_cited_to_the_page_where_it_begins() -> None:
    one: list[Block] = [
        Paragraph("甲事项已经完成。乙事项的投资总额为1,200万元,其中", open_end=True)
    ]
    two: list[Block] = [Paragraph("设备800万元。丙事项尚未开始。")]
    first, last = passages_of(filing(("7-1", one), ("7-2", two)))
    assert first.text == "甲事项已经完成。乙事项的投资总额为1,200万元,其中设备800万元。"
    assert first.pages == ("7-1", "7-2")
    assert first.page_at(first.text.index("1,200")) == "7-1"
    assert first.page_at(first.text.index("设备")) == "7-2"
    assert (last.text, last.pages) == ("丙事项尚未开始。", ("7-2",))


def test_a_long_table_is_split_by_rows_and_each_part_repeats_its_head() -> None:
    rows = tuple((f"产品{n}", f"{n},000.00", f"{n},500.00") for n in range(1, 80))
    table = Table("产品收入如下:", "万元", (("产品", "2024年", "2023年"),), rows)
    found = passages_of(filing(("1", [Paragraph("产品收入如下:"), table])))
    assert len(found) > 1
    for part in found:
        assert part.text.startswith("产品收入如下:\n单位:万元\n产品 | 2024年 | 2023年\n")
    shown = [line for p in found for line in p.text.split("\n")[3:]]
    assert shown == [" | ".join(row) for row in rows]


def test_the_regulators_question_the_reply_and_the_opinion_are_told_apart() -> None:
    blocks: list[Block] = [
        Heading("问题1:关于经营业绩", 2),
        Paragraph("申报材料显示营业收入为100万元。"),
        Paragraph("【回复】"),
        Heading("一、收入情况", 3),
        Paragraph("营业收入为120万元。"),
        Heading("二、会计师核查意见", 3),
        Paragraph("经核查,收入真实。"),
        Heading("问题2:关于采购", 2),
        Paragraph("请说明采购情况。"),
    ]
    found = passages_of(filing(("1", blocks), kind="inquiry reply"))
    assert [p.speaker for p in found] == ["question", "reply", "opinion", "question"]
    assert "【回复】" not in "".join(p.text for p in found)


def test_outside_inquiry_replies_nobody_in_particular_speaks() -> None:
    assert passages_of(filing(("1", [Paragraph("营业收入为120万元。")])))[0].speaker is None


def test_items_of_a_digest_never_share_a_passage_and_name_their_own_company() -> None:
    blocks: list[Block] = [
        Paragraph("融资与扩产消息汇总;半导体新厂 | 产业日报"),
        Paragraph("栖禾生物制药股份有限公司宣布完成1.5亿元人民币B轮融资,资金用于产能建设。"),
        Paragraph("霁川半导体股份有限公司公告,拟投资20亿元建设二期晶圆厂,预计明年动工。"),
        Paragraph("岭舟港务股份有限公司公布上半年集装箱吞吐量,同比增长10.2%。"),
        Paragraph("沐榕水务宣布中标一项智慧水表采购项目,金额约0.8亿元。"),
        Paragraph("朔川新材公告,控股子公司获得政府补助1,200万元。"),
    ]
    found = {p.text[:2]: p.item for p in passages_of(filing((None, blocks), kind="news"))}
    assert "栖禾" in found["栖禾"]
    assert "霁川" in found["霁川"]
    assert "岭舟" in found["岭舟"]


def test_ids_depend_on_content_alone() -> None:
    blocks: list[Block] = [Paragraph("营业收入为120万元。")]
    assert passages_of(filing(("1", blocks)))[0].id == passages_of(filing(("1", blocks)))[0].id


SENTENCES = st.lists(
    st.text("收入成本利润增长公司项目建设", min_size=1, max_size=120).map(lambda s: s + "。"),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=6))
def test_no_sentence_is_cut_or_lost_and_only_a_long_one_exceeds_the_limit(
    paragraphs: list[list[str]],
) -> None:
    blocks: list[Block] = [Paragraph("".join(p)) for p in paragraphs]
    found = passages_of(filing(("1", blocks)))
    assert "".join(p.text.replace("\n", "") for p in found) == "".join(
        "".join(p) for p in paragraphs
    )
    for passage in found:
        assert passage.text.endswith("。")
        assert count_tokens(passage.text) <= TEXT_TOKENS + 40 or passage.text.count("。") == 1
