"""`/sumber`: every source and how it fares; try again, pause, another address, a gap filled; a new one by its address.

Nothing here fetches anything: what needs the web is queued as an errand, which the crawlers' room does.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.asked import midnight
from api.parts import Parts, Rooms
from api.preferences import language_of
from api.sources.errands import proof_view
from api.sources.telling import (
    PERIODS,
    changeable,
    found,
    may_ask_inside,
    must_keep,
    source_view,
    sources_view,
)
from api.sources.terms import waits_for_yes
from api.speech import N_, speech
from api.visitors import FormSender, PageReader, Visitor
from domain.errors import Conflict, JaringError, NotFound, Refused
from domain.ports import SourceSpec
from domain.regions import RegionEdit
from store.errands import Errand, ErrandKind

router = APIRouter()
Text = Annotated[str, Form(max_length=2_000)]
LONGEST: Final = timedelta(days=366)  # a gap older than that is a backfill for the command line
NOTICES: Final = {
    "coba": N_("Dijadwalkan: sumber ini dirayapi pada giliran berikutnya, dalam beberapa detik."),
    "jeda": N_("Sumber dijeda. Yang sudah terkumpul tetap ada."),
    "lanjut": N_("Sumber dirayapi lagi menurut jadwalnya."),
    "celah": N_("Celah akan diisi pada giliran berikutnya; hasilnya muncul di bawah."),
    "pindah": N_("Alamat baru tersimpan; ingatan sumber ini tetap."),
    "simpan": N_("Sumber tersimpan dan segera dirayapi."),
    "lepas": N_("Alamat itu tidak disimpan."),
    "cari": N_("Pencarian pintu baru dimulai; hasilnya muncul di Usulan sumber."),
    "sedang": N_("Pintu baru sedang dicari; hasilnya muncul di Usulan sumber."),
    "buang": N_("Usulan dibuang dan tidak diusulkan lagi."),
    "setelan": N_("Setelan tersimpan dan dipakai mulai giliran berikutnya."),
    "setuju": N_("Harga disetujui: sumber ini didengarkan mulai giliran berikutnya."),
    "mati": N_("Sumber dimatikan: tidak ada yang ditanyakan atau dibayar lagi."),
}


@router.get("/sumber")
def sources_page(request: Request, visitor: PageReader, parts: Rooms, hari: str = "", kabar: str = "") -> HTMLResponse:
    """The list, those that fail first."""
    must_keep(visitor)
    says = speech(language_of(request))
    days = next((n for n in PERIODS if str(n) == hari), PERIODS[-1])
    view = sources_view(parts, visitor, says, days=days, notice=says.say(NOTICES.get(kabar, "")))
    return parts.pages.render(request, "sumber.html", view)


@router.post("/sumber")
def add(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, alamat: Text = "", wilayah: Text = "", nama: Text = ""
) -> Response:
    """Ask for an address to be proven."""
    must_keep(visitor)
    try:
        region = _region(visitor, wilayah)
        number = parts.store.errands.ask(
            ErrandKind.ADD, by=visitor.user.name, now=parts.clock(), url=_address(alamat), region=region,
            name=" ".join(nama.split())[:120] or None, inside=may_ask_inside(visitor),
        )  # fmt: skip
    except Refused as refused:
        says = speech(language_of(request))
        view = sources_view(parts, visitor, says, days=PERIODS[-1], fault=says.say(str(refused)), typed=alamat)
        return parts.pages.render(request, "sumber.html", view, status=422)
    return RedirectResponse(f"/sumber/bukti/{number}", 303)


@router.get("/sumber/bukti/{number}")
def proof_page(request: Request, visitor: PageReader, parts: Rooms, number: int) -> HTMLResponse:
    """What came of looking at an address; looks again by itself until there is something."""
    errand = _proof(parts, visitor, number)
    return parts.pages.render(
        request, "sumber_bukti.html", proof_view(parts, visitor, errand, speech(language_of(request)))
    )


@router.post("/sumber/bukti/{number}/simpan")
def save_proof(visitor: FormSender, parts: Rooms, number: int) -> Response:
    """Save what was proven."""
    errand = _proof(parts, visitor, number)
    told = errand.found.get("spec")
    if not told:
        raise Conflict(N_("Belum ada bukti yang dapat disimpan."))
    options = tuple((name, value) for name, value in told.get("options", ()))
    spec = SourceSpec(**{**told, "regions": tuple(told["regions"]), "options": options})
    if errand.kind is ErrandKind.MOVE:
        now = changeable(parts, visitor, errand.source or "").spec
        _move_in_profiles(parts, visitor, now, spec)
    parts.store.errands.adopt(number, spec, visitor.user.name, parts.clock())
    for address in {spec.url, errand.url or spec.url}:
        parts.store.finds.added(errand.region or "", address, visitor.user.name, parts.clock())
    news = "pindah" if errand.kind is ErrandKind.MOVE else "simpan"
    return RedirectResponse(f"/sumber/{spec.key}?kabar={news}", 303)


@router.post("/sumber/bukti/{number}/lepas")
def drop_proof(visitor: FormSender, parts: Rooms, number: int) -> Response:
    """Let a proof go."""
    errand = _proof(parts, visitor, number)
    parts.store.errands.drop(number, visitor.user.name, parts.clock())
    return RedirectResponse(f"/sumber/{errand.source}?kabar=lepas" if errand.source else "/sumber?kabar=lepas", 303)


@router.get("/sumber/{key}")
def source_page(request: Request, visitor: PageReader, parts: Rooms, key: str, kabar: str = "") -> HTMLResponse:
    """A source's own page."""
    must_keep(visitor)
    says = speech(language_of(request))
    view = source_view(parts, visitor, found(parts, visitor, key), says, notice=says.say(NOTICES.get(kabar, "")))
    return parts.pages.render(request, "sumber_satu.html", view)


