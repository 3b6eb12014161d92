"""Short forms that a document defines: its glossary, and "full(以下简称“A”)" anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.load.identity.english import FULL, english_name, levelled
from rag.load.identity.lines import squeezed
from rag.load.identity.names import Names
from rag.types import Block, Heading, Page, Table

MOST = 2_000
LONGEST_SHORT = 40
LONGEST_FULL = 200
NEAR = 160
"""Characters before a bracket in which the full form is looked for."""
_GLOSSARY = re.compile(r"释义|定义|术语|简称|GLOSSARY|DEFINITIONS", re.IGNORECASE)
_STAYS = re.compile(r"释义|词语|术语|简称|名词|用语|机构|定义|普通|一般|专业|常用")
"""Sub-headings inside a glossary ("一、一般释义", "二、专业术语")."""
_MEANS = re.compile(
    r"^[“\"]?(?P<shorts>[^。；;:：|]{1,40}?)[”\"]?\s*指\s*(?!数|标|定|引|南|令|出|导|示|挥|向|责|[，,。；;])(?:[:：]\s*)?(?P<full>\S.{1,400})$",
    re.DOTALL,
)
_MEANS_SPACED = re.compile(
    r"^(?P<shorts>\S.{0,39}?)\s+指\s+(?![，,。；;])(?:[:：]\s*)?(?P<full>\S.{1,400})$", re.DOTALL
)
_CALLED = re.compile(
    r"[（(](?P<before>[^（）()“”\"]{0,24}?)(?:以下|下|后)?(?:统称|合称|简称|称)(?:为|作)?\s*[:：]?\s*(?P<shorts>[“\"「][^（）()]{2,60}?[”\"」](?:[^（）()]{0,12}?[“\"「][^（）()“”]{2,30}[”\"」])*)"
)
_QUOTED = re.compile(r"[“\"「]([^“”\"「」]{2,30})[”\"」]")
_ENGLISH = re.compile(
    r"[（(](?P<shorts>(?:the |collectively,? |together,? |or |and |,|\s|[“\"][^“”\"()]{2,40}[”\"])+)[）)]"
)
_PLACE_BEFORE = re.compile(r"[，。；：、,;:“”\"（）()《》\s|]")


def short_forms(pages: Sequence[Page], names: Names, text: str) -> dict[str, str]:
    """Short form -> what it stands for; the first definition of each counts.

    Read from glossary rows "A、B | 指 | full", lines "A 指 full" (glued as "A指full" inside a
    glossary), and "full(以下简称“A”)", whose full form begins where `names` sees a name begin.
    `text` is the whole document.
    """
    forms: dict[str, str] = {}
    for shorts, full in _all(pages, names, levelled(text)):
        if len(forms) >= MOST:
            break
        for short in _split(shorts):
            forms.setdefault(short, full)
    return forms


def _all(pages: Sequence[Page], names: Names, level: str) -> Iterator[tuple[str, str]]:
    inside = False
    for block in (b for page in pages for b in page.blocks):
        if isinstance(block, Heading):
            title = squeezed(block.text)
            inside = bool(_GLOSSARY.search(title[:24])) or (inside and bool(_STAYS.search(title)))
        for line in _texts(block):
            pattern = _MEANS if inside else _MEANS_SPACED
            if match := pattern.match(line):
                yield match["shorts"], _tidy(match["full"])
            if not isinstance(block, Heading):
                yield from _called(line, names, level)
        if isinstance(block, Table):
            yield from _rows(block)


def _texts(block: Block) -> Iterator[str]:
    if not isinstance(block, Table):
        yield block.text.strip()
        return
    for row in (*block.header, *block.rows):
        yield from (cell.strip() for cell in row)


def _rows(table: Table) -> Iterator[tuple[str, str]]:
    for row in (*table.header, *table.rows):
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) >= 3 and squeezed(cells[1]) == "指":
            yield cells[0], _tidy(" ".join(cells[2:]))
        elif len(cells) == 2 and cells[1].startswith("指 "):
            yield cells[0], _tidy(cells[1][1:])


def _tidy(full: str) -> str:
    return " ".join(full.split())[:LONGEST_FULL].strip()


def _split(shorts: str) -> Iterator[str]:
    """The single short forms of a glossary's first cell: "A、B/C", "A或B", "A（B）" stays whole."""
    outside = re.split(r"[、/,，;；]|(?<=[\u4e00-\u9fff])或(?=[\u4e00-\u9fff])", shorts)
    for short in outside:
        short = short.strip(" 　“”\"'「」")
        if 2 <= len(short) <= LONGEST_SHORT:
            yield short


def _called(text: str, names: Names, level: str) -> Iterator[tuple[str, str]]:
    for match in _CALLED.finditer(text):
        full = _full_before(text[max(0, match.start() - NEAR) : match.start()], names)
        for short in _QUOTED.findall(match["shorts"]) if full else ():
            if not re.fullmatch("[甲乙丙丁]方", short):
                yield short, _from_its_start(full, short)
    for match in _ENGLISH.finditer(text):
        full = _english_before(text[max(0, match.start() - NEAR) : match.start()], level)
        for short in _QUOTED.findall(match["shorts"]) if full else ():
            if short.strip(" ,").lower() not in {"we", "us", "our"}:
                yield short.strip(" ,"), full


def _full_before(left: str, names: Names) -> str:
    """What stands before the bracket: a registered name, a title in 《》, else the last clause."""
    tail = left.rstrip()[-80:]
    for mention in list(names.mentions(tail))[-1:]:
        if mention.end == len(tail):
            return mention.name
        if re.fullmatch(r"[（(][^（）()]{2,12}[)）]", tail[mention.end :]):
            return tail[mention.start :]
    if match := re.search(r"《[^《》]{2,76}》$", tail):
        return match[0]
    if match := re.search(r"[A-Z][\w&.,'’\- ]{3,60}$", tail):
        return match[0].strip()
    clause = _PLACE_BEFORE.split(tail[-60:])[-1]
    return clause if 4 <= len(clause) <= 40 and re.match(r"[\u4e00-\u9fff]", clause) else ""


def _from_its_start(full: str, short: str) -> str:
    """Without what a lone mention carries in front ("贷款和甲乙纸业有限公司", called “甲乙”)."""
    at = full.find(short[:2])
    if at < 3 or full.startswith("《"):
        return full
    before = re.match(r".*(?:[与和及为向由经]|企业|[一二三四五六七八九十两\d]家)", full[:at])
    if before:
        return full[before.end() :]
    return full if full.endswith("有限公司") else full[at:]


def _english_before(left: str, level: str) -> str:
    """The English name right before a bracket, cut as the document suggests."""
    tail = " ".join(left[-120:].split())
    names = list(FULL.finditer(tail))
    if not names or names[-1].end() < len(tail):
        return ""
    return english_name(names[-1][0], level)
