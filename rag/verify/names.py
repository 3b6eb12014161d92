"""Names in an answer: companies, quoted terms and titles, persons, medicines; and whether the
evidence has them. Only what is certainly a name is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.verify.numerals import plain

_HAN = r"[\u4e00-\u9fff]"
_LEGAL = r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|股份公司|\(特殊普通合伙\)|事务所|合伙企业\(有限合伙\)|合伙企业)"
_TRADE = r"(?:药业|制药|医药|生物|科技|集团|银行|证券|控股|传动|光电|仪表|半导体|新材|重工|水泥|钢铁|传媒|铸造|锻压|铝业|矿业|航空)"
_COMMON = r"(?:商业|政策性?|有价|社会|上市|生物|金融|信息|高新|医疗|现代|国有|民营|跨国|企业|大型|中型|创新|新型|本|该|公司|各|投资|通用|民用|消费|化学|主要|行业)"
_COMPANY = re.compile(
    rf"(?:{_HAN}|[A-Za-z0-9]|\({_HAN}{{2,4}}\)){{2,24}}?(?:{_LEGAL})+"
    rf"|(?:(?<!{_HAN})|(?<=[与和及由向对为是]))(?!{_COMMON}){_HAN}{{2,4}}{_TRADE}"
    rf"(?=[的,\uff0c、。;\uff1b:\uff1a(\uff08\s\d]|截至|在|于|与|和|及|为|将|持|向|是|合计|共|20|$)"
)
_LEAD_IN = re.compile(
    rf".*(?:年度?|月|日|末|由|与|和|及|向|对|为|是|系|的|在|于|从|给|公司|股东|子公司|客户|供应商|全资|控股|参股|收购|出售|持有|委托|聘请|截至|设立|成立|新设|注销|投资|取得|转让|签署|签订|增资|合并|吸收|起诉|拟|其中|包括|即)(?={_HAN}{{2}})"
)
_ENGLISH = re.compile(
    r"(?:[A-Z][\w&'.-]*,?\s+){1,5}?(?:Inc|Corp|Corporation|Ltd|Limited|LLC|PLC|plc|Company|Co|Group|Holdings|GmbH|AG"
    r"|Pharmaceuticals?|Therapeutics|Bank|Partners)\b\.?"
    r"|(?<=[a-z,] )[A-Z][a-z]+(?:\s+[A-Z]\.)?\s+[A-Z][a-z]+\b"
)
_ORDINARY = re.compile(
    r"(?:(?:Net|Gross|Total|Operating|Fiscal|Annual|Quarterly|Diluted|Basic|Adjusted|First|Second|Third|Fourth|The|This|These"
    r"|Income|Sales|Revenues?|Profit|Loss|Margin|Year|Quarter|Report|Form|Cash|Flows?|Assets|Liabilities|Equity|Earnings|Company"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)\s?)+"
)
_OPENING = re.compile(
    r"^(?:(?:From|The|By|In|For|At|With|And|Of|To|On|Both|As|Its|Our|But|Under)\s)+"
)
_QUOTED = re.compile(
    r"“([^“”\n]{2,60})”|《([^《》\n]{2,80})》|「([^「」\n]{2,60})」|\"([^\"\n]{2,60})\""
)
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任"
    "陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤温裴祁宁柳颜路尚莫安齐季俞舒岑"
)
_PERSON = re.compile(
    rf"(?:董事长|总经理|总裁|首席执行官|财务总监|财务负责人|董事会秘书|实际控制人|控股股东|法定代表人|保荐代表人|签字会计师|注册会计师|独立董事|监事会主席)"
    rf"(?:分别)?(?:为|是|系|:|\uff1a)(?P<names>(?:[{_SURNAMES}]{_HAN}{{1,2}})(?:(?:、|和|与|及)(?:[{_SURNAMES}]{_HAN}{{1,2}}))*)(?=[,\uff0c。;\uff1b、\s(\uff08]|$)"
    rf"|(?P<one>[{_SURNAMES}]{_HAN}{{1,2}})(?=先生|女士)"
)
_MEDICINE = re.compile(
    rf"{_HAN}{{2,10}}?(?:单抗|替尼|注射液|胶囊|颗粒|疫苗|口服液|缓释片|分散片|咀嚼片|滴眼液|乳膏|软膏|糖浆)"
)
_MEDICINE_LEAD = re.compile(r"^(?:主要)?(?:是|系|为|因|由于|因为|包括)(?=[\u4e00-\u9fff]{3})")
_PLACES = (
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃"
    " 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 深圳 广州 杭州 南京 苏州 武汉 成都 厦门 宁波 青岛 大连 西安 长沙 郑州 合肥 无锡"
    " 常州 南通 济南 沈阳 哈尔滨 长春 福州 昆明 贵阳 南昌 石家庄 太原 兰州 珠海 佛山 东莞 中山 惠州 嘉兴 绍兴 温州 台州 烟台 潍坊"
)
_REGION = re.compile(
    rf"^(?:(?:{_PLACES.replace(' ', '|')})(?:省|市)?|{_HAN}{{2,3}}?(?:省|市|自治区|县))+"
)
_CUT = re.compile(rf"{_LEGAL}|集团|股份")
_SPACE = re.compile(r"[\s\u3000\"'“”‘’「」]+")
_GENERIC = frozenset(
    "公司 本公司 上市公司 标的公司 子公司 母公司 全资子公司 控股子公司 目标公司 发行人 集团 会计师事务所 律师事务所 有限公司".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at [start, end); `cores` are the forms of which the evidence must have one."""

    text: str
    start: int
    end: int
    cores: tuple[str, ...]


