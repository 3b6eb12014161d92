"""What an endpoint's failure means, in one line with the remedy."""

from __future__ import annotations

import email.utils
import json
import re
import time
from typing import Any

from rag.answer.models.base import Fault
from rag.errors import ModelError

_BUSY_RETRIES = 3
_DOWN_RETRIES = 1
_PARAMETERS = {
    "tools": "tools",
    "tool_choice": "tools",
    "tool choice": "tools",
    "function call": "tools",
    "temperature": "temperature",
    "max_completion_tokens": "max_tokens",
    "max_tokens": "max_tokens",
}
"""How an endpoint may call a parameter that it does not take -> ours."""
_REFUSES = re.compile(
    r"support|unknown|unrecogni[sz]ed|not permitted|not allowed|extra|invalid param|requires", re.I
)
_OVERFLOW = re.compile(
    r"context.{0,20}(length|size|window)|prompt is too long|too many tokens", re.I
)
_KEYLIKE = re.compile(r"\b(sk|key|Bearer)[-_ ][\w*.-]{6,}")
_SAID = 160
"""Characters of an endpoint's own words that are repeated."""


def diagnosed(error: Exception, *, place: str, model: str, key: str) -> Fault:
    """The failure of one request to the endpoint at `place`, without `key` in any word of it."""
    import openai

    at = f"the model endpoint {place}"
    if isinstance(error, openai.APIStatusError):
        return _status(error, at, model=model, key=key)
    if isinstance(error, openai.APITimeoutError):
        remedy = "use a smaller model or raise FILINGS_MODEL_TIMEOUT"
        return Fault(ModelError(f"{at} did not answer in time; {remedy}"))
    if isinstance(error, openai.APIConnectionError):
        return _connection(error, at)
    if isinstance(error, openai.APIError):
        return Fault(ModelError(f"{at} reported: {_said(error.message, key)}; see its log"))
    if isinstance(error, (ValueError, KeyError, TypeError, AttributeError, IndexError)):
        broken = isinstance(error, (json.JSONDecodeError, UnicodeDecodeError))
        what = "broken JSON" if broken else "no OpenAI-style stream"
        remedy = "check that OPENAI_BASE_URL is the address that ends in /v1"
        return Fault(ModelError(f"{at} sent {what}; {remedy}"), retries=int(broken))
    what = f"{type(error).__name__}: {_said(str(error), key)}"
    return Fault(ModelError(f"{at} could not be asked ({what}); run `filings doctor`"))


def _connection(error: Exception, at: str) -> Fault:
    links = _causes(error)
    if any(type(link).__name__ in ("RemoteProtocolError", "ReadError") for link in links):
        return Fault(ModelError(f"{at} cut its answer off in the middle; ask again"), retries=1)
    why = str(links[-1]) or type(links[-1]).__name__
    remedy = "start it, or correct OPENAI_BASE_URL"
    return Fault(ModelError(f"{at} cannot be reached ({why}); {remedy}"), retries=_DOWN_RETRIES)


def _causes(error: BaseException) -> list[BaseException]:
    """The error, what caused it, and so on; the HTTP client's own error is somewhere inside."""
    links = [error]
    while (cause := links[-1].__cause__) is not None:
        links.append(cause)
    return links


def _status(error: Any, at: str, *, model: str, key: str) -> Fault:
    code, said = error.status_code, _said(error.message, key)
    if code in (401, 403):
        return Fault(ModelError(f"{at} refused the key ({code}); check OPENAI_API_KEY"))
    if code == 404:
        remedy = "check FILINGS_MODEL, and that OPENAI_BASE_URL ends in /v1"
        return Fault(ModelError(f"{at} does not know the model {model!r} (404); {remedy}"))
    if code == 429:
        return _limited(error, at)
    if code >= 500 or code in (408, 409):
        what = f"{at} failed ({code}: {said})"
        return Fault(
            ModelError(f"{what}; ask again, or see its log"),
            retries=_BUSY_RETRIES,
            wait=_retry_after(error),
        )
    if _OVERFLOW.search(said.replace("_", " ")):
        remedy = "lower FILINGS_CONTEXT_TOKENS"
        return Fault(ModelError(f"{at} finds the question and its evidence too long; {remedy}"))
    refusal = ModelError(f"{at} did not take the request ({code}: {said}); check FILINGS_MODEL")
    return Fault(refusal, unsupported=_unsupported(error))


def _limited(error: Any, at: str) -> Fault:
    if error.code == "insufficient_quota":
        return Fault(ModelError(f"{at} says that the key's quota is used up (429); check billing"))
    wait = _retry_after(error)
    when = "in a while" if wait is None else f"in {wait:g} s"
    told = ModelError(f"{at} is over its rate limit (429); ask again {when}")
    return Fault(told, retries=_BUSY_RETRIES, wait=wait)


def _retry_after(error: Any) -> float | None:
    """Seconds that the endpoint asks us to wait: a number or a date (RFC 9110, 10.2.3)."""
    said = error.response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", said):
        return float(said)
    date = email.utils.parsedate_tz(said)
    return None if date is None else max(0.0, email.utils.mktime_tz(date) - time.time())


def _unsupported(error: Any) -> str:
    """Which of our parameters a 400 or 422 complains about; empty for none of them."""
    if error.param in _PARAMETERS:
        return _PARAMETERS[error.param]
    told = error.message
    if _REFUSES.search(told):
        for theirs, ours in _PARAMETERS.items():
            if theirs in told:
                return ours
    return ""


def _said(text: str, key: str) -> str:
    """The endpoint's own words on one line, shortened, with anything like a key left out."""
    plain = text.replace(key, "…") if key else text
    return _KEYLIKE.sub("…", " ".join(plain.split()))[:_SAID]
