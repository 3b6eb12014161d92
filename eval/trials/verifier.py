"""The verifier on real filings: correct statements and ones with a single thing changed.

    python -m eval.trials.verifier [--seeds 1 2 3] [--count 500] [--split dev] [--misses] [--speed]

Statements are taken from the evidence rows of the question sets: sentences, their clauses and table
cells of the passages that hold a question's evidence, said in other words, other units or rounded.
A changed one differs from a correct one in one digit, unit, sign, period, company, or in the figure
of another row, column or clause. The set is made without the verifier's own readers, from the
loaders' tables and from plain patterns, so that a mistake of the one cannot hide in the other.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from eval.figures import contains, has_figure
from eval.questions import Evidence, load_questions
from rag.answer.context import in_context
from rag.chunk import passages_of
from rag.load.files import discover, load
from rag.load.tables import flat_header, is_number, row_text
from rag.types import Filing, Passage, Table
from rag.verify.check import EvidenceSpan, examine_answer
from rag.verify.evidence import read_evidence
from rag.verify.sentences import split_sentences

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("FILINGS_SHARED", ROOT.parent / "shared"))
FOLDERS = (ROOT / "data" / "filings", SHARED / "filings", SHARED / "prospectuses")
LONGEST = 180
"""Characters of a sentence that may still be a statement of an answer."""
TRIES = 40
INVENTED = ("砚桥精工股份有限公司", "Ostrava Bay Holdings Ltd.")

_UNITS = (
    r"亿元|万元|元/股|美元|元|万股|股|个百分点|%|万吨|吨|家|名|人|项|个月|万支|支|million|billion"
)
_MEASURED = re.compile(
    rf"(?<![\d.,A-Za-z年月第-])(?P<sign>-)?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"\s?(?P<unit>{_UNITS})(?![A-Za-z])"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s?年|(?!\d|[.,-]\d))")
_CLAUSE = re.compile(r"[,，](?!\d{3}(?!\d))|[;；。]")
_CELL = re.compile(r"\(?-?\$?\s?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\)?%?")
_RATE = re.compile(r"率|占比|比例|比重|增幅|增减|变动幅度")
_COUNTED = re.compile(r"数量|人数|家数|户数|份额|排名|天数|次数|序号|期限|年限|单价|每股")
_NOTED = re.compile(r"[(（]([^()（）]{1,6})[)）]")
_OPPOSITE = {
    "增长": "下降", "增加": "减少", "上升": "下降", "提高": "降低", "下降": "增长", "减少": "增加",
    "降低": "提高", "下滑": "增长", "increased": "decreased", "decreased": "increased",
    "grew": "fell", "fell": "grew", "rose": "fell",
}  # fmt: skip
_POINTS = re.compile(r"[增减升降跌涨损亏]|[$~]$")
_TURN = re.compile("|".join(_OPPOSITE))
_SAME = (
    ("人民币", ""), ("分别为", "分别是"), ("同比增长", "较上年同期增长"), ("金额为", "为"), ("合计为", "合计"),
    ("共计", "合计"), ("达到", "为"), ("主要系", "主要是"), ("其中,", ""), ("compared to", "compared with"),
)  # fmt: skip
_WRONG_UNIT = {
    "亿元": ("万元", "元"), "万元": ("亿元", "元", "万美元", "%"), "元": ("万元", "亿元"), "%": ("个百分点", "倍", "万元"),
    "个百分点": ("%", "倍"), "million": ("billion", "thousand"), "billion": ("million",), "万股": ("股", "万元"),
    "股": ("万股",), "吨": ("万吨", "公斤"), "万吨": ("吨",), "家": ("万家", "人"), "人": ("家", "万人"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A statement with the span that it cites; `change` is "" for a correct one.

    `figure` is the number in the statement that may be altered, `unit` what follows it there.
    `rivals` pairs a kind of exchange ("row", "column", "clause") with other numbers of the place.
    """

    statement: str
    span: EvidenceSpan
    place: str
    question: str
    figure: str
    unit: str
    company: str = ""
    rivals: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, tuple[str, ...]] = ("", ())
    years: tuple[str, ...] = ()
    change: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that holds a question's evidence, with the filing that it is from."""

    filing: Filing
    passage: Passage
    evidence: Evidence
    question: str


