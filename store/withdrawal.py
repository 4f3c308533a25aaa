"""What a source deletes is hidden here, too: the words go, what the post counts for stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from store import vault
from store.projection import UrusanOf, refresh
from store.tables import cases, post_revisions, posts
from store.vectors import drop_vectors


def withdraw(connection: Connection, post_ids: Sequence[str], at: datetime, urusan_of: UrusanOf) -> list[str]:
    """Take the words of posts away, sealed ones and earlier ones too; returns the ids that had not been yet.

    Readings and cases stay: what was complained of is still counted, and its ticket goes on.
    """
    standing = select(posts.c.id).where(posts.c.id.in_(sorted(set(post_ids))), posts.c.withdrawn_at.is_(None))
    gone = list(connection.execute(standing.order_by(posts.c.id).with_for_update()).scalars())
    if not gone:
        return gone
    nothing = {"title": None, "text": "", "pii": None, "media": None, "author": None, "withdrawn_at": at}
    connection.execute(update(posts).where(posts.c.id.in_(gone)).values(nothing))
    connection.execute(delete(post_revisions).where(post_revisions.c.post_id.in_(gone)))
    vault.forget(connection, gone)
    drop_vectors(connection, gone)
    shown = connection.execute(select(cases.c.id).where(cases.c.post_id.in_(gone))).scalars().all()
    refresh(connection, shown, at, urusan_of)
    return gone
