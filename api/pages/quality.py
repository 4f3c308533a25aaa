"""`/mutu`: how good the machine is by what people say, and the threshold that an admin may take over."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.parts import Rooms
from api.preferences import language_of
from api.quality.figures import must_judge
from api.quality.page import PATH, quality_view, region_seen
from api.speech import N_, speech
from api.visitors import FormSender, PageReader
from desk.thresholds import region_threshold
from domain.errors import Conflict, Forbidden
from store.people import Role

router = APIRouter()
Short = Annotated[str, Form(max_length=200)]
NOTICES: Final = {
    "ambang": N_("Ambang diambil alih; berlaku sejak giliran meja berikutnya dan tercatat di jejak audit.")
}
MOVED: Final = N_("Jawaban baru mengubah ambangnya sejak halaman ini dibuka. Lihat kurvanya lagi, lalu putuskan.")


@router.get(PATH)
def quality_page(  # noqa: PLR0913  the address's parts
    request: Request, visitor: PageReader, parts: Rooms, wilayah: str = "", tugas: str = "", kabar: str = ""
) -> HTMLResponse:
    """The page."""
    must_judge(visitor)
    says = speech(language_of(request))
    notice = says.say(NOTICES.get(kabar, ""))
    view = quality_view(parts, visitor, says, region=wilayah, task=tugas, notice=notice)
    return parts.pages.render(request, "mutu.html", view, status=view.status)


@router.post(f"{PATH}/ambang")
def take_over(request: Request, visitor: FormSender, parts: Rooms, wilayah: Short = "", yakin: Short = "") -> Response:
    """Let the measured threshold count from now on. Whether the machine routes at all stays as it is."""
    if visitor.user.role is not Role.ADMIN:
        raise Forbidden(N_("Ambang diambil alih oleh admin."))
    profile = region_seen(parts, visitor, wilayah)
    found = region_threshold(parts.store, profile.slug)
    if found.sure is None or f"{found.sure:.3f}" != yakin:
        says = speech(language_of(request))
        view = quality_view(parts, visitor, says, region=profile.slug, task="", fault=says.say(MOVED))
        return parts.pages.render(request, "mutu.html", view, status=Conflict.status)
    parts.store.modes.set(
        profile.slug, sure=found.sure, by=visitor.user.name, now=parts.clock(), reason=f"kurva: {found.ground.value}"
    )
    return RedirectResponse(f"{PATH}?{urlencode({'wilayah': profile.slug, 'kabar': 'ambang'})}#rute", 303)
