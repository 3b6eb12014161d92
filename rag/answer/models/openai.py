"""Any OpenAI-compatible endpoint: OpenAI, DeepSeek, DashScope, Ollama, vLLM, llama.cpp.

The only module that knows the vendor's client. The key is read by the caller, handed to the client
and never stored in a setting, a message or a log.
"""

from __future__ import annotations

import ipaddress
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.answer.models.chat import ChatWriter
from rag.answer.models.diagnosis import diagnosed
from rag.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

OPENAI = "https://api.openai.com/v1"
OPENAI_MODEL = "gpt-5.4-mini"
"""Asked at OpenAI itself when FILINGS_MODEL names none."""
_CONNECT = 10.0
"""Seconds for a connection: a machine that is there answers sooner, whatever its model does."""


def openai_writer(*, model: str, base_url: str, key: str, timeout: float) -> ChatWriter:
    """A writer at an endpoint; nothing is sent before the first draft.

    Without `base_url` it is OpenAI itself and needs a `key`; other endpoints may do without. With
    no `model` the endpoint is asked which one it serves.
    """
    if not base_url and not key:
        raise SettingsError(
            "no OPENAI_API_KEY and no OPENAI_BASE_URL: set one of them, or FILINGS_PROVIDER=extractive"
        )
    endpoint = _Endpoint(_checked(base_url or OPENAI), model, key, timeout)
    return ChatWriter(
        label=endpoint.label,
        place=f"the model endpoint {endpoint.shown}",
        local=endpoint.on_this_machine,
        make=endpoint.chat,
        diagnose=lambda error: diagnosed(
            error, place=endpoint.shown, model=endpoint.model, key=key
        ),
        timeout=timeout,
        release=endpoint.close,
    )


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            f"base_url is {_shown(url)!r}; give an address like http://127.0.0.1:8080/v1"
        )
    return url.rstrip("/")


def _shown(url: str) -> str:
    """An address without the name and password that may stand in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


@dataclass
class _Endpoint:
    address: str
    model: str
    key: str = field(repr=False)
    timeout: float
    _chat: Any = field(default=None, repr=False)
    _client: Any = field(default=None, repr=False)
    _making: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def shown(self) -> str:
        return _shown(self.address)

    @property
    def on_this_machine(self) -> bool:
        host = urlsplit(self.address).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    def label(self) -> str:
        return f"openai:{self.model or urlsplit(self.shown).netloc}"

    def chat(self) -> BaseChatModel:
        """The LangChain chat model, made once (by the first thread that needs it)."""
        with self._making:
            if self._chat is None:
                self._chat = self._made()
        chat: BaseChatModel = self._chat
        return chat

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def _made(self) -> BaseChatModel:
        import openai
        from langchain_openai.chat_models.base import BaseChatOpenAI, ChatOpenAI
        from pydantic import SecretStr

        # The watch over the stream has the shorter patience: it knows what has come already.
        patience = openai.Timeout(self.timeout + 5, connect=min(_CONNECT, self.timeout))
        # A proxy set for the outside world must not be asked for this machine.
        self._client = openai.DefaultHttpxClient(
            timeout=patience, trust_env=not self.on_this_machine
        )
        hosted = self.address == OPENAI
        if not self.model:
            self.model = OPENAI_MODEL if hosted else self._served(openai)
        # OpenAI renamed max_tokens; most compatible servers know the old name only, which the base
        # class still sends, and none of them has the Responses API for certain.
        kind: type[BaseChatOpenAI] = ChatOpenAI if hosted else BaseChatOpenAI
        return kind(
            model=self.model,
            base_url=self.address,
            api_key=SecretStr(self.key or "none"),
            timeout=patience,
            max_retries=0,
            stream_usage=False,
            use_responses_api=None if hosted else False,
            http_client=self._client,
            openai_proxy="",  # OPENAI_PROXY would refuse a client of our own; proxies come from it
        )

    def _served(self, openai: Any) -> str:
        """The one model that the endpoint serves; several of them are for the user to choose."""
        client = openai.OpenAI(
            api_key=self.key or "none",
            base_url=self.address,
            max_retries=0,
            http_client=self._client,
        )
        names = [str(model.id) for model in client.models.list()]
        if len(names) == 1:
            return names[0]
        offered = ", ".join(names[:8]) or "none"
        raise ModelError(
            f"the model endpoint {self.shown} offers these models: {offered}; "
            "set FILINGS_MODEL to the one to use"
        )
