"""Writing changed settings into `filings.toml`: only their lines, all else stays as it is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from rag.errors import SettingsError

Value = str | int | float


def save(path: Path, changes: Mapping[str, Value]) -> None:
    """Set `changes` in a flat TOML file, made when it is missing.

    SettingsError where the file is not valid or cannot be written; it is then left as it was.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        tomllib.loads(before)
        after = _changed(before, changes)
        tomllib.loads(after)
        path.write_text(after, encoding="utf-8")
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML ({error}); correct that line") from error
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be written ({error.strerror}); check the folder"
        ) from error


def _changed(text: str, changes: Mapping[str, Value]) -> str:
    lines = text.splitlines()
    for name, value in changes.items():
        line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
        at = next((i for i, old in enumerate(lines) if re.match(rf"\s*{name}\s*=", old)), None)
        if at is None:
            lines.insert(_before_tables(lines), line)
        else:
            lines[at] = line
    return "\n".join(lines) + "\n"


def _before_tables(lines: list[str]) -> int:
    """Where a top-level key may still stand: before the first [table]."""
    return next((i for i, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
