"""A rebuild is not felt on a cluster either: the old indices are searched until the new ones take their place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from domain.documents import PostDocument
from domain.errors import Conflict, IndexUnavailable, StoreUnavailable
from domain.search import SearchQuery, Tombstone
from indexer.elasticsearch import ElasticIndex, open_index
from indexer.elasticsearch.home import SILENT_SECONDS
from indexer.elasticsearch.state import Made, State
from indexer.rebuild import rebuild
from tests.contracts.index.documents import EVERYWHERE, make_document


@pytest.fixture
def other(elasticsearch_url: str) -> Iterator[ElasticIndex]:
    """Another process's view of the same index."""
    opened = open_index(elasticsearch_url)
    yield opened
    opened.close()


def texts(index: ElasticIndex, q: str = "") -> list[str]:
    index.refresh()
    return sorted(x.document.text for x in index.search(SearchQuery(q=q, size=200), EVERYWHERE).items)


def indices(index: ElasticIndex) -> set[str]:
    """Return the names of all indices of posts, without their months."""
    found = index.home.client.indices.get(index=f"{index.home.name}-*", filter_path="*.settings.index.uuid").body
    return {name.rpartition("-")[0] for name in found}


def test_the_old_index_is_searched_until_the_new_one_is_whole(index: ElasticIndex, other: ElasticIndex) -> None:
    index.upsert([make_document(1, "lama")])
    seen: list[list[str]] = []

    def truth() -> Iterator[PostDocument]:
        for n in range(4):
            seen.append(texts(other))
            yield make_document(n + 10, f"baru {n}", month=f"2026-1{n % 2}")

    report = rebuild(index, truth(), batch=2)
    assert seen == [["lama"]] * 4
    assert (report.written, report.stale, report.poisoned) == (4, 0, ())
    assert texts(index) == texts(other) == [f"baru {n}" for n in range(4)]
    assert len(indices(index)) == 1


def test_writes_that_come_meanwhile_stand_in_the_new_index(index: ElasticIndex, other: ElasticIndex) -> None:
    index.upsert([make_document(n, "lama") for n in range(4)])
    index.upsert([Tombstone(id=make_document(5).id, rev=5, month="2026-11")])
    index.refresh()

    def truth() -> Iterator[PostDocument]:
        yield make_document(0, "lama")
        other.upsert([make_document(1, "disunting", rev=2), make_document(9, "tiba")])
        other.upsert([Tombstone(id=make_document(2).id, rev=2, month="2026-11")])
        assert texts(other) == ["disunting", "lama", "lama", "tiba"]
        for n in (1, 2, 3, 5):
            yield make_document(n, "lama")

    report = rebuild(index, truth(), batch=1)
    assert report.stale == 3  # edited, deleted meanwhile, and deleted before
    assert texts(index) == texts(other) == ["disunting", "lama", "lama", "tiba"]


def test_a_rebuild_that_fails_leaves_the_old_index_and_nothing_else(index: ElasticIndex) -> None:
    index.upsert([make_document(1, "lama")])
    before = indices(index)

    def truth() -> Iterator[PostDocument]:
        yield make_document(2, "baru")
        raise StoreUnavailable("basis data tidak menjawab")

    with pytest.raises(StoreUnavailable):
        rebuild(index, truth(), batch=1)
    assert texts(index) == ["lama"]
    assert indices(index) == before
    index.upsert([make_document(3, "lagi")])
    assert texts(index) == ["lagi", "lama"]


def test_two_rebuilds_at_once_are_refused(index: ElasticIndex, other: ElasticIndex) -> None:
    def truth() -> Iterator[PostDocument]:
        with pytest.raises(Conflict):
            rebuild(other, iter([]))
        yield make_document(1, "satu")

    rebuild(index, truth())
    assert texts(index) == ["satu"]


def test_what_a_killed_rebuild_left_is_gone_on_with(index: ElasticIndex, other: ElasticIndex) -> None:
    index.upsert([make_document(1, "lama"), make_document(7, "hilang")])
    killed = ExitStack()
    killed.enter_context(index.rebuilding()).write([make_document(1, "satu", rev=2), make_document(2, "dua")])
    gone = killed.pop_all()  # as if the process were gone: nothing is put in order
    other.upsert([Tombstone(id=make_document(2).id, rev=2, month="2026-11"), make_document(3, "tiga")])
    with pytest.raises(Conflict):
        rebuild(other, iter([]))
    clock = other.home.clock
    other.home.clock = lambda: clock() + SILENT_SECONDS + 1
    handed: list[str] = []
    write_to = other.write_to

    def write(generation: str, documents: list[PostDocument | Tombstone]) -> object:
        handed.extend(x.id for x in documents)
        return write_to(generation, documents)

    other.write_to = write  # type: ignore[method-assign, assignment]
    truth = [make_document(1, "satu", rev=2), make_document(3, "tiga"), make_document(4, "empat")]
    assert rebuild(other, iter(truth)).written == 3
    assert make_document(4).id in handed
    assert make_document(1).id not in handed  # it stood already
    assert texts(index) == texts(other) == ["empat", "satu", "tiga"]
    assert len(indices(index)) == 1
    with pytest.raises(StoreUnavailable), gone:  # it was not dead after all: what others finished stays
        raise StoreUnavailable("basis data tidak menjawab")
    assert texts(index) == ["empat", "satu", "tiga"]


def test_an_index_of_another_version_is_told_and_migrated(index: ElasticIndex, other: ElasticIndex) -> None:
    index.upsert([make_document(1, "lama")])
    assert not index.outdated()

    def aged(state: State) -> State:
        return replace(state, read=Made(state.read.generation, mapping_version=0))

    index.home.book.change(aged)
    assert other.outdated()
    for use in (lambda: other.search(SearchQuery(), EVERYWHERE), lambda: other.upsert([make_document(2)])):
        with pytest.raises(IndexUnavailable, match="index migrate"):
            use()
    rebuild(other, iter([make_document(1, "baru")]))
    assert not other.outdated()
    assert texts(other) == ["baru"]


def test_a_cursor_from_before_a_rebuild_goes_on(index: ElasticIndex) -> None:
    posts = [make_document(n, f"kabar {n}") for n in range(9)]
    index.upsert(posts)
    index.refresh()
    query = SearchQuery(fold=False, size=4)
    whole = [x.document.id for x in index.search(query.model_copy(update={"size": 200}), EVERYWHERE).items]
    first = index.search(query, EVERYWHERE)
    rebuild(index, iter(posts))
    second = index.search(query.model_copy(update={"after": first.next}), EVERYWHERE)
    assert [x.document.id for x in second.items] == whole[4:8]
