"""An English question taken apart: company, periods, and the measure that it asks about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.followup.slots import Span, companies_in, joined, periods_in, without

OPENING = re.compile(
    r"^(?:(?:and|so|but|ok(?:ay)?|then|now|thanks?(?: you)?|also|what about|how about|what of|(?:the )?same for"
    r"|i mean|(?:can you |please )?(?:give|show|tell) me|i (?:also )?(?:need|want))\b[,.]?\s*)+",
    re.IGNORECASE,
)
CLOSING = re.compile(r"[\s?.!]+$")
CHANGE = r"(?:grow|grew|rise|rose|fall|fell|change|increase|decrease|decline|drop|shrink|improve|compare)"
_WH = r"(?:what|which|who|whom|whose|when|where|why|how)"
_BE = r"(?:was|were|is|are)"
_DO = r"(?:did|does|do|has|have|had|were|are|was|is)"
_TAIL = (
    rf"(?:\s+(?:{CHANGE}|come|amount|stand|reach|total)\w*\b.*"
    r"|\s+(?:in|for|during|at|as of|by|on|from|to|compared|versus|vs\.?|and why|and by)(?:\s.*)?|[,?].*)?$"
)
_SPENDS = r"(?:spend|pay|earn|invest|owe|employ|sell|make|report|record|ship|drill|acquire|buy)"
_PROPER = re.compile(r"(?:[A-Z][\w&-]+)(?: (?:[A-Z][\w&-]+|of|and)(?= [A-Z])| [A-Z][\w&-]+)*")
_NAMED = re.compile(
    rf"\b(?:{_BE}|by)\s+(?P<name>(?:[A-Z][\w.-]*\s?|&\s|and\s(?=[A-Z])|of\s(?=[A-Z])){{1,6}})"
)


@dataclass(frozen=True, slots=True)
class Before:
    """The question before; `company` without 's, `measure` as it stands there."""

    text: str
    company: str
    periods: tuple[Span, ...]
    measure: str

    @property
    def period(self) -> str:
        """The period asked about, as written."""
        return joined(self.text, self.periods)

    @property
    def subject(self) -> str:
        """ "Orlan's net sales", "net sales", or "Orlan"."""
        if self.company and self.measure:
            return f"{possessive(self.company)} {self.measure}"
        return self.company or self.measure


def taken_apart(text: str, companies: Sequence[str]) -> Before:
    """The parts of a question; without known companies the first proper name counts as one."""
    text = OPENING.sub("", text)
    company = company_in(text, companies) or _guessed(text)
    for pattern in _patterns(company):
        if found := re.search(pattern, text, re.IGNORECASE):
            return Before(text, company, tuple(periods_in(text)), found["m"].strip())
    return Before(text, company, tuple(periods_in(text)), "")


def _patterns(company: str) -> list[str]:
    """Where the measure may stand, the surest place first."""
    name = re.escape(company)
    of_company = [
        rf"{name}['’]s?\s+(?P<m>.+?){_TAIL}",
        rf"{_WH}\s+{_BE}\s+(?:the\s+)?(?P<m>.+?)\s+(?:of|at|for)\s+{name}\b",
    ]
    counted = [rf"how (?:much|many)\s+(?P<m>[\w& -]+?)\s+{_DO}\b.*$"]
    by_company = [
        rf"(?:what|which)\s+(?P<m>[\w& -]+?)\s+{_DO}\s+{name}\b",
        rf"{name}\s+{_SPENDS}\s+(?:on\s+|an?\s+)?(?P<m>.+?){_TAIL}",
    ]
    plain = [rf"^{_WH}\s+(?:{_BE}|did)\s+(?:the\s+)?(?P<m>.+?){_TAIL}"]
    return [*of_company, *counted, *by_company, *plain] if company else [*counted, *plain]


def company_in(text: str, companies: Sequence[str]) -> str:
    """The first known company that a text names, as written, or ""."""
    known = companies_in(text, companies)
    return known[0].text if known else ""


def _guessed(text: str) -> str:
    """The first proper name behind the first word, where no names are known."""
    _, _, rest = text.partition(" ")
    found = _PROPER.search(without(rest, periods_in(rest)))
    return found[0] if found and len(found[0]) > 2 else ""


def entity(then: Before, answer: str) -> str:
    """Whom or what the answer named, where the question before asked who or which."""
    if not re.match(r"(?:who|which)\b", then.text, re.IGNORECASE):
        return ""
    found = _NAMED.search(re.sub(r"\s*\[\d+\]", "", answer))
    return found["name"].strip().rstrip(".") if found else ""


def possessive(name: str) -> str:
    """ "Orlan's", "Harrow Textiles'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def within(period: str) -> str:
    """ " in 2024", " at the end of 2024", " for the three months ended …"; "" for no period."""
    if not period:
        return ""
    if re.match(r"the end|year-end", period, re.IGNORECASE):
        return f" at {period}"
    if re.match(r"(?:the )?(?:three|six|nine|twelve) months", period, re.IGNORECASE):
        return f" for {period}"
    return f" at {period}" if re.match(r"[A-Z][a-z]+ \d{1,2},", period) else f" in {period}"


def question(text: str) -> str:
    """A sentence with a capital in front and a question mark behind."""
    text = CLOSING.sub("", text)
    return f"{text[:1].upper()}{text[1:]}?"
