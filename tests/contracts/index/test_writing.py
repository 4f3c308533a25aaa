"""The newest rev of a case is what is found, in whatever order and however often writes arrive."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.digests import digests_of
from domain.documents import PostDocument
from domain.ports import PostIndex
from domain.search import CaseVersion, SearchQuery, Tombstone
from domain.text.tokens import NORM_VERSION
from tests.contracts.index.documents import EVERYWHERE, NOW, make_document


def texts(index: PostIndex, q: str = "") -> set[str]:
    index.refresh()
    return {x.document.text for x in index.search(SearchQuery(q=q, size=200), EVERYWHERE).items}


def fates(index: PostIndex, *items: PostDocument | Tombstone) -> list[str]:
    answers = index.upsert(items)
    assert [x.id for x in answers] == [x.id for x in items]
    return [x.fate for x in answers]


def tombstone(document: PostDocument, rev: int) -> Tombstone:
    return Tombstone(id=document.id, rev=rev, month=document.month)


def test_an_empty_batch_is_nothing(index: PostIndex) -> None:
    assert list(index.upsert([])) == []


def test_adding_the_same_post_twice_stores_it_once(index: PostIndex) -> None:
    document = make_document(1, "jalan rusak")
    assert fates(index, document) == ["written"]
    assert fates(index, document) == ["written"]
    index.refresh()
    assert index.search(SearchQuery(), EVERYWHERE).total == 1


def test_a_newer_rev_replaces_all_words_of_the_older(index: PostIndex) -> None:
    fates(index, make_document(1, "jalan rusak", rev=1))
    fates(index, make_document(1, "air mati", rev=2))
    assert texts(index, "jalan") == set()
    assert texts(index, "air") == {"air mati"}


def test_of_a_withdrawn_post_no_word_is_found_and_its_count_stays(index: PostIndex) -> None:
    document = make_document(1, "jalan rusak", title="Kabar Sesela", author="a1b2")
    fates(index, document, make_document(2, "air mati"))
    emptied = {"title": None, "text": "", "rev": document.rev + 1, "withdrawn_at": NOW}
    fates(index, document.model_copy(update=emptied))
    for gone in ("jalan", "rusak", '"jalan rusak"', "sesela", "dihapus"):
        assert texts(index, gone) == set()
    assert texts(index) == {"", "air mati"}
    counted = index.search(SearchQuery(q=f"topic:{document.topic}", facets=("topic",)), EVERYWHERE)
    assert counted.total == 2
    assert {value.value: value.count for value in counted.facets["topic"]}[document.topic] == 2


def test_an_older_rev_is_stale_and_changes_nothing(index: PostIndex) -> None:
    fates(index, make_document(1, "air mati", rev=5))
    assert fates(index, make_document(1, "jalan rusak", rev=4)) == ["stale"]
    assert texts(index) == {"air mati"}


def test_within_one_batch_the_newest_rev_wins(index: PostIndex) -> None:
    batch = [make_document(1, f"kabar {rev}", rev=rev) for rev in (2, 5, 3)]
    assert fates(index, *batch) == ["written", "written", "stale"]
    assert texts(index) == {"kabar 5"}


def test_a_deleted_case_stays_deleted_under_older_writes(index: PostIndex) -> None:
    document = make_document(1, rev=1)
    fates(index, document)
    assert fates(index, tombstone(document, 3)) == ["written"]
    assert fates(index, make_document(1, rev=2)) == ["stale"]
    assert texts(index) == set()


def test_a_deletion_that_comes_before_its_case_wins_too(index: PostIndex) -> None:
    assert fates(index, tombstone(make_document(1), 3), make_document(1, rev=2)) == ["written", "stale"]
    assert texts(index) == set()


def test_a_case_written_after_its_deletion_is_back(index: PostIndex) -> None:
    fates(index, make_document(1, rev=1), tombstone(make_document(1), 2))
    assert fates(index, make_document(1, "kembali", rev=3)) == ["written"]
    assert texts(index) == {"kembali"}
    assert fates(index, tombstone(make_document(1), 4)) == ["written"]
    assert texts(index) == set()


def test_an_older_deletion_is_stale(index: PostIndex) -> None:
    fates(index, make_document(1, "tetap", rev=3))
    assert fates(index, tombstone(make_document(1), 2)) == ["stale"]
    assert texts(index) == {"tetap"}


def test_a_document_that_cannot_be_held_leaves_the_others_alone(index: PostIndex) -> None:
    broken = make_document(2).model_copy(update={"text": "setengah huruf \ud800"})
    answers = index.upsert([make_document(1, "satu"), broken, make_document(3, "tiga")])
    assert [x.fate for x in answers] == ["written", "poison", "written"]
    assert answers[1].reason
    assert texts(index) == {"satu", "tiga"}


def test_what_comes_out_is_what_went_in(index: PostIndex) -> None:
    document = make_document(1, "jalan 😀\n\nrusak", title="Judul “kutip”", author="ab12", url="https://example.test/1")
    fates(index, document)
    index.refresh()
    assert index.search(SearchQuery(), EVERYWHERE).items[0].document == document


def test_status_counts_living_cases_and_names_its_versions(index: PostIndex) -> None:
    fates(index, make_document(1), make_document(2), make_document(3), tombstone(make_document(3), 9))
    index.refresh()
    status = index.status()
    assert (status.documents, status.newest, status.norm_version) == (2, NOW, NORM_VERSION)
    index.clear()
    assert (index.status().documents, index.status().newest) == (0, None)


def test_digests_and_versions_tell_what_is_held(index: PostIndex) -> None:
    held = [
        make_document(1, rev=2),
        make_document(2, month="2026-10"),
        make_document(2, region="lombok-timur"),
        make_document(4, rev=7),
    ]
    fates(index, *held, make_document(5), tombstone(make_document(5), 2))
    index.refresh()
    assert list(index.digests()) == digests_of((x.region, x.month, x.id, x.rev) for x in held)
    versions = {CaseVersion(id=x.id, rev=x.rev) for x in (held[0], held[3])}
    assert set(index.versions("lombok-barat", "2026-11")) == versions
    assert list(index.versions("lombok-barat", "2020-01")) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    writes=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9), st.booleans()), max_size=25),
    size=st.integers(1, 9),
)
def test_replays_in_any_order_end_in_the_newest_state(
    engine: PostIndex, writes: list[tuple[int, int, bool]], size: int
) -> None:
    engine.clear()
    newest: dict[int, tuple[int, bool]] = {}
    items: list[PostDocument | Tombstone] = []
    said = {(number, rev): gone for number, rev, gone in writes}  # one rev says one thing
    for number, rev, _ in writes:
        gone = said[number, rev]
        document = make_document(number, f"kasus{number} versi{rev}", rev=rev)
        items.append(tombstone(document, rev) if gone else document)
        if rev >= newest.get(number, (0, False))[0]:
            newest[number] = (rev, gone)
    for start in range(0, len(items), size):
        engine.upsert(items[start : start + size])
    assert texts(engine) == {f"kasus{n} versi{rev}" for n, (rev, gone) in newest.items() if not gone}
    for number, (rev, gone) in newest.items():
        assert texts(engine, f"kasus{number}") == (set() if gone else {f"kasus{number} versi{rev}"})
