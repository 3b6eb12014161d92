"""Yes or no: whether a sentence that decides a question affirms or denies what is asked."""

from __future__ import annotations

import re

from rag.retrieve.query import Query

_DENIES = re.compile(
    r"不存在|未超过|不超过|未达到|未发生|未出现|未发现|不属于|不构成|不涉及|不会|没有|尚未|未能|未计提|并非|不符合|不适用|不影响|均未|均不"
    r"|\b(?:not|no|none|never|neither)\b|n't\b",
    re.I,
)
_ASKS_DENIAL = re.compile(r"没有.{0,20}吗|不存在|未|不(?!是不)|\bnot\b|n't\b", re.I)
_CHOICE = re.compile(r"有没有|是不是|会不会|能不能|有无|还有没有")
_LIMIT = re.compile(r"超过|超出|突破|高于|达到|exceed|break|more than|above", re.I)


def verdict(query: Query, sentence: str) -> str:
    """ "否。" or "No. " where a yes/no question is certainly denied by the sentence; else empty.

    Only a denial in so many words decides: that a sentence merely lacks one affirms nothing.
    """
    if query.form != "yesno":
        return ""
    question = _CHOICE.sub("", query.text)
    if not _DENIES.search(sentence) or _ASKS_DENIAL.search(question):
        return ""
    return "No. " if query.language == "en" else "否。"
