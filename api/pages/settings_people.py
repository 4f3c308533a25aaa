"""`/pengaturan/orang`: who comes in, as what, and what each may see. For those who run the installation."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.administration.people import PEOPLE, Short, Typed, again, people_view, person_view, typed
from api.administration.words import must_run, runs_all
from api.contexts.settings import Secret
from api.parts import Rooms
from api.preferences import language_of
from api.speech import N_, Speech, speech
from api.visitors import FormSender, PageReader
from desk.people import one_time_password
from domain.errors import Conflict, Refused
from store.people import User

router = APIRouter()
Fields = Annotated[Typed, Depends(typed)]
NOTICES: Final = {
    "ubah": N_("Tersimpan; berlaku sejak halaman berikutnya yang dibukanya."),
    "nonaktif": N_("Akun dinonaktifkan; semua sesi dan tokennya tidak berlaku lagi."),
    "aktif": N_("Akun aktif lagi dengan sandinya yang lama."),
}
NOT_YOURSELF: Final = N_("Anda tidak dapat menonaktifkan diri sendiri.")


@router.get("/pengaturan")
def root(visitor: PageReader, parts: Rooms) -> RedirectResponse:
    """The first page of the settings that the visitor may open."""
    return RedirectResponse(PEOPLE if runs_all(parts, visitor) else "/pengaturan/opd", 303)


@router.get("/pengaturan/orang")
def people_page(request: Request, visitor: PageReader, parts: Rooms, q: str = "") -> HTMLResponse:
    """Everybody."""
    must_run(parts, visitor)
    view = people_view(parts, visitor, speech(language_of(request)), q=q[:100])
    return parts.pages.render(request, "pengaturan_orang.html", view)


@router.post("/pengaturan/orang")
def add(request: Request, visitor: FormSender, parts: Rooms, fields: Fields, nama: Short = "") -> Response:
    """Add a person with a password to be told once; the answer that tells it has no address of its own."""
    must_run(parts, visitor)
    says, password = speech(language_of(request)), one_time_password()
    try:
        reach = fields.reach(parts)
        user = parts.store.accounts.create_user(
            nama, display=fields.display or nama, role=fields.role, password=password, must_change=True,
            regions=reach.regions, opds=reach.opds, areas=reach.areas,
            may_reveal=fields.may_reveal, may_oversee=fields.may_oversee,
        )  # fmt: skip
    except (Refused, Conflict) as failure:
        form = again(parts, says, fields, nama)
        view = people_view(parts, visitor, says, form=form, fault=says.say(str(failure)))
        return parts.pages.render(request, "pengaturan_orang.html", view, status=failure.status)
    parts.store.audit.write(visitor.user.name, "user.add", user.name, _told(user), parts.clock())
    view = people_view(parts, visitor, says, secret=_secret(user, password, says))
    return parts.pages.render(request, "pengaturan_orang.html", view)


@router.get("/pengaturan/orang/{name}")
def person_page(request: Request, visitor: PageReader, parts: Rooms, name: str, kabar: str = "") -> HTMLResponse:
    """An account's own page."""
    must_run(parts, visitor)
    says = speech(language_of(request))
    view = person_view(parts, visitor, parts.store.accounts.user(name), says, notice=says.say(NOTICES.get(kabar, "")))
    return parts.pages.render(request, "pengaturan_satu.html", view)


@router.post("/pengaturan/orang/{name}")
def change(request: Request, visitor: FormSender, parts: Rooms, name: str, fields: Fields) -> Response:
    """Change what a person is and may see."""
    must_run(parts, visitor)
    before = parts.store.accounts.user(name)
    try:
        reach = fields.reach(parts)
        user = parts.store.accounts.change_user(
            before.name, display=fields.display or before.display, role=fields.role,
            regions=reach.regions, opds=reach.opds, areas=reach.areas,
            may_reveal=fields.may_reveal, may_oversee=fields.may_oversee,
        )  # fmt: skip
    except (Refused, Conflict) as failure:
        says = speech(language_of(request))
        form = again(parts, says, fields)
        view = person_view(parts, visitor, before, says, form=form, fault=says.say(str(failure)))
        return parts.pages.render(request, "pengaturan_satu.html", view, status=failure.status)
    was = _told(before)
    changed = {field: value for field, value in _told(user).items() if value != was[field]}
    if changed:
        parts.store.audit.write(visitor.user.name, "user.change", user.name, changed, parts.clock())
    return RedirectResponse(f"{PEOPLE}/{quote(user.name)}?kabar=ubah", 303)


@router.post("/pengaturan/orang/{name}/sandi")
def new_password(request: Request, visitor: FormSender, parts: Rooms, name: str) -> HTMLResponse:
    """Make a password to be told once; all sessions of the person end."""
    must_run(parts, visitor)
    says, password, now = speech(language_of(request)), one_time_password(), parts.clock()
    parts.store.accounts.set_password(name, password, must_change=True, now=now)
    user = parts.store.accounts.user(name)
    parts.store.audit.write(visitor.user.name, "user.password", user.name, {}, now)
    view = person_view(parts, visitor, user, says, secret=_secret(user, password, says))
    return parts.pages.render(request, "pengaturan_satu.html", view)


@router.post("/pengaturan/orang/{name}/aktif")
def set_active(request: Request, visitor: FormSender, parts: Rooms, name: str, aktif: Short = "") -> Response:
    """Close an account, or open it again."""
    must_run(parts, visitor)
    user = parts.store.accounts.user(name)
    try:
        if user.name == visitor.user.name:
            raise Conflict(NOT_YOURSELF)  # noqa: TRY301  told like any other
        parts.store.accounts.set_active(user.name, active=bool(aktif))
    except Conflict as failure:
        says = speech(language_of(request))
        view = person_view(parts, visitor, user, says, fault=says.say(str(failure)))
        return parts.pages.render(request, "pengaturan_satu.html", view, status=failure.status)
    action = "user.enable" if aktif else "user.disable"
    parts.store.audit.write(visitor.user.name, action, user.name, {}, parts.clock())
    return RedirectResponse(f"{PEOPLE}/{quote(user.name)}?kabar={'aktif' if aktif else 'nonaktif'}", 303)


def _secret(user: User, password: str, says: Speech) -> Secret:
    return Secret(
        title=says.say("Sandi sekali pakai untuk %(name)s", name=user.display),
        text=password,
        about=says.say("Hanya ditampilkan sekarang. Sampaikan langsung; ia menggantinya saat masuk pertama kali."),
    )


def _told(user: User) -> dict[str, str]:
    """An account as the audit trail tells it."""
    return {
        "display": user.display, "role": user.role.value, "regions": ", ".join(user.regions),
        "opds": ", ".join(user.opds), "areas": ", ".join(user.areas),
        "may_oversee": str(user.may_oversee), "may_reveal": str(user.may_reveal),
    }  # fmt: skip
