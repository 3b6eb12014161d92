"""Mistakes in a question set, found by a script: what a reviewer would otherwise have to look up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from eval.figures import contains, fold, has_figure
from eval.metrics.correctness import answer_problems
from eval.metrics.coverage import spans_found
from eval.quantities import quantities
from eval.questions import LANGUAGES, SPLITS, Evidence, Question, QuestionSetError, read_file
from eval.results import Found

PageTexts = Callable[[str], Sequence[tuple[str | None, str]] | None]
"""File name -> (printed label, text) of each page, or None when the file is not at hand."""

NEAR = 0.8
"""Two questions with the same figures are near-duplicates above this share of common character pairs."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which question, and where it stands."""

    question_id: str
    where: str
    what: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, self.question_id, self.what) if part)


def check_files(
    files: Sequence[Path], pages: PageTexts | None = None
) -> tuple[list[Question], list[Problem]]:
    """The questions of `files` and all their problems; with `pages`, evidence is looked up too."""
    questions: list[Question] = []
    problems: list[Problem] = []
    for path in files:
        try:
            questions += read_file(path)
        except QuestionSetError as error:
            problems.append(Problem("", path.name, str(error)))
    return questions, problems + check_questions(questions, pages)


def check_questions(questions: Sequence[Question], pages: PageTexts | None = None) -> list[Problem]:
    """Problems of each question, then those between questions."""
    problems = [Problem(q.id, q.origin, what) for q in questions for what in _problems(q)]
    if pages is not None:
        problems += [
            Problem(q.id, q.origin, what)
            for q in questions
            for item in (*q.evidence, *q.near)
            for what in evidence_problems(item, pages)
        ]
    return problems + double_ids(questions) + near_duplicates(questions)


def _problems(question: Question) -> Iterable[str]:
    if question.lang not in LANGUAGES:
        yield f"lang {question.lang!r} is neither zh nor en"
    if question.split not in SPLITS:
        yield f"split {question.split!r} is neither dev nor test"
    if not question.answerable:
        if question.must or question.evidence:
            yield "unanswerable, but has must or evidence (a near miss goes under near)"
        return
    if not question.must:
        yield "no must: nothing decides whether an answer is right"
    if not question.evidence:
        yield "no evidence"
    if not question.answer.strip():
        yield "no reference answer"
    for problem in answer_problems(question, question.answer):
        yield f"its own reference answer fails: {problem}"


def absent_files(questions: Sequence[Question], pages: PageTexts) -> Counter[str]:
    """The files that are not at hand, each with the number of questions that were not looked up."""
    return Counter(
        source
        for question in questions
        for source in {item.source for item in (*question.evidence, *question.near)}
        if pages(source) is None
    )


def evidence_problems(item: Evidence, pages: PageTexts) -> Iterable[str]:
    """Spans of `item` that do not stand on its page, and where they stand instead; none when its
    file is not at hand."""
    if not any(item.spans):
        yield f"evidence on {item.page} of {item.source} has neither figures nor quote"
        return
    read = pages(item.source)
    if read is None:
        return
    here = [text for label, text in read if item.page is None or label == item.page]
    if not here:
        yield f"{item.source} has no page {item.page}"
        return
    found = spans_found(item, [Found(item.source, "\n".join(here))])
    for span in item.spans:
        if span not in found:
            other = [label for label, text in read if _stands(item, span, text)]
            yield f"{span!r} is not on page {item.page} of {item.source}" + _elsewhere(other)


def _stands(item: Evidence, span: str, text: str) -> bool:
    return has_figure(text, span) if item.figures else contains(text, span)


def _elsewhere(labels: Sequence[str | None]) -> str:
    return (
        f"; it is on {', '.join(str(label) for label in labels[:3])}"
        if labels
        else " nor anywhere in it"
    )


def double_ids(questions: Sequence[Question]) -> list[Problem]:
    """Every id that stands more than once."""
    counts = Counter(question.id for question in questions)
    return [
        Problem(q.id, q.origin, "id stands more than once") for q in questions if counts[q.id] > 1
    ]


def near_duplicates(questions: Sequence[Question]) -> list[Problem]:
    """Pairs that ask for the same in nearly the same words; another year or figure is another
    question."""
    prepared = [(q, _pairs(q), _figures(q)) for q in questions]
    return [
        Problem(right.id, right.origin, f"nearly the same question as {left.id}")
        for (left, one, figures), (right, other, others) in combinations(prepared, 2)
        if figures == others and len(one & other) >= NEAR * len(one | other)
    ]


def _pairs(question: Question) -> set[str]:
    asked = [*(turn[0] for turn in question.history), question.question]
    text = "".join(c for c in fold(" ".join(asked)) if c.isalnum())
    return {text[i : i + 2] for i in range(max(1, len(text) - 1))}


def _figures(question: Question) -> tuple[str, ...]:
    asked = " ".join([*(turn[0] for turn in question.history), question.question])
    return tuple(sorted(quantity.number for quantity in quantities(asked)))


def counts(questions: Sequence[Question]) -> dict[str, Counter[str]]:
    """How many questions of each type, language, split and document."""
    return {
        "type": Counter(q.type for q in questions),
        "lang": Counter(q.lang for q in questions),
        "split": Counter(q.split for q in questions),
        "document": Counter(q.document for q in questions if not q.document.startswith("(")),
    }
