"""An answer as HTML: [n] as chips, checked figures as buttons, a little Markdown, no links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from rag.types import Answer, Check, Citation
from ui.html import act, hidden_text, joined, tag
from ui.render.icons import icon
from ui.strings import Say

_MARKER = r"\[(?P<ns>\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\]"
_BOLD = r"\*\*(?P<bold>[^*\n]+)\*\*"
_ITEM = re.compile(r"^\s*(?:[-*•·]|(?P<number>\d{1,2})[.、)])\s+(?P<text>.+)$")
_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+)$")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|[\s:|-]*$")


def answer_body(answer: Answer, turn: str, say: Say) -> Markup:
    """The text of an answer; `turn` is the id that a click on a chip sends along."""
    inline = _Inline(answer, turn, say)
    return joined(*_blocks(answer.text, inline))


def draft_body(text: str) -> Markup:
    """What a model has written so far: paragraphs only, markers shown as they come."""
    return joined(*(tag("p", part) for part in text.split("\n") if part.strip()))


def status_line(answer: Answer, say: Say) -> Markup:
    """The status in plain words, with who answered and how long it took."""
    shape = {"answered": "check", "partial": "alert", "not_found": "search"}[answer.status]
    badge = tag(
        "span",
        icon(shape),
        say(f"status.{answer.status}"),
        class_=f"fq-status fq-{answer.status}",
        title=say(f"status.{answer.status}.why"),
    )
    extractive = answer.model == "extractive"
    who = say("answer.extractive") if extractive else say("answer.model", model=answer.model)
    total = answer.timings.get("total") or sum(answer.timings.values())
    spent = say("answer.time", seconds=f"{total / 1000:.1f}") if total else ""
    about = " · ".join(part for part in (who, spent) if part)
    return tag("div", badge, tag("span", about, class_="fq-muted"), class_="fq-statusline")


def checks_fold(answer: Answer, turn: str, say: Say) -> Markup | None:
    """The checks, folded under one line that counts them."""
    if not answer.checks:
        return None
    bad = sum(check.verdict == "unsupported" for check in answer.checks)
    good = len(answer.checks) - bad
    counts = [
        tag("span", icon("check"), say("checks.checked", n=good), class_="fq-good")
        if good
        else None,
        tag("span", icon("alert"), say("checks.unsupported", n=bad), class_="fq-bad")
        if bad
        else None,
    ]
    heads = [
        tag("th", say(f"checks.{name}"), scope="col")
        for name in ("claim", "kind", "verdict", "where")
    ]
    rows = [_check_row(check, answer, turn, say) for check in answer.checks]
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))
    return tag(
        "details",
        tag("summary", *counts),
        tag("div", table, class_="fq-checks-table"),
        class_="fq-checks",
        id=f"checks-{turn}",
    )


def _check_row(check: Check, answer: Answer, turn: str, say: Say) -> Markup:
    numbers = [n for n in (check.citation, *check.operands) if n is not None]
    known = {citation.n: citation for citation in answer.citations}
    chips = [
        chip(known[n], turn, say, claim=check.claim) for n in dict.fromkeys(numbers) if n in known
    ]
    verdict = tag("span", say(f"verdict.{check.verdict}"), class_=f"fq-{check.verdict}")
    worked = tag("code", check.expression) if check.expression else None
    return tag(
        "tr",
        tag("th", check.claim, scope="row"),
        tag("td", say(f"kind.{check.kind}")),
        tag("td", verdict, worked),
        tag("td", *chips),
    )


def sources_list(answer: Answer, turn: str, say: Say) -> Markup | None:
    """The citations as a list: number, title, page and section; each opens its page."""
    if not answer.citations:
        return None
    items = []
    for citation in answer.citations:
        place = " › ".join(citation.section[-2:])
        items.append(
            tag(
                "li",
                act(
                    "cite",
                    tag("span", citation.n, class_="fq-n"),
                    tag("span", citation.title, class_="fq-what"),
                    tag("span", page_words(citation, say), class_="fq-where"),
                    tag("span", place, class_="fq-section") if place else None,
                    data_turn=turn,
                    data_n=citation.n,
                ),
            )
        )
    return tag("ol", *items, class_="fq-sources", aria_label=say("answer.sources"))


def chip(citation: Citation, turn: str, say: Say, *, claim: str = "") -> Markup:
    """A small numbered button that opens a citation's page."""
    words = say("answer.cite", n=citation.n, title=citation.title, page=page_words(citation, say))
    return act(
        "cite",
        str(citation.n),
        class_="fq-chip",
        data_turn=turn,
        data_n=citation.n,
        data_claim=claim or None,
        title=words,
        aria_label=words,
    )


