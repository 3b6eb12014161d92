"""Many items in one file: a news page of several articles, a digest with one item a paragraph.

An item's company is its own, never its neighbour's: every paragraph is told to which item it
belongs and what that item is about, and headlines become headings. Only documents of kind "news"
are looked at; a single article is no collection.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.load.articles import (
    BYLINE,
    NOISE,
    Place,
    Spot,
    article_ranks,
    articles,
    spots_of,
    unglued,
)
from rag.load.subjects import goes_on, has_subject, subject
from rag.types import Block, Heading, Page, Paragraph, Table

LONGEST_RUBRIC = 10
MOST = 200
"""Paragraphs by which a page is judged a digest."""
_DIGEST_TITLE = re.compile(
    r"日报|早报|晚报|晨报|周报|快讯|速览|要闻|速递|简报|一览|盘点|；.+；|;.+;"
)


def with_headlines(kind: str, pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with headlines, rubrics ("企业动态") and subheads of a news page as headings.

    A headline or rubric that the export glued to the paragraph beside it is cut off it. Pages of
    other kinds come back as they are; doing it twice changes nothing.
    """
    if kind != "news":
        return tuple(pages)
    cut = tuple(
        replace(page, blocks=tuple(part for block in page.blocks for part in unglued(block)))
        for page in pages
    )
    spots = spots_of(cut)
    ranks = _digest_ranks(spots) if _is_digest(spots) else article_ranks(spots)
    return tuple(
        replace(
            page,
            blocks=tuple(_ranked(block, ranks.get((i, k))) for k, block in enumerate(page.blocks)),
        )
        for i, page in enumerate(cut)
    )


def headlines(kind: str, pages: Sequence[Page]) -> tuple[str, ...]:
    """The headlines of a news page's articles, in order; empty for a digest and other kinds."""
    laid = with_headlines(kind, pages)
    if kind != "news" or _is_digest(spots_of(laid)):
        return ()
    return tuple(article.headline for article in articles(laid) if article.headline)


def is_digest(kind: str, pages: Sequence[Page]) -> bool:
    """Whether a news page is a digest: each paragraph reports on another company."""
    return kind == "news" and _is_digest(spots_of(with_headlines(kind, pages)))


def item_of_paragraphs(kind: str, pages: Sequence[Page]) -> dict[Place, str]:
    """(page index, block index) -> what the item is about to which that block belongs.

    `pages` are those that `with_headlines` returned. Empty for a file that is no collection;
    within one, a block without an item of its own (the page's title, a rubric) is left out.
    """
    if kind != "news":
        return {}
    spots = spots_of(pages)
    if _is_digest(spots):
        return _digest_items(spots)
    found = articles(pages)
    if len(found) < 2:
        return {}
    return {
        spots[k].place: article.company or article.headline
        for article in found
        for k in range(article.first, article.end)
    }


def _ranked(block: Block, level: int | None) -> Block:
    return block if level is None or isinstance(block, Table) else Heading(block.text, level)


def _is_digest(spots: Sequence[Spot]) -> bool:
    """Paragraphs with subjects of their own, none of which returns all over the page; no bylines."""
    if any(BYLINE.match(spot.text) for spot in spots):
        return False
    texts = [s.text for s in spots if isinstance(s.block, Paragraph) and len(s.text) >= 15][:MOST]
    if len(texts) < 4:
        return False
    named = any(_DIGEST_TITLE.search(spot.text) for spot in spots[:2])
    rubrics = sum(_is_rubric(spots, k) for k in range(len(spots))) >= 2
    own = [text for text in texts if has_subject(text)]
    if len(own) < (0.4 if named or rubrics else 0.75) * len(texts):
        return False
    most = max(sum(name in other for other in texts) for name in map(subject, own))
    return most < (0.5 if named or rubrics else 0.3) * len(texts)


def _is_rubric(spots: Sequence[Spot], k: int) -> bool:
    """A short line of Han characters above a paragraph: "企业动态", "人事"."""
    text = spots[k].text
    return (
        bool(re.fullmatch(rf"[\u4e00-\u9fff·&]{{2,{LONGEST_RUBRIC}}}", text))
        and not NOISE.search(text)
        and k + 1 < len(spots)
        and len(spots[k + 1].text) > LONGEST_RUBRIC
    )


def _digest_ranks(spots: Sequence[Spot]) -> dict[Place, int]:
    return {spot.place: 2 for k, spot in enumerate(spots) if _is_rubric(spots, k)}


def _digest_items(spots: Sequence[Spot]) -> dict[Place, str]:
    """Each paragraph's own subject; the page's title, date and rubrics have none."""
    labels: dict[Place, str] = {}
    label = ""
    for k, spot in enumerate(spots):
        if isinstance(spot.block, Heading) or (not labels and _is_masthead(spot, k)):
            label = ""
        elif not (label and goes_on(spot.text)):
            label = subject(spot.text)
        if label:
            labels[spot.place] = label
    return labels


def _is_masthead(spot: Spot, k: int) -> bool:
    """The title of a digest, which names many companies, or its date and source."""
    if k == 0 and _DIGEST_TITLE.search(spot.text):
        return not spot.text.endswith("。")
    return not has_subject(spot.text)
