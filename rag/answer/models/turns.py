"""Our messages as LangChain's, and what a model's tool calls gave."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prompts import Message
from rag.answer.models.base import Tool

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk, BaseMessage, ToolMessage


def as_langchain(messages: Sequence[Message]) -> list[BaseMessage]:
    """The messages as a LangChain chat model takes them."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds: dict[str, type[BaseMessage]] = {
        "system": SystemMessage,
        "user": HumanMessage,
        "assistant": AIMessage,
    }
    return [kinds[message.role](content=message.content) for message in messages]


def schema(tool: Tool) -> dict[str, Any]:
    """A tool as an OpenAI-style function declaration."""
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": function}


def results(reply: AIMessageChunk, tools: Sequence[Tool]) -> list[ToolMessage]:
    """What each call of `reply` gave; a call that makes no sense is told so and may be mended."""
    from langchain_core.messages import ToolMessage

    return [
        ToolMessage(
            content=_run(call["name"] or "", call["args"] or "{}", tools),
            tool_call_id=call["id"] or "",
        )
        for call in reply.tool_call_chunks
    ]


def _run(name: str, arguments: str, tools: Sequence[Tool]) -> str:
    """The result of one call, or what was wrong with it.

    The arguments are decoded here and strictly: LangChain completes JSON that was cut short, and a
    figure that lost its last digits would pass for the figure that was meant.
    """
    tool = next((tool for tool in tools if tool.name == name), None)
    if tool is None:
        offered = ", ".join(tool.name for tool in tools)
        return f"error: there is no tool {name!r}; there are: {offered}"
    try:
        decoded = json.loads(arguments)
        if not isinstance(decoded, dict):
            return "error: the arguments are not a JSON object"
        return tool.run(decoded)
    except json.JSONDecodeError:
        return "error: the arguments are not valid JSON"
    except ValueError as error:
        return f"error: {error}"


def finish_reason(chunks: Sequence[AIMessageChunk]) -> str:
    """Why the model stopped ("stop", "length", "tool_calls" …); empty when it never said."""
    for chunk in reversed(chunks):
        said = chunk.response_metadata.get("finish_reason") or chunk.response_metadata.get("status")
        if said:
            return str(said)
    return ""


def merged(chunks: Sequence[AIMessageChunk]) -> AIMessageChunk | None:
    """The chunks of one reply as one message, None for none."""
    if not chunks:
        return None
    from langchain_core.messages.ai import add_ai_message_chunks

    return add_ai_message_chunks(chunks[0], *chunks[1:])
