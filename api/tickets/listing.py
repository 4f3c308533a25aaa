"""Builds the list of tickets: asks truth, and gives the page one of its five faces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from api.contexts.post import Option
from api.contexts.search import Choice
from api.contexts.ticket import TicketPanel
from api.contexts.tickets import Bulk, Field, Tab, TicketsView
from api.names import WORDS
from api.parts import Parts
from api.speech import N_, Speech
from api.tickets.asked import FIELDS, ORDERS, VIEWS, TicketAsked
from api.tickets.forms import SPECS
from api.tickets.offices import areas, office_keys, offices
from api.tickets.telling import panel_of, row_view
from api.tickets.words import ORDERS as ORDER_WORDS
from api.tickets.words import STATES
from api.tickets.words import VIEWS as VIEW_WORDS
from api.visitors import Visitor
from domain.errors import NotFound, Refused, Unavailable
from domain.tickets import ACTIONS, Action, Party, Ticket, TicketState
from store.ticketcounts import TicketCounts
from store.ticketlists import TicketPage

# What is done to many at once, by side; the rest wants a look at each.
BULK: Final = {
    Party.CENTER: (Action.DISPOSE, Action.VERIFY, Action.APPROVE, Action.REFUSE, Action.ARCHIVE, Action.NOTE),
    Party.AGENCY: (Action.ACCEPT, Action.NOT_OURS, Action.ANSWER, Action.POSTPONE, Action.RESUME, Action.NOTE),
}
EMPTY: Final = {
    "terbuka": N_("Tidak ada yang menunggu. Tiket baru muncul di sini begitu dibuat."),
    "terlambat": N_("Tidak ada yang terlambat."),
    "hari_ini": N_("Tidak ada tenggat yang jatuh hari ini."),
    "usulan": N_("Tidak ada usulan yang menunggu satu klik."),
    "dikembalikan": N_("Tidak ada yang dikembalikan oleh OPD."),
    "selesai": N_("Belum ada yang selesai."),
    "semua": N_("Belum ada tiket. Buat satu dari sebuah kiriman dengan Jadikan tiket."),
}
TITLES: Final = {"area": N_("Tempat"), "topic": N_("Topik"), "urgency": N_("Urgensi"), "intent": N_("Maksud")}


def tickets_view(parts: Parts, visitor: Visitor, asked: TicketAsked, says: Speech, *, notice: str = "") -> TicketsView:
    """The page of a list for a reader."""
    view = TicketsView(face="results", status=200, title=_title(parts, visitor, says), q=asked.q, notice=notice)
    scope = visitor.scope
    if not scope.regions or scope.opds == frozenset() or scope.areas == frozenset():
        return replace(view, face="forbidden", status=403)
    try:
        return _found(parts, visitor, asked, says, view)
    except Refused as refused:
        return replace(
            view, face="refused", status=422, message=says.say(str(refused)), suggestions=_wider(asked, says)
        )
    except Unavailable:
        return replace(view, face="failing", status=503)


def _found(parts: Parts, visitor: Visitor, asked: TicketAsked, says: Speech, view: TicketsView) -> TicketsView:
    scope, now = visitor.scope, parts.clock()
    query = asked.query(parts.zone(scope, asked.values.get("region", ())))
    found = parts.store.tickets.list(query, scope, now=now)
    counts = parts.store.tickets.counts(query, scope, now=now)
    view = replace(view, **_frame(parts, visitor, asked, says), tabs=_tabs(counts, asked, visitor, says))
    if not found.items:
        return replace(view, face="empty", message=_nothing(asked, says), suggestions=_wider(asked, says))
    picked = asked.pick if asked.pick in {ticket.code for ticket in found.items} else found.items[0].code
    return replace(
        view,
        summary=says.say("%(n)s tiket", n=says.number(found.total)),
        total=found.total,
        orders=tuple(
            Choice(says.say(ORDER_WORDS[order]), asked.changed(order=order).href(), asked.order == order)
            for order in ORDERS
        ),
        rows=tuple(
            row_view(parts, ticket, asked, visitor, says, now, picked=ticket.code == picked) for ticket in found.items
        ),
        next_href=asked.changed(after=found.next).href() if found.next else None,
        start_href=asked.changed().href() if asked.after else None,
        csv_href=asked.changed().href("/tiket/unduh.csv"),
        xlsx_href=asked.changed().href("/tiket/unduh.xlsx"),
        bulk=_bulk(parts, visitor, found, says, now),
        panel=_panel(parts, visitor, found, picked, asked, says, now),
    )


def _frame(parts: Parts, visitor: Visitor, asked: TicketAsked, says: Speech) -> dict[str, Any]:
    """What stands there whatever is found."""
    pairs = [pair for pair in asked.pairs() if pair[0] not in {"setelah", "pilih"}]
    fields = _fields(parts, visitor, asked, says)
    asked_for = {*(field.name for field in fields), "dari", "sampai", "pengawasan"}
    return {
        "hidden": tuple(pair for pair in pairs if pair[0] != "q"),
        "kept": tuple(pair for pair in pairs if pair[0] not in asked_for),
        "fields": fields,
        "first": asked.first.isoformat() if asked.first else "",
        "last": asked.last.isoformat() if asked.last else "",
        "oversight": asked.oversight if visitor.scope.may_oversee else None,
        "chips": _chips(parts, asked, says),
        "back": asked.changed(after=asked.after).href().partition("?")[2],
    }


def _title(parts: Parts, visitor: Visitor, says: Speech) -> str:
    own = sorted(visitor.scope.opds or ())
    if len(own) == 1:
        return says.say("Tiket %(opd)s", opd=parts.names.short_agency(own[0].rpartition("/")[2]))
    return says.say("Tiket")


def _tabs(counts: TicketCounts, asked: TicketAsked, visitor: Visitor, says: Speech) -> tuple[Tab, ...]:
    many = {
        "terbuka": counts.open,
        "terlambat": counts.overdue,
        "hari_ini": counts.due_today,
        "usulan": counts.proposed,
        "dikembalikan": counts.returned,
        "selesai": counts.by_state.get(TicketState.DONE, 0),
        "semua": sum(counts.by_state.values()),
    }
    center_only = {"usulan", "dikembalikan"}  # no office has them
    return tuple(
        Tab(
            label=says.say(VIEW_WORDS[view]),
            href=asked.changed(view=view).href(),
            count=many[view],
            chosen=asked.view == view,
            tone={"terlambat": "late", "hari_ini": "due"}.get(view, "") if many[view] else "",
            live="" if asked.is_narrowed else view,
        )
        for view in VIEWS
        if visitor.scope.opds is None or view not in center_only
    )


def _fields(parts: Parts, visitor: Visitor, asked: TicketAsked, says: Speech) -> tuple[Field, ...]:
    def closed(words: Mapping[str, str]) -> tuple[Option, ...]:
        return tuple(Option(str(value), says.say(word)) for value, word in words.items())

    held, scope = asked.values, visitor.scope
    topics = [Option(main.code, parts.names.topic(main.code, says)) for main in parts.taxonomy.main]
    topics += [Option(code, parts.names.topic(code, says)) for code in held.get("topic", ()) if "." in code]
    titles = {name: says.say(word) for name, word in TITLES.items()}
    keys = office_keys(parts, scope, held.get("opd", ()), regions=held.get("region", ()))
    fields = [
        ("opd", says.say("OPD"), keys if len(keys) > 1 else ()),
        ("state", says.say("Status"), closed(STATES)),
        ("area", titles["area"], areas(parts, scope, held.get("area", ()))),
        ("topic", titles["topic"], tuple(topics)),
        ("urgency", titles["urgency"], closed(WORDS["urgency"])),
        ("intent", titles["intent"], closed(WORDS["intent"])),
    ]
    if len(scope.regions) > 1:
        served = [slug for slug in parts.profiles if slug in scope.regions]
        names = tuple(Option(slug, parts.names.of("region", slug, says)) for slug in served)
        fields.append(("region", says.say("Wilayah"), names))
    return tuple(
        Field(name, title, (held.get(name) or ("",))[-1], options) for name, title, options in fields if options
    )


def _chips(parts: Parts, asked: TicketAsked, says: Speech) -> tuple[Choice, ...]:
    chips = [Choice(f"“{asked.q}”", asked.changed(q="").href())] if asked.q else []
    chips += [
        Choice(_value_words(parts, name, value, says), asked.without_value(name, value).href())
        for name in FIELDS
        for value in asked.values.get(name, ())
    ]
    for day, words, without in (
        (asked.first, N_("dibuka sejak %(day)s"), asked.changed(first=None)),
        (asked.last, N_("dibuka sampai %(day)s"), asked.changed(last=None)),
    ):
        if day:
            chips.append(Choice(says.say(words, day=says.day(day)), without.href()))
    if asked.oversight:
        chips.append(Choice(says.say("berkadar pengawasan"), asked.changed(oversight=False).href()))
    return tuple(chips)


def _value_words(parts: Parts, name: str, value: str, says: Speech) -> str:
    match name:
        case "state":
            return says.say(STATES[TicketState(value)])
        case "opd":
            return parts.names.short_agency(value.rpartition("/")[2]) or says.say("Pusat kendali")
        case "area":
            return parts.names.area(value)
        case _:
            return parts.names.of(name, value, says)


def _bulk(parts: Parts, visitor: Visitor, found: TicketPage, says: Speech, now: datetime) -> Bulk | None:
    if visitor.party is None:
        return None
    regions = {ticket.region for ticket in found.items} & set(parts.profiles)
    several = len(regions) > 1
    agencies = tuple(
        Option(option.value, option.label, parts.names.of("region", slug, says) if several else "")
        for slug in sorted(regions)
        for option in offices(parts, slug, now)
    )
    return Bulk(tuple(_bulk_action(action, says) for action in BULK[visitor.party]), agencies)


def _bulk_action(action: Action, says: Speech) -> Option:
    spec = SPECS[action]
    asks = " ".join(name for name, asked in (("opd", spec.agency), ("catatan", spec.note)) if asked)
    label = says.say(spec.label)
    return Option(action.value, f"{label} …" if ACTIONS[action].needs_reason else label, asks)


def _panel(  # noqa: PLR0913  which ticket, for whom
    parts: Parts, visitor: Visitor, found: TicketPage, picked: str, asked: TicketAsked, says: Speech, now: datetime
) -> TicketPanel | None:
    ticket: Ticket = next(ticket for ticket in found.items if ticket.code == picked)
    back = asked.changed(after=asked.after, pick=picked).href().partition("?")[2]
    try:
        return panel_of(parts, ticket, visitor, says, now, back=back)
    except NotFound:  # it left the reader's sight between two questions
        return None


def _nothing(asked: TicketAsked, says: Speech) -> str:
    if asked.is_narrowed:
        return says.say("Tidak ada tiket yang memenuhi semua saringan ini.")
    return says.say(EMPTY[asked.view])


def _wider(asked: TicketAsked, says: Speech) -> tuple[Choice, ...]:
    """Lists that hold more."""
    choices = []
    if asked.is_narrowed:
        choices.append(Choice(says.say("Lepas semua saringan"), TicketAsked(view=asked.view).href()))
    if asked.view != "semua":
        choices.append(Choice(says.say("Lihat semua tiket"), asked.changed(view="semua").href()))
    return tuple(choices)
