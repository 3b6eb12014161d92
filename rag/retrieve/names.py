"""Whose filing a question is about: companies by any of their names, and what filings define.

A company may be called by its registered or short name, a former name, its ticker, an English name
or its name in Pinyin letters. A name inside a longer one that a filing defines ("甲乙" in "甲乙生物")
is that longer one's and stays in the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from rag.index.terms import normalise
from rag.retrieve.lexicon import in_chinese, known_word
from rag.types import FilingRef

Forms = Mapping[str, Mapping[str, str]]
_FILE_WORDS = frozenset(
    (
        "inquiry reply report annual news daily opinion convertible bond accountant restructuring prospectus digest "
        "interim quarterly correction announcement filing extract final draft dated half year results earnings statement "
        "company group pharma innovation manufacturing industry form letter response document test sample copy page file"
    ).split()
)
"""Words of file names that say what a file is, not whose."""
_ORGANISATION = re.compile(
    r"(?:公司|企业|合伙\)?|工厂|厂|集团|研究院|大学|医院|Ltd\.?|Limited|Inc\.?|GmbH|LLC|plc|Corporation)\s*$",
    re.IGNORECASE,
)
_ROLES = re.compile(
    r"公司$|^(?:发行人|申请人|交易对方|交易标的|标的|保荐|主承销|独立财务顾问|审计机构|评估机构|法律顾问|律师|会计师|上市公司|控股股东|实际控制人|母公司|子公司|集团|本所|董事会|监事会|股东大会|公司章程|中登|证监会|深交所|上交所)"
)
_SHORTEST_PINYIN = 5


def named(question: str, refs: Sequence[FilingRef]) -> dict[str, str]:
    """Filings that the question's names select: id -> the name, normalised; the longest counts."""
    text = normalise(question)
    found: dict[str, str] = {}
    for ref in refs:
        for name in sorted(names_of(ref), key=len, reverse=True):
            if _stands_in(name, text):
                found[ref.id] = name
                break
    for name in found.values():
        text = text.replace(name, " ")
    return found | _by_pinyin(text, [ref for ref in refs if ref.id not in found])


def without_names(
    question: str, companies: Mapping[str, str], refs: Sequence[FilingRef], short_forms: Forms
) -> str:
    """The question without the names of its companies, save where they are part of a longer name
    that a filing defines."""
    text = normalise(question)
    for ref in (ref for ref in refs if ref.id in companies):
        own = {*names_of(ref), companies[ref.id]}
        longer = [form for form in _organisations(short_forms.get(ref.id, {})) if form not in own]
        for name in sorted(own, key=len, reverse=True):
            text = _cut(
                text, name, [form for form in longer if name in form], normalise(ref.company)
            )
    return text


@lru_cache(maxsize=4096)
def names_of(ref: FilingRef) -> tuple[str, ...]:
    """The names by which people may call a filing's company, normalised.

    English names often stand in the file's name only, so its distinctive words count as well.
    """
    words = [w for w in re.split(r"[-_ .()（）]+", Path(ref.source).stem.lower()) if w.isascii()]
    hints = [w for w in words if len(w) >= 4 and w.isalpha() and w not in _FILE_WORDS]
    names = (ref.company, *ref.aliases, ref.ticker, *hints)
    return tuple(dict.fromkeys(normalise(n).strip() for n in names if len(n.strip()) >= 2))


def _stands_in(name: str, text: str) -> bool:
    if in_chinese(name):
        return name in text
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None


def _organisations(forms: Mapping[str, str]) -> Iterator[str]:
    """Short names of companies among the short forms of a filing, normalised."""
    for short, full in forms.items():
        if len(short) >= 3 and _ORGANISATION.search(full) and not _ROLES.search(short):
            yield normalise(short)


def _by_pinyin(text: str, refs: Sequence[FilingRef]) -> dict[str, str]:
    """Companies whose Chinese name, or the beginning of it, a word of the question spells; the
    place in front of a name spells a place."""
    words = {w for w in re.findall(r"[a-z]+", text) if len(w) >= _SHORTEST_PINYIN}
    words = {w for w in words if not known_word(w)}
    found: dict[str, str] = {}
    for ref in refs if words else ():
        spelt = {s for name in _placeless(names_of(ref)) for s in _spellings(name)}
        for word in sorted(words & spelt, key=len, reverse=True)[:1]:
            found[ref.id] = word
    return found


def _placeless(names: Sequence[str]) -> list[str]:
    """Chinese names without those in which another one begins later: a place stands in front."""
    chinese = [name for name in names if in_chinese(name)]
    return [name for name in chinese if not any(name.find(other) > 0 for other in chinese)]


def _spellings(name: str) -> Iterable[str]:
    """The Pinyin of the first two, three and four characters of a name."""
    syllables = [_syllables().get(c, "") for c in name[:4]]
    return ["".join(syllables[:n]) for n in range(2, len(syllables) + 1) if all(syllables[:n])]


@cache
def _syllables() -> dict[str, str]:
    text = files("rag.retrieve").joinpath("pinyin.tsv").read_text(encoding="utf-8")
    lines = (line.partition("\t") for line in text.splitlines() if not line.startswith("#"))
    return {c: syllable for syllable, _, characters in lines for c in characters}


def _cut(text: str, name: str, kept: Sequence[str], registered: str) -> str:
    """`text` without `name` and what of the registered name follows it, outside the names kept."""
    pattern = re.escape(name)
    if not in_chinese(name):
        pattern = rf"(?<![a-z0-9]){pattern}(?:['’]s)?(?![a-z0-9])"
    guards = [m.span() for form in kept for m in re.finditer(re.escape(form), text)]
    parts, at = [], 0
    for match in re.finditer(pattern, text):
        if not any(a <= match.start() and match.end() <= b for a, b in guards):
            parts.append(text[at : match.start()])
            at = match.end() + _goes_on(text[match.end() :], name, registered)
    return " ".join((*parts, text[at:]))


def _goes_on(rest: str, name: str, registered: str) -> int:
    """How many characters of `rest` go on with the registered name, in order, some left out."""
    left = registered.partition(name)[2]
    n = 0
    while n < len(rest) and rest[n] in left and in_chinese(rest[n]):
        left = left.partition(rest[n])[2]
        n += 1
    return n if n >= 2 else 0
