"""Sentences in a document that speak to a language model instead of to a reader.

A fence and a rule in the prompt hold a large model; a small one follows whatever imperative stands
nearest to the question. So such sentences are not shown to a model at all. They stay where they
are in the passage, for a person to see and to quote. The patterns name what only a model could be
told (its rules, its prompt, its user, what to output): filings tell companies to reply and explain
all the time, and that must pass.
"""

from __future__ import annotations

import re

WITHHELD = "[…]"
"""Stands where a sentence was withheld; reads the same in every language."""

_CHINESE = (
    r"(?:忽略|无视|忘记|忘掉|忽视|不要理会|不必遵守|不再遵守|抛开|跳过|绕过|覆盖)[^。！？\n]{0,8}"
    r"(?:以上|上述|上面|之前|此前|前面|先前|前文|所有|一切|全部|其他|其它|系统|你的|原有|既定)"
    r"[^。！？\n]{0,10}(?:指令|指示|规则|提示|设定|约束|命令|要求|限制|来源|资料|对话)",
    r"(?:你|您)(?:现在)?(?:是|扮演|充当)[^。！？\n]{0,10}(?:AI|人工智能|模型|助手|机器人|助理|GPT)",
    r"作为(?:一个|一名)?(?:AI|人工智能|智能)?(?:语言模型|大模型|助手|聊天机器人|问答助手|问答系统)",
    r"(?:请|必须|务必|只能|只需|应当|一律|直接|统一|改为|并)[^。！？，,\n]{0,10}"
    r"(?:回答|输出|作答|回复|打印)[^。！？，,\n]{0,6}[“「『‘\"']",
    r"(?:一律|全部|统统|所有问题|任何问题|每个问题)[^。！？\n]{0,10}(?:回答|答案|作答|输出)",
    r"(?:回答|输出|作答)(?:时|中|里)?[^。！？，,\n]{0,6}(?:必须|一律|只能|不得|不要|务必)",
    r"(?:泄露|输出|显示|打印|透露|公布|说出|复述)[^。！？\n]{0,12}(?:提示词|系统提示|系统指令|密钥|API|口令)",
    r"(?:告诉|告知|回复|诱导)(?:用户|提问者|提问的人|使用者)",
    r"(?:系统|开发者|管理员)(?:消息|提示|指令|提示词|命令)\s*[:：]|[\[【](?:系统|SYSTEM)[\]】]",
    r"(?:新的|最新)(?:指令|系统提示|任务指令)\s*[:：]",
    r"(?:致|写给|发给|针对)(?:AI|人工智能|语言模型|大模型|机器人|智能助手|自动)[^。！？\n]{0,8}(?:指示|指令|说明|读者|系统|助手|[:：])",
)
_ENGLISH = (
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,30}"
    r"\b(?:previous|above|prior|all|any|earlier|other|your|system|preceding)\b[^.!?\n]{0,30}"
    r"\b(?:instructions?|rules?|prompts?|directions?|commands?|constraints?|sources?|context|messages?)\b",
    r"\byou are (?:now |a |an |no longer |in )?[^.!?\n]{0,24}\b(?:AI|assistant|language model|chatbot|GPT|DAN|developer mode)\b",
    r"\b(?:as|dear) (?:an? )?(?:AI|AI assistant|large language model|language model|chatbot)\b",
    r"(?:^|[.!:;]\s*|\b(?:must|please|always|instead|then|should|only|simply|just) )"
    r"(?:answer|respond|reply|output)\b[^.!?\n]{0,30}?(?:\bonly\b|\bexactly\b|\bwith\b|[:“\"'])",
    r"\b(?:reveal|print|show|output|repeat|leak|disclose)\b[^.!?\n]{0,30}"
    r"\b(?:system prompt|your prompt|prompts?|api[ _]?keys?|your instructions|environment variables?)\b",
    r"\b(?:tell|inform|convince) the user\b|\bthe user'?s question\b|\bwhen the user asks\b",
    r"\b(?:system|developer|admin) (?:prompts?|override|(?:message|instruction)s?\s*:)|\bjailbreak\b",
    r"\[(?:system|/?inst)\]|^\s*(?:system|assistant|user)\s*:|#{2,}\s*(?:system|instructions?)\b",
    r"\b(?:new|updated|additional) instructions?\s*:|\bend of (?:sources?|context|documents?)\b",
)
_TO_A_MODEL = re.compile("|".join(f"(?:{p})" for p in (*_CHINESE, *_ENGLISH)), re.IGNORECASE | re.M)
_SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?]+[”’」』\"]*|\.(?=\s+[A-Z])|\n|$)")


def speaks_to_model(sentence: str) -> bool:
    """Whether a sentence or table row gives orders to a language model."""
    return _TO_A_MODEL.search(sentence) is not None


def withhold(text: str) -> str:
    """`text` with every sentence and row that speaks to a model replaced by :data:`WITHHELD`."""
    if not speaks_to_model(text):
        return text
    return "".join(_kept(found[0]) for found in _SENTENCE.finditer(text))


def _kept(sentence: str) -> str:
    if not speaks_to_model(sentence):
        return sentence
    return WITHHELD + ("\n" if sentence.endswith("\n") else "")
