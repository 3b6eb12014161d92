"""What kind of document a filing is, by its title first, then its cover, then the file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TITLES: tuple[tuple[str, str], ...] = (
    ("10-K", r"FORM\s+10-?K(?:/A)?\b"),
    ("10-Q", r"FORM\s+10-?Q(?:/A)?\b"),
    ("8-K", r"FORM\s+8-?K(?:/A)?\b"),
    ("correction", r"更正公告|更正的公告|补充更正|更正及补充|会计差错更正|勘误|Correction of"),
    ("inquiry reply", r"(?:问询函?|反馈意见|审核意见|落实函|关注函|工作函|监管函|审查问询).{0,60}(?:回复|答复|说明|核查|意见|回函)|(?:回复|答复).{0,40}(?:问询函?|反馈意见|关注函|落实函)|response to .{0,40}(?:inquiry|comment) letter"),
    ("inquiry letter", r"(?:审核|监管|年报)?(?:问询函|关注函|监管工作函|落实函)$"),
    ("restructuring report", r"(?:购买资产|资产重组|重组|资产置换|资产出售|吸收合并|要约收购|收购).{0,60}报告书"),
    ("prospectus", r"招股(?:说明书|意向书|章程|书)|募集说明书|配股说明书|\bProspectus\b"),
    ("interim report", r"半\s*年度?报告|半年报|中期报告|中期报告|季度报告|[一三]季报|Interim Report|Half[- ]year(?:ly)? Report|Quarterly Report"),
    ("annual report", r"年度报告|年度報告|年报(?!问询)|年報|Annual Report"),
    ("announcement", r"公告|通告|专项报告|提示性|通知$|Announcement|Annual results|Interim results|Press Release"),
    ("financial statements", r"利润表|资产负债表|现金流量表|财务报表|财务报告|Financial Statements"),
)  # fmt: skip
_WEAK = frozenset({"inquiry letter", "announcement", "financial statements"})
"""Kinds whose words also stand on the first pages of others."""
_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for kind, pattern in _TITLES)
_NAMES: tuple[tuple[str, str], ...] = (
    ("10-K", r"10-?k"), ("10-Q", r"10-?q"), ("8-K", r"(?<!\d)8-?k"), ("news", r"news|新闻|资讯|日报|快讯|digest"),
    ("correction", r"correction|更正"), ("inquiry reply", r"inquiry|问询|反馈意见"),
    ("restructuring report", r"restructuring|重组"), ("prospectus", r"prospectus|招股|募集说明书"),
    ("interim report", r"interim|half[-_ ]?year|quarterly|半年|季报|季度"), ("annual report", r"annual|年报|年度报告"),
    ("announcement", r"announcement|公告"),
)  # fmt: skip
_BYLINE = re.compile(
    r"^\s*[●■◎]?\s*(?:本报|本刊|见习|特约|新华社|财联社)?(?:通讯员|记者)[\s:：/]|本报记者\s|[（(][^（）()]{0,40}\d\s*日[讯电]|\d日[讯电]|[（(]记者[\s:：]?[\u4e00-\u9fff]{2,4}[)）]|^\S{0,10}(?:日报|早报|晚报|快讯|晨报)$|[|｜]\s*\S{0,6}(?:日报|早报|晚报|快讯)|[(（]Reuters[)）]|^\s*By [A-Z][\w.'’-]+ [A-Z][\w.'’-]+\s*$",
    re.MULTILINE,
)
_SENTENCE = re.compile(r"[，。！？]")


def kind_of(title: str, cover: Sequence[str], name: str) -> str:
    """The kind of a document; "document" where nothing tells.

    A title that ends as titles of filings do decides; then marks of the press (a byline, a
    dateline), then what the cover says in its short lines, then the file's name.
    """
    head = "\n".join(cover)
    if (kind := _by_title(title)) and not _is_headline(title, head):
        return kind
    if _BYLINE.search(head[:4_000]):
        return "news"
    form = _by_title("\n".join(line for line in cover[:30] if len(line) <= 60))
    if form and form not in _WEAK:
        return form
    by_name = (kind for kind, pattern in _NAMES if re.search(pattern, name, re.IGNORECASE))
    return next(by_name, kind or form or "document")


def _by_title(title: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(title)), "")


def _is_headline(title: str, head: str) -> bool:
    """Whether a title that speaks of a filing is a journalist's: no filing's ending, and a byline."""
    return bool(_BYLINE.search(head[:4_000])) and not re.search(
        r"(?:报告书?|公告|说明书|意向书|回复|意见|说明|10-[KQ]|8-K)(?:[（(][^（）()]{1,12}[)）])*$",
        title,
    )


_VERSION = re.compile(
    r"修订稿|更正后|更正版|更新后|更新稿|草案|申报稿|注册稿|上会稿|封卷稿|豁免版|摘要|节选|Amendment No\.\s*\d+|/A\b|\(EXTRACT\)",
    re.IGNORECASE,
)


def version_of(title: str, cover: Sequence[str], kind: str) -> str:
    """What the title says of the version ("草案、修订稿"); a correction is "更正", news has none."""
    if kind == "news":
        return ""
    found = _VERSION.findall(title)
    for line in cover[:12]:
        if re.fullmatch(r"\s*(?:[（(][^（）()]{2,10}[)）]\s*)+", line) or re.match(
            r"\s*FORM\s+\d+-", line
        ):
            found += _VERSION.findall(line)
    if kind == "correction":
        found.insert(0, "更正")
    named = {"/a": "amended", "(extract)": "extract"}
    return "、".join(dict.fromkeys(named.get(version.lower(), version) for version in found))
