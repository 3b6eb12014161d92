"""The commands of `filings eval`, each a short story; argument names are those of `eval.cli`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.cache import Cache
from eval.cli import WORK, print_json
from eval.metrics import METRICS
from eval.provenance import provenance
from eval.questions import DEFAULT_FOLDER, load_questions
from eval.runner import Options, ask_all, progress_bar
from eval.runs import FILE, Run, RunError, load_run, save_run, score_results
from eval.selection import at_hand, sample
from eval.statistics import RESAMPLES, SEED
from eval.systems import make_system
from eval.table import run_table
from rag.settings import Settings


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Ask, score, save, report. Exit code 1 when the system failed on some question."""
    from eval.report import write_reports

    questions = load_questions(args.questions, args.split)
    keep_out_of_git(WORK)
    cache = Cache(None if args.no_cache else WORK / "cache")
    with closing(
        make_system(
            args.system, settings, documents=args.documents, mode=args.mode, work=WORK / "index"
        )
    ) as system:
        questions = sample(at_hand(questions, system), args.limit)
        options = Options(args.k, args.retrieval_only, args.repeats, args.workers)
        with progress_bar(len(questions) * args.repeats, shown=sys.stderr.isatty()) as progress:
            results = ask_all(system, questions, options, cache=cache, progress=progress)
        done = Run(
            system=system.name,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            questions=questions,
            results=results,
            scores=score_results(questions, results),
            provenance=provenance() | _asked(args) | {"under_test": dict(system.describe())},
        )
    if args.judge:
        done = judged(done, settings, cache)
    out = args.out or WORK / "runs" / _slug(f"{done.system} {args.split}")
    path = save_run(done, out)
    reports = write_reports(done, out)
    _show(done, args.json, [path, *reports])
    return _failed(done)


def keep_out_of_git(folder: Path) -> None:
    """Runs and caches hold the filings' own words: the folder ignores itself, whatever the
    repository's .gitignore says."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def judged(done: Run, settings: Settings, cache: Cache) -> Run:
    """`done` with the judge's scores and its agreement with the deterministic ones."""
    from dataclasses import replace

    from eval.judge import agreement, judge_results
    from eval.systems.ours import model_asker

    ask, model = model_asker(settings)
    found = judge_results(done.questions, done.results, ask, model=model, cache=cache)
    found = agreement(found, done.scores)
    note = {
        "model": model,
        "kappa": found.kappa,
        "compared": found.compared,
        "unparsed": found.unparsed,
    }
    return replace(
        done,
        scores={**done.scores, "judge": found.scores},
        provenance={**done.provenance, "judge": note},
    )


def compare(args: argparse.Namespace) -> int:
    """Two runs: a table of paired differences, and a page with both side by side."""
    from eval.comparison import compare_runs, comparison_table, named_faults
    from eval.report.page import write_comparison

    old, new = load_run(args.old), load_run(args.new)
    if args.json:
        rows = compare_runs(old, new)
        print_json(
            [
                {"metric": r.metric.name, "old": r.old, "new": r.new, **asdict(r.difference)}
                for r in rows
            ]
        )
    else:
        print(f"old  {old.system} {old.created}\nnew  {new.system} {new.created}\n")
        print(comparison_table(old, new))
        for fault in named_faults(old, new):
            print(f"worse: {fault}")
    if args.out:
        write_comparison(old, new, args.out)
        print(f"page: {args.out}", file=sys.stderr)
    return 0


