"""Comparisons: which of two is greater, whether a measure rose or fell, which row of a table is the
greatest, and one answer for each of several companies. The verdict leads, its figures follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.answer.judged import Candidate, Placed, Question
from rag.answer.operation import operation
from rag.answer.pairs import Pair, best_pair, compared
from rag.answer.shown import Line, candidate_line
from rag.index.terms import normalise
from rag.verify.arithmetic import ExpressionError, difference, explain
from rag.verify.figure import same_class

_LESS = re.compile(
    r"(?<!降)低|(?<![减多])少|(?<![缩中])小|短(?!期)|慢|便宜|(?<!相)差(?![额距异旅多])|\b(?:lower|lowest|less|least|smaller|smallest|fewest|fewer|shorter)\b",
    re.I,
)
_WHICH = re.compile(r"谁|哪|\bwhich\b|\bwho\b", re.I)
_EITHER = re.compile(
    r"([高多大长快贵])(?:些|一些)?(?:还是|或)(?:更)?([低少小短慢]|便宜)|\b(higher|more|larger|greater) or (lower|less|smaller)\b",
    re.I,
)
_DIRECTION = re.compile(
    r"(?:是|变)?([升增涨高多大]|上升|增加|增长|提高|变[高多大])了?(?:还是|是|或)(?:变)?([降减跌低少小]|下降|减少|下跌|降低|变[低少小])"
    r"|\b(rise|increase|grow|go up|improve)s? or (fall|decrease|shrink|go down|decline|worsen)"
    r"|\b(higher|more|larger|greater) or (lower|less|smaller|fewer)\b",
    re.I,
)  # fmt: skip
_MOST = re.compile(
    r"哪(?:一?[个家类种项块款年期季月位]|一?(?:年度|季度|产品|项目|公司|客户|地区|业务)).{0,16}?最|最[高低多少大小快慢](?:的)?(?:是|为)?(?:哪|谁|什么)|谁.{0,12}最"
    r"|\bwhich\b.{0,60}\b(?:highest|lowest|largest|smallest|most|least|biggest|greatest|fastest)\b",
    re.I,
)
_TOTALS = re.compile(
    r"合\s*计|总\s*计|小\s*计|平均|均值|中位|其他|其它|\b(?:total|average|median|other)\b", re.I
)
_NAME = re.compile(r"[的在]|\d|\s{2,}")
ROWS = 2
"""Rows at least among which one is the greatest."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict with the candidates and lines that show it; `fit` (0..1) as of the worst part."""

    lead: str
    candidates: tuple[Candidate, ...]
    lines: tuple[Line, ...]
    fit: float


def compare(question: Question, found: Sequence[Candidate]) -> Comparison | None:
    """What is compared, where the evidence decides it; `found` are the candidates, best first."""
    if len(_companies(question)) > 1:
        return _by_company(question, found)
    moves = bool(_DIRECTION.search(normalise(question.query.text)))
    if moves and question.wanted.periods[1:] and (made := _direction(question, found)) is not None:
        return made
    if _MOST.search(normalise(question.query.text)):
        return _greatest(question, found)
    for operands in compared(question):
        pair = best_pair(operands, found, question.wanted, alike=True)
        if pair is not None:
            return _of_pair(question, pair)
    return _direction(question, found) if moves else None


def _of_pair(question: Question, pair: Pair) -> Comparison:
    lines = [
        candidate_line(
            question, c, cells=[f for f in (pair.first, pair.second) if c.start <= f.start < c.end]
        )
        for c in pair.sources
    ]
    more = _value(pair.first) > _value(pair.second)
    text = normalise(question.query.text)
    either = _EITHER.search(text)
    english = question.query.language == "en"
    if either is not None:
        high, low = (either[1], either[2]) if either[1] else (either[3], either[4])
        lead = high if more else low
        lead = f"{lead.capitalize()}. " if english else f"更{lead}。"
    elif _WHICH.search(text):
        first = more != bool(_LESS.search(text))
        name = _name(question, pair.texts[0 if first else 1])
        lead = f"{name}. " if english else f"{name}。"
    else:
        says = more != bool(_LESS.search(text))
        lead = ("Yes. " if says else "No. ") if english else ("是。" if says else "否。")
    lines[-1] = _with_difference(question, lines[-1], [pair.first, pair.second])
    return Comparison(lead, pair.sources, tuple(lines), min(pair.fit, 1.0))


