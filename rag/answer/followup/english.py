"""English follow-ups: a question that leaves out company, period or measure is made whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.followup.english_parts import (
    CHANGE,
    CLOSING,
    OPENING,
    Before,
    company_in,
    entity,
    possessive,
    question,
    taken_apart,
    within,
)
from rag.answer.followup.slots import (
    Span,
    companies_in,
    dated,
    joined,
    periods_in,
    place_of,
    relative_in,
    shifted,
    without,
    year_of,
)

_ASKS = re.compile(
    r"^(?:what|which|who|whom|whose|when|where|why|how|did|does|do|was|were|is|are|has|have|had|can|could|will"
    r"|(?:by|for|in|at|from|of|on|to|since) (?:how|what|which|whom|when)|list|name)\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:in|for|during|at|as of|of|on|the|and|with|about|to|by|figures?|numbers?|too|as well|instead|it|that|this"
    r"|was|were|is|are|what|how much|please|respectively|fiscal|year|value|amount)\b|[,'’]s\b|[^\w%&]",
    re.IGNORECASE,
)
_ITS = re.compile(r"\b(?:its|their|his|the company['’]s|the firm['’]s)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:the company|the firm|they|it|he|she)\b", re.IGNORECASE)
_IT_IS_THE_MEASURE = re.compile(
    rf"(?<=is )(?:that|it|this)\b|(?<=was )(?:that|it|this)\b|\b(?:it|that|this|they)\b"
    rf"(?=\s*(?:{CHANGE}|amount|made up|make up|account|as a\b|of\b|$|in\b|for\b|compared|relative|higher|lower|more|less))",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"why(?: (?:is|was) that| so| not)?|how (?:so|come)|for what reason|what (?:is|was|were) the (?:main )?reasons?",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:(?:what|which) |as a )?(?P<share>share|percentage|percent|proportion|part|fraction)\b"
    r"(?P<of> of (?:the )?[\w& -]+?)?(?:\s+(?:was|is|were|are|does|did)\s+(?:that|it|this).*)?",
    re.IGNORECASE,
)
_THE_CHANGE = re.compile(
    r"\bthe (?:change|increase|decrease|decline|growth|drop|rise|fall|improvement|difference)$",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(r"(?:by )?how (?:much|fast)|what was the (?:change|growth)", re.IGNORECASE)
_YES_NO = re.compile(r"(?:did|does|was|were|has|have|is|are)\b", re.IGNORECASE)
_BARE = re.compile(
    r"(?:(?:by|for|at|from|to|since|until) )?(?:how (?:much|many|fast|long|often)|when|where|whom|who|which year)",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"(?:(?:when|where|why|how) )?(?P<rest>(?:did|does|was|were|has|have|is|are)\b.*)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:highest|lowest|largest|smallest|biggest|most|least|best|worst|first|second|third|fourth)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\b(?:than|with|to|from|versus|vs|over)\b(?: the)?\s*", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:chair\w*|ceo|cfo|chief \w+ officer|president|auditor)\b", re.IGNORECASE)
_LASTING = re.compile(
    r"\b(?:headquarter|incorporated|founded|chair|chief|ceo|cfo|president|director|auditor|audits|ticker|listed"
    r"|address|website|shareholders?|based)",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"\b(?:how (?:much|many|high|large|big)|revenue|sales|profit|income|margin|cost|expense|earnings|cash|debt|assets"
    r"|liabilit|employees|headcount|rate|ratio|share|percent|spend|grow|grew|fall|fell|rise|rose|dividend|loss"
    r"|backlog|inventor|orders?|capex|growth|price)",
    re.IGNORECASE,
)
_ACROSS = re.compile(
    r"\bwhich (?:company|companies|of them|firm)\b|\bboth companies\b", re.IGNORECASE
)
_EDGES = re.compile(
    r"^['’]s\b\s*|^(?:in|for|of|at|on)\s+|^(?:the|its|their)\s+|\s+(?:in|for|of|at|during|as of)(?:\s+(?:the|of|at))?$|['’]s$",
    re.IGNORECASE,
)


def resolved(asked: str, before: str, answer: str, companies: Sequence[str]) -> str:
    """`asked` made whole with the question before it and its answer; unchanged where it is."""
    then = taken_apart(CLOSING.sub("", before.strip()), companies)
    said = CLOSING.sub("", asked.strip())
    core = _dated(OPENING.sub("", said), then)
    own, periods = company_in(core, companies), periods_in(core)
    left = _FILLER.sub("", without(core, [*companies_in(core, companies), *periods]))
    if not left and (own or periods):
        return _with_slots(then, own, joined(core, periods))
    who = entity(then, answer) if _ITS.search(core) or _IT.search(core) else ""
    if not own and not who and (aspect := _aspect(core, then, periods)):
        return aspect
    if not _ASKS.match(core):
        return _other_measure(core, then, own, periods)
    if (own and core == said) or _ACROSS.search(core):
        return asked.strip()
    whole = _completed(core, then, own=own, who=who or then.company)
    return asked.strip() if whole == said else question(whole)


def _dated(core: str, then: Before) -> str:
    """Periods named by their distance ("the year before") or without a year written out."""
    if not then.period:
        return core
    if found := relative_in(core):
        span, years = found
        if _AGAINST.search(core[: span.start]):
            return core
        base = then.periods[0].text if years < 0 else then.periods[-1].text
        return core[: span.start] + shifted(base, years) + core[span.end :]
    spans = periods_in(core)
    if len(spans) == 1 and not dated(spans[0].text) and (year := year_of(then.period)):
        joint = " " if re.match(r"[QH]\d", spans[0].text, re.IGNORECASE) else " of "
        return core[: spans[0].end] + joint + year + core[spans[0].end :]
    return core


def _with_slots(then: Before, company: str, period: str) -> str:
    """The question before, asked of another company or period."""
    text = _with_period(then, period) if period else then.text
    if company:
        text = text.replace(then.company, company, 1) if then.company else f"{text} at {company}"
    return question(text)


def _with_period(then: Before, period: str) -> str:
    if not then.periods:
        return then.text + within(period)
    named, text = periods_in(period), then.text
    if (
        len(named) == 1
        and len(then.periods) == 2
        and not then.period.endswith(then.periods[1].text)
    ):
        years = int(year_of(period) or 0) - int(year_of(then.periods[-1].text) or 0)
        for span in reversed(then.periods):
            text = text[: span.start] + shifted(span.text, years) + text[span.end :]
        return text
    if then.period.lower().startswith("the ") and re.match(
        r"first|second|third|fourth|end|full", period
    ):
        period = f"the {period}"
    return text.replace(then.period, period, 1)


def _aspect(core: str, then: Before, periods: Sequence[Span]) -> str:
    """What is asked about the measure before: why, its share, its growth; "" for another thing."""
    when = within(joined(core, periods) or then.period)
    if not then.subject:
        return ""
    if _WHY.fullmatch(core):
        return _why(then, when)
    if _BARE.fullmatch(core) and (verb := _VERB_FIRST.match(then.text)):
        rest = then.text[verb.start("rest") :]
        return question(f"{core} {rest[0].lower()}{rest[1:]}")
    if not then.measure:
        return ""
    if _THE_CHANGE.search(core) and " in " not in core:
        return question(f"{core} in {then.subject}{when}")
    if share := _SHARE.fullmatch(without(core, periods, "").removesuffix(" in").strip()):
        return question(
            f"What {share['share'].lower()}{share['of'] or ''} was {then.subject}{when}"
        )
    if _IT_IS_THE_MEASURE.search(core) and _ASKS.match(core) and not _ITS.search(core):
        based = periods and _AGAINST.search(core)
        subject = then.subject + (within(then.period) if based else "")
        return question(_IT_IS_THE_MEASURE.sub(subject, core, count=1) + ("" if periods else when))
    return question(f"{core} did {then.subject} change{when}") if _HOW_MUCH.fullmatch(core) else ""


def _why(then: Before, when: str) -> str:
    if _YES_NO.match(then.text):
        return question(f"Why {then.text[0].lower()}{then.text[1:]}")
    changed = re.search(rf"\b{CHANGE}\w*\b", then.text, re.IGNORECASE)
    return question(f"Why did {then.subject} {changed[0].lower() if changed else 'change'}{when}")


def _other_measure(core: str, then: Before, own: str, periods: Sequence[Span]) -> str:
    """The question before, asked about something else ("and the gross margin?", "the lowest?")."""
    name = without(core, [*periods, *place_of(own, core)], "").strip()
    while (trimmed := _EDGES.sub("", name).strip()) != name:
        name = trimmed
    whole = _with_slots(then, own, joined(core, periods))
    if (place := _PLACE.match(name)) and (placed := _PLACE.search(then.text)):
        return whole.replace(placed[0], place[0].lower(), 1)
    asks_who = re.match(r"who|where|when", then.text, re.IGNORECASE)
    if then.measure in whole and then.measure and not _PERSON.search(name) and not asks_who:
        return whole.replace(then.measure, name, 1)
    company = own or then.company
    of = f" of {company}" if company else ""
    if _PERSON.search(name):
        return question(f"Who is the {name}{of}")
    return question(f"What was the {name}{of}{within(joined(core, periods) or then.period)}")


def _completed(core: str, then: Before, *, own: str, who: str) -> str:
    """A full question that lacks only its company or period, or points back with "it" and "its"."""
    text = core
    if who and not own:
        text = _ITS.sub(possessive(who), core, count=1)
        text = _IT.sub(who, text, count=1) if text == core else text
        text = f"{text} at {who}" if text == core else text
    lasting = not _QUANTITY.search(core) or _LASTING.search(core)
    return text if lasting or periods_in(core) or relative_in(core) else text + within(then.period)
