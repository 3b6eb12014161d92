"""The outline of filings: which lines are headings, and how deep.

Chinese filings number their outline in a customary order (第一节 > 一、 > (一) > 1、 > (1) > ①);
US filings in Parts, Items and numbered notes. A level is the position in that order, so that a
path can be built without having seen the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CN = "一二三四五六七八九十百零〇"
_STYLES: tuple[tuple[int, str, str], ...] = (
    (1, "chapter", rf"第[{_CN}\d]+[编篇章节](?=[\s、:：]|[^\d\W])"),
    (2, "question", r"(?:(?:审核)?问[询题]函?|反馈意见|落实函)?(?:问题|意见|Question)\s*[\d一二三四五六七八九十]+(?:\s|[、.．:：]|$)"),
    (1, "part", r"(?:PART|Part)\s+[IVX]+\b"),
    (2, "item", r"(?:ITEM|Item)\s+\d{1,2}(?:\.\d{2})?[AB]?\b\s*[.:—–-]?"),
    (3, "note", r"(?:NOTE|Note)\s+\d{1,2}\s*[.:—–-]"),
    (3, "han", rf"[{_CN}]{{1,4}}、"),
    (4, "han-bracket", rf"[（(][{_CN}]{{1,4}}[）)]"),
    (5, "number", r"\d{1,2}(?:、|[.．](?!\d))"),
    (5, "number-dotted", r"\d{1,2}(?:\.\d{1,2}){1,3}(?=[\s　、]|[^\d\W])(?!\s*[%％万亿元股年倍])"),
    (6, "number-bracket", r"[（(]\d{1,2}[）)]"),
    (7, "number-half", r"\d{1,2}[）)]"),
    (8, "circled", r"[①-⑳]"),
    (9, "letter", r"[A-Za-z][、.．](?=\s*[^\sa-z.])"),
)  # fmt: skip
_NUMBERING = tuple((level, name, re.compile(r"\s*" + p)) for level, name, p in _STYLES)
_TITLES = re.compile(
    r"^(?:目\s*录|释\s*义|重大事项提示|重大风险提示|特别提示|重要提示|.{0,12}声明|备查文件.{0,4}|附\s*[录件表]|TABLE OF CONTENTS|SIGNATURES?|INDEX TO .*|EXHIBIT INDEX)$",
    re.IGNORECASE,
)
CIRCLED = 8
"""The customary level of ①."""
CONTENTS = "目录"
"""The heading that loaders give to a table of contents; nothing of the text stands below it."""
_SENTENCE_END = re.compile(r"[。！？；;!?]\s*$")
_INNER_SENTENCE = re.compile(r"[。！？]")
_REFERS = re.compile(r"^[“”\"之中的、，,]")
"""A chapter that is only named: "第五节“二、…”之…"."""
_ASKS = re.compile(r"说明|是否|结合|合理性|分析|披露|列示|测算|原因|情况")
"""What a regulator's question asks for, and a clause of a rule does not."""
LONGEST_HEADING = 90
LONGEST_LEAD = 30
"""Characters of a numbered title that ends with a colon ("1、流动资产变动情况分析:")."""
LONGEST_QUOTED = 240
"""Headings of replies (一、 and (一)) repeat the regulator's question and can be long."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbering at the start of a line: its customary `level`, its `style`, its end."""

    level: int
    style: str
    end: int


def first_of(text: str) -> bool:
    """Whether a line's numbering is the first of its kind: 一、 (一) 1、 ①."""
    return (
        re.match(r"\s*[（(]?\s*(?:一|1|①)(?:[、.．）)]|(?=[^\d一二三四五六七八九十]))", text)
        is not None
    )


def numbering(text: str) -> Numbering | None:
    """The outline numbering with which a line starts, or None."""
    for level, style, pattern in _NUMBERING:
        if match := pattern.match(text):
            return Numbering(level, style, match.end())
    return None