def gate(args: argparse.Namespace) -> int:
    """Hold a run against the gates; 1 when one fails."""
    from eval.ci import gate_lines, junit, summary
    from eval.gates import (
        DEFAULT_GATES,
        pass_gates,
        read_baseline,
        read_gates,
        worst_questions,
        write_baseline,
    )

    done = load_run(args.folder or newest_run())
    gates, named = read_gates(args.gates or DEFAULT_GATES)
    path = args.baseline or named
    if args.update_baseline:
        write_baseline(done, path)
        print(f"baseline: {path}")
        return 0
    baseline = read_baseline(path)
    outcomes = pass_gates(done, gates, baseline)
    worst = worst_questions(done, outcomes, baseline)
    print(gate_lines(outcomes, worst, done))
    if args.junit:
        args.junit.write_text(junit(outcomes, worst, done), encoding="utf-8")
    target = args.summary or os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(summary(outcomes, worst, done))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def check(args: argparse.Namespace) -> int:
    """All problems of the question sets, and what they hold; 1 when there are problems."""
    from eval.check import absent_files, check_files, counts
    from eval.pages import page_texts

    files = args.questions or sorted(DEFAULT_FOLDER.glob("*.jsonl"))
    pages = page_texts(args.documents) if args.documents else None
    questions, problems = check_files(files, pages)
    if args.json:
        print_json(
            {
                "questions": len(questions),
                "counts": counts(questions),
                "problems": [asdict(p) for p in problems],
            }
        )
    else:
        for problem in problems:
            print(problem)
        for name, counted in counts(questions).items():
            print(f"{name}: " + ", ".join(f"{key} {n}" for key, n in counted.most_common()))
        for source, n in (absent_files(questions, pages) if pages else {}).items():
            print(f"{source}: not among the documents, {n} questions not looked up")
        looked = "" if pages else "; evidence not looked up, give --documents"
        print(f"{len(questions)} questions, {len(problems)} problems{looked}")
    return 1 if problems or not questions else 0


def report(args: argparse.Namespace) -> int:
    """Write a run's HTML, Markdown and CSV again."""
    from eval.report import write_reports

    path = args.folder or newest_run()
    done = load_run(path)
    folder = args.out or (path if path.is_dir() else path.parent)
    folder.mkdir(parents=True, exist_ok=True)
    for written in write_reports(done, folder):
        print(written)
    return 0


def add(args: argparse.Namespace, settings: Settings) -> int:
    """Draft a question from an answer's JSON, or by asking --question now."""
    from eval.draft import append_draft, draft_question

    asked = _answer_json(args.source) if args.source else {"question": args.question or ""}
    shown: list[dict[str, Any]] = []
    if not args.source and args.question:
        from eval.systems.ours import passages_for

        shown = passages_for(settings, args.question)
    draft = draft_question(asked, shown=shown, note=args.note)
    added = append_draft(draft, args.to)
    print(f"{args.to}: {draft['id']} {'added' if added else 'is there already'}; "
          'fill in answer, must and evidence, then take "draft" out')  # fmt: skip
    return 0


def newest_run() -> Path:
    """The folder of the run written last; RunError when there is none."""
    runs = sorted((WORK / "runs").glob(f"*/{FILE}"), key=lambda path: path.stat().st_mtime)
    if not runs:
        raise RunError(f"{WORK / 'runs'}: no run yet; make one with: filings eval run")
    return runs[-1].parent


def _answer_json(path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(
            f"{path}: cannot be read ({error}); save it with: filings ask --json"
        ) from error
    if not isinstance(raw, dict):
        raise RunError(f"{path}: not an answer's JSON; save it with: filings ask --json")
    return raw


def _asked(args: argparse.Namespace) -> dict[str, Any]:
    """What was asked for on the command line, as part of the record."""
    names = ("split", "retrieval_only", "mode", "limit", "repeats", "k")
    return {
        "arguments": {name: getattr(args, name) for name in names},
        "seed": SEED,
        "resamples": RESAMPLES,
    }


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def _show(done: Run, as_json: bool, written: Sequence[Path]) -> None:
    if as_json:
        estimates = {m.name: done.estimate(m.name) for m in METRICS}
        found = {name: asdict(value) for name, value in estimates.items() if value}
        print_json(
            {
                "system": done.system,
                "digest": done.digest,
                "scores": found,
                "files": [str(p) for p in written],
            }
        )
        return
    print(run_table(done))
    print("\n" + "\n".join(f"{path}" for path in written))


def _failed(done: Run) -> int:
    errors = done.errors()
    if errors:
        print(f"failed on {len(errors)} questions, first: {errors[0].error}", file=sys.stderr)
    return 1 if errors else 0
