"""Saved searches tell of what is new, once a story, and each reader only of what he may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from desk.alerts import WatchWish
from desk.alerts_telling import AlertState
from domain.documents import PostDocument
from domain.errors import Conflict, NotFound, Refused
from domain.labels import LabelTask
from domain.search import Filters
from domain.watches import Watch, WatchKind
from indexer.worker import Watcher
from store import Store
from store.tables import cases, watch_hits
from tests.store.line import ALL, NOW, OTHER, REGION, Clock, Shelf, incoming, run_line
from tests.store.watching import Room, road, room, samples

PUNGLI = "Pungli di jalan kubangan oleh petugas PUTR"


@pytest.fixture
def here(store: Store, clock: Clock) -> Room:
    clock.advance(seconds=1)
    return room(store)


def hits(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(watch_hits)).scalar_one()


def test_a_new_post_that_a_watch_wants_is_told_with_its_reason(here: Room) -> None:
    here.watches("ratna", "kubangan NOT air", filters=Filters(topic=("jalan",)))
    here.hears(road(1), incoming(2, "Kubangan air di pasar"), incoming(3, "Sampah menumpuk"))
    (told,) = here.told("ratna")
    assert told.alert.kind is WatchKind.EACH
    assert told.alert.state is AlertState.NEW
    assert [one.text for one in told.samples] == [road(1).text]
    assert (told.why.posts, told.why.stories, told.why.sources) == (1, 1, ("contoh",))
    assert told.why.terms[0] == "kubangan"
    assert told.why.places == ("52.01.06.2003",)


def test_a_story_is_told_once_whatever_comes_to_it_later(here: Room, clock: Clock) -> None:
    here.watches("ratna", "kubangan")
    words = "Jalan kubangan besar di depan pasar sudah tiga minggu tidak ada yang menambal sama sekali"
    here.hears(incoming(1, words))
    first = here.alert("ratna")
    here.alerts.answer(here.reader("ratna"), [first.id], AlertState.SEEN)
    for n in range(2, 6):
        clock.advance(hours=30)
        here.hears(incoming(n, f"{words} pak {n}", fetched_at=clock(), published_at=clock()))
    again = here.alert("ratna")
    assert (again.id, again.state, again.at) == (first.id, AlertState.SEEN, first.at)
    (told,) = here.told("ratna")
    assert told.why.posts > 1, "the later posts of the story are there to see"


def test_what_was_there_before_or_is_old_sets_nothing_off(here: Room, clock: Clock) -> None:
    here.hears(road(1))
    clock.advance(minutes=1)
    here.watches("ratna", "kubangan")
    old = clock() - timedelta(days=8)
    here.hears(road(2, published_at=old, fetched_at=clock()))
    here.store.labels.say(f"{road(1).id}.{REGION}", LabelTask.TOPIC, "air.pdam", "ratna", ALL, None, clock())
    here.works()
    assert here.told("ratna") == []
    assert hits(here.store) == 0
    here.hears(road(3))
    assert samples(here.told("ratna")) == [[road(3).text]]


def test_reading_all_anew_and_indexing_all_again_tell_nothing_new(here: Room, clock: Clock) -> None:
    here.watches("ratna", "kubangan")
    here.hears(road(1), road(2))
    told = here.alerts.alerts(here.reader("ratna"))
    assert len(told) == 2
    for belt in ("read", "index"):
        clock.advance(minutes=5)
        here.store.belts.requeue_all(belt)
        run_line(here.store, Shelf(), Watcher())
    assert here.alerts.alerts(here.reader("ratna")) == told


def test_a_post_that_comes_to_match_by_a_correction_is_told_while_it_is_news(here: Room, clock: Clock) -> None:
    here.watches("ratna", "topic:sampah")
    here.hears(road(1), road(2))
    assert here.told("ratna") == []
    clock.advance(hours=2)
    for n in (1, 2):
        here.store.labels.say(f"{road(n).id}.{REGION}", LabelTask.TOPIC, "sampah.angkut", "ratna", ALL, None, clock())
        here.works()
        clock.advance(days=8)  # the second correction is of a post that is history by then
    assert samples(here.told("ratna")) == [[road(1).text]]


def test_a_watch_made_while_a_batch_is_worked_on_misses_nothing_that_came_after_it(here: Room, clock: Clock) -> None:
    class Late(Watcher):
        """Somebody saves a watch just after the batch was held against those that there were."""

        def found(self, documents: Sequence[PostDocument]) -> list[tuple[Watch, PostDocument]]:
            seen = super().found(documents)
            if not made:
                made.append(here.watches("ratna", "kubangan"))
            return seen

    made: list[object] = []
    here.store.intake.accept([road(1)])
    now = clock.now
    clock.now = now - timedelta(seconds=1)  # the watch is older than the case, as its row is not yet
    here.watcher = Late()
    here.watches("admin", "apa saja")
    clock.now = now
    here.works()
    assert len(made) == 1
    assert samples(here.told("ratna")) == [[road(1).text]]


@pytest.mark.parametrize("engine", ["postgresql"])  # on the other one writers come one after another
def test_a_watch_deleted_while_its_hits_are_written_stops_nobody(here: Room) -> None:
    gone = here.watches("ratna", "kubangan")
    here.watches("admin", "kubangan")

    def delete(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT cases.id, cases.born_at") and not deleted:
            deleted.append(gone.id)
            here.alerts.delete(here.reader("ratna"), gone.id)

    deleted: list[str] = []
    event.listen(here.store.database.engine, "before_cursor_execute", delete)
    here.hears(road(1))
    assert deleted == [gone.id]
    assert here.told("ratna") == []
    assert samples(here.told("admin")) == [[road(1).text]]


def test_a_digest_is_told_at_its_hour_and_holds_each_story_once(here: Room, clock: Clock) -> None:
    here.watches("ratna", "kubangan", WatchKind.DIGEST, hour=17)  # 17.00 WITA is 09.00 UTC; now it is 03.00
    here.hears(road(1), road(2))
    assert here.told("ratna") == []
    clock.now = NOW.replace(hour=9)
    (told,) = here.told("ratna")
    assert told.alert.kind is WatchKind.DIGEST
    assert told.alert.at == NOW.replace(hour=9)
    assert told.alert.count == 2
    here.hears(road(3, fetched_at=clock(), published_at=clock()), road(2, fetched_at=clock()))
    assert len(here.told("ratna")) == 1
    clock.advance(days=1)
    assert [one.alert.count for one in here.told("ratna")] == [1, 2]


def test_each_reader_of_a_shared_watch_is_told_of_what_he_sees_himself(here: Room) -> None:
    here.watches("admin", "kubangan", shared=True)
    here.watches("putr", "kubangan")
    here.hears(road(1), incoming(2, PUNGLI), incoming(3, "Jalan kubangan Bengkulu", regions=(REGION, OTHER)))
    assert [len(here.told(who)) for who in ("admin", "ratna", "putr", "kades")] == [2, 1, 1, 0]
    assert "Pungli" not in str(samples(here.told("ratna")) + samples(here.told("putr")))
    assert here.alerts.count_new(here.reader("putr")) == 1
    seen = here.alert("ratna")
    here.alerts.answer(here.reader("ratna"), [seen.id], AlertState.SEEN)
    assert here.alerts.count_new(here.reader("admin")) == 2, "what one reader has seen is new to the other"


def test_the_accused_never_learns_of_it_by_a_digest_a_date_or_a_count(here: Room, clock: Clock) -> None:
    here.watches("putr", "kubangan", WatchKind.DIGEST, hour=17)
    words = "Jalan kubangan besar di depan pasar sudah tiga minggu tidak ada yang menambal sama sekali kata warga"
    here.hears(incoming(1, f"{words} pungli"))
    clock.now = NOW.replace(hour=9)
    assert here.alerts.alerts(here.reader("putr")) == []
    here.hears(incoming(2, words, fetched_at=clock(), published_at=clock()))  # the same story, accusing nobody
    clock.advance(days=1)
    alert = here.alert("putr")
    assert alert.at == clock(), "it is dated by what he may see, not by the accusation the day before"
    (told,) = here.told("putr")
    assert (told.why.posts, told.why.stories) == (1, 1)


def test_what_is_hidden_later_is_told_no_more(here: Room) -> None:
    here.watches("putr", "kubangan")
    here.hears(road(1))
    assert len(here.told("putr")) == 1
    here.hears(incoming(1, PUNGLI))  # the writer edits his post: now it accuses
    assert here.alerts.alerts(here.reader("putr")) == []


def test_a_watch_ends_with_its_owners_account_and_his_region(here: Room, clock: Clock) -> None:
    here.store.accounts.create_user("budi", role="analis", password="sandi-uji-yang-panjang", regions=(REGION,))
    here.watches("budi", "kubangan", shared=True)
    here.hears(road(1))
    assert len(here.told("ratna")) == 1
    here.store.accounts.set_active("budi", active=False)
    assert here.told("ratna") == []
    here.hears(road(2))
    here.store.accounts.set_active("budi", active=True)
    here.store.accounts.change_user("budi", regions=(OTHER,))
    here.hears(road(3))
    assert here.told("ratna") == here.told("budi") == []
    here.store.accounts.change_user("budi", regions=(REGION,))
    clock.advance(minutes=1)
    here.hears(road(4))
    assert samples(here.told("budi")) == [[road(4).text], [road(1).text]]


def test_a_village_head_and_a_leader_are_told_within_their_scope(here: Room) -> None:
    here.watches("kades", "kubangan")
    here.watches("bupati", "kubangan")
    here.hears(road(1))
    assert [len(here.told(who)) for who in ("kades", "bupati")] == [1, 1]
    here.store.accounts.change_user("kades", areas=("52.01.01",))
    assert here.told("kades") == []


def test_an_alert_is_seen_snoozed_and_new_again(here: Room, clock: Clock) -> None:
    here.watches("ratna", "kubangan")
    here.hears(road(1))
    reader, alert = here.reader("ratna"), here.alert("ratna")
    until = clock() + timedelta(hours=4)
    for _ in range(2):
        (after,) = here.alerts.answer(reader, [alert.id], AlertState.SNOOZED, until=until)
        assert (after.state, after.until) == (AlertState.SNOOZED, until)
    assert here.alerts.count_new(reader) == 0
    clock.advance(hours=4)
    assert here.alert("ratna").state is AlertState.NEW
    (after,) = here.alerts.answer(reader, [alert.id], AlertState.SEEN)
    assert after.state is AlertState.SEEN
    (after,) = here.alerts.answer(reader, [alert.id], AlertState.NEW)
    assert after.state is AlertState.NEW
    for wrong in (None, clock(), clock() + timedelta(days=40)):
        with pytest.raises(Refused):
            here.alerts.answer(reader, [alert.id], AlertState.SNOOZED, until=wrong)


def test_another_persons_alerts_and_watches_are_as_absent_as_none(here: Room) -> None:
    watch = here.watches("admin", "kubangan")
    here.hears(road(1))
    alert, ratna = here.alert("admin"), here.reader("ratna")
    with pytest.raises(NotFound):
        here.alerts.answer(ratna, [alert.id], AlertState.SEEN)
    with pytest.raises(NotFound):
        here.alerts.own(ratna, watch.id)
    with pytest.raises(NotFound):
        here.alerts.change(ratna, watch.id, WatchWish("Punya saya", WatchKind.EACH))
    with pytest.raises(NotFound):
        here.alerts.delete(ratna, watch.id)
    assert here.alerts.watches(ratna) == []


def test_a_watch_is_renamed_paused_and_deleted_by_its_owner(here: Room, clock: Clock) -> None:
    watch, reader = here.watches("ratna", "kubangan"), here.reader("ratna")
    here.alerts.change(reader, watch.id, WatchWish("Jalan", WatchKind.EACH, paused=True))
    here.hears(road(1))
    clock.advance(minutes=1)
    here.alerts.change(reader, watch.id, WatchWish("Jalan", WatchKind.EACH))
    here.works()
    assert here.told("ratna") == [], "what came in meanwhile stays untold"
    here.hears(road(2))
    assert [one.alert.kept.watch.name for one in here.told("ratna")] == ["Jalan"]
    here.alerts.delete(reader, watch.id)
    assert here.told("ratna") == []
    assert hits(here.store) == 0


def test_what_cannot_be_watched_is_refused_in_words(here: Room) -> None:
    with pytest.raises(Refused, match="kata atau saringan"):
        here.watches("ratna", "")
    here.watches("ratna", "", WatchKind.SAVED, name="Semua")
    with pytest.raises(Refused, match="data pribadi"):
        here.watches("ratna", "081234567890")
    with pytest.raises(Refused):
        here.watches("ratna", "jalan AND")
    with pytest.raises(Refused, match="nama"):
        here.watches("ratna", "jalan", name=" ")
    with pytest.raises(NotFound):
        here.watches("ratna", "jalan", region=OTHER)
    here.watches("ratna", "jalan", name="Jalan")
    with pytest.raises(Conflict, match="nama"):
        here.watches("ratna", "gang", name="jalan")


def test_what_nobody_is_told_of_any_more_is_forgotten_story_by_story(here: Room, clock: Clock) -> None:
    here.watches("ratna", "kubangan")
    here.hears(road(1), road(2))
    reader = here.reader("ratna")
    here.alerts.answer(reader, [one.id for one in here.alerts.alerts(reader)], AlertState.SEEN)
    clock.advance(days=61)
    with here.store.database.write() as connection:  # a story that somebody still adds to
        kept = connection.execute(select(watch_hits.c.case_id).order_by(watch_hits.c.case_id)).scalars().first()
        connection.execute(watch_hits.update().where(watch_hits.c.case_id == kept).values(at=clock()))
    here.store.tidy()
    assert hits(here.store) == 1
    assert len(here.store.alert_marks.marks("ratna", [here.alerts.watches(reader)[0].watch.id])) == 1


def test_a_case_that_is_gone_takes_its_alert_along(here: Room) -> None:
    here.watches("ratna", "kubangan")
    here.hears(road(1))
    here.hears(incoming(1, "Iklan kubangan"))
    assert here.told("ratna") == []
    with here.store.database.read() as connection:
        assert connection.execute(select(cases.c.gone_at)).scalars().all() != [None]


def test_two_processes_see_a_watch_that_the_third_made(opener: Callable[[], Store], clock: Clock) -> None:
    clock.advance(seconds=1)
    here, other = room(opener()), opener()
    watcher = Watcher()
    run_line(other, Shelf(), watcher)
    here.watches("ratna", "kubangan")
    other.intake.accept([road(1)])
    run_line(other, Shelf(), watcher)
    assert samples(here.told("ratna")) == [[road(1).text]]
