"""Words of finance: what a question's words mean in the other language, and what filings call them.

`lexicon.tsv` pairs English forms with Chinese ones that say the same; `words.tsv` has looser pairs,
for search alone; `synonyms.tsv` lists Chinese forms that stand for each other, the words that people
say beside the words that filings print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from rag.index.terms import normalise, stem

_WORD = re.compile(r"[a-z0-9&]+")


@cache
def entries() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """(English forms, Chinese forms) of every idea in `lexicon.tsv`."""
    return tuple((_split(left), _split(right)) for left, _, right in _lines("lexicon.tsv"))


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """A Chinese form -> the other forms of the same idea."""
    table: dict[str, tuple[str, ...]] = {}
    for line, _, _ in _lines("synonyms.tsv"):
        forms = _split(line)
        for form in forms:
            others = (*table.get(form, ()), *(other for other in forms if other != form))
            table[form] = tuple(dict.fromkeys(others))
    return table


@cache
def _english() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Stemmed words of an English form -> Chinese forms, those of `lexicon.tsv` in front."""
    table: dict[tuple[str, ...], tuple[str, ...]] = {}
    loose = ((_split(left), _split(right)) for left, _, right in _lines("words.tsv"))
    for english, chinese in (*entries(), *loose):
        for form in english:
            key = _words_of(form)
            table[key] = tuple(dict.fromkeys((*table.get(key, ()), *chinese)))
    return table


@cache
def _strict() -> frozenset[tuple[str, ...]]:
    return frozenset(_words_of(form) for english, _ in entries() for form in english)


def _words_of(form: str) -> tuple[str, ...]:
    return tuple(_spelled(word) for word in _WORD.findall(normalise(form)))


def is_loose(said: str) -> bool:
    """Whether what an English question says is in `words.tsv` alone."""
    return tuple(_key(word) for word in _WORD.findall(said)) not in _strict()


def _spelled(word: str) -> str:
    """A word without its plural, in American spelling."""
    plain = stem(word)
    plain = re.sub(r"is(?=(?:e|ed|er|ing|ation)$)", "iz", plain)
    return re.sub(r"(?<=[^aeiou]{2})our(?=$|ed$|ing$)|(?<=[lbv])our(?=$)", "or", plain)


def _key(word: str) -> str:
    """The form of a word that the table has: itself, or what it is an inflection of."""
    plain = _spelled(word)
    known = _english_words()
    if plain in known or len(plain) < 5:
        return plain
    return next((base for base in _bases(plain) if base in known), plain)


def _bases(word: str) -> Iterator[str]:
    """What a word in -ed, -ing or -ly may come from."""
    for ending in ("ing", "ed", "ly"):
        if word.endswith(ending):
            base = word[: -len(ending)]
            yield from (base, base + "e")
            if len(base) > 3 and base[-1] == base[-2]:
                yield base[:-1]
            if base.endswith("i"):
                yield base[:-1] + "y"


@cache
def _chinese() -> re.Pattern[str]:
    """Matches any listed Chinese form, the longest first."""
    forms = {form for _, chinese in entries() for form in chinese} | set(synonyms())
    known = sorted((f for f in forms if len(f) >= 2), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known)))


def english_ideas(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(words, Chinese forms) of the finance terms in an English text, the longest first; words that
    are in no list come alone with no forms."""
    words = [m[0] for m in _WORD.finditer(normalise(text))]
    keys = [_key(word) for word in words]
    table = _english()
    longest = max(map(len, table))
    i = 0
    while i < len(words):
        for length in range(min(longest, len(words) - i), 0, -1):
            if forms := table.get(tuple(keys[i : i + length])):
                yield " ".join(words[i : i + length]), forms
                i += length
                break
        else:
            i += 1


def chinese_ideas(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(form, its synonyms) of the finance terms in a Chinese text, the longest first."""
    for match in _chinese().finditer(normalise(text)):
        yield match[0], synonyms().get(match[0], ())


def chinese_for(text: str) -> tuple[str, ...]:
    """The first Chinese form of each finance term in an English text."""
    return tuple(dict.fromkeys(forms[0] for _, forms in english_ideas(text)))


@cache
def _english_words() -> frozenset[str]:
    return frozenset(word for key in _english() for word in key)


def known_word(word: str) -> bool:
    """Whether a word occurs in any English form."""
    return _key(word) in _english_words()


def mostly_english(text: str) -> bool:
    """Whether a question is put in English, even if it quotes Chinese names."""
    words = len(re.findall(r"[A-Za-z]+", text))
    return len(re.findall(r"[\u4e00-\u9fff]", text)) < 1.5 * words


def in_chinese(text: str) -> bool:
    """Whether a text is written in Chinese (has Han characters)."""
    return bool(re.search(r"[\u4e00-\u9fff]", text))


def all_forms() -> Iterable[str]:
    """Every form in either language."""
    for english, chinese in entries():
        yield from english
        yield from chinese
    yield from synonyms()


def _lines(name: str) -> Iterator[tuple[str, str, str]]:
    text = files("rag.retrieve").joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.partition("\t")


def _split(forms: str) -> tuple[str, ...]:
    return tuple(forms.split("|"))
