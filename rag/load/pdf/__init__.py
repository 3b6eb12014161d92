"""PDF: load a document, find a quotation's place on a page, draw a page."""

from __future__ import annotations

from rag.load.pdf.document import load_pdf
from rag.load.pdf.place import locate, render

__all__ = ["load_pdf", "locate", "render"]
