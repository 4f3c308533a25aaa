"""`/`, which leads each reader to his morning page; `/cari`; the panel alone, for script that swaps it in."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.asked import read_asked
from api.parts import Rooms
from api.preferences import language_of
from api.searching import search_view
from api.speech import speech
from api.telling import panel_view
from api.visitors import PageReader
from store.people import Role

router = APIRouter()
MORNING: Final = {
    Role.ADMIN: "/meja",
    Role.ANALYST: "/meja",
    Role.LIAISON: "/tiket",
    Role.LEADER: "/tren",
    Role.VILLAGE_HEAD: "/tren",
}


@router.get("/")
def root(visitor: PageReader) -> RedirectResponse:
    """Each reader's first page of the morning."""
    return RedirectResponse(MORNING[visitor.user.role], 303)


@router.get("/cari")
def search_page(request: Request, visitor: PageReader, parts: Rooms) -> HTMLResponse:
    """The search page."""
    view = search_view(parts, visitor, read_asked(request.query_params), speech(language_of(request)))
    return parts.pages.render(request, "cari.html", view, status=view.status)


@router.get("/cari/panel/{case_id}")
def panel(request: Request, visitor: PageReader, parts: Rooms, case_id: str) -> HTMLResponse:
    """The panel of one case, as it stands beside the hits."""
    found = parts.store.cases.detail(case_id, visitor.scope)
    view = panel_view(parts, found, visitor, read_asked(request.query_params), speech(language_of(request)))
    return parts.pages.render(request, "_panel.html", view)
