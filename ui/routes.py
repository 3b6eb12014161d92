"""Addresses beside Gradio's own: page images and original files, both by a filing's id."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.responses import FileResponse, PlainTextResponse, Response

from rag.errors import FilingsError, LoadError
from rag.load.decode import read_text
from ui.desk import Desk
from ui.pictures import has_images
from ui.report import latest_report

SCALE = 2.0
"""Pixels per point: 144 dots per inch."""
_TEXTS = frozenset({".txt", ".md", ".markdown", ".csv"})


def add_routes(app: Any, desk: Desk) -> None:
    """Add the routes to a FastAPI application."""

    def page_image(filing: str, index: int) -> Response:
        """A page as PNG; 404 where the filing has no such page or no images."""
        try:
            state = desk.workspace.filing(filing)
            if not has_images(state) or not 0 <= index < state.pages:
                return PlainTextResponse("no image of this page\n", 404)
            from rag.load.pdf import render

            image = render(Path(state.ref.source), index, scale=SCALE)
        except FilingsError as error:
            return PlainTextResponse(f"{error}\n", 404)
        cached = {"Cache-Control": "private, max-age=3600"}
        return Response(image, media_type="image/png", headers=cached)

    def original(filing: str) -> Response:
        """The file as it was ingested; only types that cannot run scripts are shown in the tab.
        Texts are shown decoded as they were read: many are in GB18030, which no browser guesses."""
        try:
            path = Path(desk.workspace.filing(filing).ref.source)
        except FilingsError as error:
            return PlainTextResponse(f"{error}\n", 404)
        if not path.is_file():
            return PlainTextResponse("the file is gone\n", 404)
        if path.suffix.lower() in _TEXTS:
            return _text_of(path)
        inline = path.suffix.lower() == ".pdf"
        return FileResponse(
            path,
            media_type="application/pdf" if inline else "application/octet-stream",
            filename=path.name,
            content_disposition_type="inline" if inline else "attachment",
        )

    app.add_api_route("/filings/{filing}/pages/{index}.png", page_image, include_in_schema=False)

    def evaluation() -> Response:
        """The full report of the latest evaluation. It quotes filings and has a script of its
        own, so it runs apart from the interface: no cookies, no requests."""
        report = latest_report()
        if report is None or not report.full.is_file():
            return PlainTextResponse("no report; make one with: filings eval run\n", 404)
        alone = {
            "Content-Security-Policy": "sandbox allow-scripts allow-popups; default-src 'none';"
            " style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
        }
        return FileResponse(report.full, media_type="text/html; charset=utf-8", headers=alone)

    app.add_api_route("/evaluation/report", evaluation, include_in_schema=False)
    app.add_api_route("/filings/{filing}/original", original, include_in_schema=False)


def _text_of(path: Path) -> Response:
    """A text file in UTF-8, under its own name."""
    try:
        content = read_text(path)
    except LoadError as error:
        return PlainTextResponse(f"{error}\n", 404)
    named = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(path.name)}"}
    return PlainTextResponse(content, media_type="text/plain; charset=utf-8", headers=named)
