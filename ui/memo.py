"""Answers to take away: Markdown with footnotes for the clipboard, an audit memo of a conversation."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import MissingExtra
from rag.types import Answer, Check, Citation
from ui.conversations import Turn
from ui.record import file_hash, prompt_version
from ui.render.answer import page_words
from ui.strings import Say


@dataclass(frozen=True, slots=True)
class Memo:
    """A conversation with what an auditor needs to repeat it."""

    title: str
    turns: tuple[Turn, ...]
    exported: str
    files: tuple[CitedFile, ...]


@dataclass(frozen=True, slots=True)
class CitedFile:
    """A cited file: SHA-256 of its bytes when it was cited, and whether it is the same now."""

    source: str
    digest: str
    same: bool


def memo_of(title: str, turns: Sequence[Turn]) -> Memo:
    """The memo of the answered turns, with the hashes of the cited files."""
    answered = tuple(turn for turn in turns if turn.answer is not None)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Memo(title, answered, now, tuple(_cited_files(answered)))


def _cited_files(turns: Sequence[Turn]) -> Iterator[CitedFile]:
    """Each file in each state that it was cited in."""
    seen: set[tuple[str, str]] = set()
    for turn in turns:
        recorded = turn.record.get("hashes", {})
        for source in dict.fromkeys(c.source for c in _answer(turn).citations):
            now = file_hash(source)
            then = str(recorded.get(source) or now)  # turns before there were records
            if (source, then) not in seen:
                seen.add((source, then))
                yield CitedFile(source, then, bool(now) and now == then)


def footnoted(answer: Answer, say: Say) -> str:
    """An answer as Markdown, its markers as footnotes [^n]."""
    text = answer.text
    for citation in answer.citations:
        text = text.replace(f"[{citation.n}]", f"[^{citation.n}]")
    notes = [f"[^{c.n}]: {_where(c, say)}: “{_one_line(c.quote)}”" for c in answer.citations]
    return "\n".join([text, *([""] if notes else []), *notes]) + "\n"


def as_markdown(memo: Memo, say: Say) -> str:
    """The memo as Markdown."""
    lines = [f"# {say('memo.title')}: {_one_line(memo.title)}", ""]
    lines += [f"{say('memo.exported')}: {memo.exported}", ""]
    for number, turn in enumerate(memo.turns, 1):
        lines += _turn_lines(number, turn, say)
    if memo.files:
        heads = (say("memo.file"), say("memo.hash"), say("memo.now"))
        lines += [f"## {say('memo.files')}", "", f"| {' | '.join(heads)} |", "|---|---|---|"]
        lines += [f"| {' | '.join(map(_cell, row))} |" for row in _file_rows(memo, say)]
    return "\n".join(lines) + "\n"


def _file_rows(memo: Memo, say: Say) -> list[tuple[str, str, str]]:
    """Name, hash and whether the file is still as it was cited."""
    return [
        (
            Path(file.source).name,
            file.digest or say("memo.gone"),
            say("memo.same" if file.same else "memo.changed") if file.digest else "",
        )
        for file in memo.files
    ]


def _turn_lines(number: int, turn: Turn, say: Say) -> list[str]:
    answer = _answer(turn)
    lines = [f"## {number}. {_one_line(turn.question)}", ""]
    if answer.standalone:
        lines += [say("chat.understood", question=answer.standalone), ""]
    lines += [f"**{say('memo.status')}**: {say(f'status.{answer.status}')}", "", answer.text, ""]
    lines += [f"- {label}: {value}" for label, value in _facts(turn, say)]
    if answer.citations:
        lines += ["", f"### {say('memo.evidence')}", ""]
        for citation in answer.citations:
            lines += [f"[{citation.n}] {_where(citation, say)}", "", *_quoted(citation.quote), ""]
    if answer.checks:
        lines += ["", f"### {say('memo.checks')}", "", _head_row(say), "|---|---|---|"]
        lines += [_check_row(check, say) for check in answer.checks]
    return [*lines, ""]


def _facts(turn: Turn, say: Say) -> Iterator[tuple[str, str]]:
    answer = _answer(turn)
    if turn.scope:
        yield say("filter.scope"), turn.scope
    composed = answer.model == "extractive"
    yield say("memo.model"), say("answer.extractive") if composed else answer.model
    recorded = str(turn.record.get("prompt") or "")
    if composed:
        yield say("memo.prompt"), say("memo.noprompt")
    else:
        yield say("memo.prompt"), recorded or prompt_version(turn.question)
    if turn.record.get("program"):
        yield say("memo.program"), str(turn.record["program"])
    yield say("memo.time"), turn.asked
    for note in answer.notes:
        yield say("notice.title"), note


def _head_row(say: Say) -> str:
    return f"| {say('checks.claim')} | {say('checks.verdict')} | {say('checks.where')} |"


def _check_row(check: Check, say: Say) -> str:
    numbers = [n for n in (check.citation, *check.operands) if n is not None]
    where = " ".join(f"[{n}]" for n in dict.fromkeys(numbers))
    verdict = " ".join(part for part in (say(f"verdict.{check.verdict}"), check.expression) if part)
    return f"| {_cell(check.claim)} | {_cell(verdict)} | {where} |"


def _where(citation: Citation, say: Say) -> str:
    section = " › ".join(citation.section)
    parts = (citation.title, page_words(citation, say), section)
    return ", ".join(_one_line(part) for part in parts if part)


def _quoted(text: str) -> list[str]:
    return [f"> {line}" for line in text.splitlines()]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _answer(turn: Turn) -> Answer:
    assert turn.answer is not None
    return turn.answer


def as_docx(memo: Memo, say: Say) -> bytes:
    """The memo as a Word document; MissingExtra where python-docx is not installed."""
    try:
        import docx
    except ImportError as error:
        raise MissingExtra(say("memo.nodocx")) from error
    document: Any = docx.Document()
    document.core_properties.title = memo.title
    document.add_heading(f"{say('memo.title')}: {_one_line(memo.title)}", 0)
    document.add_paragraph(f"{say('memo.exported')}: {memo.exported}")
    for number, turn in enumerate(memo.turns, 1):
        _docx_turn(document, number, turn, say)
    if memo.files:
        document.add_heading(say("memo.files"), 1)
        heads = (say("memo.file"), say("memo.hash"), say("memo.now"))
        _docx_table(document, heads, _file_rows(memo, say))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _docx_turn(document: Any, number: int, turn: Turn, say: Say) -> None:
    answer = _answer(turn)
    document.add_heading(f"{number}. {_one_line(turn.question)}", 1)
    status = document.add_paragraph()
    status.add_run(say(f"status.{answer.status}")).bold = True
    for line in filter(str.strip, answer.text.splitlines()):
        document.add_paragraph(line)
    for label, value in _facts(turn, say):
        document.add_paragraph(f"{label}: {value}", style="List Bullet")
    if answer.citations:
        document.add_heading(say("memo.evidence"), 2)
    for citation in answer.citations:
        document.add_paragraph(f"[{citation.n}] {_where(citation, say)}")
        document.add_paragraph(citation.quote, style="Intense Quote")
    if answer.checks:
        document.add_heading(say("memo.checks"), 2)
        heads = tuple(say(f"checks.{name}") for name in ("claim", "verdict", "where"))
        cells = [_check_row(check, say).strip("| ").split(" | ") for check in answer.checks]
        _docx_table(document, heads, [tuple([*row, "", ""][:3]) for row in cells])


def _docx_table(document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        cell.text = words
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
