"""Work that waits between the rooms, what was set aside, and who holds which timer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Named, Table, Text, TypedColumns, UniqueConstraint

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class WorkColumns(TypedColumns):
    """One piece of work per belt and key. A claimed row is hidden until `due_at`, which is then the lease's end."""

    belt: Named[str] = Column(Key, primary_key=True)
    key: Named[str] = Column(Key, primary_key=True)
    generation: Named[int]  # grows with every queueing: an ack takes only the generation that was claimed
    claimed: Named[int | None]
    holder: Named[str | None] = Column(Key)
    due_at: Named[datetime] = Column(UtcTime())
    queued_at: Named[datetime] = Column(UtcTime())
    failures: Named[int]  # times the work itself failed
    waits: Named[int]  # times something outside did not answer
    lost: Named[int]  # times a holder vanished with it
    reason: Named[str | None] = Column(Text)


work = Table("work", metadata, WorkColumns, Index(None, "belt", "due_at"))


class QuarantineColumns(TypedColumns):
    """Work that was set aside. `payload` is masked text for people to look at."""

    id: Named[int] = Column(Serial, primary_key=True)
    belt: Named[str] = Column(Key)
    key: Named[str] = Column(Text)
    reason: Named[str] = Column(Text)
    payload: Named[str] = Column(Text)
    at: Named[datetime] = Column(UtcTime())


quarantine = Table("quarantine", metadata, QuarantineColumns, UniqueConstraint("belt", "key"))


class LeaseColumns(TypedColumns):
    """A timer's name and who may run it until when."""

    name: Named[str] = Column(Key, primary_key=True)
    owner: Named[str] = Column(Key)
    until: Named[datetime] = Column(UtcTime())


leases = Table("leases", metadata, LeaseColumns)
