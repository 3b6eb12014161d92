"""A Chinese question taken apart: company, periods, the measure asked about, and how it asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.followup.slots import (
    Span,
    companies_in,
    joined,
    periods_in,
    place_of,
    without,
)

OPENING = re.compile(
    r"^(?:(?:那么|那|请问|再问一下|还想问|想问|谢谢|另外|还有|接下来|然后|好的|好|嗯|谢谢|同样|而|换成|如果是|再看|看看|至于|再来)[，,、。！!\s]*)+"
)
CLOSING = re.compile(r"[\s？?。！!]+$")
CHANGE = re.compile(
    r"(?:同比|环比)?(?:大幅|明显)?(?:增长|下降|增加|减少|变动|变化|上升|提高|降低|波动|下滑)"
)
TAIL = re.compile(
    r"(?:分别|各自|合计|总共|一共|大约|约|共)*(?:是|为|有|达到?|等于|由|来自|处于|位于|属于|采用|用于)?"
    r"(?:多少|几[个家名位种项次年月亿万]|什么|哪|谁|何时|多大|多高|怎样|怎么样|如何|怎么)"
    rf"|(?:分别|各)|为什么|为何|的?(?:主要)?(?:原因|理由)|{CHANGE.pattern}"
    r"|(?:和|与|跟|同|较|比)(?=[^，]*(?:比|增|减|升|降))|是否|有没有|是不是|占(?!地|用|款)|呢$|吗$"
)
WHO = re.compile(r"谁|哪家|哪个|哪一|什么公司|何人|哪位|什么项目|什么产品")
AMOUNT = re.compile(
    r"率$|额$|收入|利润|费用|成本|数$|数量|产量|销量|余额|资产|负债|存货|账款|支出|现金|占比|股本|价格?$|薪酬|股息|股利"
)
_NAMED = re.compile(r"(?:为|是|系|由)\s*[“\"]?(?P<name>[^，。；：:、（(“”\"\[\s]{2,24})")
_COMPANY = re.compile(
    r"[^\W\d的是为有在和与多什哪谁几被从对向将及其他她它了吗呢]{2,14}?(?:股份有限公司|有限公司|股份|集团|科技|装备|药业|银行|证券|仪器|(?<![子母分该本贵各])公司)"
)
_NO_COMPANY = re.compile(
    r"客户|供应商|项目|产品|员工|人员|股东|董事|报告|业务|合同|应收|存货|截至|按照|请问|第[一二三]|前五|主要|标的|上市|控股|参股"
)
_NO_COMPANY = re.compile(
    r"客户|供应商|项目|产品|员工|人员|股东|董事|报告|业务|合同|应收|存货|截至|按照|请问|第[一二三]|前五|主要|标的|上市|控股|参股"
)
_BEHIND = re.compile(
    r"(?:(?:多少|几|哪些)[名家个项种位]?|(?:是否|有没有|是不是)(?:存在|已经?|发生|涉及|构成)?)(?P<what>[\u4e00-\u9fff]{2,12})$"
)
"""A measure that stands behind the question word ("有多少名员工", "是否存在对赌协议")."""
EDGES = re.compile(
    r"^(?:公司的?|的|在(?![建产研手途线职册])|于|截至|其|对应|请问)+|(?:的|在|于|是|为)+$"
)


@dataclass(frozen=True, slots=True)
class Before:
    """The question before: `measure` is what it asks about, `tail` how it asks."""

    text: str
    company: str
    periods: tuple[Span, ...]
    measure: str
    tail: str

    @property
    def period(self) -> str:
        """The period asked about, as written."""
        return joined(self.text, self.periods)


def taken_apart(before: str, companies: Sequence[str]) -> Before:
    """The parts of a question; without known companies the name is guessed from its place."""
    text = CLOSING.sub("", OPENING.sub("", before.strip()))
    company = company_in(text, companies) or _guessed(text)
    periods = periods_in(text)
    masked = text
    for span in (*place_of(company, text), *periods):
        masked = masked[: span.start] + "\0" * (span.end - span.start) + masked[span.end :]
    found = TAIL.search(masked)
    tail = text[found.start() :] if found else ""
    chunks = re.split(r"[\0，,：:]+", masked[: found.start()] if found else masked)
    measure = max((EDGES.sub("", chunk) for chunk in chunks), key=len, default="")
    behind = _BEHIND.search(tail)
    if behind and (not measure or measure.endswith(("了", "过", "有"))):
        measure = behind["what"]
    return Before(text, company, tuple(periods), measure, tail)


def company_in(text: str, companies: Sequence[str]) -> str:
    """The companies that a text names together: known ones, else what is written like one."""
    if known := companies_in(text, companies):
        return joined(text, known)
    found = _COMPANY.search(without(text, periods_in(text), "，"))
    return found[0] if found and not _NO_COMPANY.search(found[0]) else ""


def _guessed(text: str) -> str:
    """The name in front of the first period or 的, where it is neither measure nor role."""
    spans = periods_in(text)
    head = text[: spans[0].start] if spans and spans[0].start else text.partition("的")[0]
    plain = 2 <= len(head) <= 12 and re.fullmatch(r"[\u4e00-\u9fffA-Za-z]+", head)
    asked = AMOUNT.search(head) or _NO_COMPANY.search(head) or TAIL.search(head) or head == "公司"
    return head if plain and not asked else ""


def entity(then: Before, answer: str) -> str:
    """Whom or what the answer named, where the question before asked for that."""
    if not WHO.search(then.text):
        return ""
    found = _NAMED.search(re.sub(r"\[\d+\]", "", answer))
    return found["name"] if found else ""
