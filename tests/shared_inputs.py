"""The real documents that tests may read, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("FILINGS_SHARED", Path(__file__).parents[2] / "shared"))
SAMPLES = Path(__file__).parents[1] / "data" / "filings"


def shared(*parts: str) -> Path:
    """A path among the shared documents; skips the test where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the shared document {'/'.join(parts)} is not here (set FILINGS_SHARED)")
    return path