def find_names(text: str) -> tuple[Name, ...]:
    """Names of companies, persons and medicines, and quoted terms, in order, without overlaps."""
    source = plain(text)
    found: list[Name] = []
    for name in (*_quoted(source), *_companies(source), *_others(source)):
        if not any(name.start < other.end and other.start < name.end for other in found):
            found.append(name)
    return tuple(sorted(found, key=lambda name: name.start))


def squeezed(text: str) -> str:
    """`text` in plain characters, without blanks and quotation marks, lower case: for containment."""
    return _SPACE.sub("", plain(text)).replace("\uff0c", ",").lower()


def has_name(document: str, name: Name) -> bool:
    """Whether `document` has the name, in full or in a form that it is known by.

    A verb that was read as the beginning of a company's name does not count against it, when the
    document's own reading of the name is all the rest.
    """
    squeezed_document = squeezed(document)
    if any(core in squeezed_document for core in name.cores):
        return True
    if not name.text.endswith(("公司", "事务所", "企业")):
        return False
    return any(
        len(other.text) >= 6 and other.text != name.text and name.text.endswith(other.text)
        for other in _companies(plain(document))
    )


def _quoted(source: str) -> Iterator[Name]:
    for match in _QUOTED.finditer(source):
        inner = next(group for group in match.groups() if group)
        if re.search(rf"{_HAN}|[A-Za-z]", inner):
            yield Name(match.group(), match.start(), match.end(), (squeezed(inner).rstrip("。,."),))


def _companies(source: str) -> Iterator[Name]:
    for match in _COMPANY.finditer(source):
        start = match.start()
        lead = _LEAD_IN.match(match.group())
        if lead and len(match.group()) - lead.end() >= 3:
            start += lead.end()
        while source[start] in "加减和与及由向对为是" and match.end() - start > 4:
            start += 1
        text = source[start : match.end()]
        if text not in _GENERIC and len(_CUT.sub("", text)) >= 2:
            yield Name(text, start, match.end(), _cores(text))
    for match in _ENGLISH.finditer(source):
        if _ORDINARY.fullmatch(match.group()):
            continue
        text = _OPENING.sub("", match.group())
        words = squeezed(text.rstrip("."))
        yield Name(text, match.end() - len(text), match.end(), (words, words.replace(",", "")))


def _cores(text: str) -> tuple[str, ...]:
    """Forms that a filing uses for the same company: without region and legal form."""
    forms = {squeezed(text)}
    short = _CUT.sub("", re.sub(r"\([^()]*\)", "", text))
    for form in (short, _REGION.sub("", short)):
        if len(form) >= 3:
            forms.add(squeezed(form))
    return tuple(sorted(forms, key=len, reverse=True))


def _others(source: str) -> Iterator[Name]:
    for match in _PERSON.finditer(source):
        group = "names" if match["names"] else "one"
        at = match.start(group)
        for part in re.finditer(rf"{_HAN}{{2,3}}", match[group].replace("、", " ")):
            text = part.group().lstrip("和与及")
            yield Name(text, at + part.end() - len(text), at + part.end(), (text,))
    for match in _MEDICINE.finditer(source):
        text = _MEDICINE_LEAD.sub("", match.group())
        yield Name(
            text,
            match.end() - len(text),
            match.end(),
            tuple(squeezed(text[i:]) for i in range(max(1, len(text) - 4))),
        )
