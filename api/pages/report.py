"""`/lapor`: anybody writes to the center, and asks with a code how it stands. Nobody logs in here."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from api.callers import caller
from api.contexts.post import Option
from api.contexts.report import AskView, ReportView
from api.doors.form import FIELDS, MOST_TEXT, STALE, districts, new_token, read_form, refusal, shown_with, told
from api.doors.standing import standing_view
from api.parts import Parts, Rooms
from api.preferences import language_of
from api.problems import TooManyAttempts
from api.records.photos import developed
from api.records.recording import REFUSED, TOO_BIG, Upload
from api.speech import N_, Speech, speech
from domain.errors import NotFound, PostQuarantined, Refused
from domain.receipts import read_receipt
from domain.regions import RegionProfile
from store.photos import MOST, Picture

router = APIRouter()
COOKIE: Final = "jaring_lapor"  # ties a form to the browser that was shown it; says nothing of who uses it
MOST_FIELDS: Final = 20
MOST_FILES: Final = 60  # read and refused in words: who marks all of an album keeps what he wrote
FIELD_BYTES: Final = 40_000
TOO_OFTEN: Final = N_("Terlalu banyak percobaan dari jaringan ini. Tunggu 15 menit, lalu coba lagi.")
NOT_A_CODE: Final = N_("Kode laporan terdiri atas dua sampai empat huruf dan delapan tanda, misalnya LB-7K2M-9QXD.")
NOT_STORED: Final = N_("Tulisan ini tidak dapat disimpan apa adanya. Tulis ulang tanpa tanda-tanda khusus.")
AGAIN: Final = N_("Belum terkirim: ada isian yang perlu diperbaiki. Yang sudah ditulis tetap ada.")
TOO_MANY: Final = N_("Paling banyak %(most)s foto.")
PHOTOS_AGAIN: Final = N_("Foto perlu dipilih lagi.")


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody at the form of a region."""

    parts: Parts
    profile: RegionProfile
    says: Speech
    cookie: str
    address: str  # a keyed hash


@dataclass(frozen=True, slots=True)
class SentReport:
    """What came in with a sent form."""

    fields: dict[str, str]
    uploads: list[Upload]


def sender(request: Request, parts: Rooms, name: str) -> Sender:
    """Somebody at an open form. NotFound where there is none."""
    profile = parts.profile(name)
    if profile is None or not parts.settings.public_form:
        raise NotFound(N_("Formulir itu tidak ada."))
    says = speech(language_of(request))
    return Sender(parts, profile, says, request.cookies.get(COOKIE, "")[:64], _address(request, parts))


AtForm = Annotated[Sender, Depends(sender)]


async def sent_report(request: Request, at: AtForm) -> AsyncIterator[SentReport]:
    """The form that was sent: read only from an address that has not sent too much of late."""
    accounts = at.parts.store.accounts
    if not accounts.may_try(f"formulir {at.cookie or at.address}", f"formulir {at.address}", at.parts.clock()):
        raise TooManyAttempts(TOO_OFTEN)
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        files = [one for one in form.getlist("foto") if isinstance(one, UploadFile) and one.filename]
        yield SentReport(fields, [Upload((one.filename or "")[-60:], one.file) for one in files])


@router.get("/lapor")
def ask_page(request: Request, parts: Rooms, kode: Annotated[str, Query(max_length=60)] = "") -> Response:
    """Where a code is typed, and where forms are found."""
    says = speech(language_of(request))
    if kode and (code := read_receipt(kode)):
        return RedirectResponse(f"/lapor/{code}", 303)
    forms = tuple(Option(f"/lapor/{slug}", one.name) for slug, one in parts.profiles.items())
    view = AskView(
        forms=forms if parts.settings.public_form else (),
        typed=kode,
        wrong=says.say(NOT_A_CODE) if kode else "",
        status=422 if kode else 200,
    )
    return parts.pages.render(request, "lapor_tanya.html", view, status=view.status)


