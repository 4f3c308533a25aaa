"""A rebuild is not felt: the old index is searched until the new one takes its place, and no write is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.documents import PostDocument
from domain.errors import Conflict, IndexUnavailable, StoreUnavailable
from domain.search import SearchQuery, Tombstone
from indexer.rebuild import rebuild
from indexer.sqlite import SqliteIndex, open_index
from tests.contracts.index.documents import EVERYWHERE, make_document


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SqliteIndex]:
    index = open_index(tmp_path / "index")
    yield index
    index.close()


def texts(index: SqliteIndex, q: str = "") -> list[str]:
    return sorted(x.document.text for x in index.search(SearchQuery(q=q, size=200), EVERYWHERE).items)


def test_the_old_index_is_searched_until_the_new_one_is_whole(index: SqliteIndex, tmp_path: Path) -> None:
    other = open_index(tmp_path / "index")
    index.upsert([make_document(1, "lama")])
    assert texts(other) == ["lama"]
    seen: list[list[str]] = []
    told: list[int] = []

    def truth() -> Iterator[PostDocument]:
        for n in range(5):
            seen.append(texts(other))
            yield make_document(n + 10, f"baru {n}")

    report = rebuild(index, truth(), batch=2, progress=told.append)
    assert seen == [["lama"]] * 5
    assert told == [2, 4, 5]
    assert (report.written, report.stale, report.poisoned) == (5, 0, ())
    assert texts(index) == texts(other) == [f"baru {n}" for n in range(5)]
    other.close()


def test_writes_that_come_meanwhile_stand_in_the_new_index(index: SqliteIndex, tmp_path: Path) -> None:
    worker = open_index(tmp_path / "index")
    index.upsert([make_document(n, "lama") for n in range(4)])

    def truth() -> Iterator[PostDocument]:
        yield make_document(0, "lama")
        worker.upsert([make_document(1, "disunting", rev=2), make_document(9, "tiba")])
        worker.upsert([Tombstone(id=make_document(2).id, rev=2, month="2026-11")])
        assert texts(worker) == ["disunting", "lama", "lama", "tiba"]
        for n in (1, 2, 3):
            yield make_document(n, "lama")

    report = rebuild(index, truth(), batch=1)
    assert report.stale == 2
    assert texts(index) == texts(worker) == ["disunting", "lama", "lama", "tiba"]
    worker.close()


def test_deletions_before_a_rebuild_still_win_after_it(index: SqliteIndex) -> None:
    index.upsert([Tombstone(id=make_document(1).id, rev=5, month="2026-11")])
    rebuild(index, iter([make_document(2, "ada")]))
    assert [x.fate for x in index.upsert([make_document(1, "hantu", rev=4)])] == ["stale"]
    assert texts(index) == ["ada"]


def test_a_rebuild_that_fails_leaves_the_old_index_and_no_file(index: SqliteIndex, tmp_path: Path) -> None:
    index.upsert([make_document(1, "lama")])
    before = sorted(tmp_path.rglob("posts-*.sqlite"))

    def truth() -> Iterator[PostDocument]:
        yield make_document(2, "baru")
        raise StoreUnavailable("basis data tidak menjawab")

    with pytest.raises(StoreUnavailable):
        rebuild(index, truth(), batch=1)
    assert texts(index) == ["lama"]
    assert sorted(tmp_path.rglob("posts-*.sqlite")) == before
    index.upsert([make_document(3, "lagi")])
    assert texts(index) == ["lagi", "lama"]


def test_two_rebuilds_at_once_are_refused(index: SqliteIndex) -> None:
    def truth() -> Iterator[PostDocument]:
        with pytest.raises(Conflict):
            rebuild(index, iter([]))
        yield make_document(1, "satu")

    rebuild(index, truth())
    assert texts(index) == ["satu"]


def test_a_damaged_index_is_told_and_can_be_rebuilt(index: SqliteIndex, tmp_path: Path) -> None:
    index.upsert([make_document(1)])
    index.close()
    (file,) = tmp_path.rglob("posts-*.sqlite")
    file.write_bytes(b"not a database" * 1_000)
    for extra in tmp_path.rglob("posts-*.sqlite-*"):
        extra.unlink()
    damaged = open_index(tmp_path / "index")
    with pytest.raises(IndexUnavailable, match="index rebuild"):
        damaged.search(SearchQuery(), EVERYWHERE)
    rebuild(damaged, iter([make_document(2, "pulih")]))
    assert texts(damaged) == ["pulih"]
    damaged.close()


def test_a_cursor_from_before_a_rebuild_goes_on(index: SqliteIndex) -> None:
    posts = [make_document(n, f"kabar {n}") for n in range(9)]
    index.upsert(posts)
    query = SearchQuery(fold=False, size=4)
    whole = [x.document.id for x in index.search(query.model_copy(update={"size": 200}), EVERYWHERE).items]
    first = index.search(query, EVERYWHERE)
    rebuild(index, iter(posts))
    second = index.search(query.model_copy(update={"after": first.next}), EVERYWHERE)
    assert [x.document.id for x in second.items] == whole[4:8]


def test_a_path_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("bukan folder")
    with pytest.raises(IndexUnavailable, match="folder"):
        open_index(tmp_path / "index")
