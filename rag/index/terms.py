"""Text into search terms: figures, codes and dates whole and in one form, Han text as bigrams.

17,589.07 and １７５８９.０７ are both "17589.07"; 2024年6月30日 and 2024.6.30 both give "2024-06-30";
a code such as GST-HG141 stays whole. Character bigrams need no dictionary and found as much as
words did (docs/retrieval.md has the comparison).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_TOKEN = re.compile(
    r"(?P<date>(?:19|20)\d{2}\s*(?:年|[-./])\s*\d{1,2}\s*(?:月|[-./])\s*\d{1,2}(?:\s*日)?(?!\d))"
    r"|(?P<span>(?:19|20)\d{2}\s*年(?:度)?\s*(?:1\s*[-~至到]\s*\d{1,2}\s*月|[上下]半年|前[一二三]季度|第?[一二三四]季度|\d{1,2}\s*月末?|度?末))"
    r"|(?P<code>[a-z]+[a-z0-9]*(?:[-/][a-z0-9]+)*\d[a-z0-9]*(?:[-/][a-z0-9]+)*|\d+[a-z]+[a-z0-9]*(?:-[a-z0-9]+)*)"
    r"|(?P<number>\d[\d,]*(?:\.\d+)*)"
    r"|(?P<word>[a-z]+(?:['’][a-z]+)?)"
    r"|(?P<han>[\u3400-\u9fff]+)"
)
_QUARTER_END = {"一": "03-31", "二": "06-30", "三": "09-30", "四": "12-31"}
_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "in",
        "into",
        "is",
        "it",
        "its",
        "many",
        "much",
        "of",
        "on",
        "or",
        "per",
        "please",
        "she",
        "he",
        "shall",
        "so",
        "some",
        "such",
        "tell",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "under",
        "up",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "between",
        "give",
        "me",
        "name",
        "state",
        "report",
        "reported",
        "according",
    ]
)
_ASKING = re.compile(
    r"请问|请(?:列出|列举|说明|告诉我|简述|给出|计算)|告诉我|分别(?:是|为)?(?:多少|几|什么|哪些)?|是多少|有多少|多少|是什么|有什么|什么|是哪(?:些|几|一|家|位|个)?|有?哪(?:些|几|一|家|位|个|里|年)|几(?:个|家|名|人|项|次|年|种|位|条)|为何|为什么|怎(?:么|样)|如何|是否|是不是|有没有|吗|呢|各自|各(?:是|为)|一共|总共|大概|大约|左右|根据(?:材料|文件|公告|报告|披露)|谁"
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
    found = dict.fromkeys(term for term in terms(kept) if term not in _STOP_WORDS)
    return list(found)


def _terms_of(match: re.Match[str]) -> Iterator[str]:
    kind, text = match.lastgroup, match[0]
    if kind == "date":
        yield from _date_terms(text)
    elif kind == "span":
        yield from _span_terms(text)
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
    year = text[:4]
    yield year
    if "季" in text:
        quarter = next((c for c in text[4:] if c in _QUARTER_END), "一")
        yield f"{year}-{_QUARTER_END[quarter]}"
    elif "半年" in text:
        yield f"{year}h{'1' if '上' in text else '2'}"
    elif match := re.search(r"1\s*[-~至到]\s*(\d{1,2})\s*月", text[4:]):
        yield f"{year}h1" if int(match[1]) == 6 else f"{year}m{int(match[1])}"
    elif match := re.search(r"(\d{1,2})\s*月", text[4:]):
        yield f"{year}-{int(match[1]):02d}"
        if text.endswith("末"):
            yield f"{year}-{int(match[1]):02d}-{_last_day(int(match[1]))}"
    else:
        yield f"{year}-12-31"


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
