"""Pages of a text export: find the printed labels, and on which side of its page a label stands.

An export keeps a page's printed label as a line, or glued to the first line after it. The same
label stands above its page in one export and below it in another; the document itself tells which:
its table of contents against its headings, else what stands before the first and after the last
label.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.load.outline import numbering, toc_entry

Side = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Label:
    """A printed page label: its text, its number and where it stands in the document."""

    text: str
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RawPage:
    """The text of one page; `label` is None where none is printed."""

    label: str | None
    text: str


_FAMILIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("hyphened", re.compile(r"^[ \t　]*(?P<prefix>\d{1,2}-(?:\d{1,2}-)?)(?P<digits>\d{1,7})", re.M)),
    ("page-word", re.compile(r"^[ \t　]*(?P<prefix>第)\s*(?P<digits>\d{1,4})\s*(?P<suffix>页)(?:[\s,，]*共\s*\d+\s*页)?", re.M)),
    ("page-of", re.compile(r"^[ \t　]*(?P<prefix>Page\s+)(?P<digits>\d{1,4})(?:\s+of\s+\d+)?[ \t]*$", re.M | re.I)),
    ("letter", re.compile(r"^[ \t　]*(?P<prefix>[A-Z]-)(?P<digits>\d{1,3})[ \t]*$", re.M)),
    ("dashed", re.compile(r"^[ \t　]*[-—–][ \t]?(?P<digits>\d{1,4})[ \t]?[-—–][ \t]*$", re.M)),
    ("slashed", re.compile(r"^[ \t　]*(?P<digits>\d{1,4})[ \t]*/[ \t]*\d{1,4}[ \t]*$", re.M)),
    ("bare", re.compile(r"^[ \t　]*(?P<digits>\d{1,4})[ \t]*$", re.M)),
)  # fmt: skip
FEWEST_LABELS = 3
SPARSEST_PAGE = 60
"""Characters a page has on average at the least; rows numbered 1, 2, 3 are closer together."""


def paginate(text: str) -> tuple[RawPage, ...]:
    """Split an export into pages by its printed labels; one unlabelled page where there are none."""
    labels = find_labels(text)
    if not labels:
        return tuple(RawPage(None, part) for part in text.split("\f")) or (RawPage(None, text),)
    text = _without_total(text, labels)
    side = label_side(text, labels)
    return _cut(text, labels, side)


def find_labels(text: str) -> tuple[Label, ...]:
    """The longest run of labels of one kind whose numbers count up; empty where none convinces."""
    best: tuple[Label, ...] = ()
    for name, pattern in _FAMILIES:
        for chain in _chains(text, name, pattern):
            if len(chain) > len(best) and _convincing(chain, len(text), name):
                best = chain
    return best


def _chains(text: str, name: str, pattern: re.Pattern[str]) -> list[tuple[Label, ...]]:
    """Per prefix ("7-2-", "第"), the labels that continue the count from the one before."""
    groups: dict[str, list[re.Match[str]]] = {}
    for match in pattern.finditer(text):
        groups.setdefault(match.groupdict().get("prefix") or "", []).append(match)
    return [_count_up(matches, glued=name == "hyphened") for matches in groups.values()]


def _count_up(matches: Sequence[re.Match[str]], *, glued: bool) -> tuple[Label, ...]:
    """Follow the count; with `glued`, digits of the text may follow the label's own digits."""
    chain: list[Label] = []
    for match in matches:
        expected = chain[-1].number + 1 if chain else None
        found = _read(match, expected, glued=glued)
        if found is None:
            continue
        if chain and not chain[-1].number < found.number <= chain[-1].number + 12:
            if found.number == 1 and len(chain) < FEWEST_LABELS:
                chain = [found]
            continue
        chain.append(found)
    return tuple(chain)


def _read(match: re.Match[str], expected: int | None, *, glued: bool) -> Label | None:
    digits = match["digits"]
    start, end = match.start(), match.end()
    if glued and len(digits) > 1 and not _line_ends(match):
        digits = _own_digits(digits, 1 if expected is None else expected)
        end = match.start("digits") + len(digits)
    elif glued and expected is not None and digits != str(expected):
        own = _own_digits(digits, expected)
        if own != digits:
            digits, end = own, match.start("digits") + len(own)
    text = match.string[start:end].strip()
    if match.groupdict().get("suffix"):
        text = f"第{digits}页"
    elif not match.groupdict().get("prefix"):
        text = digits
    return Label(text, int(digits), start, end)


def _own_digits(digits: str, expected: int | None) -> str:
    """Of "1032024" (label 103, then a year) the label's part, told by the count."""
    for step in range(13):
        if expected is not None and digits.startswith(str(expected + step)):
            return str(expected + step)
    return digits


def _line_ends(match: re.Match[str]) -> bool:
    rest = match.string[match.end() : match.end() + 40].split("\n", 1)[0]
    return not rest.strip()


def _convincing(chain: Sequence[Label], length: int, name: str) -> bool:
    """Enough labels, counting almost without gaps, spread over the document."""
    if len(chain) < FEWEST_LABELS:
        return False
    steps = Counter(b.number - a.number for a, b in itertools.pairwise(chain))
    if steps[1] < 0.8 * (len(chain) - 1):
        return False
    span = chain[-1].end - chain[0].start
    if span / len(chain) < SPARSEST_PAGE or span < 0.3 * length:
        return False
    return name not in ("bare", "hyphened") or chain[0].number <= 12


