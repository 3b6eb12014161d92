"""The left column: filings with their states and actions, and imports under way."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from rag.types import Failure, FilingRef, FilingState
from ui.html import act, joined, tag
from ui.jobs import Job
from ui.render.icons import icon
from ui.strings import Say, kind_words
from ui.view import Scope, year_of


def library(
    states: Sequence[FilingState],
    *,
    scope: Scope,
    jobs: Sequence[Job],
    failures: Sequence[Failure],
    say: Say,
) -> Markup:
    """Filters, running imports, failures, and the filings that fit the filters."""
    shown = scope.within(states) if not scope.filing else _beside(scope, states)
    rows = [filing_row(state, chosen=state.ref.id == scope.filing, say=say) for state in shown]
    if not states:
        listing = tag("p", say("library.empty"), class_="fq-muted fq-pad")
    elif not rows:
        listing = tag("p", say("library.none"), class_="fq-muted fq-pad")
    else:
        listing = tag("ul", *rows, class_="fq-filings")
    return tag(
        "div",
        _filters(states, scope, say) if states else None,
        *(job_line(job, say) for job in jobs if job.running or job.problem or job.report),
        *(failure_line(failure, say) for failure in failures),
        listing,
        class_="fq-library",
        data_count=len(rows),
    )


def _beside(scope: Scope, states: Sequence[FilingState]) -> list[FilingState]:
    """With one filing chosen the others that fit the other filters stay in sight."""
    return Scope(scope.company, scope.kind, scope.year).within(states)


def _filters(states: Sequence[FilingState], scope: Scope, say: Say) -> Markup:
    companies = sorted({state.ref.company for state in states if state.ref.company})
    kinds = sorted({state.ref.kind for state in states if state.ref.kind})
    years = sorted({year for state in states if (year := year_of(state))}, reverse=True)
    selects = [_select("company", companies, scope.company, say)]
    if len(kinds) > 1 or scope.kind:
        selects.append(_select("kind", kinds, scope.kind, say))
    return tag(
        "div",
        tag("div", *selects, class_="fq-selects"),
        _chips("year", years, scope.year, say) if len(years) > 1 or scope.year else None,
        class_="fq-filters",
        role="group",
        aria_label=say("filter.label"),
    )


def _select(name: str, values: Sequence[str], chosen: str, say: Say) -> Markup:
    options = [
        tag("option", kind_words(say, value), value=value, selected=value == chosen)
        for value in values
    ]
    return tag(
        "select",
        tag("option", say(f"filter.all.{name}"), value="", selected=not chosen),
        *options,
        data_change="limit",
        data_field=name,
        aria_label=say(f"filter.{name}"),
    )


def _chips(name: str, values: Sequence[str], chosen: str, say: Say) -> Markup:
    buttons = [
        act(
            "limit",
            value,
            data_field=name,
            data_value="" if value == chosen else value,
            aria_pressed="true" if value == chosen else "false",
            class_="fq-tagchip",
        )
        for value in values
    ]
    return tag("div", *buttons, class_="fq-chips", role="group", aria_label=say(f"filter.{name}"))


def filing_row(state: FilingState, *, chosen: bool, say: Say) -> Markup:
    """A filing: what it is, its state, and what can be done with it."""
    ref = state.ref
    about = (
        ref.date or say("library.undated"),
        say("library.pages", n=state.pages),
        kind_words(say, ref.kind),
    )
    opener = act(
        "read",
        tag("span", ref.company or say("library.nocompany"), class_="fq-company"),
        tag("span", _short_title(ref), class_="fq-title", title=ref.title),
        data_filing=ref.id,
        class_="fq-filing",
    )
    facts = tag("span", " · ".join(part for part in about if part), class_="fq-about")
    words = " ".join((ref.company, ref.title, ref.ticker, *ref.aliases, ref.kind, ref.date)).lower()
    return tag(
        "li",
        opener,
        tag("div", state_badge(state, say), facts, _menu(state, chosen, say), class_="fq-rowfoot"),
        class_="fq-chosen" if chosen else None,
        data_words=words,
    )


def _short_title(ref: FilingRef) -> str:
    """The title without the company's name, which stands above it already."""
    rest = ref.title.removeprefix(ref.company).strip(" ,，:：")
    return rest if len(rest) >= 4 else ref.title


