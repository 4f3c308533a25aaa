"""Several workers on one truth at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from domain.labels import LabelTask
from store import Store
from tests.store.line import ALL, REGION, PureDecider, PureReader, Shelf, incoming, run_line

T = TypeVar("T")
WORKERS = 4


def together(opener: Callable[[], Store], work: Callable[[Store], T]) -> list[T]:
    stores = [opener() for _ in range(WORKERS)]
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, stores))


def test_the_same_posts_through_four_doors_at_once_are_stored_once(opener: Callable[[], Store]) -> None:
    posts = [incoming(n) for n in range(60)]

    def hand_in(store: Store) -> int:
        return sum(store.intake.accept(posts[start : start + 7]).added for start in range(0, 60, 7))

    assert sum(together(opener, hand_in)) == 60
    assert opener().counts().posts == 60


def test_four_workers_share_a_belt_and_copies_still_make_one_story(opener: Callable[[], Store]) -> None:
    store = opener()
    words = "Longsor menutup jalan utama menuju desa Batulayar sejak pagi tadi warga menunggu alat berat"
    store.intake.accept([incoming(n, words) for n in range(40)])

    def work(one: Store) -> int:
        done = 0
        while worked := one.belts.step_read(PureReader(), limit=3) + one.belts.step_decide(PureDecider(), limit=3):
            done += worked
        return done

    together(opener, work)
    run_line(store, Shelf())
    assert {d.story for d in store.cases.everything()} == {next(store.cases.everything()).story}
    assert store.counts().cases == 40


def test_people_correct_while_machines_decide(opener: Callable[[], Store]) -> None:
    store = opener()
    store.intake.accept([incoming(n) for n in range(12)])
    run_line(store, Shelf())
    store.belts.requeue_all("read")
    cases = [d.id for d in store.cases.everything()]

    def correct(one: Store) -> None:
        for case in cases:
            one.labels.say(case, LabelTask.OPD, f"{REGION}/DLH", "sari", ALL)
            one.belts.step_read_decide(PureReader(), PureDecider(), limit=5)
            one.belts.step_decide(PureDecider(), limit=5)

    together(opener, correct)
    shelf = Shelf()
    run_line(store, shelf)
    for case in cases:
        document = store.cases.document(case, ALL)
        assert document.opd == f"{REGION}/DLH"
        assert len(store.labels.status(case, ALL).labels) == WORKERS
        assert case not in shelf.held or shelf.held[case] == document
