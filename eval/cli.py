"""`filings eval …`: the arguments, and one small function for each command."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from rag.settings import Settings

WORK = Path(".filings-eval")
"""Where runs, cached results and indexes go unless told otherwise."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `eval` and its commands to the `filings` parser."""
    parser = subparsers.add_parser(
        "eval", help="measure answers: run, compare, gate, check, report, add"
    )
    parser.set_defaults(run=main)
    commands = parser.add_subparsers(dest="eval_command", required=True, metavar="COMMAND")
    _add_run(commands)
    _add_compare(commands)
    _add_gate(commands)
    _add_check(commands)
    _add_report(commands)
    _add_draft(commands)


def main(args: argparse.Namespace, settings: Settings | None = None) -> int:
    """Do the command in `args.eval_command`; the exit code (0 done, 1 a stated problem)."""
    from eval import commands

    settings = settings or Settings.load()
    if args.eval_command in ("run", "add"):
        return {"run": commands.run, "add": commands.add}[args.eval_command](args, settings)
    handlers: Mapping[str, Callable[[argparse.Namespace], int]] = {
        "compare": commands.compare,
        "gate": commands.gate,
        "check": commands.check,
        "report": commands.report,
    }
    return handlers[args.eval_command](args)


def _questions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--questions", nargs="+", type=Path, default=[], metavar="FILE",
        help="question sets (default: data/qa/*.jsonl)",
    )  # fmt: skip
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev")


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = commands.add_parser("run", help="ask every question and score the answers")
    _questions(run)
    run.add_argument(
        "--documents",
        nargs="+",
        type=Path,
        default=[],
        metavar="PATH",
        help="evaluate over an index of these files and folders",
    )
    run.add_argument("--out", type=Path, metavar="DIR", help="where the run and its reports go")
    run.add_argument(
        "--system",
        default="ours",
        help="ours, langchain, llamaindex, http(s) address, module:function",
    )
    run.add_argument("--retrieval-only", action="store_true", help="search, but do not answer")
    run.add_argument("--mode", choices=("hybrid", "lexical", "dense"), default="hybrid")
    run.add_argument(
        "--limit",
        type=int,
        default=0,
        metavar="N",
        help="a sample of N questions, the same each time",
    )
    run.add_argument(
        "--repeats", type=int, default=1, metavar="N", help="answers a question, scores averaged"
    )
    run.add_argument("--workers", type=int, default=0, metavar="N", help="questions at a time")
    run.add_argument("-k", type=int, default=20, metavar="N", help="hits a search")
    run.add_argument("--no-cache", action="store_true", help="compute everything again")
    run.add_argument(
        "--judge", action="store_true", help="let the configured model judge too (never gates)"
    )
    _json(run)


def _add_compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    compare = commands.add_parser(
        "compare", help="two runs: better, worse, the same or too few to tell"
    )
    compare.add_argument("old", type=Path)
    compare.add_argument("new", type=Path)
    compare.add_argument(
        "--out", type=Path, metavar="FILE", help="also write a page with both side by side"
    )
    _json(compare)


def _add_gate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    gate = commands.add_parser("gate", help="exit 1 when a run falls below the gates")
    gate.add_argument("folder", type=Path, nargs="?", metavar="RUN", help="default: the newest run")
    gate.add_argument("--gates", type=Path, help="default: eval/gates.toml")
    gate.add_argument("--baseline", type=Path, help="default: the one that the gates name")
    gate.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML")
    gate.add_argument(
        "--summary",
        type=Path,
        metavar="FILE",
        help="append Markdown (default: GITHUB_STEP_SUMMARY)",
    )
    gate.add_argument("--update-baseline", action="store_true", help="make this run the baseline")


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="find mistakes in a question set")
    check.add_argument("questions", nargs="*", type=Path, metavar="FILE")
    check.add_argument(
        "--documents",
        nargs="*",
        type=Path,
        default=[],
        metavar="PATH",
        help="folders with the filings",
    )
    _json(check)


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser("report", help="write a run as HTML, Markdown and CSV")
    report.add_argument(
        "folder", type=Path, nargs="?", metavar="RUN", help="default: the newest run"
    )
    report.add_argument("--out", type=Path, metavar="DIR", help="default: the run's own folder")


def _add_draft(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = commands.add_parser("add", help="draft a question from an answer that was wrong")
    add.add_argument("--question", help="the question, as asked")
    add.add_argument(
        "--from", dest="source", type=Path, metavar="FILE", help="the JSON of `filings ask --json`"
    )
    add.add_argument("--note", default="", help="what was wrong with the answer")
    add.add_argument("--to", type=Path, default=Path("data/qa/drafts.jsonl"), metavar="FILE")


def standalone(argv: list[str] | None = None) -> int:
    """`python -m eval.cli run …`: the same without the `filings` command."""
    from rag.errors import FilingsError

    parser = argparse.ArgumentParser(prog="python -m eval.cli")
    add_parser(parser.add_subparsers(dest="command", required=True))
    args = parser.parse_args(["eval", *(sys.argv[1:] if argv is None else argv)])
    try:
        return main(args)
    except FilingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def print_json(value: object) -> None:
    """One JSON document on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(standalone())
