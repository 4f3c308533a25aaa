"""`/pengaturan/wilayah`: corrections of a region's data, with their history and a way back; `/pengaturan/mode`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.administration.region_data import PATH, region_data_view
from api.administration.region_frame import region_of
from api.administration.regions.forms import edit_of
from api.administration.regions.parts import part_of
from api.administration.words import must_set, tabs
from api.contexts.region_settings import ModeRow, ModesView
from api.contexts.settings import Choice
from api.parts import Parts, Rooms
from api.preferences import language_of
from api.quality.words import exact, threshold_words
from api.speech import N_, Speech, speech
from api.visitors import FormSender, PageReader, Visitor
from desk.thresholds import may_route, region_threshold
from domain.errors import Conflict, Forbidden, JaringError, NotFound, Refused
from domain.regions import removal
from domain.text.mask import mask
from domain.tickets import RoutingMode

router = APIRouter()
Short = Annotated[str, Form(max_length=200)]
Numbers = Annotated[list[int] | None, Form(max_length=2_000)]
MODE_PATH: Final = "/pengaturan/mode"
MAX_DIGITS: Final = 15
MOST_FIELDS: Final = 60
NOTICES: Final = {
    "simpan": N_("Tersimpan; berlaku di semua halaman dan untuk kiriman berikutnya dalam beberapa detik."),
    "sama": N_("Tidak ada yang berubah."),
    "hapus": N_("Entri dihapus. Riwayatnya tetap ada di bawah."),
    "urung": N_("Perubahan diurungkan."),
    "mode": N_("Mode tersimpan; berlaku sejak giliran meja berikutnya."),
}
MODES: Final = {
    RoutingMode.PROPOSE: N_("Usulan: tiket menunggu satu klik petugas"),
    RoutingMode.AUTOMATIC: N_("Otomatis: yang yakin langsung ke OPD"),
}


async def sent_fields(request: Request, visitor: PageReader) -> Mapping[str, str]:
    """The fields of a form whose names depend on what it corrects; read once it is known who sends it."""
    must_set(visitor)
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        fields = {name: value[:4_000] for name, value in form.items() if isinstance(value, str)}
    if not secrets.compare_digest(fields.get("csrf", "").encode(), visitor.csrf.encode()):
        raise Forbidden(N_("Formulir ini sudah usang. Muat ulang halamannya, lalu kirim lagi."))
    return fields


@router.get("/pengaturan/wilayah")
def region_page(  # noqa: PLR0913  the address's parts
    request: Request, visitor: PageReader, parts: Rooms, wilayah: str = "", bagian: str = "areas", q: str = "",
    ubah: str | None = None, sebelum: str = "", kabar: str = "",
) -> HTMLResponse:  # fmt: skip
    """A part of a region's data."""
    must_set(visitor)
    says = speech(language_of(request))
    view = region_data_view(
        parts, visitor, region_of(parts, visitor, wilayah), says, part=bagian, q=q[:100], edit=ubah,
        before=int(sebelum) if sebelum.isascii() and sebelum.isdecimal() and len(sebelum) <= MAX_DIGITS else None,
        notice=says.say(NOTICES.get(kabar, "")),
    )  # fmt: skip
    return parts.pages.render(request, "pengaturan_wilayah.html", view)


@router.post("/pengaturan/wilayah")
def correct(
    request: Request, visitor: PageReader, parts: Rooms, said: Annotated[Mapping[str, str], Depends(sent_fields)]
) -> Response:
    """Correct an entry, add one, or take one away."""
    profile = region_of(parts, visitor, said.get("wilayah", ""))
    part, key = part_of(said.get("bagian", "")), said.get("kunci", "")
    if key and not part.has(profile, key):
        raise NotFound(N_("Entri itu tidak ada."))
    try:
        if said.get("hapus"):
            edit = removal(part.key, key) if part.addable and key else None
        else:
            edit = edit_of(part, profile, key, said, visitor.user.name)
        edits = [edit] if edit else []
        if part.key == "calendar" and edit is not None and key and key != edit.key and not edit.removes:
            edits.append(removal("calendar", key))  # the day itself was moved
        if edits:
            note = " ".join(said.get("catatan", "").split())[:200] or None
            parts.profiles.change(profile.slug, edits, visitor.user.name, parts.clock(), note=note)
    except Refused as refused:
        says = speech(language_of(request))
        view = region_data_view(
            parts, visitor, profile, says, part=part.key, edit=key, said=said, fault=says.say(str(refused))
        )
        return parts.pages.render(request, "pengaturan_wilayah.html", view, status=422)
    news = "sama" if not edits else "hapus" if edits[0].removes else "simpan"
    return _back(profile.slug, part.key, news)


