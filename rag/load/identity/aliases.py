"""The other names that a filing's company goes by: people ask for them, not for the registered name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rag.load.identity import english
from rag.load.identity.company import Source
from rag.load.identity.lines import squeezed
from rag.load.identity.names import FORM
from rag.load.identity.shortnames import GENERIC, is_distinctive, short_names


def chinese_aliases(company: str, source: Source) -> tuple[str, ...]:
    """Other names of a Chinese filing's company, the most used first.

    The short name of its shares, what the glossary defines for it, former names, the English name
    as printed, and short forms derived from the registered name.
    """
    if not company:
        return ()
    names = [
        *_share_names(company, source),
        *_defined(company, source.forms),
        *_used_first(company, source.text),
        *(name for name in _former(company, source) if is_distinctive(name.removesuffix("有限"))),
    ]
    printed = english.printed_name(company, source.text) or english.cover_name(source.cover[:20])
    if printed:
        names += [printed, *english.short_names(printed, source.text)]
    return _unique(names, company)


def _unique(names: Iterable[str], company: str) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in (name.strip(" 　“”\"'") for name in names):
        if len(name) >= 2 and name not in GENERIC and name.lower() not in english.GENERIC:
            kept.setdefault(name.lower(), name)
    kept.pop(company.lower(), None)
    return tuple(kept.values())


_SHARE_LABEL = r"(?:(?:A\s*股)?(?:证券|股票)简称|(?:公司的?)?(?:中文)?简称)\s*[:：|]\s*"
_SHARE_TEXT = r"(?P<name>\*?(?:ST)?\s?[\u4e00-\u9fffA-Z](?:\s?[\u4e00-\u9fffA-Z]){1,7})"
_SHARE_NAME = re.compile(rf"{_SHARE_LABEL}{_SHARE_TEXT}(?=[\s|,，;；)）]|$)", re.MULTILINE)
_SHARE_NAME_ROW = re.compile(
    rf"^{_SHARE_LABEL}{_SHARE_TEXT}\s*(?:$|\|\s*(?:证券|股票)代码)", re.MULTILINE
)


def _share_names(company: str, source: Source) -> list[str]:
    """The short name of the shares: on the cover, or in a table that names the company beside it."""
    found = list(_SHARE_NAME.finditer("\n".join(source.cover[:12])))[:1]
    for match in _SHARE_NAME_ROW.finditer(source.text):
        if company in source.text[max(0, match.start() - 400) : match.end() + 400]:
            found.append(match)
            break
    return [squeezed(match["name"]) for match in found]


def _defined(company: str, forms: Mapping[str, str]) -> list[str]:
    """Short forms whose full form is the company's name, with nothing but remarks behind it."""
    rest = re.compile(rf"{re.escape(company)}(?:$|[^\u4e00-\u9fffA-Za-z0-9])")
    return [short for short, full in forms.items() if rest.match(full.strip('“”"《'))]


def _used_first(company: str, text: str) -> list[str]:
    """Derived short names that the text uses by themselves, the one that it uses most in front.

    The name without legal form and without place always stays; where the text uses no other, the
    next shorter does too. A name of two characters is never in front of a longer one.
    """
    derived = short_names(company)
    longer = [company, *derived]
    own = {
        name: text.count(name) - text.count(above)
        for above, name in zip(longer, derived, strict=False)
    }
    silent = all(number <= 0 for number in own.values())
    kept = [
        name
        for k, name in enumerate(derived)
        if own[name] > 0 or derived[0].endswith(name) or (silent and k < 2 < len(name))
    ]
    return sorted(kept, key=lambda name: (len(name) == 2, -own[name]))


_FORMER = re.compile(
    rf"(?:曾用名|原名|变更前(?:的)?名称|前身)(?:称)?(?:为|系|是|即|——|－－)?\s*[:：|]?\s*[“\"《]?(?P<name>[\u4e00-\u9fff（）()]{{2,30}}?{FORM})"
)
_BRACKETED = re.compile(
    rf"(?P<name>[\u4e00-\u9fff（）()]{{2,30}}?{FORM})[（(](?:发行人|本公司|公司)前身"
)
_FORMER_SHORT = re.compile(
    r"(?:发行人|本公司|公司|上市公司)的?前身(?:为|系|是|即|[—－:：]+)?[“\"]?(?P<name>[\u4e00-\u9fff]{2,10})"
)
_OWN = re.compile(r"(?:发行人|本公司|我公司|公司|上市公司)的?$")


def _former(company: str, source: Source) -> Iterator[str]:
    """Former names of the company itself, never those of another one the text speaks of."""
    own = "|".join(
        map(re.escape, ["发行人", "本公司", "公司", "上市公司", *_defined(company, source.forms)])
    )
    is_former = re.compile(rf"[^，。；]{{2,40}}?[，,（(]\s*(?:系|为)?(?:{own})(?:的)?前身")
    for short, full in source.forms.items():
        if is_former.match(full):
            yield short
            if mention := next(source.names.mentions(full), None):
                yield mention.name
    for match in _FORMER_SHORT.finditer(source.text):
        words = (match["name"][:end] for end in range(len(match["name"]), 1, -1))
        if short := next((word for word in words if word in source.forms), ""):
            yield short
            yield from (m.name for m in source.names.mentions(source.forms[short]) if m.start == 0)
    for match in _FORMER.finditer(source.text):
        before = source.text[max(0, match.start() - len(company) - 4) : match.start()]
        if _OWN.search(before) or company in before:
            yield source.names.resolve(match["name"])
    for match in _BRACKETED.finditer(source.text):
        yield source.names.resolve(match["name"])


def english_aliases(company: str, source: Source) -> tuple[str, ...]:
    """Other names of an English filing's company: those that it defines, then short forms."""
    if not company:
        return ()
    defined = (short for short, full in source.forms.items() if full.lower() == company.lower())
    return _unique([*defined, *english.short_names(company, source.text)], company)