def _name(question: Question, text: str) -> str:
    """What an operand is called: without its time and measure, but whole where it names the company,
    which may be that of both."""
    if any(name in text for name in question.query.companies.values()):
        return text
    parts = [part for part in _NAME.split(text) if len(part.strip()) > 1]
    return (parts[0] if parts else text).strip()


def _direction(question: Question, found: Sequence[Candidate]) -> Comparison | None:
    """Whether a measure rose or fell, by the figures of one row or sentence in their order."""
    match = _DIRECTION.search(normalise(question.query.text))
    assert match is not None
    for candidate in found[:3]:
        facts = [f for f in candidate.facts if f.kind > 0 or not question.wanted.kind]
        run = [f for f in facts if facts and same_class(f.fact.figure, facts[0].fact.figure)]
        if len(run) < 2:
            continue
        early, late = _in_time(question, run)
        rose = _value(late) > _value(early)
        lead = _direction_word(match, rose=rose, english=question.query.language == "en")
        line = candidate_line(question, candidate, cells=[early, late])
        line = _with_difference(question, line, [late, early], signed=True)
        fit = candidate.features["own"] + candidate.features["head"]
        return Comparison(lead, (candidate,), (line,), fit)
    return None


def _direction_word(match: re.Match[str], *, rose: bool, english: bool) -> str:
    """The verdict in the question's own words: "上升。", "It did rise. ", "Lower. "."""
    if not english:
        return "上升。" if rose else "下降。"
    up, down = (match[3], match[4]) if match[3] else (match[5], match[6])
    if match[3]:
        return f"It did {up if rose else down}. "
    return f"{(up if rose else down).capitalize()}. "


def _in_time(question: Question, run: Sequence[Placed]) -> tuple[Placed, Placed]:
    """The earlier and the later of the figures asked about: by period, else as they stand."""
    dated = [f for f in run if len(f.fact.periods) == 1]
    asked = [f for f in dated if f.period >= 0.7] if question.wanted.periods[1:] else dated
    if len(asked) > 1:
        ordered = sorted(asked, key=lambda f: f.fact.periods[0])
        return ordered[0], ordered[-1]
    return run[0], run[1]


def _greatest(question: Question, found: Sequence[Candidate]) -> Comparison | None:
    """The row of a table, or the period of a row, with the greatest or least figure asked for."""
    tables = list(dict.fromkeys(c.passage.id for c in found[:6] if c.passage.kind == "table"))
    words = _MOST_WORD.findall(normalise(question.query.text))
    least = bool(words) and bool(_LESS.search(words[-1]))
    for table in tables[:2]:
        rows = [c for c in found if c.passage.id == table and not is_total(c)]
        cells = list(one_a_row(question, rows))
        if len(cells) < ROWS or not all(
            same_class(f.fact.figure, cells[0][0].fact.figure) for f, _ in cells
        ):
            continue
        pick = min if least else max
        cell, row = pick(cells, key=lambda item: _value(item[0]))
        name = " ".join(cell.fact.label.split()).strip(" :：|")
        if not name:
            continue
        lead = f"{name}. " if question.query.language == "en" else f"{name}。"
        fit = row.features["own"] + row.features["head"] + 0.5 * row.features["section"]
        return Comparison(lead, (row,), (candidate_line(question, row, cells=[cell]),), fit)
    return None