def page_words(citation: Citation, say: Say) -> str:
    """The printed page in words, or that there is none."""
    return label_words(citation.page, say)


def label_words(label: str | None, say: Say) -> str:
    """A page's printed label in words: page 7-2-15, or as printed where it says so itself."""
    if not label:
        return say("answer.nopage")
    bare = re.fullmatch(r"[\w./-]{1,12}", label, re.ASCII)
    return say("page.label", label=label) if bare else label


class _Inline:
    """Turns a line of an answer into markup: markers, figures, bold; all else escaped."""

    def __init__(self, answer: Answer, turn: str, say: Say) -> None:
        self.turn = turn
        self.say = say
        self.citations = {citation.n: citation for citation in answer.citations}
        self.checks: dict[str, Check] = {}
        for check in answer.checks:
            self.checks.setdefault(check.claim, check)
        self.pattern = re.compile("|".join(self._alternatives()))

    def _alternatives(self) -> Iterator[str]:
        yield _MARKER
        yield _BOLD
        claims = sorted((claim for claim in self.checks if claim.strip()), key=len, reverse=True)
        if claims:
            either = "|".join(re.escape(claim) for claim in claims)
            yield rf"(?<![\d.,，])(?P<claim>{either})(?!\d|[.,]\d)"

    def __call__(self, text: str) -> Markup:
        pieces: list[Markup | str] = []
        at = 0
        for match in self.pattern.finditer(text):
            pieces += [text[at : match.start()], self._found(match)]
            at = match.end()
        return joined(*pieces, text[at:])

    def _found(self, match: re.Match[str]) -> Markup | str:
        groups = match.groupdict()
        if groups["ns"]:
            return self._chips(match.group(), [int(n) for n in re.findall(r"\d+", groups["ns"])])
        if groups["bold"]:
            return tag("strong", self(groups["bold"]))
        return self._figure(self.checks[groups["claim"]])

    def _chips(self, written: str, numbers: Sequence[int]) -> Markup | str:
        """Chips for known citations; a marker that names none stays as written."""
        known = [self.citations[n] for n in numbers if n in self.citations]
        if not known:
            return written
        # The word joiner keeps a chip on the line of the words that it stands behind.
        return joined("\u2060", *(chip(citation, self.turn, self.say) for citation in known))

    def _figure(self, check: Check) -> Markup:
        n = check.citation or next(iter(check.operands), None)
        words = self.say(
            "answer.figure", claim=check.claim, verdict=self.say(f"verdict.{check.verdict}")
        )
        if n is None or n not in self.citations:
            note = hidden_text(self.say(f"verdict.{check.verdict}"))
            return tag(
                "span", check.claim, note, class_=f"fq-figure fq-{check.verdict}", title=words
            )
        return act(
            "cite",
            check.claim,
            class_=f"fq-figure fq-{check.verdict}",
            data_turn=self.turn,
            data_n=n,
            data_claim=check.claim,
            title=words,
        )


def _blocks(text: str, inline: _Inline) -> Iterator[Markup]:
    """Paragraphs, lists, headings and pipe tables of an answer's text."""
    lines = [line for line in text.splitlines() if line.strip()]
    at = 0
    while at < len(lines):
        if _is_table(lines, at):
            end = at
            while end < len(lines) and "|" in lines[end]:
                end += 1
            yield _pipe_table(lines[at:end], inline)
        elif _ITEM.match(lines[at]):
            end = at
            while end < len(lines) and _ITEM.match(lines[end]):
                end += 1
            yield _list(lines[at:end], inline)
        else:
            end = at + 1
            heading = _HEADING.match(lines[at])
            yield tag("h4", inline(heading["text"])) if heading else tag("p", inline(lines[at]))
        at = end


def _is_table(lines: Sequence[str], at: int) -> bool:
    return "|" in lines[at] and at + 1 < len(lines) and bool(_RULE.match(lines[at + 1]))


def _list(lines: Sequence[str], inline: _Inline) -> Markup:
    found = [match for match in map(_ITEM.match, lines) if match]
    items = [tag("li", inline(match["text"])) for match in found]
    first = found[0]["number"]
    if first:
        return tag("ol", *items, start=int(first) if first != "1" else None)
    return tag("ul", *items)


def _pipe_table(lines: Sequence[str], inline: _Inline) -> Markup:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = tag("tr", *(tag("th", inline(cell), scope="col") for cell in rows[0]))
    body = [tag("tr", *(tag("td", inline(cell)) for cell in row)) for row in rows[2:]]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_="fq-table")
