"""A batch is prepared part by part while a thread indexes the words of the part before: nobody can tell."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import IndexUnavailable
from domain.search import SearchQuery, Tombstone
from indexer.sqlite import SqliteIndex, open_index
from indexer.sqlite.write import LEAST_PART
from tests.contracts.index.documents import EVERYWHERE, make_document

MANY = 8 * LEAST_PART  # three parts: a half and two quarters


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SqliteIndex]:
    index = open_index(tmp_path / "index")
    yield index
    index.close()


def total(index: SqliteIndex, q: str) -> int:
    return index.search(SearchQuery(q=q), EVERYWHERE).total


def test_every_part_is_found_and_no_thread_is_left(index: SqliteIndex) -> None:
    before = threading.active_count()
    fates = index.upsert([make_document(n, f"bersama sendiri{n}") for n in range(MANY)])
    assert {x.fate for x in fates} == {"written"}
    assert threading.active_count() == before
    assert total(index, "bersama") == MANY
    assert [total(index, f"sendiri{n}") for n in (0, MANY // 2, MANY - 1)] == [1, 1, 1]


def test_a_later_part_replaces_and_deletes_what_an_earlier_one_wrote(index: SqliteIndex) -> None:
    documents = [make_document(n, "lama") for n in range(MANY)]
    edited = make_document(0, "disunting", rev=2)
    gone = Tombstone(id=documents[1].id, rev=2, month=documents[1].month)
    back = (make_document(2, "kembali", rev=3), Tombstone(id=documents[3].id, rev=2, month=documents[3].month))
    first = Tombstone(id=documents[2].id, rev=2, month=documents[2].month)
    fates = index.upsert([first, *documents, edited, gone, *back])
    assert [x.fate for x in fates if x.fate != "written"] == ["stale"]
    assert [total(index, q) for q in ("lama", "disunting", "kembali")] == [MANY - 4, 1, 1]
    assert index.status().documents == MANY - 2


def test_poison_in_any_part_leaves_all_others_alone(index: SqliteIndex) -> None:
    documents = [make_document(n, "utuh") for n in range(MANY)]
    poisoned = [0, MANY // 2 + 3, MANY - 1]
    for n in poisoned:
        documents[n] = documents[n].model_copy(update={"text": "setengah huruf \ud800"})
    fates = index.upsert(documents)
    assert [n for n, x in enumerate(fates) if x.fate == "poison"] == poisoned
    assert total(index, "utuh") == MANY - len(poisoned)


def test_a_failure_while_words_are_indexed_undoes_the_whole_batch(index: SqliteIndex, tmp_path: Path) -> None:
    index.upsert([make_document("dahulu")])
    before = threading.active_count()
    (file,) = tmp_path.rglob("posts-*.sqlite")
    with closing(sqlite3.connect(file)) as other:
        other.execute("ALTER TABLE words_data RENAME TO words_data_away")
    with pytest.raises(IndexUnavailable):
        index.upsert([make_document(n, source="sumber-baru") for n in range(MANY)])
    assert threading.active_count() == before
    assert index.status().documents == 1
    with closing(sqlite3.connect(file)) as other:
        other.execute("ALTER TABLE words_data_away RENAME TO words_data")
    assert {x.fate for x in index.upsert([make_document(n, source="sumber-baru") for n in range(MANY)])} == {"written"}
    assert index.status().documents == MANY + 1
    assert index.search(SearchQuery(facets=("source",)), EVERYWHERE).facets["source"][0].value == "sumber-baru"
