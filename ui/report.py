"""The latest evaluation, as `filings eval run` left it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eval.commands import newest_run
from eval.runs import RunError, load_run


@dataclass(frozen=True, slots=True)
class Report:
    """A run: its folder and its metrics as (name, value, number of questions)."""

    folder: Path
    rows: tuple[tuple[str, str, str], ...]


def latest_report() -> Report | None:
    """The newest run in the working folder; None where there is none that can be read."""
    try:
        folder = newest_run()
        run = load_run(folder)
    except RunError:
        return None  # never run here, or by another version: the page says how to make one
    rows = []
    for name in run.scores:
        found = run.estimate(name)
        if found is not None:
            rows.append(
                (name, f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]", str(found.n))
            )
    return Report(folder, tuple(rows))
