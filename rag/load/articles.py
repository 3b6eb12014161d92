"""The layout of a news page: headlines, bylines, subheads, and the articles between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load.subjects import dominant
from rag.types import Block, Heading, Page, Paragraph, Table

Place = tuple[int, int]
"""(index of the page, index of the block on it)."""

LONGEST_HEADLINE = 60
LONGEST_SUBHEAD = 24
BYLINE = re.compile(
    r"^\s*[●■◎]?\s*(?:(?:本报|本刊|见习|特约|实习|新华社|财联社)\s*)*(?:通讯员|记者)[\s:：/]\s*\S{2,20}(?:\s+\S{1,20}){0,4}\s*$"
    r"|^\s*By\s+[A-Z][\w.'’-]+(?:\s+(?:and\s+)?[A-Z][\w.'’-]+){1,6}\s*$"
)
_BYLINE_INSIDE = re.compile(r"(?=[●■◎]\s*(?:本报|本刊|见习|特约)?(?:通讯员|记者)[\s:：])")
_LEAD = re.compile(
    r"^\s*(?:本报[^，。]{0,8}讯|新华社|财联社[^，。]{0,14}[讯电]|[（(](?:本报|见习)?记者|[^，。]{2,12}\d{1,2}月\d{1,2}日[讯电])"
)
_GLUED_LEAD = re.compile(
    r"^(?P<headline>[^。；！？，,]{3,40}[\u4e00-\u9fff] +[\u4e00-\u9fff][^。；！？，,]{2,40}?)(?P<rest>(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:晚间?|早间?|午间|盘后)?[，,].{30,})$",
    re.DOTALL,
)
"""A headline in two halves, and the date with which its article begins."""
_GLUED_RUBRIC = re.compile(r"^(?P<first>.{20,}[)）])(?P<rubric>[\u4e00-\u9fff]{2,8})$", re.DOTALL)
NOISE = re.compile(
    r"图片|供图|[摄]$|图/|来源|责任编辑|责编|编辑[:：]|校对|扫码|版权|公众号|^\d+$|^[A-Z]\d{2}"
)
SENTENCE_END = re.compile(r"[。！？!?；;…”’」』）)]\s*$")


@dataclass(frozen=True, slots=True)
class Spot:
    """A block and where it stands."""

    place: Place
    block: Block

    @property
    def text(self) -> str:
        """The block's words; a table has none here."""
        return "" if isinstance(self.block, Table) else self.block.text.strip()


@dataclass(frozen=True, slots=True)
class Article:
    """An article of a news page: its headline and what it is about, from `first` up to `end`.

    `company` is the name that it uses, `full` the registered name where it prints one. `first`
    and `end` count the blocks of the whole document.
    """

    headline: str
    first: int
    end: int
    company: str = ""
    full: str = ""


def articles(pages: Sequence[Page]) -> tuple[Article, ...]:
    """The articles of a news page, each from its headline to the next one's."""
    spots = spots_of(pages)
    if not spots:
        return ()
    starts = _article_starts(spots) or [0]
    if starts[0] > 0:
        starts = [0, *starts] if _has_prose(spots[: starts[0]]) else [0, *starts[1:]]
    return tuple(
        _article(spots, first, end)
        for first, end in zip(starts, [*starts[1:], len(spots)], strict=True)
    )


def _article(spots: Sequence[Spot], first: int, end: int) -> Article:
    headline = ""
    for spot in spots[first:end]:
        if not _is_headline_line(spot):
            break
        headline += spot.text
    paragraphs = [s.text for s in spots[first:end] if isinstance(s.block, Paragraph)]
    company, full = dominant(headline, paragraphs)
    return Article(headline, first, end, company, full)


def _has_prose(spots: Sequence[Spot]) -> bool:
    return any(len(spot.text) > LONGEST_HEADLINE for spot in spots)


def spots_of(pages: Sequence[Page]) -> list[Spot]:
    """Every block with its place, in order."""
    return [Spot((i, k), b) for i, page in enumerate(pages) for k, b in enumerate(page.blocks)]


