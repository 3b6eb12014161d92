"""Systems under test, one small file each. To add one: write its file, and name it below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.results import SystemFailure
from eval.systems.base import Mode, System
from rag.settings import Settings

NAMES = "ours, langchain, llamaindex, an http(s) address or module:function"


def make_system(
    name: str,
    settings: Settings,
    *,
    documents: Sequence[Path] = (),
    mode: Mode = "hybrid",
    work: Path,
) -> System:
    """The system called `name`, over an index of `documents` kept below `work` (none: over what is
    in `settings.home`). SystemFailure for a name that is none."""
    if name == "ours":
        from eval.systems.ours import Ours, index_documents

        if documents:
            settings = index_documents(settings, documents, work, mode=mode)
        return Ours(settings, mode=mode)
    if mode != "hybrid":
        raise SystemFailure(f"--mode {mode} is for --system ours; leave it out for {name}")
    if name in ("langchain", "llamaindex"):
        return _framework(name, settings, documents, work)
    if name.startswith(("http://", "https://")):
        from eval.systems.http import http_system

        return http_system(name)
    if ":" in name:
        from eval.systems.function import function_system

        return function_system(name)
    raise SystemFailure(f"no system {name!r}; use {NAMES}")


def _framework(name: str, settings: Settings, documents: Sequence[Path], work: Path) -> System:
    if not documents:
        raise SystemFailure(f"--system {name} reads the files itself; add --documents PATH")
    if name == "langchain":
        from eval.systems.langchain_default import LangChainDefault

        return LangChainDefault(settings, documents, work)
    from eval.systems.llamaindex_default import LlamaIndexDefault

    return LlamaIndexDefault(settings, documents, work)
