"""The line through the store: posts in; readings, cases and documents out."""

from __future__ import annotations

import pytest

from domain.digests import digests_of
from domain.documents import PostDocument
from domain.errors import NotFound
from domain.posts import Engagement, IntakeReport
from domain.scope import Scope
from domain.search import Tombstone
from store import Store
from tests.store.line import ALL, OTHER, REGION, PureDecider, PureReader, Shelf, incoming, run_line


def case_of(number: int | str, region: str = REGION) -> str:
    return f"{incoming(number).id}.{region}"


def test_a_post_becomes_a_document_in_the_index(store: Store) -> None:
    assert store.intake.accept([incoming(1), incoming(2)]) == IntakeReport(added=2)
    shelf = Shelf()
    run_line(store, shelf)
    assert shelf.held[case_of(1)] == store.cases.document(case_of(1), ALL)
    assert len(shelf.held) == 2
    assert store.counts().as_dict()["posts"] == 2


def test_reading_and_deciding_in_one_step_gives_the_same_documents(store: Store) -> None:
    store.intake.accept([incoming(n) for n in range(20)])
    shelf = Shelf()
    while store.belts.step_read_decide(PureReader(), PureDecider()) or store.belts.step_index(shelf.upsert):
        pass
    at_once = dict(shelf.held)
    store.belts.requeue_all("read")
    run_line(store, shelf)
    assert shelf.held == at_once
    assert len(at_once) == 20


def test_the_same_post_twice_changes_nothing(store: Store) -> None:
    shelf = Shelf()
    store.intake.accept([incoming(1)])
    run_line(store, shelf)
    handed = shelf.handed
    assert store.intake.accept([incoming(1), incoming(1)]) == IntakeReport(unchanged=2)
    assert all(d.waiting == 0 for d in store.belts.depth().values())
    run_line(store, shelf)
    assert shelf.handed == handed


def test_analysing_everything_again_with_the_same_results_indexes_nothing(store: Store) -> None:
    shelf = Shelf()
    store.intake.accept([incoming(1), incoming(2)])
    run_line(store, shelf)
    handed = shelf.handed
    assert store.belts.requeue_all("read") == 2
    run_line(store, shelf)
    assert shelf.handed == handed


def test_an_edited_post_is_one_post_with_a_revision_and_is_read_again(store: Store) -> None:
    shelf = Shelf()
    store.intake.accept([incoming(1)])
    run_line(store, shelf)
    assert store.intake.accept([incoming(1, "Jalan sudah darurat, ada korban di desa")]).revised == 1
    run_line(store, shelf)
    detail = store.cases.detail(case_of(1), ALL)
    assert detail.post.revision == detail.reading.revision == 2
    assert detail.document.urgency == "darurat"
    assert detail.document.rev == 2
    assert [r.text for r in detail.revisions] == [incoming(1).text]
    assert shelf.held[case_of(1)] == detail.document


def test_a_post_edited_back_and_forth_within_a_batch_ends_as_the_last_one(store: Store) -> None:
    first, second = incoming(1, "Lampu jalan mati di Gerung"), incoming(1, "Lampu jalan hidup di Gerung")
    assert store.intake.accept([first, second, first]) == IntakeReport(added=1, revised=2)
    run_line(store, Shelf())
    assert store.cases.document(case_of(1), ALL).text == first.text


def test_a_summary_by_another_door_does_not_undo_the_full_text(store: Store) -> None:
    full = incoming(1, "Warga mengeluhkan jalan rusak di Sesela. " * 5)
    summary = incoming(1, "Warga mengeluhkan jalan rusak di Sesela.", source="umpan", regions=(OTHER,))
    store.intake.accept([summary])
    assert store.intake.accept([full]).revised == 1
    assert store.intake.accept([summary]) == IntakeReport(unchanged=1)
    run_line(store, Shelf())
    detail = store.cases.detail(case_of(1), ALL)
    assert detail.post.text == full.text
    assert set(detail.post.regions) == {REGION, OTHER}
    assert [d.region for d in detail.siblings] == [OTHER]


