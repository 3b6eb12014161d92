"""What a question asks for: whose filing, which periods, which measure, what form of answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.index.terms import normalise, query_terms, terms
from rag.retrieve.lexicon import chinese_for, in_chinese
from rag.types import FilingRef

Form = Literal["one", "several", "list", "compare", "calculate", "reason", "yesno"]


@dataclass(frozen=True, slots=True)
class Query:
    """A question understood.

    `terms` weigh fully in lexical search, `extra` (words of the other language) less. `filings`
    are the ids that named companies select, or None for all; `companies` maps each of them to
    the name by which the question calls it. `periods` are years, dates and halves in the form of
    search terms.
    """

    text: str
    language: Literal["zh", "en"]
    terms: tuple[str, ...]
    extra: tuple[str, ...]
    filings: tuple[str, ...] | None
    companies: Mapping[str, str]
    periods: tuple[str, ...]
    form: Form


_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("reason", re.compile(r"为什么|为何|原因|由于什么|\bwhy\b|reasons?\b|what caused|explain", re.I)),
    ("calculate", re.compile(r"增长率|增幅|同比|环比|增长了?多少|下降了?多少|增加了?多少|减少了?多少|变动多少|差额|相差|差多少|多出|高出|合计|总共|一共|加起来|之和|占.{0,16}(?:比例|比重|百分|多少)|几倍|多少倍|平均每|how much (?:more|less|higher|lower|did)|by how much|growth rate|percentage change|difference|sum of|in total|combined|what (?:share|percentage|proportion)|ratio of|times", re.I)),
    ("compare", re.compile(r"比较|相比|对比|哪(?:个|一|家|年|项|种).{0,12}(?:更|最)|谁.{0,8}(?:更|最|高|低|多)|高于|低于|差异|\bcompare|\bhigher\b|\blower\b|\blarger\b|\bwhich (?:of|is|was|year|company)\b.*(?:est\b|more|less|higher|lower|larger)|versus|\bvs\b", re.I)),
    ("list", re.compile(r"哪些|有哪|列出|列举|分别有|包括什么|名单|\blist\b|which (?:companies|projects|products|suppliers|customers)|what are the|name the", re.I)),
    ("several", re.compile(r"分别|各年|各期|历年|各是|每年|近三年|三年|报告期各|各自|respectively|each (?:year|period)|over the (?:years|period)|from \d{4} to \d{4}|in \d{4}(?:,| and) ", re.I)),
    ("yesno", re.compile(r"是否|是不是|有没有|能否|会不会|吗[?？]?$|^(?:is|are|was|were|does|did|do|has|have|had|can|will)\b", re.I)),
)  # fmt: skip
_GENERIC_FILE_WORDS = frozenset(
    [
        "inquiry", "reply", "report", "annual", "news", "daily", "opinion", "convertible", "bond", "accountant",
        "restructuring", "prospectus", "digest", "interim", "quarterly", "correction", "announcement", "filing",
        "extract", "final", "draft", "dated", "half", "year", "results", "earnings", "statement", "company",
        "group", "pharma", "innovation", "manufacturing", "industry", "form", "letter", "response", "document",
        "test", "sample", "copy", "page", "file", "report", "10-k", "8-k",
    ]
)  # fmt: skip


def understand(question: str, refs: Sequence[FilingRef]) -> Query:
    """Read a question against the filings that there are."""
    companies = mentioned(question, refs)
    text = normalise(question)
    for name in sorted(companies.values(), key=len, reverse=True):
        text = text.replace(name, " ")
    language: Literal["zh", "en"] = "zh" if in_chinese(question) else "en"
    own = query_terms(text)
    extra: list[str] = []
    if language == "en":
        for form in chinese_for(text):
            extra += terms(form)
    return Query(
        text=question,
        language=language,
        terms=tuple(own),
        extra=tuple(t for t in dict.fromkeys(extra) if t not in own),
        filings=tuple(companies) or None,
        companies=companies,
        periods=_periods(own),
        form=_form(question),
    )


def mentioned(question: str, refs: Sequence[FilingRef]) -> dict[str, str]:
    """Filings whose company the question names: id -> the name, normalised; the longest counts."""
    text = normalise(question)
    found: dict[str, str] = {}
    for ref in refs:
        for name in sorted(names_of(ref), key=len, reverse=True):
            if _stands_in(name, text):
                found[ref.id] = name
                break
    return found


def names_of(ref: FilingRef) -> tuple[str, ...]:
    """The names by which people may call a filing's company, normalised.

    English names often stand in the file's name only, so its distinctive words count as well.
    """
    stem = Path(ref.source).stem
    words = [w for w in re.split(r"[-_ .()（）]+", stem.lower()) if w.isascii() and w.isalpha()]
    hints = [w for w in words if len(w) >= 4 and w not in _GENERIC_FILE_WORDS]
    names = (ref.company, *ref.aliases, ref.ticker, *hints)
    return tuple(dict.fromkeys(normalise(n).strip() for n in names if len(n.strip()) >= 2))


def _stands_in(name: str, text: str) -> bool:
    if in_chinese(name):
        return name in text
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None


def _periods(own: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        t for t in own if re.fullmatch(r"(?:19|20)\d{2}(?:-\d{2}(?:-\d{2})?|h[12]|m\d+)?", t)
    )


def _form(question: str) -> Form:
    for form, pattern in _FORMS:
        if pattern.search(question):
            return form
    return "one"
