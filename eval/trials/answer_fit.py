"""The learned parts of composed answers: measured in cross-validation, fitted, written.

    python -m eval.trials.answer_fit HOME= FILES.jsonl… [HOME= FILES.jsonl…] [--split dev] [--write]

Every `HOME=` (a home folder with its filings) is followed by question files; those of their questions
that are about its filings are asked, follow-ups are not.
Three parts are fitted one after the other, each on what those before it give for questions that
they were not fitted on (five folds by question id): the ranking of candidates, the choice of
operands, and how sure an answer is. The tables that are printed come from these folds; the parts
that `--write` puts into `rag/answer/` come from all questions. Needs the extra "fit".
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, TypeVar

import numpy as np

from eval.metrics.correctness import answer_problems
from eval.questions import SPLITS, TYPES, Question, load_questions
from eval.trials.answer_learners import (
    PAIRED,
    Group,
    Outcome,
    Pairs,
    assurance_weights,
    operand_weights,
    ranking_trees,
    require_learners,
)
from eval.trials.coverage import Change, changed, searching
from rag.answer import extractive, operands, ranking, trees
from rag.answer.judged import Candidate, candidates, question_of
from rag.answer.judged import Question as Judged
from rag.answer.operands import duos
from rag.answer.operation import operation
from rag.answer.ranking import THRESHOLD, assurance, inputs, ranked
from rag.answer.shown import Neighbours, candidate_line
from rag.retrieve.query import Query
from rag.retrieve.search import Mode, Searcher
from rag.settings import Settings
from rag.types import Hit
from rag.verify.arithmetic import (
    Computation,
    ExpressionError,
    difference,
    explain,
    growth,
    multiple,
    share,
    total,
)
from rag.verify.figure import Figure

HITS, FOLDS = 30, 5
MOST = 80
"""Candidates of a question that the ranking is fitted on, the most promising ones."""
PROMISE: Mapping[str, float] = {"own": 1, "head": 0.6, "label": 0.5, "section": 0.3, "rank": 0.3}
ELSEWHERE = 0.35
"""Relevance of a right candidate that stands on another page than the evidence."""
COMPUTE: Mapping[str, Callable[[Figure, Figure], Computation]] = {
    "growth": growth,
    "difference": difference,
    "share": share,
    "multiple": multiple,
    "sum": lambda one, other: total([one, other]),
}
PARTS: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "ranking": ranking_trees,
    "operands": operand_weights,
    "assurance": assurance_weights,
}
"""The learned parts in the order in which they build on each other, each a file of `rag/answer`."""
FOLDER = Path(trees.__file__).parent
T = TypeVar("T")
M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a set with what was found for it."""

    asked: Question
    query: Query
    hits: Sequence[Hit]
    weight: Mapping[str, float]
    judged: Judged
    found: Sequence[Candidate]
    neighbours: Neighbours

    @property
    def fold(self) -> int:
        """The part of the questions that it belongs to, the same in every run."""
        return int(hashlib.md5(self.asked.id.encode()).hexdigest(), 16) % FOLDS

    @property
    def judges(self) -> bool:
        """Whether a right answer can be told from a wrong one."""
        return self.asked.answerable and bool(self.asked.must)


