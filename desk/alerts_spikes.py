"""Looks every minute whether an hour brings a watch more than usual, for each of its readers by what he may see.

An hour stays open for some more: sources are read hourly, so much of what was published at nine comes in after ten.
"""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from domain.errors import Refused, Unavailable
from domain.ports import PostIndex
from domain.scope import Scope
from domain.search import Filters, Interval, TrendQuery
from domain.watches import Watch, WatchKind, spike_of
from domain.watches.spikes import LEAST, WEEKS
from store import Store
from store.people import User
from store.watches import CENTER, KeptWatch
from store.watches_spikes import KeptSpike

OPEN_HOURS: Final = 6  # that an hour may still become a spike: as long as most sources take to be read again
EVERY: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)

log = structlog.get_logger("jaring.spikes")


class SpikeTimer:
    """Finds spikes. Of all processes that could, the one that holds the lease does; twice finds the same."""

    def __init__(
        self,
        store: Store,
        index: Callable[[], PostIndex],
        regions: Mapping[str, object],
        clock: Callable[[], datetime],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._index = index
        self._regions = regions
        self._clock = clock
        self._tick = tick
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._next = 0.0

    def look(self) -> int:
        """Look when a minute has passed and nobody else did. Returns how many spikes stand; waits for no engine."""
        if self._tick() < self._next:
            return 0
        self._next = self._tick() + EVERY.total_seconds()
        now = self._clock()
        if not self._store.leases.hold("spikes", self._owner, EVERY, now):
            return 0
        try:
            return self.turn(now)
        except Unavailable as failure:
            log.warning("lonjakan belum dilihat", reason=str(failure))
            return 0

    def turn(self, now: datetime) -> int:
        """Look at the hours that are open. Returns how many spikes stand. Raises Unavailable."""
        kept = self._store.watches.running(WatchKind.SPIKE)
        found = [spike for scope, some in self._readers(kept).items() for spike in self._of(scope, some, now)]
        self._store.spikes.keep(found)
        return len(found)

    def _readers(self, kept: Iterable[KeptWatch]) -> dict[Scope, list[tuple[Watch, User]]]:
        """Who reads which watch, by what he may see: those who see the same are asked for once."""
        center: list[User] | None = None
        readers: dict[Scope, list[tuple[Watch, User]]] = defaultdict(list)
        for one in kept:
            people = [one.owner]
            if one.watch.shared:
                if center is None:
                    center = [user for user in self._store.accounts.users() if user.active and user.role in CENTER]
                people += [user for user in center if user.name != one.owner.name]
            for user in people:
                scope = self._store.accounts.scope_of(user, self._regions)
                if one.watch.region in scope.regions:
                    readers[scope].append((one.watch, user))
        return readers

    def _of(self, scope: Scope, read: list[tuple[Watch, User]], now: datetime) -> Iterator[KeptSpike]:
        watches = {watch.id: watch for watch, _ in read}
        first = hour_of(now) - (OPEN_HOURS - 1) * _HOUR
        counted = Counter(
            (told.watch, hour_of(told.first_at)) for told in self._store.spikes.by_hour(watches, scope, first)
        )
        for (watch_id, hour), count in sorted(counted.items()):
            rise = self._rise(watches[watch_id], scope, hour, count) if count >= LEAST else None
            if rise is None:
                continue
            least, usual = rise
            for watch, user in read:
                if watch.id == watch_id:
                    yield KeptSpike(watch_id, user.name, hour, now, least, usual, scope_mark(scope))

    def _rise(self, watch: Watch, scope: Scope, hour: datetime, count: int) -> tuple[int, float] | None:
        """How many stories it takes in that hour, and how many are usual; None where `count` is not enough."""
        try:
            before = [self._stories(watch, scope, week) for week in self._heard(watch.region, hour)]
        except Refused as refused:
            log.warning("pantauan tidak terbaca", watch=watch.id, reason=str(refused))
            return None
        spike = spike_of(count, before)
        if spike is None:
            return None
        least = next(n for n in range(LEAST, count + 1) if spike_of(n, before))
        return least, spike.usual

    def _heard(self, region: str, hour: datetime) -> list[datetime]:
        """That hour of those past weeks from which anything of the region is known: silence tells nothing."""
        everybody = Scope(regions=frozenset({region}), may_oversee=True)
        filters = Filters(region=(region,), since=hour - WEEKS * _WEEK, until=hour)
        asked = TrendQuery(filters=filters, interval=Interval.DAY, timezone="UTC")
        days = {point.start for point in self._index().aggregate(asked, everybody).points if point.count}
        weeks = [hour - n * _WEEK for n in range(1, WEEKS + 1)]
        return [week for week in weeks if any(week - _DAY < day < week + _WEEK for day in days)]

    def _stories(self, watch: Watch, scope: Scope, hour: datetime) -> int:
        filters = watch.filters.model_copy(
            update={"region": (watch.region,), "since": hour, "until": hour + _HOUR}
        )  # fmt: skip
        asked = TrendQuery(q=watch.q, filters=filters, interval=Interval.HOUR, timezone="UTC", distinct_stories=True)
        return sum(point.count for point in self._index().aggregate(asked, scope).points)


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour that a moment lies in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def scope_mark(scope: Scope) -> str:
    """A hash of what a reader may see."""
    said = [
        sorted(part) if part is not None else None for part in (scope.regions, scope.opds, scope.areas)
    ]  # fmt: skip
    return hashlib.blake2b(f"{said}{scope.may_oversee}".encode(), digest_size=8).hexdigest()
