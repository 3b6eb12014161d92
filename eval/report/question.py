"""One question on the page: expected, given, the evidence marked in its passage, checks, timings."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from eval.judge import JUDGE
from eval.metrics import METRICS, Metric
from eval.metrics.coverage import spans_found
from eval.questions import Evidence, Question
from eval.report.marks import locate, marked
from eval.report.view import has_failed
from eval.results import Cited, Found, Given, Result, Score
from eval.runs import Run

Side = tuple[Run, Result]


def two(zh: str, en: str, value: str = "") -> str:
    """A label in both languages, of which the page shows one; with `value`, "label value"."""
    label = f"<span class=zh>{escape(zh)}</span><span class=en>{escape(en)}</span>"
    return f"{label} <b>{escape(value)}</b>" if value else label


def question_card(question: Question, sides: Sequence[Side]) -> str:
    """A question as a foldable card, with one column per run."""
    failed = any(has_failed(run, question) for run, _ in sides)
    changed = len({_outcome(run, question) for run, _ in sides}) > 1
    marks = " ".join(_tick(run, question) for run, _ in sides)
    columns = "".join(
        f"<div>{_side(question, *side, named=len(sides) > 1)}</div>" for side in sides
    )
    history = "".join(
        f"<p class=turn>{escape(asked)}<br>{escape(told)}" for asked, told in question.history
    )
    return (
        f'<details class="card" data-failed="{failed:d}" data-changed="{changed:d}" data-type="{question.type}"'
        f' data-lang="{question.lang}"><summary>{marks} <code>{escape(question.id)}</code>'
        f" <small>{question.type}</small> {escape(question.question)}</summary>{history}"
        f"<p>{two('应答', 'Expected')}: {escape(question.answer) or '–'}</p>{_wanted(question)}"
        f'<div class="sides n{len(sides)}">{columns}</div></details>'
    )


def _outcome(run: Run, question: Question) -> tuple[float | None, ...]:
    """The quality scores of a question, as far as they decide whether something changed."""
    names = [metric.name for metric in METRICS if not metric.unit]
    found = (run.scores.get(name, {}).get(question.id) for name in names)
    return tuple(score.value if score else None for score in found)


def _tick(run: Run, question: Question) -> str:
    failed = has_failed(run, question)
    return f'<span class="{"bad" if failed else "good"}">{"✗" if failed else "✓"}</span>'


def _wanted(question: Question) -> str:
    groups = " ∧ ".join(" | ".join(group) for group in question.must)
    banned = " | ".join(question.must_not)
    return "".join(
        f"<p class=note>{two(zh, en)}: {escape(words)}</p>"
        for zh, en, words in (("须含", "Must say", groups), ("不得含", "Must not say", banned))
        if words
    )


def _side(question: Question, run: Run, result: Result, *, named: bool) -> str:
    title = f"<h3>{escape(run.system)}</h3>" if named else ""
    error = f"<p class=bad>{escape(result.error)}</p>" if result.error else ""
    given = _given(question, result.given) if result.given and not result.error else ""
    return (
        title
        + error
        + given
        + _evidence(question, result)
        + _score_list(run, question)
        + _times(result)
    )


def _given(question: Question, given: Given) -> str:
    checks = "".join(
        f"<li><code>{escape(check.claim)}</code> {escape(check.verdict)}"
        + (f" [{check.n}]" if check.n is not None else "")
        for check in given.checks
    )
    listed = f"<p>{two('核对', 'Checks')}</p><ul>{checks}</ul>" if checks else ""
    cited = "".join(_citation(question, citation) for citation in given.citations)
    return (
        f"<p>{two('所答', 'Given')} <small>{escape(given.status)} · {escape(given.model)}</small></p>"
        f"<blockquote>{escape(given.text) or '–'}</blockquote>{cited}{listed}"
    )


def _citation(question: Question, citation: Cited) -> str:
    where = f"[{citation.n}] {citation.source} {citation.page or ''}"
    passage = citation.passage or citation.quote
    start = passage.find(citation.quote)
    quoted = [(start, start + len(citation.quote))] if start >= 0 and citation.quote else []
    return f"<details class=place><summary>{escape(where)}</summary><pre>{marked(passage, quoted, 'quote')}</pre></details>"


def _evidence(question: Question, result: Result) -> str:
    """Each evidence item with the first hit that holds any of it, its spans marked."""
    items = "".join(_item(item, result.hits) for item in question.evidence)
    return f"<p>{two('证据', 'Evidence')}</p>{items}" if items else ""


def _item(item: Evidence, hits: Sequence[Found]) -> str:
    where = f"{item.source} {item.page or ''}: {' · '.join(item.spans)}"
    holding = next((hit for hit in hits if spans_found(item, [hit])), None)
    if holding is None:
        return (
            f"<p class=bad>✗ {escape(where)} <small>{two('未检索到', 'not retrieved')}</small></p>"
        )
    pages = ", ".join(page for page in holding.pages if page)
    spans = [span for wanted in item.spans for span in locate(holding.text, wanted)]
    return (
        f"<details class=place><summary><span class=good>#{holding.rank}</span> {escape(where)}"
        f" <small>{escape(pages)}</small></summary><pre>{marked(holding.text, spans)}</pre></details>"
    )


def _score_list(run: Run, question: Question) -> str:
    rows = "".join(
        _score_item(metric, score)
        for metric in (*METRICS, JUDGE)
        if not metric.unit
        and (score := run.scores.get(metric.name, {}).get(question.id))
        and score.value is not None
    )
    return f"<details><summary>{two('各项得分', 'Scores')}</summary><table class=small>{rows}</table></details>"


def _score_item(metric: Metric, score: Score) -> str:
    worst = 1.0 if metric.lower_is_better else 0.0
    kind = "bad" if score.value == worst else ""
    return f"<tr><td>{two(metric.zh, metric.en)}<td class='n {kind}'>{score.value:.2f}<td>{escape(score.explanation)}</tr>"


def _times(result: Result) -> str:
    steps = dict(result.given.timings_ms) if result.given else {}
    measured = {name: value * 1000 for name, value in result.seconds.items()}
    words = ", ".join(f"{name} {value:.0f}" for name, value in (steps or measured).items())
    return f"<p class=note>{two('毫秒', 'Milliseconds')}: {escape(words)}</p>" if words else ""
