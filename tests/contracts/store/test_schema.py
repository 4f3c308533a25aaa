"""The schema's history and what the tables say are one; a database that is not ours is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from domain.errors import SettingsError, StoreUnavailable
from store import KeyRing, Store, open_store
from store.database import Database, open_engine
from store.migrations import downgrade, head, revision_of, upgrade
from store.tables import door_messages, leases, metadata, secrets, work
from tests.services.postgresql import Server
from tests.store.line import NOW, Clock, Shelf, incoming, run_line


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database without any table."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.url(server.new_database())


def tables_of(url: str) -> set[str]:
    database = Database(open_engine(url))
    try:
        with database.read() as connection:
            return set(inspect(connection).get_table_names()) - {"alembic_version"}
    finally:
        database.close()


def test_up_down_up_ends_where_the_tables_say(empty: str) -> None:
    upgrade(empty)
    assert tables_of(empty) == set(metadata.tables)
    downgrade(empty, "base")
    assert tables_of(empty) == set()
    upgrade(empty)
    upgrade(empty)
    assert tables_of(empty) == set(metadata.tables)


def test_the_migrated_schema_is_the_one_the_tables_describe(store: Store) -> None:
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert revision_of(connection) == head()


def test_ids_compare_by_bytes_on_both_engines(store: Store) -> None:
    store.intake.accept([incoming(n) for n in range(5)])
    with store.database.write() as connection:
        connection.execute(
            leases.insert(),
            [{"name": name, "owner": "x", "until": NOW} for name in ("b", "B", "a-b", "a.b", "ä", "ab")],
        )
        names = connection.execute(select(leases.c.name).order_by(leases.c.name)).scalars().all()
    assert names == sorted(names, key=str.encode) == ["B", "a-b", "a.b", "ab", "b", "ä"]


def test_times_come_back_in_utc_to_the_microsecond(store: Store) -> None:
    moment = datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    with store.database.write() as connection:
        connection.execute(leases.insert(), {"name": "x", "owner": "x", "until": moment})
        found = connection.execute(select(leases.c.until)).scalar_one()
    assert (found, found.tzinfo) == (moment, UTC)
    with pytest.raises(Exception, match="without a zone"), store.database.write() as connection:
        connection.execute(leases.insert(), {"name": "y", "owner": "x", "until": moment.replace(tzinfo=None)})


def test_sqlite_is_set_up_for_power_cuts_and_many_processes(store: Store, engine: str) -> None:
    if engine != "sqlite":
        pytest.skip("pragmas are SQLite's")
    with store.database.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}


def test_a_truth_that_is_absent_or_of_another_version_is_refused(empty: str, keys: KeyRing) -> None:
    with pytest.raises(SettingsError):
        open_store(empty, keys=keys)
    open_store(empty, keys=keys, create=True).close()
    open_store(empty, keys=keys).close()
    database = Database(open_engine(empty))
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    database.close()
    for create in (False, True):
        with pytest.raises(SettingsError):
            open_store(empty, keys=keys, create=create)


@pytest.mark.parametrize("url", ["bukan url", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_truth_is_refused(url: str, keys: KeyRing) -> None:
    with pytest.raises(SettingsError, match="JARING_DATABASE_URL"):
        open_store(url, keys=keys, create=True)


def test_a_server_that_does_not_answer_is_unavailable(keys: KeyRing) -> None:
    with pytest.raises(StoreUnavailable):
        open_store("postgresql+psycopg://x@127.0.0.1:1/x", keys=keys, create=True)


def test_doctor_finds_nothing_wrong_with_a_line_that_runs(store: Store) -> None:
    store.intake.accept([incoming(n) for n in range(3)])
    run_line(store, Shelf())
    assert store.check() == []


def test_doctor_finds_what_is_wrong(store: Store, clock: Clock, opener: Callable[[], Store], tmp_path: Path) -> None:
    store.intake.accept([incoming(1, "Hubungi 081234567890 soal jalan"), incoming(2, " ")])
    run_line(store, Shelf())
    store.belts.requeue_all("read")
    with store.database.write() as connection:
        connection.execute(secrets.update().values(key_id="0009"))
        message = {"door": "telegram", "message": "a", "number": 1, "key_id": "0007", "sealed": b"x", "at": clock()}
        connection.execute(door_messages.insert().values(message))
        connection.execute(text("DELETE FROM readings"))
        connection.execute(work.update().values(holder="hilang"))
    clock.advance(days=3)
    findings = "\n".join(store.check())
    for words in ("Kunci 0009 hilang", "Kunci 0007 hilang", "tanpa hasil baca", "pekerja yang hilang", "karantina"):
        assert words in findings
