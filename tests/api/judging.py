"""A town whose people have judged what the machine said: tickets, returns, corrections, things set aside."""

from __future__ import annotations

from desk.actors import Actor
from domain.labels import LabelTask
from domain.scope import Scope
from domain.tickets import Action, Party
from tests.api.installation import Installation, case
from tests.api.told import REGION

CENTER = Actor("ratna", Scope(frozenset({REGION})), Party.CENTER)
ADMIN = Actor("admin", Scope(frozenset({REGION}), may_oversee=True), Party.CENTER)


def office(code: str) -> Actor:
    """A liaison of an office."""
    return Actor(code.lower(), Scope(frozenset({REGION}), opds=frozenset({f"{REGION}/{code}"})), Party.AGENCY)


def judge(place: Installation, tickets: int) -> None:
    """Every seventh ticket goes elsewhere than the machine said; a returned one is taken by another office."""
    desk = place.app.state.parts.desk.tickets
    everything = Scope(frozenset({REGION}), may_oversee=True)
    for n in range(tickets):
        document = place.store.cases.document(case(f"isi-{n}"), everything)
        if document.opd is None or document.ticket is not None:
            continue
        other = "DISHUB" if document.opd != "DISHUB" else "PUTR"
        ticket = desk.open([document.id], CENTER, opd=other if n % 7 == 3 else document.opd)
        if n % 11 == 5:
            desk.act(ticket.code, Action.NOT_OURS, office(ticket.opd), note="Bukan tugas kami.")
            desk.act(ticket.code, Action.DISPOSE, CENTER, opd=other if ticket.opd != other else "DLH")
        if n % 3 == 0:
            now = place.store.tickets.ticket(ticket.code, everything)
            desk.act(ticket.code, Action.ACCEPT, office(str(now.opd)))
    say = place.store.labels.say
    say(case("tanya"), LabelTask.INTENT, "pengaduan", "ratna", everything)
    say(case("hotmix"), LabelTask.SENTIMENT, "netral", "ratna", everything)
    say(case("kades"), LabelTask.TOPIC, "tanah.sertifikat", "admin", everything)
    place.work()
