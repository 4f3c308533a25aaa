"""Who asks: a login's cookie or an API token, and what each may do. Everything else is refused here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Form, Request
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from api.answers import PasswordDue
from api.parts import Parts, Rooms
from api.problems import NotLoggedIn
from api.speech import N_
from domain.errors import Forbidden
from domain.scope import Scope
from domain.tickets import Party
from store.people import Role, User

COOKIE: Final = "jaring_sesi"
READ: Final = "read"
WRITE: Final = "write"
INTAKE: Final = "intake"
# What a token's scope opens: the stronger one holds the weaker, handing posts in stands apart.
GRANTS: Final = {READ: frozenset({READ}), WRITE: frozenset({READ, WRITE}), INTAKE: frozenset({INTAKE})}
# On whose side of a ticket a role acts; the others only read.
PARTIES: Final = {Role.ADMIN: Party.CENTER, Role.ANALYST: Party.CENTER, Role.LIAISON: Party.AGENCY}
MAY_CORRECT: Final = frozenset({"admin", "analis", "penghubung"})

_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session", description="A login of the pages.")
_bearer = HTTPBearer(auto_error=False, scheme_name="token", description="A token of `jaring token add`.")
_csrf_header = APIKeyHeader(
    name="X-CSRF-Token", auto_error=False, scheme_name="csrf", description="Beside the cookie, for what changes things."
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A known reader, what he may see and do. `csrf` belongs to a login; a token needs none."""

    user: User
    scope: Scope
    grants: frozenset[str]
    csrf: str = ""

    @property
    def may_correct(self) -> bool:
        """Whether the reader's office is to correct labels."""
        return WRITE in self.grants and self.user.role in MAY_CORRECT

    @property
    def party(self) -> Party | None:
        """On whose side of a ticket the reader acts; None for one who only reads, by office or by token."""
        return PARTIES.get(self.user.role) if WRITE in self.grants else None


def logged_in(parts: Parts, cookie: str | None, *, used: bool = True) -> Visitor | None:
    """The visitor of a login that still stands; `used` as in `store.logins.Logins.session`."""
    session = parts.store.accounts.session(cookie, parts.clock(), used=used) if cookie else None
    if session is None:
        return None
    scope = parts.store.accounts.scope_of(session.user, frozenset(parts.profiles))
    return Visitor(session.user, scope, GRANTS[WRITE], session.csrf)


def with_token(parts: Parts, plain: str) -> Visitor:
    """The visitor of an API token. NotLoggedIn for one that opens nothing."""
    token = parts.store.accounts.token(plain, parts.clock())
    if token is None:
        raise NotLoggedIn(N_("Token tidak dikenal, sudah habis masa berlakunya, atau dicabut."))
    scope = parts.store.accounts.scope_of(token.user, frozenset(parts.profiles))
    return Visitor(token.user, scope, GRANTS.get(token.scope, frozenset()))


def api_visitor(
    parts: Rooms,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Visitor:
    """Whoever calls the API. A token, where one is given, is believed before the cookie."""
    visitor = with_token(parts, bearer.credentials) if bearer else logged_in(parts, cookie)
    if visitor is None:
        raise NotLoggedIn(N_("Masuk dahulu, atau kirim Authorization: Bearer dengan token."))
    if not bearer and visitor.user.must_change:
        raise Forbidden(N_("Sandi sekali pakai harus diganti dahulu di halaman."))
    return visitor


def _api_reader(visitor: Annotated[Visitor, Depends(api_visitor)]) -> Visitor:
    if READ not in visitor.grants:
        raise Forbidden(N_("Token ini tidak boleh membaca."))
    return visitor


def _api_changer(
    request: Request,
    visitor: Annotated[Visitor, Depends(api_visitor)],
    _csrf: Annotated[str | None, Depends(_csrf_header)],
) -> Visitor:
    if visitor.csrf and not secrets.compare_digest(
        request.headers.get("X-CSRF-Token", "").encode(), visitor.csrf.encode()
    ):
        raise Forbidden(N_("X-CSRF-Token tidak cocok dengan sesi ini."))
    return visitor


def _api_writer(visitor: Annotated[Visitor, Depends(_api_changer)]) -> Visitor:
    if not visitor.may_correct:
        raise Forbidden(N_("Anda tidak berwenang mengoreksi label."))
    return visitor


def _api_actor(visitor: Annotated[Visitor, Depends(_api_changer)]) -> Visitor:
    if visitor.party is None:
        raise Forbidden(N_("Anda dapat membaca tiket, tidak mengubahnya."))
    return visitor


def _api_keeper(visitor: Annotated[Visitor, Depends(_api_changer)]) -> Visitor:
    if WRITE not in visitor.grants:
        raise Forbidden(N_("Token ini tidak boleh mengubah apa pun."))
    return visitor


def _api_sender(visitor: Annotated[Visitor, Depends(api_visitor)]) -> Visitor:
    if INTAKE not in visitor.grants:
        raise Forbidden(N_("Hanya token dengan lingkup intake yang boleh memasukkan kiriman."))
    return visitor


def _page_reader(request: Request, parts: Rooms) -> Visitor:
    visitor = logged_in(parts, request.cookies.get(COOKIE))
    if visitor is None:
        raise NotLoggedIn(N_("Masuk dahulu."))
    request.state.visitor = visitor
    if visitor.user.must_change and request.url.path not in {"/sandi", "/keluar"}:
        raise PasswordDue(N_("Ganti sandi sekali pakai dahulu."))
    return visitor


def _form_sender(visitor: Annotated[Visitor, Depends(_page_reader)], csrf: Annotated[str, Form()] = "") -> Visitor:
    if not secrets.compare_digest(csrf.encode(), visitor.csrf.encode()):
        raise Forbidden(N_("Formulir ini sudah usang. Muat ulang halamannya, lalu kirim lagi."))
    return visitor


ApiReader = Annotated[Visitor, Depends(_api_reader)]
ApiWriter = Annotated[Visitor, Depends(_api_writer)]
ApiActor = Annotated[Visitor, Depends(_api_actor)]
ApiKeeper = Annotated[Visitor, Depends(_api_keeper)]  # of what is one's own: any role
ApiSender = Annotated[Visitor, Depends(_api_sender)]
PageReader = Annotated[Visitor, Depends(_page_reader)]
FormSender = Annotated[Visitor, Depends(_form_sender)]
