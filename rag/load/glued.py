"""Tables whose cells an export ran together: kept line by line, verbatim, never guessed apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.load.outline import REPLY_MARK, heading_level, numbering
from rag.load.tables import split_unit, unit_of

_DECIMAL = re.compile(r"\d\.\d{1,4}(?!\d)|\d[%％]|\d{1,3}(?:,\d{3})+")
_LEADS_IN = re.compile(
    r"(?:如下|下表|下列|所示|情况|明细|列示|对比)[^。；]{0,12}[:：]\s*$|如下表所示[:：。]?\s*$|^\s*(?:表\s*\d|Table\s+\d)"
)
_PROSE_UNIT = re.compile(r"\d\s*(?:万元|亿元|百万元|元/|万股|个百分点)")
_FULL_STOP = re.compile(r"[。；;！？]\s*$")
_ROW_WORD = re.compile(
    r"^(?:合计|小计|总计|平均|本公司|项目|序号|年度|期间|单位|其中)|(?:年度?|年末|月末|月|日)$"
)


def looks_like_row(line: str) -> bool:
    """Whether a line has the shape of a table row: figures or short words, no sentence."""
    stripped = line.strip()
    if not stripped or _FULL_STOP.search(stripped):
        return False
    commas = len(re.findall(r"[,，、](?!\d{3})", stripped))
    if _DECIMAL.search(stripped):
        return commas + len(_PROSE_UNIT.findall(stripped)) <= 1
    if _ROW_WORD.search(stripped) and len(stripped) <= 40:
        return commas <= 1
    return len(stripped) <= 60 and commas == 0 and not re.search(r"[:：“”《》]", stripped)


def glued_region(lines: Sequence[str], start: int, *, going_on: bool = False) -> int:
    """End (exclusive) of the glued table that starts at `start`, or `start` where there is none.

    A table starts after a line that leads in to it, with a line that states a unit, or, with
    `going_on`, at the top of a page whose predecessor ended inside a table. It has lines with
    figures (or, after a lead-in, several short lines) and ends before a heading, a note or a
    sentence.
    """
    if not going_on and not _may_start(lines, start):
        return start
    end, figures, rows, strays = start, 0, 0, 0
    for i in range(start, len(lines)):
        line = lines[i].strip()
        if not line:
            continue
        if (i > start or going_on) and _stops(line):
            break
        if looks_like_row(line) or (i == start and unit_of(line)):
            figures += len(_DECIMAL.findall(line))
            rows += 1
            end, strays = i + 1, 0
        else:
            strays += 1
            if strays > 3 or (_FULL_STOP.search(line) and not _more_rows(lines, i)):
                break
    if figures == 0 and rows >= 4 and _led_in(lines, start):
        return end
    if figures < (1 if going_on else 2):
        return start
    return end if _at_bottom(lines, end) else _trim(lines, start, end)


def _at_bottom(lines: Sequence[str], end: int) -> bool:
    return not any(line.strip() for line in lines[end:])


def _led_in(lines: Sequence[str], start: int) -> bool:
    previous = next((x for x in reversed(lines[:start]) if x.strip()), "")
    return bool(_LEADS_IN.search(previous))


def _may_start(lines: Sequence[str], start: int) -> bool:
    line = lines[start]
    if split_unit(line)[0]:
        return True
    at_top = start == next((i for i, x in enumerate(lines) if x.strip()), 0)
    return looks_like_row(line) and (_led_in(lines, start) or at_top)


def _stops(line: str) -> bool:
    if REPLY_MARK.match(line) or re.match(
        r"^(?:注\s*\d*\s*[:：]|综上|如上表|由上表|上表|根据上表)", line
    ):
        return True
    found = numbering(line)
    return found is not None and heading_level(line) is not None and not _DECIMAL.search(line)


def _more_rows(lines: Sequence[str], i: int) -> bool:
    """Whether rows with figures go on right after a wordy cell."""
    needed = 1 if len(lines[i].strip()) <= 40 else 2
    following = [x for x in lines[i + 1 : i + 5] if x.strip()]
    return sum(bool(_DECIMAL.search(x)) and looks_like_row(x) for x in following) >= needed


def _trim(lines: Sequence[str], start: int, end: int) -> int:
    """Leave out lines at the end that only look like rows because they are short."""
    while end > start and lines[end - 1].strip() and not _DECIMAL.search(lines[end - 1]):
        if (
            _ROW_WORD.search(lines[end - 1].strip())
            or end - start <= 3
            or re.search(r"[-/]$", lines[end - 1].strip())
        ):
            break
        end -= 1
    return end
