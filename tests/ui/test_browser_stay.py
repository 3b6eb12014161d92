"""In a real browser: what stays and what can be taken back, over a scripted workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import ask, cite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def served(serve: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    with serve(tmp_path / "home") as running:
        yield running


def on_disk(served: Any, filing: str, path: Path) -> None:
    """Give a filing of the script a real file."""
    served.workspace.refs[filing] = replace(served.workspace.refs[filing], source=str(path))


def test_an_answer_goes_on_while_the_page_is_loaded_again(served: Any, tab: Any) -> None:
    page = tab(served.url)
    served.workspace.hold.clear()
    page.fill("#fq-question", "营业收入？")
    page.press("#fq-question", "Enter")
    page.wait_for_selector(".fq-live")
    page.wait_for_function("localStorage.getItem('filings-qa.conversation')")
    page.reload()
    page.wait_for_selector(".fq-live >> text=正在作答")
    served.workspace.hold.set()
    page.wait_for_selector(".fq-status >> text=部分有据")
    cite(page, page.locator(".fq-turn").last)


def test_two_tabs_talk_side_by_side(served: Any, tab: Any) -> None:
    first, second = tab(served.url), tab(served.url, locale="en-GB")
    ask(first, "营业收入？")
    cite(first, first.locator(".fq-turn").last)
    second.click("#fq-tab-conversations")
    second.click("[data-act=new]")
    second.wait_for_selector(".fq-welcome")
    ask(second, "What was revenue?")
    assert first.locator(".fq-turn").count() == second.locator(".fq-turn").count() == 1
    assert first.locator(".fq-paper mark").count() > 0
    assert "营业收入？" in first.inner_text(".fq-turn")
    assert "What was revenue?" in second.inner_text(".fq-turn")


def test_the_understood_words_are_chips_and_dropping_one_asks_again(served: Any, tab: Any) -> None:
    page = tab(served.url)
    ask(page, "测试1 2024年营业收入是多少？")
    chips = page.locator(".fq-understood button")
    assert [chip.split() for chip in chips.all_inner_texts()] == [
        ["公司", "测试1"], ["期间", "2024年"], ["指标", "营业收入"],
    ]  # fmt: skip
    page.click(".fq-understood [data-word='2024年']")
    page.wait_for_selector(".fq-question >> text=测试1营业收入是多少？")
    page.wait_for_function("!document.querySelector('.fq-live')")
    assert page.locator(".fq-turn").count() == 1
    assert served.workspace.asked[-1][0] == "测试1营业收入是多少？"
    page.click(".fq-understood [data-word='营业收入']")
    page.wait_for_selector("text=此后的问答会被替换")
    assert page.input_value("#fq-question") == "测试1是多少？"


def test_a_refusal_shows_the_nearest_passages_also_after_a_reload(served: Any, tab: Any) -> None:
    page = tab(served.url)
    turn = ask(page, "没有的数据是多少？")
    assert "文件中未载明" in turn.inner_text()
    page.reload()
    page.wait_for_selector(".fq-nearest[open]")
    page.click(".fq-nearest [data-act=near]")
    page.wait_for_selector("tr.fq-hit")
    assert page.input_value("#fq-goto") == "1-2"


def test_the_first_citation_opens_by_itself_while_the_pane_is_empty(served: Any, tab: Any) -> None:
    page = tab(served.url)
    ask(page, "营业收入？")
    page.wait_for_selector(".fq-paper mark")
    page.click("[aria-label='下一页']")
    page.wait_for_function("document.querySelector('#fq-goto').value === '1-3'")
    ask(page, "再问营业收入？")
    page.wait_for_timeout(400)
    assert page.input_value("#fq-goto") == "1-3"  # the reader's own page is left alone


def test_a_text_in_gb18030_is_shown_in_its_own_characters(
    served: Any, tab: Any, tmp_path: Path
) -> None:
    report = tmp_path / "年报.txt"
    report.write_bytes("第一节 公司简介：岭南、镕、囧".encode("gb18030"))
    on_disk(served, "f1", report)
    page = tab(served.url)
    page.locator("[data-act=read]").first.click()
    with page.context.expect_page() as opened:
        page.click(".fq-sheet-head a")
    opened.value.wait_for_load_state()
    assert opened.value.inner_text("body") == "第一节 公司简介：岭南、镕、囧"


def test_details_are_corrected_and_shown(served: Any, tab: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("年报")
    on_disk(served, "f1", report)
    page = tab(served.url)
    page.locator(".fq-filings .fq-menu summary").first.click()
    page.locator("[data-act=correct]").first.click()
    page.fill(".fq-correct [name=company]", "更正后的公司")
    page.click(".fq-correct [type=submit]")
    page.wait_for_selector("text=已保存")
    assert "更正后的公司" in (tmp_path / "report.txt.toml").read_text(encoding="utf-8")
    page.wait_for_selector(".fq-library")


def test_a_folder_is_uploaded_as_a_zip(served: Any, tab: Any, tmp_path: Path) -> None:
    import zipfile

    packed = tmp_path / "folder.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("reports/甲年报.txt", "甲")
        archive.writestr("reports/乙年报.txt", "乙")
        archive.writestr("reports/photo.png", b"x")
    page = tab(served.url)
    page.set_input_files("#fq-upload", packed)
    page.wait_for_selector(".fq-filings >> text=甲年报")
    page.wait_for_selector(".fq-filings >> text=乙年报")
    assert {path.name for path in served.workspace.ingested} == {"甲年报.txt", "乙年报.txt"}


@pytest.mark.parametrize(
    ("locale", "wrong"), [("zh-CN", "用户名或密码不对"), ("en-GB", "name or the password is wrong")]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_login_page_speaks_the_readers_language(
    serve: Any, tab: Any, tmp_path: Path, locale: str, wrong: str, scheme: Any
) -> None:
    from ui.auth import hash_password

    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe")
    with serve(tmp_path / "home", users={"ann": hash_password("good password")}) as locked:
        page = tab(locked.url, wait="input[type=password]", locale=locale, color_scheme=scheme)
        page.fill("[name=username]", "ann")
        page.fill("[name=password]", "bad password")
        page.press("[name=password]", "Enter")
        page.wait_for_selector(f"text={wrong}")
        found = axe.Axe().run(page).response["violations"]
        assert [rule["id"] for rule in found] == []
        page.fill("[name=password]", "good password")
        page.press("[name=password]", "Enter")
        page.wait_for_selector(".fq-brand")
        page.click("[href=logout]")
        page.wait_for_selector("input[type=password]")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_axe_finds_no_serious_problem_on_a_phone_and_on_the_evaluation(
    served: Any, tab: Any, locale: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe")
    page = tab(served.url, width=390, locale=locale)
    worst = []
    turn = ask(page, "没有的？" if locale == "zh-CN" else "revenue?")
    if locale != "zh-CN":
        cite(page, turn)
    for place in ("", "eval"):
        if place:
            page.keyboard.press("Escape")
            page.click(f".fq-page[data-page={place}]")
        page.wait_for_timeout(400)
        found = axe.Axe().run(page).response["violations"]
        worst += [
            (rule["id"], [node["target"] for node in rule["nodes"]][:3])
            for rule in found
            if rule["impact"] in ("serious", "critical")
        ]
    assert worst == []


def test_a_cell_outside_the_pane_is_scrolled_into_sight(served: Any, tab: Any) -> None:
    page = tab(served.url, width=1000)
    turn = ask(page, "营业收入？")
    page.wait_for_selector(".fq-paper mark")
    page.add_style_tag(content=".fq-paper table { min-width: 1600px !important; }")
    turn.locator("button.fq-figure", has_text="1.58亿元").click()
    page.wait_for_selector(".fq-cell")
    page.wait_for_timeout(1200)
    cell, pane = page.locator(".fq-cell").bounding_box(), page.locator(".fq-paper").bounding_box()
    assert pane["x"] <= cell["x"] <= pane["x"] + pane["width"] / 2
    assert pane["y"] <= cell["y"] <= pane["y"] + pane["height"]
