"""What happens on the pages beside the chat: settings, the index, the latest evaluation."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from rag.errors import FilingsError, SettingsError
from rag.settings import ENVIRONMENT, Settings
from ui import settings_file, show
from ui.desk import Desk
from ui.events import Click, Updates, inform, listen
from ui.parts import Parts
from ui.render import reports
from ui.report import latest_report
from ui.view import View

CHANGEABLE = ("provider", "base_url", "model", "answer_language", "context_tokens", "model_timeout")


def wire(parts: Parts, desk: Desk) -> None:
    """Attach the handlers of the header's pages."""
    pages = _Pages(parts, desk)
    shown = [parts.index, parts.evaluation, parts.settings]
    listen(parts.header, "show", pages.show, parts.view, shown)
    listen(parts.index, "show", pages.show, parts.view, shown)
    listen(parts.index, "check_up", pages.check_up, parts.view, [parts.index])
    listen(parts.settings, "save_settings", pages.save, parts.view, [parts.settings, parts.thread])


class _Pages:
    """The handlers; each returns a page anew."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self.parts = parts
        self.desk = desk

    def show(self, click: Click) -> Updates:
        """Refresh the page that was opened."""
        page = click.text("page")
        if page == "index":
            return {self.parts.index: index_html(self.desk, click.view)}
        if page == "eval":
            return {self.parts.evaluation: evaluation_html(self.desk, click.view)}
        if page == "settings":
            return {self.parts.settings: settings_html(self.desk, click.view)}
        return {}

    def check_up(self, click: Click) -> Updates:
        """Compare catalog and vectors, as `filings doctor` does."""
        found = self.desk.workspace.diagnose()
        say = click.view.say
        problems = [
            say(f"index.doctor.{name}", n=found[name])
            for name in ("missing", "orphans")
            if found[name]
        ]
        return {self.parts.index: index_html(self.desk, click.view, problems)}

    def save(self, click: Click) -> Updates:
        """Apply changed settings and write them into filings.toml."""
        if self.desk.reopen is None:
            raise SettingsError(click.view.say("settings.locked"))
        changes = changed_settings(self.desk.settings, {n: click.text(n) for n in CHANGEABLE})
        if changes:
            settings = self.desk.settings.with_(**changes)
            workspace = self.desk.reopen(settings)
            file = Path("filings.toml")
            settings_file.save(file, changes)
            self.desk.workspace, self.desk.settings = workspace, settings
            inform(click.view.say("settings.saved", file=file))
        return {
            self.parts.settings: settings_html(self.desk, click.view),
            self.parts.thread: show.thread(self.desk, click.view, click.owner),
        }


def changed_settings(settings: Settings, given: Mapping[str, str]) -> dict[str, str | int | float]:
    """The fields that differ, typed; SettingsError for what makes no sense."""
    changes: dict[str, str | int | float] = {}
    for name, text in given.items():
        value: str | int | float = text.strip()
        try:
            if name == "context_tokens":
                value = int(value or 0)
            elif name == "model_timeout":
                value = float(value or 0)
        except ValueError as error:
            raise SettingsError(f"{name} is {text!r}; give a number") from error
        if isinstance(value, int | float) and value < 0:
            raise SettingsError(f"{name} is {text}; give a number from 0 up")
        if name == "base_url" and value and not str(value).startswith(("http://", "https://")):
            raise SettingsError(f"{value}: not an address; it starts with http:// or https://")
        if value != getattr(settings, name):
            changes[name] = value
    overruled = [ENVIRONMENT[n] for n in changes if os.environ.get(ENVIRONMENT.get(n, ""))]
    if overruled:
        raise SettingsError(
            f"{', '.join(overruled)} in the environment would overrule this; unset and start again"
        )
    return changes


def settings_html(desk: Desk, view: View) -> str:
    """The settings page."""
    return str(
        reports.settings_page(
            desk.settings,
            passages=sum(state.passages for state in desk.workspace.filings()),
            answers=_who_answers(desk),
            speed=desk.jobs.speed,
            key_set=bool(os.environ.get("OPENAI_API_KEY")),
            editable=desk.reopen is not None,
            say=view.say,
        )
    )


def _who_answers(desk: Desk) -> str:
    """The model's name, or what is wrong with what is set: the page is there to put it right."""
    try:
        return desk.workspace.model_name
    except FilingsError as error:
        return str(error)


def index_html(desk: Desk, view: View, problems: list[str] | None = None) -> str:
    """The page about the index."""
    home = desk.settings.home
    disk = {
        "catalog": sum(f.stat().st_size for f in home.glob("catalog.sqlite3*")),
        "vectors": _size(desk.settings.chroma_path),
        "uploads": _size(desk.uploads),
    }
    page = reports.index_page(
        sorted(desk.workspace.filings(), key=lambda state: state.added, reverse=True),
        disk=disk,
        embedder=desk.settings.embedder,
        problems=problems,
        say=view.say,
    )
    return str(page)


def _size(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def evaluation_html(desk: Desk, view: View) -> str:
    """The page with the latest evaluation."""
    report = latest_report("zh" if view.lang == "zh" else "en")
    return str(reports.evaluation_page(report, drafts=desk.drafts.count(), say=view.say))
