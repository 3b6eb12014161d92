"""What a filing is, read from the document itself: company and its names, kind, date, title.

The file's name and the format's own metadata are hints that count only where the document is
silent; a sidecar `NAME.toml` beside the file overrides everything.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rag.errors import LoadError
from rag.types import Block, Heading, Page, Table

NAME = r"[\u4e00-\u9fa5A-Za-z0-9·()（）]{2,34}?"
_COMPANY = re.compile(rf"{NAME}(?:股份有限公司|集团有限公司|有限责任公司|有限公司)")
_LISTED = re.compile(rf"{NAME}股份有限公司")
_ABOUT = re.compile(
    rf"关于({NAME}(?:股份有限公司|有限公司))(?:的|申请|向|发行|公开|首次|20|重大|重组|回复)"
)
_REGISTRANT = re.compile(
    r"(?P<name>[A-Z][\w&.,'’\- ]{2,60}?)\s*\n?\s*\(\s*Exact\s+name\s+of\s+registrant", re.IGNORECASE
)
_ENGLISH_NAME = re.compile(
    r"\b[A-Z][\w&'’\-]*(?:[ ,]+(?:[A-Z&][\w&'’\-]*|of|and|the))*[ ,]+(?:Inc|Corp(?:oration)?|Ltd|Limited|Company|Co|plc|PLC|LLC|Holdings)\b\.?"
)
_TICKER = re.compile(
    r"(?:证券|股票)代码\s*[:：]\s*(\d{6}|\d{4,5}\.?HK)|(?:NYSE|NASDAQ|Nasdaq)[^)\n]{0,20}?[:：]\s*([A-Z]{1,5})\b"
)
_SHORT = re.compile(r"(?:证券|股票|公司)简称\s*[:：]\s*([\u4e00-\u9fa5A-Za-z*]{2,10})")
_PROVINCES = (
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|深圳|广州|杭州|南京|苏州|成都|武汉|西安|长沙|厦门|青岛|大连|宁波|无锡|济南|合肥|福州|郑州|中国"
)  # fmt: skip
_REGION = re.compile(rf"^(?:{_PROVINCES})(?:省|市|自治区)?")
_TRADE = re.compile(
    r"(?:生物制药|生物医药|生物科技|制药|药业|医药|生物|科技|技术|实业|工贸|科工贸|食品|集团|控股|电子|机械|能源|太阳能科技|太阳能|环保热电|热电"
    r"|仪表科技|仪表|葡萄酒|胶囊|民用爆破器材|新材料|材料|电气|股份|化工|农业|装备|智能|信息|软件|服饰|家居|汽车|重工|精密|创新制药|国际)+$"
)  # fmt: skip
_GENERIC = {
    "公司", "本公司", "上市公司", "发行人", "母公司", "股份公司", "我公司", "贵公司", "申请人", "标的公司", "企业",
}  # fmt: skip
_KINDS: tuple[tuple[str, str], ...] = (
    ("10-K", r"FORM\s+10-K|ANNUAL REPORT PURSUANT TO SECTION 13"),
    ("10-Q", r"FORM\s+10-Q"),
    ("8-K", r"FORM\s+8-K|CURRENT REPORT"),
    ("inquiry reply", r"问询函|反馈意见|审核意见|落实函|关注函|监管工作函"),
    ("correction", r"更正公告|更正的公告|补充更正"),
    (
        "restructuring report",
        r"(?:购买资产|重大资产重组|重组|关联交易|资产置换|吸收合并).{0,60}报告书",
    ),
    ("prospectus", r"招股(?:说明书|意向书)|募集说明书|上市公告书|Prospectus"),
    ("annual report", r"年度报告|Annual Report"),
    ("interim report", r"半年度报告|中期报告|季度报告|Interim Report|Quarterly Report"),
    ("announcement", r"公告(?:编号)?"),
)
_NEWS = re.compile(r"本报记者|记者|讯[)）]|日报|早报|晚报|快讯|据悉|接受.{0,12}采访|电\s*[(（]")
_CN_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "Ｏ": "0",
}
_CN_DATE = re.compile(
    r"([二〇零○一三四五六七八九]{4})\s*年\s*([一二三四五六七八九十]{1,3})\s*月(?:\s*([一二三四五六七八九十]{1,3})\s*日)?"
)
_DATE = re.compile(
    r"(20\d{2}|19\d{2})\s*[年./-]\s*(\d{1,2})(?:\s*[月./-]\s*(\d{1,2})(?:\s*日)?|\s*月)"
)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_EN_DATE = re.compile(rf"({'|'.join(_MONTHS)})\s+(\d{{1,2}}),\s*(\d{{4}})")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document says that it is; empty where it does not say."""

    title: str = ""
    company: str = ""
    ticker: str = ""
    kind: str = "document"
    date: str = ""
    aliases: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    version: str = ""
    short_forms: Mapping[str, str] = field(default_factory=dict)


