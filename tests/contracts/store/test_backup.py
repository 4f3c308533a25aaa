"""Backups made while truth is written, restored into either engine."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from domain.errors import Conflict, Refused, SettingsError
from domain.labels import LabelTask
from domain.ports import SourceSpec
from domain.tickets import Action, TicketState
from store import KeyRing, Store, open_store, work
from store.backup import restore
from store.tables import metadata
from store.ticketlists import TicketQuery
from tests.services.postgresql import Server
from tests.store.line import ALL, NOW, REGION, Clock, Shelf, incoming, run_line
from tests.store.tickets import opened, to


def fill(store: Store) -> None:
    store.intake.accept([incoming(n, f"Jalan rusak nomor {n}, telp 08123456789{n % 10}") for n in range(40)])
    store.intake.accept([incoming(1, "Jalan sudah darurat, warga jatuh")])
    run_line(store, Shelf())
    store.labels.say(f"{incoming(2).id}.{REGION}", LabelTask.SENTIMENT, "netral", "sari", ALL)
    store.sources.sync([SourceSpec("a", "A", "rss", "https://a.id", (REGION,))])
    store.accounts.create_user("sari", role="admin", password="kata sandi panjang")
    made = opened(store, store.cases.document(f"{incoming(2).id}.{REGION}", ALL))
    store.tickets.change(made.code, ALL, to(TicketState.DISPOSED, Action.DISPOSE, opd="PUTR"), now=NOW)
    store.belts.requeue_all("read")


def rows(store: Store, *but: str) -> dict[str, list[Any]]:
    with store.database.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in metadata.tables.items()
            if name not in but
        }


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either engine to restore into."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'elsewhere' / 'truth.sqlite'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.url(server.new_database())


def test_what_was_saved_is_what_is_restored_in_either_engine(
    store: Store, keys: KeyRing, elsewhere: str, tmp_path: Path
) -> None:
    fill(store)
    assert store.backup(tmp_path / "cadangan.zip") > 0
    restore(tmp_path / "cadangan.zip", elsewhere)
    other = open_store(elsewhere, keys=keys, clock=Clock())
    try:
        assert rows(other) == rows(store)
        assert other.cases.digests() == store.cases.digests()
        (ticket,) = other.tickets.list(TicketQuery(), ALL, now=NOW).items
        assert [line.action for line in other.tickets.history(ticket.code, ALL)] == [Action.OPEN, Action.DISPOSE]
        other.tickets.change(ticket.code, ALL, to(TicketState.IN_PROGRESS), now=NOW)
        other.intake.accept([incoming("baru", "Lampu jalan mati, telp 081234567890")])
        run_line(other, Shelf())
        other.audit.write("sari", "uji", "x", {}, NOW)
        assert other.check() == []
        assert other.secrets.reveal(incoming("baru").id, ALL, "sari").words.endswith("081234567890")
    finally:
        other.close()


def test_a_backup_under_writes_holds_one_moment(
    store: Store, opener: Callable[[], Store], keys: KeyRing, tmp_path: Path
) -> None:
    store.intake.accept([incoming(0)])
    writer, stop, written = opener(), threading.Event(), []

    def write() -> None:
        for n in range(1, 2_000):
            if stop.is_set():
                return
            writer.intake.accept([incoming(n)])
            run_line(writer, Shelf())
            written.append(n)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        sizes = [store.backup(tmp_path / f"{n}.zip") for n in range(3)]
    finally:
        stop.set()
        thread.join()
    assert all(sizes)
    assert written
    url = f"sqlite:///{tmp_path / 'restored.sqlite'}"
    restore(tmp_path / "2.zip", url)
    other = open_store(url, keys=keys, clock=Clock())
    try:
        counts = other.counts()
        assert 1 <= counts.posts <= len(written) + 2
        run_line(other, Shelf())
        assert other.counts().cases == counts.posts
        assert other.check() == []
    finally:
        other.close()
    assert not list(tmp_path.glob(".cadangan-*"))


def test_a_full_database_is_replaced_only_by_force(store: Store, url: str, tmp_path: Path) -> None:
    fill(store)
    store.backup(tmp_path / "a.zip")
    saved = rows(store)
    store.intake.accept([incoming("lagi")])
    store.close()
    with pytest.raises(Conflict, match="--force"):
        restore(tmp_path / "a.zip", url)
    assert store.counts().posts == 41
    store.close()
    restore(tmp_path / "a.zip", url, force=True)
    assert rows(store) == saved


def test_claims_in_a_backup_are_free_and_logins_are_not_in_it(store: Store, keys: KeyRing, tmp_path: Path) -> None:
    fill(store)
    user = store.accounts.user("sari")
    cookie = store.accounts.start_session(user, NOW)
    with store.database.write() as connection:
        assert work.claim(connection, "read", NOW, limit=10).keys
    store.backup(tmp_path / "a.zip")
    url = f"sqlite:///{tmp_path / 'b.sqlite'}"
    restore(tmp_path / "a.zip", url)
    other = open_store(url, keys=keys, clock=Clock())
    try:
        assert other.belts.depth()["read"].leased == 0
        assert other.accounts.session(cookie, NOW) is None
    finally:
        other.close()


def test_a_damaged_backup_is_refused_before_anything_is_touched(store: Store, tmp_path: Path) -> None:
    fill(store)
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    store.backup(good)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"rusak", b"bagus") if name == "posts.jsonl" else content)
    url = f"sqlite:///{tmp_path / 'b.sqlite'}"
    with pytest.raises(Refused, match="posts"):
        restore(bad, url)
    (tmp_path / "not.zip").write_bytes(b"bukan zip")
    with pytest.raises(Refused, match="bukan cadangan"):
        restore(tmp_path / "not.zip", url)
    assert not (tmp_path / "b.sqlite").exists()


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tidak dapat ditulis"):
        store.backup(tmp_path / "tidak-ada" / "a.zip")