@cache
def _filings() -> dict[str, Path]:
    found, _ = discover([folder for folder in FOLDERS if folder.exists()])
    return {path.name: path for path in found}


@cache
def _loaded(source: str) -> tuple[Filing, tuple[Passage, ...]]:
    filing = load(_filings()[source])
    return filing, passages_of(filing)


def places(split: str) -> list[Place]:
    """Every passage of the filings at hand that holds evidence of a question of the split."""
    found: list[Place] = []
    for question in load_questions(split=split):
        for evidence in question.evidence:
            if evidence.source in _filings():
                filing, passages = _loaded(evidence.source)
                found += (
                    Place(filing, passage, evidence, question.question)
                    for passage in passages
                    if _holds(passage, evidence)
                )
    return found


def _holds(passage: Passage, evidence: Evidence) -> bool:
    if evidence.page is not None and evidence.page not in passage.pages:
        return False
    if evidence.figures:
        found = [has_figure(passage.text, figure) for figure in evidence.figures]
        return all(found) if evidence.page is None else any(found)
    return contains(passage.text, evidence.quote)


def correct_case(rng: random.Random, place: Place) -> Case | None:
    """A correct statement from a place, None where nothing there can be said for certain."""
    return _from_table(rng, place) if place.passage.kind == "table" else _from_prose(rng, place)


def _from_table(rng: random.Random, place: Place) -> Case | None:
    lines = set(place.passage.text.split("\n"))
    index = place.passage.page_index_at(0)
    blocks = place.filing.pages[index].blocks
    tables = [b for b in blocks if isinstance(b, Table) and not b.glued and b.header]
    chosen = [(t, row) for t in tables for row in t.rows if row_text(row) in lines and _label(row)]
    if not chosen:
        return None
    table, row = rng.choice(chosen)
    columns = [k for k, cell in enumerate(row) if k and _CELL.fullmatch(cell.strip())]
    header = flat_header(table)
    columns = [k for k in columns if k < len(header) and header[k].strip()]
    columns = [k for k in columns if header.count(header[k]) == 1]
    if not columns:
        return None
    return _cell_case(rng, place, table, row, rng.choice(columns))


def _label(row: Sequence[str]) -> str:
    """The words of a row before its first figure; "" where it has none or only a number."""
    words: list[str] = []
    for cell in row:
        if is_number(cell) and words:
            break
        if re.search(r"[\u4e00-\u9fffA-Za-z]{2}", cell) and cell not in words:
            words.append(cell.strip())
        elif words and not is_number(cell):
            break
    return "".join(words[-1:]) if words and len(words[-1]) <= 30 else ""


def _cell_case(
    rng: random.Random, place: Place, table: Table, row: tuple[str, ...], column: int
) -> Case | None:
    header, label, cell = flat_header(table), _label(row), row[column].strip()
    unit = _cell_unit(table, label, header[column], cell)
    same = [r for r in table.rows if _label(r) == label]
    value = cell.rstrip("%").strip("()（）$ ")
    if unit is None or len(same) > 1 or cell[:1] in "(（" or not re.search(r"[1-9]", value):
        return None
    number, unit = _said(rng, value, unit)
    name = place.passage.item or place.filing.ref.company
    words = _NOTED.sub("", header[column]).strip()
    spoken = re.sub(
        r"^(?:其中[::]|[减加][::]|[一二三四五六七八九十\d]+[、.])\s*", "", _NOTED.sub("", label)
    )
    english = spoken.isascii()
    gap = " " if english and unit else ""
    forms = (
        [
            f"{spoken} ({words}): {number}{gap}{unit}.",
            f"{spoken} was {number}{gap}{unit} for {words}.",
        ]
        if english
        else [
            f"{words}{spoken}为{number}{unit}。",
            f"{name}{words}的{spoken}为{number}{unit}。",
            f"{spoken}({words})为{number}{unit}。",
            f"{spoken}:{words}为{number}{unit}。",
        ]
    )
    statement = rng.choice(forms)
    shown = set(place.passage.text.split("\n"))
    others = [r for r in table.rows if row_text(r) in shown and _label(r) not in ("", label)]
    rivals = [("row", r[column]) for r in others if column < len(r)]
    amounts = [k for k, head in enumerate(header) if k and k < len(row) and not _RATE.search(head)]
    rivals += [("column", row[k]) for k in amounts if column in amounts and k != column]
    kept = [(kind, c.strip()) for kind, c in rivals if _differs(c, cell)]
    names = tuple(_NOTED.sub("", _label(r)) for r in others if _differs_row(r, row, column))
    return Case(
        statement + "[1]",
        EvidenceSpan(1, row_text(row), in_context(place.passage)),
        "table",
        rng.choice(["", place.question]),
        number,
        unit,
        name if name and name in statement else "",
        tuple(kept) if number == value else (),
        (spoken, names),
        tuple(dict.fromkeys(_YEAR.findall(" ".join(header)))),
    )


