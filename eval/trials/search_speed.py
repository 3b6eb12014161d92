"""Search time, warm, from Python: on a home's filings, or on many more made from them.

    python -m eval.trials.search_speed QUESTIONS.jsonl… --folder FOLDER [--passages 100000] [--lexical]

Takes the home folder in use (FILINGS_HOME). Every question is asked twice: "first" reads what "again"
finds in memory; wall and processor time (of all threads) are taken of the same searches. With `--passages` a second home is made under FOLDER:
its filings are copies with other companies' names and other figures, until there are that many
passages. Copies get random vectors: how long a search takes does not depend on what they mean.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from eval.questions import load_questions
from eval.trials.coverage import asked, searching
from rag.embed import make_embedder
from rag.index.catalog import Catalog
from rag.index.vectors import Vectors
from rag.retrieve.prepare import search_columns
from rag.retrieve.search import Mode, Searcher
from rag.settings import Settings
from rag.types import Filing, FilingRef, Passage

SYLLABLES = "澄海临江北岭南屏东川西陵云溪石桥青禾白鹭金湾平湖"
SEED = 7
DIMENSIONS = 384
"""Of the default embedder's vectors."""


def perturbed(text: str, rng: random.Random) -> str:
    """A text with every digit of its longer figures drawn anew; years stay."""

    def other(match: re.Match[str]) -> str:
        figure = match[0]
        if re.fullmatch(r"(?:19|20)\d\d", figure):
            return figure
        return re.sub(r"\d", lambda _: str(rng.randrange(1, 10)), figure)

    return re.sub(r"\d[\d,]*(?:\.\d+)?", other, text)


def copies(
    originals: Sequence[tuple[FilingRef, Sequence[Passage]]], passages: int
) -> Iterator[tuple[Filing, list[Passage]]]:
    """Filings of other companies until there are so many passages."""
    rng = random.Random(SEED)
    made, number = 0, 0
    while made < passages:
        ref, of_filing = originals[number % len(originals)]
        number += 1
        name = "".join(rng.sample(SYLLABLES, 4))
        other = replace(
            ref, id=f"{ref.id[:12]}{number:04d}", company=f"{name}股份有限公司", aliases=(name,),
            source=f"copy-{number}.txt", title=f"{name}招股说明书", ticker="",
        )  # fmt: skip
        made += len(of_filing)
        yield Filing(other, ()), [_copy(p, other, name, rng) for p in of_filing]


def _copy(passage: Passage, ref: FilingRef, name: str, rng: random.Random) -> Passage:
    text = perturbed(passage.text, rng)
    for old in sorted((passage.filing.company, *passage.filing.aliases), key=len, reverse=True):
        if len(old) >= 2:
            text = text.replace(old, name)
    seed = f"{ref.id}{passage.id}".encode()
    return replace(passage, id=hashlib.sha256(seed).hexdigest()[:20], filing=ref, text=text)


def fill(source: Catalog, target: Catalog, passages: int, vectors: Vectors | None) -> None:
    """Copy the filings of `source` into `target` with others' figures until it is full."""
    originals = [(ref, source.passages_of(ref.id)) for ref in source.refs()]
    rng = np.random.default_rng(SEED)
    for filing, renamed in copies(originals, passages):
        target.add(filing, [(p, search_columns(p)) for p in renamed])
        if vectors is not None:
            rows = rng.normal(size=(len(renamed), DIMENSIONS)).astype(np.float32)
            vectors.add(renamed, rows / np.linalg.norm(rows, axis=1, keepdims=True))


def timed(
    searcher: Searcher, questions: Sequence[str], mode: Mode
) -> tuple[list[float], list[float]]:
    """Milliseconds of each question's search, by the clock and of the processor."""
    wall, processor = [], []
    for question in questions:
        start, started = time.perf_counter(), time.process_time()
        searcher.search(question, 10, mode=mode)
        wall.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - started) * 1000)
    return wall, processor


def report(searcher: Searcher, questions: Sequence[str], mode: Mode) -> None:
    """Print the times of two rounds; a few questions open everything before."""
    timed(searcher, questions[:3], mode)
    print(f"{searcher.catalog.count()[1]:,} passages, {len(questions)} questions, {mode}")
    for name in ("first", "again"):
        wall, processor = timed(searcher, questions, mode)
        told = [
            f"{clock} p50 {np.percentile(taken, 50):.0f} ms, p95 {np.percentile(taken, 95):.0f} ms"
            for clock, taken in (("wall", wall), ("processor", processor))
        ]
        print(f"{name}: {'; '.join(told)}; load {os.getloadavg()[0]:.1f}", flush=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=0)
    parser.add_argument("--lexical", action="store_true")
    arguments = parser.parse_args()
    settings = Settings.load()
    mode: Mode = "lexical" if arguments.lexical else "hybrid"
    if arguments.passages:
        source = Catalog(settings.catalog_path)
        settings = settings.with_(home=arguments.folder / f"home-{arguments.passages}-{mode}")
        target = Catalog(settings.catalog_path)
        if not target.refs():
            embedder = make_embedder(settings.embedder)
            opened = Vectors(path=settings.chroma_path, fingerprint=embedder.fingerprint)
            fill(source, target, arguments.passages, opened if mode == "hybrid" else None)
    searcher = searching(settings)
    questions = [asked(q) for q in load_questions(arguments.questions, "dev")]
    report(searcher, questions, mode)


if __name__ == "__main__":
    main()
