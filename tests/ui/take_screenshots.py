"""Makes the pictures in docs/screenshots anew: `python tests/ui/take_screenshots.py [FOLDER]`.

Chromium over the sample filings, with extractive answers.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from browsing import FLAGS, ask  # noqa: E402 - after the path

PDF, TABLE = "岭舟港务短期借款的期末余额是多少？", "云岚传动谐波减速器的年产能是多少？"
ENGLISH = "What were Quillhaven's net sales in the 13 weeks ended August 2, 2025?"
NOWHERE = "沐榕水务的食堂有多少个座位？"


def main() -> None:
    """Take every picture into the folder that is given, docs/screenshots by default."""
    from playwright.sync_api import sync_playwright

    from tests.ui.conftest import serving_real

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots"
    with (
        tempfile.TemporaryDirectory() as home,
        serving_real(Path(home), [ROOT / "data" / "filings"]) as served,
        sync_playwright() as playwright,
    ):
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_context().new_page()
        page.goto(served.url)
        page.wait_for_timeout(30_000)  # starters are looked for in the background
        for name, (size, locale, scheme, take) in PICTURES.items():
            view = {"width": size[0], "height": size[1]}
            context = browser.new_context(locale=locale, viewport=view, color_scheme=scheme)
            page = context.new_page()
            page.set_default_timeout(30_000)
            page.goto(served.url)
            page.wait_for_selector(".fq-welcome", state="attached")
            take(page)
            page.wait_for_timeout(1500)
            page.screenshot(path=folder / f"{name}.png")
            context.close()
            smaller(folder / f"{name}.png")
        browser.close()


def smaller(picture: Path) -> None:
    """Reduce a picture to 256 colours: a third of its size, and nobody sees it."""
    from PIL import Image

    Image.open(picture).convert("RGB").quantize(256).save(picture, optimize=True)


def asked(question: str) -> Callable[[Any], None]:
    """Ask, and wait for the source and for what could be asked next."""

    def take(page: Any) -> None:
        turn = ask(page, question)
        page.wait_for_timeout(1500)  # the first citation opens by itself
        figure = turn.locator(".fq-text button.fq-figure").last
        if figure.count():
            figure.click()
            page.wait_for_selector(".fq-paper mark, .fq-paper .fq-box")
        page.wait_for_timeout(4000)

    return take


def on_phone(where: str) -> Callable[[Any], None]:
    """On a phone: the answer, the source over it, or the library."""

    def take(page: Any) -> None:
        turn = ask(page, TABLE)
        page.wait_for_timeout(4000)
        if where == "source":
            turn.locator(".fq-text button.fq-figure").first.click()
            page.wait_for_selector(".fq-paper mark")
        if where == "library":
            page.click("[data-local=toggle-library]")

    return take


def other_page(name: str) -> Callable[[Any], None]:
    """One of the pages beside the chat."""
    return lambda page: page.click(f".fq-page[data-page={name}]")


WIDE, PHONE = (1440, 900), (390, 844)
PICTURES: dict[str, tuple[tuple[int, int], str, Any, Callable[[Any], None]]] = {
    "start-zh": (WIDE, "zh-CN", "light", lambda page: page.wait_for_timeout(2500)),
    "table-zh": (WIDE, "zh-CN", "light", asked(TABLE)),
    "pdf-zh": (WIDE, "zh-CN", "light", asked(PDF)),
    "refusal-zh": (WIDE, "zh-CN", "light", asked(NOWHERE)),
    "dark-en": (WIDE, "en-GB", "dark", asked(ENGLISH)),
    "index-zh": (WIDE, "zh-CN", "light", other_page("index")),
    "settings-en": (WIDE, "en-GB", "light", other_page("settings")),
    "narrow-chat-zh": (PHONE, "zh-CN", "light", on_phone("chat")),
    "narrow-source-zh": (PHONE, "zh-CN", "light", on_phone("source")),
    "narrow-library-zh": (PHONE, "zh-CN", "dark", on_phone("library")),
}

if __name__ == "__main__":
    main()