def _differs(cell: str, other: str) -> bool:
    """Whether a cell holds another number in the same form."""
    one = cell.strip()
    return (
        bool(_CELL.fullmatch(one)) and one[:1] not in "(（" and one.strip("-%") != other.strip("-%")
    )


def _differs_row(row: Sequence[str], other: Sequence[str], column: int) -> bool:
    return column < len(row) and _differs(row[column], other[column])


def _cell_unit(table: Table, label: str, column: str, cell: str) -> str | None:
    """The unit of a cell where header, label or unit line leave no doubt, else None."""
    if cell.endswith("%"):
        return "%"
    for text in (column, label):
        noted = [n for n in _NOTED.findall(text) if re.fullmatch(_UNITS, n)]
        if noted:
            return str(noted[-1])
    if _RATE.search(column) or _RATE.search(label) or _COUNTED.search(column + label):
        return None
    if table.unit in ("万元", "元", "亿元", "股", "万股", "吨"):
        return table.unit
    english = re.fullmatch(r"in (millions|thousands|billions)", table.unit)
    return english[1][:-1] if english and "share" not in label.lower() else None


def _said(rng: random.Random, number: str, unit: str) -> tuple[str, str]:
    """The number in another unit, rounded, or without separators; most often as it stands."""
    way = rng.random()
    value = Decimal(number.replace(",", ""))
    smaller = {"万元": ("亿元", 10_000, 8_000), "元": ("万元", 10_000, 100_000)}.get(unit)
    if way < 0.2 and smaller and abs(value) >= smaller[2]:
        step = Decimal("0.01")
        said = (value / smaller[1]).quantize(step, rounding=ROUND_HALF_UP)
        return f"{said:,}", smaller[0]
    if way < 0.3:
        return number.replace(",", ""), unit
    return number, unit


def _from_prose(rng: random.Random, place: Place) -> Case | None:
    text = place.passage.text
    spans = [(a, b) for a, b in split_sentences(text) if 10 <= b - a <= LONGEST]
    spans = [(a, b) for a, b in spans if _MEASURED.search(text, a, b) and "|" not in text[a:b]]
    spans = [(a, b) for a, b in spans if text[b - 1] in "。.;；"]
    if not spans:
        return None
    start, end = rng.choice(spans)
    sentence = text[start:end]
    return _sentence_case(rng, place, sentence, rng.choice(list(_MEASURED.finditer(sentence))))


def _sentence_case(
    rng: random.Random, place: Place, sentence: str, found: re.Match[str]
) -> Case | None:
    clause = _CLAUSE.search(sentence, found.end())
    cut = clause.start() if clause else len(sentence)
    whole = rng.random() < 0.4
    said = sentence.rstrip("。.;；") if whole else sentence[:cut].rstrip("。.;；")
    before, after = said[: found.start("number")], said[found.end("unit") :]
    number, unit = _said(rng, found["number"], found["unit"])
    before, after = _reworded(rng, before), _reworded(rng, after)
    gap = said[found.end("number") : found.start("unit")]
    statement = f"{before}{number}{gap}{unit}{after}"
    if statement.count(number) != 1 or statement.count("(") != statement.count(")"):
        return None
    stop = "." if sentence.isascii() else "。"
    name = next((n for n in _names(place) if n in statement), "")
    unchanged = number == found["number"]
    own = _MEASURED.finditer(place.passage.text)
    others = [m["number"] for m in own if m["unit"] == found["unit"] and m["number"] not in said]
    near = [m for m in _MEASURED.finditer(sentence) if m["unit"] == found["unit"]]
    beside = [m["number"] for m in near if m["number"] != found["number"]]
    rivals = [("clause", n) for n in beside] + [("sentence", n) for n in dict.fromkeys(others)]
    return Case(
        statement + stop + "[1]",
        EvidenceSpan(1, sentence, in_context(place.passage)),
        "prose",
        rng.choice(["", place.question]),
        number,
        unit,
        name,
        tuple(rivals) if unchanged else (),
        years=tuple(dict.fromkeys(_YEAR.findall(place.passage.text))),
    )