@dataclass(frozen=True, slots=True)
class Tried:
    """An answer whatever its confidence; `values` are its features, empty where nothing was found."""

    case: Case
    text: str
    right: bool
    lacking: bool
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer with how sure it is, 0 where it is refused in any case."""

    asked: Question
    right: bool
    confidence: float
    length: int

    def given(self, threshold: float) -> bool:
        return self.confidence > 0 and self.confidence >= threshold


def cases(home: Path, files: Sequence[Path], split: str) -> Iterator[Case]:
    """The questions about a home, understood and searched: those without a history whose evidence
    stands in its filings. Search is hybrid where the home has vectors."""
    settings = Settings.load(home=home)
    searcher = searching(settings)
    mode: Mode = "hybrid" if settings.chroma_url or settings.chroma_path.exists() else "lexical"
    here = {PurePath(ref.source).name for ref in searcher.catalog.refs()}
    for asked in load_questions(files, split):
        if not asked.history and {e.source for e in (*asked.evidence, *asked.near)} <= here:
            yield case_of(searcher, asked, mode)


def case_of(searcher: Searcher, asked: Question, mode: Mode) -> Case:
    """A question understood and searched."""
    query = searcher.understand(asked.question)
    hits = searcher.find(query, HITS, mode=mode)
    weight = searcher.weights(query)
    judged = question_of(query, weight)
    found = candidates(judged, hits)
    return Case(asked, query, hits, weight, judged, found, searcher.catalog.neighbours)


def graded(case: Case) -> Iterator[Group]:
    """The candidates of a question with their relevance; nothing where no answer can be judged."""
    if not case.judges or not case.found:
        return
    rows = inputs(case.judged, case.found)
    promise = [sum(w * row[name] for name, w in PROMISE.items()) for row in rows]
    kept = sorted(range(len(rows)), key=lambda i: -promise[i])[:MOST]
    yield _group([rows[i] for i in kept], [relevance(case, case.found[i]) for i in kept])


def _group(rows: Sequence[Mapping[str, float]], targets: Sequence[float]) -> Group:
    names = tuple(rows[0])
    return Group(names, np.array([[row[n] for n in names] for row in rows]), np.array(targets))


def relevance(case: Case, candidate: Candidate) -> float:
    """The share of what must be said that a candidate says, less where it is not the evidence."""
    text = candidate_line(case.judged, candidate).text
    return share_said(case.asked, text) * (1.0 if _is_evidence(case, candidate) else ELSEWHERE)


def share_said(asked: Question, text: str) -> float:
    """The share of the `must` groups that a text says; 0 where it says what it must not."""
    said = [not answer_problems(replace(asked, must=(group,)), text) for group in asked.must]
    return sum(said) / len(said)


def _is_evidence(case: Case, candidate: Candidate) -> bool:
    source = PurePath(candidate.passage.filing.source).name
    page = candidate.passage.page_at(candidate.start)
    return any(e.source == source and e.page in (None, page) for e in case.asked.evidence)


def paired(case: Case) -> Iterator[Pairs]:
    """The pairs of operands of a question that wants two computed with, and which give the answer."""
    name = operation(case.query)
    if not case.judges or name not in PAIRED:
        return
    seen: dict[str, bool] = {}
    rows, targets = [], []
    for duo in duos(case.judged, ranked(case.judged, case.found), name):
        try:
            made = COMPUTE[name](duo.first.fact.figure, duo.second.fact.figure)
        except ExpressionError:
            continue  # such a pair cannot be computed with, so it is never chosen
        result = explain(made, case.query.language).rpartition("=")[2]
        if result not in seen:
            seen[result] = share_said(replace(case.asked, must_not=()), result) > 0
        rows.append(duo.features)
        targets.append(float(seen[result]))
    if rows:
        yield Pairs(name, _group(rows, targets))


def tried(case: Case) -> Tried:
    """A question answered without a threshold."""
    with changed([(extractive, "candidates", lambda *_: case.found)]):
        made = extractive.composed(case.query, case.hits, case.weight, neighbours=case.neighbours)
    if made is None:
        return Tried(case, "", False, True, {})
    text = made.lead + "\n".join(line.text for line in made.lines)
    right = case.asked.answerable and not answer_problems(case.asked, text)
    values = assurance(made.question, ranked(made.question, case.found), made.chosen, made.way)
    return Tried(case, text, right, bool(made.lacking), values)


def crossed(items: Sequence[tuple[int, T]], fit: Callable[[Sequence[T]], M]) -> list[M]:
    """A model for each fold, fitted without its items, and behind them one fitted on all."""
    parts = [[item for of, item in items if of != fold] for fold in range(FOLDS)]
    return [fit(part) for part in (*parts, [item for _, item in items])]


def fitted(asked: Sequence[Case]) -> tuple[dict[str, Any], list[Judgement]]:
    """The three parts fitted on all questions, and the answers judged across folds."""
    groups = [(case.fold, group) for case in asked for group in graded(case)]
    rankings = crossed(groups, PARTS["ranking"])
    pairs = _in_folds(asked, lambda case: list(paired(case)), ranking=rankings)
    choices = crossed([(f, p) for f, found in pairs for p in found], PARTS["operands"])
    answers = _in_folds(asked, tried, ranking=rankings, operands=choices)
    known = [(f, Outcome(t.values, t.right)) for f, t in answers if t.values]
    sures = crossed(known, PARTS["assurance"])
    judged = [judgement(answer, sures[fold]) for fold, answer in answers]
    return dict(zip(PARTS, (rankings[-1], choices[-1], sures[-1]), strict=True)), judged


def _in_folds(
    asked: Sequence[Case], make: Callable[[Case], T], **parts: Sequence[Any]
) -> list[tuple[int, T]]:
    """(fold, what is made of a question) with the parts that were fitted without it."""
    made = []
    for fold in range(FOLDS):
        with changed(installed({name: models[fold] for name, models in parts.items()})):
            made += [(fold, make(case)) for case in asked if case.fold == fold]
    return made


def installed(parts: Mapping[str, Any]) -> list[Change]:
    """What answers with these parts in place of those stored in `rag/answer`."""
    changes: list[Change] = []
    if "ranking" in parts:
        ensemble = trees.ensemble(parts["ranking"])
        changes.append((ranking, "trees", lambda _: ensemble))
    if "operands" in parts:
        changes.append((operands, "WEIGHTS", parts["operands"]))
    return changes


def judgement(answer: Tried, sure: Mapping[str, float]) -> Judgement:
    """How sure an answer is under these weights."""
    asked, length = answer.case.asked, len(answer.text)
    if answer.lacking:
        return Judgement(asked, answer.right, 0.0, length)
    odds = sure[""] + sum(w * answer.values[name] for name, w in sure.items() if name)
    return Judgement(asked, answer.right, 1 / (1 + math.exp(-odds)), length)


def by_type(judged: Sequence[Judgement]) -> str:
    """A Markdown table: the answerable questions of each type and language, free of the threshold
    and under it."""
    able = [j for j in judged if j.asked.answerable]
    lines = [
        f"| questions | answerable | right if all are answered | correct at {THRESHOLD} | wrong |",
        "|---|---|---|---|---|",
    ]
    for name in ("all", "zh", "en", *TYPES):
        some = [j for j in able if name in ("all", j.asked.type, j.asked.lang)]
        if some:
            right, wrong = shares(some, THRESHOLD)
            free = sum(j.right for j in some) / len(some)
            lines.append(f"| {name} | {len(some)} | {free:.2f} | {right:.2f} | {wrong:.2f} |")
    return "\n".join(lines)


def curve(judged: Sequence[Judgement]) -> str:
    """A Markdown table: threshold, correct and wrong of the answerable, refused of the rest."""
    able = [j for j in judged if j.asked.answerable]
    rest = [j for j in judged if not j.asked.answerable]
    lines = [
        "| threshold | correct | wrong | unanswerable refused | median length |",
        "|---|---|---|---|---|",
    ]
    for threshold in (0.0, *(step / 100 for step in range(30, 80, 5))):
        right, wrong = shares(able, threshold)
        kept = sum(not j.given(threshold) for j in rest)
        length = statistics.median([j.length for j in able if j.given(threshold)] or [0])
        lines.append(
            f"| {threshold:.2f} | {right:.2f} | {wrong:.2f} | {kept} of {len(rest)} | {length:.0f} |"
        )
    return "\n".join(lines)


def shares(able: Sequence[Judgement], threshold: float) -> tuple[float, float]:
    """The shares of answerable questions that are answered right, and wrong, at a threshold."""
    given = [j.right for j in able if j.given(threshold)]
    return sum(given) / max(len(able), 1), (len(given) - sum(given)) / max(len(able), 1)


def write(parts: Mapping[str, Any], folder: Path = FOLDER) -> None:
    """Store the parts as `rag.answer.trees.learned` reads them: trees in one line, weights to read."""
    for name, part in parts.items():
        layout: dict[str, Any] = {"separators": (",", ":")} if "trees" in part else {"indent": 1}
        text = json.dumps(part, ensure_ascii=False, **layout)
        (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def homes(arguments: Sequence[str]) -> dict[Path, list[Path]]:
    """Home -> its question files. Raises ValueError where a file has no home or a home no file."""
    found: dict[Path, list[Path]] = {}
    files: list[Path] | None = None
    for argument in arguments:
        home, named, file = argument.rpartition("=")
        if named:
            files = found.setdefault(Path(home), [])
        if files is None:
            raise ValueError(f"{argument}: no home; put HOME= before its question files")
        files += [Path(file)] if file else []
    for path, named_files in found.items():
        if not named_files:
            raise ValueError(f"{path}=: no question file; name the files that are about it")
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("sources", nargs="+", metavar="HOME=FILE.jsonl")
    parser.add_argument("--split", default="dev", choices=(*SPLITS, "all"))
    parser.add_argument("--write", action="store_true", help=f"store the parts in {FOLDER}")
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # more threads spin on a few thousand rows
    require_learners()
    try:
        sources = homes(arguments.sources)
    except ValueError as error:
        parser.error(str(error))
    asked: list[Case] = []
    for home, files in sources.items():
        about = list(cases(home, files, arguments.split))
        others = len(load_questions(files, arguments.split)) - len(about)
        print(
            f"{home}: {len(about)} questions; {others} follow-ups or about other filings left out"
        )
        asked += about
    parts, judged = fitted(asked)
    print(f"\n{by_type(judged)}\n\n{curve(judged)}")
    if arguments.write:
        write(parts)
        print(f"\nwritten: {', '.join(f'{name}.json' for name in parts)} in {FOLDER}")


if __name__ == "__main__":
    main()
