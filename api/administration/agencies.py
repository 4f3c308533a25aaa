"""From a region's agencies and a sheet of them to the page that shows both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

import orjson

from api.administration.region_frame import frame_of
from api.contexts.region_settings import AgenciesView, AgencyRow, ChangeRow, SheetPreview
from api.parts import Parts
from api.speech import N_, Speech
from api.visitors import Visitor
from desk.agencysheet import AgencyChange, SheetFault, SheetPlan, SheetRow, plan
from domain.errors import Refused
from domain.regions import Agency, RegionProfile
from domain.scope import Scope
from store.ticketlists import TicketQuery

PATH: Final = "/pengaturan/opd"
FIELDS: Final = {
    "name": N_("nama"),
    "aliases": N_("alias"),
    "valid_from": N_("berlaku sejak"),
    "valid_to": N_("berlaku sampai"),
    "successor": N_("penerus"),
    "duties": N_("tugas"),
    "level": N_("tingkat"),
}


def agencies_view(  # noqa: PLR0913  what the page shows
    parts: Parts,
    visitor: Visitor,
    profile: RegionProfile,
    says: Speech,
    *,
    preview: SheetPreview | None = None,
    notice: str = "",
    fault: str = "",
) -> AgenciesView:
    """The agencies of a region, its own government's first."""
    edited = {edit.key for edit in parts.store.region_edits.current(profile.slug) if edit.part == "agencies"}
    today = parts.clock().astimezone(profile.tz).date()
    people = _people(parts)
    ended = [a for a in profile.agencies.values() if a.valid_to is not None]
    open_now = {a.code: open_tickets(parts, profile, a.code) for a in ended}
    rows = [
        (
            agency,
            _row(
                agency, today, says, edited=agency.code in edited, tickets=open_now.get(agency.code, 0),
                people=people.get(profile.agency_key(agency.code), ()),
            ),
        )
        for agency in profile.agencies.values()
    ]  # fmt: skip
    query = urlencode({"wilayah": profile.slug})
    return AgenciesView(
        frame=frame_of(parts, visitor, profile, PATH, says, notice=notice, fault=fault),
        agencies=tuple(row for agency, row in rows if agency.level == profile.level),
        others=tuple(row for agency, row in rows if agency.level != profile.level),
        csv_href=f"{PATH}/unduh.csv?{query}",
        xlsx_href=f"{PATH}/unduh.xlsx?{query}",
        preview=preview,
    )


def preview_of(parts: Parts, profile: RegionProfile, rows: Sequence[SheetRow], file: str, says: Speech) -> SheetPreview:
    """What a sheet would do to a region. Refused when it cannot be read as one."""
    made = checked_plan(parts, profile, rows)
    wanted = {change.number for change in made.changes}
    payload = [[row.number, dict(row.cells)] for row in rows if row.number in wanted]
    people = _people(parts)
    return SheetPreview(
        file=file,
        changes=tuple(_change(parts, profile, change, people, says) for change in made.changes),
        faults=tuple((fault.number, fault.reason) for fault in made.faults),
        same=made.same,
        payload=orjson.dumps(payload).decode(),
        version=profile.version,
    )


def checked_plan(parts: Parts, profile: RegionProfile, rows: Sequence[SheetRow]) -> SheetPlan:
    """The plan of a sheet, with what is wrong with all its rows together as a fault of the whole."""
    made = plan(profile, rows)
    if made.faults or not made.changes:
        return made
    try:
        parts.profiles.tried_with(profile.slug, made.edits("lembar"))
    except Refused as refused:
        return SheetPlan(made.changes, (SheetFault(0, str(refused)),), made.same)
    return made


def rows_of_payload(payload: str) -> list[SheetRow]:
    """The rows that a preview's button brings back. Refused for what no preview wrote."""
    try:
        said = orjson.loads(payload)
        return [SheetRow(int(number), {str(k): str(v) for k, v in cells.items()}) for number, cells in said]
    except (ValueError, TypeError, AttributeError) as cause:
        raise Refused(N_("Pratinjau ini rusak: unggah lagi lembarnya.")) from cause


def open_tickets(parts: Parts, profile: RegionProfile, code: str) -> int:
    """How many tickets of an agency are open; for those who set the region up, oversight included."""
    scope = Scope(regions=frozenset({profile.slug}), may_oversee=True)
    query = TicketQuery(opd=(profile.agency_key(code),))
    return parts.store.tickets.counts(query, scope, now=parts.clock()).open


def _people(parts: Parts) -> dict[str, tuple[str, ...]]:
    """Whose account is bound to which agency."""
    bound: dict[str, tuple[str, ...]] = {}
    for user in parts.store.accounts.users():
        scope = parts.store.accounts.scope_of(user, frozenset(parts.profiles))
        for key in sorted(scope.opds or ()) if user.active else ():
            bound[key] = (*bound.get(key, ()), user.display)
    return bound


def _row(  # noqa: PLR0913  what a line is made of
    agency: Agency, today: date, says: Speech, *, edited: bool, tickets: int, people: tuple[str, ...]
) -> AgencyRow:
    over = agency.valid_to is not None and agency.valid_to <= today
    return AgencyRow(
        code=agency.code,
        name=agency.name,
        aliases="; ".join(agency.aliases),
        term=_term(agency, says),
        successor=agency.successor or "",
        over=over,
        edited=edited,
        tickets=tickets,
        people=people if over else (),
    )


def _term(agency: Agency, says: Speech) -> str:
    since = says.say("sejak %(day)s", day=says.day(agency.valid_from)) if agency.valid_from else ""
    until = says.say("sampai %(day)s", day=says.day(_eve(agency.valid_to))) if agency.valid_to else ""
    return ", ".join(part for part in (since, until) if part)


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _change(
    parts: Parts, profile: RegionProfile, change: AgencyChange, people: dict[str, tuple[str, ...]], says: Speech
) -> ChangeRow:
    told = tuple(
        (says.say(FIELDS[name]), _said(name, change.before.get(name), says), _said(name, value, says))
        for name, value in change.after.items()
        if name in FIELDS and not (change.is_new and name == "level")
    )
    move = ""
    if change.ends is not None and change.successor is not None:
        move = says.say(
            "Mulai %(day)s tugas %(old)s dipegang %(new)s; tiketnya yang masih terbuka (kini %(n)s) ikut beralih.",
            day=says.day(date.fromordinal(change.ends.toordinal() + 1)),
            old=change.code,
            new=change.successor,
            n=open_tickets(parts, profile, change.code),
        )
        if bound := people.get(profile.agency_key(change.code)):
            move += " " + says.say("Akun yang perlu OPD baru: %(names)s.", names=", ".join(bound))
    elif change.is_new:
        move = says.say("OPD baru menerima tiket lewat disposisi, atau sebagai penerus OPD yang berakhir.")
    return ChangeRow(change.number, change.code, change.name, change.is_new, told, move)


def _said(name: str, value: object, says: Speech) -> str:
    if value is None or value in ((), []):
        return "—"
    if name in {"valid_from", "valid_to"}:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return says.day(_eve(day) if name == "valid_to" else day)
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
