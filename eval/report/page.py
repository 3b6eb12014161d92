"""The HTML pages: one run, or two side by side. One file each, no network, Chinese and English."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from eval.comparison import Compared, compare_runs
from eval.metrics import Metric
from eval.questions import Question
from eval.report.question import question_card, two
from eval.report.view import (
    grouped,
    has_failed,
    result_of,
    shown_metrics,
    sliced_metrics,
    slices,
)
from eval.runs import Run
from eval.statistics import Difference, Estimate
from eval.table import interval, shown

HERE = Path(__file__).parent


def run_page(run: Run) -> str:
    """The page of one run."""
    cards = "".join(
        question_card(question, [(run, result_of(run, question))]) for question in run.questions
    )
    parts = [_head(run), _scores(run), _slices(run), _filters(run), cards, _provenance(run)]
    return _document(f"{run.system} {run.created}", parts)


def comparison_page(old: Run, new: Run) -> str:
    """Two runs: the differences with their verdicts, then each question with both answers."""
    known = {question.id for question in old.questions}
    shared = [question for question in new.questions if question.id in known]
    cards = "".join(
        question_card(q, [(old, result_of(old, q)), (new, result_of(new, q))]) for q in shared
    )
    head = f"<h1>{escape(old.system)} → {escape(new.system)}</h1><p>{escape(old.created)} → {escape(new.created)}</p>"
    parts = [head, _differences(compare_runs(old, new)), _filters(new, both=True), cards]
    return _document(f"{old.system} → {new.system}", [*parts, _provenance(old), _provenance(new)])


def write_comparison(old: Run, new: Run, path: Path) -> None:
    """Write :func:`comparison_page` to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(comparison_page(old, new), encoding="utf-8")


def _document(title: str, parts: list[str]) -> str:
    style = (HERE / "style.css").read_text(encoding="utf-8")
    script = (HERE / "script.js").read_text(encoding="utf-8")
    switch = '<nav><button data-set="zh">中文</button><button data-set="en">English</button></nav>'
    return (
        f'<!doctype html><html lang="zh" data-ui="zh"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{style}</style></head><body>{switch}<main>{''.join(parts)}</main><script>{script}</script></body></html>"
    )


def _head(run: Run) -> str:
    documents = len(set(run.documents.values()))
    failed = sum(has_failed(run, question) for question in run.questions)
    model = next((r.given.model for r in run.results if r.given and r.given.model), "–")
    facts = [
        two("题数", "Questions", str(len(run.questions))),
        two("文件数", "Documents", str(documents)),
        two("需查看", "To look at", str(failed)),
        two("作答模型", "Model", model),
        two("得分指纹", "Score digest", run.digest),
    ]
    cells = "".join(f"<div class=fact>{fact}</div>" for fact in facts)
    return (
        f"<h1>{escape(run.system)}</h1><p>{escape(run.created)}</p><div class=facts>{cells}</div>"
    )


def _scores(run: Run) -> str:
    parts = []
    for zh, en, metrics in grouped(run):
        rows = "".join(_score_row(run, metric) for metric in metrics)
        parts.append(
            f"<h2>{two(zh, en)}</h2><table class=scores><tr><th>{two('指标', 'Metric')}<th>{two('均值', 'Mean')}"
            f"<th>{two('95% 区间', '95 % interval')}<th><th>{two('题数', 'Questions')}</tr>{rows}</table>"
        )
    judge = run.provenance.get("judge")
    if judge:
        kappa = "–" if judge["kappa"] is None else f"{judge['kappa']:.2f}"
        words = (
            f"{judge['model']}: kappa {kappa} ({judge['compared']}), {judge['unparsed']} unparsed"
        )
        parts.append(
            f"<p class=note>{two('模型评判与规则判定的一致性', 'Judge against deterministic scores', words)}</p>"
        )
    return "".join(parts)


def _score_row(run: Run, metric: Metric) -> str:
    found = run.estimate(metric.name)
    assert found is not None
    tip = escape(metric.definition, quote=True)
    return (
        f'<tr title="{tip}"><td>{two(metric.zh, metric.en)}<td class=n>{shown(found.mean, metric)}'
        f"<td class=n>{interval(found, metric)}<td>{_bar(found, metric)}<td class=n>{found.n}</tr>"
    )


