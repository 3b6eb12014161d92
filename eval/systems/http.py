"""Any HTTP endpoint as a system: POST {"question", "history"}, the contract's JSON comes back."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from eval.results import SystemFailure
from eval.systems.function import JsonSystem

TIMEOUT = 300.0
"""Seconds for one answer."""


def http_system(url: str, *, timeout: float = TIMEOUT) -> JsonSystem:
    """The system behind `url`; an endpoint that is down or talks nonsense is a SystemFailure."""

    def ask(question: str, history: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
        body = json.dumps({"question": question, "history": list(history)}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(url, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                raw = json.load(response)
        except (OSError, ValueError) as error:
            raise SystemFailure(f"{url}: {error}; check that the endpoint is up") from error
        if not isinstance(raw, dict):
            raise SystemFailure(f"{url}: answered {type(raw).__name__}, not a JSON object")
        return raw

    return JsonSystem(url, ask, workers=4)
