"""What each action makes of a ticket: its state by the table, its office, its clocks. Pure.

Clocks. Verification runs while a ticket is with the center, and again while the center looks at what an office says is
done. The first answer runs from the disposition to the office that has the ticket now. Resolution runs from the first
disposition of all and goes on when the office changes; it ends when the office says it is done (`done_at`), unless that
is sent back. While a ticket is postponed nothing runs. Reopening begins a new round.

Details of history lines: `kasus` (how many joined or left), `tiket`, `ke_tiket`, `dari_tiket` (codes of others),
`usul` (the office that another one suggests), `dari` (the office that had it), `tenggat` (why until when).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from desk.ticket_drafts import verify_clock
from desk.working import WorkClock
from domain.errors import Conflict, NotFound, Refused
from domain.labels import LabelTask
from domain.regions import RegionProfile
from domain.taxonomy import Taxonomy
from domain.text.mask import mask
from domain.tickets import Action, Clock, ClockKind, Due, Move, Party, Ticket, TicketState, move_of
from store.ticketwork import Change

MAX_NOTE: Final = 4_000
_STOPPED: Final = Clock()
_BACK_WITH_CENTER: Final[Mapping[str, Any]] = {
    "opd": None, "disposed_at": None, "accepted_at": None, "answered_at": None, "response_due": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody does to a ticket, and the region's rules at that moment."""

    action: Action
    by: str
    party: Party
    now: datetime
    profile: RegionProfile
    work: WorkClock
    taxonomy: Taxonomy
    note: str | None = None
    opd: str | None = None


def changed(ticket: Ticket, deed: Deed) -> Change:
    """The ticket after a deed, with its line of history.

    Raises: Conflict where the table has no such move or the office is the accused one; Refused where a reason or an
        office is missing or unknown.
    """
    move = move_of(deed.action, ticket.state, deed.party, code=ticket.code)
    note = masked_note(deed.note)
    _must_say(move, note, deed)
    effect = _EFFECTS.get(deed.action)
    if effect is None:
        raise Refused(f"Tiket {ticket.code}: {deed.action} dilakukan lewat formulirnya sendiri.")
    made = effect(ticket, deed)
    update = {"state": move.end or ticket.state, **made.update}
    return Change(
        ticket=ticket.model_copy(update=update),
        action=deed.action,
        by=deed.by,
        opd=made.opd,
        note=note,
        detail=made.detail,
        says=made.says,
    )


def masked_note(note: str | None) -> str | None:
    """A note as it may be kept: masked, None when empty. Refused when it is too long."""
    if note is None or not note.strip():
        return None
    if len(note) > MAX_NOTE:
        raise Refused(f"Catatan terlalu panjang: paling banyak {MAX_NOTE} huruf.")
    return mask(note.strip()).text


def topic_class(taxonomy: Taxonomy, topic: str) -> str:
    """The class of deadlines of a topic; a topic that the taxonomy dropped counts as ordinary."""
    try:
        return taxonomy.topic(topic).sla
    except NotFound:
        return "biasa"


def resolve_due(ticket: Ticket, deed: Deed, start: datetime) -> Due:
    """Until when a ticket must be resolved whose first disposition was then."""
    days = deed.profile.sla.resolve_days(
        ticket.intent.value, topic_class(deed.taxonomy, ticket.topic), oversight=ticket.oversight
    )
    return deed.work.due(ClockKind.RESOLVE, start, days)


def response_due(ticket: Ticket, deed: Deed, start: datetime) -> Due:
    """Until when an office must answer that has the ticket since then."""
    return deed.work.due(
        ClockKind.RESPONSE, start, deed.profile.sla.response_days(topic_class(deed.taxonomy, ticket.topic))
    )


