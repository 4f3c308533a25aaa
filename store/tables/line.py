"""Posts, what was read in them, the cases they make, and what people said about those."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Named, Table, Text, TypedColumns, text

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class PostColumns(TypedColumns):
    """A `RawPost`. Compound values are JSON text; absent ones are NULL."""

    id: Named[str] = Column(Key, primary_key=True)
    namespace: Named[str] = Column(Key)
    native_id: Named[str] = Column(Text)
    source: Named[str] = Column(Key)
    regions: Named[str] = Column(Text)
    channel: Named[str] = Column(Key)
    url: Named[str | None] = Column(Text)
    author: Named[str | None] = Column(Key)
    title: Named[str | None] = Column(Text)
    text: Named[str] = Column(Text)
    pii: Named[str | None] = Column(Text)
    published_at: Named[datetime] = Column(UtcTime())
    date_trust: Named[str] = Column(Key)
    fetched_at: Named[datetime] = Column(UtcTime())
    parent: Named[str | None] = Column(Key)
    media: Named[str | None] = Column(Text)
    lat: Named[float | None]
    lon: Named[float | None]
    engagement: Named[str | None] = Column(Text)
    wire: Named[str | None] = Column(Text)
    hints: Named[str | None] = Column(Text)
    revision: Named[int]
    fingerprint: Named[str] = Column(Key)  # keyed hash of the unmasked words: tells a repeat from an edit
    ingested_at: Named[datetime] = Column(UtcTime())
    withdrawn_at: Named[datetime | None] = Column(UtcTime())  # its source deleted it: the words are gone here too


posts = Table("posts", metadata, PostColumns, Index(None, "parent"), Index(None, "source", "published_at"))


class PostRevisionColumns(TypedColumns):
    """The masked words of a post before an edit."""

    post_id: Named[str] = Column(Key, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    revision: Named[int] = Column(primary_key=True, autoincrement=False)
    title: Named[str | None] = Column(Text)
    text: Named[str] = Column(Text)
    pii: Named[str | None] = Column(Text)
    fetched_at: Named[datetime] = Column(UtcTime())
    replaced_at: Named[datetime] = Column(UtcTime())


post_revisions = Table("post_revisions", metadata, PostRevisionColumns)


class ReadingColumns(TypedColumns):
    """A `Reading` as JSON, its MinHash signature apart as packed 32-bit numbers."""

    post_id: Named[str] = Column(Key, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    revision: Named[int]
    body: Named[str] = Column(Text)
    near: Named[bytes | None] = Column(LargeBinary)
    norm_version: Named[int]
    read_at: Named[datetime] = Column(UtcTime())


readings = Table("readings", metadata, ReadingColumns)


class VectorColumns(TypedColumns):
    """A post's `Vector` by one model: two models may stand side by side while one takes over from the other."""

    post_id: Named[str] = Column(Key, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    model: Named[str] = Column(Key, primary_key=True)
    scale: Named[float]
    steps: Named[bytes] = Column(LargeBinary)


vectors = Table("vectors", metadata, VectorColumns)


class CaseColumns(TypedColumns):
    """A `Case` as JSON with the columns that are asked for. `gone_at` makes it a tombstone.

    What follows `gone_at` repeats what the case's document shows, for the desk's lists; see `store.facts`.
    """

    id: Named[str] = Column(Key, primary_key=True)
    post_id: Named[str] = Column(Key, ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    region: Named[str] = Column(Key)
    rev: Named[int]
    month: Named[str] = Column(Key)
    revision: Named[int]
    state: Named[str] = Column(Key)
    opd: Named[str | None] = Column(Key)
    oversight: Named[bool]
    body: Named[str] = Column(Text)
    digest: Named[str] = Column(Key)  # of the document without its rev: says whether a change shows
    decided_at: Named[datetime] = Column(UtcTime())
    gone_at: Named[datetime | None] = Column(UtcTime())
    story: Named[str] = Column(Key)  # keyed hash of the story's first case: its name opens and tells nothing
    born_at: Named[datetime] = Column(UtcTime())  # when the case was first stored
    published_at: Named[datetime] = Column(UtcTime())
    intent: Named[str] = Column(Key)
    topic: Named[str] = Column(Key)
    urgency: Named[str] = Column(Key)
    area: Named[str | None] = Column(Key)  # the most specific one known
    opd_p: Named[float]
    intent_p: Named[float]  # how sure the intent is; 1 where a person said it
    accused: Named[str | None] = Column(Text)  # JSON list of agency codes
    waiting: Named[bool]  # for a person at the desk, see `store.facts.waits`
    unsorted: Named[bool]  # waits, and the machine has not yet looked whether a ticket is to be proposed


cases = Table(
    "cases",
    metadata,
    CaseColumns,
    Index(None, "region", "month", "id"),
    Index(None, "story"),
    Index(  # holds all that the desk's lists ask of a story: twenty thousand waiting cases are one short scan
        "ix_cases_waiting",
        "region",
        "story",
        "published_at",
        "born_at",
        "urgency",
        "opd_p",
        "intent_p",
        "oversight",
        "area",
        "topic",
        "opd",
        "accused",
        "waiting",  # these two only so that SQLite sees that the index answers alone
        "gone_at",
        sqlite_where=text("waiting = 1 AND gone_at IS NULL"),
        postgresql_where=text("waiting AND gone_at IS NULL"),
    ),
    Index(
        "ix_cases_unsorted",
        "region",
        "story",
        sqlite_where=text("unsorted = 1 AND gone_at IS NULL"),
        postgresql_where=text("unsorted AND gone_at IS NULL"),
    ),
)


class LabelColumns(TypedColumns):
    """What people said, in the order they said it. Rows are only ever added."""

    id: Named[int] = Column(Serial, primary_key=True)
    case_id: Named[str] = Column(Key, ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    task: Named[str] = Column(Key)
    value: Named[str] = Column(Text)
    by: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime())
    note: Named[str | None] = Column(Text)


labels = Table("labels", metadata, LabelColumns)
