"""Spikes: the hours in which a watch found more than usual, kept for whom they were found.

The stories behind one are read anew, under the reader's scope at that moment: whether it still is one for him is said
by those, not by what was kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, select

from domain.scope import Scope
from domain.watches import WatchKind
from store.cases import visible
from store.database import Database, insert
from store.tables import cases, watch_hits, watch_spikes
from store.types import AnySelect
from store.watches_alerts import SHOWN


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


class Spikes:
    """What watches on spikes found, by the hour, and the hours that were out of the usual."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    def keep(self, spikes: Sequence[KeptSpike]) -> None:
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

    def kept(self, account: str, watches: Collection[str], now: datetime) -> list[KeptSpike]:
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