def test_new_counts_of_a_platform_reach_the_index_without_a_revision(store: Store) -> None:
    shelf = Shelf()
    store.intake.accept([incoming(1)])
    run_line(store, shelf)
    liked = incoming(1, engagement=Engagement(likes=7))
    assert store.intake.accept([liked]) == IntakeReport(unchanged=1)
    depth = store.belts.depth()
    assert (depth["read"].waiting, depth["decide"].waiting, depth["index"].waiting) == (0, 0, 1)
    run_line(store, shelf)
    document = store.cases.document(case_of(1), ALL)
    assert (document.engagement.likes, document.rev) == (7, 2)
    assert shelf.held[case_of(1)] == document


def test_a_post_that_ceases_to_concern_a_region_leaves_a_tombstone(store: Store) -> None:
    shelf = Shelf()
    store.intake.accept([incoming(1)])
    run_line(store, shelf)
    store.intake.accept([incoming(1, "iklan pinjaman")])
    run_line(store, shelf)
    month = "2026-11"
    assert shelf.held[case_of(1)] == Tombstone(id=case_of(1), rev=2, month=month)
    with pytest.raises(NotFound):
        store.cases.document(case_of(1), ALL)
    store.intake.accept([incoming(1, "Jalan rusak lagi di sini")])
    run_line(store, shelf)
    back = store.cases.document(case_of(1), ALL)
    assert (back.rev, back.month) == (3, month)
    assert shelf.held[case_of(1)] == back


def test_the_month_of_a_case_is_that_of_its_first_storing(store: Store) -> None:
    store.intake.accept([incoming(1)])
    run_line(store, Shelf())
    earlier = incoming(1).published_at
    assert earlier is not None
    store.intake.accept([incoming(1, published_at=earlier.replace(month=9))])
    run_line(store, Shelf())
    document = store.cases.document(case_of(1), ALL)
    assert (document.month, document.published_at.month) == ("2026-11", 9)


def test_digests_and_versions_of_truth_are_those_of_what_was_indexed(store: Store) -> None:
    shelf = Shelf()
    store.intake.accept([incoming(n) for n in range(7)] + [incoming("x", "iklan"), incoming("b", "Bengkulu banjir")])
    run_line(store, shelf)
    held = [d for d in shelf.held.values() if isinstance(d, PostDocument)]
    assert store.cases.digests() == digests_of((d.region, d.month, d.id, d.rev) for d in held)
    assert [v.id for v in store.cases.versions(REGION, "2026-11")] == sorted(d.id for d in held if d.region == REGION)
    assert [d.id for d in store.cases.everything(REGION)] == sorted(d.id for d in held if d.region == REGION)


def test_what_a_scope_hides_is_as_absent_as_what_is_not_there(store: Store) -> None:
    store.intake.accept([incoming(1), incoming(2, "Kades minta pungli di kantor desa")])
    run_line(store, Shelf())
    plain = Scope(regions=frozenset({REGION}))
    ids = [case_of(2), "none", case_of(1)]
    assert [d.id for d in store.cases.documents(ids, plain)] == [case_of(1)]
    assert [d.id for d in store.cases.documents(ids, ALL)] == [case_of(2), case_of(1)]
    assert store.cases.documents(ids, Scope(regions=frozenset({OTHER}))) == []
    assert store.cases.documents(ids, Scope(regions=frozenset({REGION}), areas=frozenset({"52.01.07"}))) == []
    putr = Scope(regions=frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"}), may_oversee=True)
    assert [d.id for d in store.cases.documents(ids, putr)] == [case_of(1)]
    with pytest.raises(NotFound, match="tidak ditemukan"):
        store.cases.detail(case_of(2), plain)


def test_requeueing_a_region_takes_only_what_may_concern_it(store: Store) -> None:
    store.intake.accept([incoming(1), incoming(2, regions=()), incoming(3, regions=(OTHER,))])
    run_line(store, Shelf())
    assert store.belts.requeue_all("decide", region=REGION) == 2
    assert store.belts.depth()["decide"].waiting == 2
