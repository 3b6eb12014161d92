"""Citations: do they exist verbatim, on the page they name, and do they carry what is said?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from eval.figures import fold
from eval.metrics.base import Metric
from eval.metrics.correctness import without_markers
from eval.metrics.coverage import is_covered
from eval.questions import Evidence, Question
from eval.results import UNSCORED, Cited, Found, Given, Result, Score
from rag.verify.sentences import split_sentences

Entails = Callable[[str, str], bool]
"""(premise, statement) -> whether the premise carries the statement."""

OVERLAP = 0.5
"""Share of a statement's character pairs (words in English) that its premise must hold."""
_MARKERS = re.compile(r"\[(\d+(?:\s*[,，、-]\s*\d+)*)\]")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def citation_problem(citation: Cited, hits: Sequence[Found]) -> str:
    """Why a citation is invalid ("" when it is valid): its quote must stand verbatim in its passage
    and its page be the page that the passage gives for it.

    Without the passage itself, a hit from the same file and page must hold the quote.
    """
    if not citation.quote.strip():
        return "quotes nothing"
    if citation.passage is not None:
        if citation.quote not in citation.passage:
            return "quote does not stand in its passage"
        if citation.page != citation.passage_page:
            return f"page {citation.page}, but the passage says {citation.passage_page}"
        return ""
    same_file = [hit for hit in hits if hit.source == citation.source]
    holding = [hit for hit in same_file if citation.quote in hit.text]
    if not holding:
        return "quote does not stand in any hit of its file"
    if not any(citation.page in hit.pages for hit in holding):
        return f"page {citation.page} is not that of the hit"
    return ""


def citation_validity(question: Question, result: Result) -> Score:
    """Share of the answer's citations and [n] markers that resolve: quote verbatim in the passage,
    page equal to the passage's, marker with a citation of its number.

    An answer without any citation scores 0; refusals are unscored.
    """
    given = result.given
    if given is None or given.refused:
        return UNSCORED
    if not given.citations:
        return Score(0.0, given.text, "no citation at all")
    problems = [
        f"[{c.n}] {why}" for c in given.citations if (why := citation_problem(c, result.hits))
    ]
    known = {citation.n for citation in given.citations}
    dangling = sorted(set(marked_numbers(given.text)) - known)
    problems += [f"[{n}] has no citation" for n in dangling]
    value = 1 - len(problems) / (len(given.citations) + len(dangling))
    return Score(value, f"{len(given.citations)} citations", "; ".join(problems))


def page_exactness(question: Question, result: Result) -> Score:
    """Of the citations that quote a gold span (a figure or words of the evidence, from its file),
    the share whose page is the printed page of that evidence.

    This holds the page labels themselves to account, where `citation_validity` only asks whether
    the system agrees with itself. A span that the hits show on several pages decides nothing.
    Unscored when no citation quotes a gold span.
    """
    if result.given is None or result.given.refused:
        return UNSCORED
    problems, total = [], 0
    for citation in result.given.citations:
        pages = _gold_pages(question, citation, result.hits)
        if not pages:
            continue
        total += 1
        if citation.page not in pages:
            problems.append(f"[{citation.n}] page {citation.page}, printed page {'/'.join(pages)}")
    if not total:
        return UNSCORED
    return Score(1 - len(problems) / total, f"{total} citations of gold spans", "; ".join(problems))


def _gold_pages(question: Question, citation: Cited, hits: Sequence[Found]) -> list[str]:
    """The printed pages of the evidence that the citation quotes; none where the quoted span
    stands on several pages, so that another page may be right as well."""
    quoted = (Found(citation.source, citation.quote),)
    items = [i for i in question.evidence if i.page is not None and is_covered(i, quoted)]
    if any(_is_repeated(item, hits) for item in items):
        return []
    return [item.page for item in items if item.page is not None]


def _is_repeated(item: Evidence, hits: Sequence[Found]) -> bool:
    pages = [set(hit.pages) for hit in hits if is_covered(item, (hit,))]
    return any(left.isdisjoint(right) for left, right in combinations(pages, 2))


