"""One turn of each room's work, and the loop that a process runs: the same for one machine and for many workers."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

import structlog

from domain.errors import Unavailable
from jaring.console import Advance
from jaring.wiring import Hall

READ_BATCH = 200  # posts per lease: about a quarter of a second of reading, so a kill loses little work
DECIDE_BATCH = 500
INDEX_BATCH = 1_000  # documents per bulk
IDLE_SECONDS = 0.5  # how soon new work is noticed when there was none
DOWN_SECONDS = 5.0  # how long to leave an engine alone that does not answer

log = structlog.get_logger("jaring.work")

Turn = Callable[[], int]


def turn_of(room: str, hall: Hall) -> Turn:
    """The turn of a room: does one batch and returns how many it worked, 0 when nothing waits."""
    belts = hall.store.belts
    if room == "nlp":
        reader = hall.reader
        return lambda: belts.step_read(reader, limit=READ_BATCH)
    if room == "desk":
        desk = hall.desk
        return lambda: belts.step_decide(desk, limit=DECIDE_BATCH)
    upsert = hall.index.upsert
    return lambda: belts.step_index(upsert, limit=INDEX_BATCH)


def drain(turn: Turn, advance: Advance | None = None) -> int:
    """Take turns until nothing waits; return how much was worked."""
    done = 0
    while worked := turn():
        done += worked
        if advance:
            advance(worked)
    return done


def run_until_stopped(room: str, hall: Hall) -> None:
    """Work a belt until SIGTERM or SIGINT. What was claimed and not finished goes back when its lease ends."""
    stop = threading.Event()

    def halt(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, halt)
    signal.signal(signal.SIGINT, halt)
    turn = turn_of(room, hall)
    log.info("siap", room=room)
    while not stop.is_set():
        try:
            worked = turn()
        except Unavailable as failure:
            log.warning("menunggu", room=room, reason=str(failure))
            stop.wait(DOWN_SECONDS)
            continue
        if not worked:
            stop.wait(IDLE_SECONDS)
