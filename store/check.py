"""What may be wrong with truth, for `jaring doctor`: each finding is one sentence that says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, and_, func, select

from domain.tickets import TicketState
from domain.tickets.labels import WITH_AGENCY
from store import migrations
from store.database import Database
from store.keys import KeyRing
from store.sourceleases import KINDS
from store.tables import (
    cases,
    credentials,
    door_messages,
    door_replies,
    leases,
    quarantine,
    readings,
    secrets,
    story_links,
    ticket_cases,
    ticket_events,
    tickets,
    work,
)
from store.types import AnySelect

_LEAST_FREE: Final = 512 * 1024**2  # bytes; less may fill up on a busy day before anyone looks
_STUCK: Final = timedelta(days=1)
_WITH_OFFICE: Final = sorted(state.value for state in WITH_AGENCY - {TicketState.POSTPONED})
_MAX_LOG: Final = 1024**3  # bytes of write-ahead log: beyond it some reader never ends


def check(database: Database, keys: KeyRing, now: datetime) -> list[str]:
    """Look at everything; an empty list means that all is well."""
    findings: list[str] = []
    with database.read() as connection:
        findings += _schema(connection)
        if findings:
            return findings  # the tables may not be those that the other looks know
        findings += _integrity(connection)
        findings += _orphans(connection)
        findings += _tickets(connection)
        findings += _stuck(connection, now)
        findings += _keys(connection, keys)
        findings += _unanswered(connection, now)
    return findings + list(_disk(database))


def _schema(connection: Connection) -> Iterator[str]:
    found, wanted = migrations.revision_of(connection), migrations.head()
    if found != wanted:
        yield f"Skema basis data {found or 'kosong'}, seharusnya {wanted}: jalankan jaring up."


def _integrity(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for (finding,) in connection.exec_driver_sql("PRAGMA integrity_check(10)"):
        if finding != "ok":
            yield f"Berkas basis data rusak ({finding}): pulihkan dari cadangan."
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        yield f"{len(broken)} baris merujuk ke baris yang tidak ada: pulihkan dari cadangan."


def _orphans(connection: Connection) -> Iterator[str]:
    unread = _count(
        connection,
        select(cases.c.id)
        .join_from(cases, readings, readings.c.post_id == cases.c.post_id, isouter=True)
        .where(readings.c.post_id.is_(None)),
    )
    if unread:
        yield f"{unread} kasus tanpa hasil baca: jalankan jaring reanalyze."
    heads = cases.alias("heads")
    headless = _count(
        connection,
        select(story_links.c.case_id)
        .join_from(story_links, heads, heads.c.id == story_links.c.story, isouter=True)
        .where(heads.c.id.is_(None)),
    )
    if headless:
        yield f"{headless} kasus menunjuk cerita yang tidak ada: pulihkan dari cadangan."


def _tickets(connection: Connection) -> Iterator[str]:
    inside = select(func.count()).where(ticket_cases.c.ticket == tickets.c.code).scalar_subquery()
    if miscounted := _count(connection, select(tickets.c.code).where(tickets.c.cases != inside)):
        yield f"{miscounted} tiket menyebut jumlah kasus yang keliru: pulihkan dari cadangan."
    last = select(func.max(ticket_events.c.id)).group_by(ticket_events.c.code)
    strayed = (
        select(tickets.c.code)
        .join_from(tickets, ticket_events, ticket_events.c.code == tickets.c.code)
        .where(ticket_events.c.id.in_(last), ticket_events.c.after != tickets.c.state)
    )
    if number := _count(connection, strayed):
        yield f"{number} tiket berstatus lain dari yang diceritakan riwayatnya: pulihkan dari cadangan."
    told = select(ticket_events.c.code)
    if silent := _count(connection, select(tickets.c.code).where(tickets.c.code.not_in(told))):
        yield f"{silent} tiket tanpa riwayat: pulihkan dari cadangan."
    lost = select(tickets.c.code).where(tickets.c.state.in_(_WITH_OFFICE), tickets.c.opd.is_(None))
    if homeless := _count(connection, lost):
        yield f"{homeless} tiket didisposisikan tanpa OPD: buka di halaman Tiket dan disposisikan lagi."


def _stuck(connection: Connection, now: datetime) -> Iterator[str]:
    old = _count(connection, select(work.c.key).where(work.c.holder.is_not(None), work.c.due_at < now - _STUCK))
    if old:
        yield f"{old} pekerjaan dipegang pekerja yang hilang lebih dari sehari: jalankan ruangannya (jaring up)."
    waiting = _count(connection, select(work.c.key).where(work.c.queued_at < now - _STUCK, work.c.holder.is_(None)))
    if waiting:
        yield f"{waiting} pekerjaan menunggu lebih dari sehari: periksa apakah semua ruangan berjalan."
    timers = and_(*(~leases.c.name.startswith(kind) for kind in KINDS))  # sources tell by themselves that nobody comes
    stopped = select(leases).where(leases.c.until < now - _STUCK, timers).order_by(leases.c.name)
    for row in connection.execute(stopped):
        yield f"Jadwal {row.name} tidak berjalan sejak {row.until:%Y-%m-%d %H:%M} UTC: jalankan ruangannya (jaring up)."
    aside = _count(connection, select(quarantine.c.id))
    if aside:
        yield f"{aside} hal di karantina: lihat jaring quarantine list."


def _keys(connection: Connection, keys: KeyRing) -> Iterator[str]:
    used: set[str | None] = set()
    for table in (secrets, credentials, door_messages, door_replies):
        used |= set(connection.execute(select(table.c["key_id"]).distinct()).scalars())
    for key_id in sorted(one for one in used if one):
        if key_id not in keys.ids:
            yield f"Kunci {key_id} hilang: pulihkan berkasnya ke folder keys, data pribadi tidak terbuka tanpanya."


def _unanswered(connection: Connection, now: datetime) -> Iterator[str]:
    """Answers and photos that should have gone out by a day ago: nobody else tells of them."""
    waiting = (door_replies.c.state == "menunggu", door_replies.c.due_at < now - _STUCK)
    query = select(door_replies.c.door, func.count()).where(*waiting).group_by(door_replies.c.door)
    for door, number in connection.execute(query.order_by(door_replies.c.door)):
        yield f"{number} jawaban atau foto di pintu {door} menunggu lebih dari sehari: jalankan ruang crawlers."


def _disk(database: Database) -> Iterator[str]:
    if not database.is_sqlite:
        return
    path = Path(database.url.database or "")
    free = shutil.disk_usage(path.parent).free
    if free < _LEAST_FREE:
        yield f"Sisa disk {free // 1024**2} MB di {path.parent}: kosongkan sebelum penuh."
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size > _MAX_LOG:
        yield f"{log} berukuran {log.stat().st_size // 1024**2} MB: ada pembaca yang tidak pernah selesai."


def _count(connection: Connection, query: AnySelect) -> int:
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
