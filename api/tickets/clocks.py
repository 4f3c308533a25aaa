"""The clock of a ticket in words: which deadline runs, how much working time is left, and why until then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from api.contexts.ticket import ClockView
from api.parts import Parts
from api.speech import N_, Speech
from api.tickets.words import CLOCKS
from desk.working import Left
from domain.tickets import Ticket

LEFT: Final[Mapping[tuple[bool, str], str]] = {
    (False, "hari"): N_("sisa %(n)s hari kerja"),
    (False, "jam"): N_("sisa %(n)s jam kerja"),
    (False, "menit"): N_("sisa %(n)s menit kerja"),
    (True, "hari"): N_("terlambat %(n)s hari kerja"),
    (True, "jam"): N_("terlambat %(n)s jam kerja"),
    (True, "menit"): N_("terlambat %(n)s menit kerja"),
}


def clock_view(parts: Parts, ticket: Ticket, says: Speech, now: datetime) -> ClockView | None:
    """The clock that runs, or stands still while the ticket is postponed; None when none does."""
    clock = ticket.clock
    if clock.kind is None or not ticket.is_open:
        return None
    kind = says.say(CLOCKS[clock.kind])
    if clock.at is None:
        return ClockView(kind=kind, left=says.say("tenggat berhenti"), due="", iso="", why=clock.why, tone="")
    left = parts.desk.tickets.work(ticket.region).left(now, clock.at)
    return ClockView(
        kind=kind,
        left=left_words(left, says),
        due=says.moment(clock.at, parts.zone_of(ticket.region)),
        iso=clock.at.isoformat(),
        why=clock.why,
        tone="late" if left.late else "" if left.unit == "hari" else "due",
    )


def left_words(left: Left, says: Speech) -> str:
    """How much working time is left until a deadline, or has passed since."""
    if not left.amount:
        return says.say("baru saja lewat tenggat") if left.late else says.say("tenggat sekarang")
    return says.say(LEFT[left.late, left.unit], n=says.number(left.amount))
