"""What a center changes of its region: lines that are added, counted by the newest, taken back by a line more."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.errors import Conflict, NotFound, Refused
from domain.regions import RegionEdit, removal
from store import Store
from tests.store.line import NOW, OTHER, REGION

ROAD = RegionEdit("roads", "jalan-uji", {"name": "Jalan Uji", "owner": "kabupaten", "source": "uji"})


def holds(_edits: Sequence[RegionEdit]) -> None:
    """Whatever is changed holds together."""


def change(store: Store, *edits: RegionEdit, region: str = REGION) -> None:
    store.region_edits.change(region, edits, "admin", NOW, check=holds)


def test_the_newest_edit_of_an_entry_counts_with_the_fields_of_those_before(store: Store) -> None:
    before = store.region_edits.version()
    change(store, ROAD)
    change(store, RegionEdit("roads", "jalan-uji", {"owner": "desa"}))
    assert store.region_edits.version() > before
    assert store.region_edits.current(REGION) == [
        RegionEdit("roads", "jalan-uji", {"name": "Jalan Uji", "owner": "desa", "source": "uji"})
    ]
    assert store.region_edits.current(OTHER) == []


def test_an_undo_lets_what_counted_before_count_again_and_leaves_its_own_line(store: Store) -> None:
    change(store, ROAD)
    change(store, removal("roads", "jalan-uji"))
    assert store.region_edits.current(REGION)[0].removes
    for left in ([ROAD], []):
        newest = store.region_edits.history(REGION)[0]
        store.region_edits.undo(REGION, [newest.id], "admin", NOW, check=holds)
        assert store.region_edits.current(REGION) == ([removal("roads", "jalan-uji")] if left == [] else left)
    assert [line.note for line in store.region_edits.history(REGION)] == ["diurungkan", "diurungkan", None, None]


def test_an_entry_that_was_taken_away_is_told_anew_whole(store: Store) -> None:
    change(store, removal("roads", "jalan-uji"))
    change(store, ROAD)
    assert store.region_edits.current(REGION) == [ROAD]


def test_a_change_that_does_not_hold_leaves_nothing_at_all(store: Store) -> None:
    def fails(edits: Sequence[RegionEdit]) -> None:
        raise Refused(f"{len(edits)} perubahan bertentangan")

    with pytest.raises(Refused, match="2 perubahan"):
        store.region_edits.change(REGION, [ROAD, removal("points", "x")], "admin", NOW, check=fails)
    assert store.region_edits.history(REGION) == []
    assert store.audit.list(action="region.edit") == []


def test_only_the_newest_line_of_an_entry_is_undone_and_only_in_its_own_region(store: Store) -> None:
    change(store, ROAD)
    first = store.region_edits.history(REGION)[0].id
    change(store, RegionEdit("roads", "jalan-uji", {"owner": "desa"}))
    with pytest.raises(Conflict):
        store.region_edits.undo(REGION, [first], "admin", NOW, check=holds)
    newest = store.region_edits.history(REGION)[0]
    assert newest.newest
    with pytest.raises(NotFound):
        store.region_edits.undo(OTHER, [newest.id], "admin", NOW, check=holds)


def test_changes_leave_lines_in_the_audit_trail(store: Store) -> None:
    change(store, ROAD)
    store.region_edits.undo(REGION, [store.region_edits.history(REGION)[0].id], "sari", NOW, check=holds)
    lines = [(line.action, line.actor, line.subject) for line in store.audit.list()]
    subject = f"{REGION}/roads/jalan-uji"
    assert lines == [("region.undo", "sari", subject), ("region.edit", "admin", subject)]


def test_two_who_change_at_once_each_see_what_the_other_did(store: Store) -> None:
    """At most three edits hold together: of many at once exactly three are taken."""

    def at_most_three(edits: Sequence[RegionEdit]) -> None:
        if len(edits) > 3:
            raise Refused("terlalu banyak")

    def add(number: int) -> bool:
        try:
            edit = RegionEdit("roads", f"jalan-{number}", {"name": "Jalan"})
            store.region_edits.change(REGION, [edit], "admin", NOW, check=at_most_three)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(add, range(16))) == 3
    assert len(store.region_edits.current(REGION)) == 3


def test_history_is_read_page_by_page(store: Store) -> None:
    for number in range(5):
        change(store, RegionEdit("roads", f"jalan-{number}", {"name": "Jalan"}))
    first = store.region_edits.history(REGION, limit=3)
    second = store.region_edits.history(REGION, before=first[-1].id, limit=3)
    assert [line.key for line in (*first, *second)] == [f"jalan-{n}" for n in (4, 3, 2, 1, 0)]
    assert [line.key for line in store.region_edits.history(REGION, part="roads", key="jalan-2")] == ["jalan-2"]