def office(ticket: Ticket, deed: Deed, code: str) -> str:
    """The office that a ticket goes to when somebody says `code`. It is the one in charge today."""
    on = deed.now.astimezone(deed.profile.tz).date()
    try:
        agency = deed.profile.oversight_agency(on) if ticket.oversight else deed.profile.agency(code, on)
    except NotFound as cause:
        raise Refused(f"Tidak ada OPD {code} di {deed.profile.short} saat ini.") from cause
    if agency.code in ticket.accused_opd:
        raise Conflict(f"Tiket {ticket.code} tidak dapat diberikan kepada instansi yang dilaporkan.")
    return agency.code


@dataclass(frozen=True, slots=True)
class _Made:
    """What an action does besides the state, and what its line tells."""

    update: Mapping[str, Any] = field(default_factory=dict)
    opd: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[LabelTask, str] = field(default_factory=dict)


def _nothing(_ticket: Ticket, _deed: Deed) -> _Made:
    return _Made()


def _stop(_ticket: Ticket, _deed: Deed) -> _Made:
    return _Made({"clock": _STOPPED, "proposed": None, "paused_from": None})


def _dispose(ticket: Ticket, deed: Deed) -> _Made:
    code = office(ticket, deed, deed.opd or "")
    if ticket.opd == code and ticket.state is not TicketState.POSTPONED:
        raise Conflict(f"Tiket {ticket.code} sudah ada di {code}.")
    going = ticket.model_copy(update=_going_on(ticket, deed)) if ticket.state is TicketState.POSTPONED else ticket
    answer = response_due(ticket, deed, deed.now)
    update: dict[str, Any] = {
        "opd": code,
        "proposed": None,
        "paused_from": None,
        "disposed_at": deed.now,
        "first_disposed_at": ticket.first_disposed_at or deed.now,
        "accepted_at": None,
        "answered_at": None,
        "response_due": answer.at,
        "resolve_due": going.resolve_due,
        "resolve_why": going.resolve_why,
        "clock": Clock(kind=ClockKind.RESPONSE, at=answer.at, why=answer.why),
    }
    if going.resolve_due is None:
        whole = resolve_due(ticket, deed, deed.now)
        update |= {"resolve_due": whole.at, "resolve_why": whole.why}
    taught = deed.party is Party.CENTER and not ticket.oversight
    detail = {"tenggat": answer.why} | ({"dari": ticket.opd} if ticket.opd else {})
    return _Made(update, code, detail, {LabelTask.OPD: code} if taught else {})


def _accept(ticket: Ticket, deed: Deed) -> _Made:
    return _Made({"accepted_at": ticket.accepted_at or deed.now}, ticket.opd)


def _answer(ticket: Ticket, deed: Deed) -> _Made:
    return _Made({**_answered(ticket, deed), "clock": _resolving(ticket)}, ticket.opd)


def _submit(ticket: Ticket, deed: Deed) -> _Made:
    seen = verify_clock(deed.work, deed.profile, deed.now)
    return _Made({**_answered(ticket, deed), "done_at": deed.now, "clock": seen}, ticket.opd)


def _approve(ticket: Ticket, deed: Deed) -> _Made:
    return _Made({"done_at": ticket.done_at or deed.now, "clock": _STOPPED}, ticket.opd)


def _send_back(ticket: Ticket, _deed: Deed) -> _Made:
    return _Made({"done_at": None, "clock": _resolving(ticket)}, ticket.opd)


def _not_ours(ticket: Ticket, deed: Deed) -> _Made:
    heir = office(ticket, deed, deed.opd) if deed.opd else None
    if heir is not None and heir == ticket.opd:
        raise Refused(f"Tiket {ticket.code}: usulkan instansi lain, bukan {heir} sendiri.")
    back = {**_BACK_WITH_CENTER, "proposed": heir, "clock": verify_clock(deed.work, deed.profile, deed.now)}
    return _Made(back, ticket.opd, {"usul": heir} if heir else {})


def _postpone(ticket: Ticket, deed: Deed) -> _Made:
    at = ticket.clock.at
    left = deed.work.minutes_between(deed.now, at) - deed.work.minutes_between(at, deed.now) if at else 0
    stands = ticket.clock.model_copy(update={"at": None, "left_minutes": left})
    return _Made({"paused_from": ticket.state, "clock": stands}, ticket.opd)