def state_badge(state: FilingState, say: Say) -> Markup:
    """Ready, embedding with its share, or searchable when no vector is made yet."""
    if state.embedded >= state.passages:
        return tag("span", icon("check"), say("state.ready"), class_="fq-state fq-ready")
    if not state.embedded:
        return tag("span", icon("search"), say("state.searchable"), class_="fq-state")
    percent = 100 * state.embedded // max(state.passages, 1)
    return tag("span", say("state.embedding", percent=percent), class_="fq-state fq-working")


def _menu(state: FilingState, chosen: bool, say: Say) -> Markup:
    ref = state.ref
    ask = say("library.remove.confirm", title=ref.title)
    entries = [
        act("reindex", icon("retry"), say("library.reindex"), data_filing=ref.id),
        act("correct", icon("edit"), say("library.correct"), data_filing=ref.id),
        act("remove", icon("trash"), say("library.remove"), data_filing=ref.id, data_confirm=ask),
    ]
    words = say("library.only.off" if chosen else "library.only")
    only = act(
        "limit",
        icon("pin"),
        tag("span", words, class_=None if chosen else "fq-sr"),
        data_field="filing",
        data_value="" if chosen else ref.id,
        aria_pressed="true" if chosen else "false",
        title=words,
        class_="fq-quiet fq-only",
    )
    summary = tag(
        "summary",
        icon("more"),
        aria_label=say("library.more", title=ref.title),
        title=say("library.menu"),
    )
    menu = tag("details", summary, tag("div", *entries), class_="fq-menu", id=f"menu-{ref.id}")
    return joined(only, menu)


def job_line(job: Job, say: Say) -> Markup:
    """What an import is doing, as a bar; when it is done, what it brought."""
    if job.problem:
        return tag("p", icon("alert"), job.problem, class_="fq-job fq-bad", role="alert")
    if job.stage == "done" and job.report:
        counts = {
            name: len(getattr(job.report, name))
            for name in ("added", "unchanged", "replaced", "failed")
        }
        return tag("p", icon("check"), say("job.done", **counts), class_="fq-job", role="status")
    if job.stage == "queued":
        words = say("job.queued", n=job.files)
    else:
        words = say(f"job.{job.stage}", done=job.done, total=job.total, current=job.current)
    percent = 100 * job.done // job.total if job.total else 0
    bar = tag(
        "div",
        tag("div", style=f"width:{percent}%"),
        class_="fq-bar",
        role="progressbar",
        aria_label=say("job.label"),
        aria_valuemin=0,
        aria_valuemax=100,
        aria_valuenow=percent,
    )
    return tag("div", tag("p", words), bar, class_="fq-job")


def failure_line(failure: Failure, say: Say) -> Markup:
    """A file that could not be read, and why."""
    return tag(
        "div",
        tag("p", icon("alert"), tag("strong", say("library.failed"))),
        tag("p", failure.reason),
        act("dismiss", say("library.dismiss"), data_source=failure.source, class_="fq-quiet"),
        class_="fq-failure",
        role="alert",
    )


def correction_form(state: FilingState, say: Say) -> Markup:
    """A form for what a filing is; it is written beside the file."""
    ref = state.ref
    fields = [
        tag(
            "label",
            tag("span", say(f"field.{name}")),
            tag("input", name=name, value=getattr(ref, name), autocomplete="off"),
        )
        for name in ("title", "company", "ticker", "kind", "date")
    ]
    return tag(
        "form",
        tag("h3", say("correct.title")),
        tag("input", type="hidden", name="filing", value=ref.id),
        *fields,
        tag(
            "div",
            tag("button", say("correct.save"), type="submit", class_="fq-primary"),
            act("cancel", say("correct.cancel")),
            class_="fq-formfoot",
        ),
        data_submit="save_correction",
        class_="fq-form fq-correct",
    )
