"""`/sumber/kunci`: the keys to platforms, for administrators. A value goes in and never comes out."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.contexts.source_terms import KeysView
from api.parts import Parts, Rooms
from api.preferences import language_of
from api.sources.terms import key_views, last_day
from api.speech import N_, speech
from api.visitors import FormSender, PageReader, Visitor
from domain.errors import Forbidden, JaringError, NotFound, Refused
from domain.labels import SourceState
from domain.sourcekeys import users_of

router = APIRouter()
Name = Annotated[str, Form(max_length=64)]
Value = Annotated[str, Form(max_length=65_536)]  # the store says in words what is too long for a key
Day = Annotated[str, Form(max_length=10)]
NOTICES: Final = {
    "simpan": N_("Kunci tersimpan tersegel. Sumber yang menunggunya dirayapi pada giliran berikutnya."),
    "hapus": N_("Kunci dihapus. Sumber yang memakainya menunggu kunci lain."),
}


@router.get("/sumber/kunci")
def keys_page(request: Request, visitor: PageReader, parts: Rooms, kabar: str = "") -> HTMLResponse:
    """Every key by its name, those that need somebody first."""
    _must_run(visitor)
    return _page(request, parts, visitor, notice=NOTICES.get(kabar, ""))


@router.post("/sumber/kunci")
def put(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, nama: Name = "", nilai: Value = "", sampai: Day = ""
) -> Response:
    """Keep a key, or put another in its place; sources that waited for it go on."""
    _must_run(visitor)
    name, now = nama.strip().lower(), parts.clock()
    zone = parts.zone(visitor.scope)
    if not nilai.strip():
        return _page(request, parts, visitor, fault=Refused(N_("Tempel kuncinya.")), at=name, status=422)
    try:
        ends = last_day(sampai.strip(), now.astimezone(zone).date(), zone)
        parts.store.credentials.put(name, nilai, visitor.user.name, now, ends)
    except Refused as refused:
        return _page(request, parts, visitor, fault=refused, at=name, status=422)
    for spec in users_of(name, parts.store.sources.specs(), parts.kinds):
        if parts.store.sources.memory(spec.key).state is SourceState.AUTH_EXPIRED:
            parts.store.sources.hasten(spec.key, now)
    return RedirectResponse("/sumber/kunci?kabar=simpan", 303)


@router.post("/sumber/kunci/hapus")
def remove(request: Request, visitor: FormSender, parts: Rooms, nama: Name = "", yakin: Name = "") -> Response:
    """Forget a key, when it is confirmed."""
    _must_run(visitor)
    if not yakin:
        unsure = Refused(N_("Centang dahulu bahwa kunci itu boleh dihapus."))
        return _page(request, parts, visitor, fault=unsure, at=nama, status=422)
    try:
        parts.store.credentials.remove(nama, visitor.user.name, parts.clock())
    except NotFound as gone:
        return _page(request, parts, visitor, fault=gone, status=404)
    return RedirectResponse("/sumber/kunci?kabar=hapus", 303)


def _page(  # noqa: PLR0913  what the page shows
    request: Request,
    parts: Parts,
    visitor: Visitor,
    *,
    notice: str = "",
    fault: JaringError | None = None,
    at: str = "",
    status: int = 200,
) -> HTMLResponse:
    says = speech(language_of(request))
    view = KeysView(
        keys=key_views(parts, visitor, says),
        today=parts.clock().astimezone(parts.zone(visitor.scope)).date().isoformat(),
        notice=says.say(notice),
        fault=says.say(str(fault)) if fault else "",
        at=at,
    )
    return parts.pages.render(request, "sumber_kunci.html", view, status=status)


def _must_run(visitor: Visitor) -> None:
    """Raise Forbidden for all but administrators: a key opens an account that somebody pays for."""
    if visitor.user.role != "admin":
        raise Forbidden(N_("Kunci platform hanya diurus admin. Minta admin memasukkan yang baru."))
