"""Saved searches and their alerts, as people keep and answer them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from desk.alerts_telling import Alert, AlertState, ToldAlert, alerts_for, tell
from domain.errors import Forbidden, NotFound, Refused
from domain.query import Everything
from domain.regions import RegionProfile
from domain.scope import Scope
from domain.search import Filters
from domain.text.mask import mask
from domain.watches import Watch, WatchKind
from domain.watches.conditions import tree_of
from store import Store
from store.people import User
from store.watches import KeptWatch

LONGEST_NAME: Final = 80
LONGEST_SNOOZE: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class WatchWish:
    """What a person asks of a saved search. `filters` may hold days and regions: a watch leaves them out."""

    name: str
    kind: WatchKind
    hour: int = 7
    shared: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who keeps watches, with what he may see at this moment."""

    user: User
    scope: Scope

    @property
    def sees_nothing(self) -> bool:
        """Whether nothing at all is visible to him: nobody gave him a region, an agency or a village yet."""
        return not self.scope.regions or self.scope.opds == frozenset() or self.scope.areas == frozenset()


class AlertDesk:
    """What people do with saved searches and alerts. Each reader is told of what he himself may see."""

    def __init__(self, store: Store, profiles: Mapping[str, RegionProfile], clock: Callable[[], datetime]) -> None:
        self._store = store
        self._profiles = profiles
        self._clock = clock

    def save(self, reader: Reader, wish: WatchWish, *, region: str, q: str, filters: Filters) -> Watch:
        """Keep a search of a region.

        Raises: QueryRefused, Refused for what cannot be watched, NotFound for a region that the reader does not see.
        """
        if reader.sees_nothing:
            raise Forbidden("Akun Anda belum diberi wilayah, OPD, atau desa.")
        if region not in reader.scope.regions or region not in self._profiles:
            raise NotFound("Wilayah itu tidak ada.")
        now = self._clock()
        watch = Watch(
            id="", owner=reader.user.name, region=region, name="", q=" ".join(q.split()),
            filters=filters.model_copy(update={"since": None, "until": None, "region": ()}), kind=wish.kind,
            hour=wish.hour, zone=self._profiles[region].tz.key, shared=wish.shared, paused=wish.paused, since=now,
            created_at=now,
        )  # fmt: skip
        if mask(watch.q).text != watch.q:
            raise Refused(
                "Pencarian ini berisi data pribadi. Data pribadi tidak disimpan; hapus dahulu dari kotak cari."
            )
        return self._store.watches.save(self._checked(watch, wish))

    def change(self, reader: Reader, watch_id: str, wish: WatchWish) -> Watch:
        """Change one's own watch. What came in while it did not speak stays untold. NotFound for another's."""
        now = self._clock()
        before = self._store.watches.own(watch_id, reader.user.name)
        wished = {"kind": wish.kind, "hour": wish.hour, "shared": wish.shared, "paused": wish.paused}
        after = self._checked(before.model_copy(update=wished), wish)
        if after.speaks and not before.speaks:
            after = after.model_copy(update={"since": now})
        self._store.watches.change(after, now)
        return after

    def delete(self, reader: Reader, watch_id: str) -> None:
        """Forget one's own watch with all its alerts. NotFound for another's."""
        self._store.watches.delete(watch_id, reader.user.name)

    def own(self, reader: Reader, watch_id: str) -> Watch:
        """One's own watch. NotFound for another's."""
        return self._store.watches.own(watch_id, reader.user.name)

    def watches(self, reader: Reader) -> list[KeptWatch]:
        """One's own, then what others share with the center."""
        return self._store.watches.readable(reader.user, reader.scope)

    def alerts(self, reader: Reader) -> list[Alert]:
        """All alerts of the last weeks, newest first."""
        return alerts_for(self._store, self.watches(reader), reader.user.name, reader.scope, self._clock())

    def tell(self, reader: Reader, alerts: Sequence[Alert]) -> list[ToldAlert]:
        """Why these alerts are told, with samples; one whose posts vanished meanwhile is left out."""
        return tell(self._store, alerts, reader.scope)

    def count_new(self, reader: Reader) -> int:
        """How many wait for an answer."""
        return sum(alert.state is AlertState.NEW for alert in self.alerts(reader))

    def answer(
        self, reader: Reader, ids: Collection[str], state: AlertState, *, until: datetime | None = None
    ) -> list[Alert]:
        """Mark alerts as seen, snoozed until then, or new again; again is the same. NotFound for what is not there."""
        now = self._clock()
        if state is AlertState.SNOOZED and (until is None or not now < until <= now + LONGEST_SNOOZE):
            raise Refused(f"Tunda sampai suatu saat dalam {LONGEST_SNOOZE.days} hari ke depan.")
        known = {alert.id: alert for alert in self.alerts(reader)}
        if not set(ids) <= known.keys():
            raise NotFound("Peringatan itu tidak ada.")
        chosen = [alert for id_, alert in known.items() if id_ in set(ids)]
        named = [(alert.kept.watch.id, alert.key) for alert in chosen]
        snoozed = until if state is AlertState.SNOOZED else None
        if state is AlertState.NEW:
            self._store.alert_marks.unmark(reader.user.name, named)
        else:
            self._store.alert_marks.mark(reader.user.name, named, now, until=snoozed)
        return [replace(alert, state=state, until=snoozed) for alert in chosen]

    def _checked(self, watch: Watch, wish: WatchWish) -> Watch:
        name = mask(" ".join(wish.name.split())).text
        if not name or len(name) > LONGEST_NAME:
            raise Refused(f"Beri nama, paling panjang {LONGEST_NAME} huruf.")
        if not 0 <= wish.hour <= 23:  # noqa: PLR2004  hours of a day
            raise Refused("Jam ringkasan dari 0 sampai 23.")
        tree = tree_of(watch.q, watch.filters)
        if wish.kind is not WatchKind.SAVED and isinstance(tree, Everything):
            raise Refused("Pantauan membutuhkan kata atau saringan: tanpa itu setiap kiriman akan diberitakan.")
        return watch.model_copy(update={"name": name})