_MOST_WORD = re.compile(
    r"最.|\b(?:highest|lowest|largest|smallest|most|least|biggest|greatest|fewest|fastest)\b"
)


def is_total(candidate: Candidate) -> bool:
    label = candidate.facts[0].fact.label if candidate.facts else candidate.text
    return bool(_TOTALS.search(label))


def one_a_row(question: Question, rows: Sequence[Candidate]) -> Iterator[tuple[Placed, Candidate]]:
    """Of each row the figure of the column that is asked about."""
    columns: dict[str, float] = {}
    for row in rows:
        for f in row.facts:
            fit = question.stated(f.words) + 0.3 * (f.period >= 0.7) + 0.3 * f.kind
            columns[f.fact.column] = max(columns.get(f.fact.column, 0.0), fit)
    if not columns:
        return
    best = max(columns, key=lambda c: columns[c])
    for row in rows:
        fitting = [
            f for f in row.facts if f.fact.column == best and f.fact.figure.value is not None
        ]
        if fitting:
            yield fitting[0], row


def _companies(question: Question) -> dict[str, set[str]]:
    """The companies that are asked about: name -> ids of their filings."""
    found: dict[str, set[str]] = {}
    for filing, name in question.query.companies.items():
        found.setdefault(name, set()).add(filing)
    return found


def _by_company(question: Question, found: Sequence[Candidate]) -> Comparison | None:
    """The best line of each company, under its name, with the verdict where figures decide."""
    chosen: list[tuple[str, Candidate]] = []
    for name, filings in _companies(question).items():
        mine = [c for c in found if c.passage.filing.id in filings]
        if not mine:
            return None
        chosen.append((name, mine[0]))
    cells = [_cell(question, candidate) for _, candidate in chosen]
    lines = []
    for (name, candidate), cell in zip(chosen, cells, strict=True):
        line = candidate_line(question, candidate, cells=[cell] if cell is not None else [])
        lines.append(replace(line, text=f"{name}: {line.text}"))
    known = [cell for cell in cells if cell is not None]
    alike = len(known) == len(cells) and all(
        same_class(known[0].fact.figure, cell.fact.figure) for cell in known
    )
    fit = min(c.features["own"] + c.features["head"] for _, c in chosen)
    lead = ""
    if alike:
        lead = _winner(question, [name for name, _ in chosen], known)
        lines[-1] = _with_difference(question, lines[-1], known)
    return Comparison(lead, tuple(c for _, c in chosen), tuple(lines), fit)


def _cell(question: Question, candidate: Candidate) -> Placed | None:
    """The figure of a candidate that is asked for."""
    fitting = [
        f
        for f in candidate.facts
        if f.kind > 0 and f.fact.figure.kind != "date" and f.fact.figure.value is not None
    ]
    return max(fitting, key=lambda f: f.score, default=None)


def _winner(question: Question, names: Sequence[str], cells: Sequence[Placed]) -> str:
    text = normalise(question.query.text)
    if not _WHICH.search(text):
        return ""
    pick = min if _LESS.search(text) else max
    best = pick(range(len(cells)), key=lambda i: _value(cells[i]))
    return f"{names[best]}. " if question.query.language == "en" else f"{names[best]}。"


def _with_difference(
    question: Question, line: Line, cells: Sequence[Placed], *, signed: bool = False
) -> Line:
    """The last line with the difference of two figures, where it is asked for; the larger less the
    smaller, or in their order (`signed`)."""
    if operation(question.query) != "difference" or len(cells) != 2:
        return line
    ordered = list(cells) if signed else sorted(cells, key=_value, reverse=True)
    try:
        made = difference(ordered[0].fact.figure, ordered[1].fact.figure)
    except ExpressionError:
        return line
    words = explain(made, question.query.language)
    return replace(line, text=f"{line.text.rstrip('。.')}; {words}")


def _value(placed: Placed) -> Decimal:
    return placed.fact.figure.value or Decimal(0)
