"""A ticket in words: as a row of the list, as the panel beside it, and as the head of its own page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from api.contexts.ticket import CaseView, Kin, OneClick, TicketPanel
from api.contexts.tickets import TicketRow
from api.parts import Parts
from api.pieces import cut, said
from api.speech import Speech
from api.telling import TONES, language_tag, post_href
from api.tickets.asked import TicketAsked
from api.tickets.clocks import clock_view
from api.tickets.deeds import actor_of
from api.tickets.forms import forms_of
from api.tickets.links import ticket_href
from api.tickets.trail import trail_of
from api.tickets.words import STATES
from api.visitors import Visitor
from domain.documents import PostDocument
from domain.labels import DateTrust, Urgency
from domain.scope import Scope
from domain.tickets import Action, Ticket, TicketState

CASE_LENGTH: Final = 600  # code points of a case's text; its own page has the rest
MAX_SHOWN: Final = 30  # cases on a ticket's page unless all are asked for
GLIMPSE: Final = 260  # of the first case, in the panel
ONE_CLICK: Final = frozenset({TicketState.NEW, TicketState.VERIFIED})


def row_view(  # noqa: PLR0913  a ticket, who reads it, and the list it stands in
    parts: Parts, ticket: Ticket, asked: TicketAsked, visitor: Visitor, says: Speech, now: datetime, *, picked: bool
) -> TicketRow:
    """A ticket as a row of the list."""
    clock = clock_view(parts, ticket, says, now)
    office = ticket.opd or ticket.proposed or ""
    back = asked.changed(after=asked.after, pick=ticket.code).href()
    return TicketRow(
        code=ticket.code,
        value=f"{ticket.code}~{ticket.rev}",
        href=f"{ticket_href(ticket.code)}?kembali={quote(back.partition('?')[2])}",
        title=cut(ticket.title, says),
        opd=parts.names.short_agency(office),
        opd_name=parts.names.agency(ticket.region, office) if office else "",
        is_proposed=ticket.opd is None,
        place=place_words(parts, ticket),
        state=says.say(STATES[ticket.state]),
        cases=ticket.cases,
        left=clock.left if clock else "",
        due=clock.due if clock else "",
        iso=clock.iso if clock else "",
        tone=clock.tone if clock else "",
        urgent=urgency_words(parts, ticket, says),
        oversight=ticket.oversight,
        one_click=one_click(parts, ticket, visitor, says),
        picked=picked,
    )


def panel_of(  # noqa: PLR0913  a ticket, who reads it, and where from
    parts: Parts, ticket: Ticket, visitor: Visitor, says: Speech, now: datetime, *, back: str = "", whole: bool = False,
    shown: int | None = MAX_SHOWN,
) -> TicketPanel:  # fmt: skip
    """A ticket as the panel shows it; `whole` gives its cases more room, all where `shown` is None.

    NotFound when it is hidden by now.
    """
    history = parts.store.tickets.history(ticket.code, visitor.scope)
    cases = parts.store.tickets.cases(ticket.code, visitor.scope, limit=shown if whole else 1)
    actor = actor_of(visitor)
    allowed = parts.desk.tickets.allowed(ticket, actor) if actor else ()
    click = one_click(parts, ticket, visitor, says)
    office = ticket.opd or ""
    return TicketPanel(
        code=ticket.code,
        href=ticket_href(ticket.code),
        title=cut(ticket.title, says),
        state=says.say(STATES[ticket.state]),
        state_key=ticket.state.value,
        opd=parts.names.short_agency(office),
        opd_name=parts.names.agency(ticket.region, office) if office else "",
        proposed=parts.names.short_agency(ticket.proposed or ""),
        clock=clock_view(parts, ticket, says, now),
        cases_word=says.say("%(n)s kiriman", n=says.number(ticket.cases)),
        cases=cases_view(parts, cases, visitor.scope, says, limit=CASE_LENGTH if whole else GLIMPSE),
        place=place_words(parts, ticket),
        urgent=urgency_words(parts, ticket, says),
        oversight=ticket.oversight,
        forms=forms_of(ticket, allowed, says, has_click=click is not None),
        one_click=click,
        history=trail_of(parts, ticket, history, says),
        rev=ticket.rev,
        seen=max((line.id for line in history), default=0),
        back=back,
    )


def one_click(parts: Parts, ticket: Ticket, visitor: Visitor, says: Speech) -> OneClick | None:
    """The click that sends a ticket to the office proposed, for those who may."""
    actor = actor_of(visitor)
    if actor is None or ticket.proposed is None or ticket.state not in ONE_CLICK:
        return None
    if Action.DISPOSE not in parts.desk.tickets.allowed(ticket, actor):
        return None
    short = parts.names.short_agency(ticket.proposed)
    return OneClick(
        label=says.say("Kirim ke %(opd)s", opd=short),
        opd=ticket.proposed,
        name=parts.names.agency(ticket.region, ticket.proposed),
        value=f"{ticket.code}~{ticket.rev}~{ticket.proposed}",
    )


def cases_view(
    parts: Parts, cases: Iterable[PostDocument], scope: Scope, says: Speech, *, limit: int
) -> tuple[CaseView, ...]:
    """Cases with their masked words, oldest first, each with the way to its own page where the reader may open it."""
    names = parts.names
    found = sorted(cases, key=lambda case: (case.published_at, case.id))
    sources = {key: names.source(key) for key in {case.source for case in found}}
    return tuple(
        CaseView(
            id=case.id,
            href=post_href(case.id) if scope.allows(case) else "",
            origin=f"{names.of('channel', case.channel, says)} · {sources[case.source]}",
            when=says.moment(case.published_at, parts.zone_of(case.region)),
            iso=case.published_at.isoformat(),
            trust=None if case.date_trust is DateTrust.EXACT else names.of("date_trust", case.date_trust, says),
            title=cut(case.title, says) if case.title else (),
            text=said(case, case.text, says, limit=limit),
            lang=language_tag(case),
            tone=TONES[case.sentiment],
            sentiment=names.of("sentiment", case.sentiment, says),
            spots=case.addresses,
        )
        for case in found
    )


def kin_view(parts: Parts, tickets: Sequence[Ticket], says: Speech) -> tuple[Kin, ...]:
    """Other tickets of the same matter nearby."""
    return tuple(
        Kin(
            code=ticket.code,
            href=ticket_href(ticket.code),
            title=cut(ticket.title, says),
            state=says.say(STATES[ticket.state]),
            opd=parts.names.short_agency(ticket.opd or ""),
            cases=ticket.cases,
        )
        for ticket in tickets
    )


def place_words(parts: Parts, ticket: Ticket) -> str:
    """Where it is, from the kecamatan inwards: "Labuapi · Telagawaru"."""
    profile = parts.profile(ticket.region)
    chain = profile.lineage(ticket.area) if profile and ticket.area else ()
    inside = [area.name for area in reversed(chain) if area.level in {"kecamatan", "desa"}]
    return " · ".join(inside) or (chain[0].name if chain else ticket.place or "")


def urgency_words(parts: Parts, ticket: Ticket, says: Speech) -> str | None:
    """How pressing it is, where it is more than usual."""
    return None if ticket.urgency is Urgency.ORDINARY else parts.names.of("urgency", ticket.urgency, says)
