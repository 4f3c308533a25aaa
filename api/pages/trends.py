"""`/tren`, and each of its panels as CSV, SVG or PNG."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.parts import Rooms
from api.preferences import language_of
from api.speech import speech
from api.trends.asked import read_trend_asked
from api.trends.files import TYPES, panel_file
from api.trends.keep import Keep
from api.trends.page import WHOLE, panel_view, question_of, trend_view
from api.trends.panel import Panel
from api.visitors import PageReader
from domain.errors import NotFound


def trend_routes(panels: Mapping[str, Panel[Any]], keep: Keep) -> APIRouter:
    """The page and its files, of the panels that there are."""
    router = APIRouter()

    @router.get("/tren")
    def trend_page(request: Request, visitor: PageReader, parts: Rooms) -> HTMLResponse:
        """The page for leaders."""
        asked, says = read_trend_asked(request.query_params), speech(language_of(request))
        whole = request.query_params.get(WHOLE) == "1"
        view = trend_view(parts, visitor, asked, says, panels.values(), keep, whole=whole)
        return parts.pages.render(request, "tren.html", view, status=view.status)

    @router.get("/tren/panel/{key}")
    def trend_panel(request: Request, visitor: PageReader, parts: Rooms, key: str) -> HTMLResponse:
        """One panel alone, for script that puts it into the page."""
        if key not in panels:
            raise NotFound("Panel itu tidak ada.")
        question = question_of(parts, visitor, read_trend_asked(request.query_params))
        view = panel_view(panels[key], question, speech(language_of(request)), keep)
        return parts.pages.render(request, "_tren.html", view, status=503 if view.face == "failing" else 200)

    @router.get("/tren/{name}")
    def trend_file(request: Request, visitor: PageReader, parts: Rooms, name: str) -> Response:
        """One panel as a file, counted like the page."""
        key, _, suffix = name.rpartition(".")
        if key not in panels or suffix not in TYPES:
            raise NotFound("Panel itu tidak ada.")
        asked, says = read_trend_asked(request.query_params), speech(language_of(request))
        body, file = panel_file(parts, visitor, asked, says, panels[key], suffix, keep)
        headers = {"Content-Disposition": f'attachment; filename="{file}"'}
        return Response(body, media_type=TYPES[suffix], headers=headers)

    return router
