"""Verdicts of the desk: each one transaction, kept with what it changed, taken back as long as nothing came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, true, update

from domain.errors import Conflict, NotFound
from domain.labels import CaseState, LabelTask
from domain.scope import Scope
from domain.tickets import SYSTEM, Action, Ticket
from store.cases import visible
from store.database import Database
from store.labelwork import hold_cases, say_of
from store.projection import UrusanOf, labels_of, refresh
from store.rows import dump
from store.tables import accounts, cases, ticket_events, tickets, verdicts
from store.ticketcases import attach, detach
from store.ticketopening import withdraw
from store.ticketrows import ticket_from
from store.ticketwork import Change, cases_of
from store.triage_shift import let_go, must_be_free
from store.triage_takeup import alone, take_up
from store.triage_work import Step, StoryWork, restored
from store.types import AnyRow

CORRECTION: Final = "koreksi"  # the one kind of verdict that leaves a story where it is


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decided about a story, with a sentence that tells it."""

    id: int
    story: str
    kind: str
    ticket: Ticket | None
    words: str
    by: str
    at: datetime
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What a verdict came to."""

    words: str
    ticket: Ticket | None = None


class Verdicts:
    """Judging stories, and thinking again."""

    def __init__(self, database: Database, *, urusan_of: UrusanOf) -> None:
        self._database = database
        self._urusan_of = urusan_of

    def judge(  # noqa: PLR0913  who judges what, and what the verdict touches
        self,
        story: str,
        kind: str,
        decide: Callable[[StoryWork], Judged],
        *,
        by: str,
        scope: Scope,
        now: datetime,
        also: Iterable[str] = (),
        relabel: bool = False,
    ) -> Verdict:
        """Do what `decide` does to a story that waits, in one transaction, and remember it.

        Raises: Conflict, naming who, when somebody judged it already or works on it; NotFound when it is absent or
            hidden; whatever `decide` refuses. Then nothing is done.
        """
        with self._database.write() as connection:
            work = take_up(
                connection, story, scope, by=by, now=now, urusan_of=self._urusan_of, also=also, relabel=relabel
            )
            must_be_free(connection, story, by, now)
            if work is None:
                raise _already(connection, story, scope, now)
            judged = decide(work)
            if kind != CORRECTION:
                let_go(connection, story, by)
            codes = {step["ticket"] for step in work.steps if "ticket" in step}
            body = {
                "words": judged.words,
                "ticket": judged.ticket.code if judged.ticket else None,
                "steps": work.steps,
                "events": {code: _last_event(connection, code) for code in sorted(codes)},
            }
            number = connection.execute(
                insert(verdicts)
                .values(story=story, region=work.region, by=by, at=now, kind=kind, body=dump(body))
                .returning(verdicts.c.id)
            ).scalar_one()
        return Verdict(number, story, kind, judged.ticket, judged.words, by, now)

    def verdict(self, number: int, by: str) -> Verdict:
        """One of a person's own verdicts. NotFound for another's."""
        with self._database.read() as connection:
            return verdict_of(connection, number, by)

    def undo(self, number: int, *, by: str, scope: Scope, now: datetime) -> Verdict:
        """Take one's own verdict back: all is as it was, with a line in the ticket's history.

        Raises: NotFound for another's, Conflict once its ticket has moved on, or another said otherwise since.
        """
        with self._database.write() as connection:
            row = _own(connection, number, by)
            alone(connection, row.story)
            row = _own(connection, number, by)
            if row.undone_at is not None:
                raise Conflict("Putusan ini sudah diurungkan.")
            body = orjson.loads(row.body)
            steps: list[Step] = body["steps"]
            _hold(connection, steps, now)
            for code, event in body["events"].items():
                _must_stand(connection, code, event)
            touched: set[str] = set()
            for step in reversed(steps):
                touched |= self._take_back(connection, step, row, scope, now)
            refresh(connection, touched, now, self._urusan_of)
            connection.execute(update(verdicts).where(verdicts.c.id == number).values(undone_at=now))
            return verdict_of(connection, number, by)

    def unsorted(self, regions: Iterable[str], limit: int) -> list[tuple[str, str]]:
        """Region and story of what came in, or was corrected, and the machine has not looked at yet."""
        query = select(cases.c.region, cases.c.story).distinct().where(_unsorted(regions)).limit(limit)
        with self._database.read() as connection:
            return [(row.region, row.story) for row in connection.execute(query)]

    def count_unsorted(self, regions: Iterable[str]) -> int:
        """How many stories the machine has not looked at yet."""
        query = select(func.count(cases.c.story.distinct())).where(_unsorted(regions))
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def sort(self, region: str, story: str, do: Callable[[StoryWork], object], *, now: datetime) -> None:
        """Let the machine do something to what waits of a story, in one transaction. One story of a region at a time.

        Killed anywhere, it has done nothing and will look again. Whatever `do` refuses leaves everything as it was.
        """
        with self._database.write() as connection:
            alone(connection, f"usulan {region}")
            everything = Scope(regions=frozenset({region}), may_oversee=True)
            work = take_up(connection, story, everything, by=SYSTEM, now=now, urusan_of=self._urusan_of)
            if work is not None:
                do(work)
                work.sorted_out()

    def leave_to_people(self, region: str, story: str) -> None:
        """Have the machine look at a story no more until something changes: it could do nothing with it."""
        with self._database.write() as connection:
            seen = update(cases).where(cases.c.region == region, cases.c.story == story, cases.c.unsorted == true())
            connection.execute(seen.values(unsorted=False))

    def _take_back(self, connection: Connection, step: Step, row: AnyRow, scope: Scope, now: datetime) -> set[str]:
        """Undo one step. Returns the cases whose documents are still to be told."""
        by, urusan_of = row.by, self._urusan_of
        match step["did"]:
            case "open":
                withdraw(
                    connection, step["ticket"], by=by, scope=scope, now=now, urusan_of=urusan_of,
                    note="Putusan di meja kerja diurungkan.",
                )  # fmt: skip
            case "change":
                restored(connection, step, by, scope=scope, now=now, urusan_of=urusan_of)
            case "join":
                detach(
                    connection, step["ticket"], step["cases"],
                    lambda ticket: Change(
                        ticket=ticket, action=Action.UNDO, by=by, detail={"kasus": str(len(step["cases"]))}
                    ),
                    scope=scope, now=now, urusan_of=urusan_of,
                )  # fmt: skip
            case "leave":
                restored(connection, step, by, scope=scope, now=now, urusan_of=urusan_of)
                attach(connection, step["ticket"], step["cases"], by=by, scope=scope, now=now, urusan_of=urusan_of)
            case "state":
                return _states_back(connection, step["before"])
            case _:
                return _unsay(connection, step, row, now)
        return set()


def _unsorted(regions: Iterable[str]) -> ColumnElement[bool]:
    wanted = cases.c.region.in_(sorted(regions))
    return and_(cases.c.unsorted == true(), cases.c.gone_at.is_(None), cases.c.waiting == true(), wanted)


def _states_back(connection: Connection, before: dict[str, str]) -> set[str]:
    found = connection.execute(select(cases.c.id, cases.c.state).where(cases.c.id.in_(sorted(before)))).all()
    if any(row.state != CaseState.NOT_A_COMPLAINT.value for row in found):
        raise Conflict("Status kirimannya sudah diubah lagi sejak putusan ini: tidak dapat diurungkan.")
    _put_states(connection, before)
    return set(before)


def _unsay(connection: Connection, step: Step, row: AnyRow, now: datetime) -> set[str]:
    """Say again what was said before, of the cases about which nobody has said otherwise since."""
    task, before = LabelTask(step["task"]), step["before"]
    said = labels_of(connection, before)
    newest = {one: next(x for x in reversed(said[one]) if x.task is task) for one in before if said.get(one)}
    ours = {one for one, label in newest.items() if label.by == row.by and label.at == row.at}
    if not ours:
        raise Conflict("Koreksi ini sudah disusul koreksi lain: tidak dapat diurungkan.")
    for value in sorted({before[one] for one in ours}):
        same = [one for one in ours if before[one] == value]
        say_of(connection, same, task, value, by=row.by, now=now, note="putusan diurungkan")
    _put_states(connection, {one: step["states"][one] for one in ours})
    return ours


def _put_states(connection: Connection, states: dict[str, str]) -> None:
    for state in sorted(set(states.values())):
        same = sorted(one for one, before in states.items() if before == state)
        connection.execute(update(cases).where(cases.c.id.in_(same)).values(state=state))


def _hold(connection: Connection, steps: Iterable[Step], now: datetime) -> None:
    """Lock every case that taking back will touch."""
    held: set[str] = set()
    for step in steps:
        held |= {*step.get("cases", ()), *(step["before"] if isinstance(step.get("before"), dict) else ())}
        if "ticket" in step:
            held |= set(cases_of(connection, step["ticket"]))
    hold_cases(connection, held, now, relabel=any(step["did"] == "say" for step in steps))


def _must_stand(connection: Connection, code: str, event: int) -> None:
    """Conflict when anything happened to a ticket since, but for cases that the machine put into it."""
    since = connection.execute(
        select(ticket_events.c.id, tickets.c.state)
        .join_from(ticket_events, tickets, tickets.c.code == ticket_events.c.code)
        .where(ticket_events.c.code == code, ticket_events.c.id > event)
        .where((ticket_events.c.by != SYSTEM) | (ticket_events.c.action != Action.JOIN.value))
        .limit(1)
    ).first()
    if since is not None:
        raise Conflict(f"Tiket {code} sudah berjalan (kini {since.state}): putusan ini tidak dapat diurungkan lagi.")


def _last_event(connection: Connection, code: str) -> int:
    query = select(func.max(ticket_events.c.id)).where(ticket_events.c.code == code)
    return int(connection.execute(query).scalar_one())


def _own(connection: Connection, number: int, by: str) -> AnyRow:
    query = select(verdicts).where(verdicts.c.id == number, verdicts.c.by == by)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"Putusan {number} tidak ditemukan.")
    return row


def verdict_of(connection: Connection, number: int, by: str) -> Verdict:
    """One of a person's own verdicts. NotFound for another's."""
    row = _own(connection, number, by)
    body: dict[str, Any] = orjson.loads(row.body)
    told = connection.execute(select(tickets).where(tickets.c.code == body["ticket"])).one_or_none()
    ticket = ticket_from(told) if told is not None else None
    return Verdict(row.id, row.story, row.kind, ticket, body["words"], row.by, row.at, undone=row.undone_at is not None)


def _already(connection: Connection, story: str, scope: Scope, now: datetime) -> Conflict | NotFound:
    """Why a story cannot be judged: who did what to it, as far as this reader may know the story at all."""
    told = select(cases.c.id).where(cases.c.story == story, visible(scope, by_region=False)).limit(1)
    if connection.execute(told).first() is None:
        return NotFound("Cerita ini tidak ditemukan.")
    last = connection.execute(
        select(verdicts.c.at, verdicts.c.body, verdicts.c.by, accounts.c.display)
        .join_from(verdicts, accounts, accounts.c.name == verdicts.c.by, isouter=True)
        .where(verdicts.c.story == story, verdicts.c.kind != CORRECTION, verdicts.c.undone_at.is_(None))
        .order_by(verdicts.c.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return Conflict("Cerita ini tidak menunggu putusan lagi: sudah ditangani lewat tiketnya.")
    minutes = max(0, int((now - last.at) / timedelta(minutes=1)))
    ago = "baru saja" if minutes < 1 else f"{minutes} menit lalu" if minutes < 120 else f"{minutes // 60} jam lalu"  # noqa: PLR2004  people count hours from two on
    words = orjson.loads(last.body)["words"]
    return Conflict(f"{last.display or last.by} sudah memutuskan cerita ini {ago}: {words}")
