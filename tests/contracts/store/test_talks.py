"""What people say at a door becomes one post that grows; its code tells how it stands: on both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.errors import PostQuarantined
from domain.ids import case_id
from domain.labels import Channel
from domain.receipts import read_receipt
from store import Store
from store.photos import Picture
from store.replies import MOST_TRIES, PHOTO, REPLY
from store.tables import door_messages, door_people, door_replies, door_talks, posts
from store.talks import KNOWN_FOR, LONGEST, PAUSE, WORDS_KEPT
from store.talks_values import Door, NotTakenIn, TakenAs
from tests.contracts.store.talking import NUMBER, rows, said, thanks, words_of
from tests.contracts.store.test_kill import die_at, in_child
from tests.store.line import ALL, NOW, REGION, Clock, Shelf, run_line


def test_a_message_is_one_post_and_the_reporter_has_a_code(store: Store) -> None:
    taken = store.talks.take_in(said(), NOW, thanks)
    assert taken.outcome is TakenAs.OPENED
    assert taken.code.startswith("LB-")
    assert read_receipt(taken.code.lower().replace("-", " ")) == taken.code
    run_line(store, Shelf())
    document = store.cases.document(case_id(taken.post_id, REGION), ALL)
    assert document.channel is Channel.WHATSAPP
    assert document.text == "Jalan di Gerung rusak parah"
    assert store.secrets.reveal(taken.post_id, ALL, "uji").contact == f"+{NUMBER}"


def test_the_same_message_again_changes_nothing(store: Store) -> None:
    first = store.talks.take_in(said(), NOW, thanks)
    again = store.talks.take_in(said(), NOW + timedelta(minutes=1), thanks)
    assert (again.code, again.post_id, again.outcome) == (first.code, first.post_id, TakenAs.KNOWN)
    assert (rows(store, posts), rows(store, door_messages), rows(store, door_replies)) == (1, 1, 1)


def test_what_is_said_within_half_an_hour_is_one_post_that_is_read_again(store: Store) -> None:
    first = store.talks.take_in(said(), NOW)
    run_line(store, Shelf())
    more = store.talks.take_in(said("Sudah tiga bulan", "2"), NOW + PAUSE)
    assert (more.code, more.post_id, more.outcome) == (first.code, first.post_id, TakenAs.ADDED)
    assert words_of(store, first.post_id) == "Jalan di Gerung rusak parah\n\nSudah tiga bulan"
    assert store.belts.depth()["read"].waiting == 1
    run_line(store, Shelf())
    detail = store.cases.detail(case_id(first.post_id, REGION), ALL)
    assert [one.text for one in detail.revisions] == ["Jalan di Gerung rusak parah"]


def test_messages_that_arrive_out_of_order_are_read_in_order(store: Store) -> None:
    late = store.talks.take_in(said("yang kedua", "2", at=NOW + timedelta(seconds=5)), NOW + timedelta(seconds=9))
    store.talks.take_in(said("yang pertama", "1"), NOW + timedelta(seconds=10))
    assert words_of(store, late.post_id) == "yang pertama\n\nyang kedua"


@pytest.mark.parametrize(
    "later",
    [
        {"now": NOW + PAUSE + timedelta(seconds=1)},
        {"person": "6281999999999"},
        {"region": "kota-bengkulu", "prefix": "KB"},
        {"door": Door.TELEGRAM},
    ],
    ids=["after a pause", "somebody else", "another region", "another door"],
)
def test_another_conversation_is_another_post(store: Store, later: dict[str, Any]) -> None:
    first = store.talks.take_in(said(), NOW)
    fields = {name: value for name, value in later.items() if name != "now"}
    other = store.talks.take_in(said("Lampu jalan mati", "2", **fields), later.get("now", NOW))
    assert other.outcome is TakenAs.OPENED
    assert other.post_id != first.post_id
    assert other.code != first.code


def test_a_conversation_lasts_a_day_at_most_and_so_many_messages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    at = NOW
    codes: list[str] = []
    while at <= NOW + LONGEST + PAUSE:
        codes.append(store.talks.take_in(said("lagi", str(len(codes))), at).code)
        at += PAUSE
    assert len(set(codes)) == 2
    assert codes.count(codes[0]) == LONGEST // PAUSE + 1
    monkeypatch.setattr("store.talks.MOST_MESSAGES", 3)
    many = [store.talks.take_in(said("x", f"n{n}", person="1"), at).code for n in range(4)]
    assert many.count(many[0]) == 3


def test_words_beyond_what_a_post_may_have_begin_another(store: Store) -> None:
    first = store.talks.take_in(said("a" * 30_000), NOW)
    second = store.talks.take_in(said("b" * 30_000, "2"), NOW)
    assert second.outcome is TakenAs.OPENED
    assert len(words_of(store, first.post_id)) == len(words_of(store, second.post_id)) == 30_000


def test_a_person_may_say_that_a_report_is_whole(store: Store) -> None:
    first = store.talks.take_in(said(), NOW)
    assert store.talks.end(Door.WHATSAPP, REGION, NUMBER)
    assert not store.talks.end(Door.WHATSAPP, REGION, NUMBER)
    assert store.talks.take_in(said("Yang lain", "2"), NOW).code != first.code


def test_an_edit_puts_its_words_in_their_place(store: Store) -> None:
    first = store.talks.take_in(said("Jalan Gerung rusk"), NOW)
    store.talks.take_in(said("Dekat pasar", "2", at=NOW + timedelta(seconds=1)), NOW)
    edit = said("Jalan Gerung rusak", edit=True)
    assert store.talks.take_in(edit, NOW + timedelta(hours=2), thanks).outcome is TakenAs.EDITED
    assert store.talks.take_in(edit, NOW + timedelta(hours=2), thanks).outcome is TakenAs.KNOWN
    assert words_of(store, first.post_id) == "Jalan Gerung rusak\n\nDekat pasar"
    assert rows(store, door_replies) == 0, "nobody is answered for an edit"


def test_a_place_said_later_is_the_posts_place(store: Store) -> None:
    first = store.talks.take_in(said(), NOW)
    store.talks.take_in(said("", "2", point=(-8.65, 116.1), place="depan pasar Gerung"), NOW)
    with store.database.read() as connection:
        post = connection.execute(select(posts).where(posts.c.id == first.post_id)).one()
    assert (post.lat, post.lon) == (-8.65, 116.1)
    assert "depan pasar Gerung" in post.hints
    assert post.text == "Jalan di Gerung rusak parah"


def test_a_message_without_words_is_kept_and_says_so(store: Store) -> None:
    photo = store.talks.take_in(said("", files=("9",)), NOW)
    assert words_of(store, photo.post_id) == "Foto tanpa keterangan."
    store.talks.take_in(said("Ini selokannya", "2", left_out=("video",)), NOW)
    assert words_of(store, photo.post_id) == "Ini selokannya\n(lampiran tidak disimpan: video)"
    spot = store.talks.take_in(said("", "3", person="2", point=(-8.6, 116.1)), NOW)
    assert words_of(store, spot.post_id) == "Lokasi tanpa keterangan."


def test_photos_stand_with_the_post_and_the_same_one_once(store: Store) -> None:
    picture = Picture("image/jpeg", 8, 6, b"besar", b"kecil")
    taken = store.talks.take_in(said(pictures=(picture, picture)), NOW)
    run_line(store, Shelf())
    assert [note.id for note in store.photos.of_post(taken.post_id, ALL)] == [picture.id]
    assert store.photos.keep(taken.post_id, picture, NOW)
    assert len(store.photos.of_post(taken.post_id, ALL)) == 1
    assert not store.photos.keep("tidak-ada", picture, NOW)


def test_nothing_of_who_wrote_stands_in_the_tables_in_clear(store: Store, engine: str) -> None:
    if engine != "sqlite":
        pytest.skip("one engine's file is read whole")
    store.talks.take_in(said("Hubungi saya di 0812 3456 7890", f"HBgM{NUMBER}"), NOW, thanks)
    run_line(store, Shelf())
    path = str(store.database.url.database)
    store.close()
    with open(path, "rb") as file:  # noqa: PTH123  the bytes, not the path, are what is looked at
        kept = file.read()
    assert b"81234567890" not in kept
    assert b"3456 7890" not in kept


def test_what_cannot_be_stored_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise PostQuarantined("tidak dapat dibaca")

    monkeypatch.setattr("store.intake.seal", refuses)
    with pytest.raises(PostQuarantined):
        store.talks.take_in(said(), NOW, thanks)
    assert rows(store, door_talks) == rows(store, door_messages) == rows(store, door_replies) == 0


def test_a_message_that_asks_is_answered_once_and_reports_nothing(store: Store) -> None:
    for _ in range(2):
        store.talks.answer(said("Bantuan"), "Ini pintu laporan.", NOW)
    assert (rows(store, posts), rows(store, door_messages), rows(store, door_replies)) == (0, 1, 1)


def test_a_message_that_was_answered_instead_is_not_taken_in_when_it_comes_again(store: Store) -> None:
    store.talks.answer(said(), "Pesan ini belum diterima.", NOW)
    with pytest.raises(NotTakenIn):
        store.talks.take_in(said(), NOW, thanks)
    store.talks.answer(said(), "Pesan ini belum diterima.", NOW)
    assert (rows(store, posts), rows(store, door_messages), rows(store, door_replies)) == (0, 1, 1)


def test_two_messages_at_once_are_one_conversation(opener: Callable[[], Store]) -> None:
    store, ready, codes = opener(), threading.Barrier(6), []

    def write(number: int) -> None:
        ready.wait()
        codes.append(store.talks.take_in(said(f"pesan {number}", str(number % 5)), NOW).code)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 6
    assert len(set(codes)) == 1
    assert (rows(store, posts), rows(store, door_messages)) == (1, 5)


def test_killed_at_any_moment_a_message_that_is_sent_again_is_there_once(opener: Callable[[], Store]) -> None:
    store = opener()
    store.database.close()  # no connection may be shared with a child
    moment, finished = 0, False
    while not finished:
        moment += 3  # every third one falls into every part of both transactions

        def take(moment: int = moment) -> None:
            child = opener()
            die_at(child, moment)
            child.talks.take_in(said(f"pesan ke-{moment}", f"k{moment}", person=f"p{moment}"), NOW, thanks)
            child.talks.take_in(said("tambahan", f"t{moment}", person=f"p{moment}"), NOW, thanks)

        finished = in_child(take)
        store = opener()
        first = store.talks.take_in(said(f"pesan ke-{moment}", f"k{moment}", person=f"p{moment}"), NOW, thanks)
        store.talks.take_in(said("tambahan", f"t{moment}", person=f"p{moment}"), NOW, thanks)
        assert words_of(store, first.post_id) == f"pesan ke-{moment}\n\ntambahan"
        times = moment // 3
        assert rows(store, posts) == rows(store, door_talks) == times
        assert rows(store, door_messages) == rows(store, door_replies) == 2 * times
        store.database.close()
    assert moment > 20, "it was killed in every step"


def test_answers_and_photos_wait_for_one_worker_at_a_time(opener: Callable[[], Store]) -> None:
    store, other = opener(), opener()
    store.talks.take_in(said(files=("foto-1",)), NOW, thanks)
    taken = {one.what: one for one in store.replies.take(NOW)}
    assert set(taken) == {REPLY, PHOTO}
    assert taken[REPLY].to == {"to": NUMBER}
    assert taken[REPLY].body.startswith("Kode laporan: LB-")
    assert taken[PHOTO].body == "foto-1"
    assert other.replies.take(NOW) == []
    store.replies.done(taken[REPLY].id)
    later = other.replies.take(NOW + timedelta(minutes=5))
    assert [one.id for one in later] == [taken[PHOTO].id], "whoever took it died"
    other.replies.show(later[0], Picture("image/jpeg", 8, 6, b"besar", b"kecil"), NOW)
    assert other.replies.counts() == {"selesai": 2}
    run_line(store, Shelf())
    assert len(store.photos.of_post(str(later[0].post_id), ALL)) == 1


def test_what_fails_is_tried_again_ever_later_and_ends_with_its_reason(store: Store) -> None:
    store.talks.take_in(said(), NOW, thanks)
    at, pauses = NOW, []
    for _ in range(MOST_TRIES):
        (reply,) = store.replies.take(at)
        going = store.replies.again(reply, "tidak menjawab", at)
        before = at
        while going and not (found := store.replies.take(at)):
            at += timedelta(seconds=30)
        if going:
            pauses.append(at - before)
            store.replies.put_off(found[0], "tidak menjawab", at)
    assert pauses == sorted(pauses)
    assert pauses[-1] > timedelta(minutes=30)
    assert store.replies.counts() == {"gagal": 1}
    assert store.replies.failures() == ["tidak menjawab"]


def test_answers_that_nobody_sends_are_found_by_the_doctor(store: Store, clock: Clock) -> None:
    store.talks.take_in(said(), NOW, thanks)
    assert not any("pintu whatsapp" in finding for finding in store.check())
    clock.advance(days=2)
    assert any("1 jawaban atau foto di pintu whatsapp menunggu" in finding for finding in store.check())


def test_the_same_form_sent_twice_at_once_is_one_report(opener: Callable[[], Store]) -> None:
    store, ready, codes = opener(), threading.Barrier(4), []

    def write() -> None:
        ready.wait()
        form = said(door=Door.FORM, person=None, answer_to={})
        codes.append(store.talks.take_in(form, NOW).code)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 4
    assert len(set(codes)) == 1
    assert rows(store, posts) == rows(store, door_talks) == 1


def test_old_words_and_people_are_forgotten_and_the_code_still_tells(store: Store) -> None:
    taken = store.talks.take_in(said(), NOW, thanks)
    store.talks.forget_old(NOW + WORDS_KEPT + timedelta(hours=1))
    edit = store.talks.take_in(said("Lain", edit=True), NOW + WORDS_KEPT + timedelta(hours=2))
    assert edit.outcome is TakenAs.KNOWN
    assert words_of(store, taken.post_id) == "Jalan di Gerung rusak parah"
    store.talks.forget_old(NOW + KNOWN_FOR + timedelta(days=1))
    store.replies.done(store.replies.take(NOW)[0].id)
    store.replies.forget_old(NOW + timedelta(days=8))
    assert rows(store, door_messages) == rows(store, door_people) == rows(store, door_replies) == 0
    found = store.talks.standing(taken.code)
    assert found is not None
    assert found.opened_at == NOW


def test_a_code_that_was_never_given_stands_nowhere(store: Store) -> None:
    assert store.talks.standing("LB-0000-0000") is None


def test_the_standing_follows_the_post(store: Store, clock: Clock) -> None:
    taken = store.talks.take_in(said(), NOW, thanks)
    before = store.talks.standing(taken.code)
    assert before is not None
    assert (before.read_at, before.state, before.withdrawn) == (None, None, False)
    run_line(store, Shelf())
    clock.advance(hours=1)
    read = store.talks.standing(taken.code)
    assert read is not None
    assert read.read_at is not None
    assert read.state is None
    store.intake.withdraw([taken.post_id], clock())
    gone = store.talks.standing(taken.code)
    assert gone is not None
    assert gone.withdrawn
