"""`/catat`: what reaches the center by person, telephone, letter, message or a pasted link becomes a post."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import UploadFile

from api.contexts.record import RecordView, SavedView
from api.pages.photo import picture
from api.parts import Rooms
from api.preferences import language_of
from api.records.form import DRAFT, NAMESPACE, native_id
from api.records.places import picker
from api.records.recording import Recorder, Sent, Upload
from api.speech import N_, speech
from api.visitors import PageReader
from domain.errors import Forbidden, NotFound
from domain.ids import case_id, post_id

router = APIRouter()
MOST_FILES: Final = 20
MOST_FIELDS: Final = 60
FIELD_BYTES: Final = 400_000  # the longest text in UTF-8 fits
LOOKS: Final = 40  # then the page stops asking: about two minutes


def recorder(request: Request, visitor: PageReader, parts: Rooms) -> Recorder:
    """Somebody who may record. Forbidden for all others."""
    return Recorder(parts, visitor, speech(language_of(request)))


Desk = Annotated[Recorder, Depends(recorder)]


async def sent_form(request: Request, desk: Desk) -> AsyncIterator[Sent]:
    """The form that was sent: read only once it is known who sends it."""
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        if not secrets.compare_digest(fields.get("csrf", "").encode(), desk.visitor.csrf.encode()):
            raise Forbidden(N_("Formulir ini sudah usang. Muat ulang halamannya, lalu kirim lagi."))
        files = [one for one in form.getlist("foto") if isinstance(one, UploadFile) and one.filename]
        yield Sent(fields, [Upload((one.filename or "")[-60:], one.file) for one in files])


@router.get("/catat")
def record_page(request: Request, desk: Desk) -> HTMLResponse:
    """The empty form."""
    return _page(request, desk, desk.empty())


@router.post("/catat")
def record(request: Request, desk: Desk, sent: Annotated[Sent, Depends(sent_form)]) -> Response:
    """Work on the form, or save it."""
    outcome = desk.answer(sent)
    if isinstance(outcome, RecordView):
        return _page(request, desk, outcome)
    return RedirectResponse(f"/catat/{quote(outcome)}", 303)


@router.get("/catat/tempat")
def place(request: Request, desk: Desk, saran: str = "") -> HTMLResponse:
    """The part of the form that asks where, for script that swaps it in; `saran` wants no more than what is found."""
    asked, wrong = desk.place(dict(request.query_params))
    view = picker(desk.parts, asked, desk.options(), desk.says, wrong, drawn=not saran)
    return desk.parts.pages.render(request, "_catat_tempat.html", view)


@router.get("/catat/foto/{draft}/{photo}")
def held_photo(desk: Desk, draft: str, photo: str) -> Response:
    """A photo that the reader's own form holds, small."""
    return picture(desk.parts.store.photos.held_small(draft, photo, desk.visitor.user.name))


@router.get("/catat/{draft}")
def saved(request: Request, desk: Desk, draft: str, ke: Annotated[int, Query(ge=0, le=1_000)] = 0) -> Response:
    """What became of a saved form: its case, once it is read and decided. NotFound for another's form."""
    post = post_id(NAMESPACE, native_id(desk.visitor.user.name, draft))
    if not DRAFT.fullmatch(draft) or not desk.parts.store.sources.knows([post]):
        raise NotFound(N_("Catatan itu tidak ada."))
    here = [case_id(post, region) for region in desk.regions]
    if found := desk.parts.store.cases.documents(here, desk.visitor.scope):
        return RedirectResponse(f"/kiriman/{quote(found[0].id)}?kabar=catat", 303)
    view = SavedView(
        code=post,
        here=f"/catat/{draft}",
        again=f"/catat/{draft}?ke={ke + 1}" if ke < LOOKS else "",
    )
    return desk.parts.pages.render(request, "catat_tersimpan.html", view)


def _page(request: Request, desk: Recorder, view: RecordView) -> HTMLResponse:
    return desk.parts.pages.render(request, "catat.html", view, status=view.status)
