"""What a question speaks of, word by word, and how much of it a text states.

A slot is one idea of the question with the terms that state it: a character of a Chinese word
(stated by either pair that it stands in), an English word, a phrase of finance in either language,
a figure, a code, a period. Slots weigh as their terms do in search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rag.index.terms import normalise, query_terms, terms
from rag.retrieve.lexicon import entries
from rag.retrieve.query import Query

SlotKind = Literal["word", "phrase", "figure", "code", "period"]
HEAVIEST = 5.5
"""Weight at most of one slot: rarity alone does not make a word of the question important."""
UNKNOWN = 1.5
"""Weight of an English word for which there is no Chinese form."""
_ASKS = re.compile(
    r"请问|告诉|说明|分别|多少|什么|哪[些几一家位个里年款块项种类]?|几[个家名人项次年种位条款倍成]?|为何|怎么[样会]?|如何|是否|是不是|有没有|各[自是为]|一共|总共|大概|大约|左右"
    r"|根据|谁|以及|之间|以后|之后|其中|每[期年]|打算|来自|账上|到底|究竟|会不会|能不能|是不是|现在|目前|需要|可以|这[次单个]|那[个些]|自己|还[有剩]|吗|呢"
    r"|[的和与及或了在对从由把被其该这那就也还又再给向为是有等]"
)
_DATES = re.compile(
    r"\d{4}\s*年?(?:度|[上下]半年|第?[一二三四]季度|末|底|初)?(?:\d+月)?|\d+月末?|\d+日"
)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORDS = re.compile(r"[a-z][a-z&'’-]*|[\u3400-\u9fff]+")
COLLOQUIAL: Mapping[str, tuple[str, ...]] = {
    "最多": ("不超过", "上限", "最高"),
    "最少": ("不低于", "不少于", "下限"),
    "至少": ("不低于", "不少于"),
    "补流": ("补充流动资金",),
    "可转债": ("可转换公司债券",),
    "募资": ("募集资金",),
    "扩产": ("扩建", "新增产能"),
    "卖": ("销售", "出售"),
    "买": ("采购", "购买", "收购"),
    "花": ("投入", "支出", "支付"),
    "钱": ("金额", "资金"),
    "便宜": ("低于",),
    "掉到": ("下降", "降至"),
    "涨": ("增长", "上升", "增加"),
    "跌": ("下降", "下跌", "降低"),
    "比例": ("占比", "比重", "比率"),
    "占比": ("比例", "比重"),
    "满产": ("达产",),
    "达标": ("完成", "实现", "完成率"),
    "工厂": ("厂区", "生产基地"),
    "老板": ("实际控制人",),
    "实控人": ("实际控制人",),
    "员工": ("人员", "职工"),
    "价格": ("单价", "作价", "定价"),
    "原因": ("主要系", "由于", "所致"),
    "一季度": ("1-3月",),
    "上半年": ("1-6月",),
    "三季度": ("1-9月",),
    "净利": ("净利润",),
    "营收": ("营业收入",),
    "毛利": ("毛利率",),
    "欠": ("应付", "借款"),
    "缺口": ("差额",),
}  # fmt: skip
"""How people ask -> how Chinese filings write; general speech only."""
_TIMES = frozenset(["年末", "期末", "截至", "年度", "报告期"])


@dataclass(frozen=True, slots=True)
class Slot:
    """An idea of the question: stated by a text that has all terms of one of `ways`."""

    text: str
    ways: tuple[frozenset[str], ...]
    weight: float
    kind: SlotKind

    def stated_in(self, words: Set[str]) -> bool:
        """Whether a set of terms states this idea."""
        return any(way <= words for way in self.ways)


def slots_of(query: Query, weight: Mapping[str, float]) -> tuple[Slot, ...]:
    """The slots of a question without its company's name and the words that only ask."""
    text = normalise(query.text)
    for name in sorted(query.companies.values(), key=len, reverse=True):
        text = text.replace(name, " ")
    found: dict[str, Slot] = {}
    for slot in (*_exact(query, weight), *_phrases(text, weight), *_rest(query, text, weight)):
        found.setdefault(slot.text, slot)
    return tuple(found.values())


