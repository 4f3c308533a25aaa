"""What a center changed of its region: the layer above package and overlay, and how far the machine may go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Named, Table, Text, TypedColumns

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class RegionEditColumns(TypedColumns):
    """One entry of a profile as the center wants it: the newest of a (region, part, key) counts."""

    id: Named[int] = Column(Serial, primary_key=True)
    region: Named[str] = Column(Key, index=True)
    part: Named[str] = Column(Key)  # agencies | areas | roads | points | sources | urusan | calendar | sla
    key: Named[str] = Column(Key)
    body: Named[str | None] = Column(Text)  # JSON fields over the entry below; NULL takes the edit back
    by: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime())
    note: Named[str | None] = Column(Text)


region_edits = Table("region_edits", metadata, RegionEditColumns)


class RegionModeColumns(TypedColumns):
    """How tickets are made in a region."""

    region: Named[str] = Column(Key, primary_key=True)
    mode: Named[str] = Column(Key)
    daily_cap: Named[int]
    sure: Named[float]  # from this probability of the office on, the machine may dispose by itself
    by: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime())


region_modes = Table("region_modes", metadata, RegionModeColumns)
