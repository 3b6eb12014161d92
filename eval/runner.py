"""Ask a system every question: in parallel, from the cache where nothing changed, resumable."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from eval.cache import Cache, key_of
from eval.questions import Question
from eval.results import Found, Given, Result, found_from_json, given_from_json, given_to_json
from eval.systems.base import Step, System
from rag.errors import FilingsError

FORMAT = 1
"""Part of every cache key: raise it when the stored shape changes."""


@dataclass(frozen=True, slots=True)
class Options:
    """`k` hits a search (enough to fill the largest reading budget), `repeats` answers a question
    for models that are not deterministic, `workers` threads (0: what the system allows)."""

    k: int = 20
    retrieval_only: bool = False
    repeats: int = 1
    workers: int = 0


Progressed = Callable[[int, int], None]


def ask_all(
    system: System,
    questions: Sequence[Question],
    options: Options,
    *,
    cache: Cache,
    progress: Progressed | None = None,
) -> tuple[Result, ...]:
    """One result per question and repeat, in the questions' order whatever finished first.

    A question on which the system raises a FilingsError gets a result with that `error`; it is
    never cached. Any other exception is a bug and ends the run; what was done stays cached.
    """
    jobs = [(question, repeat) for question in questions for repeat in range(options.repeats)]
    done: dict[tuple[str, int], Result] = {}
    workers = max(1, min(options.workers or system.workers, system.workers))
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(ask_one, system, q, options, cache=cache, repeat=r) for q, r in jobs]
        try:
            for future in as_completed(futures):
                result = future.result()
                done[result.question_id, result.repeat] = result
                if progress:
                    progress(len(done), len(jobs))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return tuple(done[question.id, repeat] for question, repeat in jobs)


def ask_one(
    system: System, question: Question, options: Options, *, cache: Cache, repeat: int = 0
) -> Result:
    """Search and, unless the run is for retrieval only, answer one question."""
    result = Result(question.id, repeat=repeat)
    try:
        hits, seconds = _search(system, question, options.k, cache)
        result = replace(result, hits=hits, seconds={"search": seconds})
        if not options.retrieval_only and system.answers:
            given, seconds = _answer(system, question, repeat, cache)
            result = replace(result, given=given, seconds={**result.seconds, "answer": seconds})
    except FilingsError as error:
        failed = None if options.retrieval_only else Given(text="", status="error")
        result = replace(result, given=failed, error=str(error))
    return result


def _search(
    system: System, question: Question, k: int, cache: Cache
) -> tuple[tuple[Found, ...], float]:
    def compute() -> dict[str, Any]:
        hits = system.search(question, k)
        return {"hits": [asdict(hit) for hit in hits]}

    raw = _cached(cache, _key(system, question, "search", {"k": k}), compute)
    hits = tuple(found_from_json(hit, i) for i, hit in enumerate(raw["hits"], 1))
    return hits, raw["seconds"]


def _answer(system: System, question: Question, repeat: int, cache: Cache) -> tuple[Given, float]:
    def compute() -> dict[str, Any]:
        return {"given": given_to_json(system.answer(question))}

    raw = _cached(cache, _key(system, question, "answer", {"repeat": repeat}), compute)
    return given_from_json(raw["given"]), raw["seconds"]


def _key(system: System, question: Question, step: Step, extra: dict[str, int]) -> str:
    """ "" when the system does not say what its results depend on: then nothing is cached."""
    depends = system.depends_on(question, step)
    if not depends:
        return ""
    asked = {"question": question.question, "history": question.history}
    return key_of(
        {
            "format": FORMAT,
            "system": system.name,
            "step": step,
            **extra,
            **asked,
            "on": dict(depends),
        }
    )


def _cached(cache: Cache, key: str, compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    stored = cache.get(key) if key else None
    if stored is not None:
        return dict(stored)
    start = time.perf_counter()
    value = compute()
    value["seconds"] = time.perf_counter() - start
    if key:
        cache.put(key, value)
    return value


@contextmanager
def progress_bar(total: int, *, shown: bool = True) -> Iterator[Progressed]:
    """A progress bar on stderr; yields the callable that moves it."""
    from tqdm import tqdm

    with tqdm(total=total, unit="question", disable=not shown, leave=False) as meter:
        yield lambda done, _: meter.update(done - meter.n)
