"""`/tiket/{code}`: a ticket's own page with what is done there, and making one of cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.pages.tickets import Back, Note, Short
from api.parts import Parts, Rooms
from api.preferences import language_of
from api.speech import N_, speech
from api.telling import is_sure
from api.tickets.asked import PATH
from api.tickets.deeds import MAX_DIGITS, must_act, perform, read_wish
from api.tickets.links import ticket_href
from api.tickets.making import cases_of, kin_of_cases, make_view
from api.tickets.page import Sent, list_of, ticket_view
from api.visitors import FormSender, PageReader, Visitor
from domain.errors import Conflict, Forbidden, NotFound, Refused
from domain.tickets import Party, Ticket

router = APIRouter()
Ids = Annotated[list[str] | None, Form()]
NOTICES: Final = {
    "baru": N_("Tiket dibuat."),
    "simpan": N_("Tersimpan."),
    "gabung": N_("Digabungkan ke tiket ini."),
    "pisah": N_("Kiriman yang dipisahkan kini tiket ini."),
}
CENTER_ONLY: Final = N_("Hanya pusat kendali yang membuat, menggabungkan dan memisahkan tiket.")


@router.get("/tiket/baru")
def make_page(
    request: Request, visitor: PageReader, parts: Rooms, kasus: Annotated[list[str] | None, Query()] = None
) -> HTMLResponse:
    """The page on which a ticket is made of cases."""
    _must_be_center(visitor)
    view = make_view(parts, cases_of(parts, visitor, kasus or ()), visitor, speech(language_of(request)))
    return parts.pages.render(request, "tiket_baru.html", view)


@router.post("/tiket")
def make(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, kasus: Ids = None, opd: Short = "", opd_lain: Short = "",
    catatan: Note = "", ke: Short = "", yakin: Short = "",
) -> Response:  # fmt: skip
    """Make a ticket of cases, or put them into one. One click where nothing is in doubt; else the page asks first."""
    _must_be_center(visitor)
    actor, says = must_act(visitor), speech(language_of(request))
    cases = cases_of(parts, visitor, kasus or ())
    ids = [case.id for case in cases]
    if ke:
        return _to(parts.desk.tickets.join(ke, ids, actor), "gabung")
    doubt = not yakin and (not is_sure(cases[0]) or kin_of_cases(parts, cases, visitor))
    if doubt:
        return RedirectResponse(f"{PATH}/baru?{urlencode([('kasus', one) for one in ids])}", 303)
    office = opd_lain.strip() or opd.strip() or None
    try:
        ticket = parts.desk.tickets.open(ids, actor, opd=office, note=catatan.strip() or None)
    except (Conflict, Refused) as refused:
        view = make_view(
            parts, cases, visitor, says, note=catatan, message=str(refused), chosen=opd if opd_lain == "" else ""
        )
        return parts.pages.render(request, "tiket_baru.html", view, status=refused.status)
    return _to(ticket, "baru")


@router.get("/tiket/{code}")
def ticket_page(  # noqa: PLR0913  the address's parts
    request: Request, visitor: PageReader, parts: Rooms, code: str, kembali: str = "", kabar: str = "", semua: str = "",
) -> HTMLResponse:  # fmt: skip
    """A ticket's own page."""
    says = speech(language_of(request))
    notice = says.say(NOTICES.get(kabar, ""))
    view = ticket_view(parts, code, visitor, says, back=kembali, notice=notice, every_case=semua == "1")
    return parts.pages.render(request, "tiket_satu.html", view)


@router.post("/tiket/{code}/tindakan")
def act(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, code: str, tindakan: Short = "", catatan: Note = "",
    opd: Short = "", rev: Short = "", dilihat: Short = "", kembali: Back = "",
) -> Response:  # fmt: skip
    """Do one thing to a ticket as its sender saw it."""

    def deed() -> Ticket:
        return perform(parts, visitor, code, read_wish(tindakan, catatan, opd, rev))

    sent = Sent("", tindakan, catatan, opd, _number(dilihat))
    return _deed(request, parts, visitor, code, deed, sent, back=kembali)


@router.post("/tiket/{code}/gabung")
def absorb(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, code: str, ke: Short = "", dilihat: Short = "",
    kembali: Back = "",
) -> Response:  # fmt: skip
    """Put a ticket's cases into another one; it is filed away."""
    _must_be_center(visitor)

    def deed() -> Ticket:
        parts.store.tickets.ticket(code, visitor.scope)
        try:
            return parts.desk.tickets.absorb(ke.strip().upper(), code, must_act(visitor))
        except NotFound as absent:
            raise Refused(str(absent)) from absent

    return _deed(request, parts, visitor, code, deed, Sent("", "gabung", ke, "", _number(dilihat)), back=kembali)


@router.post("/tiket/{code}/pisah")
def split(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, code: str, kasus: Ids = None, dilihat: Short = "",
    kembali: Back = "",
) -> Response:  # fmt: skip
    """Make another ticket of some of a ticket's cases."""
    _must_be_center(visitor)

    def deed() -> Ticket:
        if not kasus:
            raise Refused(N_("Pilih dahulu kiriman yang hendak dipisahkan."))
        return parts.desk.tickets.split(code, kasus, must_act(visitor))

    return _deed(request, parts, visitor, code, deed, Sent("", "pisah", "", "", _number(dilihat)), back=kembali)


def _deed(  # noqa: PLR0913  a deed, and what the page shows when it is refused
    request: Request, parts: Parts, visitor: Visitor, code: str, deed: Callable[[], Ticket], sent: Sent, *, back: str
) -> Response:  # fmt: skip
    """Do it and lead to the ticket; where it is refused, back to the form with what was typed and what happened."""
    try:
        ticket = deed()
    except (Conflict, Refused) as refused:
        seen = sent.seen if isinstance(refused, Conflict) else None
        says = speech(language_of(request))
        told = Sent(str(refused), sent.action, sent.note, sent.opd, seen)
        view = ticket_view(parts, code, visitor, says, back=back, sent=told)
        return parts.pages.render(request, "tiket_satu.html", view, status=refused.status)
    news = "simpan" if ticket.code == code else sent.action
    try:
        parts.store.tickets.ticket(ticket.code, visitor.scope)
    except NotFound:  # it left the reader's sight: back to what he still sees
        query = list_of(back).href().partition("?")[2]
        told_of = urlencode({"kabar": f"{sent.action}.1"})
        return RedirectResponse(f"{PATH}?{query}&{told_of}" if query else f"{PATH}?{told_of}", 303)
    return _to(ticket, news, back)


def _to(ticket: Ticket, news: str, back: str = "") -> Response:
    query = urlencode({"kabar": news, **({"kembali": back} if back else {})})
    return RedirectResponse(f"{ticket_href(ticket.code)}?{query}", 303)


def _must_be_center(visitor: Visitor) -> None:
    if visitor.party is not Party.CENTER:
        raise Forbidden(CENTER_ONLY)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MAX_DIGITS else None