def _without_total(text: str, labels: Sequence[Label]) -> str:
    """Drop the page total that some exports append to the very end."""
    tail = text[labels[-1].end :].rstrip()
    total = re.search(r"(?:^|\s)(\d{1,4})$", tail)
    if total and int(total[1]) in (len(labels), labels[-1].number):
        return text[: labels[-1].end + total.start()]
    return text


def label_side(text: str, labels: Sequence[Label]) -> Side:
    """Whether labels stand before or after their pages.

    Votes of the table of contents decide where there are at least two and they do not tie; then
    a page range in it ("1-141"); then the text that stands outside the first and last label.
    """
    votes = _toc_votes(text, labels)
    if sum(votes.values()) >= 2 and votes["before"] != votes["after"]:
        return "before" if votes["before"] > votes["after"] else "after"
    ranged = _range_vote(text, labels)
    if ranged:
        return ranged
    head = len(text[: labels[0].start].strip())
    tail = len(text[labels[-1].end :].strip())
    return "before" if tail > head else "after"


def _toc_votes(text: str, labels: Sequence[Label]) -> Counter[Side]:
    """Each entry whose heading is found tells which label belongs to the heading's page."""
    votes: Counter[Side] = Counter()
    lines = _line_starts(text)
    for title, page in _toc(text):
        if (place := _heading_place(lines, title)) is None:
            continue
        before = max((k for k in labels if k.end <= place), key=lambda k: k.end, default=None)
        after = min((k for k in labels if k.start >= place), key=lambda k: k.start, default=None)
        if before and before.number == page:
            votes["before"] += 1
        if after and after.number == page:
            votes["after"] += 1
    return votes


def _toc(text: str) -> list[tuple[str, int]]:
    entries = (toc_entry(line) for line in text[: max(40_000, len(text) // 6)].split("\n"))
    return [(title, page) for title, page in filter(None, entries) if page is not None][:200]


def _line_starts(text: str) -> dict[str, list[int]]:
    """Normalised beginnings of lines that are no entries of a table of contents -> offsets."""
    starts: dict[str, list[int]] = {}
    offset = 0
    for line in text.split("\n"):
        if toc_entry(line) is None and (key := _key(line)):
            starts.setdefault(key, []).append(offset)
        offset += len(line) + 1
    return starts


def _key(line: str) -> str:
    return re.sub(r"\W", "", line)[:14]


def _heading_place(lines: dict[str, list[int]], title: str) -> int | None:
    """Where the heading stands: only a numbered title that begins exactly one line counts."""
    if numbering(title) is None:
        return None
    places = lines.get(_key(title), [])
    return places[0] if len(places) == 1 else None


def _range_vote(text: str, labels: Sequence[Label]) -> Side | None:
    """A contents page that gives a range ("1-141") whose end only one side can reach."""
    head = text[: labels[0].end + 200]
    first, last = labels[0].number, labels[-1].number
    for match in re.finditer(r"(?<![\d-])(\d{1,3})-(\d{1,4})(?![\d-])", head):
        if int(match[1]) == first and int(match[2]) == last + 1 and text[labels[-1].end :].strip():
            return "after"
    return None


def _cut(text: str, labels: Sequence[Label], side: Side) -> tuple[RawPage, ...]:
    inner = [text[a.end : b.start] for a, b in itertools.pairwise(labels)]
    head, tail = text[: labels[0].start], text[labels[-1].end :]
    names = [label.text for label in labels]
    if side == "before":
        pages = [RawPage(None, head)] if head.strip() else []
        return tuple(pages + _labelled(names, [*inner, tail]))
    pages = _labelled(names, [head, *inner])
    if tail.strip():
        pages.append(RawPage(_following(labels[-1]), tail))
    return tuple(pages)


def _labelled(names: Sequence[str], texts: Sequence[str]) -> list[RawPage]:
    return [RawPage(name, text) for name, text in zip(names, texts, strict=True)]


def _following(label: Label) -> str:
    """The label that a last page without one would carry."""
    return label.text.replace(str(label.number), str(label.number + 1))


def running_lines(pages: Sequence[RawPage]) -> tuple[str, ...]:
    """Headers and footers: text with which at least half of the pages begin, or end."""
    if len(pages) < 4:
        return ()
    firsts = [_edge_lines(page.text) for page in pages if page.text.strip()]
    found = []
    for position in (0, -1):
        common = _common_start([lines[position] for lines in firsts if lines])
        if common:
            found.append(common)
    return tuple(found)


def _edge_lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _common_start(lines: Sequence[str]) -> str:
    """The longest beginning (8 characters or more) that at least half of the lines share."""
    if not lines:
        return ""
    prefixes = Counter(line[:8] for line in lines if len(line) >= 8)
    if not prefixes:
        return ""
    prefix, count = prefixes.most_common(1)[0]
    if count < max(3, len(lines) * 0.5):
        return ""
    sharing = [line for line in lines if line.startswith(prefix)]
    length = 8
    while True:
        longer, count = (
            Counter(line[: length + 1] for line in sharing if len(line) > length).most_common(1)[0]
            if any(len(line) > length for line in sharing)
            else ("", 0)
        )
        if count < 0.9 * len(sharing):
            return prefix
        prefix, length = longer, length + 1


def without_running(text: str, running: Sequence[str]) -> str:
    """A page without its running header and footer (the glued rest of the line stays)."""
    lines = text.split("\n")
    filled = [i for i, line in enumerate(lines) if line.strip()]
    for i in (*filled[:1], *filled[-1:]):
        for common in running:
            if lines[i].strip().startswith(common):
                lines[i] = lines[i].replace(common, "", 1)
    return "\n".join(lines)
