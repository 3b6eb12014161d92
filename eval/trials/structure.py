"""How well structure is recovered: tables, pages and sections against gold written by hand.

    python -m eval.trials.structure [--misses] [--speed] [--only FORMAT]

The gold stands in data/gold (README.md there tells its form). Documents that are not at hand are
left out and named. `--speed` also measures the loaders: pages and characters a second, the same
library's bare text extraction in the same run, and the peak memory of a fresh process.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from rag.chunk import passages_of
from rag.load.files import load
from rag.load.tables import flat_header
from rag.types import Filing, Passage, Table

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "data" / "gold"
SHARED = Path(os.environ.get("FILINGS_SHARED", ROOT.parent / "shared"))
LONGEST_GLUED_ROW = 250
ROUNDS = 5
LONG_PDF = "pdfs/江苏爱康太阳能科技股份有限公司-招股意向书.pdf"
LONG_TEXT = "filings/2025-cspc-innovation-restructuring-report.txt"
_BESIDE_WIDE = re.compile(r"\s+(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\s+|(?<=\$)\s+")


@dataclass(frozen=True, slots=True)
class GoldTable:
    """A table as it should be read. A cell "<" says that the cell on its left reaches over it."""

    source: str
    format: str
    label: str
    page: int
    unit: str
    rows: tuple[tuple[str, ...], ...]
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """Words or a figure of a document, its page (printed label, number from 1), its headings."""

    source: str
    label: str
    page: int
    words: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one item of gold: how many of its parts are right, and what is not."""

    name: str
    right: int
    total: int
    wrong: tuple[str, ...] = ()


def place_of(source: str) -> Path:
    """Where a document of the gold is ("shared/…" under FILINGS_SHARED, else in the repository)."""
    kind, _, rest = source.partition("/")
    return SHARED / rest if kind == "shared" else ROOT / source


def gold_tables(path: Path = GOLD / "tables.txt") -> list[GoldTable]:
    """The tables of the gold."""
    return [_gold_table(part) for part in re.split(r"^@ ", _gold_text(path), flags=re.M)[1:]]


def _gold_table(part: str) -> GoldTable:
    head, *lines = part.strip().split("\n")
    source, kind, label, page, unit = _cells(head)
    header = tuple(cell for line in lines if line[0] == ">" for cell in _cells(line[1:]))
    rows = tuple(tuple(_cells(line[1:])) for line in lines if line[0] == "=")
    return GoldTable(source, kind, label, int(page), unit, rows, header)


def gold_places(path: Path) -> list[GoldPlace]:
    """The page locations or section paths of the gold."""
    places = []
    for line in filter(None, _gold_text(path).split("\n")):
        source, label, page, words, *path_cells = _cells(line)
        headings = path_cells[0].split(" > ") if path_cells and path_cells[0] else []
        places.append(GoldPlace(source, label, int(page), words, tuple(headings)))
    return places


