"""The login page: our own, in the reader's language and theme, without anything of the application."""

from __future__ import annotations

from importlib import resources

from markupsafe import Markup

from ui.html import joined, tag
from ui.strings import language, speaker

_SCRIPT = """
(() => {
  const root = document.documentElement;
  let chosen = "";
  try { chosen = localStorage.getItem("filings-qa.theme") || ""; } catch { /* private window */ }
  root.dataset.theme = chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target, told = document.getElementById("told"), button = form.querySelector("button");
    button.disabled = true;
    told.textContent = "";
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.ok) { location.reload(); return; }
      told.textContent = form.dataset.wrong;
      form.password.value = "";
      form.password.focus();
    } catch { told.textContent = form.dataset.down; }
    button.disabled = false;
  });
})();
"""


def login_page(accepted: str) -> str:
    """The page for a browser whose Accept-Language is `accepted`."""
    lang = language(accepted)
    say = speaker(lang)
    style = (resources.files("ui") / "assets" / "login.css").read_text(encoding="utf-8")
    form = tag(
        "form",
        tag("h1", say("app.title")),
        tag("p", say("app.tagline"), class_="tagline"),
        _field("username", say("login.user"), "text", "username"),
        _field("password", say("login.password"), "password", "current-password"),
        tag("p", id="told", role="alert"),
        tag("button", say("login.enter"), type="submit"),
        action="login",
        method="post",
        data_wrong=say("login.wrong"),
        data_down=say("login.down"),
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{say('login.enter')} · {say('app.title')}"),
        tag("style", Markup(style)),
        tag("script", Markup(_SCRIPT)),
    )
    page = tag("html", head, tag("body", tag("main", form)), lang="zh-CN" if lang == "zh" else "en")
    return str(joined(Markup("<!doctype html>"), page))


def _field(name: str, label: str, type_: str, autocomplete: str) -> Markup:
    field = tag(
        "input",
        name=name,
        type=type_,
        autocomplete=autocomplete,
        required=True,
        autofocus=name == "username",
    )
    return tag("label", tag("span", label), field)
