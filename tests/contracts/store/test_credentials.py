"""Keys to platforms: kept sealed, opened for a crawl, told of without their value."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from domain.doors import KindFacts, Need
from domain.errors import Conflict, NotFound, Refused
from domain.ports import SourceSpec
from domain.sourcekeys import lasting, users_of
from store import KeyRing, Store, open_store
from store.backup import restore
from tests.store.line import NOW, REGION

VALUE = "AIzaSyRahasia-Sekali_0123456789"
WEEK = timedelta(days=7)


def test_a_key_is_opened_as_it_was_put_and_told_of_without_its_value(store: Store) -> None:
    store.credentials.put("youtube", f"{VALUE}\n", "sari", NOW, NOW + 30 * WEEK)
    opened = store.credentials.open("youtube")
    assert opened is not None
    assert (opened.value, opened.expires_at) == (VALUE, NOW + 30 * WEEK)
    assert VALUE not in repr(opened)
    (note,) = store.credentials.names()
    assert (note.name, note.added_by, note.added_at, note.refused_at) == ("youtube", "sari", NOW, None)
    assert VALUE not in repr(note)
    assert store.credentials.open("lain") is None


def test_the_same_key_under_two_names_is_one_account_and_another_key_is_another(store: Store) -> None:
    for name, value in (("a", VALUE), ("b", VALUE), ("c", VALUE.lower())):
        store.credentials.put(name, value, "sari", NOW)
    a, b, c = (store.credentials.open(name) for name in ("a", "b", "c"))
    assert a is not None
    assert b is not None
    assert c is not None
    assert a.mark == b.mark != c.mark
    assert a.mark not in VALUE


def test_a_key_put_again_replaces_the_old_one_and_its_refusal(store: Store) -> None:
    store.credentials.put("youtube", VALUE, "sari", NOW)
    store.credentials.refused("youtube", NOW + WEEK)
    assert store.credentials.names()[0].refused_at == NOW + WEEK
    store.credentials.put("youtube", "baru", "budi", NOW + 2 * WEEK)
    store.credentials.refused("youtube", NOW + WEEK)  # a crawl that began before, with the old one
    (note,) = store.credentials.names()
    assert (note.added_by, note.refused_at) == ("budi", None)
    opened = store.credentials.open("youtube")
    assert opened is not None
    assert opened.value == "baru"


def test_a_removed_key_is_gone(store: Store) -> None:
    store.credentials.put("youtube", VALUE, "sari", NOW)
    store.credentials.remove("youtube", "sari", NOW)
    assert (store.credentials.names(), store.credentials.open("youtube")) == ([], None)
    with pytest.raises(NotFound):
        store.credentials.remove("youtube", "sari", NOW)


@pytest.mark.parametrize(
    ("name", "value"),
    [("", VALUE), ("Kunci Saya", VALUE), ("youtube", " "), ("youtube", "a\r\nX-Lain: b"), ("youtube", "x" * 5000)],
)
def test_what_can_be_no_name_or_no_key_is_refused_without_repeating_it(store: Store, name: str, value: str) -> None:
    with pytest.raises(Refused) as refusal:
        store.credentials.put(name, value, "sari", NOW)
    assert VALUE not in str(refusal.value)
    assert "X-Lain" not in str(refusal.value)


def test_who_brought_and_took_a_key_stands_in_the_audit_and_the_key_does_not(store: Store) -> None:
    store.credentials.put("youtube", VALUE, "sari", NOW, NOW + WEEK)
    store.credentials.remove("youtube", "budi", NOW)
    lines = store.audit.list(action="source.key.")
    assert [(line.actor, line.action, line.subject) for line in lines] == [
        ("budi", "source.key.removed", "youtube"),
        ("sari", "source.key.set", "youtube"),
    ]
    assert VALUE not in repr(lines)


def test_a_key_stays_sealed_in_a_backup_and_opens_where_the_keys_are(
    store: Store, keys: KeyRing, tmp_path: Path
) -> None:
    store.credentials.put("youtube", VALUE, "sari", NOW)
    file = tmp_path / "cadangan.zip"
    store.backup(file)
    with zipfile.ZipFile(file) as inside:
        assert all(VALUE.encode() not in inside.read(name) for name in inside.namelist())
        assert b"youtube" in inside.read("credentials.jsonl")
    url = f"sqlite:///{tmp_path / 'pulih.sqlite'}"
    restore(file, url)
    restored = open_store(url, keys=keys)
    stranger = open_store(url, keys=KeyRing({"0001": bytes(32)}))
    try:
        opened = restored.credentials.open("youtube")
        assert opened is not None
        assert opened.value == VALUE
        with pytest.raises(Conflict):
            stranger.credentials.open("youtube")
    finally:
        restored.close()
        stranger.close()


def test_no_file_of_truth_holds_a_key(store: Store, tmp_path: Path, engine: str) -> None:
    store.credentials.put("youtube", VALUE, "sari", NOW)
    if engine == "sqlite":
        assert all(VALUE.encode() not in file.read_bytes() for file in tmp_path.glob("truth.sqlite*"))
    assert VALUE.encode() not in bytes(_sealed(store))


def test_keys_that_end_soon_or_were_refused_are_noticed_beforehand(store: Store) -> None:
    put = store.credentials.put
    put("a-lama", VALUE, "sari", NOW - 10 * WEEK)
    put("b-minggu-ini", VALUE, "sari", NOW, NOW + WEEK)
    put("c-nanti", VALUE, "sari", NOW, NOW + WEEK + timedelta(seconds=1))
    put("d-lewat", VALUE, "sari", NOW - WEEK, NOW - timedelta(seconds=1))
    put("e-ditolak", VALUE, "sari", NOW - WEEK)
    store.credentials.refused("e-ditolak", NOW)
    seen = {one.note.name: one.ended for one in store.credentials.expiring(NOW)}
    assert seen == {"b-minggu-ini": False, "d-lewat": True, "e-ditolak": True}
    known = {one.note.name: one.ended for one in store.credentials.expiring(NOW, {"a-lama": 10 * WEEK + WEEK})}
    assert known == seen | {"a-lama": False}


def test_a_platform_that_takes_a_refused_key_again_takes_the_notice_away(store: Store) -> None:
    store.credentials.put("youtube", VALUE, "sari", NOW)
    store.credentials.refused("youtube", NOW)
    store.credentials.accepted("youtube")
    assert store.credentials.expiring(NOW) == []


def test_a_source_uses_its_own_key_or_its_kinds_and_lives_as_long_as_the_platform_says() -> None:
    kinds = {
        "threads": KindFacts("threads", "Threads", Need("meta", "token akses", lasts=timedelta(days=60))),
        "rss": KindFacts("rss", "RSS"),
    }
    own = SourceSpec("a", "A", "threads", "https://a.id", (REGION,), options=(("key", "meta-humas"),))
    usual = SourceSpec("b", "B", "threads", "https://b.id", (REGION,))
    none = SourceSpec("c", "C", "rss", "https://c.id", (REGION,), options=(("key", "meta"),))
    specs = [own, usual, none]
    assert [users_of(name, specs, kinds) for name in ("meta", "meta-humas", "lain")] == [[usual], [own], []]
    assert lasting(specs, kinds) == {"meta": timedelta(days=60), "meta-humas": timedelta(days=60)}


def _sealed(store: Store) -> bytes:
    with store.database.read() as connection:
        return bytes(connection.exec_driver_sql("SELECT sealed FROM credentials").scalar_one())
