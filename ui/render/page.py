"""The source pane: one page of a filing with the quote marked, tables as tables."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from rag.types import FilingState, Page
from ui.html import act, hidden_text, tag
from ui.locate import NO_MARKS, Marks
from ui.render.blocks import page_body
from ui.render.icons import icon
from ui.strings import Say, kind_words


@dataclass(frozen=True, slots=True)
class Box:
    """A marked area of a page's image, in shares (0 to 1) of its width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as an image: `url` to load it from, `boxes` around the quote, `cells` around the
    cells that state the figure that was clicked, `columns` from their headers down to them."""

    url: str
    boxes: tuple[Box, ...]
    cells: tuple[Box, ...] = ()
    columns: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the source pane shows. `quote` is empty when a page is read without a citation."""

    state: FilingState
    page: Page
    marks: Marks = NO_MARKS
    quote: str = ""
    section: tuple[str, ...] = ()
    picture: Picture | None = None
    as_text: bool = False
    original: str = ""
    """Address of the original file; empty where it is gone."""


def empty_pane(say: Say) -> Markup:
    """The pane before anything was clicked: what will be seen here, and how."""
    legend = [
        tag(
            "li",
            tag("span", sample, class_=f"fq-legend fq-legend-{name}"),
            say(f"source.how.{name}"),
        )
        for name, sample in (("quote", "[1]"), ("cell", "15,800.00"), ("read", "PDF"))
    ]
    body = tag(
        "div",
        icon("source"),
        tag("h2", say("source.title")),
        tag("ul", *legend),
        class_="fq-source-empty",
    )
    return tag("div", body, class_="fq-sheet fq-sheet-empty")


def source_pane(sheet: Sheet, say: Say) -> Markup:
    """The pane for a page: whose it is, its label and section, turning, and the page itself."""
    shows_image = sheet.picture is not None and not sheet.as_text
    body = _image(sheet, say) if shows_image else page_body(sheet.page, sheet.marks, say)
    lost = (
        bool(sheet.quote)
        and not sheet.marks.spans
        and not (shows_image and sheet.picture and sheet.picture.boxes)
    )
    return tag(
        "div",
        _head(sheet, say),
        _turning(sheet, say),
        _breadcrumb(sheet, say),
        _lost_quote(sheet.quote, say) if lost else None,
        tag(
            "div", body, class_="fq-paper", tabindex=0, role="region", aria_label=_label(sheet, say)
        ),
        class_="fq-sheet",
        data_filing=sheet.state.ref.id,
        data_page=sheet.page.index,
        data_mark=_mark_key(sheet),
    )


def _mark_key(sheet: Sheet) -> str:
    """Changes whenever there is something new to scroll to."""
    return f"{sheet.state.ref.id}:{sheet.page.index}:{hash((sheet.quote, sheet.marks.cells))}"


def _label(sheet: Sheet, say: Say) -> str:
    return say("source.page", label=sheet.page.label or sheet.page.index + 1)


def _head(sheet: Sheet, say: Say) -> Markup:
    ref = sheet.state.ref
    about = " · ".join(part for part in (ref.company, kind_words(say, ref.kind), ref.date) if part)
    original = sheet.original and tag(
        "a",
        icon("open"),
        tag("span", say("source.original")),
        href=sheet.original,
        target="_blank",
        rel="noopener noreferrer",
        class_="fq-quiet",
    )
    return tag(
        "header",
        tag("div", tag("h2", ref.title), tag("p", about), class_="fq-sheet-title"),
        original or None,
        tag(
            "button",
            icon("close"),
            type="button",
            data_local="toggle-source",
            class_="fq-iconbutton fq-onlynarrow",
            title=say("source.close"),
            aria_label=say("source.close"),
        ),
        class_="fq-sheet-head",
    )


def _turning(sheet: Sheet, say: Say) -> Markup:
    index, count = sheet.page.index, sheet.state.pages
    jump = tag(
        "form",
        tag("label", hidden_text(say("source.go")), for_="fq-goto"),
        tag(
            "input",
            id="fq-goto",
            name="label",
            value=sheet.page.label or str(index + 1),
            autocomplete="off",
            aria_label=say("source.go"),
            size=7,
        ),
        data_submit="go_to",
        class_="fq-goto",
    )
    return tag(
        "div",
        _turn("previous", "left", index - 1, disabled=index == 0, say=say),
        jump,
        tag("span", say("source.position", i=index + 1, n=count), class_="fq-position"),
        _turn("next", "right", index + 1, disabled=index + 1 >= count, say=say),
        _modes(sheet, say) if sheet.picture else None,
        class_="fq-turning",
    )


def _turn(name: str, drawn: str, page: int, *, disabled: bool, say: Say) -> Markup:
    return act(
        "turn_page",
        icon(drawn),
        data_page=page,
        disabled=disabled,
        class_="fq-iconbutton",
        title=say(f"source.{name}"),
        aria_label=say(f"source.{name}"),
    )


def _modes(sheet: Sheet, say: Say) -> Markup:
    buttons = [
        act(
            "view_as",
            say(f"source.{name}"),
            data_mode=name,
            aria_pressed="true" if (name == "text") == sheet.as_text else "false",
        )
        for name in ("image", "text")
    ]
    return tag("div", *buttons, class_="fq-modes", role="group", aria_label=say("source.view"))


def _breadcrumb(sheet: Sheet, say: Say) -> Markup | None:
    if not sheet.section:
        return None
    steps = [tag("li", step) for step in sheet.section]
    return tag("nav", tag("ol", *steps), class_="fq-breadcrumb", aria_label=say("source.section"))


def _lost_quote(quote: str, say: Say) -> Markup:
    words = tag("blockquote", tag("mark", quote))
    return tag("div", tag("p", say("source.nomark")), words, class_="fq-lost")


def _image(sheet: Sheet, say: Say) -> Markup:
    picture = sheet.picture
    assert picture is not None
    label = sheet.page.label or sheet.page.index + 1
    boxes = [_box(box, "fq-box fq-boxcol") for box in picture.columns]
    boxes += [_box(box, "fq-box") for box in picture.boxes]
    boxes += [_box(box, "fq-box fq-boxcell") for box in picture.cells]
    shown = tag(
        "img",
        src=picture.url,
        alt=say("source.image.alt", title=sheet.state.ref.title, label=label),
    )
    return tag("div", shown, *boxes, class_="fq-image")


def _box(box: Box, class_: str) -> Markup:
    place = f"left:{box.left:.3%};top:{box.top:.3%};width:{box.width:.3%};height:{box.height:.3%}"
    return tag("span", class_=class_, style=place)
