"""Prompts as files: `{role}.{lang}.md`, one role and language each, variables declared and checked.

A file starts with its variables between two lines of three dashes (`name: kind`), then the turns
under `# system`, `# user` and `# assistant`. The stable part stands first, evidence after it and
the question last, so that prefix caches hit and the question is the last thing a model reads.

Kinds of variables: `sources` (a sequence of :class:`Source`, fenced), `text` (one string) and
`lines` (a sequence of strings, one a line). Values are data: none can close a fence, and a
`{{name}}` inside a value stays as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal, cast, get_args

from prompts.fence import Source, fenced, neutral

__all__ = [
    "REFUSAL",
    "Language",
    "Message",
    "Prompt",
    "PromptError",
    "Role",
    "Source",
    "language_of",
    "load",
    "parse",
]

Role = Literal["answer", "condense", "decompose", "repair", "judge"]
Language = Literal["zh", "en"]
Value = str | Sequence[str] | Sequence[Source]

REFUSAL = "NOT_IN_DOCUMENTS"
"""What a model writes, and nothing else, when the evidence does not hold the answer."""

_KINDS = ("sources", "text", "lines")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TURN = re.compile(r"^# (system|user|assistant)\s*$", re.MULTILINE)
_HAN = re.compile(r"[\u3400-\u9fff]")


class PromptError(ValueError):
    """A prompt file or a call of `render` whose variables do not fit together."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as loaded: `variables` maps each name to its kind, `turns` still hold `{{name}}`."""

    name: str
    turns: tuple[Message, ...]
    variables: Mapping[str, str]
    hash: str
    """First 12 hex digits of the SHA-256 of the file: which wording made an answer."""

    def render(self, **variables: Value) -> tuple[Message, ...]:
        """The messages with every variable filled in; each must be given, and no other."""
        if variables.keys() != self.variables.keys():
            raise PromptError(
                f"prompt {self.name}: given {_names(variables)}, needs {_names(self.variables)}"
            )
        filled = {name: self._as_text(name, value) for name, value in variables.items()}
        return tuple(
            Message(turn.role, _VARIABLE.sub(lambda found: filled[found[1]], turn.content))
            for turn in self.turns
        )

    def _as_text(self, name: str, value: Value) -> str:
        kind = self.variables[name]
        if kind == "text" and isinstance(value, str):
            return neutral(value).strip()
        if not isinstance(value, str) and kind == "sources":
            if all(isinstance(item, Source) for item in value):
                return fenced(cast(Sequence[Source], value))
        elif not isinstance(value, str) and all(isinstance(item, str) for item in value):
            return "\n".join("- " + " ".join(neutral(str(item)).split()) for item in value)
        raise PromptError(f"prompt {self.name}: {name} must be {kind}, not {type(value).__name__}")


def load(role: Role, lang: Language) -> Prompt:
    """The prompt of a role in a language, its variables checked; raises :class:`PromptError`."""
    if role not in get_args(Role) or lang not in get_args(Language):
        raise PromptError(f"no prompt {role}.{lang}; roles: {_names(get_args(Role))}; zh or en")
    file = resources.files("prompts") / f"{role}.{lang}.md"
    return parse(file.read_text(encoding="utf-8"), name=f"{role}.{lang}")


def parse(text: str, *, name: str) -> Prompt:
    """A prompt from the text of its file; :class:`PromptError` says what does not fit."""
    text = text.replace("\r\n", "\n")
    head, variables = _declared(text, name)
    pieces = _TURN.split(text[head:])
    if pieces[0].strip() or len(pieces) < 3:
        raise PromptError(f"prompt {name}: text must stand under # system, # user or # assistant")
    turns = tuple(
        Message(cast(Literal["system", "user", "assistant"], role), content.strip())
        for role, content in zip(pieces[1::2], pieces[2::2], strict=True)
    )
    used = {found for turn in turns for found in _VARIABLE.findall(turn.content)}
    if used != variables.keys():
        raise PromptError(f"prompt {name}: declares {_names(variables)}, uses {_names(used)}")
    return Prompt(name, turns, variables, hashlib.sha256(text.encode()).hexdigest()[:12])


def language_of(question: str) -> Language:
    """The language that a question is asked in: Chinese when any Chinese character stands in it."""
    return "zh" if _HAN.search(question) else "en"


def _declared(text: str, name: str) -> tuple[int, dict[str, str]]:
    """Where the turns begin, and the declared variables with their kinds."""
    found = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    if found is None:
        raise PromptError(f"prompt {name}: must start with its variables between --- lines")
    variables: dict[str, str] = {}
    for line in found[1].splitlines():
        variable, _, kind = line.partition(":")
        variables[variable.strip()] = kind.strip()
    for variable, kind in variables.items():
        if kind not in _KINDS:
            raise PromptError(f"prompt {name}: {variable} is {kind!r}; use {_names(_KINDS)}")
    return found.end(), variables


def _names(names: object) -> str:
    return ", ".join(sorted(cast(Sequence[str], names))) or "nothing"
