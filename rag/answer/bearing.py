"""How a sentence or row bears on a question beyond the words that they share: whose figure it is,
what its row is called, and whether it gives the kind of thing that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import lru_cache

from rag.index.terms import normalise, terms
from rag.types import Passage
from rag.verify.facts import Fact

_NUMBERING = re.compile(
    r"^(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*|[一二三四五六七八九十]\s+|其中[:：]?|减[:：]|加[:：]|[a-z]\s|[①-⑳]\s*)+"
)
_TRIMMINGS = re.compile(r"[(（][^()（）]{0,14}[)）]|[*#:：|\s]|[①-⑳]")
_TOTAL = re.compile(r"^(?:合计|总计|小计|总额|总和|总数|total|sum)$|合计$|总计$|^total", re.I)
_ASKS_TOTAL = re.compile(
    r"合计|总共|一共|总计|总额|共(?:有|计)|总[的额量数]|\btotal|altogether|overall|in all", re.I
)
_CODED_NAME = re.compile(r"[\u4e00-\u9fff]{2,8}\(\d{5,6}(?:\.[a-z]{2})?\)")
_FIRM = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,4}?(?:药业|医药|制药|生物|股份|科技|集团|化学|证券|银行|食品|电子|能源|环保|实业|控股|材料|机械|汽车|电气|仪表|材)(?![\u4e00-\u9fff]{0,2}(?:产业|行业|板块|市场|领域|企业))"
)
_PEERS = re.compile(
    r"同行|可比公司|行业(?:平均|均值|中位)|平均值|均值|\bpeers?\b|\baverage\b", re.I
)
_PEER_LABEL = re.compile(r"可比公司|同行业?|平均|均值|中位数|行业")
_WHEN = re.compile(
    r"\d{4}\s*年|\d{1,2}\s*月\s*\d{1,2}\s*日|工作日|个月内|\d{4}[-./]\d{1,2}|[二〇零一三四五六七八九]{4}年"
)
_WHO = re.compile(
    r"谁|哪(?:一)?(?:家|位|个人|所|方)|叫什么|名(?:称|字)|哪里|何处|什么地方|\bwho\b|\bwhom\b|\bwhere\b|\bwhich (?:company|firm|bank|institution|law|audit|authority|regulator|person)|\bname of\b",
    re.I,
)
_PARTY = re.compile(
    r"公司|事务所|银行|集团|大学|医院|研究院|委员会|中心|先生|女士|有限合伙|\b(?:Inc|Ltd|LLC|LLP|Corp|Company|Bank)\b"
)
_ENUMERATION = re.compile(
    r"、[^、。]{1,40}(?:、|和|及|与|以及)|(?:[(（]\d[)）]|[①②③④]).{4,}(?:[(（]\d[)）]|[①②③④])|,[^,.]{2,40}, (?:and|or) "
)
_DECIDES = re.compile(
    r"不存在|未(?:超过|达到|发生|发现|出现|计提|构成)|不(?:会|构成|属于|涉及|适用|影响|超过|得|存在)|没有|尚未|已(?:经)?|均(?:已|为|未|不)?|符合|具备|具有|构成|属于|超过|高于|低于|能够|可以|\b(?:no|not|does|did|is|are|was|were|has|have)\b",
    re.I,
)
LONGEST_RUN = 12
"""Characters beyond which a shared run of text says nothing more."""


@lru_cache(maxsize=8192)
def bare_label(label: str) -> str:
    """A row's label without numbering, units in brackets and marks, in normal form."""
    return _TRIMMINGS.sub("", _NUMBERING.sub("", normalise(label).strip()))


@lru_cache(maxsize=512)
def _compact(question: str) -> str:
    return re.sub(r"[\s,，。?？、;；:：\"“”'()（）]", "", normalise(question))


def label_of(passage: Passage, text: str, facts: Sequence[Fact]) -> str:
    """What the row is called; empty for a sentence."""
    if passage.kind != "table":
        return ""
    if " | " in text:
        return text.split(" | ", 1)[0]
    return facts[0].label if facts else text[:40]


def whole_label(question: str, label: str) -> float:
    """0..1: how much of a name it is that the question calls a row by its whole label."""
    bare = bare_label(label)
    if len(bare) < 2 or bare.isdigit() or bare not in _compact(question):
        return 0.0
    return min(len(bare), 8) / 8


def strange_label(words: Set[str], label: str) -> float:
    """The share (0..1) of a row's label that the question (its terms `words`) does not say."""
    said = [t for t in terms(bare_label(label)) if not t[0].isdigit()]
    if not said or is_total(label):
        return 0.0
    return sum(t not in words for t in said) / len(said)


def is_total(label: str) -> bool:
    """Whether a row is a total."""
    return bool(_TOTAL.search(bare_label(label)))


def total_fit(question: str, label: str) -> float:
    """1 where a total is asked for and the row is one, -1 where neither was meant for the other."""
    if not is_total(label):
        return 0.0
    return 1.0 if _ASKS_TOTAL.search(question) else -0.3


def of_another(question: str, passage: Passage, text: str, label: str) -> float:
    """Whether a row or sentence is about another company than any that the question may mean: a
    listed peer by its code, a firm or an average of peers that the question does not name."""
    if _PEERS.search(question):
        return 0.0
    asked = _compact(question)
    if label:
        bare = bare_label(label)
        if _PEER_LABEL.search(bare):
            return 1.0
        names = [m.group() for m in _FIRM.finditer(bare)]
    else:
        names = [m.group().split("(")[0] for m in _CODED_NAME.finditer(normalise(text)[:160])]
    own = normalise("".join((passage.filing.company, *passage.filing.aliases, passage.item)))
    strangers = [n for n in names if n not in asked and n not in own and n[:2] not in asked]
    return float(bool(strangers))


def shared_run(question: str, text: str) -> float:
    """0..1: the longest run of characters that question and text share."""
    asked, said = _compact(question), re.sub(r"\s+", "", normalise(text))
    best = 0
    for start in range(len(asked)):
        while (
            start + best < len(asked)
            and best < LONGEST_RUN
            and asked[start : start + best + 1] in said
        ):
            best += 1
    return best / LONGEST_RUN


def gives_kind(question: str, text: str, *, form: str, dated: bool) -> float:
    """Whether a text has the kind of thing that is asked for other than a figure: a date, a party,
    an enumeration, a decision; 0.5 where nothing of it is asked for."""
    if dated:
        return float(bool(_WHEN.search(text)))
    if form == "list":
        return float(bool(_ENUMERATION.search(text)))
    if form == "yesno":
        return float(bool(_DECIDES.search(text)))
    if _WHO.search(question):
        return float(bool(_PARTY.search(text)))
    return 0.5
