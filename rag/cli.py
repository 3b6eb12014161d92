"""The command `filings`: exit 0 done, 1 a stated problem, 2 wrong usage.

With `--json` one JSON document goes to stdout and nothing else; everything a person should know
beside the result goes to stderr. Commands of other packages (`ui`, `eval`) come in by the entry
point group `filings.commands`: each names a function that adds a parser with a `run` of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points, version
from typing import TYPE_CHECKING, Any

from rag.errors import FilingsError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.build import Workspace

Command = Callable[[argparse.Namespace, Settings], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    _quiet_libraries()
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings.load(home=arguments.home)
        run: Command = arguments.run
        return run(arguments, settings)
    except FilingsError as error:
        print(f"filings: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "filings: stopped; what was stored stays, run the command again to go on",
            file=sys.stderr,
        )
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _quiet_libraries() -> None:
    """No library sends anything from this machine or writes over our progress bars."""
    for name, value in {
        "ANONYMIZED_TELEMETRY": "False",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "LANGSMITH_TRACING": "false",
        "LANGCHAIN_TRACING_V2": "false",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }.items():
        os.environ[name] = value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="filings", description="Ask company filings; every figure is checked against its page."
    )
    parser.add_argument("--version", action="version", version=f"filings-qa {_version()}")
    parser.add_argument(
        "--home", help="folder of catalog and vectors (else FILINGS_HOME, ~/.filings)"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    ingest = _command(commands, "ingest", _ingest, "add files or folders")
    ingest.add_argument("paths", nargs="+", metavar="PATH")
    ingest.add_argument(
        "--defer-vectors", action="store_true", help="return once lexical search works"
    )
    listing = _command(commands, "list", _list, "show the filings")
    remove = _command(commands, "remove", _remove, "remove a filing everywhere")
    remove.add_argument("id", metavar="ID")
    doctor = _command(commands, "doctor", _doctor, "compare catalog and vectors")
    doctor.add_argument("--repair", action="store_true", help="bring them into agreement")
    ask = _command(commands, "ask", _ask, "ask a question")
    ask.add_argument("question")
    search = _command(commands, "search", _search, "find passages")
    search.add_argument("question")
    search.add_argument("-k", type=_positive, default=10, help="how many passages (default 10)")
    search.add_argument(
        "--lexical", action="store_true", help="by words alone; needs the catalog only"
    )
    search.add_argument(
        "--explain", action="store_true", help="show retrievers, ranks, features, filters"
    )
    models = _command(commands, "models", _models, "fetch a local language model")
    models.add_argument("action", choices=["pull"])
    models.add_argument("name", help="a known name, or owner/repository/file.gguf")
    models.add_argument("--sha256", default="", help="checksum, where the hub gives none")
    for sub in (ask, search):
        sub.add_argument("--company", help="only filings of this company")
        sub.add_argument("--filing", metavar="ID", help="only this filing")
    for sub in (ingest, listing, remove, doctor, ask, search):
        sub.add_argument("--json", action="store_true", help="print one JSON document")
    for entry in sorted(entry_points(group="filings.commands"), key=lambda e: e.name):
        entry.load()(commands)
    return parser


def _command(commands: Any, name: str, run: Command, description: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=description, description=description
    )
    parser.set_defaults(run=run)
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1")
    return value


def _version() -> str:
    from importlib.metadata import PackageNotFoundError

    try:
        return version("filings-qa")
    except PackageNotFoundError:
        return "(not installed)"


def _open(settings: Settings) -> Workspace:
    from rag.build import Workspace

    return Workspace(settings)


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))


def _ingest(arguments: argparse.Namespace, settings: Settings) -> int:
    from rag.contract import report_json
    from rag.terminal import ProgressBar, ingest_lines

    with ProgressBar() as bar:
        report = _open(settings).ingest(
            arguments.paths, defer_vectors=arguments.defer_vectors, progress=bar.show
        )
    if arguments.json:
        _print_json(report_json(report))
    else:
        print("\n".join(ingest_lines(report)))
    for failure in report.failed:
        print(f"filings: {failure.reason}", file=sys.stderr)
    return 1 if report.failed else 0


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    from rag.contract import filings_json
    from rag.terminal import filing_lines

    states = _open(settings).filings()
    if arguments.json:
        _print_json(filings_json(states))
    else:
        print("\n".join(filing_lines(states)))
    return 0


def _remove(arguments: argparse.Namespace, settings: Settings) -> int:
    workspace = _open(settings)
    title = workspace.filing(arguments.id).ref.title
    workspace.remove(arguments.id)
    if arguments.json:
        _print_json({"removed": arguments.id, "title": title})
    else:
        print(f"removed {arguments.id} {title}")
    return 0


def _doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    from rag.terminal import ProgressBar, doctor_lines

    workspace = _open(settings)
    if arguments.repair:
        with ProgressBar() as bar:
            workspace.repair(progress=bar.show)
    problems = workspace.catalog.check()
    state = workspace.diagnose()
    sound = not problems and not state["missing"] and not state["orphans"]
    if arguments.json:
        _print_json({**state, "problems": problems, "sound": sound})
    else:
        print("\n".join(doctor_lines(state, problems)))
    return 0 if sound else 1


def _models(arguments: argparse.Namespace, settings: Settings) -> int:
    from rag.answer.models.pull import pull
    from rag.terminal import DownloadBar

    with DownloadBar() as bar:
        path = pull(
            arguments.name, settings.home / "models", sha256=arguments.sha256, progress=bar.show
        )
    print(f"{path}\nuse it with: export FILINGS_LLM_GGUF={path}")
    return 0


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    from rag.contract import answer_json
    from rag.terminal import answer_lines

    answer = _open(settings).answer(
        arguments.question, company=arguments.company, filing=arguments.filing
    )
    if arguments.json:
        _print_json(answer_json(answer))
    else:
        print("\n".join(answer_lines(answer)))
    return 0


def _search(arguments: argparse.Namespace, settings: Settings) -> int:
    from rag.contract import hits_json
    from rag.retrieve.explain import query_lines
    from rag.terminal import hit_lines

    workspace = _open(settings)
    hits = workspace.search(
        arguments.question,
        arguments.k,
        company=arguments.company,
        filing=arguments.filing,
        mode="lexical" if arguments.lexical else "hybrid",
    )
    read = None
    if arguments.explain:
        read = workspace.understood(
            arguments.question, company=arguments.company, filing=arguments.filing
        )
    if arguments.json:
        _print_json(hits_json(hits, explain=arguments.explain, understood=read))
    else:
        above = [] if read is None else query_lines(read)
        print("\n".join((*above, *hit_lines(hits, explain=arguments.explain))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
