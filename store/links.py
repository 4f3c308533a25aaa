"""Stories as people see to them: who is in one, and taking a case out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, update

from domain.documents import PostDocument
from domain.errors import Conflict, NotFound
from domain.scope import Scope
from store import stories
from store.audit import record
from store.database import Database, insert
from store.keys import KeyRing
from store.projection import PARTS, Parts, UrusanOf, join, load, refresh
from store.tables import cases, story_links


class Stories:
    """The links between cases that tell the same story."""

    def __init__(
        self, database: Database, keys: KeyRing, *, urusan_of: UrusanOf, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._keys = keys
        self._urusan_of = urusan_of
        self._clock = clock

    def cases(self, story: str, scope: Scope) -> list[PostDocument]:
        """The visible cases of a story, oldest first."""
        query = PARTS.where(cases.c.story == story)
        with self._database.read() as connection:
            documents = [p.document(self._urusan_of) for p in join(connection, connection.execute(query).all())]
        told = [d for d in documents if scope.allows(d)]
        return sorted(told, key=lambda d: (d.published_at, d.id))

    def take_out(self, case_id: str, by: str, scope: Scope, now: datetime | None = None) -> None:
        """Make a case a story of its own, for good: no machine puts it back. Audited.

        Raises: NotFound outside the scope, Conflict when the story is named by this very case.
        """
        now = now or self._clock()
        with self._database.write() as connection:
            parts = self._visible(connection, case_id, scope)
            own = self._keys.story(case_id)
            if parts.story == own:
                raise Conflict(f"Kasus {case_id} tidak digabung ke cerita lain.")
            connection.execute(delete(story_links).where(story_links.c.case_id == case_id))
            connection.execute(
                insert(connection, story_links).values(
                    case_id=case_id, story=case_id, similarity=0.0, by=by, linked_at=now
                )
            )
            connection.execute(update(cases).where(cases.c.id == case_id).values(story=own))
            record(connection, by, "story.take_out", case_id, {"story": parts.story}, now)
            refresh(connection, [case_id], now, self._urusan_of)

    def forget_old(self, now: datetime | None = None) -> int:
        """Drop the signatures that are too old to be joined; the stories stay. For a daily timer."""
        total = 0
        while True:
            with self._database.write() as connection:
                dropped = stories.forget_old(connection, now or self._clock())
            total += dropped
            if not dropped:
                return total

    def _visible(self, connection: Connection, case_id: str, scope: Scope) -> Parts:
        parts = load(connection, [case_id]).get(case_id)
        if parts is None or not scope.allows(parts.document(self._urusan_of)):
            raise NotFound(f"Kasus {case_id} tidak ditemukan.")
        return parts
