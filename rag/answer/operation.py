"""Which arithmetic a question asks for, by its words."""

from __future__ import annotations

import re
from typing import Literal

from rag.index.terms import normalise
from rag.retrieve.query import Query

Operation = Literal["growth", "difference", "share", "multiple", "sum", "average", "before"]
_OPERATIONS: tuple[tuple[Operation, re.Pattern[str]], ...] = (
    ("average", re.compile(r"平均每?(?:年|月|个|家|人)|年均(?!复合)|均值是|平均是|平均为|\baverage of\b|on average", re.I)),
    ("multiple", re.compile(r"几倍|多少倍|\bhow many times\b|\btimes (?:as|the|larger|higher)\b", re.I)),
    ("before", re.compile(r"倒推|反推|推算|(?:[增降涨跌减]|增长|下降|增加|减少|上升|提|降价|提价|涨价)(?:之)?前(?:是|为|的|有|多少|大概|多)|before (?:the |this |that )?(?:increase|rise|fall|decrease|cut)|back(?:ed)? out|implied", re.I)),
    ("growth", re.compile(r"[多少高低贵]了?百分之|便宜了?百分之|缩水|缩减|涨[得幅]|[增降跌]幅|百分之多少.{0,6}[增降涨跌]|in percent.{0,60}(?:grow|rise|fall)|by what percent|how much.{0,20}(?:grow|grew|rise|rose|fall|fell)\b|增长率|增幅|增速|涨幅|降幅|(?:增长|增加|下降|减少|上升|提高|变动|跌|涨|降|少|多)了?(?:百分之|多少个?百分|多大|幅度)|growth|percent(?:age)? (?:change|increase|decrease|decline|growth)|grow by|(?:what|which) percent(?:age)? did", re.I)),
    ("difference", re.compile(r"便宜了?多少|贵了?多少|差了?(?:多少|几)|外推|摊薄|outweigh|still to be|come down|went up by|less (?:the )?(?:additions|capital)|之前.{0,8}(?:大概|大约)?有?多少|[高低多少差]几个?百?分?点|差(?:多少|几何|几个)|[贵便]宜?多少|差额|相差|差多少|差多远|多了多少|少了多少|多出|高出|多多少|少多少|高多少|低多少|还剩|剩余|还有多少|(?:增加|减少|增长|下降|降低|提高)了?多少|变化多少|差距|how much (?:more|less|higher|lower|larger|smaller)|difference|by how much|gap between|went beyond|how far (?:below|above|under|over)|减掉|减去|扣除|扣掉|[高低多少大小]多少|[高低多少大小升降增减加长]了?几个百分点|还有多少", re.I)),
    ("share", re.compile(r"几成|百分之几|的百分之|负债率|税负率|净利率|毛利率(?=算)|net (?:profit )?margin|占资产|(?:多少|多大|什么)(?:比例|比重)|占.{0,24}(?:比例|比重|百分之|几成)|占比|what (?:share|percentage|proportion|percent)|as a (?:share|percentage|proportion) of", re.I)),
    ("sum", re.compile(r"加总|合起来|加在一起|together|合计|总共|一共|加起来|之和|总计|in total|combined|sum of|altogether|add up|连同", re.I)),
)  # fmt: skip


def operation(query: Query) -> Operation | None:
    """What the question wants computed, or None."""
    text = normalise(query.text)
    return next((name for name, pattern in _OPERATIONS if pattern.search(text)), None)
