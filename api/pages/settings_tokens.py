"""`/pengaturan/token`: what programs come in with."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.administration.people import Short, tokens_view
from api.administration.words import must_run
from api.contexts.settings import Secret
from api.parts import Rooms
from api.preferences import language_of
from api.speech import N_, speech
from api.visitors import FormSender, PageReader
from domain.errors import Conflict, NotFound, Refused

router = APIRouter()
MOST_DAYS: Final = 3_650
NOTICES: Final = {"cabut": N_("Token dicabut; sejak sekarang tidak membuka apa pun.")}


@router.get("/pengaturan/token")
def tokens_page(request: Request, visitor: PageReader, parts: Rooms, kabar: str = "") -> HTMLResponse:
    """All tokens."""
    must_run(parts, visitor)
    says = speech(language_of(request))
    view = tokens_view(parts, visitor, says, notice=says.say(NOTICES.get(kabar, "")))
    return parts.pages.render(request, "pengaturan_token.html", view)


@router.post("/pengaturan/token")
def make(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, orang: Short = "", lingkup: Short = "", untuk: Short = "",
    hari: Short = "",
) -> Response:  # fmt: skip
    """Make a token; the answer that tells its text has no address of its own."""
    must_run(parts, visitor)
    says, now = speech(language_of(request)), parts.clock()
    try:
        days = _days(hari)
        purpose = " ".join(untuk.split()) or lingkup
        plain = parts.store.accounts.create_token(
            orang, lingkup, purpose, now + timedelta(days=days) if days else None, now
        )
    except (Refused, Conflict, NotFound) as failure:
        view = tokens_view(parts, visitor, says, fault=says.say(str(failure)))
        return parts.pages.render(request, "pengaturan_token.html", view, status=failure.status)
    detail = {"scope": lingkup, "name": purpose, "days": hari}
    parts.store.audit.write(visitor.user.name, "token.add", orang, detail, now)
    about = says.say("Hanya ditampilkan sekarang. Simpan di tempat rahasia; Jaring hanya menyimpan sidiknya.")
    secret = Secret(says.say("Token baru: %(name)s", name=purpose), plain, about)
    return parts.pages.render(request, "pengaturan_token.html", tokens_view(parts, visitor, says, secret=secret))


@router.post("/pengaturan/token/cabut")
def revoke(visitor: FormSender, parts: Rooms, token: Short = "") -> Response:
    """Take a token away."""
    must_run(parts, visitor)
    found = next((one for one in parts.store.accounts.tokens() if one.id == token), None)
    if found is None:
        raise NotFound(N_("Token itu tidak ada."))
    parts.store.accounts.revoke_token(found.id)
    detail = {"name": found.name, "scope": found.scope.value}
    parts.store.audit.write(visitor.user.name, "token.revoke", found.user.name, detail, parts.clock())
    return RedirectResponse("/pengaturan/token?kabar=cabut", 303)


def _days(typed: str) -> int | None:
    if not typed.strip():
        return None
    if not typed.strip().isdecimal() or not 1 <= int(typed) <= MOST_DAYS:
        raise Refused(f"Masa berlaku ditulis dalam hari, 1 sampai {MOST_DAYS}; kosong berarti tanpa batas.")
    return int(typed)
