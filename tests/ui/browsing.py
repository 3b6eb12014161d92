"""What the browser tests share: how Chromium is started, and what a reader does in a page."""

from __future__ import annotations

from typing import Any

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SECONDS = 15_000


def ask(page: Any, question: str) -> Any:
    """Ask, wait for the answer, and return the last turn."""
    before = page.locator(".fq-status").count()
    page.fill("#fq-question", question)
    page.press("#fq-question", "Enter")
    page.wait_for_function(
        f"document.querySelectorAll('.fq-status').length > {before} && !document.querySelector('.fq-live')"
    )
    return page.locator(".fq-turn").last


def cite(page: Any, turn: Any) -> Any:
    """Click the first citation and return the mark once it is there."""
    turn.locator(".fq-text .fq-chip").first.click()
    page.wait_for_selector(".fq-paper mark")
    return page.locator(".fq-paper mark").first