def identify(
    pages: Sequence[Page], *, name: str, hints: Mapping[str, str] | None = None
) -> Identity:
    """Read company, names, kind, date, title and version off a document's pages.

    `name` is the file's name without folder; `hints` what the format says of itself.
    """
    hints = hints or {}
    cover = _lines(pages[:4], most=60)
    head = "\n".join(cover)
    title = _title(cover, name, hints)
    kind = _kind(title, head, name)
    company = _company(title, head, pages, kind)
    forms = _definitions(pages)
    return Identity(
        title=title,
        company=company,
        ticker=_first(_TICKER, head),
        kind=kind,
        date=_date(pages, head, kind, name) or hints.get("date", ""),
        aliases=_aliases(company, head, forms),
        periods=_periods(head + "\n" + "\n".join(_lines(pages, most=400))),
        version=_version(title, name),
        short_forms=forms,
    )


def with_sidecar(identity: Identity, path: Path) -> Identity:
    """`identity` with what `NAME.toml` beside the file says; LoadError for a wrong sidecar."""
    sidecar = path.with_name(path.name + ".toml")
    if not sidecar.is_file():
        sidecar = path.with_suffix(".toml")
    if not sidecar.is_file() or sidecar == path:
        return identity
    try:
        values: dict[str, Any] = tomllib.loads(sidecar.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoadError(f"{sidecar}: not valid TOML ({error}); correct or remove it") from error
    known = {"title", "company", "ticker", "kind", "date", "version", "aliases"}
    if unknown := set(values) - known:
        raise LoadError(
            f"{sidecar}: unknown key {sorted(unknown)[0]!r}; known: {', '.join(sorted(known))}"
        )
    if "aliases" in values:
        values["aliases"] = tuple(str(alias) for alias in values["aliases"])
    return replace(identity, **values)


def _lines(pages: Iterable[Page], *, most: int) -> list[str]:
    lines: list[str] = []
    for page in pages:
        for block in page.blocks:
            lines += _block_lines(block)
            if len(lines) >= most:
                return lines[:most]
    return lines


def _block_lines(block: Block) -> list[str]:
    if isinstance(block, Table):
        return [" | ".join(row) for row in (*block.header, *block.rows)]
    return [block.text]


_TITLE_END = re.compile(
    r"(?:报告书|说明书|意向书|年度报告(?:全文|摘要)?|半年度报告|季度报告|核查意见|回复|的说明|意见书|公告|答复|Report|FORM\s+\d+-[KQ])"
    r"(?:\s*[（(][^（）()]{1,12}[)）])*\s*$",
    re.IGNORECASE,
)


def _title(cover: Sequence[str], name: str, hints: Mapping[str, str]) -> str:
    """The cover's lines down to the first that ends as titles of filings do."""
    short = [line.strip() for line in cover[:40] if line.strip()]
    for i, line in enumerate(short):
        if not _TITLE_END.search(line) or len(line) > 160:
            continue
        parts = [line]
        for above in reversed(short[max(0, i - 3) : i]):
            if len(above) > 60 or re.search(r"[。:：|]|代码|简称", above):
                break
            parts.insert(0, above)
        title = re.sub(r"^.{2,8}[:：](?=.{10,})", "", "".join(parts))
        return re.sub(r"\d{4}-\d{2}-\d{2}$", "", title).strip()
    if short and len(short[0]) <= 120:
        return short[0]
    return hints.get("title") or Path(name).stem


def _kind(title: str, head: str, name: str) -> str:
    for text in (title, head[:1500], name):
        for kind, pattern in _KINDS:
            if kind in ("announcement",) and text is head[:1500]:
                continue
            if re.search(pattern, text):
                return kind
        if text is title and _NEWS.search(head):
            return "news"
    return "news" if _NEWS.search(head) else "document"


def _company(title: str, head: str, pages: Sequence[Page], kind: str) -> str:
    """The company that a filing is about: named in its title, else the most frequent full name."""
    if match := _ABOUT.search(title) or _ABOUT.search(head):
        return match[1]
    if match := _REGISTRANT.search(head):
        return " ".join(match["name"].split()).strip(" ,")
    for text in (title, head):
        counts = Counter(_clean(m[0]) for m in _LISTED.finditer(text))
        counts += Counter(_clean(m[0]) for m in _COMPANY.finditer(text) if "证券" not in m[0])
        ranked = [n for n, _ in counts.most_common() if not _is_adviser(n)]
        if ranked:
            return ranked[0]
    if kind == "news":
        return ""
    body = "\n".join(_lines(pages, most=300))
    counts = Counter(_clean(m[0]) for m in _LISTED.finditer(body))
    ranked = [n for n, _ in counts.most_common() if not _is_adviser(n)]
    if ranked:
        return ranked[0]
    english = Counter(m[0].strip(" ,") for m in _ENGLISH_NAME.finditer(head))
    return english.most_common(1)[0][0] if english else ""


def _clean(name: str) -> str:
    return re.sub(r"^(?:关于|由|和|与|及|的|公司|为|是|本次|年\d*月?)+", "", name)


def _is_adviser(name: str) -> bool:
    return bool(re.search(r"证券|会计师|律师|评估|银行|登记结算|交易所|保险", name))


def _aliases(company: str, head: str, forms: Mapping[str, str]) -> tuple[str, ...]:
    """Other names of the company: defined in the document, printed as its short name, derived."""
    names: list[str] = []
    if match := _SHORT.search(head):
        names.append(match[1])
    names += [short for short, full in forms.items() if company and full.startswith(company)]
    core = short_name(company)
    if core:
        names.append(core)
        trade = _TRADE.sub("", core)
        if len(trade) >= 2:
            names.append(trade)
    unique = dict.fromkeys(n for n in names if n not in _GENERIC and n != company and len(n) >= 2)
    return tuple(unique)


def short_name(company: str) -> str:
    """The core of a registered name: without place in front and legal form behind."""
    core = re.sub(r"(?:股份有限公司|集团有限公司|有限责任公司|有限公司)$", "", company)
    core = re.sub(r"[（(][^（）()]*[)）]", "", core)
    core = _REGION.sub("", core)
    core = re.sub(r",?\s+(?:Inc|Corp(?:oration)?|Ltd|Limited|Company|Co|plc|PLC|LLC)\.?$", "", core)
    return core.strip(" ,.")


_DEFINED = re.compile(
    rf"({NAME}(?:公司|事务所|中心|项目|集团|[\u4e00-\u9fa5]{{2,6}}))[（(][^（）()]{{0,20}}?(?:以下|下)?[简统]?称[为:：]?\s*[“\"「]([^”\"」]{{2,16}})[”\"」]"
)


def _definitions(pages: Sequence[Page]) -> dict[str, str]:
    """Short forms: rows "A、B | 指 | full" of the glossary, and "full(以下简称“A”)" anywhere."""
    forms: dict[str, str] = {}
    for block in (b for page in pages for b in page.blocks):
        if isinstance(block, Table):
            for row in (*block.header, *block.rows):
                if len(row) >= 3 and row[1].strip() == "指" and row[2].strip():
                    _define(forms, row[0], row[2])
        elif not isinstance(block, Heading):
            if match := re.match(r"^(\S{1,40})\s+指\s+(\S.{1,200})", block.text):
                _define(forms, match[1], match[2])
            for match in _DEFINED.finditer(block.text):
                forms.setdefault(match[2].strip(), match[1].strip())
    return forms


def _define(forms: dict[str, str], shorts: str, full: str) -> None:
    for short in re.split(r"[、/,，]", shorts):
        short = short.strip(' “”"')
        if 2 <= len(short) <= 24 and len(forms) < 2000:
            forms.setdefault(short, full.strip()[:160])


def _periods(text: str) -> tuple[str, ...]:
    """Reporting periods as "报告期" is defined, else none."""
    match = re.search(r"报告期[^。\n]{0,12}(?:指|为)[\s|]*([^。\n]{4,60})", text)
    if match is None:
        return ()
    return tuple(
        dict.fromkeys(
            re.findall(r"20\d{2}\s*年(?:\s*\d{1,2}\s*-\s*\d{1,2}\s*月)?|FY\d{4}", match[1])
        )
    )


def _version(title: str, name: str) -> str:
    found = re.findall(
        r"(修订稿|更正(?:后|版)?|草案|申报稿|注册稿|上会稿|豁免版|摘要|Amendment No\. \d+)",
        title + name,
    )
    return "、".join(dict.fromkeys(found))


def _date(pages: Sequence[Page], head: str, kind: str, name: str) -> str:
    """The signing or cover date: the end of the document first for replies, the cover otherwise."""
    tail = "\n".join(_lines(reversed(pages[-3:]), most=80))
    order = (tail[-1500:], head[:2500]) if kind == "inquiry reply" else (head[:2500], tail[-1500:])
    if kind == "news":
        order = (head[:800], name)
    hint = re.match(r"(20\d{2})(?:-(\d{2}))?(?:-(\d{2}))?", name)
    for text in (*order,):
        if (found := _any_date(text)) and (hint is None or found[:4] == hint[1]):
            return found
    return "-".join(part for part in hint.groups() if part) if hint else ""


def _any_date(text: str) -> str:
    if match := _CN_DATE.search(text):
        year = "".join(_CN_DIGIT.get(c, c) for c in match[1])
        return "-".join([year, *(f"{_cn_number(p):02d}" for p in match.groups()[1:] if p)])
    if match := _DATE.search(text):
        return "-".join([match[1], *(f"{int(p):02d}" for p in match.groups()[1:] if p)])
    if match := _EN_DATE.search(text):
        return f"{match[3]}-{_MONTHS.index(match[1].capitalize()) + 1:02d}-{int(match[2]):02d}"
    return ""


def _cn_number(text: str) -> int:
    """Chinese numerals up to 31."""
    digits = "零一二三四五六七八九"
    if "十" not in text:
        return digits.index(text)
    tens, ones = text.split("十")
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return next((group for group in match.groups() if group), "") if match else ""
