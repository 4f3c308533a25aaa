"""`/pengaturan/opd`: the agencies of a region, and the sheet that changes them: shown first, then applied."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from starlette.datastructures import UploadFile

from api.administration.agencies import PATH, agencies_view, checked_plan, preview_of, rows_of_payload
from api.administration.region_frame import region_of
from api.administration.sheets import read_sheet
from api.administration.words import must_set
from api.exports import XLSX, as_file, csv_lines, workbook
from api.parts import Parts, Rooms
from api.preferences import language_of
from api.speech import N_, speech
from api.visitors import PageReader, Visitor
from desk.agencysheet import COLUMNS, sheet_row
from desk.succession import Succession
from domain.errors import Forbidden, Refused
from domain.regions import RegionProfile

router = APIRouter()
MOST_PART: Final = 900_000  # bytes of one field: the rows of a preview come back in one
NAME: Final = 120  # letters of a file's name


@dataclass(frozen=True, slots=True)
class Sent:
    """The form that was sent: a file to be shown, or a preview to be applied."""

    region: str
    file: str
    body: bytes
    payload: str
    version: str


async def sent_form(request: Request, visitor: PageReader) -> AsyncIterator[Sent]:
    """Read the form once it is known who sends it."""
    must_set(visitor)
    async with request.form(max_files=1, max_fields=10, max_part_size=MOST_PART) as form:
        said = {name: value for name, value in form.items() if isinstance(value, str)}
        if not secrets.compare_digest(said.get("csrf", "").encode(), visitor.csrf.encode()):
            raise Forbidden(N_("Formulir ini sudah usang. Muat ulang halamannya, lalu kirim lagi."))
        file = form.get("lembar")
        named, body = (file.filename or "", await file.read()) if isinstance(file, UploadFile) else ("", b"")
        name = (named or said.get("berkas", ""))[-NAME:]
        yield Sent(said.get("wilayah", ""), name, body, said.get("baris", ""), said.get("versi", ""))


@router.get("/pengaturan/opd")
def agencies_page(  # noqa: PLR0913  the address's parts
    request: Request, visitor: PageReader, parts: Rooms, wilayah: str = "", diubah: str = "", pindah: str = ""
) -> HTMLResponse:  # fmt: skip
    """The agencies of a region."""
    must_set(visitor)
    says = speech(language_of(request))
    notice = ""
    if diubah.isdecimal() and pindah.isdecimal():
        notice = says.say("%(n)s OPD diubah; %(moved)s tiket beralih.", n=int(diubah[:6]), moved=int(pindah[:6]))
    view = agencies_view(parts, visitor, region_of(parts, visitor, wilayah), says, notice=notice)
    return parts.pages.render(request, "pengaturan_opd.html", view)


@router.post("/pengaturan/opd")
def change(request: Request, visitor: PageReader, parts: Rooms, sent: Annotated[Sent, Depends(sent_form)]) -> Response:
    """Show what a sheet would change, or apply what was shown."""
    profile = region_of(parts, visitor, sent.region)
    says = speech(language_of(request))
    try:
        rows = rows_of_payload(sent.payload) if sent.payload else read_sheet(sent.file, sent.body)
        if sent.payload and sent.version == profile.version:
            return _apply(parts, visitor, profile, sent)
        preview = preview_of(parts, profile, rows, sent.file, says)
    except Refused as refused:
        view = agencies_view(parts, visitor, profile, says, fault=says.say(str(refused)))
        return parts.pages.render(request, "pengaturan_opd.html", view, status=422)
    notice = says.say("Data wilayah berubah sementara itu: periksa lagi pratinjaunya.") if sent.payload else ""
    view = agencies_view(parts, visitor, profile, says, preview=preview, notice=notice)
    return parts.pages.render(request, "pengaturan_opd.html", view, status=422 if preview.faults else 200)


@router.get("/pengaturan/opd/unduh.csv")
def sheet_csv(visitor: PageReader, parts: Rooms, wilayah: str = "") -> Response:
    """The agencies as the sheet that the page takes back."""
    must_set(visitor)
    profile = region_of(parts, visitor, wilayah)
    rows = (sheet_row(agency) for agency in profile.agencies.values())
    lines = csv_lines(rows, COLUMNS)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=as_file(f"opd-{profile.slug}.csv"))


@router.get("/pengaturan/opd/unduh.xlsx")
def sheet_xlsx(visitor: PageReader, parts: Rooms, wilayah: str = "") -> Response:
    """The same as a workbook."""
    must_set(visitor)
    profile = region_of(parts, visitor, wilayah)
    rows = (sheet_row(agency) for agency in profile.agencies.values())
    book = workbook(rows, COLUMNS, sheet_name="opd")
    return StreamingResponse(book, media_type=XLSX, headers=as_file(f"opd-{profile.slug}.xlsx"))


def _apply(parts: Parts, visitor: Visitor, profile: RegionProfile, sent: Sent) -> Response:
    made = checked_plan(parts, profile, rows_of_payload(sent.payload))
    if made.faults or not made.changes:
        raise Refused(made.faults[0].reason if made.faults else N_("Tidak ada yang berubah."))
    now = parts.clock()
    source = f"lembar {sent.file or 'OPD'}, {now.astimezone(profile.tz):%Y-%m-%d}"
    note = f"lembar {sent.file or 'OPD'}"
    parts.profiles.change(profile.slug, made.edits(source), visitor.user.name, now, note=note)
    moved = Succession(parts.store, parts.desk.tickets, parts.profiles, parts.clock).turn(
        profile.slug, visitor.user.name
    )
    query = urlencode({"wilayah": profile.slug, "diubah": len(made.changes), "pindah": moved})
    return RedirectResponse(f"{PATH}?{query}", 303)