@router.get("/lapor/{name}")
def report_page(request: Request, parts: Rooms, name: str, baru: str = "") -> Response:
    """The form of a region, or how the report of a code stands."""
    if parts.profile(name) is not None:
        return _form(request, sender(request, parts, name), {}, {})
    says = speech(language_of(request))
    accounts, now, address = parts.store.accounts, parts.clock(), f"kode {_address(request, parts)}"
    if accounts.login_blocked(f"{address} {name[:60]}", address, now):
        raise TooManyAttempts(TOO_OFTEN)
    code = read_receipt(name)
    if code and code != name:  # as somebody wrote it
        return RedirectResponse(f"/lapor/{code}", 303)
    stands = parts.store.talks.standing(code) if code else None
    if stands is None:
        accounts.note_attempt(f"{address} {name[:60]}", address, now, ok=False)
        raise NotFound(N_("Kode laporan itu tidak ada."))
    form = f"/lapor/{stands.region}" if parts.settings.public_form and parts.profile(stands.region) else ""
    view = standing_view(parts, stands, says, fresh=baru == "1", form=form)
    return parts.pages.render(request, "lapor_status.html", view)


@router.post("/lapor/{name}")
def report(request: Request, at: AtForm, sent: Annotated[SentReport, Depends(sent_report)]) -> Response:
    """Take a report in, or show the form again with what is wrong."""
    parts, says, now = at.parts, at.says, at.parts.clock()
    shown = shown_with(parts.store.keys, at.profile.slug, at.cookie, sent.fields.get("formulir", ""))
    written = read_form(sent.fields, at.profile)
    refused = refusal(shown, sent.fields, now)
    token = sent.fields["formulir"] if shown is not None and refused != STALE else ""
    if refused or shown is None:
        photos = bool(sent.uploads)
        return _form(request, at, written.values, {}, notice=refused or "", token=token, photos=photos, status=422)
    errors = {name: says.say(message, **values) for name, (message, values) in written.errors.items()}
    pictures, wrong_photo = _pictures(at, sent.uploads)
    if wrong_photo:
        errors["foto"] = wrong_photo
    if errors:
        return _form(
            request, at, written.values, errors, notice=AGAIN, token=token, photos=bool(sent.uploads), status=422
        )
    try:
        taken = parts.store.talks.take_in(told(written, at.profile, draft=shown.draft, pictures=pictures, now=now), now)
    except PostQuarantined:
        errors = {"isi": says.say(NOT_STORED)}
        return _form(request, at, written.values, errors, notice=AGAIN, token=token, status=422)
    return RedirectResponse(f"/lapor/{taken.code}?baru=1", 303)


def _pictures(at: Sender, uploads: list[Upload]) -> tuple[tuple[Picture, ...], str]:
    """The photos fit to be kept, and what is wrong with the first that is not."""
    most, says = at.parts.settings.photo_bytes, at.says
    if len(uploads) > MOST:
        return (), says.say(TOO_MANY, most=MOST)
    kept: list[Picture] = []
    for upload in uploads:
        body = upload.file.read(most + 1)
        if len(body) > most:
            return tuple(kept), says.say(TOO_BIG, name=upload.name, most=most // 1_000_000)
        try:
            kept.append(developed(body))
        except Refused as refused:
            return tuple(kept), says.say(REFUSED, name=upload.name, why=says.say(str(refused)))
    return tuple(kept), ""


def _form(  # noqa: PLR0913  what the page shows
    request: Request,
    at: Sender,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    notice: str = "",
    token: str = "",
    photos: bool = False,
    status: int = 200,
) -> Response:
    cookie = at.cookie or secrets.token_urlsafe(18)
    settings = at.parts.settings
    told_notice = " ".join(at.says.say(one) for one in (notice, PHOTOS_AGAIN if photos else "") if one)
    view = ReportView(
        region=at.profile.slug,
        name=at.profile.name,
        token=token or new_token(at.parts.store.keys, at.profile.slug, cookie, at.parts.clock()),
        values={name: values.get(name, "") for name in FIELDS},
        districts=tuple(Option(code, name) for code, name in districts(at.profile)),
        most_text=MOST_TEXT,
        most_photos=MOST,
        photo_megabytes=settings.photo_bytes // 1_000_000,
        errors=errors,
        notice=told_notice,
        status=status,
    )
    answer = at.parts.pages.render(request, "lapor.html", view, status=status)
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", secure=settings.is_secure, path="/lapor")
    return answer


def _address(request: Request, parts: Parts) -> str:
    """Where a request comes from, as a keyed hash: enough to count by, nothing to find somebody by."""
    return parts.store.keys.sign("address", caller(request))
