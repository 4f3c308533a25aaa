"""Where posts stand in meaning: one vector a post, of the words that stand now.

A vector is part of no document's digest: it comes or goes without a new rev, and its cases go to the index as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select

from domain.posts import RawPost
from domain.vectors import Vector
from store.database import Database, insert
from store.rows import post_of
from store.tables import cases, posts, vectors
from store.work import INDEX, enqueue


def vectors_of(connection: Connection, post_ids: Collection[str]) -> dict[str, Vector]:
    """The vectors of posts, by post id."""
    if not post_ids:
        return {}
    query = select(vectors).where(vectors.c.post_id.in_(sorted(set(post_ids)))).order_by(vectors.c.model)
    return {row.post_id: Vector(model=row.model, scale=row.scale, steps=row.steps) for row in connection.execute(query)}


def keep_vectors(connection: Connection, found: Mapping[str, Vector], now: datetime) -> None:
    """Store the vectors of posts in the place of other models', and queue the posts' cases for the index.

    One that stands already by the same model stays: who encodes words again comes out a hair elsewhere.
    """
    stored = {post: vector.model for post, vector in vectors_of(connection, list(found)).items()}
    fresh = {post: vector for post, vector in sorted(found.items()) if stored.get(post) != vector.model}
    if not fresh:
        return
    connection.execute(delete(vectors).where(vectors.c.post_id.in_(list(fresh))))
    connection.execute(
        insert(connection, vectors).on_conflict_do_nothing(),
        [
            {"post_id": post, "model": vector.model, "scale": vector.scale, "steps": vector.steps}
            for post, vector in fresh.items()
        ],
    )
    shown = select(cases.c.id).where(cases.c.post_id.in_(list(fresh)), cases.c.gone_at.is_(None))
    enqueue(connection, INDEX, connection.execute(shown).scalars().all(), now)


def drop_vectors(connection: Connection, post_ids: Iterable[str]) -> None:
    """Forget where the former words of posts stood."""
    if gone := sorted(post_ids):
        connection.execute(delete(vectors).where(vectors.c.post_id.in_(gone)))


class Vectors:
    """Which posts have none yet: how an encoder that was added later catches up. Only posts that make a case count."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def missing(self, model: str) -> int:
        """How many posts have no vector by a model."""
        query = select(func.count()).select_from(posts).where(*_without(model))
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def without(self, model: str, *, after: str = "", limit: int = 200) -> list[RawPost]:
        """Some posts without a vector by a model, by their ids, behind an id."""
        query = select(posts).where(posts.c.id > after, *_without(model)).order_by(posts.c.id).limit(limit)
        with self._database.read() as connection:
            return [post_of(row) for row in connection.execute(query)]

    def keep(self, found: Sequence[tuple[RawPost, Vector]]) -> None:
        """Store vectors of posts, but of none whose words were edited meanwhile."""
        with self._database.write() as connection:
            ids = [post.id for post, _ in found]
            living = posts.c.withdrawn_at.is_(None)
            revisions = select(posts.c.id, posts.c.revision).where(posts.c.id.in_(ids), living)
            standing = dict(connection.execute(revisions).all())
            fresh = {post.id: vector for post, vector in found if standing.get(post.id) == post.revision}
            keep_vectors(connection, fresh, self._clock())


def _without(model: str) -> tuple[ColumnElement[bool], ...]:
    placed = select(vectors.c.post_id).where(vectors.c.post_id == posts.c.id, vectors.c.model == model)
    shown = select(cases.c.id).where(cases.c.post_id == posts.c.id, cases.c.gone_at.is_(None))
    return ~placed.exists(), shown.exists(), posts.c.withdrawn_at.is_(None)
