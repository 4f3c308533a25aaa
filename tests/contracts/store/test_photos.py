"""Photos of reports, and what else a recorder says of a report: on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.errors import NotFound, Refused
from domain.labels import PiiKind
from domain.posts import Hints
from domain.scope import Scope
from store import Store
from store.photos import MOST, Picture
from tests.store.line import ALL, NOW, OTHER, REGION, Clock, Shelf, incoming, run_line

FORM = "formulir-nomor-satu"
HERE = Scope(regions=frozenset({REGION}))


def picture(name: str = "satu") -> Picture:
    return Picture("image/jpeg", 1600, 1200, f"besar {name}".encode(), f"kecil {name}".encode())


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    for name in ("sari", "budi"):
        store.accounts.create_user(name, display=name, role="analis", password="sandi-uji-yang-panjang")


def a_case(store: Store, number: int | str = 1, text: str | None = None, **changes: object) -> str:
    """Store a post and run the line; its case's id."""
    post = incoming(number, text, **changes)
    store.intake.accept([post])
    run_line(store, Shelf())
    return f"{post.id}.{REGION}"


def test_a_form_holds_its_photos_for_who_sent_it_and_for_nobody_else(store: Store) -> None:
    store.photos.hold(FORM, picture(), "sari", NOW)
    store.photos.hold(FORM, picture(), "sari", NOW)
    (note,) = store.photos.held(FORM, "sari")
    assert (note.id, note.width, note.height) == (picture().id, 1600, 1200)
    assert store.photos.held_small(FORM, note.id, "sari").body == b"kecil satu"
    assert store.photos.held(FORM, "budi") == []
    with pytest.raises(NotFound):
        store.photos.held_small(FORM, note.id, "budi")
    store.photos.drop(FORM, note.id, "budi")
    assert len(store.photos.held(FORM, "sari")) == 1
    store.photos.drop(FORM, note.id, "sari")
    assert store.photos.held(FORM, "sari") == []


def test_two_people_may_hold_the_same_photo_in_forms_of_one_name(store: Store) -> None:
    store.photos.hold(FORM, picture(), "sari", NOW)
    store.photos.hold(FORM, picture(), "budi", NOW)
    assert len(store.photos.held(FORM, "budi")) == 1


def test_a_form_holds_only_so_many(store: Store) -> None:
    for n in range(MOST):
        store.photos.hold(FORM, picture(str(n)), "sari", NOW)
    with pytest.raises(Refused):
        store.photos.hold(FORM, picture("satu lagi"), "sari", NOW)


def test_photos_go_to_the_post_once_and_stay_in_their_order(store: Store) -> None:
    a_case(store)
    for n, name in enumerate(("dua", "satu")):
        store.photos.hold(FORM, picture(name), "sari", NOW + timedelta(seconds=n))
    post = incoming(1).id
    assert store.photos.attach(FORM, post, "sari") == 2
    assert store.photos.attach(FORM, post, "sari") == 0
    assert [note.id for note in store.photos.of_post(post, HERE)] == [picture("dua").id, picture("satu").id]
    assert store.photos.held(FORM, "sari") == []


def test_a_photo_that_came_twice_with_a_post_is_one(store: Store) -> None:
    a_case(store)
    for form in (FORM, "formulir-nomor-dua-"):
        store.photos.hold(form, picture(), "sari", NOW)
        store.photos.attach(form, incoming(1).id, "sari")
    assert len(store.photos.of_post(incoming(1).id, HERE)) == 1


def test_a_photo_is_shown_only_to_who_may_see_a_case_of_it(store: Store) -> None:
    a_case(store, 1, "Kades pungli setiap urus surat jalan")
    store.photos.hold(FORM, picture(), "sari", NOW)
    store.photos.attach(FORM, incoming(1).id, "sari")
    assert store.photos.shown(picture().id, ALL).body == b"besar satu"
    assert store.photos.shown(picture().id, ALL, small=True).body == b"kecil satu"
    accused = Scope(regions=frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"}), may_oversee=True)
    for scope in (HERE, Scope(regions=frozenset({OTHER}), may_oversee=True), accused):
        assert store.photos.of_post(incoming(1).id, scope) == []
        with pytest.raises(NotFound):
            store.photos.shown(picture().id, scope)


def test_a_photo_of_two_posts_is_shown_to_who_sees_one_of_them(store: Store) -> None:
    a_case(store, 1, "Kades pungli setiap urus surat jalan")
    a_case(store, 2)
    for number in (1, 2):
        store.photos.hold(FORM, picture(), "sari", NOW)
        store.photos.attach(FORM, incoming(number).id, "sari")
    assert store.photos.shown(picture().id, HERE).body == b"besar satu"


def test_photos_of_a_form_that_nobody_saved_are_forgotten(store: Store, clock: Clock) -> None:
    store.photos.hold(FORM, picture(), "sari", NOW)
    store.tidy(NOW + timedelta(hours=23))
    assert len(store.photos.held(FORM, "sari")) == 1
    store.tidy(NOW + timedelta(hours=25))
    assert store.photos.held(FORM, "sari") == []


def test_a_case_that_its_recorder_calls_the_same_joins_that_story_for_good(store: Store) -> None:
    first = a_case(store, 1, "Jalan di desa rusak parah sejak hujan bulan lalu")
    second = a_case(store, 2, "Ambulans terjebak di lubang besar", hints=Hints(same=incoming(1).id))
    third = a_case(store, 3, "Ban truk pecah kena besi", hints=Hints(same=incoming(2).id))
    story = store.cases.document(first, ALL).story
    assert {store.cases.document(case, ALL).story for case in (second, third)} == {story}
    store.intake.accept([incoming(2, "Ambulans terjebak lagi, kali ini malam", hints=Hints(same=incoming(1).id))])
    run_line(store, Shelf())
    assert store.cases.document(second, ALL).story == story


def test_what_is_called_the_same_must_be_a_case_of_the_region(store: Store) -> None:
    elsewhere = incoming(1, "Sampah di Bengkulu menumpuk")
    store.intake.accept([elsewhere])
    run_line(store, Shelf())
    for number, text, same in (
        (2, "Jalan rusak parah", elsewhere.id),
        (3, "Lampu padam seminggu", "tidak-ada"),
        (4, "Air keruh berbau", incoming(4).id),
    ):
        case = a_case(store, number, text, hints=Hints(same=same))
        assert len(store.stories.cases(store.cases.document(case, ALL).story, ALL)) == 1


def test_a_number_is_found_again_though_a_name_stands_beside_it(store: Store) -> None:
    a_case(store, 1, contact="Siti Aminah · 0812-3456-7890")
    a_case(store, 2, "Jalan lain rusak", contact="Budi · budi@contoh.id")
    reveals = Scope(regions=frozenset({REGION}), may_reveal=True)
    assert [d.post_id for d in store.secrets.find_same(PiiKind.PHONE, "+62 81234567890", reveals)] == [incoming(1).id]
    assert [d.post_id for d in store.secrets.find_same(PiiKind.EMAIL, "BUDI@contoh.id", reveals)] == [incoming(2).id]
    assert store.secrets.reveal(incoming(1).id, reveals, "sari").contact == "Siti Aminah · 0812-3456-7890"


def test_a_post_stands_with_the_words_it_was_stored_with(store: Store) -> None:
    assert store.intake.stands(incoming(1)) is None
    store.intake.accept([incoming(1)])
    assert store.intake.stands(incoming(1)) is True
    assert store.intake.stands(incoming(1, "Kata-kata yang lain")) is False
