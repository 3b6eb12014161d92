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


_TOGETHER = re.compile(r"\.\d{3,}\.\d|[%％]-?\d[\d,]*\.\d|\.\d\d(?:-\d|--)|\.\d\d\d{1,3},\d{3}")
"""Two figures without anything between them."""
_ROW_THEN_WORDS = re.compile(
    r"^(?P<row>[^\d，,。]{1,20}(?:-?\d[\d,]*\.\d\d(?:\d{0,2}[%％])?){2,})(?P<words>[\u4e00-\u9fff].{23,})$"
)
_PERIOD = re.compile(
    r"(?:19|20)\d\d(?:年(?:度|末|\d{1,2}(?:-\d{1,2})?月(?:末|\d{1,2}日)?)?|[./-]\d{1,2}[./-]\d{1,2})"
)
_COLUMN_NAME = re.compile(
    r"序号|名称|项目|金额|比例|占比|时间|日期|性质|类别|类型|内容|数量|单价|人员|股东|资本|余额|用途|进[度展]|状态"
    r"|期[末初]|[本上]期|年度|合计|收入|成本|毛利率|投入|阶段|地址|面积|备注|成果|集团"
)
_SENTENCE_SIGN = re.compile(r"[，,。；;：:、“”]|[的为是在由于与]")
LONGEST_HEADER = 120
LONGEST_LABEL = 25
FURTHEST_FIGURE = 12


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


def is_glued(line: str) -> bool:
    """Whether figures stand in a line one right after the other, as no sentence has them."""
    return bool(_TOGETHER.search(line))


def is_glued_header(line: str) -> bool:
    """Whether a line is names of columns run together: periods after a label, or several names."""
    stripped = line.strip()
    if len(stripped) > LONGEST_HEADER or _SENTENCE_SIGN.search(stripped):
        return False
    labelled = re.match(r"^(?:项目|序号|产品|年度|类别|名称|指标|公司)", stripped)
    if labelled and len(_PERIOD.findall(stripped)) >= 2:
        return True
    return len(_COLUMN_NAME.findall(stripped)) >= 4 and heading_level(stripped) is None


def glued_region(lines: Sequence[str], start: int, *, going_on: bool = False) -> int:
    """End (exclusive) of the glued table that starts at `start`, or `start` where there is none.

    A table starts after a line that leads in to it, with a line that states a unit or names
    columns, or, with `going_on`, at the top of a page whose predecessor ended inside a table. It
    has lines with figures (or, after a lead-in, several short lines) and ends before a heading, a
    note or a sentence. Below the names of columns the words of narrow cells run into each other:
    such lines belong to the table until a sentence ends.
    """
    named = is_glued_header(lines[start])
    if not (going_on or named or _may_start(lines, start)):
        return start
    end, figures, rows, strays = start, 0, 0, 0
    for i in range(start, len(lines)):
        line = lines[i].strip()
        if not line:
            continue
        if (i > start or going_on) and _stops(line) and not _labels_rows(lines, i):
            break
        if looks_like_row(line) or is_glued(line) or (i == start and (named or unit_of(line))):
            figures += len(_DECIMAL.findall(line))
            rows += 1
            end, strays = i + 1, 0
        elif named and not _FULL_STOP.search(line) and _goes_on(lines, i):
            figures += len(_DECIMAL.findall(line))
            end = i + 1
        else:
            strays += 1
            if strays > 3 or (_FULL_STOP.search(line) and not _more_rows(lines, i)):
                break
    if figures == 0 and rows >= 4 and _led_in(lines, start):
        return end
    if figures < (1 if going_on else 2):
        return start
    return end if _at_bottom(lines, end) else _trim(lines, start, end)


def _labels_rows(lines: Sequence[str], i: int) -> bool:
    """Whether a short line that looks like a heading only divides a table: a row follows at once."""
    following = next((x for x in lines[i + 1 : i + 3] if x.strip()), "")
    return len(lines[i].strip()) <= LONGEST_LABEL and is_glued(following)


def parted(lines: Sequence[str]) -> list[str]:
    """Lines with a table's last row cut off the sentence that an export ran on from it."""
    cut: list[str] = []
    for i, line in enumerate(lines):
        match = _ROW_THEN_WORDS.match(line)
        following = next((x for x in lines[i + 1 : i + 3] if x.strip()), "")
        ends = bool(cut) and is_glued(cut[-1]) and not is_glued(following)
        if match and ends and not _DECIMAL.search(match["words"][:12]):
            cut += [match["row"], match["words"]]
        else:
            cut.append(line)
    return cut


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
    leads = _led_in(lines, start) or (at_top and heading_level(line) is None)
    return looks_like_row(line) and leads


def _stops(line: str) -> bool:
    if REPLY_MARK.match(line) or re.match(
        r"^(?:注\s*\d*\s*[:：]|综上|如上表|由上表|上表|根据上表)", line
    ):
        return True
    found = numbering(line)
    return found is not None and heading_level(line) is not None and not _DECIMAL.search(line)


def _goes_on(lines: Sequence[str], i: int) -> bool:
    """Whether a figure stands in a line or in the next dozen, before a sentence ends."""
    for line in filter(str.strip, lines[i : i + FURTHEST_FIGURE]):
        if _FULL_STOP.search(line) or _stops(line.strip()):
            return False
        if _DECIMAL.search(line):
            return True
    return False


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