def cover(slots: Sequence[Slot], stated: Callable[[Slot], float]) -> float:
    """The weighted share of `slots`; `stated` tells how well each is stated (0..1)."""
    total = sum(slot.weight for slot in slots)
    return sum(slot.weight * stated(slot) for slot in slots) / total if total else 0.0


def _exact(query: Query, weight: Mapping[str, float]) -> Iterator[Slot]:
    """Figures, codes and periods: stated as they are or not at all."""
    for term in query.terms:
        if not any(c.isdigit() for c in term):
            continue
        kind: SlotKind = "figure"
        if term in query.periods:
            kind = "period"
        elif any(c.isalpha() for c in term):
            kind = "code"
        yield Slot(term, (frozenset([term]),), min(weight.get(term, HEAVIEST), HEAVIEST), kind)


def _phrases(text: str, weight: Mapping[str, float]) -> Iterator[Slot]:
    """Phrases of finance that the question uses, the longest first, each place used once."""
    for form in _longest_first():
        if form in text and (pattern := _printed(form)).search(text):
            text = pattern.sub(" ", text)
            if not _TIMES & set(_forms()[form]):
                yield _phrase(form, (form, *_forms()[form]), weight)


@cache
def _longest_first() -> tuple[str, ...]:
    return tuple(sorted(_forms(), key=len, reverse=True))


def _printed(form: str) -> re.Pattern[str]:
    """How a form stands in a text: an English one as a word or its plural."""
    written = re.escape(form)
    return re.compile(rf"(?<![a-z]){written}s?(?![a-z])" if form.isascii() else written)


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    """Every form of the lexicon -> the forms that say the same."""
    table: dict[str, tuple[str, ...]] = dict(COLLOQUIAL)
    for english, chinese in entries():
        forms = tuple(form.lstrip("=") for form in chinese)
        for form in (*(english), *(f for f in forms if len(f) > 1)):
            table[form] = tuple(dict.fromkeys((*table.get(form, ()), *forms)))
    return table


def _phrase(form: str, forms: Sequence[str], weight: Mapping[str, float]) -> Slot:
    """Weighed by its Chinese forms; those of an English question are discounted in search."""
    ways = tuple(dict.fromkeys(frozenset(terms(f)) for f in forms))
    factor = 2.0 if form.isascii() else 1.0
    pool = ways if form.isascii() else ways[:1]
    known = [
        factor * weight[t]
        for way in pool
        for t in way
        if t in weight and not (form.isascii() and t.isascii())
    ]
    heavy = sum(known) / len(known) if known else UNKNOWN
    return Slot(form, ways, 1.5 * min(heavy, HEAVIEST), "phrase")


def _rest(query: Query, text: str, weight: Mapping[str, float]) -> Iterator[Slot]:
    """Every other word: English words whole, Chinese ones character by character."""
    for slot in _phrases(text, weight):
        text = _printed(slot.text).sub(" ", text)
    heaviest = UNKNOWN if query.language == "en" else HEAVIEST
    for match in _WORDS.finditer(_ASKS.sub(" ", _DATES.sub(" ", text))):
        word = match.group()
        if _HAN.fullmatch(word):
            yield from _characters(word, weight)
            continue
        for term in query_terms(word):
            heavy = min(weight.get(term, UNKNOWN), heaviest)
            yield Slot(term, (frozenset([term]),), heavy, "word")


def _characters(word: str, weight: Mapping[str, float]) -> Iterator[Slot]:
    """A character is stated where either of the pairs is that it stands in."""
    pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
    for i in range(len(word)):
        mine = tuple(dict.fromkeys((pairs[max(0, i - 1)], pairs[min(i, len(pairs) - 1)])))
        known = [weight[pair] for pair in mine if pair in weight]
        heavy = min(known) if known else UNKNOWN
        ways = tuple(frozenset([pair]) for pair in mine)
        yield Slot(f"{word}:{i}", ways, min(heavy, HEAVIEST) / 1.5, "word")
