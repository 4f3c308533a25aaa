"""`/peringatan`: alerts and what is done with them; saved searches made, changed and deleted. Works without script."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.alerts.form import kept_form, new_form, read_wish, save_new
from api.alerts.links import PATH, search_of
from api.alerts.page import (
    PAGE_SIZE,
    STATES,
    AlertsAsked,
    alert_desk,
    alerts_view,
    answered,
    read_alerts_asked,
    reader_of,
)
from api.asked import read_asked
from api.parts import Rooms
from api.preferences import language_of
from api.speech import N_, speech
from api.visitors import FormSender, PageReader
from domain.errors import Conflict, NotFound, Refused

router = APIRouter()
Short = Annotated[str, Form(max_length=200)]
Search = Annotated[str, Form(max_length=4_000)]
Many = Annotated[list[str] | None, Form()]
NEWS: Final = {
    "simpan": N_("Pencarian tersimpan."),
    "ubah": N_("Perubahan tersimpan."),
    "hapus": N_("Pencarian dan peringatannya dihapus."),
    "dibaca": N_("Ditandai sudah dibaca."),
    "tunda": N_("Ditunda; muncul lagi sebagai baru sesudah waktunya."),
    "baru": N_("Kembali ke yang baru."),
}
GONE: Final = N_("Peringatan itu sudah tidak ada. Daftar di bawah adalah keadaan sekarang.")


@router.get("/peringatan")
def alerts_page(request: Request, visitor: PageReader, parts: Rooms, kabar: str = "") -> HTMLResponse:
    """The alerts, with the saved searches beside them."""
    says = speech(language_of(request))
    asked = read_alerts_asked(request.query_params)
    view = alerts_view(parts, visitor, asked, says, notice=says.say(NEWS.get(kabar, "")))
    return parts.pages.render(request, "peringatan.html", view, status=view.status)


@router.post("/peringatan/tandai")
def answer(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, peringatan: Many = None, tindakan: Short = "",
    lihat: Short = "",
) -> Response:  # fmt: skip
    """Say that one has seen alerts, snooze them, or make them new again."""
    says, asked = speech(language_of(request)), AlertsAsked(lihat if lihat in STATES else "")
    ids = tuple(dict.fromkeys(peringatan or ()))[: 2 * PAGE_SIZE]
    try:
        answered(parts, visitor, ids, tindakan)
    except (NotFound, Refused) as failure:
        told = says.say(GONE) if isinstance(failure, NotFound) else says.say(str(failure))
        view = alerts_view(parts, visitor, asked, says, notice=told, bad=True)
        return parts.pages.render(request, "peringatan.html", view, status=failure.status)
    back = asked.href()
    return RedirectResponse(f"{back}{'&' if '?' in back else '?'}kabar={tindakan.partition('-')[0]}", 303)


@router.get("/peringatan/baru")
def new_watch(request: Request, visitor: PageReader, parts: Rooms) -> HTMLResponse:
    """The form that saves the search of this address."""
    form = new_form(parts, visitor, read_asked(request.query_params), speech(language_of(request)))
    return parts.pages.render(request, "peringatan_pantauan.html", form, status=422 if form.fault else 200)


@router.post("/peringatan/pantauan")
def save_watch(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, nama: Short = "", jenis: Short = "each", jam: Short = "7",
    bagi: Short = "", wilayah: Short = "", cari: Search = "",
) -> Response:  # fmt: skip
    """Save a search."""
    wish = read_wish(name=nama, kind=jenis, hour=jam, shared=bagi)
    try:
        save_new(parts, visitor, cari, wilayah, wish)
    except (Refused, Conflict, NotFound) as failure:
        says = speech(language_of(request))
        form = new_form(parts, visitor, search_of(cari), says, sent=wish, region=wilayah, failure=failure)
        return parts.pages.render(request, "peringatan_pantauan.html", form, status=failure.status)
    return RedirectResponse(f"{PATH}?kabar=simpan", 303)


@router.get("/peringatan/pantauan/{watch_id}")
def watch_page(request: Request, visitor: PageReader, parts: Rooms, watch_id: str) -> HTMLResponse:
    """The form of one's own watch."""
    form = kept_form(parts, visitor, watch_id, speech(language_of(request)))
    return parts.pages.render(request, "peringatan_pantauan.html", form)


@router.post("/peringatan/pantauan/{watch_id}")
def change_watch(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, watch_id: str, nama: Short = "", jenis: Short = "each",
    jam: Short = "7", bagi: Short = "", jeda: Short = "",
) -> Response:  # fmt: skip
    """Change one's own watch."""
    wish = read_wish(name=nama, kind=jenis, hour=jam, shared=bagi, paused=jeda)
    try:
        alert_desk(parts).change(reader_of(visitor), watch_id, wish)
    except (Refused, Conflict) as failure:
        form = kept_form(parts, visitor, watch_id, speech(language_of(request)), sent=wish, failure=failure)
        return parts.pages.render(request, "peringatan_pantauan.html", form, status=failure.status)
    return RedirectResponse(f"{PATH}?kabar=ubah", 303)


@router.post("/peringatan/pantauan/{watch_id}/hapus")
def delete_watch(visitor: FormSender, parts: Rooms, watch_id: str) -> Response:
    """Forget one's own watch with its alerts."""
    alert_desk(parts).delete(reader_of(visitor), watch_id)
    return RedirectResponse(f"{PATH}?kabar=hapus", 303)
