"""The queue of the desk: stories that wait, for whom, in which order; claims, looks and notes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.errors import Conflict, NotFound, Refused
from domain.labels import CaseState, LabelTask
from domain.scope import Scope
from store import Store
from store.triage import VIEWS, TriageQuery
from tests.store.desk import Center, center, complaint, hire
from tests.store.line import ALL, NOW, OTHER, REGION, Clock


@pytest.fixture
def desk(store: Store) -> Center:
    hire(store)
    return center(store)


def only(desk: Center) -> str:
    (story,) = desk.waits()
    return story


def test_copies_of_one_story_wait_as_one_with_their_number_and_sources(desk: Center) -> None:
    desk.hears([complaint(1, copy=n, source=f"sumber-{n % 2}") for n in range(3)] + [complaint(2)])
    page = desk.store.triage.queue(TriageQuery(), ALL, me="ratna", now=NOW)
    assert page.total == 2
    assert sorted((item.cases, item.sources) for item in page.items) == [(1, 1), (3, 2)]


def test_danger_comes_first_then_the_newest(desk: Center) -> None:
    desk.hears(
        [
            complaint(1, published_at=NOW - timedelta(hours=3)),
            complaint(2, published_at=NOW - timedelta(hours=1)),
            complaint(3, "darurat", published_at=NOW - timedelta(hours=5)),
        ]
    )
    texts = [desk.told(story)[0].text for story in desk.waits()]
    assert [next(w for w in text.split() if w.startswith("nomor")) for text in texts] == [
        "nomor-3",
        "nomor-2",
        "nomor-1",
    ]


def test_pages_of_every_view_hold_each_story_once(desk: Center) -> None:
    desk.hears([complaint(n, "darurat" if n % 3 else "jalan") for n in range(1, 12)])
    for view in ("semua", "baru", "lama"):
        found = desk.waits(view)
        assert len(found) == len(set(found))
    assert len(desk.waits()) == 11


def test_counts_say_what_the_views_hold(desk: Center, clock: Clock) -> None:
    desk.hears([complaint(1), complaint(2, more="entah"), complaint(3, more="ragu"), complaint(4, "pungli")])
    desk.store.triage.claim(desk.waits()[0], REGION, "ratna", scope=ALL, now=clock())
    counts = desk.store.triage.counts(ALL, "ratna", clock())
    assert counts == {view: len(desk.waits(view)) for view in VIEWS}
    assert (counts["semua"], counts["tanpa_tempat"], counts["ragu"], counts["pengawasan"], counts["saya"]) == (
        4,
        1,
        1,
        1,
        1,
    )


def test_what_came_after_my_last_look_is_new_to_me_alone(desk: Center, clock: Clock) -> None:
    desk.hears([complaint(1)])
    desk.store.triage.looked("ratna", clock())
    assert desk.waits("baru") == []
    assert len(desk.waits("baru", me="budi")) == 1
    clock.advance(minutes=1)
    desk.hears([complaint(2)])
    (fresh,) = desk.waits("baru")
    assert desk.told(fresh)[0].text.endswith("nomor-2")


def test_what_waits_too_long_is_called_old_and_danger_sooner(desk: Center, clock: Clock) -> None:
    desk.hears([complaint(1), complaint(2, "darurat")])
    assert desk.waits("lama") == []
    clock.advance(hours=5)
    assert [desk.told(story)[0].urgency for story in desk.waits("lama")] == ["darurat"]
    clock.advance(hours=44)
    assert len(desk.waits("lama")) == 2


def test_old_news_praise_and_what_was_set_aside_do_not_wait(desk: Center) -> None:
    desk.hears([complaint(1, published_at=NOW - timedelta(days=8)), complaint(2)])
    story = only(desk)
    desk.store.labels.set_state(desk.told(story)[0].id, CaseState.NOT_A_COMPLAINT, "ratna", ALL)
    assert desk.waits() == []


def test_a_corrected_story_waits_on(desk: Center) -> None:
    desk.hears([complaint(1)])
    story = only(desk)
    desk.store.labels.say(desk.told(story)[0].id, LabelTask.TOPIC, "sampah.angkut", "ratna", ALL)
    desk.decides()
    assert only(desk) == story


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope(regions=frozenset({REGION})), {"jalan", "sampah"}),
        (Scope(regions=frozenset({REGION}), may_oversee=True), {"jalan", "sampah", "pungli"}),
        (Scope(regions=frozenset({OTHER}), may_oversee=True), set()),
        (Scope(regions=frozenset({REGION}), areas=frozenset({"52.01.06.2002"}), may_oversee=True), {"sampah"}),
        (
            Scope(regions=frozenset({REGION}), areas=frozenset({"52.01.06"}), may_oversee=True),
            {"jalan", "sampah", "pungli"},
        ),
        (Scope(regions=frozenset({REGION}), areas=frozenset(), may_oversee=True), set()),
        (Scope(regions=frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"}), may_oversee=True), {"jalan", "sampah"}),
        (Scope(regions=frozenset({REGION}), opds=frozenset({f"{OTHER}/PUTR"}), may_oversee=True), set()),
        (Scope(regions=frozenset({REGION}), opds=frozenset()), set()),
    ],
)
def test_totals_and_counts_tell_nothing_of_what_a_scope_hides(desk: Center, scope: Scope, seen: set[str]) -> None:
    desk.hears([complaint(1), complaint(2, "sampah"), complaint(3, "pungli")])
    assert {desk.told(story)[0].text.split()[0] for story in desk.waits(scope=scope)} == seen
    assert desk.store.triage.counts(scope, "ratna", NOW)["semua"] == len(seen)
    for story in desk.waits():
        visible = desk.told(story)[0].text.split()[0] in seen
        if not visible:
            with pytest.raises(NotFound):
                desk.store.triage.story(story, scope, me="ratna", now=NOW)
            with pytest.raises(NotFound):
                desk.store.triage.claim(story, REGION, "ratna", scope=scope, now=NOW)


def test_filters_narrow_the_queue(desk: Center) -> None:
    desk.hears([complaint(1), complaint(2, "sampah")])

    def total(**asked: object) -> int:
        return desk.store.triage.queue(TriageQuery(**asked), ALL, me="ratna", now=NOW).total  # type: ignore[arg-type]

    assert [total(topic=("jalan",)), total(topic=("jalan.rusak", "sampah")), total(topic=("jal",))] == [1, 2, 0]
    assert [total(area="52.01.06.2001"), total(area="52.01"), total(area="52.0")] == [1, 2, 0]
    assert [total(region=(REGION,)), total(region=(OTHER,))] == [2, 0]


def test_a_view_or_a_cursor_that_does_not_exist_is_refused(desk: Center) -> None:
    for query in (TriageQuery("semuanya"), TriageQuery(after="x"), TriageQuery(after="1.2")):
        with pytest.raises(Refused):
            desk.store.triage.queue(query, ALL, me="ratna", now=NOW)


def test_nobody_takes_a_story_that_another_works_on_until_he_is_done(desk: Center, clock: Clock) -> None:
    desk.hears([complaint(1)])
    story, triage = only(desk), desk.store.triage
    assert triage.claim(story, REGION, "ratna", scope=ALL, now=clock()).until == NOW + timedelta(minutes=15)
    clock.advance(minutes=10)
    with pytest.raises(Conflict, match="Baiq Ratna"):
        triage.claim(story, REGION, "budi", scope=ALL, now=clock())
    triage.claim(story, REGION, "ratna", scope=ALL, now=clock())
    clock.advance(minutes=10)
    with pytest.raises(Conflict):
        triage.claim(story, REGION, "budi", scope=ALL, now=clock())
    triage.release(story, "budi")
    assert triage.story(story, ALL, me="budi", now=clock()).claimed_by == "ratna"
    clock.advance(minutes=5)
    triage.claim(story, REGION, "budi", scope=ALL, now=clock())
    triage.release(story, "budi")
    assert triage.story(story, ALL, me="budi", now=clock()).claimed_by is None


def test_notes_to_the_next_shift_are_masked_and_stay_until_done(desk: Center) -> None:
    triage, own = desk.store.triage, Scope(regions=frozenset({REGION}))
    note = triage.hand_over(REGION, "Telepon balik 081917222333 soal longsor", "ratna", scope=own, now=NOW)
    assert "0819" not in note.text
    assert [one.text for one in triage.handovers(REGION, own)] == [note.text]
    elsewhere = Scope(regions=frozenset({OTHER}))
    assert triage.handovers(REGION, elsewhere) == []
    for forbidden in (
        lambda: triage.handover_done(note.id, "budi", scope=elsewhere, now=NOW),
        lambda: triage.hand_over(REGION, "x", "budi", scope=elsewhere, now=NOW),
    ):
        with pytest.raises(NotFound):
            forbidden()
    triage.handover_done(note.id, "budi", scope=own, now=NOW)
    triage.handover_done(note.id, "ratna", scope=own, now=NOW)
    assert triage.handovers(None, own) == []
