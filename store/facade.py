"""The store as the other rooms meet it: one value that holds a small class per concern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from domain.errors import SettingsError
from domain.taxonomy import load_taxonomy
from store import migrations
from store.accounts import Accounts
from store.audit import Audit
from store.backup import backup
from store.belts import Belts
from store.calibrations import Calibrations
from store.cases import Cases
from store.check import check
from store.counts import StoreCounts, count
from store.credentials import Credentials
from store.database import Database, open_engine
from store.errands import Errands
from store.filling import fill
from store.finds import Finds
from store.hostturns import HostTurns
from store.intake import Intake
from store.keys import KeyRing
from store.labels import Labels
from store.leases import Leases
from store.lessons import Lessons
from store.links import Stories
from store.modes import Modes
from store.photos import Photos
from store.projection import UrusanOf
from store.purses import Purses
from store.quarantine import Quarantine
from store.region_edits import RegionEdits
from store.replies import Replies
from store.secrets import Secrets
from store.sourceleases import SourceLeases
from store.sources import Sources
from store.talks import Talks
from store.taught import TaughtPosts
from store.ticketindexing import TicketsToIndex
from store.tickets import Tickets
from store.triage import Stack
from store.vectors import Vectors
from store.verdicts import Verdicts
from store.watches import Watches
from store.watches_alerts import Alerts
from store.watches_marks import Marks
from store.watches_spikes import Spikes


@dataclass(frozen=True, slots=True)
class Store:
    """Truth. Safe to share between threads; close it when the process ends."""

    database: Database
    keys: KeyRing
    clock: Callable[[], datetime]
    intake: Intake
    belts: Belts
    cases: Cases
    labels: Labels
    stories: Stories
    sources: Sources
    credentials: Credentials
    purse: Purses
    turns: HostTurns
    source_leases: SourceLeases
    errands: Errands
    finds: Finds
    region_edits: RegionEdits
    accounts: Accounts
    audit: Audit
    secrets: Secrets
    photos: Photos
    talks: Talks
    replies: Replies
    quarantine: Quarantine
    leases: Leases
    tickets: Tickets
    tickets_to_index: TicketsToIndex
    modes: Modes
    triage: Stack
    verdicts: Verdicts
    watches: Watches
    alerts: Alerts
    alert_marks: Marks
    spikes: Spikes
    lessons: Lessons
    taught: TaughtPosts
    calibrations: Calibrations
    vectors: Vectors

    def counts(self) -> StoreCounts:
        """How much there is of everything now."""
        return count(self.database, self.clock())

    def backup(self, path: Path) -> int:
        """Write truth to a file while it is being written; `store.backup.restore` reads it. Returns its bytes."""
        return backup(self.database, path)

    def check(self) -> list[str]:
        """What is wrong, one sentence each; empty when all is well."""
        return check(self.database, self.keys, self.clock())

    def tidy(self, now: datetime | None = None) -> None:
        """Drop what has served its time: old signatures, ended sessions, forgiven attempts. For a daily timer."""
        moment = now or self.clock()
        self.stories.forget_old(moment)
        self.accounts.forget_old(moment)
        self.sources.forget_old(moment)
        self.errands.forget_old(moment)
        self.purse.forget_old(moment)
        self.turns.forget_old(moment)
        self.source_leases.forget_old(moment)
        self.photos.forget_old(moment)
        self.talks.forget_old(moment)
        self.replies.forget_old(moment)
        self.alerts.forget_old(moment)

    def close(self) -> None:
        """Give all connections back."""
        self.database.close()


def open_store(  # noqa: PLR0913  what a store is made of
    url: str,
    *,
    keys: KeyRing,
    create: bool = False,
    urusan_of: UrusanOf | None = None,
    clock: Callable[[], datetime] | None = None,
    chance: Random | None = None,
    hasher: Any = None,
) -> Store:
    """Open truth at `sqlite:////path` or `postgresql+psycopg://...`.

    With `create` a missing database is made and an older one brought up to date; without it both are refused.

    Raises:
        SettingsError: the URL, the folder or the schema cannot be used; says what would do.
        StoreUnavailable: the server does not answer.
    """
    database = Database(open_engine(url))
    try:
        _prepare(database, url, create=create)
    except BaseException:
        database.close()
        raise
    now = clock or _utc_now
    urusan = urusan_of or _urusan_of_taxonomy()
    if create:
        fill(database, now(), urusan_of=urusan, story_name=keys.story)
    intake = Intake(database, keys, urusan_of=urusan, clock=now)
    return Store(
        database=database,
        keys=keys,
        clock=now,
        intake=intake,
        belts=Belts(database, keys, urusan_of=urusan, clock=now, chance=chance or Random()),  # noqa: S311  spreads retries
        cases=Cases(database, urusan_of=urusan),
        labels=Labels(database, urusan_of=urusan, clock=now),
        stories=Stories(database, keys, urusan_of=urusan, clock=now),
        sources=Sources(database),
        credentials=Credentials(database, keys),
        purse=Purses(database),
        turns=HostTurns(database),
        source_leases=SourceLeases(database),
        errands=Errands(database),
        finds=Finds(database),
        region_edits=RegionEdits(database),
        accounts=Accounts(database, keys, clock=now, hasher=hasher),
        audit=Audit(database),
        secrets=Secrets(database, keys, urusan_of=urusan, clock=now),
        photos=Photos(database, urusan_of=urusan),
        talks=Talks(database, keys, intake),
        replies=Replies(database, keys),
        quarantine=Quarantine(database, now),
        leases=Leases(database),
        tickets=Tickets(database, urusan_of=urusan),
        tickets_to_index=TicketsToIndex(database),
        modes=Modes(database),
        triage=Stack(database, urusan_of=urusan),
        verdicts=Verdicts(database, urusan_of=urusan),
        watches=Watches(database),
        alerts=Alerts(database),
        alert_marks=Marks(database),
        spikes=Spikes(database),
        lessons=Lessons(database),
        taught=TaughtPosts(database),
        calibrations=Calibrations(database),
        vectors=Vectors(database, clock=now),
    )


def _prepare(database: Database, url: str, *, create: bool) -> None:
    path = Path(database.url.database or "") if database.is_sqlite else None
    if path is not None and not path.exists():
        if not create:
            raise SettingsError(f"Basis data {path} tidak ada: jalankan jaring up, atau periksa JARING_DATABASE_URL.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise SettingsError(f"Folder {path.parent} tidak dapat dibuat: {cause.strerror}.") from cause
    with database.read() as connection:
        stands_at = migrations.revision_of(connection)
    if stands_at == migrations.head():
        return
    if not create:
        raise SettingsError("Skema basis data bukan yang versi ini kenal: jalankan jaring up untuk memperbaruinya.")
    migrations.upgrade(url)


def _urusan_of_taxonomy() -> UrusanOf:
    urusan = {topic.code: topic.urusan for topic in load_taxonomy().topics}
    return lambda topic: urusan.get(topic, "")  # a topic that the taxonomy dropped must not make its cases unreadable


def _utc_now() -> datetime:
    return datetime.now(UTC)
