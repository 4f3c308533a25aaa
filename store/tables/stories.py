"""Which cases tell the same story: signatures of first cases, their bands, and the links of the others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Double, ForeignKey, LargeBinary, Named, Table, TypedColumns

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class StoryHeadColumns(TypedColumns):
    """A case that others may join, with the signature they are compared to."""

    id: Named[int] = Column(Serial, primary_key=True)
    case_id: Named[str] = Column(Key, ForeignKey("cases.id", ondelete="CASCADE"), unique=True)
    region: Named[str] = Column(Key)
    near: Named[bytes] = Column(LargeBinary)
    published_at: Named[datetime] = Column(UtcTime())
    stored_at: Named[datetime] = Column(UtcTime(), index=True)


story_heads = Table("story_heads", metadata, StoryHeadColumns)


class StoryBandColumns(TypedColumns):
    """One band of one head: `band` is a 64-bit hash of region and band key.

    No foreign key: sixteen rows a case are the bulk of what deciding writes, and a band whose head is gone
    finds nothing. They are deleted by their own key, see `store.stories`.
    """

    band: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    head: Named[int] = Column(Serial, primary_key=True, autoincrement=False)


story_bands = Table("story_bands", metadata, StoryBandColumns, sqlite_with_rowid=False)


class StoryLinkColumns(TypedColumns):
    """A case that joined another's story, or was taken out by hand (`by` names who; `story` is then its own id)."""

    case_id: Named[str] = Column(Key, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    story: Named[str] = Column(Key, index=True)
    similarity: Named[float] = Column(Double)
    by: Named[str | None] = Column(Key)
    linked_at: Named[datetime] = Column(UtcTime())


story_links = Table("story_links", metadata, StoryLinkColumns)
