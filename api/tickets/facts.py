"""What is known of a ticket, fact by fact, each with the list that it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.contexts.ticket import Fact
from api.parts import Parts
from api.speech import N_, Speech
from api.tickets.asked import TicketAsked
from api.tickets.telling import place_words
from api.tickets.trail import MACHINE
from api.tickets.words import ORIGINS
from domain.tickets import Ticket, TicketState

MAX_SPOTS: Final = 6
TITLES: Final = {
    "opd": N_("OPD"), "proposed": N_("Diusulkan"), "topic": N_("Topik"), "intent": N_("Maksud"),
    "place": N_("Tempat"), "spots": N_("Patokan"), "cases": N_("Kiriman"), "opened": N_("Dibuka"),
    "first": N_("Terbit"),
    "disposed": N_("Disposisi"), "accepted": N_("Diterima"), "answered": N_("Tanggapan"),
    "done": N_("Selesai"), "resolve": N_("Penyelesaian"),
    "submitted": N_("Diajukan selesai"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Teller:
    parts: Parts
    ticket: Ticket
    says: Speech
    now: datetime

    def fact(self, key: str, text: str, *, href: str | None = None, small: str = "", hint: str = "") -> Fact:
        return Fact(self.says.say(TITLES[key]), text, href, small, hint)

    def at(self, key: str, moment: datetime | None, *, small: str = "") -> Iterator[Fact]:
        """A moment, where there is one."""
        if moment is not None:
            yield self.fact(key, self.moment(moment), small=small)

    def moment(self, at: datetime) -> str:
        return self.says.moment(at, self.parts.zone_of(self.ticket.region))

    def late(self, *, late: bool) -> str:
        return self.says.say("terlambat") if late else ""


def facts_of(
    parts: Parts, ticket: Ticket, says: Speech, now: datetime, *, spots: Iterable[str] = ()
) -> tuple[Fact, ...]:
    """The facts of a ticket: whose and what it is, the spots that its posts name, then its moments."""
    teller = _Teller(parts, ticket, says, now)
    return (*_whose(teller), *_what(teller), *_where(teller, spots), *_moments(teller))


def _whose(teller: _Teller) -> Iterator[Fact]:
    ticket, names = teller.ticket, teller.parts.names
    if ticket.opd:
        href = _listed("opd", f"{ticket.region}/{ticket.opd}")
        yield teller.fact("opd", names.agency(ticket.region, ticket.opd), href=href)
    elif ticket.proposed:
        yield teller.fact("proposed", names.agency(ticket.region, ticket.proposed))


def _what(teller: _Teller) -> Iterator[Fact]:
    ticket, names, says = teller.ticket, teller.parts.names, teller.says
    yield teller.fact("topic", names.topic(ticket.topic, says), href=_listed("topic", ticket.topic))
    yield teller.fact("intent", names.of("intent", ticket.intent, says))
    if ticket.area:
        yield teller.fact("place", place_words(teller.parts, ticket), href=_listed("area", ticket.area))
    elif ticket.place:
        yield teller.fact("place", ticket.place)


def _where(teller: _Teller, spots: Iterable[str]) -> Iterator[Fact]:
    """The addresses and landmarks that the posts name, each once."""
    told = list({spot.casefold(): spot for spot in spots}.values())[:MAX_SPOTS]
    if told:
        yield teller.fact("spots", "; ".join(told))


def _moments(teller: _Teller) -> Iterator[Fact]:
    ticket, says = teller.ticket, teller.says
    origin = says.say(ORIGINS[ticket.origin])
    yield from teller.at("first", ticket.published_at)
    by = origin if ticket.opened_by == MACHINE else f"{origin}, {ticket.opened_by}"
    yield from teller.at("opened", ticket.opened_at, small=by)
    yield from teller.at("disposed", ticket.disposed_at)
    yield from teller.at("accepted", ticket.accepted_at)
    if ticket.answered_at:
        late = ticket.response_due is not None and ticket.answered_at > ticket.response_due
        yield from teller.at("answered", ticket.answered_at, small=teller.late(late=late))
    elif ticket.response_due and ticket.is_open:
        yield _due(teller, "answered", ticket.response_due)
    yield from teller.at("done" if ticket.state is TicketState.DONE else "submitted", ticket.done_at)
    if ticket.resolve_due and ticket.is_open:
        yield _due(teller, "resolve", ticket.resolve_due, ticket.resolve_why)


def _due(teller: _Teller, key: str, due: datetime, why: str = "") -> Fact:
    words = teller.says.say("paling lambat %(at)s", at=teller.moment(due))
    return teller.fact(key, words, small=teller.late(late=due <= teller.now), hint=why)


def _listed(name: str, value: str) -> str:
    return TicketAsked().with_value(name, value).href()
