"""What people at the desk tell each other: who works on a story, when I last looked, what the next shift gets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, or_, select, update

from domain.errors import Conflict, NotFound, Refused
from domain.scope import Scope
from domain.text.mask import mask
from store.database import Database, insert
from store.tables import accounts, cases, claims, handovers, looks
from store.triage_stories import that_wait
from store.triage_values import Handover, StoryClaim
from store.types import AnyRow

CLAIM: Final = timedelta(minutes=15)  # long enough to think about one story, short enough to be forgotten
LONGEST_NOTE: Final = 2_000
MOST_NOTES: Final = 50
PAGE: Final = "meja"


class Shift:
    """Claims, looks and handover notes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, story: str, region: str, by: str, *, scope: Scope, now: datetime) -> StoryClaim:
        """Take a waiting story for a quarter of an hour, or hold it for another one.

        Raises: NotFound when nothing of it waits within the scope, Conflict naming who works on it.
        """
        with self._database.write() as connection:
            waits = select(cases.c.id).where(cases.c.story == story, cases.c.region == region, that_wait(scope))
            if connection.execute(waits.limit(1)).first() is None:
                raise NotFound("Cerita ini tidak (lagi) menunggu di meja.")
            statement = insert(connection, claims).values(story=story, region=region, by=by, until=now + CLAIM)
            taken = connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[claims.c.story],
                    set_={name: statement.excluded[name] for name in ("region", "by", "until")},
                    where=or_(claims.c.until <= now, claims.c.by == by),
                ).returning(claims.c.until)
            ).first()
            if taken is None:
                must_be_free(connection, story, by, now)
        return StoryClaim(story, region, by, now + CLAIM)

    def release(self, story: str, by: str) -> None:
        """Let go of a story; one that somebody else holds stays his."""
        with self._database.write() as connection:
            let_go(connection, story, by)

    def looked(self, me: str, now: datetime) -> None:
        """Remember that a person has seen the queue as it is now: what comes later is new to him."""
        with self._database.write() as connection:
            connection.execute(
                insert(connection, looks)
                .values(account=me, page=PAGE, at=now)
                .on_conflict_do_update(index_elements=[looks.c.account, looks.c.page], set_={"at": now})
            )

    def handovers(self, region: str | None, scope: Scope) -> list[Handover]:
        """The notes that nobody has called done, newest first; of all visible regions without one."""
        regions = scope.regions if region is None else scope.regions & {region}
        query = (
            select(handovers)
            .where(handovers.c.region.in_(sorted(regions)), handovers.c.done_at.is_(None))
            .order_by(handovers.c.at.desc(), handovers.c.id.desc())
            .limit(MOST_NOTES)
        )
        with self._database.read() as connection:
            return [_handover(row) for row in connection.execute(query)]

    def hand_over(self, region: str, text: str, by: str, *, scope: Scope, now: datetime) -> Handover:
        """Leave a note; personal data in it is masked before it is written.

        Raises: NotFound for a region outside the scope, Refused for an empty or endless note.
        """
        if region not in scope.regions:
            raise NotFound(f"Wilayah {region} tidak ditemukan.")
        words = mask(text.strip()).text
        if not words or len(words) > LONGEST_NOTE:
            raise Refused(f"Catatan berisi 1 sampai {LONGEST_NOTE} huruf.")
        with self._database.write() as connection:
            row = connection.execute(
                insert(connection, handovers).values(region=region, by=by, at=now, text=words).returning(*handovers.c)
            ).one()
        return _handover(row)

    def handover_done(self, number: int, by: str, *, scope: Scope, now: datetime) -> None:
        """Say that a note is seen to. Twice is once. NotFound outside the scope."""
        with self._database.write() as connection:
            row = connection.execute(select(handovers).where(handovers.c.id == number).with_for_update()).one_or_none()
            if row is None or row.region not in scope.regions:
                raise NotFound(f"Catatan {number} tidak ditemukan.")
            if row.done_at is None:
                done = update(handovers).where(handovers.c.id == number)
                connection.execute(done.values(done_at=now, done_by=by))


def must_be_free(connection: Connection, story: str, by: str, now: datetime) -> None:
    """Conflict, naming who, when somebody else works on a story."""
    holder = connection.execute(
        select(accounts.c.display, claims.c.until)
        .join_from(claims, accounts, accounts.c.name == claims.c.by)
        .where(claims.c.story == story, claims.c.by != by, claims.c.until > now)
    ).one_or_none()
    if holder is not None:
        minutes = max(1, round((holder.until - now) / timedelta(minutes=1)))
        raise Conflict(f"Cerita ini sedang dikerjakan {holder.display} (paling lama {minutes} menit lagi).")


def let_go(connection: Connection, story: str, by: str) -> None:
    """Drop a person's claim."""
    connection.execute(delete(claims).where(claims.c.story == story, claims.c.by == by))


def _handover(row: AnyRow) -> Handover:
    return Handover(row.id, row.region, row.by, row.at, row.text, row.done_at, row.done_by)