def unglued(block: Block) -> list[Block]:
    """A paragraph that starts with a headline or ends with byline or rubric, in its parts."""
    if not isinstance(block, Paragraph):
        return [block]
    parts = [part for part in _BYLINE_INSIDE.split(block.text) if part.strip()]
    if len(parts) == 2 and len(parts[0]) <= LONGEST_HEADLINE and BYLINE.match(parts[1]):
        return [Paragraph(parts[0].strip()), Paragraph(parts[1].strip(), block.open_end)]
    if match := _GLUED_LEAD.match(block.text):
        return [Paragraph(match["headline"].strip()), Paragraph(match["rest"], block.open_end)]
    if match := _GLUED_RUBRIC.match(block.text):
        return [Paragraph(match["first"]), Paragraph(match["rubric"])]
    return [block]


def _is_headline_line(spot: Spot) -> bool:
    """A short line without the end of a sentence: headline, the line above it, or subhead."""
    text = spot.text
    return (
        bool(text)
        and len(text) <= LONGEST_HEADLINE
        and not (SENTENCE_END.search(text) or NOISE.search(text) or BYLINE.match(text))
    )


def _article_starts(spots: Sequence[Spot]) -> list[int]:
    """Where articles begin: at the headline above a byline, or above a lead ("本报讯")."""
    starts: list[int] = []
    floor = 0
    for i, spot in enumerate(spots):
        if not (BYLINE.match(spot.text) or _LEAD.match(spot.text)):
            continue
        start = _headline_above(spots, i, floor)
        if start is not None:
            starts.append(start)
            floor = i + 1
    return starts if len(starts) > 1 else _heading_starts(spots) or starts


def _heading_starts(spots: Sequence[Spot]) -> list[int]:
    """Headings of one level whose sections are about different companies; none else."""
    levels = Counter(spot.block.level for spot in spots if isinstance(spot.block, Heading))
    level = min((level for level, number in levels.items() if number > 1), default=0)
    if not level:
        return []
    starts = [
        k for k, s in enumerate(spots) if isinstance(s.block, Heading) and s.block.level == level
    ]
    sections = zip(starts, [*starts[1:], len(spots)], strict=True)
    told = [(first, end) for first, end in sections if _has_paragraph(spots[first:end])]
    about = {_article(spots, first, end).full for first, end in told}
    return [first for first, _ in told] if len(about) > 1 and "" not in about else []


def _has_paragraph(spots: Sequence[Spot]) -> bool:
    return any(isinstance(spot.block, Paragraph) for spot in spots)


def _headline_above(spots: Sequence[Spot], i: int, floor: int) -> int | None:
    """The first of the headline lines above block `i`, at most five blocks up."""
    k = i - 1
    while k >= max(floor, i - 5) and not _is_headline_line(spots[k]):
        k -= 1
    if k < max(floor, i - 5):
        return None
    while k - 1 >= floor and _is_headline_line(spots[k - 1]) and k - 1 >= i - 5:
        k -= 1
    return k


def article_ranks(spots: Sequence[Spot]) -> dict[Place, int]:
    """Levels of headlines (1) and of the subheads inside the articles (2)."""
    starts = _article_starts(spots) or [0]
    ranks: dict[Place, int] = {}
    for start in starts:
        k = start
        while k < len(spots) and _is_headline_line(spots[k]):
            ranks[spots[k].place] = 1
            k += 1
    for k, spot in enumerate(spots[:-1]):
        if spot.place not in ranks and _is_subhead(spot, spots[k - 1], spots[k + 1]):
            ranks[spot.place] = 2
    return ranks


def _is_subhead(spot: Spot, before: Spot, after: Spot) -> bool:
    return (
        _is_headline_line(spot)
        and len(spot.text) <= LONGEST_SUBHEAD
        and not re.search(r"[，,：:。\d.]", spot.text)
        and (len(after.text) > LONGEST_SUBHEAD or "，" in after.text)
        and bool(
            SENTENCE_END.search(before.text)
            or BYLINE.match(before.text)
            or NOISE.search(before.text)
        )
    )
