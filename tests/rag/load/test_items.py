"""Many items in one file: each paragraph's item is its own, headlines and rubrics are headings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.load.items import headlines, is_digest, item_of_paragraphs, with_headlines
from rag.load.subjects import subject
from rag.load.text import load_text, pages_of
from rag.types import Heading, Page, Paragraph, Table

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "filings"


def page(*lines: str) -> tuple[Page, ...]:
    return (Page(None, 0, tuple(map(Paragraph, lines))),)


DIGEST = page(
    "甲乙生物上市；丙丁港务增长；戊己电子扩产 | 产业日报(某财讯2025年9月18日讯)公司动态",
    "甲乙生物宣布，其疫苗获批上市。",
    "公司预计年内供货。",
    "丙丁港务公布上半年业绩，营业收入增长7%。",
    "庚辛电池与壬癸材料签署电解液供应协议，期限三年。",
    "融资与并购",
    "药监局批准了子丑医疗科技有限公司的监护仪注册申请。",
    "瑞士药企寅卯(Yinmao)宣布新建工厂。",
    "八月份水表招标量387万台，环比增长5%。",
)

PAPER = page(
    "生产与研发承压 甲乙生物出海受挫6月14日晚间，甲乙生物制药股份有限公司公告称，工厂未通过检查，公司将整改。",
    "甲乙生物表示，将与检查机构沟通。甲乙生物今年收入增长。",
    "● 本报记者 张某",
    "某图片社图片",
    "制剂线有缺陷",
    "公告显示，甲乙生物于2月接受检查。",
    "丙丁科技总经理李某：",
    "聚焦液冷 抢抓窗口● 本报记者 王某",
    "丙丁科技集团股份有限公司深耕温控二十年。丙丁科技看好液冷。丙丁科技在海外建厂。",
    "李某表示，订单增长。",
)


def labels(pages: tuple[Page, ...]) -> dict[str, str]:
    """Text of a block -> its item, for the pages as the loader lays them out."""
    laid = with_headlines("news", pages)
    found = item_of_paragraphs("news", laid)
    return {
        block.text: found.get((i, k), "")
        for i, one in enumerate(laid)
        for k, block in enumerate(one.blocks)
        if not isinstance(block, Table)
    }


def test_each_line_of_a_digest_is_an_item_with_its_own_subject() -> None:
    found = labels(DIGEST)
    assert found["甲乙生物宣布，其疫苗获批上市。"] == "甲乙生物"
    assert found["丙丁港务公布上半年业绩，营业收入增长7%。"] == "丙丁港务"


def test_a_line_that_goes_on_belongs_to_the_item_before_it() -> None:
    assert labels(DIGEST)["公司预计年内供货。"] == "甲乙生物"


def test_an_item_of_two_companies_names_both() -> None:
    assert (
        labels(DIGEST)["庚辛电池与壬癸材料签署电解液供应协议，期限三年。"] == "庚辛电池、壬癸材料"
    )


def test_the_item_of_an_authority_is_the_company_that_it_speaks_of() -> None:
    found = labels(DIGEST)["药监局批准了子丑医疗科技有限公司的监护仪注册申请。"]
    assert found == "子丑医疗科技有限公司"


def test_a_line_without_company_has_its_matter_as_item() -> None:
    assert labels(DIGEST)["八月份水表招标量387万台，环比增长5%。"].startswith("八月份水表招标量")


def test_the_title_of_a_digest_belongs_to_no_item() -> None:
    title = next(iter(labels(DIGEST)))
    assert title.endswith("日讯)")
    assert labels(DIGEST)[title] == ""


def test_rubrics_become_headings_also_where_one_was_glued_to_the_dateline() -> None:
    blocks = with_headlines("news", DIGEST)[0].blocks
    assert [b.text for b in blocks if isinstance(b, Heading)] == ["公司动态", "融资与并购"]
    assert is_digest("news", DIGEST)
    assert headlines("news", DIGEST) == ()


def test_articles_of_one_page_keep_their_companies_apart() -> None:
    found = labels(PAPER)
    assert found["公告显示，甲乙生物于2月接受检查。"] == "甲乙生物"
    assert found["● 本报记者 张某"] == "甲乙生物"
    assert found["李某表示，订单增长。"] == "丙丁科技"
    assert set(found.values()) == {"甲乙生物", "丙丁科技"}


def test_headlines_are_cut_off_what_they_were_glued_to_and_become_headings() -> None:
    assert headlines("news", PAPER) == (
        "生产与研发承压 甲乙生物出海受挫",
        "丙丁科技总经理李某：聚焦液冷 抢抓窗口",
    )
    ranked = [
        (b.text, b.level) for b in with_headlines("news", PAPER)[0].blocks if isinstance(b, Heading)
    ]
    assert ranked == [
        ("生产与研发承压 甲乙生物出海受挫", 1),
        ("制剂线有缺陷", 2),
        ("丙丁科技总经理李某：", 1),
        ("聚焦液冷 抢抓窗口", 1),
    ]


def test_a_picture_credit_is_no_headline() -> None:
    blocks = with_headlines("news", PAPER)[0].blocks
    assert Paragraph("某图片社图片") in blocks


def test_a_single_article_is_no_collection() -> None:
    one = page(
        "甲乙科技签下大单",
        "本报讯（记者 王某）甲乙科技股份有限公司5月6日公告，公司中标。",
        "甲乙科技表示，项目金额较大。",
        "分析师认为，甲乙科技订单充足。",
    )
    assert item_of_paragraphs("news", with_headlines("news", one)) == {}


def test_sections_about_different_companies_are_articles_without_bylines() -> None:
    blocks = (
        Heading("本周要闻", 1),
        Heading("甲乙科技中标", 2),
        Paragraph("甲乙科技股份有限公司周一公告中标。甲乙科技称金额较大，甲乙科技股价上涨。"),
        Heading("丙丁能源停产", 2),
        Paragraph("丙丁能源股份有限公司周二公告停产。丙丁能源称检修，丙丁能源预计月底复产。"),
    )
    found = labels((Page(None, 0, blocks),))
    assert found["甲乙科技中标"] == "甲乙科技"
    assert found["丙丁能源停产"] == "丙丁能源"


@pytest.mark.parametrize("kind", ["annual report", "inquiry reply", "10-K"])
def test_other_kinds_are_left_alone(kind: str) -> None:
    assert with_headlines(kind, DIGEST) == DIGEST
    assert item_of_paragraphs(kind, DIGEST) == {}


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("近日，甲乙药业的新药未达终点。", "甲乙药业"),
        ("3、甲乙重工中标电站设备。", "甲乙重工"),
        ("甲乙传动控股股东甲乙控股计划减持。", "甲乙传动"),
        ("宸和检测以5亿元收购北汀计量51%股权。", "宸和检测"),
        ("甲乙仪器（Jiayi Instruments）预计收入增长。", "甲乙仪器"),
        ("由某基金支持的大模型公司甲乙图生(JiaMap)已递交上市申请。", "甲乙图生"),
        ("CDE官网显示,甲乙维的新适应症拟优先审评。该药是甲乙维旗下的产品。", "甲乙维"),
        ("甲乙医疗科技(上海)有限公司正式宣布完成融资。", "甲乙医疗科技(上海)有限公司"),
        ("Ordwell Tool Holdings said it would close two plants.", "Ordwell Tool Holdings"),
    ],
)
def test_the_subject_is_what_stands_before_the_verb(text: str, about: str) -> None:
    assert subject(text) == about


SAMPLE = {
    "栖禾生物披露": "栖禾生物",
    "桓岭重工中标": "桓岭重工",
    "桓岭重装中标": "桓岭重装",
    "岚泽光伏上半年": "岚泽光伏",
    "岚圻光学（原名": "岚圻光学",
    "云岚传动财务总监": "云岚传动",
    "珀泽科技完成": "珀泽科技",
    "珀岩科技完成": "珀岩科技",
    "塔洛米尔仪器": "塔洛米尔仪器",
}


def test_neighbours_in_the_sample_digest_are_never_mixed() -> None:
    found = labels(load_text(ROOT / "data/filings/2025-09-news-manufacturing-digest.txt").pages)
    for start, about in SAMPLE.items():
        assert [label for text, label in found.items() if text.startswith(start)] == [about]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("2026-06-news-bio-thera-and-yimikang.txt", {"百奥泰", "依米康"}),
        ("2026-03-news-pharma-daily.txt", {"罗氏", "百图生科", "恒瑞医药", "艾伯维", "新桥生物"}),
    ],
)
def test_items_of_the_shared_news_pages_are_found(name: str, items: set[str]) -> None:
    if not (SHARED / name).is_file():
        pytest.skip(f"{SHARED / name} is not here")
    found = labels(load_text(SHARED / name).pages)
    assert items <= set(found.values())


WORDS = st.sampled_from(
    ["甲乙科技", "股份有限公司", "公告", "● 本报记者 张某", "\n", "\n\n", "。", "宣布", "，", "日报", "人事", "6月14日，", " ", "；", "("]
)  # fmt: skip


@settings(max_examples=150, deadline=2_000)
@given(st.lists(WORDS, max_size=80))
def test_laying_out_twice_changes_nothing_and_labels_fit_the_blocks(words: list[str]) -> None:
    laid = with_headlines("news", pages_of("".join(words)))
    assert with_headlines("news", laid) == laid
    for i, k in item_of_paragraphs("news", laid):
        assert laid[i].blocks[k]
