"""What each step of retrieval brings: evidence coverage with the step and without it.

    python -m eval.trials.coverage QUESTIONS.jsonl… [--split dev] [--lexical] [--steps]

Searches the filings of the home folder in use (FILINGS_HOME); questions about other filings are left
out. A follow-up is asked together with the question before it. `--steps` also measures with one
step left out or changed at a time: paired differences with bootstrap intervals over documents.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path, PurePath
from typing import Any
from unittest.mock import patch

from eval.metrics.coverage import BUDGETS, coverage
from eval.questions import Question, load_questions
from eval.statistics import compare, estimate
from eval.systems.ours import found
from rag.embed import make_embedder
from rag.index.catalog import Catalog
from rag.index.vectors import Vectors
from rag.retrieve import concepts, features, fuse, lexicon, news, query, score, search
from rag.retrieve.dense import DenseSearch
from rag.retrieve.search import Mode, Searcher
from rag.settings import Settings
from rag.types import FilingRef

HITS = 40
Values = Mapping[int, Mapping[str, float]]
"""Budget in characters -> id of the question -> share of its evidence that was read."""
ENGLISH = lexicon._english()
Change = tuple[Any, str, Any]
"""An object, the name of its attribute, and what stands there instead."""


def measured(searcher: Searcher, questions: Sequence[Question], mode: Mode) -> Values:
    """Coverage of each question at each budget."""
    values: dict[int, dict[str, float]] = {budget: {} for budget in BUDGETS}
    for question in questions:
        hits = [found(hit) for hit in searcher.search(asked(question), HITS, mode=mode)]
        for budget in BUDGETS:
            value = coverage(question, hits, budget).value
            if value is not None:
                values[budget][question.id] = value
    return values


def asked(question: Question) -> str:
    """The question, a follow-up with the question before it."""
    before = [turn[0] for turn in question.history[-1:]]
    return " ".join((*before, question.question))


def changes() -> Mapping[str, Sequence[Change]]:
    """Each step of retrieval -> what takes it out, or what was tried in its place."""
    count, frequencies = Catalog.passage_count, Catalog.frequencies
    return {
        "company filter": [(query, "named", lambda text, refs: {})],
        "idf within the filings asked for": [
            (Catalog, "passage_count", lambda self, filings=None: count(self)),
            (Catalog, "frequencies", lambda self, terms, filings=None: frequencies(self, terms)),
        ],
        "Chinese synonyms": [(concepts, "chinese_ideas", _bare(lexicon.chinese_ideas))],
        "English to Chinese": [(concepts, "english_ideas", _bare(lexicon.english_ideas))],
        "forms of periods": [(concepts, "period_forms", lambda term: ())],
        "headings": [(score, "SECTION", 0.0)],
        "vectors": [(search, "DENSE_WEIGHT", {"zh": 0.0, "en": 0.0})],
        "convex, not reciprocal ranks": [(search, "convex", lambda lists, _: _by_ranks(lists))],
        "features": [(features, "WEIGHTS", {})],
        "repeats collapsed": [(search, "collapse", lambda hits, columns: list(hits))],
        "shares by company": [(search, "by_company", lambda asked: [asked])],
        "every year among the first": [(search, "with_every_year", lambda hits, *_: list(hits))],
        "a party under all its names": [(query, "with_parties", lambda ideas, *_: tuple(ideas))],
        "loose English words": [(lexicon, "_english", _strict_words)],
        "loose English words count less": [(concepts, "LOOSE", 1.0)],
        "periods and years spelled out": [(query, "spelled_periods", lambda text: text)],
        "amounts in other units": [(concepts, "amounts", lambda text: ())],
        "news by item": [(search, "news_about", _whole_news)],
        "what a colon introduces": [(search, "INTRODUCING", 0)],
    }


@contextmanager
def changed(replacements: Sequence[Change]) -> Iterator[None]:
    """Retrieval with some of its parts replaced."""
    with ExitStack() as stack:
        for owner, name, value in replacements:
            stack.enter_context(patch.object(owner, name, value))
        yield


def report(searcher: Searcher, questions: Sequence[Question], mode: Mode, *, steps: bool) -> None:
    """Print coverage by language, and what every step brings."""
    documents = {q.id: q.evidence[0].source for q in questions}
    whole = measured(searcher, questions, mode)
    for language in ("zh", "en"):
        ids = [q.id for q in questions if q.lang == language]
        for budget in BUDGETS:
            found_here = estimate([whole[budget][i] for i in ids], [documents[i] for i in ids])
            if found_here is not None:
                interval = f"[{found_here.low:.3f}, {found_here.high:.3f}]"
                print(f"{language} @{budget}: {found_here.mean:.3f} {interval} n={len(ids)}")
    for name, replacements in changes().items() if steps else ():
        with changed(replacements):
            without = measured(searcher, questions, mode)
        gains = {b: compare(without[b], whole[b], documents) for b in BUDGETS}
        told = [f"@{b} {g.mean:+.3f} [{g.low:+.3f}, {g.high:+.3f}]" for b, g in gains.items() if g]
        print(f"{name}: {', '.join(told)}", flush=True)


def _bare(
    ideas: Callable[[str], Iterator[tuple[str, tuple[str, ...]]]],
) -> Callable[[str], Iterator[tuple[str, tuple[str, ...]]]]:
    return lambda text: ((said, ()) for said, _ in ideas(text))


def _strict_words() -> dict[tuple[str, ...], tuple[str, ...]]:
    """The English words without those of `words.tsv`."""
    strict = lexicon._strict()
    return {words: forms for words, forms in ENGLISH.items() if words in strict}


def _whole_news(
    catalog: Catalog, companies: Mapping[str, str], refs: Sequence[FilingRef]
) -> tuple[list[str], frozenset[str]]:
    """All items of the news that names a company of the question."""
    return news.news_about(catalog, companies, refs)[0], frozenset()


def _by_ranks(lists: Mapping[str, Sequence[tuple[str, float]]]) -> dict[str, float]:
    """Reciprocal ranks on the scale of the convex scores, for the features' sake."""
    return {i: 60 * value for i, value in fuse.reciprocal_ranks(lists).items()}


def searching(settings: Settings) -> Searcher:
    """The search over a home; its vectors are opened when first used."""
    embedder = make_embedder(settings.embedder, base_url=settings.embedding_base_url)
    opened = cache(
        lambda: Vectors(
            path=settings.chroma_path, url=settings.chroma_url, fingerprint=embedder.fingerprint
        )
    )
    return Searcher(Catalog(settings.catalog_path), DenseSearch(opened, embedder.embed_query))


def within(questions: Sequence[Question], sources: frozenset[str]) -> list[Question]:
    """The questions whose evidence stands in these files."""
    return [q for q in questions if q.evidence and {e.source for e in q.evidence} <= sources]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("questions", nargs="*", type=Path)
    parser.add_argument("--split", default="dev", choices=("dev", "test", "all"))
    parser.add_argument("--lexical", action="store_true")
    parser.add_argument("--steps", action="store_true")
    arguments = parser.parse_args()
    searcher = searching(Settings.load())
    sources = frozenset(PurePath(ref.source).name for ref in searcher.catalog.refs())
    questions = within(load_questions(arguments.questions, arguments.split), sources)
    mode: Mode = "lexical" if arguments.lexical else "hybrid"
    report(searcher, questions, mode, steps=arguments.steps)
    searcher.catalog.close()


if __name__ == "__main__":
    main()
