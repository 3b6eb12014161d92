"""What a question asks for: whose filing, which periods, which measure, what form of answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.index.terms import query_terms, terms
from rag.retrieve.concepts import Concept, concepts_of
from rag.retrieve.lexicon import chinese_for, mostly_english
from rag.retrieve.names import named, names_of, without_names
from rag.retrieve.parties import Party, parties, with_parties
from rag.retrieve.periods import spelled_periods
from rag.types import FilingRef

Form = Literal["one", "several", "list", "compare", "calculate", "reason", "yesno"]


@dataclass(frozen=True, slots=True)
class Query:
    """A question understood.

    `terms` are its own search terms without company names, `extra` those of the other language,
    `concepts` its ideas with every form in which a filing may print them. `filings` are the ids
    that named companies select, or None for all; `companies` maps each of them to the name by
    which the question calls it. `periods` are years, dates and halves in the form of search terms.
    `meaning` is the text that is embedded. `left_out` are passages of news that tell of others.
    """

    text: str
    language: Literal["zh", "en"]
    terms: tuple[str, ...]
    extra: tuple[str, ...]
    filings: tuple[str, ...] | None
    companies: Mapping[str, str]
    periods: tuple[str, ...]
    form: Form
    concepts: tuple[Concept, ...] = ()
    meaning: str = ""
    left_out: frozenset[str] = frozenset()


_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("reason", re.compile(r"为什么|为何|为啥|原因|缘故|归因|凭什么|怎么(?:会|一直|还|没|不|就)|由于什么|what (?:explains|drove|led to)|on what grounds|how come|\bwhy\b|reasons?\b|what caused|explain", re.I)),
    ("calculate", re.compile(r"增长率|增幅|同比|环比|增长了?多少|下降了?多少|增加了?多少|减少了?多少|变动多少|差额|相差|差多少|多出|高出|合计|总共|一共|加起来|之和|占.{0,16}(?:比例|比重|百分|多少)|几倍|多少倍|平均每|how much (?:more|less|higher|lower|did)|by how much|growth rate|percentage change|difference|sum of|in total|combined|what (?:share|percentage|proportion)|ratio of|times", re.I)),
    ("compare", re.compile(r"比较|相比|对比|哪(?:个|一|家|年|项|种|边|款|类).{0,12}(?:更|最|高|低|大|小|多|少|贵|便宜|长|短|快|慢|早|晚)|谁.{0,8}(?:更|最|高|低|多|少|大|小|贵|便宜|早|快)|(?:高|多|大|长|贵|快|升|涨|增)(?:了)?(?:还是|是)(?:低|少|小|短|便宜|慢|降|跌|减)|是(?:升|涨|增)(?:还)?是(?:降|跌|减)|高于|低于|差异|\bcompare|\bhigher\b|\blower\b|\blarger\b|\bwhich (?:of|is|was|year|company)\b.*(?:est\b|more|less|higher|lower|larger)|\bwhose\b.*\b(?:more|less|higher|lower|larger)|\b(?:more|less|higher|lower) or (?:less|more|lower|higher)\b|versus|\bvs\b", re.I)),
    ("list", re.compile(r"哪些|有哪|列出|列举|分别有|包括什么|名单|\blist\b|which (?:companies|projects|products|suppliers|customers)|what are the|name the", re.I)),
    ("several", re.compile(r"分别|各年|各期|历年|各是|每年|近三年|三年|报告期各|各自|respectively|each (?:year|period)|over the (?:years|period)|from \d{4} to \d{4}|in \d{4}(?:,| and) ", re.I)),
    ("yesno", re.compile(r"是否|是不是|有没有|能否|会不会|吗[?？]?$|^(?:is|are|was|were|does|did|do|has|have|had|can|will)\b", re.I)),
)  # fmt: skip
_PERIOD = re.compile(r"(?:19|20)\d{2}(?:-\d{2}(?:-\d{2})?|h[12]|q\d|m[\d-]+)?")


def understand(
    question: str,
    refs: Sequence[FilingRef],
    short_forms: Mapping[str, Mapping[str, str]] | None = None,
) -> Query:
    """Read a question against the filings that there are and the short forms that each defines
    (by filing id)."""
    companies = named(question, refs)
    language: Literal["zh", "en"] = "en" if mostly_english(question) else "zh"
    text = without_names(question, companies, refs, short_forms or {})
    spelled = spelled_periods(text)
    own = query_terms(spelled)
    translated = chinese_for(text) if language == "en" else ()
    groups = _parties(refs, short_forms or {})
    extra = dict.fromkeys(t for form in translated for t in terms(form) if t not in own)
    return Query(
        text=question,
        language=language,
        terms=tuple(own),
        extra=tuple(extra),
        filings=tuple(companies) or None,
        companies=companies,
        periods=_periods(own),
        form=_form(question),
        concepts=with_parties(concepts_of(spelled, english=language == "en"), spelled, groups),
        meaning=" ".join((text.strip(), *translated[:12])) if language == "en" else question,
    )


def _parties(
    refs: Sequence[FilingRef], short_forms: Mapping[str, Mapping[str, str]]
) -> list[Party]:
    """The parties of the filings whose short forms are given, under all their names."""
    return [
        party
        for ref in refs
        if ref.id in short_forms
        for party in parties(short_forms[ref.id], names_of(ref))
    ]


def mentioned(question: str, refs: Sequence[FilingRef]) -> dict[str, str]:
    """Filings whose company the question names: id -> the name, normalised; the longest counts."""
    return named(question, refs)


def _periods(own: Sequence[str]) -> tuple[str, ...]:
    return tuple(t for t in own if _PERIOD.fullmatch(t))


def _form(question: str) -> Form:
    for form, pattern in _FORMS:
        if pattern.search(question):
            return form
    return "one"
