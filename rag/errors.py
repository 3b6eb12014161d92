"""Every error that filings-qa raises on purpose.

FilingsError
├── SettingsError          a setting that makes no sense
├── LoadError              a file that cannot be read as a filing (names the file and the remedy)
│   ├── EmptyDocument
│   ├── UnsupportedFormat
│   ├── MissingExtra       a format or feature whose optional packages are not installed
│   └── UnsafeDocument     zip bomb, path trick, entity expansion
├── CatalogError           the store: busy, damaged, made by another version
│   └── AlreadyWriting     another process is ingesting
├── UnknownFiling          an id that the catalog does not have
├── QuestionError          an empty or overlong question
├── NothingIngested        a question before any filing
├── EmbeddingError         the embedder failed, or the collection was made by another one
└── ModelError             the language model's endpoint is down, slow, refuses or talks nonsense

Each message says what happened, to what, and what to do next, in one line. They are caught at the
edge only: the CLI prints the line and exits 1, the UI shows it as a notice.
"""

from __future__ import annotations


class FilingsError(Exception):
    """Base of all stated problems."""


class SettingsError(FilingsError):
    """A setting that makes no sense."""


class LoadError(FilingsError):
    """A file that cannot be read as a filing."""


class EmptyDocument(LoadError):
    """A file without text."""


class UnsupportedFormat(LoadError):
    """A format that no loader knows."""


class MissingExtra(LoadError):
    """Optional packages are not installed."""


class UnsafeDocument(LoadError):
    """A file built to harm the reader: zip bomb, path trick, entity expansion."""


class CatalogError(FilingsError):
    """The catalog is damaged, or made by another version."""


class AlreadyWriting(CatalogError):
    """Another process holds the write lock."""


class UnknownFiling(FilingsError):
    """No filing has this id."""


class QuestionError(FilingsError):
    """The question is empty or too long."""


class NothingIngested(FilingsError):
    """There is nothing to search yet."""


class EmbeddingError(FilingsError):
    """The embedder failed, or the collection belongs to another model."""


class ModelError(FilingsError):
    """The language model could not answer."""