@router.post("/sumber/{key}/coba")
def tryagain(visitor: FormSender, parts: Rooms, key: str, daftar: Text = "") -> Response:
    """Let a source be crawled on the crawlers' next turn."""
    must_keep(visitor)
    changeable(parts, visitor, key)
    now = parts.clock()
    parts.store.sources.hasten(key, now)
    parts.store.audit.write(visitor.user.name, "source.retry", key, {}, now)
    return RedirectResponse("/sumber?kabar=coba" if daftar else f"/sumber/{key}?kabar=coba", 303)


@router.post("/sumber/{key}/jeda")
def pause(visitor: FormSender, parts: Rooms, key: str, lanjut: Text = "") -> Response:
    """Pause a source, or go on."""
    must_keep(visitor)
    changeable(parts, visitor, key)
    parts.store.sources.pause(key, paused=not lanjut)
    action = "source.resume" if lanjut else "source.pause"
    parts.store.audit.write(visitor.user.name, action, key, {}, parts.clock())
    return RedirectResponse(f"/sumber/{key}?kabar={'lanjut' if lanjut else 'jeda'}", 303)


@router.post("/sumber/{key}/alamat")
def move(request: Request, visitor: FormSender, parts: Rooms, key: str, alamat: Text = "") -> Response:
    """Ask for another address of a source to be proven."""
    must_keep(visitor)
    known = changeable(parts, visitor, key)
    try:
        number = parts.store.errands.ask(
            ErrandKind.MOVE, by=visitor.user.name, now=parts.clock(), source=key, url=_address(alamat),
            region=known.spec.regions[0], inside=may_ask_inside(visitor),
        )  # fmt: skip
    except (Refused, Conflict) as failure:
        return again(request, parts, visitor, key, failure)
    return RedirectResponse(f"/sumber/bukti/{number}", 303)


@router.post("/sumber/{key}/celah")
def refill(request: Request, visitor: FormSender, parts: Rooms, key: str, sejak: Text = "") -> Response:
    """Ask for a gap to be filled since a day of the region."""
    must_keep(visitor)
    known = changeable(parts, visitor, key)
    try:
        _must_be_agreed(parts, known.spec)
        since = _since(parts, known.spec.regions[0], sejak)
        parts.store.errands.ask(
            ErrandKind.REFILL, by=visitor.user.name, now=parts.clock(), source=key, since=since,
            region=known.spec.regions[0],
        )  # fmt: skip
    except (Refused, Conflict) as failure:
        return again(request, parts, visitor, key, failure)
    return RedirectResponse(f"/sumber/{key}?kabar=celah#permintaan", 303)


def again(request: Request, parts: Parts, visitor: Visitor, key: str, failure: JaringError) -> HTMLResponse:
    """The source's page with what is wrong with the wish."""
    says = speech(language_of(request))
    view = source_view(parts, visitor, found(parts, visitor, key), says, fault=says.say(str(failure)))
    return parts.pages.render(request, "sumber_satu.html", view, status=failure.status)


def _proof(parts: Parts, visitor: Visitor, number: int) -> Errand:
    """A proof that the visitor may see: of a source, or of a region, that is his."""
    must_keep(visitor)
    errand = parts.store.errands.get(number)
    if errand.kind in {ErrandKind.REFILL, ErrandKind.SUGGEST} or errand.region not in visitor.scope.regions:
        raise NotFound(N_("Permintaan itu tidak ada."))
    if errand.source:
        changeable(parts, visitor, errand.source)
    return errand


def _move_in_profiles(parts: Parts, visitor: Visitor, now: SourceSpec, new: SourceSpec) -> None:
    """A source that a profile names gets its new address in the profile too, or the next start would undo it."""
    edit = RegionEdit("sources", now.key, {"url": new.url, "kind": new.kind})
    for slug in now.regions:
        profile = parts.profile(slug)
        if profile is not None and now.key in profile.sources:
            parts.profiles.change(slug, [edit], visitor.user.name, parts.clock(), note=f"dari {now.url}")


def _must_be_agreed(parts: Parts, spec: SourceSpec) -> None:
    if waits_for_yes(parts, spec):
        raise Refused(N_("Sumber berbayar ini belum menyala: celahnya diisi sesudah harganya disetujui."))


def _address(typed: str) -> str:
    address = "".join(typed.split())
    if not address:
        raise Refused(N_("Tulis alamat situs, umpan, atau peta situsnya."))
    return address


def _region(visitor: Visitor, slug: str) -> str:
    if slug not in visitor.scope.regions:
        raise Refused(N_("Pilih wilayah yang didengarkan sumber ini."))
    return slug


def _since(parts: Parts, region: str, typed: str) -> datetime:
    zone, now = parts.zone_of(region), parts.clock()
    try:
        since = midnight(date.fromisoformat(typed), zone)
    except ValueError as cause:
        raise Refused(N_("Pilih tanggal mulai celahnya.")) from cause
    if not now - LONGEST < since <= now:
        raise Refused(N_("Tanggalnya harus dalam setahun terakhir dan tidak di depan."))
    return since
