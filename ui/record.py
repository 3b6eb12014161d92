"""What an auditor needs to repeat an answer, taken when it is given: files, prompt, program."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import prompts
from rag.types import Answer


def record_of(answer: Answer) -> Mapping[str, Any]:
    """`answered` (UTC), `program`, `prompt` ("" without a model) and `hashes`, source -> SHA-256."""
    asked = answer.standalone or answer.question
    return {
        "answered": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": program(),
        "prompt": "" if answer.model == "extractive" else prompt_version(asked),
        "hashes": {c.source: file_hash(c.source) for c in answer.citations},
    }


def program() -> str:
    """This program's name and version."""
    try:
        return f"filings-qa {version('filings-qa')}"
    except PackageNotFoundError:  # run from a copy that is not installed
        return "filings-qa"


def prompt_version(question: str) -> str:
    """Which wording of the answering prompt is in use for a question's language."""
    prompt = prompts.load("answer", prompts.language_of(question))
    return f"{prompt.name} {prompt.hash}"


def file_hash(source: str) -> str:
    """SHA-256 of a file in hex, "" where there is no such file any more."""
    path = Path(source)
    if not path.is_file():
        return ""
    state = path.stat()
    return _hash(source, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1000)
def _hash(source: str, _modified: int, _size: int) -> str:
    with Path(source).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
