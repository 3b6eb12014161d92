"""The date of a document: when it was signed, disclosed or reported, as the document says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rag.load.identity.lines import squeezed
from rag.verify.dates import find_dates

_POINT = re.compile(r"(?:19[89]\d|20[0-4]\d)-\d{2}(?:-\d{2})?")
_ZERO = re.compile(
    r"(?<=[一二三四五六七八九零〇])[○ＯOo0０◯](?=[一二三四五六七八九零〇○ＯOo0０◯年])"
)
_SIGNED = re.compile(
    r"(?:招股(?:意向书|说明书)|募集说明书|报告书|本文件|公告书)的?签署(?:日期?|时间)\s*[:：|]?\s*"
)
_LABEL = re.compile(
    r"(?:(?:披露|公告|发布|提交|填报|报告|报送|编制|签署|签发|出具|刊登)(?:日期?|时间)|(?:^|[\s|])日期|Date\s+of\s+report[^:\n]{0,60}|Filing\s+date|Date\s+filed|Dated?)"
    r"\s*[:：|]\s*",
    re.MULTILINE | re.IGNORECASE,
)
_OTHER = re.compile(r"(?:预计|发行|上市|截止|成立|到期|申购|缴款|推介|询价|定价)[^\n]{0,8}$")
_SIGNATURE = re.compile(r"\bDated?\s*:\s*", re.IGNORECASE)
_PERIOD_END = re.compile(
    r"(?:year|quarter|quarterly\s+period|period|months)\s+ended:?\s+", re.IGNORECASE
)
_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:[-_.年]?(0[1-9]|1[0-2])(?:[-_.月]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
_LATE = frozenset({"inquiry reply", "correction", "announcement", "document"})
"""Kinds whose date is that of the signature at the end rather than one on the cover."""


def document_date(
    kind: str, cover: Sequence[str], end: Sequence[str], *, text: str, name: str
) -> str:
    """ISO date (YYYY-MM-DD, YYYY-MM or YYYY) of a document; empty where nothing states it.

    `cover` and `end` are its first and last lines, `text` all of it, `name` the file's name: a
    hint for what the document leaves open.
    """
    hint = in_name(name)
    found = _news(cover) if kind == "news" else _stated(kind, cover, end, text)
    if not found:
        found = hint if len(hint) >= 7 else _period_end("\n".join(cover)) or hint
    return hint if hint.startswith(f"{found}-") and found else found


def _stated(kind: str, cover: Sequence[str], end: Sequence[str], text: str) -> str:
    head = "\n".join(cover)
    labelled = _after(_LABEL, head) or _after(_SIGNED, text)
    ends = [_sign_off(end), _on_cover(cover)]
    candidates = [labelled, *(ends if kind in _LATE else reversed(ends)), _signatures(end)]
    chosen = next((date for date in candidates if date), "")
    finer = [date for date in candidates if chosen and date.startswith(f"{chosen}-")]
    return finer[0] if finer else chosen


def points(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, ISO) of the days and months that a text names, in order."""
    plain = _ZERO.sub("〇", text)
    found = sorted(find_dates(plain), key=lambda date: date.start)
    yield from ((d.start, d.end, d.canonical) for d in found if _POINT.fullmatch(d.canonical))


def in_name(name: str) -> str:
    """The most precise date in a file's name, else empty."""
    dates = ["-".join(part for part in match.groups() if part) for match in _IN_NAME.finditer(name)]
    return max(dates, key=len, default="")


def _after(label: re.Pattern[str], text: str) -> str:
    """The date directly behind a label, the first that has one; other events' dates do not count."""
    for match in label.finditer(text):
        if _OTHER.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        first = next(points(text[match.end() : match.end() + 40]), None)
        if first is not None and first[0] <= 2:
            return first[2]
    return ""


def _only_date(line: str) -> str:
    """The date of a line that holds nothing else ("二〇二五年九月", "2 0 2 5 年 9 月")."""
    plain = squeezed(line).strip("（()）.。")
    if len(plain) > 16 and not re.fullmatch(r"[A-Za-z]+\d{1,2},?\d{4}", plain):
        return ""
    source = plain if re.search(r"[年月./-]", plain) else line.strip()
    first = next(points(source), None)
    return first[2] if first and first[0] == 0 and first[1] >= len(source) else ""


def _sign_off(end: Sequence[str]) -> str:
    """The last line of the end that is a date, or a signatory with its date."""
    for line in reversed(end[-25:]):
        if only := _only_date(line):
            return only
        if len(line) <= 60 and re.search(r"董事会|事务所|委员会|有限公司|Board of Directors", line):
            dates = list(points(line))
            if dates and dates[-1][1] >= len(line.rstrip()):
                return dates[-1][2]
    return ""


def _on_cover(cover: Sequence[str]) -> str:
    for line in cover[:40]:
        if only := _only_date(line):
            return only
    for line in cover[:6]:
        dates = list(points(line)) if len(line) <= 200 else []
        if dates and dates[-1][1] >= len(line.rstrip()):
            before = line[: dates[-1][0]]
            if not (_OTHER.search(before) or re.search(r"截至|ended|[，。]", before)):
                return dates[-1][2]
    return ""


def _signatures(end: Sequence[str]) -> str:
    """The date that most signatures of a US filing bear."""
    text = "\n".join(end)
    dates = Counter(
        first[2]
        for match in _SIGNATURE.finditer(text)
        if (first := next(points(text[match.end() : match.end() + 24]), None)) and first[0] <= 2
    )
    return dates.most_common(1)[0][0] if dates else ""


def _news(cover: Sequence[str]) -> str:
    """A dateline ("…讯", "…电"), else a line that is a date."""
    head = "\n".join(cover[:12])[:4_000]
    for _, end, date in points(head):
        if re.match(r"\s*(?:讯|电|报道|消息)", head[end : end + 4]):
            return date
    return next((only for line in cover[:12] if (only := _only_date(line))), "")


def _period_end(head: str) -> str:
    return _after(_PERIOD_END, head)
