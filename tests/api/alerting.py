"""People of an installation with saved searches that have found something."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from desk.alerts import AlertDesk, Reader, WatchWish
from domain.search import Filters
from domain.watches import Watch, WatchKind
from tests.api.installation import Installation
from tests.api.told import OTHER, REGION


def desk_of(place: Installation) -> AlertDesk:
    """The desk of saved searches of an installation."""
    return AlertDesk(place.store, place.app.state.parts.profiles, place.clock)


def reader(place: Installation, name: str) -> Reader:
    """A person with what he may see."""
    user = place.store.accounts.user(name)
    return Reader(user, place.store.accounts.scope_of(user, frozenset({REGION, OTHER})))


def watch(place: Installation, who: str, q: str, kind: WatchKind = WatchKind.EACH, **more: Any) -> Watch:
    """A search that somebody saved an hour before the posts of the installation came in."""
    now, place.clock.now = place.clock.now, place.clock.now - timedelta(hours=1)
    region, filters = more.pop("region", REGION), more.pop("filters", Filters())
    wish = WatchWish(more.pop("name", q), kind, **more)
    try:
        return desk_of(place).save(reader(place, who), wish, region=region, q=q, filters=filters)
    finally:
        place.clock.now = now


def heard(place: Installation) -> None:
    """Let the posts of the installation meet the watches, as if they came in just now."""
    place.store.belts.requeue_all("index")
    place.work()
