"""Registered Chinese company names in running text: where they end is plain, where they begin not.

"同意甲乙丙股份有限公司在本报告中" ends its name at the legal form, but only the rest of the document
tells that the name does not begin at "同意": the same name stands elsewhere behind a comma, a
bracket or at the start of a line. So every run of name characters before a legal form is counted,
and a run is cut to that suffix of itself which stands alone most often.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rag.load.identity.shortnames import core_of, kernel_of

FORM = r"(?:股份有限公司|有限责任公司|有限公司)"
_FORM = re.compile(FORM)
_RUN = re.compile(r"(?:[\u4e00-\u9fffA-Za-z0-9·&-]|[（(][\u4e00-\u9fff]{2,8}[)）])+$")
LONGEST = 40
"""Characters before the legal form in which a name's beginning is looked for."""
_BEFORE = re.compile(
    r".*(?:公司|担任|就任|任职于|关于对?|成立|设立|收购|认购|持有|委托|通过|聘请|根据|由于|以及|承诺|签署|签订|前身|股东|保荐人|保荐机构"
    r"|主承销商|发行人|同意|作为|名称为?|变更为|更名为|改名为|其中|包括|法人|全资|住所|客户|供应商|注册地|人民币|万元|事务所|事项|控制的|批准|收到|授予|了|所属|下属|上市地点|交易所|[年月日]|\d{4})"
)
"""Words after which a name may begin and of which none is made."""
_LEADING = re.compile(
    r"^(?:[的与及由是系被即\d-]|和(?=[\u4e00-\u9fff]{4}))+(?=[\u4e00-\u9fffA-Za-z]{2})"
)
_ADVISER = re.compile(r"证券|会计师|律师|评估|银行|登记结算|交易所|保险|信托|基金管理|期货|资信")


@dataclass(frozen=True, slots=True)
class Mention:
    """A registered name at [start, end) of a text."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Names:
    """How often each run of name characters with its legal form stands in a document."""

    runs: Mapping[str, int]

    def resolve(self, run: str) -> str:
        """The name inside a run: the suffix that stands alone most often, the longest of equals.

        What a broken line leaves of a name ("科技有限公司") is no name, however often it stands so.
        """
        best = run
        for start in range(1, len(run) - len("有限公司") - 1):
            shorter = run[start:]
            if (
                self.runs.get(shorter, 0) > self.runs.get(best, 0)
                and len(kernel_of(core_of(shorter))) >= 2
            ):
                best = shorter
        return best

    def counts(self) -> Counter[str]:
        """Resolved names with the number of their mentions."""
        counted: Counter[str] = Counter()
        for run, number in self.runs.items():
            counted[self.resolve(run)] += number
        return counted

    def mentions(self, text: str) -> Iterator[Mention]:
        """The names that `text` mentions, in order, each cut as the whole document suggests."""
        for start, end in _runs(text):
            name = self.resolve(text[start:end])
            yield Mention(end - len(name), end, name)


def names_in(text: str) -> Names:
    """Read the names of a whole document."""
    return Names(Counter(text[start:end] for start, end in _runs(text)))


def _runs(text: str) -> Iterator[tuple[int, int]]:
    floor = 0
    for form in _FORM.finditer(text):
        low = max(floor, form.start() - LONGEST)
        run = _RUN.search(text[low : form.start()])
        floor = form.end()
        if run is None:
            continue
        start = low + run.start()
        if before := _BEFORE.match(text[start : form.start()]):
            start += before.end()
        owned = re.match(r".*的", text[start : form.start()])
        if owned and len(kernel_of(core_of(text[start + owned.end() : form.end()]))) >= 2:
            start += owned.end()
        if leading := _LEADING.match(text[start : form.start()]):
            start += leading.end()
        if form.start() - start >= 2:
            yield start, form.end()


def is_adviser(name: str) -> bool:
    """Whether a name is one of those that help others to issue and audit: broker, bank, appraiser."""
    return bool(_ADVISER.search(name))
