"""One turn of each room's work, and the loop that a process runs: the same for one machine and for many workers."""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType

import structlog

from domain.errors import Unavailable
from indexer.shown import Showing
from jaring.console import Advance
from jaring.wiring import Hall

READ_BATCH = 200  # posts per lease: about a quarter of a second of reading, so a kill loses little work
DECIDE_BATCH = 500
INDEX_BATCH = 1_000  # documents per bulk
IDLE_SECONDS = 0.5  # how soon new work is noticed when there was none
DOWN_SECONDS = 5.0  # how long to leave an engine alone that does not answer

HOUSEKEEPING_EVERY = timedelta(days=1)
HOUSEKEEPING_LOOK_SECONDS = 3_600.0  # a restart must not wait a day, an hour late is no harm

log = structlog.get_logger("jaring.work")

Turn = Callable[[], int]


def turn_of(room: str, hall: Hall) -> Turn:
    """The turn of a room: does one batch and returns how many it worked, 0 when nothing waits.

    The desk's is a batch of decisions, then some of the stories that came of them; between them, whatever the
    load, it looks whether an hour is out of the usual.
    """
    turn = belt_turn(room, hall)
    if room != "desk":
        return turn
    proposer, spikes = hall.proposer, hall.spikes

    def at_the_desk() -> int:
        worked = turn() + proposer.turn()
        spikes.look()
        return worked

    return at_the_desk


def belt_turn(room: str, hall: Hall) -> Turn:
    """The part of a room's turn that is one batch of its belt."""
    belts = hall.store.belts
    if room == "nlp":
        _loaded(hall.reader)
        return lambda: belts.step_read(hall.reader, limit=READ_BATCH)
    if room == "desk":
        _loaded(hall.desk)
        return lambda: belts.step_decide(hall.desk, limit=DECIDE_BATCH)
    upsert, watcher = hall.index.upsert, hall.watcher
    show = hall.index.upsert_tickets if isinstance(hall.index, Showing) else None
    return lambda: belts.step_index(upsert, show=show, watcher=watcher, limit=INDEX_BATCH)


def _loaded(_part: object) -> None:
    """Ask for a part before the first turn, so that a room says it is ready when it is."""


def settle() -> None:
    """Tell the collector that what is loaded lives as long as the process: it need not look at it again."""
    gc.collect()
    gc.freeze()


def drain(turn: Turn, advance: Advance | None = None) -> int:
    """Take turns until nothing waits; return how much was worked."""
    done = 0
    while worked := turn():
        done += worked
        if advance:
            advance(worked)
    return done


class Housekeeping:
    """The timers of truth: of all processes that could tidy it, the one that holds the lease does.

    Tickets of agencies that ended pass on within the hour, and at once when a profile was changed: who finds them
    passed on already finds nothing to do.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._next = 0.0
        self._version = -1

    def look(self) -> None:
        """Tidy when a day has passed and nobody else has done it. Cheap to call on every idle turn."""
        version = self._hall.profiles.version
        if time.monotonic() < self._next and version == self._version:
            return
        self._next, self._version = time.monotonic() + HOUSEKEEPING_LOOK_SECONDS, version
        now = datetime.now(UTC)
        if passed := self._hall.succession.turn():
            log.info("tiket beralih", tickets=passed)
        if self._hall.store.leases.hold("tidy", self._owner, HOUSEKEEPING_EVERY, now):
            self._hall.store.tidy(now)
            self._hall.shelf.forget_old(now)
            log.info("dirapikan")


def run_until_stopped(room: str, hall: Hall) -> None:
    """Work a belt until SIGTERM or SIGINT. What was claimed and not finished goes back when its lease ends."""
    stop = threading.Event()

    def halt(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, halt)
    signal.signal(signal.SIGINT, halt)
    turn = turn_of(room, hall)
    settle()
    housekeeping = Housekeeping(hall) if room == "desk" else None
    log.info("siap", room=room)
    while not stop.is_set():
        try:
            worked = turn()
            if not worked and housekeeping:
                housekeeping.look()
        except Unavailable as failure:
            log.warning("menunggu", room=room, reason=str(failure))
            stop.wait(DOWN_SECONDS)
            continue
        if not worked:
            stop.wait(IDLE_SECONDS)
