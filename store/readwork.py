"""Write what nlp read: one reading per post, of the revision that still stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from domain.posts import RawPost
from domain.reading import Reading
from store.database import insert
from store.rows import pack, reading_body
from store.tables import posts, readings
from store.vectors import keep_vectors


def keep_readings(
    connection: Connection, read: Sequence[tuple[RawPost, Reading]], held: frozenset[str], now: datetime
) -> frozenset[str]:
    """Store readings of revisions that still stand. Returns whose."""
    ids = [post.id for post, _ in read if post.id in held]
    living = select(posts.c.id, posts.c.revision).where(posts.c.id.in_(ids), posts.c.withdrawn_at.is_(None))
    found = connection.execute(living)
    present = {row.id: row.revision for row in found}
    rows = [
        {
            "post_id": post.id, "revision": post.revision, "body": reading_body(reading),
            "near": pack(reading.near), "norm_version": reading.norm_version, "read_at": now,
        }
        for post, reading in read
        if present.get(post.id) == post.revision
    ]  # fmt: skip
    if rows:
        statement = insert(connection, readings)
        new = statement.excluded
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[readings.c.post_id],
                set_={name: new[name] for name in ("revision", "body", "near", "norm_version", "read_at")},
            ),
            sorted(rows, key=lambda row: str(row["post_id"])),
        )
    kept = frozenset(str(row["post_id"]) for row in rows)
    placed = {post.id: reading.vector for post, reading in read if post.id in kept and reading.vector is not None}
    keep_vectors(connection, placed, now)
    return kept
