"""The pages beside the chat: settings, the index, the latest evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from rag.settings import Settings
from rag.types import FilingState
from ui.html import act, joined, tag
from ui.render.icons import icon
from ui.strings import Say

PROVIDERS = ("auto", "openai", "local", "extractive")
LANGUAGES = (("auto", "settings.language.auto"), ("zh", ""), ("en", ""))
_NAMES = {"zh": "中文", "en": "English"}


def settings_page(
    settings: Settings, *, passages: int, key_set: bool, editable: bool, say: Say
) -> Markup:
    """The settings: what can be changed at once as a form, what costs more with its cost."""
    return tag(
        "div",
        tag("h2", say("settings.title")),
        None if editable else tag("p", icon("alert"), say("settings.locked"), class_="fq-note"),
        _form(settings, key_set=key_set, editable=editable, say=say),
        _costly(settings, passages, say),
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
            _input("base_url", say("settings.endpoint"), settings.base_url, type_="url"),
            _input("model", say("settings.name"), settings.model),
            tag("p", key, class_="fq-muted"),
            _select(
                "answer_language", say("settings.language"), languages, settings.answer_language
            ),
            _input(
                "context_tokens", say("settings.budget"), settings.context_tokens, type_="number"
            ),
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


def _costly(settings: Settings, passages: int, say: Say) -> Markup:
    rows = (
        (
            say("settings.embedder"),
            settings.embedder,
            say("settings.embedder.cost", passages=f"{passages:,}"),
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
        class_="fq-sheetpage",
    )


def _check_up(problems: Sequence[str] | None, say: Say) -> Markup | None:
    if problems is None:
        return None
    if not problems:
        return tag("p", icon("check"), say("index.doctor.good"), class_="fq-good", role="status")
    return tag("ul", *(tag("li", problem) for problem in problems), class_="fq-bad", role="alert")


def _size(n: int) -> str:
    return f"{n / 1024 / 1024:,.1f} MB"


def evaluation_page(
    rows: Sequence[tuple[str, str, str]] | None, *, file: str, drafts: int, say: Say
) -> Markup:
    """The latest evaluation: (metric, value, number of questions) a row; None: never run."""
    if rows is None:
        body = tag("p", say("eval.none"), class_="fq-muted")
    else:
        heads = [
            tag("th", say(f"eval.{name}"), scope="col") for name in ("metric", "value", "count")
        ]
        lines = [
            tag(
                "tr",
                tag("th", name, scope="row"),
                tag("td", value, class_="fq-num"),
                tag("td", count, class_="fq-num"),
            )
            for name, value, count in rows
        ]
        table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *lines))
        body = joined(
            tag("p", say("eval.file", file=file), class_="fq-muted"),
            tag("div", table, class_="fq-table"),
        )
    return tag(
        "div",
        tag("h2", say("eval.title")),
        body,
        tag("p", say("eval.drafts", n=drafts), class_="fq-muted"),
        class_="fq-sheetpage",
    )
