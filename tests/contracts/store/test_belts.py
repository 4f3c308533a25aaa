"""Claims, retries and quarantine: nothing is lost, nothing is done twice, nothing blocks the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

import pytest

from domain.documents import PostDocument
from domain.errors import CatalogueError, IndexUnavailable, PostQuarantined, PostRejected
from domain.posts import IntakeReport, RawPost
from domain.reading import Reading
from domain.search import BulkItem, Tombstone
from store import Store
from store.work import LEASE
from tests.store.line import ALL, REGION, Clock, PureDecider, PureReader, Shelf, incoming, reading_of, run_line


class Meanwhile(PureReader):
    """Something happens while this reader reads."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self.happens = happens

    def read(self, posts: Iterable[RawPost]) -> Iterator[Reading]:
        read = list(super().read(posts))
        self.happens()
        yield from read


class Failing:
    """A reader that fails in its own way."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure
        self.calls = 0

    def read(self, posts: Iterable[RawPost]) -> Iterator[Reading]:  # noqa: ARG002  the port's signature
        self.calls += 1
        raise self.failure


def test_a_post_edited_while_it_is_read_is_read_again(store: Store) -> None:
    store.intake.accept([incoming(1)])
    edit = incoming(1, "Sampah menumpuk di pasar")
    assert store.belts.step_read(Meanwhile(lambda: store.intake.accept([edit]))) == 1
    assert store.belts.depth()["read"].waiting == 1
    run_line(store, Shelf())
    assert store.cases.detail(f"{edit.id}.{REGION}", ALL).reading.topic == "sampah.angkut"


def test_a_worker_that_lost_its_lease_writes_nothing(store: Store, clock: Clock) -> None:
    store.intake.accept([incoming(1)])
    taken = []

    def another_worker() -> None:
        clock.advance(seconds=LEASE.total_seconds() + 1)
        taken.append(store.belts.step_read(PureReader()))

    store.belts.step_read(Meanwhile(another_worker))
    assert taken == [1]
    assert store.belts.depth()["read"].waiting == 0
    assert store.belts.depth()["decide"].waiting == 1


def test_claimed_work_rests_until_its_lease_ends(store: Store, clock: Clock) -> None:
    store.intake.accept([incoming(1)])
    seen = []
    store.belts.step_read(
        Meanwhile(lambda: seen.append((store.belts.depth()["read"], store.belts.step_read(PureReader()))))
    )
    ((depth, worked),) = seen
    assert (depth.waiting, depth.leased, worked) == (0, 1, 0)


def test_work_waits_while_something_outside_does_not_answer(store: Store, clock: Clock) -> None:
    store.intake.accept([incoming(1), incoming(2)])
    down = Failing(IndexUnavailable("mati"))
    for _ in range(12):
        assert store.belts.step_read(down) == 0
        assert store.belts.step_read(PureReader()) == 0, "it rests a while"
        clock.advance(minutes=11)
    assert store.belts.step_read(PureReader()) == 2
    assert store.quarantine.counts() == {}


def test_one_poisonous_post_is_set_aside_after_five_tries_and_stops_nobody(store: Store, clock: Clock) -> None:
    store.intake.accept([incoming(1), incoming(2, "racun di sumur"), incoming(3)])
    assert store.belts.step_read(PureReader()) == 3
    assert store.belts.depth()["decide"].waiting == 2
    for _ in range(4):
        assert store.quarantine.counts() == {}
        clock.advance(minutes=11)
        assert store.belts.step_read(PureReader()) == 1
    (aside,) = store.quarantine.list()
    assert (aside.belt, aside.key, aside.payload) == ("read", incoming(2).id, "racun di sumur")
    assert aside.reason == "ValueError: cannot read this"
    assert store.belts.depth()["read"].waiting == 0
    assert store.counts().as_dict()["quarantine"] == 1


def test_what_was_set_aside_can_be_replayed(store: Store) -> None:
    store.intake.accept([incoming(1)])
    store.belts.step_read(Failing(PostQuarantined("rusak")))
    (aside,) = store.quarantine.list(belt="read")
    assert store.quarantine.replay([aside.id]) == 1
    assert store.quarantine.list() == []
    run_line(store, Shelf())
    assert store.counts().cases == 1


def test_what_nobody_wants_is_dropped(store: Store) -> None:
    store.intake.accept([incoming(1)])
    store.belts.step_read(Failing(PostRejected("bukan untuk umum")))
    assert store.belts.depth()["read"].waiting == 0
    assert store.quarantine.list() == []


def test_a_broken_program_stops_and_loses_nothing(store: Store, clock: Clock) -> None:
    store.intake.accept([incoming(1)])
    with pytest.raises(CatalogueError):
        store.belts.step_read(Failing(CatalogueError("model hilang")))
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert store.belts.step_read(PureReader()) == 1


def test_a_post_that_kills_its_workers_is_tried_alone_and_then_set_aside(store: Store, clock: Clock) -> None:
    store.intake.accept([incoming(n) for n in range(5)])

    class Killed(BaseException):
        """Stands for the end of the process: nothing after it runs."""

    class Deadly(PureReader):
        def read(self, posts: Iterable[RawPost]) -> Iterator[Reading]:
            batch = list(posts)
            if any(post.id == incoming(3).id for post in batch):
                raise Killed
            return super().read(batch)

    deaths = worked = 0
    while worked < 4 or store.quarantine.counts() == {}:
        try:
            worked += store.belts.step_read(Deadly())
        except Killed:
            deaths += 1
        clock.advance(seconds=LEASE.total_seconds() + 1)
        assert deaths < 20
    (aside,) = store.quarantine.list()
    assert aside.key == incoming(3).id
    assert store.belts.depth()["decide"].waiting == 4


def test_the_decider_failing_on_one_post_leaves_the_others_decided(store: Store, clock: Clock) -> None:
    store.intake.accept([incoming(1), incoming(2, "ada racun meja di sini")])

    class Unafraid(PureReader):
        def read(self, posts: Iterable[RawPost]) -> Iterator[Reading]:
            yield from map(reading_of, posts)

    store.belts.step_read_decide(Unafraid(), PureDecider())
    assert store.counts().cases == 1
    for _ in range(5):
        assert store.belts.step_decide(PureDecider()) == 1
        clock.advance(minutes=11)
    assert store.quarantine.counts() == {"decide": 1}


def test_the_index_setting_one_document_aside_keeps_the_rest(store: Store) -> None:
    store.intake.accept([incoming(1), incoming(2)])
    run_only = [store.belts.step_read(PureReader()), store.belts.step_decide(PureDecider())]
    assert run_only == [2, 2]

    def picky(documents: Sequence[PostDocument | Tombstone]) -> list[BulkItem]:
        return [
            BulkItem(id=d.id, fate="poison", reason="terlalu panjang")
            if d.id.startswith(incoming(2).id)
            else BulkItem(id=d.id, fate="stale")
            for d in documents
        ]

    assert store.belts.step_index(picky) == 2
    assert [(q.belt, q.reason) for q in store.quarantine.list()] == [("index", "PostQuarantined: terlalu panjang")]
    assert store.belts.depth()["index"].waiting == 0


def test_a_post_without_words_is_set_aside_at_the_door(store: Store) -> None:
    assert store.intake.accept([incoming(1, "  "), incoming(2)]) == IntakeReport(added=1, quarantined=1)
    (aside,) = store.quarantine.list()
    assert (aside.belt, aside.key) == ("intake", incoming(1).id)
    assert store.quarantine.replay() == 0, "it never became a post"


def test_a_timer_is_held_by_one_owner_until_its_time_is_over(store: Store, clock: Clock) -> None:
    minute = timedelta(minutes=1)
    assert store.leases.hold("harian", "a", minute, clock())
    assert store.leases.hold("harian", "a", minute, clock())
    assert not store.leases.hold("harian", "b", minute, clock())
    clock.advance(minutes=1)
    assert store.leases.hold("harian", "b", minute, clock())
    store.leases.release("harian", "b")
    assert store.leases.hold("harian", "a", minute, clock())


def test_claims_of_dead_workers_are_freed_on_command(store: Store) -> None:
    store.intake.accept([incoming(1)])
    with pytest.raises(CatalogueError):
        store.belts.step_read(Failing(CatalogueError("x")))
    assert store.belts.step_read(PureReader()) == 0
    assert store.belts.free() == 1
    assert store.belts.step_read(PureReader()) == 1