def _bar(found: Estimate, metric: Metric) -> str:
    """A bar with its interval as a whisker; costs have no scale of their own, so none."""
    if metric.unit:
        return ""
    mean, low, high = (_percent(v, metric) for v in (found.mean, found.low, found.high))
    kind = " cost" if metric.lower_is_better else ""
    return (
        f'<div class="bar{kind}"><i style="width:{mean:.1f}%"></i>'
        f'<b style="left:{low:.1f}%;width:{max(0.0, high - low):.1f}%"></b></div>'
    )


def _percent(value: float, metric: Metric) -> float:
    return 100 * (value - metric.low) / (1 - metric.low)


def _slices(run: Run) -> str:
    metrics = sliced_metrics(run)
    parts = []
    for cut in slices(run):
        header = "".join(f"<th>{two(metric.zh, metric.en)}" for metric in metrics)
        rows = "".join(_slice_row(run, name, among, metrics) for name, among in cut.rows)
        parts.append(
            f"<h2>{two(cut.zh, cut.en)}</h2><table class=slices><tr><th><th>{two('题数', 'n')}{header}</tr>{rows}</table>"
        )
    return "".join(parts)


def _slice_row(run: Run, name: str, among: tuple[Question, ...], metrics: list[Metric]) -> str:
    cells = []
    for metric in metrics:
        found = run.estimate(metric.name, among)
        if found is None:
            cells.append("<td class=n>–")
        else:
            text = f"{shown(found.mean, metric)} <small>{interval(found, metric)}</small>"
            cells.append(f"<td class=n>{text}{_bar(found, metric)}")
    return f"<tr><td>{escape(name)}<td class=n>{len(among)}{''.join(cells)}</tr>"


def _filters(run: Run, *, both: bool = False) -> str:
    types = "".join(
        f"<option>{kind}</option>" for kind in dict.fromkeys(q.type for q in run.questions)
    )
    changed = (
        f"<label><input type=checkbox id=changed> {two('只看有变化的', 'changed only')}</label>"
        if both
        else ""
    )
    return (
        f"<h2 id=questions>{two('逐题', 'Questions')}</h2><div class=filters>"
        f"<label><input type=checkbox id=failed> {two('只看未通过的', 'failures only')}</label>{changed}"
        f"<select id=type aria-label=type><option value=''>{'type'}</option>{types}</select>"
        "<select id=lang aria-label=language><option value=''>lang</option><option>zh</option><option>en</option></select>"
        "<input id=find type=search placeholder='…' aria-label=find><output id=count></output></div>"
    )


def _differences(rows: list[Compared]) -> str:
    body = "".join(_difference_row(row) for row in rows)
    heads = [
        ("指标", "Metric"), ("旧", "Old"), ("新", "New"), ("差", "Difference"), ("95% 区间", "95 % interval"),
        ("p", "p"), ("有变化", "Changed"), ("结论", "Verdict"),
    ]  # fmt: skip
    header = "".join(f"<th>{two(zh, en)}" for zh, en in heads)
    return f"<table class=differences><tr>{header}</tr>{body}</table>"


def _difference_row(row: Compared) -> str:
    d, metric = row.difference, row.metric
    sign = "+.0f" if metric.unit else "+.2f"
    return (
        f'<tr class="{_verdict_class(d)}" title="{escape(metric.definition, quote=True)}"><td>{two(metric.zh, metric.en)}'
        f"<td class=n>{shown(row.old, metric)}<td class=n>{shown(row.new, metric)}<td class=n>{d.mean:{sign}}"
        f"<td class=n>{d.low:{sign}} … {d.high:{sign}}<td class=n>{d.p:.3f}<td class=n>{d.changed}/{d.n}<td>{_verdict(d)}</tr>"
    )


def _verdict_class(difference: Difference) -> str:
    return difference.verdict.split()[0]


def _verdict(difference: Difference) -> str:
    words = {
        "better": two("变好", "better"),
        "worse": two("变差", "worse"),
        "same": two("无差别", "same"),
        "too few questions to tell": two("题数太少，无法判断", "too few questions to tell"),
    }
    needed = f" ({two('约需', 'about')} {difference.needed})" if difference.needed else ""
    return words[difference.verdict] + needed


def _provenance(run: Run) -> str:
    definitions = "".join(
        f"<dt>{escape(m.name)}<dd>{escape(m.definition)}"
        for m in shown_metrics(run)
        if m.name != "judge"
    )
    record = escape(json.dumps(run.provenance, ensure_ascii=False, indent=1))
    return (
        f"<details><summary>{two('指标定义', 'Definitions of the metrics')}</summary><dl>{definitions}</dl></details>"
        f"<details><summary>{two('如何重现', 'How this run was made')}: {escape(run.system)}</summary><pre>{record}</pre></details>"
    )
