"""A run for people: one HTML page that needs no network, the same as Markdown and CSV."""

from __future__ import annotations

from pathlib import Path

from eval.report.markdown import run_markdown
from eval.report.page import run_page
from eval.report.sheet import run_csv
from eval.runs import Run


def write_reports(run: Run, folder: Path) -> list[Path]:
    """Write report.html, report.md and scores.csv into `folder`; their paths."""
    texts = {
        "report.html": run_page(run),
        "report.md": run_markdown(run),
        "scores.csv": run_csv(run),
    }
    for name, text in texts.items():
        # The byte order mark makes spreadsheet programs read the Chinese right.
        encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
        (folder / name).write_text(text, encoding=encoding)
    return [folder / name for name in texts]
