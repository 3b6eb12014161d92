"""The data that flows through filings-qa: frozen dataclasses, no behaviour that needs a library.

A file becomes a :class:`Filing` (pages of blocks), a filing becomes :class:`Passage` objects, a
question finds :class:`Hit` objects, and an :class:`Answer` cites them. Every offset in this module
counts characters (code points), never bytes or tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Speaker = Literal["question", "reply", "opinion"]
"""Who speaks in an inquiry reply: the regulator, the company, or its accountant, lawyer or sponsor."""

Status = Literal["answered", "partial", "not_found"]
Verdict = Literal["supported", "computed", "unsupported"]
CheckKind = Literal["amount", "percentage", "date", "count", "code", "name"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as printed; `level` 1 is the outermost."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its hard-wrapped lines joined again.

    `open_end` says that the sentence goes on in the first paragraph of the next page.
    """

    text: str
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `header` and `rows` hold cells as printed.

    `glued` marks a table whose cells could not be told apart with certainty: then every row is a
    single cell, the line verbatim. `continued` marks the continuation of the previous page's table
    (its caption, unit and header are repeated from there).
    """

    caption: str
    unit: str
    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    glued: bool = False
    continued: bool = False
    scope: str = ""


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `label` as printed ("7-2-15", "第12页", "37"; None where none is), `index` from 0."""

    label: str | None
    index: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class FilingRef:
    """What a filing is, without its contents.

    `id` is a content hash, `source` the path as ingested, `date` ISO (YYYY-MM-DD, YYYY-MM or
    YYYY; empty where the document does not say). `aliases` are the other names that the document
    defines for its company (short name, former names, English name).
    """

    id: str
    title: str
    company: str
    ticker: str
    kind: str
    date: str
    source: str
    aliases: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """A loaded document: what it is (`ref`) and its pages."""

    ref: FilingRef
    pages: tuple[Page, ...]
    short_forms: Mapping[str, str] = field(default_factory=dict)
    """Short forms that the filing defines ("药源启东二期项目" …), each with what it stands for."""

    @property
    def id(self) -> str:
        return self.ref.id

    @property
    def title(self) -> str:
        return self.ref.title

    @property
    def company(self) -> str:
        return self.ref.company

    @property
    def ticker(self) -> str:
        return self.ref.ticker

    @property
    def kind(self) -> str:
        return self.ref.kind

    @property
    def date(self) -> str:
        return self.ref.date

    @property
    def source(self) -> str:
        return self.ref.source


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one section that a person can read by itself.

    `pages` are the labels that it covers, first to last; `page_starts` pairs the offset in `text`
    at which each page begins with that page's index, so any span can be cited to its own page.
    `section` is the path of headings above it, outermost first.
    """

    id: str
    filing: FilingRef
    pages: tuple[str | None, ...]
    section: tuple[str, ...]
    kind: Literal["text", "table"]
    text: str
    page_starts: tuple[tuple[int, int], ...] = ((0, 0),)
    speaker: Speaker | None = None
    item: str = ""
    """For a file of many items (a news digest): what this item is about, else empty."""

    def page_at(self, offset: int) -> str | None:
        """The printed label of the page on which the character at `offset` stands."""
        label = self.pages[0] if self.pages else None
        for (start, _), page in zip(self.page_starts, self.pages, strict=False):
            if start <= offset:
                label = page
        return label

    def page_index_at(self, offset: int) -> int:
        """The index (from 0) of the page on which the character at `offset` stands."""
        index = self.page_starts[0][1]
        for start, page in self.page_starts:
            if start <= offset:
                index = page
        return index


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. `sources` maps each retriever to its rank (from 1)."""

    passage: Passage
    score: float
    rank: int
    sources: Mapping[str, int] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)
    repeats: tuple[str, ...] = ()
    """Where the same words stand as well: "title, page" of each near-identical passage."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Evidence for one statement: `quote` is `passage.text[start:end]`, verbatim."""

    n: int
    passage_id: str
    filing_id: str
    title: str
    source: str
    page: str | None
    section: tuple[str, ...]
    quote: str
    start: int
    end: int
    page_index: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one figure, date or name of an answer; `citation` is the number n or None."""

    kind: CheckKind
    claim: str
    verdict: Verdict
    citation: int | None = None
    expression: str = ""
    operands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer or a refusal (`status` not_found); `text` carries [n] markers of `citations`."""

    question: str
    text: str
    status: Status
    citations: tuple[Citation, ...] = ()
    checks: tuple[Check, ...] = ()
    hits: tuple[Hit, ...] = ()
    model: str = "extractive"
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by step."""
    standalone: str = ""
    """The question as understood, when a conversation had to be resolved into it."""
    notes: tuple[str, ...] = ()
    """Plain words for the user: a model that was down, a part that is missing."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be ingested, and why, with the remedy."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did; each entry of `added`, `unchanged`, `replaced` is a filing."""

    added: tuple[FilingRef, ...] = ()
    unchanged: tuple[FilingRef, ...] = ()
    replaced: tuple[FilingRef, ...] = ()
    failed: tuple[Failure, ...] = ()
    passages: int = 0
    """Passages added by this ingest."""
    pending: int = 0
    """Passages that still wait for their vectors (with `defer_vectors`)."""
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FilingState:
    """A filing in the catalog: `embedded` of its `passages` have their vectors."""

    ref: FilingRef
    pages: int
    passages: int
    embedded: int
    characters: int
    added: str
    """ISO date and time (UTC) of the ingest."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an ingest stands; `stage` is "reading" or "embedding"."""

    stage: Literal["reading", "embedding"]
    filings_done: int
    filings_total: int
    passages_done: int
    passages_total: int
    current: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """First event of a streamed answer: what was found, before anything is written."""

    hits: tuple[Hit, ...]
    standalone: str


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the draft as the model writes it; it has not been verified yet."""

    text: str


Event = Evidence | Token | Answer
