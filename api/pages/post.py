"""`/kiriman/{case}`: a post's own page, and the corrections made on it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.corrections import MAX_NOTE, checked
from api.parts import Parts, Rooms
from api.posting import post_view
from api.preferences import language_of
from api.speech import N_, Speech, speech
from api.visitors import FormSender, PageReader, Visitor
from domain.errors import Forbidden, NotFound, Refused
from domain.labels import CaseState, LabelTask

router = APIRouter()
Short = Annotated[str, Form(max_length=200)]
Note = Annotated[str, Form(max_length=MAX_NOTE)]
Back = Annotated[str, Form(max_length=4_000)]
NOTICES = {
    "label": N_("Koreksi tersimpan. Kasus ini diputuskan ulang dalam beberapa detik."),
    "status": N_("Status tersimpan."),
    "catat": N_("Laporan tercatat, dibaca, dan diputuskan."),
}


@router.get("/kiriman/{case_id}")
def post_page(  # noqa: PLR0913  the address's parts
    request: Request, visitor: PageReader, parts: Rooms, case_id: str, kembali: str = "", kabar: str = ""
) -> HTMLResponse:
    """A post's own page."""
    says = speech(language_of(request))
    notice = says.say(NOTICES.get(kabar, ""))
    return _page(request, parts, visitor, case_id, says, back=kembali, notice=notice)


@router.post("/kiriman/{case_id}/label")
def correct(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, case_id: str,
    tugas: Short = "", nilai: Short = "", catatan: Note = "", kembali: Back = "",
) -> Response:  # fmt: skip
    """Correct one label."""
    _may_correct(visitor)
    try:
        task = _task(tugas)
        case = parts.store.cases.document(case_id, visitor.scope)
        value = checked(parts, case.region, task, nilai)
        parts.store.labels.say(
            case_id, task, value, visitor.user.name, visitor.scope, catatan.strip() or None, parts.clock()
        )
    except Refused as refused:
        says = speech(language_of(request))
        return _page(request, parts, visitor, case_id, says, back=kembali, notice=says.say(str(refused)), status=422)
    return _afterwards(parts, visitor, case_id, "label", kembali)


@router.post("/kiriman/{case_id}/status")
def set_state(visitor: FormSender, parts: Rooms, case_id: str, status: Short = "", kembali: Back = "") -> Response:
    """Say how far the center is with a case."""
    _may_correct(visitor)
    if status not in set(CaseState):
        raise Refused("Status itu tidak ada.")
    parts.store.labels.set_state(case_id, CaseState(status), visitor.user.name, visitor.scope, None, parts.clock())
    return _afterwards(parts, visitor, case_id, "status", kembali)


def _page(  # noqa: PLR0913  what the page shows
    request: Request,
    parts: Parts,
    visitor: Visitor,
    case_id: str,
    says: Speech,
    *,
    back: str,
    notice: str,
    status: int = 200,
) -> HTMLResponse:
    found = parts.store.cases.detail(case_id, visitor.scope)
    view = post_view(parts, found, visitor, says, back=back, notice=notice)
    return parts.pages.render(request, "kiriman.html", view, status=status)


def _afterwards(parts: Parts, visitor: Visitor, case_id: str, news: str, back: str) -> Response:
    """Back to the post; to the search where the correction took it out of the reader's sight."""
    try:
        parts.store.cases.document(case_id, visitor.scope)
    except NotFound:
        return RedirectResponse("/cari", 303)
    query = urlencode({"kabar": news, **({"kembali": back} if back else {})})
    return RedirectResponse(f"/kiriman/{quote(case_id)}?{query}", 303)


def _may_correct(visitor: Visitor) -> None:
    if not visitor.may_correct:
        raise Forbidden(N_("Anda tidak berwenang mengoreksi label."))


def _task(name: str) -> LabelTask:
    try:
        return LabelTask(name)
    except ValueError as cause:
        raise Refused("Label itu tidak ada.") from cause
