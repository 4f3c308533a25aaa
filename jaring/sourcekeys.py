"""Keys to platforms as an installation looks after them: who waits for one, which have to be renewed."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.labels import SourceState
from domain.sourcekeys import KeyNotice, lasting, users_of
from jaring.wiring import Hall


def wake_users(opened: Hall, name: str, now: datetime) -> list[str]:
    """Let the sources that waited for a key be crawled on the next turn; returns which these are."""
    memories = {spec.key: memory for spec, memory in opened.store.sources.all()}
    waiting = [
        spec.key
        for spec in users_of(name, opened.store.sources.specs(), opened.kinds)
        if memories[spec.key].state is SourceState.AUTH_EXPIRED
    ]
    for key in waiting:
        opened.store.sources.hasten(key, now)
    return waiting


def key_notices(opened: Hall) -> list[KeyNotice]:
    """The keys that somebody has to look after now."""
    lasts = lasting(opened.store.sources.specs(), opened.kinds)
    return opened.store.credentials.expiring(datetime.now(UTC), lasts)


def told_of(notice: KeyNotice) -> str:
    """A notice in words, with what to do."""
    name = notice.note.name
    then = f"beri yang baru dengan jaring sources key set {name}"
    if notice.note.refused_at is not None:
        return f"Kunci {name} ditolak platformnya sejak {day(notice.note.refused_at)}: {then}."
    return f"Kunci {name} {'sudah habis' if notice.ended else 'habis'} pada {day(notice.ends_at)}: {then}."


def day(moment: datetime | None) -> str:
    """A moment's day for a table."""
    return moment.strftime("%Y-%m-%d") if moment else ""
