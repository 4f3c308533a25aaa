"""What watches have to tell a reader: only of cases that he may see at this moment, counts included.

Hits are kept for all; an alert is what comes of those that its reader sees. So nothing that is hidden from him, now or
later, raises, counts or dates one, and one story is one alert of a watch, however often and in whatever order its posts
came.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, and_, case, delete, false, func, literal, or_, select, tuple_, union_all

from domain.scope import Scope
from domain.watches import WatchKind
from store.cases import visible
from store.database import Database
from store.tables import cases, watch_hits, watch_marks, watch_spikes

SHOWN: Final = timedelta(days=30)  # an alert of last month is history: the search itself finds what it told of
KEPT: Final = timedelta(days=60)  # a story that was quiet for so long is another one when it begins again
STORY: Final = "c-"  # an alert's key: of a story, of a digest, of an hour
DIGEST: Final = "r-"
HOUR: Final = "l-"
_MOST: Final = 1_000  # alerts of one watch, the newest: one that finds more tells nobody anything


@dataclass(frozen=True, slots=True)
class Told:
    """What a watch tells and when: a story, or a digest of so many, which has no name."""

    watch: str
    due_at: datetime
    story: str
    stories: int


class Alerts:
    """Reads of hits under a scope. Each read sees what the reader may see now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, watches: Collection[str], scope: Scope, now: datetime) -> list[Told]:
        """What watches have told up to now: the newest stories of each, and its digests, counted."""
        found = _found(watches, scope).having(and_(_due <= now, _due > now - SHOWN)).cte("found")
        newest = (found.c.due_at.desc(), found.c.story)
        place = func.row_number().over(partition_by=found.c.watch, order_by=newest).label("place")
        stories = select(found.c.watch, found.c.due_at, found.c.story, place).where(~found.c.in_digest).subquery()
        query = union_all(
            select(stories.c.watch, stories.c.due_at, stories.c.story, literal(1)).where(stories.c.place <= _MOST),
            select(found.c.watch, found.c.due_at, literal(""), func.count())
            .where(found.c.in_digest)
            .group_by(found.c.watch, found.c.due_at),
        )
        with self._database.read() as connection:
            return [Told(*row) for row in connection.execute(query)]

    def in_digests(
        self, digests: Collection[tuple[str, datetime]], scope: Scope, *, most: int
    ) -> dict[tuple[str, datetime], list[str]]:
        """The stories of digests, by (watch, moment) and name, at most so many of each."""
        held: dict[tuple[str, datetime], list[str]] = {}
        if not digests:
            return held
        chosen = tuple_(watch_hits.c.watch, watch_hits.c.due_at).in_(sorted(digests))
        some = select(watch_hits.c.watch, watch_hits.c.story).where(chosen).distinct().subquery()
        found = (
            _found({watch for watch, _ in digests}, scope)
            .join(some, and_(some.c.watch == watch_hits.c.watch, some.c.story == watch_hits.c.story))
            .subquery()
        )
        within = (found.c.watch, found.c.due_at)
        place = func.row_number().over(partition_by=within, order_by=found.c.story).label("place")
        listed = (
            select(*within, found.c.story, place)
            .where(found.c.in_digest, tuple_(*within).in_(sorted(digests)))
            .subquery()
        )
        query = select(listed.c.watch, listed.c.due_at, listed.c.story).where(listed.c.place <= most)
        with self._database.read() as connection:
            for watch, due_at, story in connection.execute(query.order_by(listed.c.place)):
                held.setdefault((watch, due_at), []).append(story)
        return held

    def cases_of(
        self, told: Collection[tuple[str, str]], scope: Scope, *, most: int
    ) -> dict[tuple[str, str], list[str]]:
        """The ids of the visible cases behind (watch, story), newest first, at most so many of each."""
        found: dict[tuple[str, str], list[str]] = {}
        if not told:
            return found
        newest = (watch_hits.c.published_at.desc(), watch_hits.c.case_id)
        place = func.row_number().over(partition_by=(watch_hits.c.watch, watch_hits.c.story), order_by=newest)
        seen = (
            select(watch_hits.c.watch, watch_hits.c.story, watch_hits.c.case_id, place.label("place"))
            .join_from(watch_hits, cases, cases.c.id == watch_hits.c.case_id)
            .where(
                tuple_(watch_hits.c.watch, watch_hits.c.story).in_(sorted(told)), visible(scope, by_region=False)
            )
            .subquery()
        )  # fmt: skip
        query = select(seen.c.watch, seen.c.story, seen.c.case_id).where(seen.c.place <= most).order_by(seen.c.place)
        with self._database.read() as connection:
            for watch, story, case_id in connection.execute(query):
                found.setdefault((watch, story), []).append(case_id)
        return found

    def forget_old(self, now: datetime) -> None:
        """Drop what nobody is told of any more. A story goes whole: what is left of one would look new."""
        old = now - KEPT
        with self._database.write() as connection:
            quiet = (
                select(watch_hits.c.watch, watch_hits.c.story)
                .group_by(watch_hits.c.watch, watch_hits.c.story)
                .having(func.max(watch_hits.c.at) < old)
            )
            gone = tuple_(watch_hits.c.watch, watch_hits.c.story).in_(quiet)
            connection.execute(delete(watch_hits).where(watch_hits.c.at < old, gone))
            connection.execute(delete(watch_spikes).where(watch_spikes.c.hour < old))
            told = select(watch_hits.c.watch).where(
                watch_hits.c.watch == watch_marks.c.watch, watch_marks.c.alert == STORY + watch_hits.c.story
            )
            unheard = or_(watch_marks.c.alert.not_like(f"{STORY}%"), ~told.exists())
            connection.execute(delete(watch_marks).where(watch_marks.c.at < old, unheard))


_due = func.min(watch_hits.c.due_at)
_due_by_digest = func.min(case((watch_hits.c.kind == WatchKind.DIGEST.value, watch_hits.c.due_at)))


def _found(watches: Collection[str], scope: Scope) -> Select[str, str, datetime, bool]:
    """The visible stories of watches that tell: when each is told first, and whether that is in a digest."""
    in_digest = func.coalesce(_due_by_digest == _due, false())
    return (
        select(watch_hits.c.watch, watch_hits.c.story, _due.label("due_at"), in_digest.label("in_digest"))
        .join_from(watch_hits, cases, cases.c.id == watch_hits.c.case_id)
        .where(
            watch_hits.c.watch.in_(sorted(watches)),
            watch_hits.c.kind.in_((WatchKind.EACH.value, WatchKind.DIGEST.value)),
            visible(scope, by_region=False),
        )
        .group_by(watch_hits.c.watch, watch_hits.c.story)
    )
