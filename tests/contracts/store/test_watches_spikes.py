"""Watches on spikes: an hour out of the usual is told once, to each reader by what he may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desk.alerts_spikes import SpikeTimer
from desk.alerts_telling import AlertState
from domain.errors import IndexUnavailable
from domain.ports import PostIndex
from domain.watches import WatchKind
from indexer.sqlite import open_index
from store import Store
from tests.store.desk import profiles_read
from tests.store.line import NOW, Clock, incoming
from tests.store.watching import Room, floods, road, room

HOUR = NOW.replace(minute=0)  # 11.00 WITA on a Friday


@pytest.fixture
def index(tmp_path: Path) -> Iterator[PostIndex]:
    opened = open_index(tmp_path / "index")
    yield opened
    opened.close()


@pytest.fixture
def here(store: Store, clock: Clock, index: PostIndex) -> Room:
    """A room that knows two months: in that hour of the week one story, sometimes two."""
    made = room(store)
    made.shelf = index  # type: ignore[assignment]  # a real one
    past = [HOUR - timedelta(weeks=week, minutes=-5) for week in range(1, 9)]
    made.hears(*(road(n, published_at=at) for n, at in enumerate((*past, past[2], HOUR - timedelta(days=70)), 100)))
    clock.now = HOUR + timedelta(minutes=40)
    return made


@pytest.fixture
def timer(store: Store, clock: Clock, index: PostIndex) -> SpikeTimer:
    return SpikeTimer(store, lambda: index, profiles_read(), clock)


def burst(here: Room, count: int, *, at: datetime, first: int = 1, more: str = "") -> None:
    """So many stories at once."""
    texts = (
        f"Jalan kubangan {n} {n * 13} {n * 29} {n * 31} {n * 37} parah {more}" for n in range(first, first + count)
    )
    here.hears(*(incoming(first + n, text, published_at=at, fetched_at=at) for n, text in enumerate(texts)))


def test_an_hour_out_of_the_usual_is_told_once(here: Room, timer: SpikeTimer, clock: Clock) -> None:
    here.watches("ratna", "kubangan", WatchKind.SPIKE)
    burst(here, 4, at=clock())
    assert timer.turn(clock()) == 0
    assert here.told("ratna") == []
    burst(here, 4, at=clock(), first=20)
    assert timer.turn(clock()) == 1
    (told,) = here.told("ratna")
    assert told.alert.kind is WatchKind.SPIKE
    assert told.alert.count == 8
    assert told.alert.usual is not None
    assert 1 <= told.alert.usual <= 1.5
    assert told.why.stories == 8
    found = told.alert
    here.alerts.answer(here.reader("ratna"), [found.id], AlertState.SEEN)
    for _ in range(3):
        clock.advance(minutes=30)
        timer.turn(clock())
    after = here.alert("ratna")
    assert (after.id, after.at, after.state) == (found.id, found.at, AlertState.SEEN)


def test_the_same_stories_told_again_in_the_next_hour_are_no_new_rise(
    here: Room, timer: SpikeTimer, clock: Clock
) -> None:
    here.watches("ratna", "kubangan", WatchKind.SPIKE)
    burst(here, 8, at=clock())
    timer.turn(clock())
    clock.advance(hours=1)
    here.hears(*(
        incoming(f"lagi-{n}", f"Jalan kubangan {n} {n * 13} {n * 29} {n * 31} {n * 37} parah ", published_at=clock(),
                 fetched_at=clock())
        for n in range(1, 9)
    ))  # fmt: skip
    timer.turn(clock())
    assert len(here.told("ratna")) == 1


def test_what_comes_in_late_still_makes_its_hour_a_spike(here: Room, timer: SpikeTimer, clock: Clock) -> None:
    here.watches("ratna", "kubangan", WatchKind.SPIKE)
    published = clock()
    clock.advance(hours=3)
    burst(here, 8, at=published)
    assert timer.turn(clock()) == 1
    clock.advance(hours=9)
    burst(here, 8, at=published + timedelta(hours=1), first=30)
    assert timer.turn(clock()) == 0, "an hour does not stay open for ever"


def test_an_hour_is_none_while_too_few_past_weeks_are_known(
    store: Store, index: PostIndex, timer: SpikeTimer, clock: Clock
) -> None:
    here = room(store)
    here.shelf = index  # type: ignore[assignment]  # a real one
    here.watches("ratna", "kubangan", WatchKind.SPIKE)
    burst(here, 1, at=clock(), first=90)
    here.hears(road(80, published_at=HOUR - timedelta(days=15)), road(81, published_at=HOUR - timedelta(days=500)))
    burst(here, 8, at=clock())
    assert timer.turn(clock()) == 0


def test_the_accused_is_told_no_spike_of_what_he_may_not_see(here: Room, timer: SpikeTimer, clock: Clock) -> None:
    here.watches("putr", "kubangan", WatchKind.SPIKE, name="milik putr")
    here.watches("admin", "kubangan", WatchKind.SPIKE, shared=True)
    burst(here, 3, at=clock())
    burst(here, 6, at=clock(), first=20, more="pungli")
    assert timer.turn(clock()) == 1
    assert [len(here.told(who)) for who in ("admin", "ratna", "putr")] == [1, 0, 0]


def test_a_spike_shrinks_with_what_its_reader_may_see(here: Room, timer: SpikeTimer, clock: Clock) -> None:
    here.watches("putr", "kubangan", WatchKind.SPIKE)
    burst(here, 10, at=clock())
    timer.turn(clock())
    assert len(here.alert("putr").stories) == 10
    burst(here, 1, at=clock(), more="pungli")  # the first one is edited: it accuses now
    assert len(here.alert("putr").stories) == 9
    here.store.accounts.change_user("putr", may_oversee=False)
    assert here.told("putr") == [], "its figures were of another scope"
    timer.turn(clock())
    assert len(here.alert("putr").stories) == 9
    burst(here, 3, at=clock(), first=2, more="pungli")
    assert here.told("putr") == [], "six stories are no rise"


def test_while_the_engine_is_away_the_desk_goes_on(here: Room, store: Store, index: PostIndex, clock: Clock) -> None:
    def away() -> PostIndex:
        raise IndexUnavailable("mesin pencari tidak menjawab")

    ticks = iter(range(0, 10_000, 61))
    engine = away
    timer = SpikeTimer(store, lambda: engine(), profiles_read(), clock, lambda: next(ticks))  # noqa: PLW0108
    here.watches("ratna", "kubangan", WatchKind.SPIKE)
    burst(here, 8, at=clock())
    assert timer.look() == 0
    clock.advance(minutes=2)
    engine = lambda: index  # noqa: E731
    assert timer.look() == 1


def test_of_two_processes_one_looks(here: Room, store: Store, index: PostIndex, clock: Clock) -> None:
    here.watches("ratna", "kubangan", WatchKind.SPIKE)
    burst(here, 8, at=clock())
    store.leases.hold("spikes", "proses lain", timedelta(minutes=5), clock())
    assert SpikeTimer(store, lambda: index, profiles_read(), clock).look() == 0
    clock.advance(minutes=6)
    assert SpikeTimer(store, lambda: index, profiles_read(), clock).look() == 1


@pytest.mark.parametrize("engine", ["sqlite"])  # ten thousand rows: the other one takes its time
def test_a_flood_in_one_search_takes_nothing_from_another(here: Room, timer: SpikeTimer, clock: Clock) -> None:
    watched = [here.watches("ratna", "kubangan", WatchKind.SPIKE, name=str(n)) for n in range(2)]
    first, last = sorted(watched, key=lambda one: one.id)
    quiet = here.watches("ratna", "kubangan", name="tenang")
    burst(here, 8, at=clock())
    assert timer.turn(clock()) == 2
    alone = here.alerts.alerts(here.reader("ratna"))
    each = here.watches("ratna", "banjir", name="ramai")
    floods(here.store, (first, each), 5_001, clock() + timedelta(minutes=1))
    clock.advance(minutes=2)
    left = [one for one in here.alerts.alerts(here.reader("ratna")) if one.kept.watch.id in {last.id, quiet.id}]
    assert left == [one for one in alone if one.kept.watch.id != first.id]
    assert {one.kept.watch.id for one in left} == {last.id, quiet.id}
