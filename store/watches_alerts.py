"""What watches have to tell a reader: only of cases that he may see at this moment, counts included.

Hits are kept for all; an alert is what comes of those that its reader sees. So nothing that is hidden from him, now or
later, raises, counts or dates one, and one story is one alert of a watch, however often and in whatever order its posts
came.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from domain.scope import Scope
from domain.watches import WatchKind
from store.cases import visible
from store.database import Database, insert
from store.tables import cases, watch_hits, watch_marks, watch_spikes
from store.types import AnySelect

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


@dataclass(frozen=True, slots=True)
class HourStory:
    """A story that a watch on spikes found, by the moment of its first post."""

    watch: str
    story: str
    first_at: datetime


@dataclass(frozen=True, slots=True)
class KeptSpike:
    """An hour that was out of the usual for a reader; see `store.tables.watches`."""

    watch: str
    account: str
    hour: datetime
    found_at: datetime
    least: int
    usual: float
    scope: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reader did with an alert; `until` is absent where he has seen it."""

    at: datetime
    until: datetime | None


class Alerts:
    """Reads of hits under a scope, and what readers say of them."""

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

    def by_hour(self, watches: Collection[str], scope: Scope, since: datetime) -> list[HourStory]:
        """The stories that watches on spikes found and whose first post is not older than `since`."""
        with self._database.read() as connection:
            rows = connection.execute(_rising(watches, scope, since)).all()
        return [HourStory(watch, story, first_at) for watch, story, first_at in rows]

    def in_spikes(self, spikes: Collection[KeptSpike], scope: Scope) -> list[HourStory]:
        """The stories whose first post lies in the hour of one of these spikes, newest first."""
        if not spikes:
            return []
        found = _rising({one.watch for one in spikes}, scope, min(one.hour for one in spikes)).subquery()
        with self._database.read() as connection:
            on_postgresql = connection.dialect.name == "postgresql"
            hour: ColumnElement[Any] = literal_column("interval '1 hour'" if on_postgresql else "3600000000")
            query = (
                select(found.c.watch, found.c.story, found.c.first_at)
                .join_from(found, watch_spikes, and_(
                    watch_spikes.c.watch == found.c.watch,
                    watch_spikes.c.hour <= found.c.first_at,
                    watch_spikes.c.hour.op("+")(hour) > found.c.first_at,
                ))
                .where(watch_spikes.c.account.in_(sorted({one.account for one in spikes})))
                .order_by(found.c.first_at.desc(), found.c.watch, found.c.story)
            )  # fmt: skip
            rows = connection.execute(query).all()
        return [HourStory(watch, story, first_at) for watch, story, first_at in rows]

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

    def keep_spikes(self, spikes: Sequence[KeptSpike]) -> None:
        """Write spikes; one that is known keeps the moment at which it was found."""
        if not spikes:
            return
        names = ("watch", "account", "hour", "found_at", "least", "usual", "scope")
        rows = [{name: getattr(one, name) for name in names} for one in spikes]
        with self._database.write() as connection:
            statement = insert(connection, watch_spikes)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[watch_spikes.c.watch, watch_spikes.c.account, watch_spikes.c.hour],
                    set_={name: statement.excluded[name] for name in ("least", "usual", "scope")},
                ),
                rows,
            )

    def spikes(self, account: str, watches: Collection[str], now: datetime) -> list[KeptSpike]:
        """The spikes that were found for a reader, newest first."""
        query = (
            select(watch_spikes)
            .where(
                watch_spikes.c.account == account,
                watch_spikes.c.watch.in_(sorted(watches)),
                watch_spikes.c.hour > now - SHOWN,
            )
            .order_by(watch_spikes.c.hour.desc(), watch_spikes.c.watch)
        )
        with self._database.read() as connection:
            return [
                KeptSpike(row.watch, row.account, row.hour, row.found_at, row.least, row.usual, row.scope)
                for row in connection.execute(query)
            ]

    def marks(self, account: str, watches: Collection[str]) -> dict[tuple[str, str], Mark]:
        """What a reader did with the alerts of watches, by watch and key."""
        query = select(watch_marks).where(
            watch_marks.c.account == account, watch_marks.c.watch.in_(sorted(watches))
        )  # fmt: skip
        with self._database.read() as connection:
            return {(row.watch, row.alert): Mark(row.at, row.until) for row in connection.execute(query)}

    def mark(self, account: str, alerts: Collection[tuple[str, str]], now: datetime, *, until: datetime | None) -> None:
        """Note that a reader has seen alerts, or snoozed them until then."""
        rows = [
            {"watch": watch, "account": account, "alert": alert, "at": now, "until": until}
            for watch, alert in sorted(set(alerts))
        ]
        if not rows:
            return
        with self._database.write() as connection:
            statement = insert(connection, watch_marks)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[watch_marks.c.watch, watch_marks.c.account, watch_marks.c.alert],
                    set_={"at": statement.excluded["at"], "until": statement.excluded.until},
                ),
                rows,
            )

    def unmark(self, account: str, alerts: Collection[tuple[str, str]]) -> None:
        """Make alerts new again."""
        with self._database.write() as connection:
            for watch, alert in sorted(set(alerts)):
                connection.execute(
                    delete(watch_marks).where(
                        watch_marks.c.account == account, watch_marks.c.watch == watch, watch_marks.c.alert == alert
                    )
                )

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


def _rising(watches: Collection[str], scope: Scope, since: datetime) -> AnySelect:
    """The visible stories of watches on spikes by their first post, of those that began since a moment."""
    first = func.min(watch_hits.c.published_at)
    return (
        select(watch_hits.c.watch, watch_hits.c.story, first.label("first_at"))
        .join_from(watch_hits, cases, cases.c.id == watch_hits.c.case_id)
        .where(
            watch_hits.c.watch.in_(sorted(watches)),
            watch_hits.c.kind == WatchKind.SPIKE.value,
            visible(scope, by_region=False),
        )
        .group_by(watch_hits.c.watch, watch_hits.c.story)
        .having(first >= since)
    )
