"""Which way a figure points: minus signs, 下降 and 增长, 亏损; and when two figures point alike."""

from __future__ import annotations

import re
from typing import Protocol

from rag.verify.figure import Figure

_DOWN = (
    r"下降|减少|降低|下滑|降幅|减幅|(?<!涨)跌(?!价)|回落|缩减|缩小|收窄|亏损|亏(?![空])|净流出|outflow|负增长|降(?![低价本解压])|(?<!不)(?:低|少)[了出于]?约?$"
    r"|\b(?:decreas\w*|declin\w*|fell|drop\w*|down|loss\w*|lower|reduc(?:ed|es|tions?)|fewer|shr[aiu]nk\w*)\b"
)
_UP = (
    r"(?<!负)增长|增加|增幅|上升|提高|提升|上涨|升高|增至|盈利|净流入|扩大|升(?![级任值学华])|(?<!不)(?:高|多)[了出于]?约?$"
    r"|\b(?:increas\w*|grew|rose|rise|up|growth|gain\w*|higher|more)\b"
)
_WORD = re.compile(rf"(?P<down>{_DOWN})|(?P<up>{_UP})", re.IGNORECASE)
_TO_A_LEVEL = re.compile(
    r"[^,\uff0c;]{0,6}?(?:至|到|由|从|为(?!负)|\bto\b|\bfrom\b)", re.IGNORECASE
)
_BY_WIDTH = re.compile(r"幅度?|了|额|率|(?:分别|依次)(?:为|是)|\bof\b|\bby\b", re.IGNORECASE)
_FOLLOWS = re.compile(
    r"(?:的|\s)?(?![^,\uff0c;]{2,4}[至到])(?:(?P<down>降幅|下降|下滑|减少|亏损|decrease|decline|drop|reduction|lower|loss|fewer|less(?!\s[\d$]))"
    r"|(?P<up>增幅|增长|增加|increase|growth|rise|higher|more)(?!率))",
    re.IGNORECASE,
)
LOSS = re.compile(r"亏损|亏|\bloss(?:es)?\b", re.IGNORECASE)
_NOTE = re.compile(r"[(\uff08][^()\uff08\uff09]*填列[)\uff09]")
_LOSS_IS_MINUS = re.compile(r"损失以.{0,2}[-\uff0d].{0,2}号|^减[:\uff1a]")
_SPENT = re.compile(
    r"\b(?:purchases?|payments?|repayments?|dividends|expenditures?|repurchases?|acquisitions?)\b",
    re.IGNORECASE,
)


class Pointing(Protocol):
    """A figure with the words before it and the direction that they give it."""

    @property
    def figure(self) -> Figure: ...
    @property
    def label(self) -> str: ...
    @property
    def wide(self) -> str: ...
    @property
    def direction(self) -> int: ...
    @property
    def trend(self) -> int: ...


def direction(before: str, after: str = "") -> int:
    """-1 or 1 where the words round a figure say that something fell (or is a loss) or rose by it;
    0 where they do not, or where the figure is the level reached ("下降至5%")."""
    before = _NOTE.sub("", before)
    follows = _FOLLOWS.match(after)
    if follows:
        return -1 if follows["down"] else 1
    words = list(_WORD.finditer(before))
    if not words:
        return 0
    found = words[-1]
    rest = before[found.end() :]
    if LOSS.search(found.group()) or _BY_WIDTH.match(rest) or "幅" in found.group():
        return -1 if found["down"] else 1
    if _TO_A_LEVEL.match(rest) or found.group().endswith("至"):
        return 0
    return -1 if found["down"] else 1


def trend(before: str) -> int:
    """-1 or 1 where the last such word before a figure says falling or rising, level or not."""
    words = list(_WORD.finditer(_NOTE.sub("", before)))
    if len(words) > 1 and LOSS.search(words[-1].group()) and words[-1].start() == words[-2].end():
        words.pop()  # "减少亏损": the loss is what fell
    return 0 if not words else -1 if words[-1]["down"] else 1


def signs_agree(claim: Pointing, stated: Pointing, asked: str = "") -> bool:
    """Whether claim and source point the same way, whatever mixture of signs and words they use.

    "下降5.2%" agrees with a cell "-5.2%" and with "下降5.2%", not with "增长5.2%" or a bare 5.2%.
    Outflows that a statement prints with a minus sign by convention ("损失以“-”号填列", English
    cash payments) may be named without it; `asked` is the question, which may name a loss.
    """
    if claim.trend * stated.trend < 0:
        return False
    claim_minus, stated_minus = _minus(claim), _minus(stated)
    claim_down = claim_minus or claim.direction < 0
    stated_down = stated_minus or stated.direction < 0
    if claim_down == stated_down:
        return True
    if claim_down:
        return False
    if LOSS.search(f"{claim.wide} {asked}") and claim.direction == 0:
        return True  # "亏损由 a 扩大到 b": the loss is named before, or in the question
    if stated_minus:
        spent = _LOSS_IS_MINUS.search(stated.label) or _SPENT.search(stated.label)
        return claim.direction == 0 and bool(spent)
    if claim.direction > 0:
        return False
    return not (LOSS.search(stated.label) and len(claim.label.strip()) > 1)


def _minus(pointing: Pointing) -> bool:
    value = pointing.figure.value
    return value is not None and value < 0