def heading_level(text: str) -> int | None:
    """Level (1 outermost) of a line that is a heading by its numbering and shape, else None.

    A numbered line is a heading while it is short and no full sentence; a numbered paragraph
    ("1、公司于……。") is none.
    """
    stripped = text.strip()
    if not stripped or len(stripped) > LONGEST_QUOTED:
        return None
    found = numbering(stripped)
    if found is None:
        return 1 if _TITLES.match(stripped) else None
    rest = stripped[found.end :].strip()
    if found.style == "chapter" and _REFERS.match(rest):
        return None
    if found.style in ("han", "han-bracket"):
        if len(stripped) > LONGEST_HEADING and rest.endswith("。") and not _ASKS.search(rest):
            return None
        rest = rest.rstrip("。；;:：")
    elif len(stripped) > LONGEST_HEADING:
        return None
    if found.style in ("chapter", "part", "item", "question"):
        return found.level if len(rest) <= 60 and not _INNER_SENTENCE.search(rest[:-1]) else None
    if not rest or _INNER_SENTENCE.search(rest) or _is_clause(rest, found):
        return None
    return found.level


def _is_clause(rest: str, found: Numbering) -> bool:
    """A numbered line that is a list item or a row rather than a heading."""
    if found.level >= 5 and (rest[-1] in ";；" or (len(rest) > 24 and _SENTENCE_END.search(rest))):
        return True
    if found.level >= 5 and len(rest) > 14 and rest.endswith((":", "：")):
        leads_in = rest.rstrip(":：").endswith(("如下", "以下", "所示"))
        return leads_in or len(rest) > LONGEST_LEAD or bool(re.search(r"[，,；;\d]", rest))
    if re.fullmatch(r"[\d,，、.％%\-\s年月日/()（）]+", rest):
        return True
    return rest[0] in "，,、）)" or len(rest) < 2


REPLY_MARK = re.compile(
    r"^\s*[【\[]?\s*(?:(?:发行人|公司|上市公司|企业|申请人)?(?:回复|答复|说明|回复说明|的回复)|Response|Reply)\s*[】\]]?\s*[:：]?\s*$",
    re.IGNORECASE,
)
"""A line that only says that the reply begins."""

OPINION = re.compile(
    r"核查(?:程序|意见|情况|结论|过程|方式|方法)|(?:会计师|律师|保荐(?:机构|人)|财务顾问|中介机构|评估(?:机构|师)).{0,14}(?:核查|意见)|发表.{0,6}意见"
)
"""Headings under which accountant, lawyer or sponsor speak."""

_TOC_LINE = re.compile(
    r"^(?P<title>.*?\S)\s*(?:\.{4,}|…{2,}|·{4,}|．{4,}|-{6,}|_{6,})\s*(?P<page>[\d-]+)?\s*$"
)


def toc_entry(line: str) -> tuple[str, int | None] | None:
    """(title, page number or None) of a line of a table of contents, by its leader dots."""
    match = _TOC_LINE.match(line.strip())
    if match is None or len(match["title"]) > 160:
        return None
    page = match["page"]
    number = int(page.split("-")[-1]) if page and page.split("-")[-1].isdigit() else None
    return match["title"].strip(" .．…·"), number


def contents_end(lines: Sequence[str], start: int) -> int:
    """End (exclusive) of the table of contents that starts at `start`, 0 where none does.

    Between its entries stand others whose leader dots an export lost, or that go on in the next
    line: at most two such lines, none of which ends a sentence.
    """
    end, bare = 0, 0
    for i in range(start, len(lines)):
        line = lines[i].strip()
        if toc_entry(line):
            end, bare = i + 1, 0
        elif line:
            bare += 1
            wordy = _SENTENCE_END.search(line) or len(line) > LONGEST_HEADING
            if bare > (2 if end else 1) or wordy or (not end and numbering(line) is None):
                break
    if not end:
        return 0
    return end if toc_entry(lines[start]) or _entries(lines[start + 1 : end]) > 1 else 0


def _entries(lines: Sequence[str]) -> int:
    return sum(toc_entry(line) is not None for line in lines)