def _gold_text(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").split("\n")
    return "\n".join(line for line in lines if not line.startswith("#"))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


@cache
def filing_of(source: str) -> Filing:
    """A document of the gold, loaded once."""
    return load(place_of(source))


@cache
def _passages(source: str) -> tuple[Passage, ...]:
    return passages_of(filing_of(source))


def plain(text: str) -> str:
    """A text without spaces beside Chinese or after a dollar sign, other spaces made one."""
    return _BESIDE_WIDE.sub("", " ".join(text.split()))


def table_outcome(gold: GoldTable, tables: Sequence[Table]) -> Outcome:
    """The table of a page that agrees best with the gold, cell by cell."""
    name = f"{gold.source.split('/')[-1]} p. {gold.page}: {gold.rows[0][0]}"
    if gold.format == "glued":
        return _glued_outcome(name, gold, tables)
    scored = [_compared(name, gold, table) for table in tables]
    cells = sum(len(_groups(row)) for row in (*gold.rows, gold.header)) + bool(gold.unit)
    return max(
        scored, key=lambda outcome: outcome.right, default=Outcome(name, 0, cells, ("no table",))
    )


def _compared(name: str, gold: GoldTable, table: Table) -> Outcome:
    right = total = 0
    wrong: list[str] = []
    for expected in gold.rows:
        best = max(table.rows, key=lambda row: _agreeing(expected, row)[0], default=())
        good, bad = _agreeing(expected, best)
        right, total = right + good, total + good + len(bad)
        wrong += bad
    for good, bad in (_agreeing(gold.header, flat_header(table)), _unit_agrees(gold, table)):
        right, total = right + good, total + good + len(bad)
        wrong += bad
    return Outcome(name, right, total, tuple(wrong))


def _agreeing(expected: Sequence[str], row: Sequence[str]) -> tuple[int, list[str]]:
    """(cells that agree, what does not). Cells under a merged one hold its text or nothing."""
    if not expected:
        return 0, []
    wrong = []
    groups = _groups(expected)
    for text, first, end in groups:
        found = {plain(cell) for cell in row[first:end] if cell.strip()}
        if found != ({plain(text)} if text else set()):
            wrong.append(f"{text!r} read as {' + '.join(sorted(found))!r}")
    if wrong or not any(cell.strip() for cell in row[len(expected) :]):
        return len(groups) - len(wrong), wrong
    return len(groups) - 1, [f"{expected[-1]!r} followed by {row[len(expected)]!r}"]


def _groups(cells: Sequence[str]) -> list[tuple[str, int, int]]:
    """(text, first column, end) of each cell with the columns that it reaches over."""
    starts = [i for i, cell in enumerate(cells) if cell != "<"]
    return [(cells[a], a, b) for a, b in zip(starts, [*starts[1:], len(cells)], strict=False)]


def _unit_agrees(gold: GoldTable, table: Table) -> tuple[int, list[str]]:
    if not gold.unit:
        return 0, []
    same = plain(gold.unit).lower() in plain(table.unit).lower()
    return int(same), [] if same else [f"unit {gold.unit!r} read as {table.unit!r}"]


def _glued_outcome(name: str, gold: GoldTable, tables: Sequence[Table]) -> Outcome:
    """Which rows stand whole in one row of a table, and apart from the other rows."""
    rows = [re.sub(r"\s", "", "".join(row)) for table in tables for row in table.rows]
    rows = [row for row in rows if len(row) <= LONGEST_GLUED_ROW]
    wanted = [re.sub(r"\s", "", "".join(row)) for row in gold.rows]
    missed = [text for text in wanted if not any(text in row for row in rows)]
    return Outcome(name, len(wanted) - len(missed), len(wanted), tuple(missed))


def tables_on(source: str, page: int) -> list[Table]:
    """The tables that begin or go on on a page (from 1)."""
    pages = filing_of(source).pages
    blocks = pages[page - 1].blocks if page <= len(pages) else ()
    return [block for block in blocks if isinstance(block, Table)]


def page_outcome(gold: GoldPlace) -> Outcome:
    """Whether every passage with the words cites them to the gold's page, label and number."""
    name = f"{gold.source.split('/')[-1]} {gold.label}: {gold.words}"
    found = {
        (passage.page_at(at) or "-", passage.page_index_at(at) + 1)
        for passage, at in _occurrences(gold)
    }
    right = found == {(gold.label, gold.page)}
    return Outcome(name, int(right), 1, () if right else (f"found on {sorted(found)}",))


def section_outcome(gold: GoldPlace) -> Outcome:
    """Whether the passage with the words has the gold's headings above it, all and no other."""
    name = f"{gold.source.split('/')[-1]} p. {gold.page}: {gold.words}"
    paths = [p.section for p, at in _occurrences(gold) if p.page_index_at(at) + 1 == gold.page]
    if any(_same_path(gold.path, path) for path in paths):
        return Outcome(name, 1, 1)
    short = [" > ".join(text[:12] for text in path) for path in paths[:2]] or ["no passage"]
    return Outcome(name, 0, 1, (f"{' > '.join(gold.path)} read as {'; '.join(short)}",))


def _same_path(gold: Sequence[str], path: Sequence[str]) -> bool:
    squeezed = [re.sub(r"[\s　]", "", text) for text in path]
    wanted = [re.sub(r"[\s　]", "", text) for text in gold]
    return len(wanted) == len(squeezed) and all(
        found.startswith(begin) for begin, found in zip(wanted, squeezed, strict=True)
    )


def _occurrences(gold: GoldPlace) -> Iterator[tuple[Passage, int]]:
    """Passages with the words (a figure not inside a longer one), and where in their text."""
    spaced = r"\s*".join(re.escape(c) for c in re.sub(r"\s", "", gold.words))
    pattern = re.compile(rf"(?<![\d.,]){spaced}(?!\d)" if gold.words[0].isdigit() else spaced)
    for passage in _passages(gold.source):
        match = pattern.search(passage.text)
        if match:
            yield passage, match.start()


def present(source: str) -> bool:
    """Whether a document of the gold is at hand."""
    return place_of(source).exists()


def results(only: str = "") -> Mapping[str, list[Outcome]]:
    """Outcomes by kind: a table format, "pages", "sections"."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    for table in gold_tables():
        if only in ("", table.format) and present(table.source):
            found[table.format].append(table_outcome(table, tables_on(table.source, table.page)))
    for kind, outcome in (("pages", page_outcome), ("sections", section_outcome)):
        for place in gold_places(GOLD / f"{kind}.txt") if only in ("", kind) else ():
            if present(place.source):
                found[kind].append(outcome(place))
    return found


def share(outcomes: Iterable[Outcome]) -> float:
    """Parts that are right, of all; 0 for no outcome at all."""
    listed = list(outcomes)
    total = sum(outcome.total for outcome in listed)
    return sum(outcome.right for outcome in listed) / total if total else 0.0


def report(found: Mapping[str, list[Outcome]], *, misses: bool) -> Iterator[str]:
    """Lines that tell the shares, and with `misses` all that is wrong."""
    names = {"pages": "places", "sections": "passages"}
    for kind, outcomes in found.items():
        right, total = sum(o.right for o in outcomes), sum(o.total for o in outcomes)
        of = f"{len(outcomes)} {names.get(kind, 'tables')}"
        yield f"{kind:9} {share(outcomes):.4f}  {right} of {total} right, {of}"
        for outcome in outcomes if misses else ():
            if outcome.wrong:
                yield f"    {outcome.name}"
                yield from (f"        {wrong}" for wrong in outcome.wrong)


def speed() -> Iterator[str]:
    """Loading of the long PDF and the long text, each measured in a process of its own."""
    for name in (LONG_PDF, LONG_TEXT):
        if not (SHARED / name).exists():
            yield f"{name} is not here (set FILINGS_SHARED)"
            continue
        command = [sys.executable, "-m", "eval.trials.structure", "--measure", str(SHARED / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        yield done.stdout.strip()


def measured(path: Path) -> str:
    """How fast this process loads a file (cold, then the median of ROUNDS) and its peak memory."""
    cold = _seconds(lambda: load(path))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rounds = [(_seconds(lambda: load(path)), _seconds(lambda: _bare(path))) for _ in range(ROUNDS)]
    seconds, bare = median(taken for taken, _ in rounds), median(taken for _, taken in rounds)
    size = _bare(path)
    what = "pages" if path.suffix == ".pdf" else "characters"
    told = f"{path.name}: {size:,} {what}, loaded {size / seconds:,.0f} a second"
    if path.suffix == ".pdf":
        told += f", bare text extraction {size / bare:,.0f} ({bare / seconds:.2f} of it)"
    return f"{told}; first load {cold:.1f} s, peak memory {peak:.0f} MB"


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _bare(path: Path) -> int:
    """Pages of a PDF after its library's own text extraction, characters of a text file."""
    if path.suffix != ".pdf":
        return len(path.read_text(encoding="utf-8"))
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(path)
    for number in range(len(document)):
        document[number].get_textpage().get_text_range()
    return len(document)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--misses", action="store_true", help="list what is wrong")
    parser.add_argument("--only", default="", help="a table format, pages or sections")
    parser.add_argument("--speed", action="store_true", help="measure the loaders as well")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(measured(arguments.measure))
        return
    absent = {table.source for table in gold_tables() if not present(table.source)}
    for source in sorted(absent):
        print(f"left out, not here (set FILINGS_SHARED): {source}")
    for line in report(results(arguments.only), misses=arguments.misses):
        print(line)
    for line in speed() if arguments.speed else ():
        print(line, flush=True)


if __name__ == "__main__":
    main()
