"""The pages beside the chat: settings, the index, the latest evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from rag.settings import Settings
from rag.types import FilingState
from ui.html import act, joined, tag
from ui.render.icons import icon
from ui.render.rail import state_badge
from ui.report import Line, Report
from ui.strings import STRINGS, Say

PROVIDERS = ("auto", "openai", "local", "extractive")
LANGUAGES = (("auto", "settings.language.auto"), ("zh", ""), ("en", ""))
_NAMES = {"zh": "中文", "en": "English"}


def settings_page(
    settings: Settings,
    *,
    passages: int,
    answers: str,
    speed: float,
    key_set: bool,
    editable: bool,
    say: Say,
) -> Markup:
    """The settings: what can be changed at once as a form, what costs more with its cost.

    `answers` is who answers now, `speed` how many passages a second got their vectors lately.
    """
    now = say("answer.extractive") if answers == "extractive" else answers
    return tag(
        "div",
        tag("h2", say("settings.title")),
        None if editable else tag("p", icon("alert"), say("settings.locked"), class_="fq-note"),
        tag("p", icon("chat"), say("settings.now"), " ", tag("strong", now), class_="fq-now"),
        _form(settings, key_set=key_set, editable=editable, say=say),
        _costly(settings, _cost(passages, speed, say), say),
        class_="fq-sheetpage",
    )


def _form(settings: Settings, *, key_set: bool, editable: bool, say: Say) -> Markup:
    key = say("settings.key.set" if key_set else "settings.key.unset")
    providers = [(name, say(f"settings.provider.{name}")) for name in PROVIDERS]
    languages = [(name, say(key) if key else _NAMES[name]) for name, key in LANGUAGES]
    save = tag(
        "button", say("settings.save"), type="submit", class_="fq-primary", disabled=not editable
    )
    return tag(
        "form",
        tag(
            "fieldset",
            tag("legend", say("settings.model")),
            _select("provider", say("settings.provider"), providers, settings.provider),
            tag("p", say("settings.provider.cost"), class_="fq-muted"),
            _input("base_url", say("settings.endpoint"), settings.base_url, type_="url"),
            _input("model", say("settings.name"), settings.model),
            tag("p", key, class_="fq-muted"),
            _select(
                "answer_language", say("settings.language"), languages, settings.answer_language
            ),
            _input(
                "context_tokens", say("settings.budget"), settings.context_tokens, type_="number"
            ),
            tag("p", say("settings.budget.cost"), class_="fq-muted"),
            _input(
                "model_timeout",
                say("settings.timeout"),
                f"{settings.model_timeout:g}",
                type_="number",
            ),
            disabled=not editable,
        ),
        tag("div", save, class_="fq-formfoot"),
        data_submit="save_settings",
        class_="fq-form",
    )


def _select(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> Markup:
    shown = [
        tag("option", words, value=value, selected=value == chosen) for value, words in options
    ]
    return tag("label", tag("span", label), tag("select", *shown, name=name))


def _input(name: str, label: str, value: str | int, *, type_: str = "text") -> Markup:
    least = 0 if type_ == "number" else None
    field = tag("input", name=name, value=value, type=type_, min=least, autocomplete="off")
    return tag("label", tag("span", label), field)


def _cost(passages: int, speed: float, say: Say) -> str:
    """What another embedder costs, in minutes where the speed of this machine is known."""
    told = say("settings.embedder.cost", passages=f"{passages:,}")
    if not speed:
        return told
    minutes = max(1, round(passages / speed / 60))
    return told + say("settings.embedder.minutes", speed=f"{speed:.0f}", minutes=f"{minutes:,}")


def _costly(settings: Settings, cost: str, say: Say) -> Markup:
    rows = (
        (
            say("settings.embedder"),
            settings.embedder,
            cost,
        ),
        (
            say("settings.reranker"),
            settings.reranker or say("settings.reranker.none"),
            say("settings.reranker.cost"),
        ),
        (say("settings.home"), str(settings.home), ""),
    )
    shown = [
        tag(
            "div",
            tag("dt", name),
            tag("dd", tag("code", value), tag("p", cost, class_="fq-muted") if cost else None),
        )
        for name, value, cost in rows
    ]
    return tag("section", tag("h3", say("settings.costly")), tag("dl", *shown, class_="fq-facts"))


def index_page(
    states: Sequence[FilingState],
    *,
    disk: Mapping[str, int],
    embedder: str,
    problems: Sequence[str] | None,
    say: Say,
) -> Markup:
    """Numbers of the index; `problems` is None until the check-up was run."""
    passages = sum(state.passages for state in states)
    embedded = sum(state.embedded for state in states)
    share = f" ({100 * embedded // passages}%)" if passages else ""
    facts = (
        ("index.filings", f"{len(states):,}"),
        ("index.pages", f"{sum(state.pages for state in states):,}"),
        ("index.characters", f"{sum(state.characters for state in states):,}"),
        ("index.passages", f"{passages:,}"),
        ("index.embedded", f"{embedded:,}{share}"),
        ("index.embedder", embedder),
        *((f"index.disk.{name}", _size(n)) for name, n in disk.items()),
    )
    cards = [tag("div", tag("dt", say(key)), tag("dd", value)) for key, value in facts]
    return tag(
        "div",
        tag("h2", say("index.title")),
        tag("dl", *cards, class_="fq-cards"),
        tag(
            "div",
            act("check_up", icon("check"), say("index.doctor.run")),
            act("show", icon("retry"), say("index.refresh"), data_page="index"),
            class_="fq-formfoot",
        ),
        _check_up(problems, say),
        _filing_table(states, say) if states else None,
        class_="fq-sheetpage",
    )


def _filing_table(states: Sequence[FilingState], say: Say) -> Markup:
    """Every filing with its size and state, the latest first."""
    names = ("filing", "pages", "characters", "passages", "state", "added")
    heads = [tag("th", say(f"index.{name}"), scope="col") for name in names]
    rows = [
        tag(
            "tr",
            tag(
                "th",
                tag("strong", state.ref.company or say("library.nocompany")),
                tag("span", state.ref.title, class_="fq-title"),
                scope="row",
            ),
            *(
                tag("td", f"{n:,}", class_="fq-num")
                for n in (state.pages, state.characters, state.passages)
            ),
            tag("td", state_badge(state, say)),
            tag("td", state.added[:16].replace("T", " "), class_="fq-num"),
        )
        for state in states
    ]
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))
    return tag(
        "section",
        tag("h3", say("index.filings")),
        tag(
            "div",
            table,
            class_="fq-table",
            tabindex=0,
            role="region",
            aria_label=say("index.filings"),
        ),
    )


def _check_up(problems: Sequence[str] | None, say: Say) -> Markup | None:
    if problems is None:
        return None
    if not problems:
        return tag("p", icon("check"), say("index.doctor.good"), class_="fq-good", role="status")
    return tag("ul", *(tag("li", problem) for problem in problems), class_="fq-bad", role="alert")


def _size(n: int) -> str:
    return f"{n / 1024 / 1024:,.1f} MB"


def evaluation_page(report: Report | None, *, drafts: int, say: Say) -> Markup:
    """The latest evaluation: its metrics with intervals, and the main ones by type of question.
    None: never run here."""
    return tag(
        "div",
        tag("h2", say("eval.title")),
        _never_run(say) if report is None else _report(report, say),
        tag("p", say("eval.drafts", n=drafts), class_="fq-muted"),
        class_="fq-sheetpage",
    )


def _never_run(say: Say) -> Markup:
    command = tag("pre", tag("code", "filings eval run"))
    return tag("div", tag("p", say("eval.none")), command, class_="fq-blank")


def _report(report: Report, say: Say) -> Markup:
    about = say(
        "eval.about",
        system=report.system,
        questions=report.questions,
        documents=report.documents,
        created=report.created[:16].replace("T", " "),
    )
    heads = [say(f"eval.{name}") for name in ("metric", "value", "interval", "count")]
    kinds = [say("eval.type"), say("eval.count"), *report.columns]
    full = tag(
        "a",
        icon("open"),
        say("eval.full"),
        href="evaluation/report",
        target="_blank",
        rel="noopener noreferrer",
        class_="fq-quiet",
    )
    return joined(
        tag("p", about, class_="fq-muted"),
        tag("p", say("eval.file", file=report.folder.name), " ", class_="fq-muted"),
        tag("p", full) if report.full.is_file() else None,
        _table(heads, [_line(line) for line in report.lines], say("eval.title")),
        tag("h3", say("eval.bytype")),
        _table(
            kinds,
            [
                tag(
                    "tr",
                    tag("th", _type_words(kind, say), scope="row"),
                    *(tag("td", cell, class_="fq-num") for cell in (str(count), *cells)),
                )
                for kind, count, cells in report.types
            ],
            say("eval.bytype"),
        ),
    )


def _type_words(kind: str, say: Say) -> str:
    return say(f"type.{kind}") if f"type.{kind}" in STRINGS else kind


def _line(line: Line) -> Markup:
    width = f"width:{100 * max(0.0, min(1.0, line.share)):.0f}%" if line.share is not None else ""
    bar = tag("span", tag("span", style=width), class_="fq-share", aria_hidden="true")
    return tag(
        "tr",
        tag("th", line.name, scope="row"),
        tag("td", bar if width else None, line.mean, class_="fq-num"),
        tag("td", line.interval, class_="fq-num"),
        tag("td", line.count, class_="fq-num"),
    )


def _table(heads: Sequence[str], rows: Sequence[Markup], label: str) -> Markup:
    head = tag(
        "tr",
        *(
            tag("th", words, scope="col", class_="fq-num" if i else None)
            for i, words in enumerate(heads)
        ),
    )
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return tag("div", table, class_="fq-table", tabindex=0, role="region", aria_label=label)
