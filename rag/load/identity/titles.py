"""The title of a filing as its cover prints it, over several lines or within one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.load.identity.english import FULL
from rag.load.outline import numbering
from rag.types import Heading, Page

LONGEST = 160
_ENDING = (
    r"(?:报告书|说明书|意向书|招股章程|年度报告(?:全文|摘要)?|年度報告|中期报告|季度报告|专项报告|审计报告|评估报告|审阅报告|鉴证报告|受托管理事务报告|核查意见|法律意见书?|意见书|保荐书"
    r"|(?:函|意见)之?(?:的|有关[^，。]{2,12}的)?(?:回复|答复|说明)(?:报告|公告)?|的(?:回复|答复|专项说明|说明|专项意见|意见|公告|通知)|(?<!公司)公告|问询函|关注函|[\u4e00-\u9fff]报告"
    r"|利润表|资产负债表|现金流量表|财务报表|财务报告|Annual Report|Interim Report|Quarterly Report|Prospectus|Announcement)"
)
_BRACKETS = r"(?:\s*[（(][^（）()]{1,12}[)）])*"
_END = re.compile(rf"{_ENDING}{_BRACKETS}\s*$", re.IGNORECASE)
_INSIDE = re.compile(
    rf"{_ENDING}{_BRACKETS}(?=\s*(?:$|[（(]|\d{{4}}-\d{{2}}|证券代码|证券简称|目录))", re.IGNORECASE
)
_CODES = re.compile(
    r"(?:[AH]股)?(?:证券|股票|债券|公司)(?:代码|简称)\s*[:：]\s*[^\s:：]{2,12}(?:\s|$)|公告编号\s*[:：]\s*\S+"
    r"|(?:披露|公告)日期\s*[:：]\s*\S+|(?:拟?上市地点|上市交易所)\s*[:：]\s*(?:[\u4e00-\u9fff]{2,4}(?:联合)?(?:证券)?交易所[、及和]?)+"
)
_NOT_TITLE = re.compile(
    r"[。；!！?？|]|代码|简称|^\s*[（(].*[)）]\s*$|住所|地址|保荐|主承销|独立财务顾问|虚构|样例|^\s*\S{2,4}[字号][\[〔（(]|[\]〕）)]\s*\d+\s*号|^目\s*录$|[路街道]\s*\d+\s*号|事务所(?:[（(][^（）()]{2,8}[)）])?\s*$|^Washington|^UNITED STATES"
)
_PROSE = re.compile(r"[。；•…]|[\u4e00-\u9fff)）][,，]")
_LABEL_IN_FRONT = re.compile(r"^[^\s:：（）()《》]{2,10}[:：](?=.{8,})")


def cover_title(cover: Sequence[str]) -> str:
    """The cover's title: from its first line to the one that ends as titles of filings do.

    Codes, addresses and names of advisers between the lines are passed over. Empty where no line
    of the cover ends so.
    """
    lines = [_CODES.sub(" ", line).strip() for line in cover[:40]]
    for i, line in enumerate(lines):
        title = _ending(line)
        if title:
            above = [] if "有限公司" in title else _above(lines[:i])
            return _tidy("".join([*above, title]))
    return ""


def _ending(line: str) -> str:
    """The part of a line up to the end of a title; empty where it holds none."""
    if numbering(line):
        return ""
    if len(line) <= LONGEST and _END.search(line):
        return line if not _PROSE.search(line) else ""
    match = next(_INSIDE.finditer(line[: LONGEST + 40]), None)
    if match is None or match.end() > LONGEST or _PROSE.search(line[: match.end()]):
        return ""
    return line[: match.end()]


def _above(lines: Sequence[str]) -> list[str]:
    """The lines right above a title's last line that belong to it."""
    parts: list[str] = []
    for line in reversed(lines[-6:]):
        if not line or (_skipped(line) and len(parts) < 4):
            continue
        if len(line) > 60 or _NOT_TITLE.search(line) or len(parts) == 4:
            break
        parts.insert(0, line)
        if "有限公司" in line:
            break
    return parts


def _skipped(line: str) -> bool:
    """A line that stands between the lines of a title without being part of it."""
    return bool(
        re.fullmatch(r"[（(].*[)）]", line)
        or re.search(r"[路街道]\s*\d+\s*号", line)
        or FULL.fullmatch(line)
    )


def _tidy(title: str) -> str:
    title = _LABEL_IN_FRONT.sub("", title)
    title = re.sub(r"\s*\d{4}-\d{2}-\d{2}$", "", title)
    return re.sub(r"\s+", " ", title).strip()


def full_title(title: str, company: str) -> str:
    """`title` with the company's name in front, once."""
    if not company:
        return title
    while title.startswith(company * 2):
        title = title[len(company) :]
    twice = re.match(rf"{re.escape(company)}.{{0,30}}?(?={re.escape(company)})", title)
    if twice:
        title = title[twice.end() :]
    doubled = re.match(r"(.{6,40}?)\1", title.removeprefix(company))
    if doubled:
        title = title.removeprefix(company)[len(doubled[1]) :]
    return title if company in title else f"{company}{title}"


def heading_title(pages: Sequence[Page]) -> str:
    """The heading with which a document opens, where it is no numbered section; else empty."""
    for block in pages[0].blocks[:3] if pages else ():
        if isinstance(block, Heading) and block.level == 1 and 4 <= len(block.text) <= 80:
            return "" if numbering(block.text) or _NOT_TITLE.search(block.text) else block.text
    return ""


def first_line(cover: Sequence[str]) -> str:
    """The first line of a page of prose, cut where its headline ends."""
    for line in cover[:6]:
        text = line.strip()
        dateline = re.search(r"\s*[（(][^（）()]*?\d{4}年\d{1,2}月\d{1,2}日", text)
        if dateline and dateline.start() >= 8:
            text = text[: dateline.start()]
        if len(text) <= 120 and not _NOT_TITLE.search(text.replace("|", "").replace("；", "")):
            return text
    return ""


_OWN_NAMES = {"prospectus": r"招股意向书|招股说明书|募集说明书|招股章程"}
"""What filings of a kind call themselves in running text."""


def named_by_kind(kind: str, company: str, text: str) -> str:
    """Company and what the document calls itself most, for a cover that was lost; else empty."""
    found = Counter(re.findall(_OWN_NAMES[kind], text)) if kind in _OWN_NAMES else Counter()
    return f"{company}{found.most_common(1)[0][0]}" if company and found else ""


def english_title(kind: str, company: str, *, period: str, date: str) -> str:
    """ "Name, Inc. Form 10-K 2024": the registrant, the form, its year or (8-K) its date."""
    when = date if kind == "8-K" else (period or date)[:4]
    return " ".join(part for part in (company, f"Form {kind}", when) if part)