@router.post("/pengaturan/wilayah/urung")
def undo(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, wilayah: Short = "", bagian: Short = "areas",
    baris: Numbers = None,
) -> Response:  # fmt: skip
    """Take changes back, so that what counted before counts again."""
    must_set(visitor)
    profile, part = region_of(parts, visitor, wilayah), part_of(bagian)
    try:
        if not baris:
            raise NotFound(N_("Perubahan itu tidak ada."))
        parts.profiles.undo(profile.slug, baris, visitor.user.name, parts.clock())
    except (Refused, Conflict) as failure:
        return _again(request, parts, visitor, profile.slug, part.key, failure)
    return _back(profile.slug, part.key, "urung", "#riwayat")


@router.get("/pengaturan/mode")
def modes_page(request: Request, visitor: PageReader, parts: Rooms, kabar: str = "") -> HTMLResponse:
    """How tickets are made in each region."""
    must_set(visitor)
    says = speech(language_of(request))
    view = _modes(parts, visitor, says, notice=says.say(NOTICES.get(kabar, "")))
    return parts.pages.render(request, "pengaturan_mode.html", view)


@router.post("/pengaturan/mode")
def set_mode(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, wilayah: Short = "", mode: Short = "", batas: Short = "",
    yakin: Short = "", alasan: Annotated[str, Form(max_length=500)] = "",
) -> Response:  # fmt: skip
    """Say how far the machine may go in a region."""
    must_set(visitor)
    profile = region_of(parts, visitor, wilayah)
    try:
        wanted = _mode(mode)
        cap, sure = _number(batas, N_("Batas harian")), _number(yakin, N_("Tingkat yakin"))
        reason = mask(" ".join(alasan.split())).text
        may_route(parts.store, parts.store.modes.mode(profile.slug), wanted, sure, reason)
        parts.store.modes.set(
            profile.slug, mode=wanted, daily_cap=int(cap), sure=sure, by=visitor.user.name, now=parts.clock(),
            reason=reason,
        )  # fmt: skip
    except Refused as refused:
        says = speech(language_of(request))
        view = _modes(parts, visitor, says, fault=says.say(str(refused)))
        return parts.pages.render(request, "pengaturan_mode.html", view, status=422)
    return RedirectResponse(f"{MODE_PATH}?kabar=mode", 303)


def _modes(parts: Parts, visitor: Visitor, says: Speech, *, notice: str = "", fault: str = "") -> ModesView:
    seen = [profile for slug, profile in parts.profiles.items() if slug in visitor.scope.regions]
    modes = parts.store.modes.modes([profile.slug for profile in seen])
    rows = []
    for profile in seen:
        set_ = modes[profile.slug]
        at = says.moment(set_.at, profile.tz) if set_.at else ""
        rows.append(
            ModeRow(
                slug=profile.slug,
                name=profile.name,
                modes=tuple(Choice(mode.value, says.say(word), mode is set_.mode) for mode, word in MODES.items()),
                cap=set_.daily_cap,
                sure=exact(set_.sure, says),
                threshold=threshold_words(region_threshold(parts.store, profile.slug), says),
                quality_href=f"/mutu?{urlencode({'wilayah': profile.slug})}#rute",
                set_by=says.say("diatur %(name)s, %(at)s", name=set_.by or "", at=at) if set_.by else "",
            )
        )
    return ModesView(tabs(parts, visitor, MODE_PATH, says), tuple(rows), notice, fault)


def _again(  # noqa: PLR0913  the page with what is wrong
    request: Request, parts: Parts, visitor: Visitor, slug: str, part: str, failure: JaringError
) -> HTMLResponse:
    says = speech(language_of(request))
    profile = region_of(parts, visitor, slug)
    view = region_data_view(parts, visitor, profile, says, part=part, fault=says.say(str(failure)))
    return parts.pages.render(request, "pengaturan_wilayah.html", view, status=failure.status)


def _back(region: str, part: str, news: str, anchor: str = "") -> RedirectResponse:
    query = urlencode({"wilayah": region, "bagian": part, "kabar": news})
    return RedirectResponse(f"{PATH}?{query}{anchor}", 303)


def _mode(typed: str) -> RoutingMode:
    try:
        return RoutingMode(typed)
    except ValueError as cause:
        raise Refused(N_("Pilih usulan atau otomatis.")) from cause


def _number(typed: str, label: str) -> float:
    try:
        number = float(typed.strip().replace(",", "."))
    except ValueError as cause:
        raise Refused(f"{label}: {typed or '(kosong)'} bukan angka.") from cause
    if not isfinite(number):
        raise Refused(f"{label}: {typed} bukan angka yang dapat dipakai.")
    return number
