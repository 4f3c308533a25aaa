"""What the people at the desk tell each other: who works on what, since when they looked, what the next shift gets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Named, Table, Text, TypedColumns

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class ClaimColumns(TypedColumns):
    """A story that somebody works on, until then."""

    story: Named[str] = Column(Key, primary_key=True)
    region: Named[str] = Column(Key)
    by: Named[str] = Column(Key, ForeignKey("accounts.name", ondelete="CASCADE"), index=True)
    until: Named[datetime] = Column(UtcTime())


claims = Table("claims", metadata, ClaimColumns)


class LookColumns(TypedColumns):
    """When a person last looked at a page and said so: what came later is new to him."""

    account: Named[str] = Column(Key, ForeignKey("accounts.name", ondelete="CASCADE"), primary_key=True)
    page: Named[str] = Column(Key, primary_key=True)
    at: Named[datetime] = Column(UtcTime())


looks = Table("looks", metadata, LookColumns)


class HandoverColumns(TypedColumns):
    """A note to the next shift, there until somebody says that it is done."""

    id: Named[int] = Column(Serial, primary_key=True)
    region: Named[str] = Column(Key)
    by: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime())
    text: Named[str] = Column(Text)  # masked
    done_at: Named[datetime | None] = Column(UtcTime())
    done_by: Named[str | None] = Column(Key)


handovers = Table("handovers", metadata, HandoverColumns, Index(None, "region", "at"))


class VerdictColumns(TypedColumns):
    """One click at the desk with what it did, so that it can be undone. Rows are only ever added."""

    id: Named[int] = Column(Serial, primary_key=True)
    story: Named[str] = Column(Key, index=True)
    region: Named[str] = Column(Key)
    by: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime())
    kind: Named[str] = Column(Key)
    body: Named[str] = Column(Text)  # JSON: the cases and what they were before
    undone_at: Named[datetime | None] = Column(UtcTime())


verdicts = Table("verdicts", metadata, VerdictColumns, Index(None, "by", "at"))


class PhotoColumns(TypedColumns):
    """A picture that came with a report: decoded and encoded anew, so that nothing rides along in it."""

    id: Named[str] = Column(Key, primary_key=True)  # hash of the bytes
    post_id: Named[str] = Column(Key, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
    media_type: Named[str] = Column(Key)
    width: Named[int]
    height: Named[int]
    body: Named[bytes] = Column(LargeBinary)
    small: Named[bytes] = Column(LargeBinary)
    added_at: Named[datetime] = Column(UtcTime())


photos = Table("photos", metadata, PhotoColumns)


class PhotoDraftColumns(TypedColumns):
    """A picture that came with a form which is not saved yet, as it will be kept; for a day."""

    draft: Named[str] = Column(Key, primary_key=True)  # the form's own number
    id: Named[str] = Column(Key, primary_key=True)
    by: Named[str] = Column(Key, ForeignKey("accounts.name", ondelete="CASCADE"), primary_key=True, index=True)
    media_type: Named[str] = Column(Key)
    width: Named[int]
    height: Named[int]
    body: Named[bytes] = Column(LargeBinary)
    small: Named[bytes] = Column(LargeBinary)
    added_at: Named[datetime] = Column(UtcTime(), index=True)


photo_drafts = Table("photo_drafts", metadata, PhotoDraftColumns)
