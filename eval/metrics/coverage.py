"""Evidence coverage at equal reading budgets: does what is needed stand in the first N characters?

Counting characters instead of passages makes systems with passages of different sizes comparable:
a reader, or a model with so much context, sees the same amount of text from each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eval.figures import canonical, contains, contains_canonical, figure_in, glued_figures
from eval.metrics.base import Metric
from eval.questions import Evidence, Question
from eval.results import UNSCORED, Found, Result, Score

BUDGETS = (1000, 2000, 4000)


def within_budget(hits: Sequence[Found], budget: int) -> list[Found]:
    """The hits, best first, until `budget` characters are read; the last one is cut there."""
    read, left = [], budget
    for hit in hits:
        if left <= 0:
            break
        read.append(hit if len(hit.text) <= left else replace(hit, text=hit.text[:left]))
        left -= len(hit.text)
    return read


def spans_found(evidence: Evidence, hits: Sequence[Found], *, strict: bool = False) -> list[str]:
    """The spans (figures or quote) of `evidence` that stand in hits from its file.

    With `strict` the hit must also cover the evidence's page, where it has a label.
    """
    texts = [hit.text for hit in hits if _same_place(evidence, hit, strict)]
    read = [(canonical(text), text) for text in texts]
    if not evidence.figures:
        quote = canonical(evidence.quote)
        return (
            [evidence.quote] if any(contains_canonical(folded, quote) for folded, _ in read) else []
        )
    if any(glued_figures(text, evidence.figures) for text in texts):
        return list(evidence.figures)
    return [
        figure
        for figure in evidence.figures
        if any(figure_in(folded, text, figure) for folded, text in read)
    ]


def is_covered(evidence: Evidence, hits: Sequence[Found], *, strict: bool = False) -> bool:
    """Whether every span of `evidence` stands in the hits."""
    return len(spans_found(evidence, hits, strict=strict)) == len(evidence.spans)


def coverage(
    question: Question, hits: Sequence[Found], budget: int, *, strict: bool = False
) -> Score:
    """Share of the question's evidence items whose spans all stand in the first `budget`
    characters of the hits from the right file (`strict`: and on the right page).

    Source: our own; the same idea as R-precision by nugget (Lin & Demner-Fushman 2005) with the
    cut-off in characters. Questions without evidence are unscored.
    """
    if not question.evidence:
        return UNSCORED
    read = within_budget(hits, budget)
    missing = [item for item in question.evidence if not is_covered(item, read, strict=strict)]
    value = 1 - len(missing) / len(question.evidence)
    wanted = "; ".join(
        f"{item.source} {item.page or ''} {'/'.join(item.spans)}" for item in missing
    )
    return Score(
        value, f"{len(read)} hits, {budget} characters", f"not read: {wanted}" if missing else ""
    )


def answer_coverage(question: Question, hits: Sequence[Found], budget: int) -> Score:
    """1 when every `must` group has an alternative in the first `budget` characters read from the
    question's own files, else 0.

    An upper bound for what an answerer that only copies can get right. Unscored without `must`
    or evidence.
    """
    if not question.must or not question.evidence:
        return UNSCORED
    sources = {item.source for item in question.evidence}
    text = "\n".join(hit.text for hit in within_budget(hits, budget) if hit.source in sources)
    missing = [group for group in question.must if not any(contains(text, alt) for alt in group)]
    why = "; ".join("|".join(group) for group in missing)
    return Score(float(not missing), f"{budget} characters", f"not read: {why}" if missing else "")


def _same_place(evidence: Evidence, hit: Found, strict: bool) -> bool:
    if hit.source != evidence.source:
        return False
    return not strict or evidence.page is None or evidence.page in hit.pages


def _coverage_at(budget: int, strict: bool) -> Metric:
    def score(question: Question, result: Result) -> Score:
        return coverage(question, result.hits, budget, strict=strict)

    score.__doc__ = coverage.__doc__
    name = f"{'page_' if strict else ''}coverage@{budget}"
    return Metric(
        name,
        f"证据覆盖率({budget}字{'，页码相符' if strict else ''})",
        f"evidence coverage, {budget} characters{', right page' if strict else ''}",
        score,
        "hits",
        fault="retrieval misses the evidence" + (" or gives it the wrong page" if strict else ""),
    )


def _answer_coverage_at(budget: int) -> Metric:
    def score(question: Question, result: Result) -> Score:
        return answer_coverage(question, result.hits, budget)

    score.__doc__ = answer_coverage.__doc__
    return Metric(
        f"answer_in_text@{budget}",
        f"答案在所读文本中({budget}字)",
        f"answer stands in the text read, {budget} characters",
        score,
        "hits",
        fault="retrieval misses the answer",
    )


def _complete(budget: int) -> Metric:
    def score(question: Question, result: Result) -> Score:
        """1 when all evidence items of the question stand in the characters read, else 0."""
        part = coverage(question, result.hits, budget)
        return part if part.value is None else replace(part, value=float(part.value == 1))

    return Metric(
        f"complete@{budget}",
        f"证据齐全({budget}字)",
        f"all evidence read, {budget} characters",
        score,
        "hits",
        fault="retrieval misses part of the evidence",
    )


METRICS = (
    *(_coverage_at(budget, strict=False) for budget in BUDGETS),
    *(_coverage_at(budget, strict=True) for budget in BUDGETS),
    *(_complete(budget) for budget in BUDGETS),
    *(_answer_coverage_at(budget) for budget in BUDGETS),
)
