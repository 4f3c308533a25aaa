"""Proposals of new sources on `/sumber`: crawlers search when asked, a person adds what was found or drops it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from api.parts import Rooms
from api.sources.finds import visible_find
from api.sources.telling import may_ask_inside, must_keep
from api.speech import N_
from api.visitors import FormSender
from domain.errors import Conflict, NotFound
from store.errands import ErrandKind
from store.finds import FindState

router = APIRouter()
Text = Annotated[str, Form(max_length=200)]
BACK: Final = "#usulan"


@router.post("/sumber/usulan")
def search(visitor: FormSender, parts: Rooms, wilayah: Text = "") -> Response:
    """Ask for a search of a region; one that is under way is waited for."""
    must_keep(visitor)
    if wilayah not in visitor.scope.regions or wilayah not in parts.profiles:
        raise NotFound(N_("Wilayah itu tidak ada."))
    try:
        parts.store.errands.ask(
            ErrandKind.SUGGEST, by=visitor.user.name, now=parts.clock(), region=wilayah, inside=may_ask_inside(visitor)
        )
    except Conflict:
        return RedirectResponse(f"/sumber?kabar=sedang{BACK}", 303)
    return RedirectResponse(f"/sumber?kabar=cari{BACK}", 303)


@router.post("/sumber/usulan/{number}/periksa")
def prove(visitor: FormSender, parts: Rooms, number: int) -> Response:
    """Ask for a find to be proven, as for an address that somebody typed."""
    must_keep(visitor)
    find = visible_find(parts, visitor, number)
    if find.state is not FindState.NEW:
        raise Conflict(N_("Usulan itu sudah diputuskan."))
    errand = parts.store.errands.ask(
        ErrandKind.ADD, by=visitor.user.name, now=parts.clock(), url=find.found.url, region=find.region,
        name=find.found.name[:120] or None, inside=may_ask_inside(visitor),
    )  # fmt: skip
    return RedirectResponse(f"/sumber/bukti/{errand}", 303)


@router.post("/sumber/usulan/{number}/lepas")
def drop(visitor: FormSender, parts: Rooms, number: int) -> Response:
    """Let a find go: it is not proposed again."""
    must_keep(visitor)
    find = visible_find(parts, visitor, number)
    parts.store.finds.drop(find.id, visitor.user.name, parts.clock())
    return RedirectResponse(f"/sumber?kabar=buang{BACK}", 303)
