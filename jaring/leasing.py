"""What a process holds of the sources: kept while it works on them, let go of when it is done or ends."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import structlog

from domain.errors import JaringError
from domain.ports import SourceMemory, SourceSpec
from store import Store
from store.sourceleases import HOST, SOURCE, TTL

RENEW: Final = TTL.total_seconds() / 4  # seconds: three in a row may fail before a lease is another's

_START: Final = Path("/proc/sys/kernel/random/boot_id")

log = structlog.get_logger("jaring.leasing")


class LeaseKeeper:
    """Claims sources and hosts for this process and renews them in a thread of its own, however busy the others are.

    What a process of this machine held that is no longer alive is free at once: nobody waits out its lease.
    """

    def __init__(self, store: Store, owner: str | None = None) -> None:
        self._leases = store.source_leases
        self.owner = owner or f"{place()}:{os.getpid()}:{secrets.token_hex(3)}"
        self._held: set[str] = set()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease-keeper", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def taken(self, now: datetime) -> frozenset[str]:
        """The names that others hold now; what the dead held is let go of."""
        others = self._leases.others(self.owner, now)
        for dead in {owner for owner in others.values() if is_dead(owner)}:
            log.warning("proses mati, sumbernya diambil alih", owner=dead)
            self._leases.release_all(dead)
        return frozenset(name for name, owner in others.items() if not is_dead(owner))

    def enlist(self, now: datetime) -> None:
        """Let the others know that this process crawls on the schedule."""
        self._hold(self._leases.enlist(self.owner, now))

    def source(
        self, key: str, host: str, now: datetime, *, due_only: bool = True
    ) -> tuple[SourceSpec, SourceMemory] | None:
        """Take a source and its host, see `SourceLeases.claim`."""
        claimed = self._leases.claim(key, host, self.owner, now, due_only=due_only)
        if claimed is not None:
            self._hold(f"{SOURCE}{key}", f"{HOST}{host}")
        return claimed

    def host(self, host: str, now: datetime) -> bool:
        """Take a host alone."""
        got = self._leases.claim_host(host, self.owner, now)
        if got:
            self._hold(f"{HOST}{host}")
        return got

    def release(self, *, sources: Iterable[str] = (), hosts: Iterable[str] = ()) -> None:
        """Let go of what is done."""
        names = {f"{SOURCE}{key}" for key in sources} | {f"{HOST}{host}" for host in hosts}
        with self._lock:
            self._held -= names
        self._leases.release(self.owner, names)

    def close(self) -> None:
        """Let go of everything. Where truth does not answer, the leases end by themselves."""
        self._ended.set()
        self._thread.join()
        try:
            self._leases.release_all(self.owner)
        except JaringError as cause:
            log.warning("pegangan tidak terlepas", reason=str(cause))

    def _hold(self, *names: str) -> None:
        with self._lock:
            self._held.update(names)

    def _renew(self) -> None:
        while not self._ended.wait(RENEW):
            with self._lock:
                names = frozenset(self._held)
            try:
                kept = self._leases.renew(self.owner, names, datetime.now(UTC))
            except JaringError as cause:
                log.warning("pegangan tidak diperpanjang", reason=str(cause))
                continue
            with self._lock:
                lost = (names - kept) & self._held
                self._held -= lost
            if lost:
                log.warning("pegangan hilang", names=sorted(lost))


def place() -> str:
    """This machine since it was started, and in it the world of process numbers that this process lives in.

    A container has a world of its own. A name tells no machine from its copy, and after a start numbers begin anew.
    """
    try:
        start = _START.read_text("ascii").strip()
        world = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        start = world = ""
    return f"{socket.gethostname()}/{start}/{world}"


def is_dead(owner: str) -> bool:
    """Whether an owner is known to be a process of this place that has ended. What cannot be known is no."""
    where, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    if where != place() or where.endswith("/") or not number.isdecimal():
        return False
    try:
        # The state stands behind the name, which may hold any character. A zombie has ended, nobody has asked how.
        return Path(f"/proc/{number}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True
    except OSError:
        return False
