"""Whom a news item is about: the names before its verb, or an article's most named company."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.load.identity.english import FULL
from rag.load.identity.names import names_in
from rag.load.identity.shortnames import is_distinctive, short_names

LONGEST = 32
MOST = 40
"""Different full names of an article that are weighed against each other."""
_START = re.compile(
    r"^\s*(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[.、．)）]|[（(]\d{1,2}[）)]|[●■◆▶►•·※*-])?\s*(?:【[^】]{1,6}】)?\s*"
    r"(?:(?:近日|日前|今日|昨日|当日|同日|据悉|据了解|另悉|消息称|有消息称|当地时间|北京时间|截至|\d{4}年|\d{1,2}月\d{1,2}日(?:晚间?|早间?|午间|盘后|消息)?"
    r"|[本上]?周[一二三四五六日]|(?:本报|新华社|财联社)[^，,]{0,12}[讯电])\s*[,，:：]?\s*)*"
)
_VERB = re.compile(
    r"宣布|公告|公布|披露|发布|公开|统计|显示|获批|获准|获得|获|收到|接到|完成|签署|签订|签约|订立|达成|举行|召开|拟|将|计划|预计|有望|启动|终止|中止|暂停|恢复|中标|回购"
    r"|聘任|任命|交付|挂牌|递交|提交|申请|牵头|支持|研发|召回|推出|上市|上线|投产|建成|开工|竣工|辞去|辞职|辞任|出任|离任|任期|称|表示|认为|回应|澄清|否认|更正|亏损|盈利|实现|营收"
    r"|净利|提价|涨价|降价|裁员|起诉|胜诉|败诉|被|遭|涉嫌|因|由于|凭借|以(?=\d|首|总|集中|自有|现金|每)|授予|取得|出售|转让|收购|并购|认购|受让|增资|减持|增持|质押|停牌|复牌|退市"
    r"|入选|成立|设立|建立|携手|联合|联手|参与|推进|加速|加码|布局|扩产|投资(?!有限|集团|控股|基金)|批准|同意|受理|核准|通报|要求|处罚|立案|入股|入主|破产|重整|上调|下调|上涨|下跌|增长|下降"
    r"|报(?=每|\d)|为(?=\d)|持平|上半年|下半年|前三季度|第?[一二三四]季度|全年|年度|[一二三四五六七八九十]{1,2}月份?|\d{1,2}月|\d{4}年|第[一二三四五六七八九十\d]"
    r"|董事会|监事会|股东大会|控股股东|实际控制人|独立董事|财务总监|总经理|董事长|总裁|首席|创始人|高管|旗下|子公司|自主|前次|正式|共同|累计|目前|已经|已|从|在|向|自(?=\d)|的"
)
_PUNCTUATION = re.compile(r"[,，。；;:：！？!?（(“”\"《]")
_DESCRIBED = re.compile(
    r"^.*?(?:巨头|龙头|公司|企业|药企|车企|厂商|机构|平台|独角兽|集团旗下|券商|制造商|开发商|运营商)(?=[^有的与和、])"
)
_AUTHORITY = re.compile(
    r"官网$|(?:局|委|委员会|部|署|院|法院|证监会|交易所|协会|FDA|EMA|NMPA|CDE|SEC|中心)$"
)
_JOINED = re.compile(
    r"(?<=[\u4e00-\u9fffA-Za-z)）]{2})(?:以及|与|及|、)(?=[\u4e00-\u9fffA-Z]{2})|(?<=[\u4e00-\u9fffA-Za-z)）]{3})和(?=[\u4e00-\u9fffA-Z]{3})"
)
_LATIN_BESIDE = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,10})[（(][A-Z][\w .&'’-]{1,40}[)）]")
_LATIN = re.compile(
    r"(?!(?:The|It|In|On|At|A|An|This|That|Its|He|She|They|We|For|But|And) )(?P<name>[A-Z][A-Za-z0-9&.'’-]*(?:,? (?:[A-Z][A-Za-z0-9&.'’-]*|of|and|the|de|&)(?= ))*),? (?=[a-z\d$])"
)
_GOES_ON = re.compile(
    r"^(?:公司|该公司|本公司|该|此次|本次|此外|其中|其|双方|三方|据此|对此|同时|另外|不过|但)"
)


def subject(text: str) -> str:
    """The companies or bodies that a news item of one paragraph is about, as it names them.

    The names before the first verb; where these are an authority ("药监局批准了甲公司的…"), the
    company that it speaks of. Where no verb is found, the first clause.
    """
    body = _START.sub("", text, count=1)
    if latin := _LATIN.match(body):
        return latin["name"]
    if beside := _beside_latin(body):
        return beside
    leading = _leading(body)
    parts = [part.strip() for part in _JOINED.split(leading) if len(part.strip()) >= 2]
    if _AUTHORITY.search(leading) and (spoken_of := _spoken_of(body[len(leading) :], body)):
        return spoken_of
    return "、".join(parts[:3]) if parts else leading


def _beside_latin(body: str) -> str:
    """A name with its Latin form behind it ("甲公司乙丙(Bing)"), in front or behind what it is."""
    match = _LATIN_BESIDE.search(body[:60])
    if match is None or _AUTHORITY.search(match["name"]):
        return ""
    described = _DESCRIBED.match(body[: match.end("name")] + "。")
    if described is None:
        return match["name"] if match.start() == 0 else ""
    return body[described.end() : match.end("name")]


def _leading(body: str) -> str:
    """The words before the first verb or mark; registered names in front are kept whole."""
    floor = 2
    clause = body[: 3 * LONGEST]
    for mention in names_in(clause).mentions(clause):
        between = clause[floor if floor > 2 else 0 : mention.start]
        if _VERB.search(between) or _PUNCTUATION.search(between):
            break
        floor = mention.end
    for mark in (_VERB, _PUNCTUATION, re.compile(r"\d")):
        match = mark.search(body, floor)
        if match and match.start() - floor <= LONGEST:
            earlier = _PUNCTUATION.search(body, floor, match.start())
            return body[: earlier.start() if earlier else match.start()].strip()
    return body[: max(LONGEST, floor)].strip()


def _spoken_of(rest: str, body: str) -> str:
    """The company in what an authority says: its full name, else the owner ("甲旗下的…")."""
    if mention := next(names_in(rest).mentions(rest), None):
        return mention.name
    for match in re.finditer(r"([\u4e00-\u9fff]{2,8})(?:旗下|自主研发|公司的)", rest):
        for start in range(len(match[1]) - 1):
            name = match[1][start:]
            if body.count(name) >= 2:
                return name
    return ""


def goes_on(text: str) -> bool:
    """Whether a paragraph of a digest goes on with the item before it rather than opening one."""
    return bool(_GOES_ON.match(text.strip()))


def has_subject(text: str) -> bool:
    """Whether a paragraph reads like an item of its own: a short subject, then a verb."""
    if goes_on(text):
        return False
    body = _START.sub("", text, count=1)
    verb = _VERB.search(body, 2)
    return bool(_LATIN.match(body)) or (verb is not None and verb.start() <= LONGEST)


def dominant(headline: str, paragraphs: Sequence[str]) -> tuple[str, str]:
    """(short, full) name of the company that an article names most; ("", "") for none.

    A mention in the headline counts as five in the text.
    """
    text = "\n".join(paragraphs)
    printed = [*names_in(text).counts(), *(m[0] for m in FULL.finditer(text))]
    fulls = [full for full, _ in Counter(printed).most_common(MOST)]
    weighed = Counter(
        {
            (used := _most_used(full, headline, text), full): _weight(used, headline, text)
            for full in fulls
        }
    )
    if weighed and max(weighed.values()) >= 3:
        return weighed.most_common(1)[0][0]
    called = Counter(name for name in map(subject, paragraphs) if _is_name(name, text))
    bare = {(name, ""): number + _weight(name, headline, text) for name, number in called.items()}
    return (weighed | Counter(bare)).most_common(1)[0][0] if weighed or bare else ("", "")


def _most_used(full: str, headline: str, text: str) -> str:
    """The form of a name that an article uses most, not counting it inside a longer form."""
    names = (full, *short_names(full))
    weights = [_weight(name, headline, text) for name in names]
    own = [weight - above for weight, above in zip(weights, [0, *weights], strict=False)]
    return max(zip(own, names, strict=True), key=lambda pair: pair[0])[1]


def _weight(name: str, headline: str, text: str) -> int:
    return text.count(name) + 5 * headline.count(name)


def _is_name(name: str, text: str) -> bool:
    return is_distinctive(name) and len(name) <= 10 and text.count(name) >= 3
