"""`/tiket`: the list, the panel beside it, what is done to many at once, and the list as a file."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from api.contexts.tickets import OutcomesView, OutcomeView
from api.exports import XLSX, as_file, csv_lines, workbook
from api.parts import Rooms
from api.preferences import language_of
from api.speech import N_, Speech, speech
from api.tickets.asked import PATH, read_ticket_asked
from api.tickets.deeds import MAX_DIGITS, MAX_MANY, Outcome, perform_many, read_wish
from api.tickets.exports import COLUMNS, ticket_rows
from api.tickets.forms import SPECS
from api.tickets.links import ticket_href
from api.tickets.listing import tickets_view
from api.tickets.page import list_of
from api.tickets.telling import panel_of
from api.visitors import FormSender, PageReader
from domain.errors import Refused
from domain.tickets import Action

router = APIRouter()
Short = Annotated[str, Form(max_length=200)]
Note = Annotated[str, Form(max_length=10_000)]
Back = Annotated[str, Form(max_length=4_000)]
NOTHING_CHOSEN: Final = N_("Pilih dahulu tiketnya dan tindakannya.")


@router.get("/tiket")
def tickets_page(request: Request, visitor: PageReader, parts: Rooms, kabar: str = "") -> HTMLResponse:
    """The list of tickets."""
    says = speech(language_of(request))
    asked = read_ticket_asked(request.query_params)
    view = tickets_view(parts, visitor, asked, says, notice=news_words(kabar, says))
    return parts.pages.render(request, "tiket.html", view, status=view.status)


@router.get("/tiket/panel/{code}")
def panel(request: Request, visitor: PageReader, parts: Rooms, code: str) -> HTMLResponse:
    """The panel of one ticket, as it stands beside the list."""
    back = read_ticket_asked(request.query_params).href().partition("?")[2]
    ticket = parts.store.tickets.ticket(code, visitor.scope)
    view = panel_of(parts, ticket, visitor, speech(language_of(request)), parts.clock(), back=back)
    return parts.pages.render(request, "tiket_panel.html", view)


@router.get("/tiket/unduh.csv")
def export_csv(request: Request, visitor: PageReader, parts: Rooms) -> Response:
    """The whole list as CSV, streamed."""
    rows, name = ticket_rows(parts, visitor, read_ticket_asked(request.query_params), "csv")
    return StreamingResponse(csv_lines(rows, COLUMNS), media_type="text/csv; charset=utf-8", headers=as_file(name))


@router.get("/tiket/unduh.xlsx")
def export_xlsx(request: Request, visitor: PageReader, parts: Rooms) -> Response:
    """The whole list as a workbook."""
    rows, name = ticket_rows(parts, visitor, read_ticket_asked(request.query_params), "xlsx")
    return StreamingResponse(workbook(rows, COLUMNS, sheet_name="tiket"), media_type=XLSX, headers=as_file(name))


@router.post("/tiket/banyak")
def many(  # noqa: PLR0913  the form's fields
    request: Request, visitor: FormSender, parts: Rooms, tiket: Annotated[list[str] | None, Form()] = None,
    tindakan: Short = "", opd: Short = "", catatan: Note = "", kembali: Back = "", satu: Short = "",
) -> Response:  # fmt: skip
    """Do one thing to many tickets, or send one where it was proposed. What is refused is named on the answer."""
    says = speech(language_of(request))
    code, rev, office = (*satu.split("~"), "", "")[:3]
    chosen = [code_and_rev(f"{code}~{rev}")] if satu else [code_and_rev(value) for value in tiket or ()][:MAX_MANY]
    if not chosen or not (satu or tindakan):
        raise Refused(NOTHING_CHOSEN)
    wish = read_wish(Action.DISPOSE.value if satu else tindakan, "" if satu else catatan, office if satu else opd, "")
    outcomes = perform_many(parts, visitor, dict.fromkeys(chosen), wish)
    if all(outcome.ticket for outcome in outcomes):
        news = urlencode({"kabar": f"{wish.action.value}.{len(outcomes)}"})
        query = list_of(kembali).href().partition("?")[2]
        return RedirectResponse(f"{PATH}?{query}&{news}" if query else f"{PATH}?{news}", 303)
    view = _outcomes(outcomes, wish.action, list_of(kembali).href(), says)
    return parts.pages.render(request, "tiket_hasil.html", view, status=200 if view.done else 409)


def code_and_rev(value: str) -> tuple[str, int | None]:
    """What a checkbox of the list brings back: code and, where it is one, rev."""
    code, _, rev = value.partition("~")
    return code[:40], int(rev) if rev.isdecimal() and rev.isascii() and len(rev) <= MAX_DIGITS else None


def news_words(news: str, says: Speech) -> str:
    """What the redirect of a done deed tells; nothing for what no redirect of ours says."""
    action, _, number = news.partition(".")
    known = next((one for one in SPECS if one.value == action), None)
    if known is None or not (number.isdecimal() and number.isascii() and len(number) <= MAX_DIGITS):
        return ""
    return says.say("%(deed)s: %(n)s tiket.", deed=says.say(SPECS[known].label), n=says.number(int(number)))


def _outcomes(outcomes: list[Outcome], action: Action, back: str, says: Speech) -> OutcomesView:
    done = sum(1 for outcome in outcomes if outcome.ticket)
    return OutcomesView(
        done=done,
        summary=says.say(
            "%(deed)s: %(done)s tiket berhasil, %(refused)s tidak",
            deed=says.say(SPECS[action].label),
            done=says.number(done),
            refused=says.number(len(outcomes) - done),
        ),
        refused=tuple(
            OutcomeView(outcome.code, ticket_href(outcome.code), says.say(outcome.refusal))
            for outcome in outcomes
            if outcome.refusal
        ),
        back=back,
    )