def _names(place: Place) -> Iterator[str]:
    ref = place.filing.ref
    yield from (n for n in (ref.company, *ref.aliases) if len(n) >= 4)


def _reworded(rng: random.Random, text: str) -> str:
    """The text in other words of the same meaning: one or two exchanged."""
    for old, new in rng.sample(_SAME, 4):
        text = text.replace(old, new)
    if rng.random() < 0.3:
        text = re.sub(r"(\d{4})\s?年度?(?=[公的毛营净,，])", r"\1年度", text)
    return re.sub(r"(?<=[\u4e00-\u9fff])\s(?=\d)|(?<=\d)\s(?=[\u4e00-\u9fff])", "", text)


def changed_case(rng: random.Random, case: Case) -> Case | None:
    """The case with one thing changed; None where its kind of change is not possible here."""
    kind, change = rng.choice(_CHANGES)
    made = change(rng, case)
    if made is None or made[1] == case.statement:
        return None
    return replace(case, statement=made[1], change=made[0] or kind)


Changed = tuple[str, str] | None


def _digit(rng: random.Random, case: Case) -> Changed:
    at = rng.choice([i for i, c in enumerate(case.figure) if c.isdigit()])
    digits = [d for d in "0123456789" if d != case.figure[at] and (d != "0" or at)]
    wrong = case.figure[:at] + rng.choice(digits) + case.figure[at + 1 :]
    if has_figure(case.span.context, wrong):
        return None
    return "", case.statement.replace(case.figure, wrong, 1)


def _unit(rng: random.Random, case: Case) -> Changed:
    options = _WRONG_UNIT.get(case.unit)
    at = case.statement.find(case.figure) + len(case.figure)
    rest = case.statement[at:]
    if not options or not rest.lstrip().startswith(case.unit):
        return None
    return "", case.statement[:at] + rest.replace(case.unit, rng.choice(options), 1)


def _sign(rng: random.Random, case: Case) -> Changed:
    at = case.statement.find(case.figure)
    turns = [m for m in _TURN.finditer(case.statement, 0, at) if at - m.end() <= 3]
    if turns:
        turn = turns[-1]
        text = case.statement
        return "", text[: turn.start()] + _OPPOSITE[turn.group()] + text[turn.end() :]
    if case.figure.startswith("-"):
        return "", case.statement.replace(case.figure, case.figure[1:], 1)
    if case.statement[max(0, at - 1) : at] == "-":
        return "", case.statement[: at - 1] + case.statement[at:]
    if _POINTS.search(case.statement, max(0, at - 24), at):
        return None
    return "", f"{case.statement[:at]}-{case.statement[at:]}"


def _period(rng: random.Random, case: Case) -> Changed:
    at = case.statement.find(case.figure)
    named = list(_YEAR.finditer(case.statement, 0, at))
    if not named or case.span.context.count(case.figure) > 1:
        return None
    year = named[-1].group()
    outside = [str(int(year) + 1), str(int(year) - 1)]
    wrong = rng.choice([y for y in (*case.years, rng.choice(outside)) if y != year])
    if re.search(rf"{wrong}", case.statement):
        return None  # then it would say something else that may be true
    start = named[-1].start()
    return "", case.statement[:start] + wrong + case.statement[start + 4 :]


def _company(rng: random.Random, case: Case) -> Changed:
    if not case.company:
        return None
    names = [f.ref.company for f, _ in map(_loaded, sorted(_filings())) if f.ref.company]
    wrong = rng.choice([*names, *INVENTED])
    if wrong[:2] in case.span.context or wrong.isascii() != case.company.isascii():
        return None
    return "", case.statement.replace(case.company, wrong, 1)


def _exchange(rng: random.Random, case: Case) -> Changed:
    options = [(kind, n.rstrip("%")) for kind, n in case.rivals]
    if not options:
        return None
    kind, number = rng.choice(options)
    if _rounds(case.figure, number):
        return None  # "30%" is how 29.72 % may be said
    return kind, case.statement.replace(case.figure, number, 1)


