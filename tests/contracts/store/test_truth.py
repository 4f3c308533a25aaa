"""What people say, stories, secrets and sources: on both engines."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import Conflict, Forbidden, NotFound, Refused
from domain.labels import CaseState, Channel, DateTrust, LabelTask, PiiKind, SourceState
from domain.ports import CrawlOutcome, SourceSpec
from domain.posts import Hints, IntakeReport
from domain.scope import Scope
from store import KeyRing, Store
from store.sourcedays import SourceDay
from tests.store.line import ALL, NOW, OTHER, REGION, Clock, Shelf, incoming, run_line

PHONE = "081234567890"
STORY = "Longsor menutup jalan utama menuju desa Batulayar sejak pagi tadi warga menunggu alat berat datang"


def case_of(number: int | str, region: str = REGION) -> str:
    return f"{incoming(number).id}.{region}"


class TestLabels:
    def test_a_correction_wins_at_once_and_survives_analysis(self, store: Store) -> None:
        shelf = Shelf()
        store.intake.accept([incoming(1)])
        run_line(store, shelf)
        store.labels.say(case_of(1), LabelTask.TOPIC, "sampah.angkut", "sari", ALL)
        store.labels.say(case_of(1), LabelTask.OPD, f"{REGION}/DLH", "sari", ALL, note="salah alamat")
        corrected = store.cases.document(case_of(1), ALL)
        assert (corrected.topic, corrected.state) == ("sampah.angkut", CaseState.REVIEWED)
        run_line(store, shelf)
        store.belts.requeue_all("read")
        run_line(store, shelf)
        document = store.cases.document(case_of(1), ALL)
        assert (document.topic, document.opd) == ("sampah.angkut", f"{REGION}/DLH")
        assert document.corrected == (LabelTask.TOPIC, LabelTask.OPD)
        assert shelf.held[case_of(1)] == document
        assert [label.by for label in store.labels.status(case_of(1), ALL).labels] == ["sari", "sari"]

    def test_labels_outlive_a_tombstone(self, store: Store) -> None:
        store.intake.accept([incoming(1)])
        run_line(store, Shelf())
        store.labels.say(case_of(1), LabelTask.SENTIMENT, "positif", "sari", ALL)
        store.intake.accept([incoming(1, "iklan")])
        run_line(store, Shelf())
        store.intake.accept([incoming(1, "Jalan di desa rusak lagi")])
        run_line(store, Shelf())
        assert store.cases.document(case_of(1), ALL).sentiment == "positif"

    @pytest.mark.parametrize(
        ("task", "value"),
        [
            (LabelTask.INTENT, "marah"),
            (LabelTask.TOPIC, "tidak.ada"),
            (LabelTask.RELEVANCE, "sangat"),
            (LabelTask.PLACE, ""),
        ],
    )
    def test_a_value_that_a_task_does_not_have_is_refused(self, store: Store, task: LabelTask, value: str) -> None:
        with pytest.raises(Refused):
            store.labels.say(case_of(1), task, value, "sari", ALL)

    def test_nobody_corrects_what_he_may_not_see(self, store: Store) -> None:
        store.intake.accept([incoming(1)])
        run_line(store, Shelf())
        with pytest.raises(NotFound):
            store.labels.say(case_of(1), LabelTask.INTENT, "lainnya", "x", Scope(regions=frozenset({OTHER})))

    def test_a_case_set_aside_by_a_person_says_so_and_who_did_it(self, store: Store) -> None:
        store.intake.accept([incoming(1)])
        run_line(store, Shelf())
        store.labels.set_state(case_of(1), CaseState.NOT_A_COMPLAINT, "sari", ALL, note="iklan")
        assert store.cases.document(case_of(1), ALL).state is CaseState.NOT_A_COMPLAINT
        (line,) = store.audit.list(subject=case_of(1))
        assert (line.actor, line.detail) == ("sari", {"from": "baru", "to": "bukan_aduan", "note": "iklan"})


class TestStories:
    def test_reposts_and_wire_copies_fold_into_the_first_one(self, store: Store) -> None:
        copy = STORY.replace("datang", "tiba")
        store.intake.accept([incoming(1, STORY), incoming(2, copy), incoming(3)])
        run_line(store, Shelf())
        store.intake.accept([incoming(4, STORY, namespace="comment:x", channel=Channel.COMMENT)])
        run_line(store, Shelf())
        told = store.stories.cases(store.keys.story(case_of(1)), ALL)
        assert {d.id for d in told} == {case_of(1), case_of(2), f"{incoming(4, namespace='comment:x').id}.{REGION}"}
        assert store.cases.document(case_of(3), ALL).story == store.keys.story(case_of(3))
        assert {d.id for d in store.cases.detail(case_of(2), ALL).story_cases} == {d.id for d in told} - {case_of(2)}

    def test_a_comment_does_not_join_its_parent_by_being_its_comment(self, store: Store) -> None:
        parent = incoming(1, STORY)
        store.intake.accept([parent, incoming(2, "Semoga cepat selesai pak bupati", parent=parent.id)])
        run_line(store, Shelf())
        assert store.cases.document(case_of(2), ALL).story == store.keys.story(case_of(2))

    def test_the_same_words_in_two_regions_are_two_stories(self, store: Store) -> None:
        store.intake.accept([incoming(1, STORY), incoming(2, STORY, regions=(OTHER,))])
        run_line(store, Shelf())
        assert store.cases.document(case_of(2, OTHER), ALL).story == store.keys.story(case_of(2, OTHER))

    def test_a_story_is_not_joined_after_a_month(self, store: Store) -> None:
        store.intake.accept([incoming(1, STORY, published_at=NOW - timedelta(days=31, hours=2))])
        run_line(store, Shelf())
        store.intake.accept([incoming(2, STORY)])
        run_line(store, Shelf())
        assert store.cases.document(case_of(2), ALL).story == store.keys.story(case_of(2))

    def test_old_signatures_are_dropped_and_the_stories_stay(self, store: Store, clock: Clock) -> None:
        store.intake.accept([incoming(1, STORY), incoming(2, STORY)])
        run_line(store, Shelf())
        first = store.cases.document(case_of(1), ALL).story
        clock.advance(days=31)
        store.tidy()
        assert store.stories.forget_old() == 0
        assert {store.cases.document(case_of(n), ALL).story for n in (1, 2)} == {first}
        store.intake.accept([incoming(3, STORY)])
        run_line(store, Shelf())
        assert store.cases.document(case_of(3), ALL).story == store.keys.story(case_of(3))

    def test_a_revised_post_finds_its_story_by_its_new_words(self, store: Store) -> None:
        store.intake.accept([incoming(1, STORY)])
        store.intake.accept([incoming(2, "Longsor di Batulayar")])
        run_line(store, Shelf())
        assert store.cases.document(case_of(2), ALL).story == store.keys.story(case_of(2))
        store.intake.accept([incoming(2, STORY)])
        run_line(store, Shelf())
        joined = {store.cases.document(case_of(n), ALL).story for n in (1, 2)}
        assert len(joined) == 1

    def test_a_head_that_others_joined_stays_one(self, store: Store) -> None:
        store.intake.accept([incoming(1, STORY)])
        run_line(store, Shelf())
        store.intake.accept([incoming(2, STORY), incoming(3, "Pohon tumbang menimpa rumah warga di Narmada semalam")])
        run_line(store, Shelf())
        store.intake.accept([incoming(1, "Pohon tumbang menimpa rumah warga di Narmada semalam")])
        run_line(store, Shelf())
        assert store.cases.document(case_of(1), ALL).story == store.keys.story(case_of(1))
        assert store.cases.document(case_of(2), ALL).story == store.keys.story(case_of(1))

    def test_a_case_taken_out_by_hand_stays_out(self, store: Store) -> None:
        store.intake.accept([incoming(1, STORY)])
        run_line(store, Shelf())
        store.intake.accept([incoming(2, STORY)])
        run_line(store, Shelf())
        store.stories.take_out(case_of(2), "sari", ALL)
        assert store.cases.document(case_of(2), ALL).story == store.keys.story(case_of(2))
        store.intake.accept([incoming(2, STORY + " juga")])
        run_line(store, Shelf())
        document = store.cases.document(case_of(2), ALL)
        assert (document.story, document.text.endswith("juga")) == (store.keys.story(case_of(2)), True)
        with pytest.raises(Conflict):
            store.stories.take_out(case_of(1), "sari", ALL)


class TestSecrets:
    def test_personal_data_is_nowhere_in_the_database_and_opens_for_those_who_may(
        self, store: Store, engine: str, url: str, tmp_path: Path
    ) -> None:
        store.intake.accept(
            [
                incoming(
                    1,
                    f"Jalan rusak, hubungi saya di {PHONE} segera",
                    title=f"Telepon {PHONE}",
                    contact="warga@contoh.id",
                    author="@warga_lobar",
                    hints=Hints(place=f"Jl. Raya, telp {PHONE}"),
                )
            ]
        )
        store.intake.set_aside(belt="import", key="berkas.csv:7", reason=f"baris {PHONE}", payload=f"telp {PHONE}")
        run_line(store, Shelf())
        revealed = store.secrets.reveal(incoming(1).id, ALL, "sari")
        assert revealed.words == f"Telepon {PHONE}\n\nJalan rusak, hubungi saya di {PHONE} segera"
        assert (revealed.contact, [kind for kind, _ in revealed.values]) == ("warga@contoh.id", [PiiKind.PHONE] * 2)
        (line,) = store.audit.list(action="secret.reveal")
        assert (line.actor, line.subject) == ("sari", incoming(1).id)
        raw = _raw_bytes(store, engine, url, tmp_path)
        assert b"[telepon]" in raw
        for secret in (PHONE, "warga@contoh.id", "warga_lobar"):
            assert secret.encode() not in raw

    def test_the_same_number_is_found_again_however_it_is_written(self, store: Store) -> None:
        store.intake.accept(
            [
                incoming(1, "Hubungi 0812-3456-7890 ya, jalan rusak"),
                incoming(2, "Lampu jalan mati, kabari saya", contact="+62 812 3456 7890"),
                incoming(3, "Hubungi 0812-0000-1111 ya, jalan rusak"),
            ]
        )
        run_line(store, Shelf())
        found = store.secrets.find_same(PiiKind.PHONE, PHONE, ALL)
        assert {d.id for d in found} == {case_of(1), case_of(2)}
        assert store.secrets.find_same(PiiKind.PHONE, PHONE, Scope(frozenset({OTHER}), may_reveal=True)) == []

    def test_without_the_permission_nothing_opens(self, store: Store) -> None:
        store.intake.accept([incoming(1, f"Hubungi {PHONE}")])
        run_line(store, Shelf())
        with pytest.raises(Forbidden):
            store.secrets.reveal(incoming(1).id, Scope(regions=frozenset({REGION})), "x")
        with pytest.raises(Forbidden):
            store.secrets.find_same(PiiKind.PHONE, PHONE, Scope(regions=frozenset({REGION})))
        with pytest.raises(NotFound):
            store.secrets.reveal(incoming(1).id, Scope(regions=frozenset({OTHER}), may_reveal=True), "x")
        assert store.audit.list(action="secret.reveal") == []

    def test_an_edit_takes_the_old_number_with_it_and_keeps_the_contact(self, store: Store) -> None:
        store.intake.accept([incoming(1, f"Hubungi {PHONE}, jalan rusak", contact="a@b.id")])
        store.intake.accept([incoming(1, "Jalan rusak, nomor sudah saya hapus")])
        run_line(store, Shelf())
        revealed = store.secrets.reveal(incoming(1).id, ALL, "sari")
        assert (revealed.values, revealed.contact) == ((), "a@b.id")
        assert store.secrets.find_same(PiiKind.PHONE, PHONE, ALL) == []

    def test_the_same_author_is_the_same_hash_and_never_the_name(self, store: Store, keys: KeyRing) -> None:
        store.intake.accept([incoming(n, author="Warga Lobar") for n in (1, 2)])
        run_line(store, Shelf())
        first, second = (store.cases.document(case_of(n), ALL).author for n in (1, 2))
        assert first == second == keys.author("web", "warga lobar")


def _raw_bytes(store: Store, engine: str, url: str, tmp_path: Path) -> bytes:
    if engine == "sqlite":
        return b"".join(path.read_bytes() for path in tmp_path.glob("truth.sqlite*"))
    plain = url.replace("+psycopg", "")
    dump = subprocess.run(["pg_dump", "--inserts", plain], capture_output=True, check=True)
    return dump.stdout


def spec(key: str, **changes: object) -> SourceSpec:
    fields = {"name": key, "kind": "rss", "url": f"https://{key}.id/feed", "regions": (REGION,)} | changes
    return SourceSpec(key=key, **fields)  # type: ignore[arg-type]


class TestSources:
    def test_profiles_and_people_bring_sources_side_by_side(self, store: Store) -> None:
        store.sources.sync([spec("a"), spec("b")])
        store.sources.add(spec("c", added_by="sari"))
        store.sources.pause("a")
        store.sources.sync([spec("a", name="A baru")])
        assert [(s.key, s.name, s.enabled) for s in store.sources.specs()] == [("a", "A baru", False), ("c", "c", True)]
        with pytest.raises(Conflict):
            store.sources.add(spec("c"))
        store.sources.remove("c")
        with pytest.raises(NotFound):
            store.sources.get("c")

    def test_a_source_remembers_and_a_failing_one_is_asked_less_and_less(self, store: Store) -> None:
        store.sources.sync([spec("a", every_minutes=30)])
        assert [s.key for s in store.sources.due(NOW)] == ["a"]
        good = CrawlOutcome(
            "a", SourceState.OK, NOW, seen=3, report=IntakeReport(added=2), newest_post_at=NOW, etag='"1"', cursor="{}"
        )
        store.sources.record(good)
        assert store.sources.due(NOW + timedelta(minutes=29)) == []
        assert len(store.sources.due(NOW + timedelta(minutes=30))) == 1
        waits = []
        for n in range(1, 9):
            store.sources.record(CrawlOutcome("a", SourceState.FAILED, NOW + timedelta(hours=n), message="putus"))
            memory = store.sources.memory("a")
            assert memory.next_due_at is not None
            assert memory.last_attempt_at is not None
            waits.append(memory.next_due_at - memory.last_attempt_at)
        assert waits == sorted(waits)
        assert waits[-1] == timedelta(days=1)
        memory = store.sources.memory("a")
        assert (memory.etag, memory.failures, memory.posts_total, memory.message) == ('"1"', 8, 2, "putus")
        assert memory.last_ok_at == memory.last_new_at == NOW
        assert [c.state for c in store.sources.history("a", NOW)][:2] == [SourceState.OK, SourceState.FAILED]
        assert store.counts().sources == {"failed": 1}

    def test_a_source_that_was_never_crawled_comes_first(self, store: Store) -> None:
        store.sources.sync([spec("a"), spec("b")])
        store.sources.record(CrawlOutcome("a", SourceState.EMPTY, NOW - timedelta(days=1)))
        assert [s.key for s in store.sources.due(NOW)] == ["b", "a"]

    def test_an_unchanged_answer_keeps_what_lets_us_ask_for_changes(self, store: Store) -> None:
        store.sources.sync([spec("a")])
        store.sources.record(CrawlOutcome("a", SourceState.OK, NOW, etag="1", last_modified="x"))
        store.sources.record(CrawlOutcome("a", SourceState.UNCHANGED, NOW))
        assert store.sources.memory("a").etag == "1"
        store.sources.record(CrawlOutcome("a", SourceState.OK, NOW))
        assert store.sources.memory("a").etag is None

    def test_the_crawls_of_a_day_are_summed_up(self, store: Store) -> None:
        store.sources.sync([spec("a"), spec("b")])
        noon = NOW.replace(hour=12)
        store.sources.record(CrawlOutcome("a", SourceState.OK, noon, report=IntakeReport(added=3)))
        store.sources.record(CrawlOutcome("a", SourceState.UNCHANGED, noon + timedelta(hours=1)))
        store.sources.record(CrawlOutcome("a", SourceState.FAILED, noon + timedelta(hours=2)))
        store.sources.record(CrawlOutcome("a", SourceState.EMPTY, noon + timedelta(days=1)))
        store.sources.record(CrawlOutcome("b", SourceState.STALE, noon))
        day = noon.date()
        assert store.sources.days(day, day + timedelta(days=1)) == [
            SourceDay("a", day, crawls=3, healthy=2, added=3),
            SourceDay("b", day, crawls=1, healthy=0, added=0),
        ]
        assert [d.day for d in store.sources.days(day, day + timedelta(days=2)) if d.source == "a"] == [
            day,
            day + timedelta(days=1),
        ]
        assert store.sources.days(day - timedelta(days=9), day) == []

    def test_it_knows_which_posts_are_stored(self, store: Store) -> None:
        store.intake.accept([incoming(1)])
        assert store.sources.knows([incoming(1).id, incoming(2).id]) == {incoming(1).id}
        assert store.sources.knows([]) == frozenset()


def test_a_date_from_the_future_is_the_time_of_fetching_and_stays_so(store: Store) -> None:
    post = incoming(1, published_at=NOW + timedelta(days=400))
    store.intake.accept([post])
    later = NOW + timedelta(hours=5)
    assert store.intake.accept([incoming(1, published_at=None, fetched_at=later)]) == IntakeReport(unchanged=1)
    run_line(store, Shelf())
    document = store.cases.document(case_of(1), ALL)
    assert (document.published_at, document.date_trust) == (NOW, DateTrust.FETCHED)
    store.intake.accept([incoming(1, published_at=NOW - timedelta(days=2), fetched_at=later)])
    run_line(store, Shelf())
    document = store.cases.document(case_of(1), ALL)
    assert (document.published_at, document.date_trust) == (NOW - timedelta(days=2), DateTrust.EXACT)


def test_asking_with_what_no_database_keeps_finds_nothing_and_breaks_nothing(store: Store) -> None:
    store.intake.accept([incoming(1)])
    run_line(store, Shelf())
    odd = "a\x00b"
    for ask in (
        lambda: store.accounts.user(odd),
        lambda: store.cases.document(odd, ALL),
        lambda: store.cases.detail(odd, ALL),
        lambda: store.labels.say(odd, LabelTask.SENTIMENT, "positif", "sari", ALL),
    ):
        with pytest.raises((NotFound, Refused)):
            ask()
    with suppress(Refused):
        assert store.accounts.verify(odd, "sandi yang panjang") is None
    with suppress(Refused):
        store.labels.say(case_of(1), LabelTask.SENTIMENT, "positif", "sari", ALL, note=odd)
    assert store.cases.document(case_of(1), ALL).text


def test_what_no_database_keeps_is_cleaned_away(store: Store) -> None:
    store.intake.accept([incoming(1, "Jalan\x00 rusak", title="\x00")])
    run_line(store, Shelf())
    assert store.cases.document(case_of(1), ALL).text == "Jalan rusak"
