"""Addresses beside Gradio's own: page images and original files, both by a filing's id."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, PlainTextResponse, Response

from rag.errors import FilingsError
from ui.desk import Desk
from ui.pictures import has_images

SCALE = 2.0
"""Pixels per point: 144 dots per inch."""
_SHOWN_INLINE = frozenset({".pdf", ".txt"})


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
        """The file as it was ingested; only types that cannot run scripts are shown in the tab."""
        try:
            path = Path(desk.workspace.filing(filing).ref.source)
        except FilingsError as error:
            return PlainTextResponse(f"{error}\n", 404)
        if not path.is_file():
            return PlainTextResponse("the file is gone\n", 404)
        inline = path.suffix.lower() in _SHOWN_INLINE
        kind = mimetypes.guess_type(path.name)[0] if inline else None
        return FileResponse(
            path,
            media_type=kind or "application/octet-stream",
            filename=path.name,
            content_disposition_type="inline" if inline else "attachment",
        )

    app.add_api_route("/filings/{filing}/pages/{index}.png", page_image, include_in_schema=False)
    app.add_api_route("/filings/{filing}/original", original, include_in_schema=False)