def _resume(ticket: Ticket, deed: Deed) -> _Made:
    return _Made({"state": ticket.paused_from or TicketState.VERIFIED, **_going_on(ticket, deed)}, ticket.opd)


def _forward(_ticket: Ticket, deed: Deed) -> _Made:
    return _Made({**_BACK_WITH_CENTER, "proposed": None, "clock": _STOPPED}, deed.opd)


def _reopen(ticket: Ticket, deed: Deed) -> _Made:
    if not ticket.cases:
        raise Conflict(f"Tiket {ticket.code} tidak mempunyai kasus lagi: kasusnya sudah di tiket lain.")
    new_round = {
        **_BACK_WITH_CENTER,
        "proposed": ticket.opd,
        "first_disposed_at": None,
        "done_at": None,
        "resolve_due": None,
        "resolve_why": "",
        "clock": verify_clock(deed.work, deed.profile, deed.now),
    }
    return _Made(new_round)


def _succeed(ticket: Ticket, deed: Deed) -> _Made:
    if ticket.opd is None:
        raise Conflict(f"Tiket {ticket.code} belum ada pada instansi mana pun: tidak ada yang beralih.")
    if deed.opd in ticket.accused_opd:
        raise Conflict(f"Tiket {ticket.code} tidak dapat beralih ke instansi yang dilaporkan.")
    return _Made({"opd": deed.opd}, deed.opd, {"dari": ticket.opd or ""})


def _answered(ticket: Ticket, deed: Deed) -> dict[str, Any]:
    return {"accepted_at": ticket.accepted_at or deed.now, "answered_at": ticket.answered_at or deed.now}


def _resolving(ticket: Ticket) -> Clock:
    return Clock(kind=ClockKind.RESOLVE, at=ticket.resolve_due, why=ticket.resolve_why)


def _going_on(ticket: Ticket, deed: Deed) -> dict[str, Any]:
    """The clocks of a postponed ticket as they go on: each has the working time that it had left."""
    kind, left = ticket.clock.kind, ticket.clock.left_minutes
    if kind is None or left is None:
        return {"paused_from": None}
    due = deed.work.resumed(kind, deed.now, left)
    update: dict[str, Any] = {"paused_from": None, "clock": Clock(kind=kind, at=due.at, why=due.why)}
    if kind is ClockKind.RESPONSE:
        update["response_due"] = due.at
        if ticket.response_due is not None and ticket.resolve_due is not None:
            left += deed.work.minutes_between(ticket.response_due, ticket.resolve_due)
    if kind is not ClockKind.VERIFY and ticket.resolve_due is not None:
        whole = deed.work.resumed(ClockKind.RESOLVE, deed.now, left)
        update |= {"resolve_due": whole.at, "resolve_why": whole.why}
    return update


def _must_say(move: Move, note: str | None, deed: Deed) -> None:
    if move.needs_reason and note is None:
        raise Refused(f"Tulis alasannya: {deed.action} memerlukan catatan.")
    if move.needs_agency and not deed.opd:
        raise Refused(f"Pilih OPD: {deed.action} memerlukan tujuan.")


_EFFECTS: Final[Mapping[Action, Callable[[Ticket, Deed], _Made]]] = {
    Action.VERIFY: _nothing,
    Action.DISPOSE: _dispose,
    Action.ACCEPT: _accept,
    Action.ANSWER: _answer,
    Action.SUBMIT: _submit,
    Action.APPROVE: _approve,
    Action.SEND_BACK: _send_back,
    Action.NOT_OURS: _not_ours,
    Action.POSTPONE: _postpone,
    Action.RESUME: _resume,
    Action.REFUSE: _stop,
    Action.ARCHIVE: _stop,
    Action.FORWARD: _forward,
    Action.REOPEN: _reopen,
    Action.NOTE: _nothing,
    Action.SUCCEED: _succeed,
}
