"""Chinese follow-ups: a question that leaves out company, period or measure is made whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.followup.chinese_parts import (
    AMOUNT,
    CHANGE,
    CLOSING,
    EDGES,
    OPENING,
    TAIL,
    Before,
    company_in,
    entity,
    taken_apart,
)
from rag.answer.followup.slots import (
    Span,
    companies_in,
    dated,
    joined,
    periods_in,
    place_of,
    relative_in,
    same_kind,
    shifted,
    without,
    year_of,
)

_ELLIPTIC = re.compile(r"(?:的情况|情况|的数据)?(?:又)?(?:呢|如何|怎么样|怎样)$")
_ASKS = re.compile(
    r"多少|几[个家名位种项次年月亿万]|什么|哪|谁|何时|何地|为何|怎么|怎样|如何|是否|有没有|是不是|多大|多高|多久|吗$|呢$"
)
_FILLER = re.compile(
    r"[，,、的和与及在于是为有又同样也则对应分别各截至到呢吗\s]|情况|数据|如何|怎么样|怎样|多少|结果|方面"
)
_ASPECT = re.compile(
    rf"^(?:的?(?:主要|具体|其)?(?:原因|理由|依据|构成|明细|增速|增幅|降幅|增长率|变动率|趋势|单位)|比例|比重|同比|环比|{CHANGE.pattern}"
    r"|占(?:比|[^，]{1,20}(?:比例|比重|百分比|多少|几成|比))|为什么|为何|为[负正零]|怎么|如何|具体|分别|主要(?:是|由于|因为|包括|有哪些)"
    r"|[^，的]{1,8}了吗$|已经?|计提|持有|用于|用在|投向|预计|计划|够|足以|足够|能否|能不能|可以|可否|会不会|将|来自|采用|适用|涉及|处于|超过|低于|高于|达到|到期|是什么|受什么|由什么|什么导致"
    r"|包括|由谁|是谁|何时|什么时候|是多少|多少|是否|有没有|较上年|比上年|其中)"
)
_AGAINST = re.compile(
    r"^(?:和|与|跟|同|较|比|相比于?)(?P<other>[^，]+?)(?:相比|比较|比|差)?(?P<asked>[，,]?(?:[^，]*(?:多少|几|什么|哪)[^，]*)?)$"
)
_BASE = re.compile(r"(?:比|较|与|和|跟|同|相比于?|自|从)$")
_POINTER = re.compile(
    r"(?:它们?|该公司|这家公司|此公司|该企业|他们?|她|其(?![中他它余实次间]))(?P<of>的?)"
)
_NUMBER = re.compile(r"(?:这个|该|这一|上述|此)(?:数字|数据|金额|比例|数值|指标|结果)")
_QUALIFIER = re.compile(r".{1,8}(?:后|前|口径|部分|方面|水平|平均|均值)$")
_HEAD = re.compile(
    r"(?:(?:销售|营业|采购)?(?:收入|成本|费用|金额|余额|额)|数量|人数|销量|产量|产能|毛利率|占比|比例|比重|单价|价格|增速|增长率)$"
)
_DEMONSTRATIVE = re.compile(
    r"(?:该|这个|此|这款|这项|这笔|这家|上述|前述)(?P<noun>[\u4e00-\u9fff]{2,4})"
)
_ACROSS = re.compile(r"哪家|哪个公司|哪些公司|各公司|两家|所有公司")
_LASTING = re.compile(
    r"注册地|注册资本|地址|法定代表人|董事长|总经理|秘书|成立|上市|代码|电话|网址|邮箱|主营|经营范围|控股股东|实际控制人|审计机构|会计师|保荐|是谁|竞争"
)
_QUANTITY = re.compile(
    r"多少|率|比例|占比|比重|金额|增长|下降|几[个家名位种]|规模|余额|水平|最大|第一大"
)
_PERSON = re.compile(r"董事长|总经理|总裁|秘书|法定代表人|负责人|控股股东|实际控制人|监事|财务总监")


def resolved(question: str, before: str, answer: str, companies: Sequence[str]) -> str:
    """`question` made whole with the question before it and its answer; unchanged where it is."""
    then = taken_apart(before, companies)
    said = CLOSING.sub("", question.strip())
    core = _pointed(_dated(OPENING.sub("", said), then), then, answer)
    own, named = company_in(core, companies), periods_in(core)
    periods = [span for span in named if not _BASE.search(core[: span.start])]
    elliptic = core != said or _ELLIPTIC.search(core) is not None
    left = _FILLER.sub("", without(core, [*place_of(own, core), *named]))
    if (own or periods) and (not left or (len(named) > 1 and not left.strip("比较"))):
        return _with_slots(then, own, joined(core, periods) if len(periods) == len(named) else core)
    if elliptic and own and not companies_in(core, companies) and left in own:
        return _with_slots(then, own, joined(core, periods))
    if compared := _against(core, then, companies):
        return compared
    if not own and (ranked := _ranked(_ELLIPTIC.sub("", core), then)):
        return ranked
    bare = without(core, periods, "").lstrip("的，, ")
    if not own and (_ASPECT.match(bare) or _lacks_measure(bare)):
        return _aspect(bare, then, joined(core, periods))
    noun = _ELLIPTIC.sub("", core)
    if not _ASKS.search(noun) and not CHANGE.search(noun):
        return _other_measure(noun, then, own, periods)
    return _completed(question, core, then, own=own, whole=not elliptic)


def _lacks_measure(core: str) -> bool:
    """Whether nothing that could be asked about stands before the question word."""
    if _ACROSS.search(core):
        return False
    found = TAIL.search(core)
    head = without(core[: found.start()], periods_in(core[: found.start()]), "") if found else core
    return found is not None and len(EDGES.sub("", _FILLER.sub("", head))) <= 1


def _dated(core: str, then: Before) -> str:
    """Periods named by their distance ("上年") or without a year ("上半年") written out."""
    if not then.period:
        return core
    if found := relative_in(core):
        span, years = found
        if _BASE.search(core[: span.start]):
            return core
        base = then.periods[0].text if years < 0 else then.periods[-1].text
        return core[: span.start] + shifted(base, years) + core[span.end :]
    spans, year = periods_in(core), year_of(then.period)
    if (
        len(spans) == 1
        and not dated(spans[0].text)
        and year
        and re.match(r"[上下前第一二三四全年]", spans[0].text)
    ):
        return core[: spans[0].start] + f"{year}年" + core[spans[0].start :].replace("年年", "年")
    return core


def _pointed(core: str, then: Before, answer: str) -> str:
    """它, 该公司, 其, 该项目 replaced by what they point to."""
    core = _NUMBER.sub(f"{then.company}{then.period}{then.measure}", core, count=1)
    who = entity(then, answer) or then.company
    if who:
        core = _POINTER.sub(lambda found: who + found["of"], core, count=1)
    if found := _DEMONSTRATIVE.search(core):
        for size in range(len(found["noun"]), 1, -1):
            noun = found["noun"][:size]
            for text in (then.measure, then.text, answer):
                if named := re.search(rf"[^，。、的和与在对了为是由“”\s]{{2,16}}{noun}", text):
                    start = found.start("noun") + size
                    return core[: found.start()] + named[0] + core[start:]
    return core


def _with_slots(then: Before, company: str, period: str) -> str:
    """The question before, asked of another company or period."""
    text = _with_period(then, period) if period else then.text
    if company:
        text = text.replace(then.company, company, 1) if then.company else company + text
    return _asked(text)


def _with_period(then: Before, period: str) -> str:
    """The question before with its period replaced, or put behind its company where it had none."""
    if not then.periods:
        at = then.text.index(then.company) + len(then.company) if then.company else 0
        return then.text[:at] + period + then.text[at:]
    named, text = periods_in(period), then.text
    if len(named) == 1 and len(then.periods) == 2 and re.search(r"[比较]", text):
        years = int(year_of(period) or 0) - int(year_of(then.periods[0].text) or 0)
        for span in reversed(then.periods):
            text = text[: span.start] + shifted(span.text, years) + text[span.end :]
        return text
    if len(named) == len(then.periods) > 1:
        for span, new in zip(reversed(then.periods), reversed(named), strict=True):
            text = text[: span.start] + new.text + text[span.end :]
        return text
    if len(named) == 1:
        text = text.replace("分别", "")
    return text.replace(then.period, same_kind(period, then.period), 1)


def _against(core: str, then: Before, companies: Sequence[str]) -> str:
    """ "和2022年相比呢", "比乙公司呢": the measure before, compared with another period or company."""
    found = _AGAINST.match(_ELLIPTIC.sub("", core))
    if found is None or not then.measure:
        return ""
    other, asked = found["other"], found["asked"].lstrip("，, ")
    if company_in(other, companies):
        return _asked(
            f"{then.company}与{other}相比，{then.period}{then.measure}{asked or '相差多少'}"
        )
    if periods_in(other) or relative_in(other):
        whole = f"{then.company}{then.period}{then.measure}"
        return _asked(f"{whole}与{other}相比{asked or '变动多少'}")
    return ""


def _ranked(core: str, then: Before) -> str:
    """ "哪家更高", "最低的呢", "第二大呢": another place in the ranking that was asked about."""
    if re.fullmatch(r"(?:哪[家个年种项]|谁)[更最较][\u4e00-\u9fff]{1,3}", core) and then.measure:
        head = then.text.removesuffix(then.tail)
        return _asked(head + core)
    for place in (r"最[高低大小多少快慢好差早晚]", r"第[一二三四五六七八九十\d]+"):
        new, old = re.match(place, core), re.search(place, then.text)
        if new and old and re.fullmatch(r"[大名位]?的?", core[new.end() :]):
            return _asked(then.text.replace(old[0], new[0], 1))
    return ""


def _aspect(core: str, then: Before, period: str) -> str:
    """What is asked about the measure before: its share, its growth, its reason."""
    who = then.company + (same_kind(period, then.period) if period else then.period)
    core = (
        _ELLIPTIC.sub("", core)
        if _ELLIPTIC.search(core) and not re.match(r"如何|怎么", core)
        else core
    )
    change = found[0] if (found := CHANGE.search(then.tail)) else ""
    if core.startswith("其中"):
        return _asked(f"{who}{then.measure}中{core[2:]}")
    if re.fullmatch(r"为什么|为何|怎么回事|什么原因", core):
        return _asked(f"{who}{then.measure}为什么{change or '变动'}")
    if re.match(r"的?(?:主要|具体|其)?(?:原因|理由)", core):
        core = f"{change or '变动'}的{core.removeprefix('的')}"
    return _asked(f"{who}{then.measure}{core}")


def _other_measure(noun: str, then: Before, own: str, periods: Sequence[Span]) -> str:
    """The question before, asked about something else."""
    name = without(noun, [*periods, *place_of(own, noun)], "").strip("的，,在 对应")
    whole = CLOSING.sub("", _with_slots(then, own, joined(noun, periods)))
    named = re.search(r"谁|哪|什么|(?:多少|几)[名家个]?[\u4e00-\u9fff]{2,}$", then.tail)
    fits = not (named and AMOUNT.search(name)) and not _PERSON.search(name)
    if then.measure and then.measure in whole and fits:
        return _asked(whole.replace(then.measure, _renamed(then.measure, name), 1))
    lasting = _LASTING.search(name)
    period = "" if lasting else joined(noun, periods) or then.period
    asked = "是谁" if _PERSON.search(name) else "是什么" if lasting else "是多少"
    return _asked(f"{own or then.company}{period}{name}{asked}")


def _renamed(measure: str, name: str) -> str:
    """The new measure: a whole one, or the old one with its qualifier changed.

    扣非后 after 净利润 is 扣非后净利润; 境内 after 境外销售收入 is 境内销售收入 (words of equal length
    that share a character); 奶粉 after 液态奶收入 is 奶粉收入.
    """
    if _QUALIFIER.fullmatch(name):
        return name + measure
    if AMOUNT.search(name):
        return name
    old = measure[: len(name)]
    if len(name) <= 3 and old != name and any(x == y for x, y in zip(old, name, strict=False)):
        return name + measure[len(name) :]
    head = _HEAD.search(measure)
    return name + head[0] if head and head.start() else name


def _completed(question: str, core: str, then: Before, *, own: str, whole: bool) -> str:
    """A full question that lacks only its company or period."""
    if (own and whole) or _ACROSS.search(core):
        return question.strip() if core == CLOSING.sub("", question.strip()) else _asked(core)
    dated_already = periods_in(core) or relative_in(core)
    period = (
        "" if dated_already or not _QUANTITY.search(core) or _LASTING.search(core) else then.period
    )
    if own:
        at = core.index(own) + len(own)
        return _asked(core[:at] + period + core[at:])
    core = re.sub(r"^公司的?", "", core) if then.company else core
    return _asked(f"{then.company}{period}{core}")


def _asked(text: str) -> str:
    """A question mark at the end, and a question word where there was none."""
    text = CLOSING.sub("", text)
    if _ASKS.search(text):
        return f"{text}？"
    return (
        f"{text}是什么？"
        if re.search(r"(?:原因|理由|依据|构成|名单)$", text)
        else f"{text}是多少？"
    )