def gold_cited(question: Question, result: Result) -> Score:
    """Share of the evidence items that some citation's passage (else its quote) holds, from the
    right file."""
    given = result.given
    if given is None or given.refused or not question.evidence:
        return UNSCORED
    cited = [Found(c.source, c.passage or c.quote) for c in given.citations]
    missing = [item for item in question.evidence if not is_covered(item, cited)]
    why = "; ".join(f"{item.source} {item.page or ''} not cited" for item in missing)
    return Score(1 - len(missing) / len(question.evidence), f"{len(cited)} citations", why)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer without its markers, and the citation numbers that it bears."""

    text: str
    numbers: tuple[int, ...]


def statements(text: str) -> list[Statement]:
    """The sentences of an answer (Chinese and English boundaries, markers after the stop belong to
    the sentence before) that state something; lines that only introduce a list are left out."""
    found = []
    for start, end in split_sentences(text):
        sentence = text[start:end]
        bare = without_markers(sentence).strip()
        if any(c.isalnum() for c in bare) and not bare.endswith((":", "：")):
            found.append(Statement(bare, tuple(marked_numbers(sentence))))
    return found


def marked_numbers(text: str) -> list[int]:
    """The numbers of all [n], [n, m] and [n-m] markers of `text`, in order."""
    numbers: list[int] = []
    for match in _MARKERS.finditer(text):
        for part in re.split(r"[,，、]", match.group(1)):
            first, _, last = part.partition("-")
            numbers += range(int(first), int(last or first) + 1)
    return numbers


def citation_recall(question: Question, result: Result, entails: Entails | None = None) -> Score:
    """Share of the answer's statements that their citations, taken together, carry.

    Source: ALCE (Gao et al. 2023, section 4.3), with Chinese sentence boundaries. Where ALCE asks
    an NLI model, `entails` decides; by default :func:`carries`, which needs none. Refusals and
    answers that state nothing are unscored: no claim is no merit.
    """
    given = result.given
    said = statements(given.text) if given and not given.refused else []
    if given is None or not said:
        return UNSCORED
    entails = entails or carries
    bare = [s.text for s in said if not entails(_premise(given, s.numbers), s.text)]
    why = f"not carried by its citations: {' / '.join(bare)}" if bare else ""
    return Score(1 - len(bare) / len(said), f"{len(said)} statements", why)


def citation_precision(question: Question, result: Result, entails: Entails | None = None) -> Score:
    """Share of the citations at statements that are needed: the statement is carried, and either
    this citation carries it alone or the others do not carry it without this one.

    Source: ALCE (Gao et al. 2023, section 4.3). Unscored where nothing is cited.
    """
    given = result.given
    if given is None or given.refused:
        return UNSCORED
    entails, needed, idle = entails or carries, 0, []
    for statement in statements(given.text):
        for number in statement.numbers:
            if _is_needed(given, statement, number, entails):
                needed += 1
            else:
                idle.append(f"[{number}] does not carry: {statement.text}")
    if not needed and not idle:
        return UNSCORED
    return Score(needed / (needed + len(idle)), f"{needed + len(idle)} markers", "; ".join(idle))


def _is_needed(given: Given, statement: Statement, number: int, entails: Entails) -> bool:
    if not entails(_premise(given, statement.numbers), statement.text):
        return False
    if entails(_premise(given, (number,)), statement.text):
        return True
    others = tuple(n for n in statement.numbers if n != number)
    return not entails(_premise(given, others), statement.text)


def _premise(given: Given, numbers: Iterable[int]) -> str:
    cited = {citation.n: citation for citation in given.citations}
    texts = [cited[n].passage or cited[n].quote for n in numbers if n in cited]
    return "\n".join(texts)


def carries(premise: str, statement: str) -> bool:
    """Every figure of `statement` stands in `premise`, or is computed from figures there, and so
    does half of its wording where both are in one script. A stand-in for an NLI model that runs
    anywhere and cannot be talked round; it does not see a negation.
    """
    from eval.metrics.faithfulness import unsupported_in

    if not premise:
        return False
    if unsupported_in(statement, premise, given=""):
        return False
    shared = overlap(premise, statement)
    return shared is None or shared >= OVERLAP


def overlap(premise: str, statement: str) -> float | None:
    """Share of the statement's terms (pairs of Chinese characters, English words) in the premise;
    None where it has none, or where the two share no script."""
    left, right = _terms(premise), _terms(statement)
    scripts = {_is_chinese(term) for term in left}
    comparable = {term for term in right if _is_chinese(term) in scripts}
    if not comparable or len(comparable) < len(right) / 2:
        return None
    return len(comparable & left) / len(comparable)


def _terms(text: str) -> set[str]:
    folded = _NUMBER.sub(" ", fold(text))
    chinese = re.findall(r"[\u4e00-\u9fff]+", folded)
    pairs = {run[i : i + 2] for run in chinese for i in range(len(run) - 1)}
    return pairs | set(re.findall(r"[a-z]{3,}", folded))


def _is_chinese(term: str) -> bool:
    return not term.isascii()


METRICS = (
    Metric(
        "citation_validity", "引用有效", "citation validity", citation_validity, "answer",
        "a citation does not resolve: quote or page",
    ),
    Metric(
        "page_exactness", "页码准确", "page exactness", page_exactness, "answer",
        "a citation names the wrong page",
    ),
    Metric(
        "gold_cited", "引到所需证据", "evidence cited", gold_cited, "answer",
        "the answer does not cite the evidence",
    ),
    Metric(
        "citation_recall", "引用召回(ALCE)", "citation recall (ALCE)", citation_recall, "answer",
        "a statement without a citation that carries it",
    ),
    Metric(
        "citation_precision", "引用精确(ALCE)", "citation precision (ALCE)", citation_precision,
        "answer", "a citation that carries nothing",
    ),
)  # fmt: skip
