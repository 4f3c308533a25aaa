"""A PostgreSQL of our own for tests: Debian's binaries, a new data folder, loopback only, stopped by its own id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

_ACCOUNT = "postgres"  # the server refuses to run as root
_START_SECONDS = 60
_numbers = count(1)


class Server:
    """A running server. Databases of it are dropped with its folder."""

    def __init__(self, port: int) -> None:
        self._port = port

    def url(self, database: str) -> str:
        """The address of a database, as `JARING_DATABASE_URL` takes it."""
        return f"postgresql+psycopg://{_ACCOUNT}@127.0.0.1:{self._port}/{database}"

    def new_database(self, *, template: str | None = None) -> str:
        """Make a database, as a copy of another one when asked. Returns its name."""
        name = f"jaring_{next(_numbers)}"
        with self._admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}".encode())
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        with self._admin() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def _admin(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host="127.0.0.1", port=self._port, user=_ACCOUNT, dbname="postgres", autocommit=True)


def binaries() -> Path | None:
    """The folder of the newest server installed, None where there is none."""
    on_path = shutil.which("postgres")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    return Path(on_path).parent if on_path else None


def required() -> bool:
    """Whether REQUIRE_BACKENDS says that tests must not do without it."""
    return "postgresql" in os.environ.get("REQUIRE_BACKENDS", "").split(",")


@contextmanager
def running() -> Iterator[Server]:
    """A server for the length of a test session. Skips, or fails when required, where none is installed."""
    folder = binaries()
    if folder is None:
        message = "PostgreSQL is not installed (apt-get install postgresql)"
        if required():
            pytest.fail(message)
        pytest.skip(message)
    home = Path(tempfile.mkdtemp(prefix="jaring-postgresql-"))
    user = _own(home)
    try:
        data = home / "data"
        subprocess.run(
            [folder / "initdb", "-D", data, "-U", _ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True, capture_output=True, user=user, cwd=home,
        )  # fmt: skip
        port = _free_port()
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    folder / "postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1",
                    "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "full_page_writes=off",
                    "-c", "max_connections=50", "-c", "timezone=Asia/Makassar",
                ],
                stdout=log, stderr=log, user=user, cwd=home,
            )  # fmt: skip
        try:
            _wait(process, port, home / "log")
            yield Server(port)
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: open connections are cut
            try:
                process.wait(_START_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _own(home: Path) -> int | None:
    """Give the folder to the account that the server will run as; None to stay who we are."""
    if os.getuid() != 0:
        return None
    account = pwd.getpwnam(_ACCOUNT)
    os.chown(home, account.pw_uid, account.pw_gid)
    return account.pw_uid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=_ACCOUNT, dbname="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)  # a server tells its readiness to nobody: it has to be asked
        else:
            return
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")
