"""English company names: the registrant of a US filing, names as printed, and their short forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LEGAL = r"(?:Inc(?:orporated)?|Corp(?:oration)?|Ltd|Limited|Company|Co|plc|LLC|L\.L\.C|LLP|LP|N\.V|NV|S\.A|SA|AG|SE|GmbH|AB|ASA|Oyj)"
FULL = re.compile(
    r"\b[A-Z0-9][\w&'’.\-]{0,40}(?:,?[ \t]+(?:[A-Z0-9&][\w&'’.\-]{0,40}|of|and|the|de|for)){0,9}?,?[ \t]*\b"
    rf"(?:Co\.?,?[ \t]*(?:Ltd|Inc|LTD|INC)|{_LEGAL}|INC|CORP(?:ORATION)?|LTD|LIMITED|COMPANY|PLC)\b\.?"
)
"""A full English name: capitalised words up to a legal form."""
MOST = 20
"""Different names of a cover that are weighed against each other; a cover has three."""
_REGISTRANT = re.compile(
    r"(?P<name>[^\n]{2,90}?)\s*\n?\s*\(\s*Exact\s+name\s+of\s+(?:the\s+)?registrant", re.IGNORECASE
)
_END = re.compile(
    rf"(?:,?\s*\b(?:Co\.?,?\s*(?:Ltd|Inc)|{_LEGAL})\b\.?|,?\s*\((?:Publ|publ)\))+$", re.IGNORECASE
)
_LOOSE = re.compile(
    r"\s+(?:Group|Holdings?|International|Worldwide|Global|Enterprises|Share)$", re.IGNORECASE
)
_ADVISER = re.compile(
    r"Accountants|Securities|Law Firm|Attorneys|Bank of|Appraisal|Auditors", re.IGNORECASE
)
_PLACES = frozenset(
    (
        "beijing shanghai tianjin chongqing hebei shanxi liaoning jilin heilongjiang jiangsu zhejiang anhui fujian jiangxi shandong henan hubei hunan "
        "guangdong hainan sichuan guizhou yunnan shaanxi gansu qinghai guangxi tibet ningxia xinjiang inner mongolia hong kong macau china chinese asia "
        "shenzhen guangzhou hangzhou nanjing suzhou chengdu wuhan xian changsha xiamen qingdao dalian ningbo wuxi jinan hefei fuzhou zhengzhou huangshan "
        "american america united states national global international general first new the north south east west northern southern pacific atlantic european"
    ).split()
)  # fmt: skip
_TRADES = frozenset(
    (
        "pharmaceutical pharmaceuticals pharma biopharma biopharmaceutical biotech biotechnology technology technologies tech science scientific "
        "scientific-industrial- science&technology food foods energy environmental thermoelectric solar wind power electric electronics industry industries "
        "industrial trade trading wine grape brewery instrument instruments precision drives drive machinery equipment materials material chemical chemicals "
        "explosive explosives capsule port ports operations logistics shipping medical health healthcare dairy semiconductor semiconductors optics sensors "
        "group holding holdings company share outdoor outdoors brands systems software services products manufacturing financial bank insurance motors "
        "automotive media entertainment water utilities steel cement paper textile communications telecom network networks capital investment"
    ).split()
)  # fmt: skip
GENERIC = frozenset(
    (
        "company|corporation|registrant|issuer|group|we|us|our|parent|commission|sec|board|act|exchange act|securities act|agreement|plan|notes|committee"
        "|proxy statement|annual meeting|common stock|report|offering|credit agreement|securities|trust|bank|fund|partnership|the company|our company"
    ).split("|")
)


_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:[aoeiu]|ai|ei|ui|ao|ou|iu|ie|ue|an|en|in|un|ang|eng|ing|ong|ia|iao|ian|iang|iong|ua|uo|uai|uan|uang)$"
)
"""A syllable of romanised Chinese: "Wei Long" is also written "Weilong"."""


def registrant(head: str, text: str) -> str:
    """The name above "(Exact name of registrant …)" as prose writes it; empty where there is none."""
    match = _REGISTRANT.search(head)
    if match is None:
        return ""
    line = " ".join(match["name"].split())
    names = list(FULL.finditer(line))
    name = names[-1][0] if names and len(line) - names[-1].end() <= 2 else line
    return as_written(name.strip(" ,"), text)


def company_in(lines: Sequence[str], text: str) -> str:
    """Of the full names in `lines` the one that `text` has most often, as prose writes it."""
    level = levelled(text)
    runs = dict.fromkeys(m[0] for m in FULL.finditer("\n".join(lines)))
    cut = dict.fromkeys(english_name(run, level) for run in runs if not _ADVISER.search(run))
    names = [as_written(name, text) for name in list(cut)[:MOST]]
    proper = [name for name in names if name[:1].isupper() or name[:1].isdigit()]
    return max(proper, key=lambda name: level.count(name.lower()), default="")


def levelled(text: str) -> str:
    """A text in small letters with single spaces, in which names are counted."""
    return " ".join(text.lower().split())


def english_name(run: str, level: str) -> str:
    """The name at the end of a run of capitalised words: the suffix that stands most often.

    `level` is the document as `levelled` returns it. At least one word stays before the legal
    form; of equals the longest counts.
    """
    words = run.strip(" ,").split()
    least = 3 if re.fullmatch(r"(?:Co\.?,?|CO\.?,?)", words[-2] if len(words) > 2 else "") else 2
    suffixes = [" ".join(words[i:]) for i in range(0, max(len(words) - least, 0) + 1)]
    if len(suffixes) == 1:
        return suffixes[0]
    return max(suffixes, key=lambda name: (level.count(name.lower()), len(name)))


def as_written(name: str, text: str) -> str:
    """`name` in the spelling that `text` uses most outside capitals; capitals made words else."""
    loose = r"\s+".join(re.escape(word) for word in name.split())
    seen = Counter(" ".join(m[0].split()) for m in re.finditer(loose, text, re.IGNORECASE))
    mixed = [spelling for spelling, _ in seen.most_common() if not spelling.isupper()]
    if mixed or not name.isupper():
        return mixed[0] if mixed else name
    return " ".join(
        word if len(word) <= 3 and word.isalpha() else word.capitalize() for word in name.split()
    )


def short_names(full: str, text: str) -> tuple[str, ...]:
    """Short forms of a full English name: without legal form, without place, the bare name.

    A single word counts only where `text` uses it as a name of its own and never as a word.
    """
    core = _END.sub("", full.strip()).strip(" ,")
    if not core or len(core) < 3:
        return ()
    found = [core]
    loose = _LOOSE.sub("", core)
    if loose != core and (" " in loose or _stands_alone(loose, text)):
        found.append(loose)
    found += [*_kernel(core, text), *_first_word(core, text)]
    return tuple(dict.fromkeys(found))


def _kernel(core: str, text: str) -> list[str]:
    """The words before the first that names a trade, where they are a name by themselves."""
    words = re.sub(r"(?<=\w)&(?=\w)", " & ", core).split()
    while words and words[0].lower().strip(",.") in _PLACES:
        words.pop(0)
    kernel: list[str] = []
    for word in words:
        if word.lower().strip(",.") in _TRADES or word in {"&", "of", "and"}:
            break
        kernel.append(word.capitalize() if word.isupper() and len(word) > 4 else word)
    if not kernel or " ".join(kernel) == core:
        return []
    if len(kernel) == 1:
        name = kernel[0].strip(",.")
        return [name] if len(name) >= 4 and _is_name(name, text) else []
    syllables = len(kernel) == 2 and all(_SYLLABLE.match(word.lower()) for word in kernel)
    return [" ".join(kernel), *(["".join(kernel).capitalize()] if syllables else [])]


def _first_word(core: str, text: str) -> list[str]:
    """The first word of a name, where the text twice lets it stand for the whole."""
    first, _, rest = core.partition(" ")
    if not rest or len(first) < 4 or first.lower() in _PLACES or not _is_name(first, text):
        return []
    alone = re.findall(rf"\b{re.escape(first)}\b(?!\s+{re.escape(rest.split()[0])})", text)
    return [first] if len(alone) >= 2 else []


def _is_name(word: str, text: str) -> bool:
    """Whether a text never uses the word in small letters."""
    return re.search(rf"(?<![A-Za-z@./-]){re.escape(word.lower())}(?![A-Za-z@.-])", text) is None


def _stands_alone(name: str, text: str) -> bool:
    return len(re.findall(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)) >= 2 and _is_name(
        name, text
    )


_LABEL = re.compile(
    r"(?:英文|外文)(?:名称|全称|名)\s*[^A-Za-z\n]{0,8}(?P<name>[A-Z][A-Za-z0-9 ,.&'’()\-]{4,90})"
)


def printed_name(company: str, text: str) -> str:
    """The English name that a Chinese filing prints for `company`; empty where it prints none.

    A label ("英文名称") counts only shortly behind the company's own name, as a filing prints the
    English names of others as well.
    """
    for match in _LABEL.finditer(text):
        before = text[max(0, match.start() - 160) : match.start()]
        if company in before:
            return _tidy(match["name"])
    return ""


def cover_name(lines: Sequence[str]) -> str:
    """An English name that fills a line of a Chinese cover; empty where there is none."""
    for line in lines:
        match = FULL.match(line.strip())
        if match and match.end() >= len(line.strip()) - 1 and not _ADVISER.search(line):
            return _tidy(match[0])
    return ""


def _tidy(name: str) -> str:
    name = " ".join(name.split()).strip(" ,(-")
    full = FULL.match(name)
    return full[0].strip() if full else name
