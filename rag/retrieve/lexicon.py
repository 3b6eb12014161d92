"""Words of finance in English and Chinese: what a question in one language means in the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from rag.index.terms import normalise, stem


@cache
def entries() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """(English forms, Chinese forms) of every idea in `lexicon.tsv`."""
    text = files("rag.retrieve").joinpath("lexicon.tsv").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            english, _, chinese = line.partition("\t")
            found.append((tuple(english.split("|")), tuple(chinese.split("|"))))
    return tuple(found)


@cache
def _english() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Stemmed words of an English form -> Chinese forms."""
    table: dict[tuple[str, ...], tuple[str, ...]] = {}
    for english, chinese in entries():
        for form in english:
            key = _words(form)
            table[key] = tuple(dict.fromkeys((*table.get(key, ()), *chinese)))
    return table


def _words(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in re.findall(r"[a-z0-9&]+", normalise(text)))


def chinese_for(question: str) -> tuple[str, ...]:
    """Chinese forms of the finance terms in an English question; the longest term wins."""
    words = _words(question)
    table = _english()
    longest = max(len(key) for key in table)
    found: dict[str, None] = {}
    i = 0
    while i < len(words):
        for length in range(min(longest, len(words) - i), 0, -1):
            if forms := table.get(words[i : i + length]):
                found.update(dict.fromkeys(forms))
                i += length
                break
        else:
            i += 1
    return tuple(found)


def synonyms(question: str) -> tuple[str, ...]:
    """Other Chinese forms of the finance terms that a Chinese question uses by a listed form."""
    text = normalise(question)
    found: dict[str, None] = {}
    for _, chinese in entries():
        if any(len(form) >= 2 and form in text for form in chinese):
            found.update(dict.fromkeys(form for form in chinese if form not in text))
    return tuple(found)


def in_chinese(text: str) -> bool:
    """Whether a text is written in Chinese (has Han characters)."""
    return bool(re.search(r"[\u4e00-\u9fff]", text))


def all_forms() -> Iterable[str]:
    """Every form in either language."""
    for english, chinese in entries():
        yield from english
        yield from chinese
