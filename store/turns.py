"""Taking turns at a belt: claim a batch, and afterwards give every piece of it its fate in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import TypeVar

from sqlalchemy import Connection

from domain.errors import StoreUnavailable
from store import work
from store.attempt import Outcome
from store.database import Database
from store.quarantine import forgive, set_aside
from store.retry import MAX_FAILURES, MAX_LOST, backoff
from store.work import Claim

_log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")
Keep = Callable[[Connection, frozenset[str], datetime], None]


class Turns:
    """What all belts do alike, whatever is worked on them."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime], chance: Random) -> None:
        self._database = database
        self._clock = clock
        self._chance = chance

    def claim(self, belt: str, limit: int) -> Claim:
        """Take a batch. What killed too many workers is set aside instead of being handed out again."""
        while True:
            now = self._clock()
            with self._database.write() as connection:
                claim = work.claim(connection, belt, now, limit=limit)
                hopeless = [key for key, tries in claim.tries.items() if tries.lost >= MAX_LOST]
                if hopeless:
                    reason = f"{MAX_LOST} kali pekerja berhenti saat mengerjakannya"
                    set_aside(connection, [(belt, key, reason, "") for key in hopeless], now)
                    work.ack(connection, claim, hopeless, now)
            kept = {key: tries for key, tries in claim.tries.items() if key not in hopeless}
            if kept or not hopeless:
                return Claim(belt, claim.holder, kept)

    def settle(
        self,
        claim: Claim,
        outcome: Outcome[T, R],
        keep: Keep,
        *,
        key: Callable[[T], str],
        payload: Callable[[T], str],
    ) -> int:
        """Write results and give every claimed piece of work its fate, in one transaction."""
        if not claim.keys:
            return 0
        try:
            with self._database.write() as connection:
                self._write_fates(connection, claim, outcome, keep, key=key, payload=payload)
        except StoreUnavailable as cause:
            outcome = Outcome(unavailable=str(cause))
            with self._database.write() as connection:
                self._write_fates(connection, claim, outcome, keep, key=key, payload=payload)
        if outcome.unavailable is not None:
            _log.warning("belt %s waits: %s", claim.belt, outcome.unavailable)
            return 0
        return len(claim.keys)

    def _write_fates(  # noqa: PLR0913  what `settle` was given
        self,
        connection: Connection,
        claim: Claim,
        outcome: Outcome[T, R],
        keep: Keep,
        *,
        key: Callable[[T], str],
        payload: Callable[[T], str],
    ) -> None:
        now = self._clock()
        held = work.still_held(connection, claim)
        later: set[str] = set()
        if outcome.unavailable is not None:
            for name in sorted(held):
                self._later(connection, claim, name, outcome.unavailable, now, failed=False)
            return
        keep(connection, held, now)
        aside = [(key(thing), reason, payload(thing)) for thing, reason in outcome.set_aside if key(thing) in held]
        for thing, reason in outcome.failed:
            name = key(thing)
            if name not in held:
                continue
            if claim.tries[name].failures + 1 >= MAX_FAILURES:
                aside.append((name, reason, payload(thing)))
            else:
                self._later(connection, claim, name, reason, now, failed=True)
                later.add(name)
        forgive(connection, claim.belt, claim.keys)
        set_aside(connection, [(claim.belt, *one) for one in aside], now)
        work.ack(connection, claim, held - later, now)

    def _later(  # noqa: PLR0913  one row's fate
        self, connection: Connection, claim: Claim, name: str, reason: str, now: datetime, *, failed: bool
    ) -> None:
        tries = claim.tries[name]
        wait = backoff((tries.failures if failed else tries.waits) + 1, jitter=self._chance.random())
        work.give_back(connection, claim, name, due_at=now + wait, reason=reason, failed=failed)
