"""Text into search terms: figures, codes and dates whole and in one form, Han text as bigrams.

17,589.07 and １７５８９.０７ are both "17589.07"; 2024年6月30日 and 2024.6.30 both give "2024-06-30";
a code such as GST-HG141 stays whole. Character bigrams need no dictionary and found as much as
words did (docs/retrieval.md has the comparison).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_MONTHS = {name: n for n, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_YEAR = r"(?:19|20)\d{2}"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_TOKEN = re.compile(
    rf"(?P<date>{_YEAR}(?:\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日|(?P<sep>[-./])\d{{1,2}}(?P=sep)\d{{1,2}}(?!\d)))"
    rf"|(?P<span>(?:{_YEAR}|(?<!\d)\d{{2}}(?=\s*年\s*(?:[上下]半年|前?[一二三四]季|第[一二三四]季|年?末|度)))\s*年(?:度)?\s*"
    r"(?:\d{1,2}\s*月?\s*[-~至到]\s*\d{1,2}\s*月|前\s*\d{1,2}\s*个月|[上下]?半年度?|(?:前|第)?[一二三四](?:个)?季度末?|\d{1,2}\s*月末?|度?末)?)"
    rf"|(?P<english>(?<![a-z])(?:(?P<half>first|second) half(?: year)?(?: of)?|(?P<quarter>first|second|third|fourth) quarter(?: of)?|(?P<h>h[12]|[12]h)|(?P<q>q[1-4]|[1-4]q)|(?P<end>(?:at )?(?:the )?(?:year[- ]end|end of)(?: of)?))\s*(?:fiscal |fy)?(?P<y>{_YEAR})(?!\d)"
    rf"|(?P<y2>{_YEAR})\s*(?:(?P<h2>h[12])|(?P<q2>q[1-4]))(?![a-z0-9])"
    rf"|(?<![a-z])(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<m>{_MONTH})\s+(?:(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<y3>{_YEAR})(?!\d)"
    rf"|(?<![a-z])fy\s?(?P<y4>{_YEAR})(?!\d))"
    r"|(?P<code>[a-z]+[a-z0-9]*(?:[-/][a-z0-9]+)*\d[a-z0-9]*(?:[-/][a-z0-9]+)*|\d+[a-z]+[a-z0-9]*(?:-[a-z0-9]+)*)"
    r"|(?P<number>\d[\d,]*(?:\.\d+)*)"
    r"|(?P<word>[a-z]+(?:['’][a-z]+)?)"
    r"|(?P<han>[\u3400-\u9fff]+)"
)
_KINDS = ("date", "span", "english", "code", "number", "word", "han")
_HAN_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4}
STOP_WORDS = frozenset(
    (
        "a an and are as at be been by did do does for from had has have how "
        "in into is it its many much of on or per please she he shall so some such "
        "tell than that the their them then there these they this those to under up us was we "
        "were what when where which who whom whose why will with would you your between during give end take took give me name "
        "state report reported according "
    ).split()
)
_ASKING = re.compile(
    r"请问|多大|几处|几块|几款|百分之几|百分之多少|几成|有的话|打算|这次|请(?:列出|列举|说明|告诉我|简述|给出|计算)|告诉我|分别(?:是|为)?(?:多少|几|什么|哪些)?|是多少|有多少|多少|是什么|有什么|什么|是哪(?:些|几|一|家|位|个)?|有?哪(?:些|几|一|家|位|个|里|年)|几(?:个|家|名|人|项|次|年|种|位|条)|为何|为什么|怎(?:么|样)|如何|是否|是不是|有没有|吗|呢|各自|各(?:是|为)|一共|总共|大概|大约|左右|根据(?:材料|文件|公告|报告|披露)|谁"
)


def normalise(text: str) -> str:
    """Full-width forms to half-width, lower case, wrapped numbers kept."""
    return unicodedata.normalize("NFKC", text).lower()


def terms(text: str) -> list[str]:
    """The search terms of a text, in order, with repeats."""
    return [term for match in _TOKEN.finditer(normalise(text)) for term in _terms_of(match)]


def query_terms(question: str) -> list[str]:
    """The terms of a question, each once, without the words that only ask."""
    kept = _ASKING.sub(" ", normalise(question))
    found = dict.fromkeys(t for t in terms(kept) if t not in STOP_WORDS and not _lone(t))
    return list(found)


def _lone(term: str) -> bool:
    """A single Han character: in a question it only joins words."""
    return len(term) == 1 and not term.isascii()


def without_periods(text: str) -> str:
    """A normalised text without its dates and periods."""
    return _TOKEN.sub(lambda m: " " if _kind(m) in ("date", "span", "english") else m[0], text)


def _terms_of(match: re.Match[str]) -> Iterator[str]:
    kind, text = _kind(match), match[0]
    if kind == "date":
        yield from _date_terms(text)
    elif kind == "span":
        yield from _span_terms(text)
    elif kind == "english":
        yield from _english_terms(match)
    elif kind == "number":
        yield from _number_terms(text)
    elif kind == "code":
        yield text
        parts = re.split(r"[-/]", text)
        if len(parts) > 1:
            yield from (part for part in parts if len(part) > 1)
    elif kind == "word":
        yield stem(text)
    else:
        yield from _bigrams(text)


def _date_terms(text: str) -> Iterator[str]:
    year, month, day = (int(part) for part in re.findall(r"\d+", text)[:3])
    if month > 12 or day > 31:
        yield from (str(int(part)) for part in re.findall(r"\d+", text))
        return
    yield f"{year}-{month:02d}-{day:02d}"
    yield f"{year}-{month:02d}"
    yield str(year)


def _span_terms(text: str) -> Iterator[str]:
    """Terms of a Chinese period; half-years and quarters counted from January share one form."""
    year, _, rest = text.partition("年")
    year = year.strip()
    year = f"20{year}" if len(year) == 2 else year
    yield year
    if "季" in rest:
        n = _HAN_QUARTER[next(c for c in rest if c in _HAN_QUARTER)]
        if rest.rstrip().endswith("末"):
            yield f"{year}-{3 * n:02d}-{_last_day(3 * n)}"
        elif "前" in rest:
            yield _until(year, 3 * n)
        else:
            yield _quarter(year, n)
    elif "半年" in rest:
        yield f"{year}h2" if "下" in rest else f"{year}h1"
    elif match := re.search(r"(\d{1,2})\s*月?\s*[-~至到]\s*(\d{1,2})\s*月", rest):
        first, last = int(match[1]), int(match[2])
        yield _until(year, last) if first == 1 else f"{year}m{first}-{last}"
    elif match := re.search(r"前\s*(\d{1,2})\s*个月", rest):
        yield _until(year, int(match[1]))
    elif match := re.search(r"(\d{1,2})\s*月", rest):
        yield from _month_terms(year, int(match[1]), end=rest.rstrip().endswith("末"))
    elif "末" in rest:
        yield f"{year}-12-31"


def _english_terms(match: re.Match[str]) -> Iterator[str]:
    """Terms of an English period or date, in the forms that Chinese ones get."""
    year = match["y"] or match["y2"] or match["y3"] or match["y4"]
    yield year
    if half := match["half"] or match["h"] or match["h2"]:
        yield f"{year}h{2 if half in ('second', 'h2', '2h') else 1}"
    elif quarter := match["quarter"] or match["q"] or match["q2"]:
        yield _quarter(year, _ORDINALS.get(quarter) or int(re.sub(r"\D", "", quarter)))
    elif match["end"]:
        yield f"{year}-12-31"
    elif match["m"]:
        month = _MONTHS[match["m"][:3]]
        if day := match["d"] or match["d2"]:
            yield f"{year}-{month:02d}-{int(day):02d}"
        yield f"{year}-{month:02d}"


def _month_terms(year: str, month: int, *, end: bool) -> Iterator[str]:
    yield f"{year}-{month:02d}"
    if end:
        yield f"{year}-{month:02d}-{_last_day(month)}"


def _quarter(year: str, n: int) -> str:
    """A single quarter; the first is also the months from January on."""
    return _until(year, 3) if n == 1 else f"{year}q{n}"


def _until(year: str, month: int) -> str:
    """The months from January to `month`; six of them are the first half, twelve the year."""
    return {6: f"{year}h1", 12: year}.get(month, f"{year}m{month}")


def _kind(match: re.Match[str]) -> str:
    return next(name for name in _KINDS if match[name] is not None)


def _last_day(month: int) -> int:
    return 30 if month in (4, 6, 9, 11) else 28 if month == 2 else 31


def _number_terms(text: str) -> Iterator[str]:
    """A number in one form; of numbers run together ("163.201.01") the likely parts as well."""
    digits = text.replace(",", "").rstrip(".")
    if digits.count(".") <= 1:
        yield _plain(digits)
        return
    parts = re.findall(r"\d+\.\d{2}", digits)
    yield from (_plain(part) for part in parts)
    rest = digits[sum(len(part) for part in parts) :].strip(".")
    if rest:
        yield _plain(rest)


def _plain(digits: str) -> str:
    whole, _, decimals = digits.partition(".")
    decimals = decimals.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{decimals}" if decimals else whole


def _bigrams(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for i in range(len(run) - 1):
        yield run[i : i + 2]


def stem(word: str) -> str:
    """English plural and possessive endings off; nothing that could merge different words."""
    word = word.split("'")[0].split("’")[0]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
