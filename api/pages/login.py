"""`/masuk`, `/keluar`, `/sandi`: logging in and out, and choosing a password."""

from __future__ import annotations

import secrets
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.callers import caller
from api.contexts.login import LoginView, PasswordView
from api.parts import Parts, Rooms
from api.preferences import language_of
from api.speech import N_, speech
from api.visitors import COOKIE, FormSender, PageReader, Visitor
from domain.errors import Refused

router = APIRouter()
GUARD: Final = "jaring_pintu"  # ties the login form to the browser that was shown it
WRONG: Final = N_("Nama atau sandi tidak cocok.")
BLOCKED: Final = N_("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi.")
EXPIRED: Final = N_("Formulir ini sudah usang. Coba sekali lagi.")
NOT_YOURS: Final = N_("Sandi sekarang tidak cocok.")
DIFFERENT: Final = N_("Kedua sandi baru tidak sama.")
SAME: Final = N_("Pilih sandi yang lain dari yang sekarang.")
MAX_INPUT: Final = 500

Field = Annotated[str, Form(max_length=MAX_INPUT)]


@router.get("/masuk")
def login_page(request: Request, parts: Rooms, lanjut: str = "") -> Response:
    """The login form."""
    return _login(request, parts, then=lanjut)


@router.post("/masuk")
def log_in(  # noqa: PLR0913  the form's fields
    request: Request, parts: Rooms, nama: Field = "", sandi: Field = "", lanjut: Field = "", pintu: Field = ""
) -> Response:
    """Check name and password. The same words for an unknown name and a wrong password, after the same work."""
    guard = request.cookies.get(GUARD, "")
    if not guard or not secrets.compare_digest(guard.encode(), pintu.encode()):
        return _login(request, parts, then=lanjut, name=nama, message=EXPIRED, status=403)
    accounts, now, address = parts.store.accounts, parts.clock(), caller(request)
    if not accounts.may_try(nama, address, now):
        parts.metrics.logins.labels("blocked").inc()
        return _login(request, parts, then=lanjut, name=nama, message=BLOCKED, status=429)
    user = accounts.verify(nama, sandi)
    if user is not None:
        accounts.note_attempt(nama, address, now, ok=True)
    parts.metrics.logins.labels("ok" if user else "failed").inc()
    if user is None:
        return _login(request, parts, then=lanjut, name=nama, message=WRONG, status=401)
    token = accounts.start_session(user, now, address=_address(request), agent=request.headers.get("user-agent"))
    answer = RedirectResponse("/sandi" if user.must_change else own_address(lanjut), 303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=parts.settings.is_secure)
    answer.delete_cookie(GUARD, path="/masuk")
    return answer


@router.post("/keluar")
def log_out(request: Request, visitor: FormSender, parts: Rooms) -> Response:  # noqa: ARG001  the form is checked
    """End this session."""
    parts.store.accounts.end_session(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/masuk", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/sandi")
def password_page(request: Request, visitor: PageReader, parts: Rooms) -> Response:
    """The form for a new password."""
    return parts.pages.render(request, "sandi.html", PasswordView(due=visitor.user.must_change))


@router.post("/sandi")
def change_password(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, sekarang: Field = "", baru: Field = "", ulang: Field = ""
) -> Response:
    """Change the password; every other session of the person ends."""
    try:
        _change(parts, visitor, _address(request), sekarang, baru, ulang)
    except Refused as refused:
        message = speech(language_of(request)).say(str(refused))
        view = PasswordView(due=visitor.user.must_change, message=message)
        return parts.pages.render(request, "sandi.html", view, status=422)
    user = parts.store.accounts.user(visitor.user.name)
    token = parts.store.accounts.start_session(
        user, parts.clock(), address=_address(request), agent=request.headers.get("user-agent")
    )
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=parts.settings.is_secure)
    return answer


def own_address(path: str) -> str:
    """An address on this site; for anything else `/`, which leads to the reader's own first page."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain and not path.startswith(("/masuk", "/keluar")) else "/"


def _change(  # noqa: PLR0913  the form's fields
    parts: Parts, visitor: Visitor, address: str, current: str, new: str, again: str
) -> None:
    accounts, name, now = parts.store.accounts, visitor.user.name, parts.clock()
    if not accounts.may_try(name, address, now):
        raise Refused(BLOCKED)
    if accounts.verify(name, current) is None:
        raise Refused(NOT_YOURS)
    accounts.note_attempt(name, address, now, ok=True)
    if new != again:
        raise Refused(DIFFERENT)
    if new == current:
        raise Refused(SAME)
    accounts.set_password(name, new, now=now)
    parts.store.audit.write(name, "password.change", name, {}, now)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _login(  # noqa: PLR0913  what the page shows
    request: Request, parts: Parts, *, then: str, name: str = "", message: str = "", status: int = 200
) -> Response:
    guard = secrets.token_urlsafe(24)
    says = speech(language_of(request))
    view = LoginView(guard=guard, then=own_address(then), name=name, message=says.say(message))
    answer = parts.pages.render(request, "masuk.html", view, status=status)
    answer.set_cookie(GUARD, guard, httponly=True, samesite="strict", secure=parts.settings.is_secure, path="/masuk")
    return answer