def _rounds(figure: str, other: str) -> bool:
    """Whether the other number is the figure rounded."""
    one, said = (Decimal(re.sub(r"[^\d.]", "", n)) for n in (figure, other))
    return one.quantize(said, rounding=ROUND_HALF_UP) == said


def _label_exchange(rng: random.Random, case: Case) -> Changed:
    label, others = case.labels
    fitting = [o for o in others if o and o not in label and label not in o]
    if not label or not fitting:
        return None
    return "label", case.statement.replace(label, rng.choice(fitting), 1)


_CHANGES: tuple[tuple[str, Callable[[random.Random, Case], Changed]], ...] = (
    ("digit", _digit), ("unit", _unit), ("sign", _sign), ("period", _period), ("company", _company),
    ("figure", _exchange), ("figure", _exchange), ("label", _label_exchange),
)  # fmt: skip
"""Exchanged figures are the most frequent slip of a model, so they are tried twice as often."""


def make_cases(found: Sequence[Place], seed: int, count: int) -> list[Case]:
    """`count` correct cases and as many changed ones, half from tables where there are any."""
    rng = random.Random(seed)
    by_kind = [[p for p in found if p.passage.kind == kind] for kind in ("table", "text")]
    pools = [pool for pool in by_kind if pool]
    correct: list[Case] = []
    wrong: list[Case] = []
    for made, change in ((correct, False), (wrong, True)):
        for _ in range(TRIES * count):
            if len(made) == count:
                break
            case = correct_case(rng, rng.choice(pools[len(made) % len(pools)]))
            case = changed_case(rng, case) if case and change else case
            if case is not None:
                made.append(case)
    return correct + wrong


def holds(case: Case) -> bool:
    """Whether the verifier finds nothing unsupported in a statement, and something to check."""
    findings = examine_answer(case.statement, [case.span], question=case.question)
    return bool(findings) and all(f.check.verdict != "unsupported" for f in findings)


def report(cases: Iterable[Case]) -> tuple[list[str], list[Case]]:
    """Lines of caught and kept by place and kind of change, and the cases judged wrongly."""
    made: Counter[tuple[str, str]] = Counter()
    good: Counter[tuple[str, str]] = Counter()
    missed: list[Case] = []
    for case in cases:
        fine = holds(case) == (not case.change)
        made[case.place, case.change] += 1
        good[case.place, case.change] += fine
        if not fine:
            missed.append(case)
    lines = [
        f"  {place:6} {change or 'correct':9} {'caught' if change else 'kept'} "
        f"{good[place, change] / of:.3f} of {of}"
        for (place, change), of in sorted(made.items())
    ]
    changed, correct = [k for k in made if k[1]], [k for k in made if not k[1]]
    for keys, told in ((changed, "changed: caught"), (correct, "correct: kept")):
        total, right = sum(made[k] for k in keys), sum(good[k] for k in keys)
        lines.append(f"  all {told} {right / total if total else 0.0:.4f} of {total}")
    return lines, missed


def speed(cases: Sequence[Case], rounds: int = 3) -> str:
    """Processor time to read the facts of a span, the best of some rounds."""
    spans = list(dict.fromkeys(case.span for case in cases))
    reading = min(
        _seconds(lambda: [read_evidence.__wrapped__(s) for s in spans]) for _ in range(rounds)
    )
    size = sum(len(s.context) for s in spans)
    return f"read_evidence: {1000 * reading / len(spans):.3f} ms a span of {size // len(spans)} characters"


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--split", default="dev", choices=("dev", "test", "all"))
    parser.add_argument("--misses", action="store_true", help="show what was judged wrongly")
    parser.add_argument("--speed", action="store_true", help="measure reading as well")
    arguments = parser.parse_args()
    found = places(arguments.split)
    kinds = Counter(place.passage.kind for place in found)
    print(f"{len(found)} places with evidence ({kinds['table']} tables), split {arguments.split}")
    for seed in arguments.seeds:
        cases = make_cases(found, seed, arguments.count)
        lines, missed = report(cases)
        print(f"seed {seed}", *lines, sep="\n")
        for case in missed if arguments.misses else ():
            print(f"    [{case.place} {case.change or 'correct'}] {case.statement}")
            print(f"        of: {case.span.text}")
        if arguments.speed:
            print(f"  {speed(cases)}")


if __name__ == "__main__":
    main()
