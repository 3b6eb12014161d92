"""What a filing is: gold over every document at hand, then one rule at a time on invented text."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import LoadError
from rag.load.base import Loaded
from rag.load.docx import load_docx
from rag.load.html import load_html
from rag.load.identify import Identity, identify, with_sidecar
from rag.load.pdf import load_pdf
from rag.load.text import load_text, pages_of
from rag.load.xlsx import load_xlsx
from rag.types import Heading, Page, Paragraph, Table

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared"
LOADERS: dict[str, Callable[[Path], Loaded]] = {
    ".txt": load_text,
    ".pdf": load_pdf,
    ".docx": load_docx,
    ".xlsx": load_xlsx,
    ".html": load_html,
}
GOLD: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("gold_identity.toml").read_text(encoding="utf-8")
)["document"]
OWN = [d for d in GOLD if d["source"].startswith("data/")]
THEIRS = [d for d in GOLD if d["source"].startswith("shared/")]
GENERIC = {"公司", "本公司", "发行人", "上市公司", "公司章程", "董事会", "监事会", "股东大会"}


def read(source: str, *, name: str | None = None) -> Identity:
    path = ROOT / source if source.startswith("data/") else SHARED.parent / source
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    loaded = LOADERS[path.suffix](path)
    return identify(loaded.pages, name=name or path.name, hints=loaded.hints)


def check(document: dict[str, Any]) -> None:
    found = read(document["source"])
    assert (found.company, found.kind, found.date) == (
        document["company"],
        document["kind"],
        document["date"],
    )
    assert set(document["names"]) <= set(found.aliases)
    assert not GENERIC & set(found.aliases)
    assert not found.aliases or document["company"]
    assert 4 <= len(found.title) <= 160


@pytest.mark.parametrize("document", OWN, ids=lambda d: Path(d["source"]).name)
def test_company_kind_date_and_names_are_right_for_the_sample_filings(
    document: dict[str, Any],
) -> None:
    check(document)


@pytest.mark.slow
@pytest.mark.parametrize("document", THEIRS, ids=lambda d: Path(d["source"]).name)
def test_company_kind_date_and_names_are_right_for_the_shared_filings(
    document: dict[str, Any],
) -> None:
    check(document)


def test_every_sample_filing_has_its_gold() -> None:
    sources = {Path(d["source"]).name for d in OWN}
    files = {p.name for p in (ROOT / "data/filings").iterdir() if p.suffix in LOADERS}
    assert files == sources


@pytest.mark.parametrize("document", OWN, ids=lambda d: Path(d["source"]).name)
def test_company_and_kind_do_not_need_the_file_name(document: dict[str, Any]) -> None:
    found = read(document["source"], name="x" + Path(document["source"]).suffix)
    assert (found.company, found.kind) == (document["company"], document["kind"])


def of(*lines: str, name: str = "x.txt", hints: dict[str, str] | None = None) -> Identity:
    return identify((Page(None, 0, tuple(map(Paragraph, lines))),), name=name, hints=hints)


def test_an_accountants_opinion_on_an_inquiry_is_an_inquiry_reply_about_the_issuer() -> None:
    found = of(
        "站点导航• 公司公告",
        "公司公告",
        "甲乙医药:丙丁会计师事务所(特殊普通合伙)关于上海甲乙医药股份有限公司发行债券申请文件审核问询函的专项核查意见(豁免版)2023-07-13",
        "丙丁会计师事务所(特殊普通合伙)",
    )
    assert found.kind == "inquiry reply"
    assert found.company == "上海甲乙医药股份有限公司"
    assert found.title.startswith("丙丁会计师事务所")
    assert found.title.endswith("(豁免版)")
    assert (found.date, found.version) == ("2023-07-13", "豁免版")


def test_the_securities_code_line_is_no_part_of_the_title() -> None:
    found = of(
        "证券代码:300999 证券简称:甲乙新材 上市地点:深圳证券交易所甲乙材料股份有限公司发行股份购买资产报告书(草案)(修订稿)",
        "二零二五年一月",
    )
    assert found.title == "甲乙材料股份有限公司发行股份购买资产报告书(草案)(修订稿)"
    assert (found.ticker, found.date) == ("300999", "2025-01")
    assert found.version == "草案、修订稿"
    assert found.aliases[0] == "甲乙新材"


def test_words_in_front_of_a_name_are_cut_where_it_stands_alone_elsewhere() -> None:
    found = of(
        "各机构声明，同意甲乙制药股份有限公司在报告中援引其结论。",
        "甲乙制药股份有限公司成立于2001年。甲乙制药股份有限公司从事制药。",
    )
    assert found.company == "甲乙制药股份有限公司"


def test_the_issuer_is_found_where_the_cover_was_lost() -> None:
    found = of(
        "公司国有法人股股东宁海燃料有限公司承诺，自上市之日起锁定股份。宁海燃料有限公司另有承诺。",
        "中文名称：江东甲乙热电股份有限公司",
        "保荐人：丙丁证券股份有限公司。本招股意向书按规定编制，招股意向书全文如下。",
        name="江东甲乙热电股份有限公司-招股说明书.txt",
    )
    assert found.company == "江东甲乙热电股份有限公司"
    assert found.kind == "prospectus"
    assert found.title == "江东甲乙热电股份有限公司招股意向书"


def test_a_brokers_own_annual_report_is_about_the_broker() -> None:
    found = of("丙丁证券股份有限公司", "2024年年度报告", "二〇二五年三月二十八日")
    assert (found.company, found.kind) == ("丙丁证券股份有限公司", "annual report")
    assert (found.date, found.periods) == ("2025-03-28", ("2024年",))


def test_an_annual_report_in_two_lines_gets_the_company_in_its_title() -> None:
    found = of("证券代码：600999 证券简称：甲乙股份", "甲乙电缆股份有限公司", "2024年年度报告摘要")
    assert found.title == "甲乙电缆股份有限公司2024年年度报告摘要"
    assert found.version == "摘要"


def test_the_regulators_letter_is_no_reply() -> None:
    found = of("关于对甲乙电缆股份有限公司的年报问询函", "甲乙电缆股份有限公司董事会：")
    assert found.kind == "inquiry letter"


def test_a_reply_announced_in_an_announcement_is_an_inquiry_reply() -> None:
    found = of("甲乙电缆股份有限公司", "关于回复上海证券交易所问询函的公告", "2024年6月3日")
    assert (found.kind, found.date) == ("inquiry reply", "2024-06-03")


def test_the_signing_date_counts_rather_than_the_issue_date() -> None:
    found = of(
        "甲乙电缆股份有限公司",
        "首次公开发行股票招股意向书",
        "预计发行日期：2007年7月12日",
        "招股意向书签署日期：",
        "2007年 6 月29 日",
    )
    assert found.date == "2007-06-29"


def test_the_day_at_the_end_refines_the_month_on_the_cover() -> None:
    lines = [
        "关于甲乙电缆股份有限公司审核问询函的回复",
        "二〇二五年九月",
        "公司于2024年1月2日签约。",
    ]
    assert of(*lines, "甲乙电缆股份有限公司", "2025年9月16日").date == "2025-09-16"


def test_a_news_page_with_a_correction_in_it_is_no_correction() -> None:
    found = of(
        "甲乙生物更正研发资本化；丙丁港务箱量增一成；戊己电子拟建新厂 | 产业日报",
        "（某财讯2025年9月18日讯）",
        "甲乙生物披露问询函回复，把已经资本化的研发支出转入费用。",
        "丙丁港务公布上半年业绩，营业收入增长。",
        "戊己电子董事会通过投资议案。",
        "庚辛乳业签署采购协议，期限三年。",
    )
    assert (found.kind, found.version, found.company) == ("news", "", "")
    assert (found.aliases, found.date) == ((), "2025-09-18")
    assert found.title.endswith("产业日报")


def test_a_single_article_has_its_company() -> None:
    found = of(
        "甲乙科技签下大单",
        "本报讯（记者 王某）甲乙科技股份有限公司5月6日公告，公司中标。",
        "甲乙科技表示，项目金额较大。甲乙科技今年已签三单。",
    )
    assert (found.kind, found.company) == ("news", "甲乙科技股份有限公司")
    assert found.aliases == ("甲乙科技",)


TEN_K = (
    "UNITED STATES",
    "SECURITIES AND EXCHANGE COMMISSION",
    "FORM 10-K",
    "For the fiscal year ended June 30, 2024",
    "ORDWELL TOOL HOLDINGS, INC.",
    "(Exact name of registrant as specified in its charter)",
    "Title of each class | Trading Symbol | Common Stock ORDW New York Stock Exchange",
    'Ordwell Tool Holdings, Inc. ("Ordwell" or the "Company") makes tools. Ordwell sells tools.',
)


def test_a_us_filing_is_titled_by_registrant_form_and_year() -> None:
    found = of(*TEN_K, "Date: August 21, 2024 /s/ A. Person")
    assert found.title == "Ordwell Tool Holdings, Inc. Form 10-K 2024"
    assert (found.ticker, found.date) == ("ORDW", "2024-08-21")
    assert {"Ordwell", "Ordwell Tool Holdings", "Ordwell Tool"} <= set(found.aliases)
    assert not {"Company", "we"} & set(found.aliases)
    assert found.periods == ("year ended June 30, 2024",)


def test_a_us_filing_without_signature_has_the_end_of_its_period() -> None:
    assert of(*TEN_K).date == "2024-06-30"


def test_metadata_about_another_company_is_not_believed() -> None:
    lines = ("甲乙电缆股份有限公司对外说明如下。", "甲乙电缆股份有限公司从事电缆。")
    assert of(*lines, hints={"title": "丙丁玩具股份有限公司"}, name="说明.pdf").title == "说明"
    found = of(*lines, hints={"title": "甲乙电缆对外说明"}, name="说明.pdf")
    assert found.title == "甲乙电缆对外说明"


def test_names_come_from_glossary_company_table_and_former_names() -> None:
    glossary = Table("", "", (), (("公司、甲乙传动", "指", "江东甲乙传动股份有限公司"),
                                  ("甲乙有限", "指", "江东甲乙齿轮有限公司，系发行人前身"),
                                  ("股东大会", "指", "江东甲乙传动股份有限公司股东大会")))  # fmt: skip
    profile = Table("", "", (), (("公司的中文名称", "江东甲乙传动股份有限公司"),
                                 ("公司的外文名称", "Jiangdong Jiayi Drives Co., Ltd.")))  # fmt: skip
    blocks = (
        Paragraph("江东甲乙传动股份有限公司"),
        Paragraph("2024年年度报告"),
        Heading("第一节 释义", 1),
        glossary,
        Heading("第二节 公司简介", 1),
        profile,
    )
    found = identify((Page("1", 0, blocks),), name="x.txt")
    assert {"甲乙传动", "甲乙有限", "江东甲乙齿轮有限公司"} <= set(found.aliases)
    assert "Jiangdong Jiayi Drives Co., Ltd." in found.aliases
    assert "股东大会" not in found.aliases
    assert found.short_forms["甲乙传动"] == "江东甲乙传动股份有限公司"


def test_a_sidecar_overrides_what_the_document_says(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.with_suffix(".toml").write_text(
        'company = "丙"\naliases = ["丁", "戊"]\ndate = "2020-01-02"\n', encoding="utf-8"
    )
    found = with_sidecar(Identity(title="甲", company="乙", kind="news"), path)
    assert (found.title, found.company, found.kind) == ("甲", "丙", "news")
    assert (found.aliases, found.date) == (("丁", "戊"), "2020-01-02")


def test_the_sidecar_with_the_whole_file_name_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    (tmp_path / "a.toml").write_text('kind = "news"', encoding="utf-8")
    (tmp_path / "a.txt.toml").write_text('kind = "8-K"', encoding="utf-8")
    assert with_sidecar(Identity(), path).kind == "8-K"


def test_without_a_sidecar_nothing_changes(tmp_path: Path) -> None:
    assert with_sidecar(Identity(title="甲"), tmp_path / "a.txt") == Identity(title="甲")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("company = ", "not valid TOML"),
        ('firm = "甲"', "unknown key 'firm'"),
        ("date = 2024", "date must be a string"),
        ('aliases = "甲"', "aliases must be a list"),
        ("aliases = [1]", "aliases must be a list"),
    ],
)
def test_a_wrong_sidecar_is_a_stated_error(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "a.txt"
    path.with_suffix(".toml").write_text(text, encoding="utf-8")
    with pytest.raises(LoadError, match=says) as error:
        with_sidecar(Identity(), path)
    assert "a.toml" in str(error.value)


WORDS = st.sampled_from(
    '股份有限公司 有限公司 关于 的 指 （以下简称“ ” ） 前身 报告期 2024年 6月30日 招股意向书 公告 记者 本报 ● | ： 。 Inc. FORM 10-K ( " 甲乙 科技 \n'.split(
        " "
    )
)


@settings(max_examples=150, deadline=2_000)
@given(st.lists(WORDS, max_size=60), st.text(max_size=40))
def test_any_text_is_identified_without_a_fault(words: list[str], rest: str) -> None:
    found = identify(pages_of("".join(words) + rest), name="任意.txt")
    assert found.title
    assert found.kind
