"""A post's vector is kept with its reading and goes to the index with its cases, without a new rev."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import select

from domain.documents import PostDocument
from domain.labels import LabelTask
from domain.posts import RawPost
from domain.reading import Reading
from domain.search import BulkItem, Tombstone
from domain.vectors import Vector
from store import KeyRing, Store, open_store
from store.backup import restore
from store.tables import vectors
from tests.contracts.index.meanings import toward
from tests.store.line import ALL, REGION, Clock, PureDecider, PureReader, Shelf, incoming, reading_of, run_line


class PlacingReader:
    """Reads as `PureReader` and puts every post where its words point."""

    def __init__(self, model: str = "uji-1", off: float = 0.0) -> None:
        self.model, self.off = model, off

    def read(self, posts: Iterable[RawPost]) -> Iterator[Reading]:
        for post in posts:
            yield reading_of(post).model_copy(update={"vector": self.vector_of(post)})

    def vector_of(self, post: RawPost) -> Vector:
        return toward(len(post.words) % 100, off=self.off, model=self.model)


class Rack(Shelf):
    """An index as engines are: of one rev, what comes later is written, too."""

    def upsert(self, documents: Sequence[PostDocument | Tombstone]) -> list[BulkItem]:
        for document in documents:
            before = self.held.get(document.id)
            if before is None or before.rev <= document.rev:
                self.held[document.id] = document
        return [BulkItem(id=document.id, fate="written") for document in documents]


def read(store: Store, reader: PlacingReader | PureReader) -> None:
    while store.belts.step_read_decide(reader, PureDecider()):
        pass


def index(store: Store, rack: Rack) -> None:
    while store.belts.step_index(rack.upsert):
        pass


def case_of(number: int | str) -> str:
    return f"{incoming(number).id}.{REGION}"


def placed(store: Store, number: int | str = 1) -> Vector | None:
    """The vector that engines are handed with a case."""
    (document,) = store.cases.documents([case_of(number)], ALL, placed=True)
    return document.vector


def test_a_reading_brings_its_vector_to_truth_and_to_the_index(store: Store) -> None:
    store.intake.accept([incoming(1)])
    read(store, PlacingReader())
    rack = Rack()
    index(store, rack)
    wanted = PlacingReader().vector_of(store_post(store))
    assert placed(store) == wanted
    assert rack.held[case_of(1)].vector == wanted  # type: ignore[union-attr]
    assert [x.vector for x in store.cases.everything()] == [wanted]


def store_post(store: Store, number: int | str = 1) -> RawPost:
    return store.cases.detail(case_of(number), ALL).post


def test_readers_of_the_desk_are_not_handed_vectors(store: Store) -> None:
    store.intake.accept([incoming(1)])
    read(store, PlacingReader())
    assert store.cases.document(case_of(1), ALL).vector is None
    assert "vector" not in store.cases.documents([case_of(1)], ALL, placed=True)[0].model_dump_json()


def test_a_vector_that_comes_later_reaches_the_index_without_a_new_rev(store: Store) -> None:
    store.intake.accept([incoming(1)])
    run_line(store, Shelf())
    before = store.cases.document(case_of(1), ALL).rev
    rack = Rack()
    store.belts.requeue_all("read")
    read(store, PlacingReader())
    index(store, rack)
    assert store.cases.document(case_of(1), ALL).rev == before
    assert rack.held[case_of(1)].vector is not None  # type: ignore[union-attr]


def test_the_same_words_read_again_keep_their_vector_and_bother_no_index(store: Store) -> None:
    store.intake.accept([incoming(1)])
    read(store, PlacingReader())
    index(store, Rack())
    first = placed(store)
    store.belts.requeue_all("read")
    read(store, PlacingReader(off=0.001))
    assert placed(store) == first
    rack = Rack()
    index(store, rack)
    assert rack.held == {}


def test_a_reading_without_a_vector_keeps_that_of_the_same_words(store: Store) -> None:
    store.intake.accept([incoming(1)])
    read(store, PlacingReader())
    store.belts.requeue_all("read")
    read(store, PureReader())
    assert placed(store) is not None


def test_edited_words_lose_their_vector_at_once_and_get_another(store: Store) -> None:
    store.intake.accept([incoming(1)])
    read(store, PlacingReader())
    first = placed(store)
    store.intake.accept([incoming(1, "Jalan sudah mulus, terima kasih")])
    assert placed(store) is None
    read(store, PlacingReader())
    assert placed(store) not in {None, first}


def test_another_model_takes_the_place_of_the_one_before(store: Store) -> None:
    store.intake.accept([incoming(1)])
    read(store, PlacingReader())
    store.belts.requeue_all("read")
    read(store, PlacingReader("uji-2"))
    with store.database.read() as connection:
        assert connection.execute(select(vectors.c.model)).scalars().all() == ["uji-2"]


def test_a_case_that_is_no_more_goes_as_a_tombstone(store: Store) -> None:
    store.intake.accept([incoming(1)])
    read(store, PlacingReader())
    store.intake.accept([incoming(1, "iklan saja sekarang")])
    read(store, PlacingReader())
    rack = Rack()
    index(store, rack)
    assert isinstance(rack.held[case_of(1)], Tombstone)


def test_a_correction_keeps_the_vector(store: Store) -> None:
    store.intake.accept([incoming(1)])
    read(store, PlacingReader())
    store.labels.say(case_of(1), LabelTask.SENTIMENT, "netral", "sari", ALL)
    rack = Rack()
    index(store, rack)
    assert rack.held[case_of(1)].vector is not None  # type: ignore[union-attr]


def test_posts_that_were_read_before_catch_up_batch_by_batch(store: Store) -> None:
    store.intake.accept([incoming(n) for n in range(5)])
    store.intake.accept([incoming("iklan", "iklan tanpa wilayah")])
    run_line(store, Shelf())
    assert store.vectors.missing("uji-1") == 5
    reader = PlacingReader()
    first = store.vectors.without("uji-1", limit=2)
    store.vectors.keep([(post, reader.vector_of(post)) for post in first])
    assert store.vectors.missing("uji-1") == 3
    rest = store.vectors.without("uji-1", after=first[-1].id)
    assert not {x.id for x in rest} & {x.id for x in first}
    store.vectors.keep([(post, reader.vector_of(post)) for post in rest])
    assert store.vectors.missing("uji-1") == 0
    assert store.vectors.missing("uji-2") == 5
    rack = Rack()
    index(store, rack)
    assert len(rack.held) == 5
    assert store.counts().vectors == 5


def test_a_vector_of_words_that_were_edited_meanwhile_is_dropped(store: Store) -> None:
    store.intake.accept([incoming(1)])
    run_line(store, Shelf())
    (post,) = store.vectors.without("uji-1")
    store.intake.accept([incoming(1, "Jalan sudah mulus")])
    store.vectors.keep([(post, toward(1))])
    assert placed(store) is None


def test_vectors_are_saved_and_restored(store: Store, keys: KeyRing, tmp_path: Path) -> None:
    store.intake.accept([incoming(n) for n in range(3)])
    read(store, PlacingReader())
    store.backup(tmp_path / "cadangan.zip")
    url = f"sqlite:///{tmp_path / 'lain.sqlite'}"
    restore(tmp_path / "cadangan.zip", url)
    other = open_store(url, keys=keys, clock=Clock())
    try:
        assert [placed(other, n) for n in range(3)] == [placed(store, n) for n in range(3)]
        assert other.counts().vectors == 3
    finally:
        other.close()
