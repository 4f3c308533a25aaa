"""The node is killed under load: posts wait, nothing is lost, nothing is doubled, everything else goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import IndexUnavailable
from domain.search import SearchQuery
from indexer.elasticsearch import ElasticIndex, open_index
from indexer.reconcile import ReconcileReport, Truth, reconcile
from store import KeyRing, Store, open_store
from tests.services.elasticsearch import Cluster, running
from tests.store.line import ALL, Clock, PureDecider, PureReader, incoming

POSTS = 600
BATCH = 10
EVERY = 5  # posts edited while the node is away: one in five


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    keys = KeyRing.open(tmp_path / "keys", create=True)
    opened = open_store(f"sqlite:///{tmp_path / 'jaring.sqlite'}", keys=keys, create=True, clock=clock)
    yield opened
    opened.close()


def hear(store: Store, numbers: range, said: str = "rusak") -> None:
    """Take posts in, read them and decide about them: what does not need the index."""
    store.intake.accept([incoming(n, f"Jalan di desa nomor {n} {said} parah sekali") for n in numbers])
    while store.belts.step_read(PureReader()) or store.belts.step_decide(PureDecider()):
        pass


def truth_of(store: Store) -> Truth:
    cases = store.cases
    return Truth(digests=cases.digests, versions=cases.versions, documents=lambda ids: cases.documents(ids, ALL))


class Indexer:
    """The indexing room in a thread: takes turns until stopped, and waits while the index is away."""

    def __init__(self, store: Store, index: ElasticIndex, clock: Clock) -> None:
        self._stop = threading.Event()
        self.turns = threading.Semaphore(0)  # released after each batch that was taken
        self.failed = threading.Event()  # a turn found the index away
        self._store, self._index, self._clock = store, index, clock
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._store.belts.step_index(self._index.upsert, limit=BATCH):
                self.turns.release()
                continue
            waiting = self._store.belts.depth()["index"]
            if not waiting.waiting + waiting.leased:
                return
            self.failed.set()
            self._clock.advance(minutes=1)  # what failed waits for its next try

    def rest(self) -> None:
        """Wait until nothing waits."""
        self._thread.join(120)
        assert not self._thread.is_alive()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


def assert_whole(store: Store, index: ElasticIndex) -> None:
    """The index holds exactly the cases of truth, each at its own version, and each once."""
    assert store.belts.depth()["index"].waiting == 0
    report = reconcile(index, truth_of(store), repair=False)
    assert report == ReconcileReport(months=report.months, differing=0, missing=0, outdated=0, unknown=0, newer=0)
    assert index.status().documents == store.counts().cases
    assert index.search(SearchQuery(fold=False), ALL).total == POSTS + 1


@pytest.mark.slow
def test_a_killed_node_loses_and_doubles_nothing(
    elasticsearch: Cluster, index: ElasticIndex, store: Store, clock: Clock
) -> None:
    hear(store, range(POSTS))
    room = Indexer(store, index, clock)
    try:
        for _ in range(10):
            assert room.turns.acquire(timeout=60)
        elasticsearch.kill()
        assert room.failed.wait(60)
        with pytest.raises(IndexUnavailable):
            index.search(SearchQuery(), ALL)
        waiting = store.belts.depth()["index"]
        hear(store, range(0, POSTS, EVERY), "hancur")
        hear(store, range(POSTS, POSTS + 1))
        assert store.counts().cases == POSTS + 1
        assert waiting.waiting + waiting.leased > 0
        elasticsearch.start()
        room.rest()
    finally:
        room.stop()
    assert_whole(store, index)
    assert index.search(SearchQuery(q="hancur", fold=False), ALL).total == POSTS // EVERY


@pytest.mark.slow
def test_a_cluster_goes_on_when_one_of_three_nodes_is_killed(store: Store, clock: Clock) -> None:
    hear(store, range(POSTS + 1))
    with running(nodes=3) as cluster:
        index = open_index(cluster.new_url())
        for _ in range(5):
            assert store.belts.step_index(index.upsert, limit=BATCH)
        cluster.start()  # green: each shard has its replica
        room = Indexer(store, index, clock)
        try:
            assert room.turns.acquire(timeout=60)
            cluster.kill(2)
            while room.turns.acquire(timeout=2):  # searches go on beside the writes, and miss none that was told
                index.refresh()
                assert index.search(SearchQuery(), ALL).total >= 5 * BATCH
            room.rest()
        finally:
            room.stop()
        assert_whole(store, index)
        index.close()
